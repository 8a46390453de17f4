#include "mux/elementary_muxer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "mux/annexb.h"
#include "mux/obu.h"

namespace jinsha {
namespace {

const VideoStreamInfo& video_of(const MuxConfig& config) { return std::get<VideoStreamInfo>(config.streams.front()); }

std::span<const std::uint8_t> bytes_of(const Bytes& bytes) {
  return bytes ? std::span<const std::uint8_t>(*bytes) : std::span<const std::uint8_t>();
}

Status check_packet(const Packet& packet) {
  if (packet.stream != 0 || !packet.data || packet.data->empty()) {
    return make_error(ErrorCode::kInternal, "an elementary output was given an empty packet or one of stream {}",
                      packet.stream);
  }
  return {};
}

class ElementaryMuxer final : public Muxer {
 public:
  ElementaryMuxer(const VideoStreamInfo& video, ByteSink& sink) : video_(video), sink_(sink) {}

  Status write(Packet packet) override {
    JINSHA_TRY(check_packet(packet));
    const std::span<const std::uint8_t> unit = bytes_of(packet.data);
    const bool av1 = video_.codec == Codec::kAv1;
    if (av1 && !has_temporal_delimiter(unit)) JINSHA_TRY(sink_.write(kTemporalDelimiter));
    const bool key = std::exchange(first_, false) || packet.key;
    if (key && !av1 && !begins_with_parameter_sets(video_.codec, unit))
      return sink_.write(with_parameter_sets(video_.codec, unit, bytes_of(video_.headers)));
    return sink_.write(unit);
  }

  Status finish() override { return {}; }

 private:
  const VideoStreamInfo video_;
  ByteSink& sink_;
  bool first_ = true;
};

void put_le(std::span<std::uint8_t> to, std::uint64_t value) {
  for (std::uint8_t& byte : to) {
    byte = static_cast<std::uint8_t>(value);
    value >>= 8;
  }
}

class IvfMuxer final : public Muxer {
 public:
  IvfMuxer(const VideoStreamInfo& video, ByteSink& sink) : video_(video), sink_(sink) {}

  Status write(Packet packet) override {
    JINSHA_TRY(check_packet(packet));
    if (std::exchange(first_, false)) JINSHA_TRY(write_header());
    const std::span<const std::uint8_t> unit = bytes_of(packet.data);
    const std::span<const std::uint8_t> delimiter =
        has_temporal_delimiter(unit) ? std::span<const std::uint8_t>() : kTemporalDelimiter;
    std::array<std::uint8_t, 12> frame{};
    put_le(std::span(frame).first(4), delimiter.size() + unit.size());
    put_le(std::span(frame).subspan(4), static_cast<std::uint64_t>(packet.pts));
    JINSHA_TRY(sink_.write(frame));
    JINSHA_TRY(sink_.write(delimiter));
    return sink_.write(unit);
  }

  Status finish() override { return first_ ? write_header() : Status(); }

 private:
  Status write_header() {
    std::array<std::uint8_t, 32> header{'D', 'K', 'I', 'F'};
    const std::span<std::uint8_t> h(header);
    put_le(h.subspan(6, 2), header.size());
    h[8] = 'A', h[9] = 'V', h[10] = '0', h[11] = '1';
    put_le(h.subspan(12, 2), static_cast<std::uint64_t>(video_.width));
    put_le(h.subspan(14, 2), static_cast<std::uint64_t>(video_.height));
    // Ticks a second, then seconds a tick's numerator. The number of frames stays 0, unknown: the
    // output may be a pipe.
    put_le(h.subspan(16, 4), static_cast<std::uint64_t>(video_.time_base.den));
    put_le(h.subspan(20, 4), static_cast<std::uint64_t>(video_.time_base.num));
    return sink_.write(header);
  }

  const VideoStreamInfo video_;
  ByteSink& sink_;
  bool first_ = true;
};

}  // namespace

Result<std::unique_ptr<Muxer>> open_elementary_muxer(const MuxConfig& config, ByteSink& sink) {
  return std::unique_ptr<Muxer>(std::make_unique<ElementaryMuxer>(video_of(config), sink));
}

Result<std::unique_ptr<Muxer>> open_ivf_muxer(const MuxConfig& config, ByteSink& sink) {
  const VideoStreamInfo& video = video_of(config);
  if (video.width > 65535 || video.height > 65535 || video.time_base.den > 0xffffffff ||
      video.time_base.num > 0xffffffff) {
    return make_error(ErrorCode::kNotPossible, "IVF cannot state a size of {}x{} or a time base of {}/{}", video.width,
                      video.height, video.time_base.num, video.time_base.den);
  }
  return std::unique_ptr<Muxer>(std::make_unique<IvfMuxer>(video, sink));
}

}  // namespace jinsha
