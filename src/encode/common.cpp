#include "encode/common.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <limits>

#include "encode/level.h"

namespace jinsha {
namespace {

template <typename T>
bool contains(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::string format_list(const EncoderCapabilities& can) {
  std::string chromas;
  for (const Chroma chroma : can.chromas) chromas += fmt::format("{}{}", chromas.empty() ? "" : ", ", name_of(chroma));
  std::string depths;
  for (const int depth : can.depths) depths += fmt::format("{}{}", depths.empty() ? "" : ", ", depth);
  return fmt::format("{} at {} bit", chromas, depths);
}

Status check_rate(const EncoderConfig& config, const char* name) {
  const RateControl& rate = config.rate;
  if (rate.bitrate_bits_per_s < 0 || rate.maxrate_bits_per_s < 0 || rate.bufsize_bits < 0) {
    return make_error(ErrorCode::kUsage, "bit rates and buffer sizes cannot be negative");
  }
  switch (rate.mode) {
    case RateControl::Mode::kCrf: break;
    case RateControl::Mode::kQp:
      if (rate.maxrate_bits_per_s > 0 || rate.bufsize_bits > 0) {
        return make_error(ErrorCode::kUsage,
                          "--qp fixes the quantizer, so --maxrate and --bufsize cannot be kept: use --crf");
      }
      break;
    case RateControl::Mode::kVbr:
    case RateControl::Mode::kCbr:
      if (rate.bitrate_bits_per_s < 1000) {
        return make_error(ErrorCode::kUsage, "--bitrate {} is too low for {}: at least 1000 bit/s",
                          rate.bitrate_bits_per_s, name);
      }
      if (rate.maxrate_bits_per_s > 0 && rate.maxrate_bits_per_s < rate.bitrate_bits_per_s) {
        return make_error(ErrorCode::kUsage, "--maxrate {} is below --bitrate {}", rate.maxrate_bits_per_s,
                          rate.bitrate_bits_per_s);
      }
      if (rate.mode == RateControl::Mode::kCbr && rate.maxrate_bits_per_s > rate.bitrate_bits_per_s) {
        return make_error(ErrorCode::kUsage, "--cbr means --maxrate equal to --bitrate; {} and {} are given",
                          rate.maxrate_bits_per_s, rate.bitrate_bits_per_s);
      }
      break;
  }
  if (rate.bufsize_bits > 0 && rate.maxrate_bits_per_s == 0 && rate.mode != RateControl::Mode::kCbr) {
    return make_error(ErrorCode::kUsage, "--bufsize {} has no meaning without --maxrate", rate.bufsize_bits);
  }
  return {};
}

}  // namespace

Status check_config(const EncoderConfig& config, const EncoderCapabilities& can, const char* name) {
  if (!contains(can.codecs, config.codec)) {
    return make_error(ErrorCode::kNotPossible, "{} cannot write {}", name, name_of(config.codec));
  }
  if (!contains(can.chromas, config.format.chroma) || !contains(can.depths, config.format.depth)) {
    return make_error(ErrorCode::kNotPossible, "{} cannot code {}; it codes {}", name, describe(config.format),
                      format_list(can));
  }
  if (config.width <= 0 || config.height <= 0) {
    return make_error(ErrorCode::kUsage, "a picture of {}x{} cannot be coded", config.width, config.height);
  }
  if (config.width > can.max_width || config.height > can.max_height) {
    return make_error(ErrorCode::kNotPossible, "{} codes pictures up to {}x{}, this one is {}x{}", name, can.max_width,
                      can.max_height, config.width, config.height);
  }
  const int odd_x = (1 << config.format.chroma_shift_x()) - 1;
  const int odd_y = (1 << config.format.chroma_shift_y()) - 1;
  if ((config.width & odd_x) != 0 || (config.height & odd_y) != 0) {
    return make_error(ErrorCode::kNotPossible, "{} needs even sizes at {}, this picture is {}x{}: crop or pad it", name,
                      describe(config.format), config.width, config.height);
  }
  constexpr std::int64_t kMaxTerm = std::numeric_limits<std::int32_t>::max();
  const Rational rate = config.frame_rate.reduced();
  if (!config.frame_rate.valid() || rate.num > kMaxTerm || rate.den > kMaxTerm) {
    return make_error(ErrorCode::kUsage, "the frame rate {}/{} is not usable", config.frame_rate.num,
                      config.frame_rate.den);
  }
  if (!contains(can.rate_modes, config.rate.mode)) {
    return make_error(ErrorCode::kNotPossible, "{} has no rate control mode {}", name, name_of(config.rate.mode));
  }
  if (config.hrd && !can.hrd) return make_error(ErrorCode::kNotPossible, "{} cannot write HRD parameters", name);
  if (config.gop_frames < 1) {
    return make_error(ErrorCode::kUsage, "--gop {}: the distance of key frames must be at least 1 frame",
                      config.gop_frames);
  }
  if (config.threads < 1) return make_error(ErrorCode::kUsage, "--threads {} is not at least 1", config.threads);
  if (!std::is_sorted(config.keyframes.begin(), config.keyframes.end()) ||
      (!config.keyframes.empty() && config.keyframes.front() < 0)) {
    return make_error(ErrorCode::kUsage, "--keyframes must be frame numbers in ascending order");
  }
  return check_rate(config, name);
}

RateControl resolved_rate(const RateControl& rate) {
  RateControl resolved = rate;
  if (rate.mode == RateControl::Mode::kCbr) resolved.maxrate_bits_per_s = rate.bitrate_bits_per_s;
  if (resolved.maxrate_bits_per_s > 0 && resolved.bufsize_bits == 0) {
    resolved.bufsize_bits = resolved.maxrate_bits_per_s;
  }
  return resolved;
}

std::optional<MasteringDisplay> parse_mastering_display(std::string_view text) {
  MasteringDisplay display;
  auto& [red, green, blue] = display.primaries_rgb;
  const std::string copy(text);
  int end = 0;
  const int fields = std::sscanf(copy.c_str(), "G(%hu,%hu)B(%hu,%hu)R(%hu,%hu)WP(%hu,%hu)L(%u,%u)%n", &green[0],
                                 &green[1], &blue[0], &blue[1], &red[0], &red[1], &display.white_point[0],
                                 &display.white_point[1], &display.max_luminance, &display.min_luminance, &end);
  if (fields != 10 || static_cast<std::size_t>(end) != copy.size()) return std::nullopt;
  return display;
}

EncoderSettings settings_from(const EncoderConfig& config) {
  EncoderSettings settings;
  settings.codec = config.codec;
  settings.profile = config.profile;
  settings.level_idc = config.level_idc;
  settings.tier = config.tier.value_or(Tier::kMain);
  settings.rate = config.rate;
  settings.hrd = config.hrd;
  settings.access_unit_delimiters = config.access_unit_delimiters;
  settings.gop_frames = config.gop_frames;
  settings.keyframes = config.keyframes;
  settings.color = config.color;
  settings.hdr = config.hdr;
  settings.format = config.format;
  settings.width = config.width;
  settings.height = config.height;
  settings.frame_rate = config.frame_rate;
  settings.sample_aspect = config.sample_aspect;
  return settings;
}

std::vector<std::string> open_rate_notes(const EncoderSettings& settings) {
  const bool constant_qp = settings.rate.mode == RateControl::Mode::kQp;
  if ((!constant_qp && settings.rate.mode != RateControl::Mode::kCrf) || settings.rate.maxrate_bits_per_s > 0)
    return {};
  const std::int64_t allowed = max_bitrate(settings.codec, settings.level_idc, settings.tier);
  if (allowed == 0) return {};
  const auto mbit = [](std::int64_t bits) { return static_cast<double>(bits) / 1e6; };
  std::string text =
      fmt::format("the rate is not capped: level {} {} allows {:g} Mbit/s; a stream above it is rejected; {} caps it",
                  level_name(settings.codec, settings.level_idc), name_of(settings.tier), mbit(allowed),
                  constant_qp ? "--crf with --maxrate" : "--maxrate");
  const std::int64_t high = max_bitrate(settings.codec, settings.level_idc, Tier::kHigh);
  // HEVC's High tier needs a bounded rate (x265 refuses it with a constant quantizer).
  if (settings.tier == Tier::kMain && high > 0 && !(constant_qp && settings.codec == Codec::kHevc)) {
    text += fmt::format(", --tier high allows {:g} Mbit/s", mbit(high));
  }
  return {text};
}

std::string hevc_profile_name(PixelFormat format, bool intra_only) {
  std::string name;
  switch (format.chroma) {
    case Chroma::k420: name = format.depth <= 8 ? "main" : format.depth <= 10 ? "main10" : "main12"; break;
    case Chroma::k422: name = format.depth <= 10 ? "main422-10" : "main422-12"; break;
    case Chroma::k444: name = format.depth <= 8 ? "main444-8" : format.depth <= 10 ? "main444-10" : "main444-12"; break;
    case Chroma::k400: name = format.depth <= 8 ? "monochrome" : "monochrome12"; break;
  }
  if (intra_only && name == "main444-8") return "main444-intra";
  // Main and Main 10 have no such restriction of their own: the range extensions' intra profiles do.
  return intra_only ? name + "-intra" : name;
}

bool KeyFrameForcer::force(std::int64_t index, bool asked) {
  bool listed = false;
  while (next_ < keyframes_.size() && keyframes_[next_] <= index) {
    listed |= keyframes_[next_] == index;
    ++next_;
  }
  const bool forced = asked || listed;
  const bool on_grid = gop_frames_ > 0 && index % gop_frames_ == 0;
  if (forced && !on_grid) forced_one_ = true;
  return forced || (forced_one_ && on_grid);
}

}  // namespace jinsha
