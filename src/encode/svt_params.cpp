// Over 400 lines: one mapping, from our vocabulary to SVT-AV1's of two versions and back.
#include "encode/svt_params.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string_view>
#include <vector>

#include "encode/av1_headers.h"
#include "encode/backends.h"
#include "encode/common.h"
#include "encode/level.h"

namespace jinsha {
namespace {

constexpr std::int64_t kMaxBitrate = 100'000'000;  // both versions refuse more
constexpr int kMaxQuantizer = 63;

// SVT-AV1 logs to stderr, at a level it reads from the environment whenever an encoder is made;
// there is no other switch. So the variable is set once, before the first encoder, unless the user
// set it; what SVT-AV1 would say is said by the checks here.
void silence_log() {
  static std::once_flag once;
  std::call_once(once, [] { setenv("SVT_LOG", "-1", 0); });
}

// Parameters that the library knows but that would break what the rest of the job relies on.
struct Refused {
  const char* name;
  const char* reason;
};
constexpr Refused kRefused[] = {
    {"width", "the picture size is set by --size"},
    {"height", "the picture size is set by --size"},
    {"forced-max-frame-width", "the picture size is set by --size"},
    {"forced-max-frame-height", "the picture size is set by --size"},
    {"fps", "the frame rate is set by --fps"},
    {"fps-num", "the frame rate is set by --fps"},
    {"fps-denom", "the frame rate is set by --fps"},
    {"input-depth", "the depth is set by --depth"},
    {"color-format", "the format is set by --chroma"},
    {"pass", "passes are asked for with --passes"},
    {"passes", "passes are asked for with --passes"},
    {"enable-stat-report", "messages go to jinsha's own log"},
};

std::uint16_t big_endian(std::uint16_t value) { return static_cast<std::uint16_t>(value >> 8 | value << 8); }
std::uint32_t big_endian32(std::uint32_t value) { return __builtin_bswap32(value); }

// Units of 0.00002 to 0.16 fixed point (AV1 6.7.4).
std::uint16_t fixed_chromaticity(std::uint16_t value) {
  const std::uint32_t fixed = (static_cast<std::uint32_t>(value) * 65536u + 25000u) / 50000u;
  return big_endian(static_cast<std::uint16_t>(std::min(fixed, 65535u)));
}

// Units of 0.0001 cd/m2 to fixed point with `fraction_bits`.
std::uint32_t fixed_luminance(std::uint32_t value, int fraction_bits) {
  const std::uint64_t fixed = ((static_cast<std::uint64_t>(value) << fraction_bits) + 5000u) / 10000u;
  return big_endian32(static_cast<std::uint32_t>(std::min<std::uint64_t>(fixed, UINT32_MAX)));
}

// The structure keeps both blocks as they go into the stream, big endian. A maximum luminance or a
// MaxCLL of 0 makes the library leave the block out.
void map_hdr(const EncoderConfig& config, EbSvtAv1EncConfiguration& native) {
  if (const auto& display = config.hdr.mastering_display) {
    auto& out = native.mastering_display;
    const auto& [red, green, blue] = display->primaries_rgb;
    out.r = {fixed_chromaticity(red[0]), fixed_chromaticity(red[1])};
    out.g = {fixed_chromaticity(green[0]), fixed_chromaticity(green[1])};
    out.b = {fixed_chromaticity(blue[0]), fixed_chromaticity(blue[1])};
    out.white_point = {fixed_chromaticity(display->white_point[0]), fixed_chromaticity(display->white_point[1])};
    out.max_luma = fixed_luminance(display->max_luminance, 8);
    out.min_luma = fixed_luminance(display->min_luminance, 14);
  }
  if (const auto& light = config.hdr.content_light) {
    native.content_light_level.max_cll = big_endian(light->max_cll_nits);
    native.content_light_level.max_fall = big_endian(light->max_fall_nits);
  }
  native.high_dynamic_range_input = is_hdr(config.color.transfer) ? 1 : 0;
}

// The reverse of fixed_chromaticity; exact for what came from there.
std::uint16_t chromaticity_of(std::uint16_t fixed) {
  return static_cast<std::uint16_t>((std::uint32_t{big_endian(fixed)} * 50000u + 32768u) / 65536u);
}

std::uint32_t luminance_of(std::uint32_t fixed, int fraction_bits) {
  const std::uint64_t value = static_cast<std::uint64_t>(big_endian32(fixed)) * 10000u;
  const std::uint64_t units = (value + (1u << (fraction_bits - 1))) >> fraction_bits;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(units, UINT32_MAX));
}

using NativeDisplay = decltype(EbSvtAv1EncConfiguration::mastering_display);
using NativePoint = decltype(NativeDisplay::r);

bool equal(const NativeDisplay& a, const NativeDisplay& b) {
  const auto same = [](const NativePoint& p, const NativePoint& q) { return p.x == q.x && p.y == q.y; };
  return same(a.r, b.r) && same(a.g, b.g) && same(a.b, b.b) && same(a.white_point, b.white_point) &&
         a.max_luma == b.max_luma && a.min_luma == b.min_luma;
}

// What the library writes: --encoder-param may have put other values over those of the config.
HdrMetadata hdr_of(const EncoderConfig& config, const EbSvtAv1EncConfiguration& native) {
  HdrMetadata hdr;
  const auto& display = native.mastering_display;
  EbSvtAv1EncConfiguration asked{};
  map_hdr(config, asked);
  if (display.max_luma != 0 && equal(display, asked.mastering_display)) {
    hdr.mastering_display = config.hdr.mastering_display;  // luminance has coarser steps in the stream
  } else if (display.max_luma != 0) {
    const auto point = [](const NativePoint& from) {
      return std::array<std::uint16_t, 2>{chromaticity_of(from.x), chromaticity_of(from.y)};
    };
    hdr.mastering_display = MasteringDisplay{.primaries_rgb = {point(display.r), point(display.g), point(display.b)},
                                             .white_point = point(display.white_point),
                                             .max_luminance = luminance_of(display.max_luma, 8),
                                             .min_luminance = luminance_of(display.min_luma, 14)};
  }
  const auto& light = native.content_light_level;
  if (light.max_cll != 0) hdr.content_light = ContentLight{big_endian(light.max_cll), big_endian(light.max_fall)};
  return hdr;
}

void map_color(const EncoderConfig& config, EbSvtAv1EncConfiguration& native) {
  const ColorInfo& color = config.color;
  native.color_primaries = static_cast<EbColorPrimaries>(color.primaries);
  native.transfer_characteristics = static_cast<EbTransferCharacteristics>(color.transfer);
  native.matrix_coefficients = static_cast<EbMatrixCoefficients>(color.matrix);
  native.color_description_present_flag = color.primaries != Primaries::kUnspecified ||
                                          color.transfer != Transfer::kUnspecified ||
                                          color.matrix != Matrix::kUnspecified;
  native.color_range = color.range == Range::kFull ? EB_CR_FULL_RANGE : EB_CR_STUDIO_RANGE;
  switch (color.chroma_location) {  // 6.4.2 has names for these two only
    case ChromaLocation::kLeft: native.chroma_sample_position = EB_CSP_VERTICAL; break;
    case ChromaLocation::kTopLeft: native.chroma_sample_position = EB_CSP_COLOCATED; break;
    default: native.chroma_sample_position = EB_CSP_UNKNOWN; break;
  }
}

ColorInfo color_of(const EbSvtAv1EncConfiguration& native) {
  ColorInfo color;
  color.primaries = static_cast<Primaries>(native.color_primaries);
  color.transfer = static_cast<Transfer>(native.transfer_characteristics);
  color.matrix = static_cast<Matrix>(native.matrix_coefficients);
  color.range = native.color_range == EB_CR_FULL_RANGE ? Range::kFull : Range::kLimited;
  if (native.chroma_sample_position == EB_CSP_VERTICAL) color.chroma_location = ChromaLocation::kLeft;
  if (native.chroma_sample_position == EB_CSP_COLOCATED) color.chroma_location = ChromaLocation::kTopLeft;
  return color;
}

Status map_rate(const EncoderConfig& config, EbSvtAv1EncConfiguration& native) {
  const RateControl& rate = config.rate;
  for (const std::int64_t bits : {rate.bitrate_bits_per_s, rate.maxrate_bits_per_s}) {
    if (bits > kMaxBitrate) {
      return make_error(ErrorCode::kNotPossible, "svt-av1 takes bit rates up to {} bit/s, {} are asked for",
                        kMaxBitrate, bits);
    }
  }
  switch (rate.mode) {
    case RateControl::Mode::kCrf:
      if (rate.crf != std::floor(rate.crf) || rate.crf < 1 || rate.crf > kMaxQuantizer) {
        return make_error(ErrorCode::kUsage, "--crf {}: svt-av1 takes whole numbers from 1 to {}", rate.crf,
                          kMaxQuantizer);
      }
      native.rate_control_mode = SVT_AV1_RC_MODE_CQP_OR_CRF;
      native.enable_adaptive_quantization = 2;
      native.qp = static_cast<std::uint32_t>(rate.crf);
      native.max_bit_rate = static_cast<std::uint32_t>(rate.maxrate_bits_per_s);
      break;
    case RateControl::Mode::kQp:
      if (rate.qp < 1 || rate.qp > kMaxQuantizer) {
        return make_error(ErrorCode::kUsage, "--qp {} is outside 1...{}", rate.qp, kMaxQuantizer);
      }
      native.rate_control_mode = SVT_AV1_RC_MODE_CQP_OR_CRF;
      native.enable_adaptive_quantization = 0;
      native.qp = static_cast<std::uint32_t>(rate.qp);
      break;
    case RateControl::Mode::kVbr:
      if (rate.maxrate_bits_per_s > 0) {
        return make_error(ErrorCode::kNotPossible,
                          "svt-av1 keeps a cap (--maxrate) only with --crf, not with --bitrate: its VBR has none");
      }
      native.rate_control_mode = SVT_AV1_RC_MODE_VBR;
      native.target_bit_rate = static_cast<std::uint32_t>(rate.bitrate_bits_per_s);
      break;
    case RateControl::Mode::kCbr:
      return make_error(ErrorCode::kNotPossible,
                        "svt-av1 has constant bit rate only without reordering and signals no HRD: use --crf with "
                        "--maxrate, or --bitrate, or an HEVC encoder");
  }
  return {};
}

Status map_speed(const std::string& speed, EbSvtAv1EncConfiguration& native, const char* option) {
  char* end = nullptr;
  const long preset = std::strtol(speed.c_str(), &end, 10);
  if (speed.empty() || *end != '\0' || preset < -1 || preset > MAX_ENC_PRESET) {
    return make_error(ErrorCode::kUsage, "svt-av1 has no preset '{}'; {} takes -1 (slowest) to {} (fastest)", speed,
                      option, static_cast<int>(MAX_ENC_PRESET));
  }
  native.enc_mode = static_cast<std::int8_t>(preset);
  return {};
}

void map_threads(const EncoderConfig& config, EbSvtAv1EncConfiguration& native) {
#if SVT_AV1_CHECK_VERSION(2, 3, 0)
  native.level_of_parallelism = svt_parallelism(config.threads);
  native.pin_threads = 0;
#else
  native.logical_processors = svt_parallelism(config.threads);
  native.pin_threads = 0;  // would bind every encoder of the machine to the same processors
#endif
}

Status map_config(const EncoderConfig& config, EbSvtAv1EncConfiguration& native) {
  JINSHA_TRY(map_speed(config.speed.empty() ? svt_capabilities().default_speed : config.speed, native, "--speed"));
  native.source_width = static_cast<std::uint32_t>(config.width);
  native.source_height = static_cast<std::uint32_t>(config.height);
  const Rational rate = config.frame_rate.reduced();
  native.frame_rate_numerator = static_cast<std::uint32_t>(rate.num);
  native.frame_rate_denominator = static_cast<std::uint32_t>(rate.den);
  native.encoder_bit_depth = static_cast<std::uint32_t>(config.format.depth);
  native.encoder_color_format = EB_YUV420;
  native.profile = MAIN_PROFILE;
  native.intra_period_length = config.gop_frames - 1;  // frames between two key frames
  native.intra_refresh_type = SVT_AV1_KF_REFRESH;
  native.force_key_frames = config.rate.mode == RateControl::Mode::kCrf || config.rate.mode == RateControl::Mode::kQp;
  map_threads(config, native);
  map_color(config, native);
  map_hdr(config, native);
  JINSHA_TRY(map_rate(config, native));
  if (!config.tune.empty() && svt_av1_enc_parse_parameter(&native, "tune", config.tune.c_str()) != EB_ErrorNone) {
    return make_error(ErrorCode::kUsage, "svt-av1 has no tune '{}'; 0 is visual quality, 1 is PSNR", config.tune);
  }
  return {};
}

// The library answers an unknown name and a bad value alike: a name it takes with some other value
// is a known one.
bool is_known_name(const EbSvtAv1EncConfiguration& native, const std::string& name) {
  for (const char* value : {"0", "1", "2", "16", "main", "420", "idr", "max", "bt709", "left", "studio", "strict",
                            "G(0.265,0.69)B(0.15,0.06)R(0.68,0.32)WP(0.3127,0.329)L(1000,0.01)", "1000,400"}) {
    EbSvtAv1EncConfiguration scratch = native;
    if (svt_av1_enc_parse_parameter(&scratch, name.c_str(), value) == EB_ErrorNone) return true;
  }
  return false;
}

Status apply_user_params(const EncoderConfig& config, EbSvtAv1EncConfiguration& native) {
  for (const auto& [raw_name, value] : config.params) {
    std::string name = raw_name;
    if (name.starts_with("--")) name.erase(0, 2);
    for (const Refused& refused : kRefused) {
      if (name == refused.name) {
        return make_error(ErrorCode::kUsage, "--encoder-param {}={}: {}", raw_name, value, refused.reason);
      }
    }
    if (name == "preset") {
      JINSHA_TRY(map_speed(value, native, "--encoder-param preset"));
      continue;
    }
    // SVT-AV1 1.4 passes over a keyint that is no number.
    const bool bad_keyint =
        name == "keyint" && (value.empty() || value.find_first_not_of("-0123456789s") != value.npos);
    if (!bad_keyint && svt_av1_enc_parse_parameter(&native, name.c_str(), value.c_str()) == EB_ErrorNone) continue;
    if (is_known_name(native, name)) {
      return make_error(ErrorCode::kUsage, "--encoder-param {}={}: SVT-AV1 {} does not take this value", raw_name,
                        value, svt_av1_get_version());
    }
    return make_error(ErrorCode::kUsage, "--encoder-param {}: SVT-AV1 {} has no such parameter", raw_name,
                      svt_av1_get_version());
  }
  return {};
}

// What can be said to be wrong in words of ours; the library says it only to stderr.
Status check_native(const EncoderConfig& config, const EbSvtAv1EncConfiguration& native) {
  constexpr std::int64_t kSamples4K = 4096 * 2304;
  if (native.rate_control_mode == SVT_AV1_RC_MODE_CBR) {
    return make_error(ErrorCode::kNotPossible, "svt-av1 has constant bit rate only without reordering: use rc=0 or 1");
  }
  if (native.intra_period_length < -1 || native.multiply_keyint) {
    return make_error(
        ErrorCode::kUsage,
        "--encoder-param keyint: give a number of frames, so that the plan knows where the key frames are");
  }
  if (native.intra_period_length == 0) {
    return make_error(ErrorCode::kNotPossible, "svt-av1 cannot code key frames only: --gop must be at least 2");
  }
  if (!config.keyframes.empty() && native.rate_control_mode != SVT_AV1_RC_MODE_CQP_OR_CRF) {
    return make_error(ErrorCode::kNotPossible, "svt-av1 takes forced key frames only with --crf or --qp");
  }
  if (std::int64_t{config.width} * config.height > kSamples4K && native.enc_mode < 8) {
    return make_error(ErrorCode::kNotPossible, "svt-av1 codes {}x{} only with presets 8 and faster, {} is asked for",
                      config.width, config.height, static_cast<int>(native.enc_mode));
  }
  if (config.width < 64 || config.height < 64) {
    return make_error(ErrorCode::kNotPossible, "svt-av1 codes pictures from 64x64, this one is {}x{}", config.width,
                      config.height);
  }
  if (config.frame_rate.num > 240 * config.frame_rate.den) {
    return make_error(ErrorCode::kNotPossible, "svt-av1 codes at most 240 frames a second");
  }
  if (native.matrix_coefficients == 0) {
    return make_error(ErrorCode::kNotPossible, "the identity matrix (RGB) needs 4:4:4, which svt-av1 cannot code");
  }
  return {};
}

Status set_level(const EncoderConfig& config, EbSvtAv1EncConfiguration& native) {
  if (native.level != 0) return {};  // --encoder-param level
  LevelRequest request;
  request.width = config.width;
  request.height = config.height;
  request.frame_rate = config.frame_rate;
  request.bitrate_bits_per_s =
      native.rate_control_mode == SVT_AV1_RC_MODE_VBR ? native.target_bit_rate : native.max_bit_rate;
  request.level_idc = config.level_idc;
  request.tier = config.tier;
  JINSHA_ASSIGN(const LevelChoice choice, choose_level(Codec::kAv1, request));
  native.level = static_cast<std::uint32_t>((2 + choice.level_idc / 4) * 10 + choice.level_idc % 4);
  native.tier = choice.tier == Tier::kHigh ? 1 : 0;
  return {};
}

struct NativeField {
  const char* name;
  int (*value)(const EbSvtAv1EncConfiguration& native);
};
constexpr NativeField kNativeFields[] = {
    {"preset", [](const auto& n) { return static_cast<int>(n.enc_mode); }},
    {"rc", [](const auto& n) { return static_cast<int>(n.rate_control_mode); }},
    {"aq-mode", [](const auto& n) { return static_cast<int>(n.enable_adaptive_quantization); }},
    {"qp", [](const auto& n) { return static_cast<int>(n.qp); }},
    {"mbr", [](const auto& n) { return static_cast<int>(n.max_bit_rate); }},
    {"tbr", [](const auto& n) { return static_cast<int>(n.target_bit_rate); }},
    {"keyint", [](const auto& n) { return static_cast<int>(n.intra_period_length) + 1; }},
    {"irefresh-type", [](const auto& n) { return static_cast<int>(n.intra_refresh_type); }},
    {"tune", [](const auto& n) { return static_cast<int>(n.tune); }},
    {"tile-rows", [](const auto& n) { return static_cast<int>(n.tile_rows); }},
    {"tile-columns", [](const auto& n) { return static_cast<int>(n.tile_columns); }},
    {"level", [](const auto& n) { return static_cast<int>(n.level); }},
    {"tier", [](const auto& n) { return static_cast<int>(n.tier); }},
    {"lp", [](const auto& n) { return static_cast<int>(svt_asked_parallelism(n)); }},
};

EncoderSettings settings_of(const EncoderConfig& config, const EbSvtAv1EncConfiguration& native) {
  EncoderSettings settings = settings_from(config);
  settings.version = fmt::format("SVT-AV1 {}", svt_av1_get_version());
  settings.profile = av1_profile_name(static_cast<int>(native.profile));
  settings.level_idc = static_cast<int>((native.level / 10 - 2) * 4 + native.level % 10);
  // Levels below 4.0 have no tier bit.
  settings.tier = native.tier != 0 && native.level >= 40 ? Tier::kHigh : Tier::kMain;
  settings.rate = {};
  if (native.rate_control_mode == SVT_AV1_RC_MODE_VBR) {
    settings.rate.mode = RateControl::Mode::kVbr;
    settings.rate.bitrate_bits_per_s = native.target_bit_rate;
  } else if (native.enable_adaptive_quantization == 0) {
    settings.rate.mode = RateControl::Mode::kQp;
    settings.rate.qp = static_cast<int>(native.qp);
  } else {
    settings.rate.mode = RateControl::Mode::kCrf;
    settings.rate.crf = native.qp;
    // A cap on the average: no buffer is modelled, so none is promised.
    settings.rate.maxrate_bits_per_s = native.max_bit_rate;
  }
  settings.hrd = false;
  settings.access_unit_delimiters = false;
  settings.closed_gop = native.intra_refresh_type == SVT_AV1_KF_REFRESH;
  settings.gop_frames = native.intra_period_length < 0 ? INT32_MAX : native.intra_period_length + 1;
  settings.fixed_gop = true;
  settings.b_frames = 0;  // reordering stays inside the temporal units
  settings.color = color_of(native);
  settings.hdr = hdr_of(config, native);
  settings.max_held_frames = 0;  // svt_av1_enc_send_picture copies the samples
  settings.memory_bytes = svt_memory_bytes(native, config.total_frames);
  for (const NativeField& field : kNativeFields) settings.native[field.name] = std::to_string(field.value(native));
  for (const auto& [name, value] : config.params) settings.native[name] = value;
  settings.notes = open_rate_notes(settings);
  return settings;
}

Result<SvtHandle> make_handle(EbSvtAv1EncConfiguration& native) {
  silence_log();
  EbComponentType* handle = nullptr;
#if SVT_AV1_CHECK_VERSION(3, 0, 0)
  const EbErrorType code = svt_av1_enc_init_handle(&handle, &native);
#else
  const EbErrorType code = svt_av1_enc_init_handle(&handle, nullptr, &native);
#endif
  if (code != EB_ErrorNone || handle == nullptr) {
    return make_error(ErrorCode::kNotPossible, "SVT-AV1 cannot make an encoder (code {:#x})",
                      static_cast<unsigned>(code));
  }
  return SvtHandle(handle, SvtClose{});
}

Result<SvtSession> build(const EncoderConfig& config, bool explain);

// The first of the user's parameters without which the library takes the settings.
std::string culprit(const EncoderConfig& config) {
  for (std::size_t i = 0; i < config.params.size(); ++i) {
    EncoderConfig less = config;
    less.params.erase(less.params.begin() + static_cast<std::ptrdiff_t>(i));
    if (build(less, false).ok()) {
      return fmt::format(": --encoder-param {}={} is out of range or does not go with the others",
                         config.params[i].first, config.params[i].second);
    }
  }
  return config.params.empty() ? "" : ": look at the values of --encoder-param";
}

Result<std::vector<std::uint8_t>> read_stats(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<std::uint8_t> data{std::istreambuf_iterator<char>(stream), {}};
  if (!stream || data.empty()) return make_error(ErrorCode::kInternal, "a pass of SVT-AV1 left nothing in {}", file);
  return data;
}

Result<SvtSession> build(const EncoderConfig& config, bool explain) {
  SvtSession session;
  JINSHA_ASSIGN(session.handle, make_handle(session.native));
  JINSHA_TRY(map_config(config, session.native));
  JINSHA_TRY(apply_user_params(config, session.native));
  JINSHA_TRY(check_native(config, session.native));
  JINSHA_TRY(set_level(config, session.native));
  session.native.pass = config.pass;
  session.looks_only = config.looks_only();
  if (config.pass > 1) {
    JINSHA_ASSIGN(session.stats, read_stats(config.stats_file));
    session.native.rc_stats_buffer = {session.stats.data(), session.stats.size()};
  }
  if (svt_av1_enc_set_parameter(session.handle.get(), &session.native) != EB_ErrorNone) {
    return make_error(ErrorCode::kNotPossible, "SVT-AV1 {} refuses these settings{}", svt_av1_get_version(),
                      explain ? culprit(config) : "");
  }
  session.settings = settings_of(config, session.native);
  return session;
}

}  // namespace

