#include "mux/interleaver.h"

#include <utility>

#include "mux/timeline.h"

namespace jinsha {

Interleaver::Interleaver(std::vector<Rational> time_bases, Limits limits)
    : time_bases_(std::move(time_bases)), limits_(limits), queues_(time_bases_.size()) {}

Status Interleaver::push(Packet packet) {
  const auto stream = static_cast<std::size_t>(packet.stream);
  if (stream >= queues_.size()) {
    return make_error(ErrorCode::kInternal, "a packet of stream {} came, the output has {}", packet.stream,
                      queues_.size());
  }
  if (!packet.data || packet.data->empty()) {
    if (stream > 0) return {};  // encoders and demuxers end some audio with one that carries nothing
    return make_error(ErrorCode::kInternal, "a packet of stream {} has no bytes", packet.stream);
  }
  bytes_ += packet.data->size();
  queues_[stream].push_back(std::move(packet));
  return {};
}

bool Interleaver::overdue() const {
  if (bytes_ > limits_.max_bytes) return true;
  const std::deque<Packet>& video = queues_.front();
  if (video.empty()) return false;
  const double span_ticks = static_cast<double>(video.back().dts) - static_cast<double>(video.front().dts);
  return span_ticks * time_bases_.front().to_double() > limits_.max_video_wait_s;
}

bool Interleaver::ready() const {
  bool any = false;
  bool all = true;
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    any = any || !queues_[i].empty();
    all = all && (!queues_[i].empty() || sparse(i));
  }
  return any && (all || ended_ || overdue());
}

std::optional<Packet> Interleaver::pop() {
  if (!ready()) return std::nullopt;
  std::size_t first = queues_.size();
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    if (queues_[i].empty()) continue;
    // At equal times the lower stream goes first: the video.
    if (first == queues_.size() ||
        earlier(queues_[i].front().dts, time_bases_[i], queues_[first].front().dts, time_bases_[first])) {
      first = i;
    }
  }
  return pop_from(first);
}

std::optional<Packet> Interleaver::pop_from(std::size_t stream) {
  if (queues_[stream].empty()) return std::nullopt;
  Packet packet = std::move(queues_[stream].front());
  queues_[stream].pop_front();
  bytes_ -= packet.data->size();
  return packet;
}

}  // namespace jinsha
