#include "audio/converter.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
#include <libavutil/samplefmt.h>
#include <libswresample/swresample.h>
}

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "audio/layouts.h"
#include "audio/mix.h"
#include "libav/error.h"

namespace jinsha {
namespace {

Error out_of_memory() { return make_error(ErrorCode::kNotPossible, "no memory to convert audio"); }

}  // namespace

void AudioConverter::Freer::operator()(SwrContext* context) const { swr_free(&context); }

AudioConverter::Format AudioConverter::format_of(const AVFrame& frame) {
  return {.sample_format = frame.format,
          .sample_rate = frame.sample_rate,
          .channels = frame.ch_layout.nb_channels,
          .positions = positions_of(frame.ch_layout)};
}

bool AudioConverter::changes(const AVFrame& frame) const {
  return format_.channels > 0 && !(format_ == format_of(frame));
}

std::uint64_t AudioConverter::source_positions(const Format& format) const {
  if (format.positions != 0) return format.positions;
  if (channel_count(config_.source_positions) == format.channels) return config_.source_positions;
  return usual_positions(format.channels);
}

Status AudioConverter::configure(const Format& format) {
  std::uint64_t source = source_positions(format);
  std::vector<double> matrix;
  const int outputs = channel_count(config_.positions);
  if (config_.picked_channels > 0) {
    matrix.assign(static_cast<std::size_t>(outputs) * static_cast<std::size_t>(format.channels), 0.0);
    for (int i = 0; i < std::min(config_.picked_channels, outputs); ++i) {
      const int channel = config_.first_channel + i;
      if (channel < format.channels) matrix[static_cast<std::size_t>(i * format.channels + channel)] = 1.0;
    }
  } else if (same_speakers(source, config_.positions)) {
    source = config_.positions;
  } else if (source != 0) {
    matrix = mix_matrix(source, config_.positions);
  }
  AVChannelLayout from{}, to{};
  if (source != 0) {
    av_channel_layout_from_mask(&from, source);
  } else {
    av_channel_layout_default(&from, format.channels);
  }
  av_channel_layout_from_mask(&to, config_.positions);
  SwrContext* context = nullptr;
  int error = swr_alloc_set_opts2(&context, &to, AV_SAMPLE_FMT_FLTP, config_.sample_rate, &from,
                                  static_cast<AVSampleFormat>(format.sample_format), format.sample_rate, 0, nullptr);
  context_.reset(context);
  if (error >= 0 && !matrix.empty()) error = swr_set_matrix(context, matrix.data(), format.channels);
  if (error >= 0) error = swr_init(context);
  av_channel_layout_uninit(&from);
  av_channel_layout_uninit(&to);
  if (error < 0) {
    context_.reset();
    return libav::to_error(ErrorCode::kInput, error,
                           fmt::format("audio of {} channels at {} Hz cannot be made {} at {} Hz", format.channels,
                                       format.sample_rate, describe_positions(config_.positions), config_.sample_rate));
  }
  format_ = format;
  return {};
}

Status AudioConverter::convert(const AVFrame& frame, SampleQueue& to) {
  if (!context_) JINSHA_TRY(configure(format_of(frame)));
  return pull(&frame, to);
}

Status AudioConverter::pull(const AVFrame* frame, SampleQueue& to) {
  const int inputs = frame == nullptr ? 0 : frame->nb_samples;
  const int room = swr_get_out_samples(context_.get(), inputs);
  if (room < 0) return out_of_memory();
  const auto count = static_cast<std::size_t>(room);
  to.grow(count);
  std::vector<float*> planes = to.tail(count);
  std::vector<std::uint8_t*> outputs;
  for (float* plane : planes) outputs.push_back(reinterpret_cast<std::uint8_t*>(plane));
  const int made =
      swr_convert(context_.get(), outputs.data(), room,
                  frame == nullptr ? nullptr : const_cast<const std::uint8_t**>(frame->extended_data), inputs);
  if (made < 0) {
    to.shrink(count);
    return libav::to_error(ErrorCode::kInternal, made, "converting audio samples");
  }
  to.shrink(count - static_cast<std::size_t>(made));
  // Damage can decode to numbers that encoders refuse; 12 dB over full scale is none of anybody's sound.
  constexpr float kMost = 4.0F;
  planes = to.tail(static_cast<std::size_t>(made));
  for (float* plane : planes) {
    for (int i = 0; i < made; ++i) plane[i] = std::isfinite(plane[i]) ? std::clamp(plane[i], -kMost, kMost) : 0.0F;
  }
  return {};
}

Status AudioConverter::drain(SampleQueue& to) {
  if (!context_) return {};
  if (delay() > 0) JINSHA_TRY(pull(nullptr, to));
  context_.reset();
  return {};
}

std::int64_t AudioConverter::delay() const { return context_ ? swr_get_delay(context_.get(), config_.sample_rate) : 0; }

Status AudioConverter::stretch(int delta, int distance) {
  if (!context_) return {};
  const int error = swr_set_compensation(context_.get(), delta, distance);
  return error < 0 ? Status(libav::to_error(ErrorCode::kInternal, error, "resampling audio")) : Status();
}

std::string AudioConverter::format_text() const {
  if (format_.channels == 0) return "";
  const std::uint64_t positions = source_positions(format_);
  const std::string layout =
      positions != 0 ? describe_positions(positions) : fmt::format("{} channels", format_.channels);
  return fmt::format("{} at {} Hz", layout, format_.sample_rate);
}

}  // namespace jinsha