void SvtClose::operator()(EbComponentType* handle) const {
  if (started && !fed) {
    // Closing waits for the last packet, which never comes where no picture went in: send a blank
    // one (every sample the same zero row).
    std::vector<std::uint16_t> row(static_cast<std::size_t>(width), 0);
    EbSvtIOFormat planes{};
    planes.luma = planes.cb = planes.cr = reinterpret_cast<std::uint8_t*>(row.data());
    planes.width = static_cast<std::uint32_t>(width);
    planes.height = static_cast<std::uint32_t>(height);
    planes.color_fmt = EB_YUV420;
    planes.bit_depth = depth > 8 ? EB_TEN_BIT : EB_EIGHT_BIT;
    EbBufferHeaderType picture{};
    picture.size = sizeof picture;
    picture.p_buffer = reinterpret_cast<std::uint8_t*>(&planes);
    picture.n_filled_len = static_cast<std::uint32_t>(width * height) * 3 / 2 * (depth > 8 ? 2 : 1);
    picture.pic_type = EB_AV1_INVALID_PICTURE;
    svt_av1_enc_send_picture(handle, &picture);
  }
  if (started) svt_av1_enc_deinit(handle);
  svt_av1_enc_deinit_handle(handle);
}

std::uint32_t svt_parallelism(int threads) {
#if SVT_AV1_CHECK_VERSION(2, 3, 0)
  // Levels 1 to 6, each meant for up to so many processors.
  constexpr int kUpTo[] = {1, 2, 5, 11, 23};
  std::uint32_t level = 1;
  for (const int limit : kUpTo) {
    if (threads > limit) ++level;
  }
  return level;
#else
  return static_cast<std::uint32_t>(std::clamp(threads, 1, 64));
#endif
}

