#include "audio/codec_table.h"

extern "C" {
#include <libavutil/channel_layout.h>
}

#include <algorithm>
#include <array>

namespace jinsha {
namespace {

// channelConfiguration 1 to 6 and 12 of ISO/IEC 23003-3 and 14496-3 table 1.19. 7.1 of configuration 7
// has its extra pair in front, which no source has; see AudioEncoder for 12.
constexpr std::array<std::uint64_t, 7> kAacLayouts{
    AV_CH_LAYOUT_MONO,         AV_CH_LAYOUT_STEREO,       AV_CH_LAYOUT_SURROUND, AV_CH_LAYOUT_4POINT0,
    AV_CH_LAYOUT_5POINT0_BACK, AV_CH_LAYOUT_5POINT1_BACK, AV_CH_LAYOUT_7POINT1};
// acmod of ETSI TS 102 366 4.4.2.3, with and without the low-frequency channel.
constexpr std::array<std::uint64_t, 7> kAc3Layouts{AV_CH_LAYOUT_MONO,    AV_CH_LAYOUT_STEREO, AV_CH_LAYOUT_SURROUND,
                                                   AV_CH_LAYOUT_4POINT0, AV_CH_LAYOUT_2_2,    AV_CH_LAYOUT_5POINT0,
                                                   AV_CH_LAYOUT_5POINT1};
// Above 48 kHz a transport stream's receivers need not play AAC (ETSI TS 101 154 6.2).
constexpr std::array kAacSampleRates{48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000};
constexpr std::array kAc3SampleRates{48000, 44100, 32000};
// ETSI TS 102 366 table 4.13.
constexpr std::array<std::int64_t, 19> kAc3Rates{32'000,  40'000,  48'000,  56'000,  64'000,  80'000,  96'000,
                                                 112'000, 128'000, 160'000, 192'000, 224'000, 256'000, 320'000,
                                                 384'000, 448'000, 512'000, 576'000, 640'000};
constexpr std::array kAacDefaults{AudioRateRow{1, 96'000},  AudioRateRow{2, 192'000}, AudioRateRow{3, 256'000},
                                  AudioRateRow{4, 320'000}, AudioRateRow{5, 384'000}, AudioRateRow{6, 448'000},
                                  AudioRateRow{8, 576'000}};
constexpr std::array kAc3Defaults{AudioRateRow{1, 96'000},  AudioRateRow{2, 192'000}, AudioRateRow{3, 256'000},
                                  AudioRateRow{4, 320'000}, AudioRateRow{5, 448'000}, AudioRateRow{6, 448'000}};
constexpr std::array kEac3Defaults{AudioRateRow{1, 96'000},  AudioRateRow{2, 192'000}, AudioRateRow{3, 256'000},
                                   AudioRateRow{4, 320'000}, AudioRateRow{5, 384'000}, AudioRateRow{6, 384'000}};

constexpr std::array kTable{
    // 6144 bits a channel: the decoder's input buffer, ISO/IEC 13818-7 8.2.2.
    AudioCodecRow{.name = "aac",
                  .layouts = kAacLayouts,
                  .sample_rates = kAacSampleRates,
                  .rates = kAacDefaults,
                  .bit_rates = {},
                  .least_bits_per_channel = 8'000,
                  .most_frame_bits_per_channel = 6144,
                  .most_frame_bits = 0,
                  .frame_size = 1024,
                  .dialogue_level = false},
    AudioCodecRow{.name = "ac3",
                  .layouts = kAc3Layouts,
                  .sample_rates = kAc3SampleRates,
                  .rates = kAc3Defaults,
                  .bit_rates = kAc3Rates,
                  .least_bits_per_channel = 32'000,
                  .most_frame_bits_per_channel = 0,
                  .most_frame_bits = 0,
                  .frame_size = 1536,
                  .dialogue_level = true},
    // frmsiz has 11 bits for words of 16 (E.1.3.1.3).
    AudioCodecRow{.name = "eac3",
                  .layouts = kAc3Layouts,
                  .sample_rates = kAc3SampleRates,
                  .rates = kEac3Defaults,
                  .bit_rates = {},
                  .least_bits_per_channel = 32'000,
                  .most_frame_bits_per_channel = 0,
                  .most_frame_bits = 2048 * 16,
                  .frame_size = 1536,
                  .dialogue_level = true},
};

std::int64_t most_rate(const AudioCodecRow& row, int channels, int sample_rate) {
  const std::int64_t frame_bits = row.most_frame_bits_per_channel > 0
                                      ? std::int64_t{row.most_frame_bits_per_channel} * channels
                                      : std::int64_t{row.most_frame_bits};
  return frame_bits * sample_rate / row.frame_size;
}

}  // namespace

std::span<const AudioCodecRow> audio_codecs() { return kTable; }

const AudioCodecRow* find_audio_codec(const std::string& name) {
  const auto* const row =
      std::find_if(kTable.begin(), kTable.end(), [&](const AudioCodecRow& r) { return name == r.name; });
  return row == kTable.end() ? nullptr : row;
}

std::string audio_codec_names() {
  std::string names;
  for (const AudioCodecRow& row : kTable) names += names.empty() ? row.name : fmt::format(", {}", row.name);
  return names;
}

std::int64_t default_audio_rate(const AudioCodecRow& row, int channels, int sample_rate) {
  std::int64_t rate = row.rates.back().bits_per_s;
  for (const AudioRateRow& one : row.rates) {
    if (one.channels < channels) continue;
    rate = one.bits_per_s;
    break;
  }
  // Speech rates below 32 kHz hold that much less.
  constexpr int kFullRate = 32'000;
  return sample_rate < kFullRate ? rate * sample_rate / kFullRate : rate;
}

Status check_audio_rate(const AudioCodecRow& row, std::int64_t bits_per_s, int channels, bool low_frequency,
                        int sample_rate) {
  const std::int64_t least = row.least_bits_per_channel * (low_frequency ? channels - 1 : channels);
  if (!row.bit_rates.empty()) {
    std::string list;
    bool found = false;
    for (const std::int64_t rate : row.bit_rates) {
      if (rate < least) continue;
      found = found || rate == bits_per_s;
      list += fmt::format("{}{}k", list.empty() ? "" : ", ", rate / 1000);
    }
    if (found) return {};
    return make_error(ErrorCode::kUsage, "{} bit/s: {} with {} channels has only {}", bits_per_s, row.name, channels,
                      list);
  }
  const std::int64_t most = most_rate(row, channels, sample_rate);
  if (bits_per_s >= least && bits_per_s <= most) return {};
  return make_error(ErrorCode::kUsage, "{} bit/s: {} with {} channels at {} Hz takes {}k to {}k", bits_per_s, row.name,
                    channels, sample_rate, least / 1000, most / 1000);
}

}  // namespace jinsha
