// The audio codecs that are written: what each takes and its default rates. One row a codec.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace jinsha {

// Bit rate by number of channels, at 32 kHz and above.
struct AudioRateRow {
  int channels;
  std::int64_t bits_per_s;
};

struct AudioCodecRow {
  const char* name;  // of --audio, and libavcodec's
  // Speaker positions as bits of libavutil's AV_CH_*, ascending in number of channels.
  std::span<const std::uint64_t> layouts;
  std::span<const int> sample_rates;        // the first is the one for sources of another rate
  std::span<const AudioRateRow> rates;      // the defaults
  std::span<const std::int64_t> bit_rates;  // the only ones that exist; empty: any between the limits
  std::int64_t least_bits_per_channel;      // bit/s; low-frequency channels do not count
  int most_frame_bits_per_channel;          // of a coded frame; 0: no such limit
  int most_frame_bits;                      // the same of all channels together; 0: no such limit
  int frame_size;                           // samples
  bool dialogue_level;                      // carries dialnorm
};

std::span<const AudioCodecRow> audio_codecs();
// Null when no codec of that name is written.
const AudioCodecRow* find_audio_codec(const std::string& name);
// "aac, ac3, eac3"
std::string audio_codec_names();

// The codec's rate for so many channels at this sample rate, bit/s.
std::int64_t default_audio_rate(const AudioCodecRow& row, int channels, int sample_rate);
// kUsage with the limits or the list where the codec does not have this rate.
Status check_audio_rate(const AudioCodecRow& row, std::int64_t bits_per_s, int channels, bool low_frequency,
                        int sample_rate);

}  // namespace jinsha
