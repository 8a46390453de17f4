// Interleaver: the packets of several streams in the order of their decoding times.
//
// Streams arrive with different delays: a video encoder holds dozens of frames back while copied
// audio passes at once. A packet leaves when every stream has one waiting, so that none can come
// that is earlier. Memory is bounded: a stream that stays silent is waited for only that long. Subtitles and data are
// not waited for at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "media/packet.h"

namespace jinsha {

class Interleaver {
 public:
  struct Limits {
    // How much video is held for audio that does not come. Audio always waits for video: the
    // encoder's delay is not bounded in time, and audio is small.
    double max_video_wait_s = 5.0;
    std::size_t max_bytes = 64u << 20;  // of all streams together
    // Streams from this one on have packets now and then; nobody waits for them.
    std::size_t first_sparse = SIZE_MAX;
  };

  // One time base a stream; stream 0 is the video.
  explicit Interleaver(std::vector<Rational> time_bases) : Interleaver(std::move(time_bases), Limits()) {}
  Interleaver(std::vector<Rational> time_bases, Limits limits);

  // kInternal for a packet of an unknown stream and for video without bytes.
  Status push(Packet packet);
  // No more packets will be pushed: everything waiting may leave.
  void end() { ended_ = true; }
  // The packet that goes next; empty while it must wait.
  std::optional<Packet> pop();
  // The packet waiting first of one stream, out of turn.
  std::optional<Packet> pop_from(std::size_t stream);
  bool sparse(std::size_t stream) const { return stream >= limits_.first_sparse; }
  // True once pop() would give a packet.
  bool ready() const;
  // Packets waiting in front of each stream; empty where a stream has none.
  const std::vector<std::deque<Packet>>& waiting() const { return queues_; }

 private:
  bool overdue() const;

  std::vector<Rational> time_bases_;
  Limits limits_;
  std::vector<std::deque<Packet>> queues_;
  std::size_t bytes_ = 0;
  bool ended_ = false;
};

}  // namespace jinsha
