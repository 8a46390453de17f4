#include "audio/conversion.h"

#include <algorithm>

#include "audio/codec_table.h"
#include "audio/decoder.h"
#include "audio/encoder.h"
#include "audio/layouts.h"

namespace jinsha {
namespace {

// Whether any of the layout's channels is for low frequencies only.
bool has_low_frequency(std::uint64_t positions) {
  constexpr std::uint64_t kLowFrequency = std::uint64_t{1} << 3;  // AV_CH_LOW_FREQUENCY
  return (positions & kLowFrequency) != 0;
}

Result<std::uint64_t> source_positions(const AudioConversionRequest& request, std::vector<std::string>& assumed) {
  if (request.picked_channels > 0) return usual_positions(request.picked_channels);
  const AudioStreamInfo& source = request.source;
  const std::uint64_t stated = positions_named(source.layout);
  if (stated != 0 && channel_count(stated) == source.channels) return stated;
  const std::uint64_t usual = usual_positions(source.channels);
  if (usual == 0) {
    return make_error(ErrorCode::kNotPossible, "nothing says which speakers its {} channels are for", source.channels);
  }
  if (source.channels == 1) return usual;
  assumed.push_back(fmt::format("nothing says which speakers the {} channels are for: taken as {}", source.channels,
                                describe_positions(usual)));
  return usual;
}

}  // namespace

Result<AudioConversion> plan_audio_conversion(const AudioConversionRequest& request) {
  const AudioCodecRow* row = find_audio_codec(request.codec);
  if (row == nullptr)
    return make_error(ErrorCode::kUsage, "\"{}\" is no audio codec that is written: {}", request.codec,
                      audio_codec_names());
  AudioConversion plan;
  const AudioStreamInfo& source = request.source;
  if (!source.codec.empty()) {
    JINSHA_TRY(AudioDecoder::available(source));
    if (source.sample_rate <= 0 || source.channels <= 0) {
      return make_error(ErrorCode::kInput, "it states {} Hz and {} channels", source.sample_rate, source.channels);
    }
  }
  JINSHA_ASSIGN(const std::uint64_t from, source_positions(request, plan.assumed));
  const std::uint64_t to = choose_positions(row->layouts, from, request.most_channels);
  AudioStreamInfo wanted;
  wanted.codec = row->name;
  wanted.layout = describe_positions(to);
  wanted.channels = channel_count(to);
  wanted.language = source.language;
  wanted.is_default = source.is_default;
  if (!same_speakers(from, to)) {
    plan.converted.push_back(fmt::format("{} {} {}", describe_positions(from),
                                         holds_all(to, from) ? "put in its place in" : "mixed down to", wanted.layout));
  }
  const std::span<const int> rates = row->sample_rates;
  const bool same_rate = std::find(rates.begin(), rates.end(), source.sample_rate) != rates.end();
  wanted.sample_rate = same_rate ? source.sample_rate : rates.front();
  if (!same_rate) plan.converted.push_back(fmt::format("{} Hz to {} Hz", source.sample_rate, wanted.sample_rate));
  wanted.bitrate_bits_per_s = request.bitrate_bits_per_s > 0
                                  ? request.bitrate_bits_per_s
                                  : default_audio_rate(*row, wanted.channels, wanted.sample_rate);
  JINSHA_TRY(
      check_audio_rate(*row, wanted.bitrate_bits_per_s, wanted.channels, has_low_frequency(to), wanted.sample_rate));
  JINSHA_ASSIGN(const AudioEncoder encoder, AudioEncoder::open(wanted));
  if (!source.codec.empty()) JINSHA_TRY(AudioDecoder::open(source));
  plan.output = encoder.info();
  plan.priming_samples = encoder.priming_samples();
  if (row->dialogue_level) {
    const bool carried = source.codec == "ac3" || source.codec == "eac3";
    if (carried) {
      plan.converted.emplace_back("dialogue level as the source's frames state it");
    } else if (!source.codec.empty()) {
      plan.assumed.emplace_back("dialogue level: the encoder's default, -31 dB (nothing states the source's)");
    }
  }
  return plan;
}

}  // namespace jinsha