std::uint32_t svt_asked_parallelism(const EbSvtAv1EncConfiguration& native) {
#if SVT_AV1_CHECK_VERSION(2, 3, 0)
  return native.level_of_parallelism;
#else
  return native.logical_processors;
#endif
}

int svt_passes() {
#if SVT_AV1_CHECK_VERSION(1, 5, 0)
  return 2;
#else
  return 3;
#endif
}

Status write_svt_stats(const SvtSession& session, const std::string& file) {
  SvtAv1FixedBuf stats{};
  const EbErrorType code =
      svt_av1_enc_get_stream_info(session.handle.get(), SVT_AV1_STREAM_INFO_FIRST_PASS_STATS_OUT, &stats);
  // A pass in the middle changes those it was given.
  if (code == EB_ErrorNone && stats.sz == 0) stats = session.native.rc_stats_buffer;
  if (code != EB_ErrorNone || stats.sz == 0)
    return make_error(ErrorCode::kInternal, "a pass of SVT-AV1 {} found nothing", svt_av1_get_version());
  std::ofstream stream(file, std::ios::binary);
  stream.write(static_cast<const char*>(stats.buf), static_cast<std::streamsize>(stats.sz));
  stream.close();
  if (stream.fail())
    return make_error(ErrorCode::kOutput, "what a pass found cannot be written to {}: is the disk full?", file);
  return {};
}

