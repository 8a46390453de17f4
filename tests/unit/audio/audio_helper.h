// Coded sound made and read back with libavcodec directly.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "media/packet.h"
#include "media/stream_info.h"

namespace jinsha::test {

// Linear PCM of 16 bits at 48 kHz in the given layout, packets to be made with pcm_packet().
AudioStreamInfo pcm_stream(const std::string& layout, int channels, int sample_rate = 48000);
// `count` samples from `first` on of what `value(sample, channel)` says; the time is that of `first`.
Packet pcm_packet(const AudioStreamInfo& stream, std::int64_t first, int count,
                  const std::function<double(std::int64_t, int)>& value);

// Interleaved samples of all packets, decoded in a row; packets that fail to decode fail the test.
std::vector<float> decode(const AudioStreamInfo& stream, const std::vector<Packet>& packets);

}  // namespace jinsha::test
