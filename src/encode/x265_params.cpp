#include "encode/x265_params.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/os.h"
#include "encode/backends.h"
#include "encode/common.h"
#include "encode/hevc_headers.h"
#include "encode/level.h"
#include "encode/x265_settings.h"

namespace jinsha {
namespace {

// What was taken from --encoder-param instead of from the config.
struct Choices {
  std::string preset;
  std::string tune;
  std::string profile;
};

// Parameters that x265 knows but that would break what the rest of the job relies on.
struct Refused {
  const char* name;
  const char* reason;
};
constexpr Refused kRefused[] = {
    {"input-res", "the picture size is set by --size"},
    {"input-csp", "the format is set by --chroma"},
    {"input-depth", "the depth is set by --depth"},
    {"output-depth", "the depth is set by --depth"},
    {"fps", "the frame rate is set by --fps"},
    {"interlace", "only progressive frames are coded"},
    {"field", "only progressive frames are coded"},
    {"frame-dup", "it drops frames, and every frame of the plan has to be in the stream"},
    {"chunk-start", "the range of frames is set by --range"},
    {"chunk-end", "the range of frames is set by --range"},
    {"pass", "passes are asked for with --passes"},
    {"stats", "passes are asked for with --passes"},
    {"annexb", "the stream is an Annex B byte stream"},
    {"log", "messages go to jinsha's own log"},
    {"log-level", "messages go to jinsha's own log"},
};

// "no-sao", "saO" and "SAO" are spellings x265 takes; "_" for "-" it takes too.
std::string canonical_name(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', '-');
  if (text.starts_with("--")) text.erase(0, 2);
  return text;
}

std::string without_no(const std::string& name) { return name.starts_with("no-") ? name.substr(3) : name; }

// Pictures in flight. A constant: the coded bits depend on it, so it must not follow the number of
// cores as x265's own choice does. Two hide the ends of the wavefronts; with three and more, CRF
// under load sometimes gives other bits (1 run of 70: B pictures one quantizer off), and each costs
// the memory of several pictures.
constexpr int kFrameThreads = 2;
//
// With more than one, x265 (3.5, 4.1) can wait for ever: when no picture is decided, Encoder::encode sets
// m_finalFrameCount and wakes RateControl::rateControlEnd without the lock under which that, having read the old
// count, goes to wait. Seen twice, both times with small pictures, whose frame threads end together; those gain nothing
// from a second one.
constexpr int kPixelsForFrameThreads = 1280 * 720;

void map_color(const EncoderConfig& config, x265_param* param) {
  auto& vui = param->vui;
  const ColorInfo& color = config.color;
  if (color.primaries != Primaries::kUnspecified || color.transfer != Transfer::kUnspecified ||
      color.matrix != Matrix::kUnspecified) {
    vui.bEnableVideoSignalTypePresentFlag = 1;
    vui.bEnableColorDescriptionPresentFlag = 1;
    vui.colorPrimaries = static_cast<int>(color.primaries);
    vui.transferCharacteristics = static_cast<int>(color.transfer);
    vui.matrixCoeffs = static_cast<int>(color.matrix);
  }
  if (color.range != Range::kUnspecified) {
    vui.bEnableVideoSignalTypePresentFlag = 1;
    vui.bEnableVideoFullRangeFlag = color.range == Range::kFull ? 1 : 0;
  }
  // E.3.1: the location is defined for 4:2:0 only.
  if (color.chroma_location != ChromaLocation::kUnspecified && config.format.chroma == Chroma::k420) {
    vui.bEnableChromaLocInfoPresentFlag = 1;
    vui.chromaSampleLocTypeTopField = static_cast<int>(color.chroma_location);
    vui.chromaSampleLocTypeBottomField = static_cast<int>(color.chroma_location);
  }
}

int kilo(std::int64_t bits) { return static_cast<int>(std::min<std::int64_t>(bits / 1000, INT32_MAX)); }

void map_rate(const EncoderConfig& config, x265_param* param) {
  auto& rc = param->rc;
  const RateControl rate = resolved_rate(config.rate);
  rc.vbvMaxBitrate = kilo(rate.maxrate_bits_per_s);
  rc.vbvBufferSize = kilo(rate.bufsize_bits);
  switch (rate.mode) {
    case RateControl::Mode::kCrf:
      rc.rateControlMode = X265_RC_CRF;
      rc.rfConstant = rate.crf;
      break;
    case RateControl::Mode::kQp:
      rc.rateControlMode = X265_RC_CQP;
      rc.qp = rate.qp;
      break;
    case RateControl::Mode::kVbr:
      rc.rateControlMode = X265_RC_ABR;
      rc.bitrate = kilo(rate.bitrate_bits_per_s);
      break;
    case RateControl::Mode::kCbr:
      rc.rateControlMode = X265_RC_ABR;
      rc.bitrate = kilo(rate.bitrate_bits_per_s);
      rc.bStrictCbr = 1;
      param->bEmitHRDSEI = 1;
      break;
  }
}

Status parse_one(const x265_api* api, x265_param* param, const char* name, const std::string& value) {
  const int code = api->param_parse(param, name, value.c_str());
  if (code == 0) return {};
  return make_error(ErrorCode::kInternal, "x265 does not take {}={}", name, value);
}

Status map_config(const EncoderConfig& config, const x265_api* api, x265_param* param) {
  param->logLevel = X265_LOG_NONE;
  param->sourceWidth = config.width;
  param->sourceHeight = config.height;
  param->internalBitDepth = config.format.depth;
  switch (config.format.chroma) {
    case Chroma::k400: param->internalCsp = X265_CSP_I400; break;
    case Chroma::k420: param->internalCsp = X265_CSP_I420; break;
    case Chroma::k422: param->internalCsp = X265_CSP_I422; break;
    case Chroma::k444: param->internalCsp = X265_CSP_I444; break;
  }
  const Rational rate = config.frame_rate.reduced();
  param->fpsNum = static_cast<std::uint32_t>(rate.num);
  param->fpsDenom = static_cast<std::uint32_t>(rate.den);
  // The x265 program sets both from its input; without them rate control decides otherwise.
  param->totalFrames = static_cast<int>(std::min<std::int64_t>(config.total_frames, INT32_MAX));
  if (config.sample_aspect.valid()) {
    const Rational aspect = config.sample_aspect.reduced();
    JINSHA_TRY(parse_one(api, param, "sar", fmt::format("{}:{}", aspect.num, aspect.den)));
  }

  param->frameNumThreads = config.width * config.height < kPixelsForFrameThreads ? 1 : kFrameThreads;
  // The lookahead searches in batches, with other results, on pools of 4 and more threads: smaller
  // pools would make the coded bits depend on the machine.
  constexpr int kSmallestPool = 4;
  JINSHA_TRY(parse_one(api, param, "pools", std::to_string(std::max(config.threads, kSmallestPool))));
  // x265 3.x finds AVX-512 but uses it only when told to; 4.x gains nothing from it.
  if (std::string_view(api->version_str).starts_with("3.") && cpu_has_avx512()) {
    JINSHA_TRY(parse_one(api, param, "asm", "avx512"));
  }
  // The SEI with x265's options names processor and threads, which differ between machines.
  param->bEmitInfoSEI = 0;

  param->bOpenGOP = 0;
  param->keyframeMax = config.gop_frames;
  param->keyframeMin = config.gop_frames;
  param->scenecutThreshold = 0;

  param->bRepeatHeaders = config.repeat_headers ? 1 : 0;
  param->bEnableAccessUnitDelimiters = config.access_unit_delimiters ? 1 : 0;
  param->bEmitHRDSEI = config.hrd ? 1 : 0;
  param->bAnnexB = 1;
  map_rate(config, param);
  if (config.pass > 0) {
    JINSHA_TRY(parse_one(api, param, "pass", std::to_string(config.pass)));
    JINSHA_TRY(parse_one(api, param, "stats", config.stats_file));
  }
  map_color(config, param);

  // x265 writes content light with every mastering display unless told not to, as 0 and 0.
  param->bEmitCLL = config.hdr.content_light.has_value() ? 1 : 0;
  if (config.hdr.mastering_display) {
    JINSHA_TRY(parse_one(api, param, "master-display", mastering_display_text(*config.hdr.mastering_display)));
    param->bEmitHDR10SEI = 1;
  }
  if (config.hdr.content_light) {
    param->maxCLL = config.hdr.content_light->max_cll_nits;
    param->maxFALL = config.hdr.content_light->max_fall_nits;
    param->bEmitHDR10SEI = 1;
  }
  return {};
}

Status apply_user_params(const EncoderConfig& config, const x265_api* api, x265_param* param) {
  for (const auto& [raw_name, value] : config.params) {
    const std::string name = canonical_name(raw_name);
    if (name == "preset" || name == "tune" || name == "profile") continue;  // no keys of x265_param_parse
    for (const Refused& refused : kRefused) {
      if (without_no(name) == refused.name) {
        return make_error(ErrorCode::kUsage, "--encoder-param {}={}: {}", raw_name, value, refused.reason);
      }
    }
    const int code = api->param_parse(param, name.c_str(), value.empty() ? nullptr : value.c_str());
    if (code == X265_PARAM_BAD_NAME) {
      return make_error(ErrorCode::kUsage, "--encoder-param {}: x265 {} has no such parameter", raw_name,
                        api->version_str);
    }
    if (code != 0) {
      return make_error(ErrorCode::kUsage, "--encoder-param {}={}: x265 {} does not take this value", raw_name, value,
                        api->version_str);
    }
    param->logLevel = X265_LOG_NONE;
    if (name == "max-cll") param->bEmitCLL = 1;
  }
  return {};
}

std::string name_list(const char* const* names) {
  std::string list;
  for (; *names != nullptr; ++names) list += list.empty() ? *names : fmt::format(", {}", *names);
  return list;
}

// Highest rates the stream may have, from the parameters themselves, for the level.
LevelRequest level_request(const EncoderConfig& config, const x265_param& param) {
  LevelRequest request;
  request.width = config.width;
  request.height = config.height;
  request.frame_rate = config.frame_rate;
  if (param.rc.rateControlMode == X265_RC_ABR) request.bitrate_bits_per_s = std::int64_t{param.rc.bitrate} * 1000;
  if (param.rc.vbvBufferSize > 0 && param.rc.vbvMaxBitrate > 0) {
    request.bitrate_bits_per_s = std::int64_t{param.rc.vbvMaxBitrate} * 1000;
    request.cpb_bits = std::int64_t{param.rc.vbvBufferSize} * 1000;
  }
  // As x265 fills sps_max_dec_pic_buffering.
  const int reorder = param.bBPyramid != 0 && param.bframes > 1 ? 2 : param.bframes > 0 ? 1 : 0;
  request.dpb_pictures = std::min(16, std::max(reorder + 2, param.maxNumReferences) + 1);
  request.level_idc = config.level_idc;
  request.tier = config.tier;
  return request;
}

// Sets level and tier. x265 told a level adds a VBV to CRF and refuses constant QP, so it is told
// only where the rate is bounded; else it finds the same level from size and rate by itself.
Status set_level(const EncoderConfig& config, x265_param* param) {
  if (param->levelIdc != 0) return {};  // --encoder-param level-idc
  const LevelRequest request = level_request(config, *param);
  JINSHA_ASSIGN(const LevelChoice choice, choose_level(Codec::kHevc, request));
  const bool bounded = param->rc.rateControlMode == X265_RC_ABR || request.cpb_bits > 0;
  if (!bounded) {
    LevelRequest free = request;
    free.level_idc = 0;
    free.tier.reset();
    JINSHA_ASSIGN(const LevelChoice own, choose_level(Codec::kHevc, free));
    if (own.level_idc == choice.level_idc && own.tier == choice.tier) return {};
    if (param->rc.rateControlMode == X265_RC_CQP) {
      return make_error(ErrorCode::kNotPossible,
                        "x265 signals level {} here; --level {} at --qp is refused, because no bit rate is bounded: "
                        "use --crf with --maxrate, or drop --level",
                        level_name(Codec::kHevc, own.level_idc), level_name(Codec::kHevc, choice.level_idc));
    }
  }
  // x265 counts levels in tenths.
  param->levelIdc = choice.level_idc / 3;
  param->bHighTier = choice.tier == Tier::kHigh ? 1 : 0;
  return {};
}

// The preset's sliced motion searches are switched off where they would make the coded bits depend
// on the number of threads: with the trellis of b-adapt 2 the lookahead takes another path on
// pools of 4 and more threads, and slices make the costs of the two paths differ.
void pin_lookahead(const EncoderConfig& config, x265_param* param) {
  for (const auto& [name, value] : config.params) {
    if (canonical_name(name) == "lookahead-slices") return;
  }
  if (param->bFrameAdaptive == X265_B_ADAPT_TRELLIS) param->lookaheadSlices = 0;
}

std::string culprit(const EncoderConfig& config);

// `explain`: say which of the user's parameters is at fault when x265 refuses to open.
Result<X265Session> build(const EncoderConfig& config, bool explain) {
  X265Session session;
  session.api = x265_api_get(config.format.depth);
  const x265_api* api = session.api;
  if (api == nullptr || !x265_api_fits(api) || api->bit_depth != config.format.depth) {
    return make_error(ErrorCode::kNotPossible, "the x265 library found here was built without {} bit",
                      config.format.depth);
  }
  Choices choices{config.speed.empty() ? "medium" : config.speed, config.tune, config.profile};
  for (const auto& [name, value] : config.params) {
    const std::string key = canonical_name(name);
    if (key == "preset") choices.preset = value;
    if (key == "tune") choices.tune = value;
    if (key == "profile") choices.profile = value;
  }

  session.param = X265Param(api->param_alloc(), X265ParamFree{api});
  x265_param* param = session.param.get();
  if (param == nullptr) return make_error(ErrorCode::kNotPossible, "x265 has no memory for its parameters");
  if (api->param_default_preset(param, choices.preset.c_str(), nullptr) != 0) {
    return make_error(ErrorCode::kUsage, "x265 has no preset '{}'; there are: {}", choices.preset,
                      name_list(x265_preset_names));
  }
  if (!choices.tune.empty() && api->param_default_preset(param, choices.preset.c_str(), choices.tune.c_str()) != 0) {
    return make_error(ErrorCode::kUsage, "x265 has no tune '{}'; there are: {}", choices.tune,
                      name_list(x265_tune_names));
  }
  JINSHA_TRY(map_config(config, api, param));
  JINSHA_TRY(apply_user_params(config, api, param));
  pin_lookahead(config, param);

  if (param->bEmitHRDSEI != 0 && (param->rc.vbvBufferSize == 0 || param->rc.vbvMaxBitrate == 0)) {
    return make_error(ErrorCode::kUsage, "HRD parameters need a buffer: give --maxrate and --bufsize");
  }
  // x265 writes cbr_flag 1 wherever average and cap are equal, with or without fillers.
  if (param->bEmitHRDSEI != 0 && param->rc.bStrictCbr == 0 && param->rc.rateControlMode == X265_RC_ABR &&
      param->rc.bitrate >= param->rc.vbvMaxBitrate) {
    param->rc.bitrate = param->rc.vbvMaxBitrate - 1;
  }
  if (config.width < static_cast<int>(param->maxCUSize) || config.height < static_cast<int>(param->maxCUSize)) {
    return make_error(ErrorCode::kNotPossible,
                      "x265 codes no picture smaller than one coding tree unit of {}x{}, this one is {}x{}",
                      param->maxCUSize, param->maxCUSize, config.width, config.height);
  }
  JINSHA_TRY(set_level(config, param));
  if (!choices.profile.empty() && api->param_apply_profile(param, choices.profile.c_str()) != 0) {
    return make_error(ErrorCode::kNotPossible, "--profile {} does not allow {}", choices.profile,
                      describe(config.format));
  }

  session.handle = X265Handle(api->encoder_open(param), X265EncoderClose{api});
  if (session.handle == nullptr) {
    return make_error(ErrorCode::kNotPossible, "x265 {} refuses these settings{}", api->version_str,
                      explain ? culprit(config) : "");
  }
  x265_nal* nals = nullptr;
  std::uint32_t count = 0;
  if (api->encoder_headers(session.handle.get(), &nals, &count) < 0 || count == 0) {
    return make_error(ErrorCode::kInternal, "x265 gave no parameter sets");
  }
  std::vector<std::uint8_t> headers;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (nals[i].type == NAL_UNIT_VPS || nals[i].type == NAL_UNIT_SPS || nals[i].type == NAL_UNIT_PPS) {
      headers.insert(headers.end(), nals[i].payload, nals[i].payload + nals[i].sizeBytes);
    }
  }
  session.headers = make_bytes(std::move(headers));
  const X265Param effective(api->param_alloc(), X265ParamFree{api});
  if (effective == nullptr) return make_error(ErrorCode::kNotPossible, "x265 has no memory for its parameters");
  api->encoder_parameters(session.handle.get(), effective.get());
  JINSHA_ASSIGN(session.settings, x265_settings(config, *api, *effective, *session.headers));
  JINSHA_TRY(check_x265_promises(config, *effective, session.settings));
  session.settings.native["preset"] = choices.preset;
  if (!choices.tune.empty()) session.settings.native["tune"] = choices.tune;
  return session;
}

// The first of the user's parameters without which the encoder opens: x265 tells why it refuses
// only on stderr, where it has been silenced.
std::string culprit(const EncoderConfig& config) {
  constexpr std::size_t kMaxTries = 16;
  if (config.params.empty()) return {};
  for (std::size_t i = 0; i < std::min(config.params.size(), kMaxTries); ++i) {
    EncoderConfig less = config;
    less.params.clear();
    for (std::size_t k = 0; k < config.params.size(); ++k) {
      if (k != i) less.params.push_back(config.params[k]);
    }
    if (build(less, false).ok()) {
      return fmt::format(": --encoder-param {}={} does not go with the others", config.params[i].first,
                         config.params[i].second);
    }
  }
  return ": look at the values of --encoder-param";
}

}  // namespace

bool x265_api_fits(const x265_api* api) {
  return api->api_build_number == X265_BUILD && api->sizeof_param == static_cast<int>(sizeof(x265_param)) &&
         api->sizeof_picture == static_cast<int>(sizeof(x265_picture));
}

Result<X265Session> open_x265_session(const EncoderConfig& config) {
  JINSHA_TRY(check_config(config, x265_capabilities(), "x265"));
  JINSHA_ASSIGN(X265Session session, build(config, true));
  return session;
}

}  // namespace jinsha
