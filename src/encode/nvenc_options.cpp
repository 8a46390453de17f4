#include "encode/nvenc_options.h"

#include <fmt/core.h>

#include <cmath>
#include <cstdint>  // before libavutil, which asks for UINT64_C
#include <cstdlib>
#include <optional>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
#include <libavutil/version.h>
}

#include "encode/common.h"
#include "libav/color.h"
#include "libav/formats.h"
#include "libav/frame_flags.h"

namespace jinsha {
namespace {

using Mode = RateControl::Mode;
using Value = std::optional<std::string>;  // empty: the option is left alone

struct Request {
  const EncoderConfig& config;
  const LevelChoice& level;
  std::string preset;
  RateControl rate;  // buffer filled in
};

Value number(std::int64_t value) { return std::to_string(value); }

Value rate_mode(const Request& request) {
  switch (request.rate.mode) {
    case Mode::kQp: return "constqp";
    case Mode::kCbr: return "cbr";
    case Mode::kVbr: return request.rate.maxrate_bits_per_s == request.rate.bitrate_bits_per_s ? "cbr" : "vbr";
    case Mode::kCrf: return "vbr";  // with cq and without a bit rate
  }
  return "vbr";
}

Value passes(const Request& request) {
  if (request.rate.mode == Mode::kQp) return "disabled";
  if (request.preset == "p6" || request.preset == "p7") return "fullres";
  if (request.preset == "p4" || request.preset == "p5") return "qres";
  return "disabled";
}

Value hevc_profile(const Request& request) {
  const PixelFormat& format = request.config.format;
  if (format.chroma == Chroma::k444) return "rext";
  return format.depth > 8 ? "main10" : "main";
}

// One row an option. Captions, timecode and other SEI come from other places of the pipeline, not
// from side data of frames.
struct Mapping {
  const char* name;
  bool hevc;
  bool av1;
  Value (*value)(const Request& request);
};
constexpr Mapping kMappings[] = {
    {"preset", true, true, [](const Request& r) -> Value { return r.preset; }},
    {"tune", true, true, [](const Request& r) -> Value { return r.config.tune.empty() ? "hq" : r.config.tune; }},
    {"profile", true, false, hevc_profile},
    {"level", true, true, [](const Request& r) { return number(r.level.level_idc); }},
    {"tier", true, true, [](const Request& r) { return number(r.level.tier == Tier::kHigh ? 1 : 0); }},
    {"rc", true, true, rate_mode},
    {"multipass", true, true, passes},
    {"cq", true, true,
     [](const Request& r) -> Value {
       return r.rate.mode == Mode::kCrf ? Value(fmt::format("{}", r.rate.crf)) : std::nullopt;
     }},
    {"qp", true, true,
     [](const Request& r) -> Value { return r.rate.mode == Mode::kQp ? number(r.rate.qp) : std::nullopt; }},
    {"cbr_padding", true, true,
     [](const Request& r) -> Value { return r.rate.mode == Mode::kCbr ? Value("1") : std::nullopt; }},
    {"forced-idr", true, true, [](const Request&) -> Value { return "1"; }},
    {"no-scenecut", true, true, [](const Request&) -> Value { return "1"; }},
    {"strict_gop", true, true, [](const Request&) -> Value { return "1"; }},
    {"zerolatency", true, true, [](const Request&) -> Value { return "0"; }},
    {"aud", true, false, [](const Request& r) { return number(r.config.access_unit_delimiters ? 1 : 0); }},
    {"a53cc", true, true, [](const Request&) -> Value { return "0"; }},
    {"s12m_tc", true, true, [](const Request&) -> Value { return "0"; }},
    {"extra_sei", true, true, [](const Request&) -> Value { return "0"; }},
    {"intra-refresh", true, true, [](const Request&) -> Value { return "0"; }},
};

std::string preset_of(const EncoderConfig& config) {
  for (const auto& [name, value] : config.params) {
    if (name == "preset") return value;
  }
  return config.speed.empty() ? "p5" : config.speed;
}

// Whether `option` takes `value`: libavutil would say so itself, but only on stderr.
bool takes(void* object, const AVOption& option, const std::string& value) {
  if (value.empty()) return false;
  char* end = nullptr;
  const double parsed = std::strtod(value.c_str(), &end);
  if (*end == '\0') {
    switch (option.type) {
      case AV_OPT_TYPE_INT:
      case AV_OPT_TYPE_INT64:
      case AV_OPT_TYPE_BOOL:
      case AV_OPT_TYPE_FLAGS: return parsed == std::floor(parsed) && parsed >= option.min && parsed <= option.max;
      case AV_OPT_TYPE_FLOAT:
      case AV_OPT_TYPE_DOUBLE: return parsed >= option.min && parsed <= option.max;
      default: return true;
    }
  }
  if (option.type == AV_OPT_TYPE_BOOL) {
    return value == "true" || value == "false" || value == "auto" || value == "yes" || value == "no";
  }
  if (option.unit == nullptr) return option.type == AV_OPT_TYPE_STRING;
  const AVOption* constant = av_opt_find(object, value.c_str(), option.unit, 0, 0);
  return constant != nullptr && constant->type == AV_OPT_TYPE_CONST;
}

Status set_option(AVCodecContext& context, const AVCodec& codec, const NvencOption& option, const char* origin) {
  const AVOption* found = av_opt_find(context.priv_data, option.name.c_str(), nullptr, 0, 0);
  if (found == nullptr || found->type == AV_OPT_TYPE_CONST) {
    return make_error(ErrorCode::kUsage, "{}{}: {} of libavcodec {} has no such option", origin, option.name,
                      codec.name, AV_STRINGIFY(LIBAVCODEC_VERSION));
  }
  if (!takes(context.priv_data, *found, option.value) ||
      av_opt_set(context.priv_data, option.name.c_str(), option.value.c_str(), 0) < 0) {
    return make_error(ErrorCode::kUsage, "{}{}={}: {} does not take this value", origin, option.name, option.value,
                      codec.name);
  }
  return {};
}

void set_fields(const EncoderConfig& config, const RateControl& rate, AVCodecContext& context) {
  context.width = config.width;
  context.height = config.height;
  context.pix_fmt = AV_PIX_FMT_CUDA;
  context.framerate = libav::from_rational(config.frame_rate.reduced());
  context.time_base = libav::from_rational(config.frame_rate.reduced().inverse());
  if (config.sample_aspect.valid()) context.sample_aspect_ratio = libav::from_rational(config.sample_aspect.reduced());
  context.gop_size = config.gop_frames;
  // Fixed, so that the plan knows the reordering; devices before Turing open with 0 only.
  context.max_b_frames = config.gop_frames > 1 ? 2 : 0;
  context.bit_rate = rate.bitrate_bits_per_s;
  context.rc_max_rate = rate.maxrate_bits_per_s;
  context.rc_buffer_size = static_cast<int>(std::min<std::int64_t>(rate.bufsize_bits, INT32_MAX));
  context.color_primaries = static_cast<AVColorPrimaries>(config.color.primaries);
  context.color_trc = static_cast<AVColorTransferCharacteristic>(config.color.transfer);
  context.colorspace = static_cast<AVColorSpace>(config.color.matrix);
  context.color_range = libav::from_range(config.color.range);
  context.chroma_sample_location = libav::from_chroma_location(config.color.chroma_location);
  // Parameter sets apart: they are put in front of the key pictures here, with the HDR metadata.
  context.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP;
  libav::quiet(&context);
}

}  // namespace

Result<const AVCodec*> nvenc_codec(Codec codec) {
  const char* name = codec == Codec::kAv1 ? "av1_nvenc" : "hevc_nvenc";
  const AVCodec* found = avcodec_find_encoder_by_name(name);
  if (found != nullptr) return found;
  return make_error(ErrorCode::kNotPossible, "this libavcodec ({}) has no {}{}", AV_STRINGIFY(LIBAVCODEC_VERSION), name,
                    codec == Codec::kAv1 ? ": FFmpeg 6.0 brought it" : "");
}

std::vector<NvencOption> nvenc_options(const EncoderConfig& config, const LevelChoice& level) {
  const Request request{config, level, preset_of(config), resolved_rate(config.rate)};
  std::vector<NvencOption> options;
  for (const Mapping& mapping : kMappings) {
    if (config.codec == Codec::kAv1 ? !mapping.av1 : !mapping.hevc) continue;
    if (Value value = mapping.value(request)) options.push_back({mapping.name, *std::move(value)});
  }
  return options;
}

Status configure_nvenc(const EncoderConfig& config, const AVCodec& codec, AVCodecContext& context,
                       EncoderSettings& settings) {
  const RateControl rate = resolved_rate(config.rate);
  if (rate.mode == Mode::kCbr && av_opt_find(context.priv_data, "cbr_padding", nullptr, 0, 0) == nullptr) {
    return make_error(
        ErrorCode::kNotPossible,
        "{} of this libavcodec cannot pad a stream to constant bit rate: use --bitrate with --maxrate and "
        "--bufsize, or x265",
        codec.name);
  }
  LevelRequest request;
  request.width = config.width;
  request.height = config.height;
  request.frame_rate = config.frame_rate;
  request.bitrate_bits_per_s = std::max(rate.bitrate_bits_per_s, rate.maxrate_bits_per_s);
  request.cpb_bits = rate.bufsize_bits;
  request.level_idc = config.level_idc;
  request.tier = config.tier;
  JINSHA_ASSIGN(const LevelChoice level, choose_level(config.codec, request));
  set_fields(config, rate, context);
  for (const NvencOption& option : nvenc_options(config, level)) {
    JINSHA_TRY(set_option(context, codec, option, option.name == "preset" ? "--speed: " : "nvenc option "));
  }
  for (const auto& [name, value] : config.params) {
    JINSHA_TRY(set_option(context, codec, {name, value}, "--encoder-param "));
  }

  settings = settings_from(config);
  settings.version = fmt::format("{} of libavcodec {}", codec.name, AV_STRINGIFY(LIBAVCODEC_VERSION));
  settings.profile = config.codec == Codec::kAv1 ? (config.format.chroma == Chroma::k444 ? "high" : "main")
                                                 : hevc_profile_name(config.format, false);
  settings.level_idc = level.level_idc;
  settings.tier = level.tier;
  settings.rate = rate;
  settings.notes = open_rate_notes(settings);
  settings.hrd = false;
  settings.fillers = rate.mode == Mode::kCbr;
  settings.access_unit_delimiters = config.codec == Codec::kHevc && config.access_unit_delimiters;
  settings.b_frames = config.codec == Codec::kHevc ? context.max_b_frames : 0;
  const AVClass* const klass = codec.priv_class;
  for (const AVOption* option = nullptr; (option = av_opt_next(&klass, option)) != nullptr;) {
    char* text = nullptr;
    if (option->type != AV_OPT_TYPE_CONST &&
        av_opt_get(context.priv_data, option->name, 0, reinterpret_cast<std::uint8_t**>(&text)) >= 0 &&
        text != nullptr) {
      settings.native[option->name] = text;
    }
    av_free(text);
  }
  return {};
}

}  // namespace jinsha