Status start_svt(SvtSession& session) {
  SvtClose& close = session.handle.get_deleter();
  close.started = true;
  close.width = session.settings.width;
  close.height = session.settings.height;
  close.depth = session.settings.format.depth;
  const EbErrorType code = svt_av1_enc_init(session.handle.get());
  if (code != EB_ErrorNone) {
    return make_error(ErrorCode::kNotPossible, "SVT-AV1 {} cannot start at {}x{}: no memory or threads (code {:#x})",
                      svt_av1_get_version(), session.settings.width, session.settings.height,
                      static_cast<unsigned>(code));
  }
  EbBufferHeaderType* header = nullptr;
  if (svt_av1_enc_stream_header(session.handle.get(), &header) != EB_ErrorNone || header == nullptr) {
    return make_error(ErrorCode::kInternal, "SVT-AV1 {} gave no sequence header", svt_av1_get_version());
  }
  session.headers = copy_bytes({header->p_buffer, header->n_filled_len});
  svt_av1_enc_stream_header_release(header);
  if (session.looks_only) return {};  // it chooses tools of its own
  const auto coded = read_av1_sequence_header(*session.headers);
  const EncoderSettings& planned = session.settings;
  if (!coded || av1_profile_name(coded->profile) != planned.profile || coded->level_idx != planned.level_idc ||
      coded->tier != planned.tier || coded->color != planned.color) {
    return make_error(ErrorCode::kInternal,
                      "SVT-AV1 {} wrote another sequence header than planned: level {} {} tier, {}; planned {} {}, {}",
                      svt_av1_get_version(), coded ? level_name(Codec::kAv1, coded->level_idx) : "none",
                      coded ? name_of(coded->tier) : "no", coded ? describe(coded->color) : "no colour",
                      level_name(Codec::kAv1, planned.level_idc), name_of(planned.tier), describe(planned.color));
  }
  return {};
}

Result<SvtSession> configure_svt(const EncoderConfig& config) {
  if (config.rate.mode == RateControl::Mode::kCbr) {
    EbSvtAv1EncConfiguration unused{};
    JINSHA_TRY(map_rate(config, unused));
  }
  JINSHA_TRY(check_config(config, svt_capabilities(), "svt-av1"));
  if (!config.profile.empty() && config.profile != "main") {
    return make_error(ErrorCode::kNotPossible, "svt-av1 codes profile main (4:2:0, 8 and 10 bit), not '{}'",
                      config.profile);
  }
  JINSHA_ASSIGN(SvtSession session, build(config, true));
  const bool level_by_param = std::any_of(config.params.begin(), config.params.end(), [](const auto& param) {
    return param.first == "level" || param.first == "tier";
  });
  if (!level_by_param && config.tier && session.settings.tier != *config.tier) {
    return make_error(ErrorCode::kNotPossible, "AV1 level {} has no {} tier",
                      level_name(Codec::kAv1, session.settings.level_idc), name_of(*config.tier));
  }
  return session;
}

}  // namespace jinsha
