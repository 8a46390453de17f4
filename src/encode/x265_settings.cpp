#include "encode/x265_settings.h"

#include <fmt/core.h>

#include "encode/common.h"
#include "encode/hevc_headers.h"
#include "encode/level.h"
#include "encode/x265_params.h"

namespace jinsha {
namespace {

// Fields shown in reports under the names of the x265 program's options, so that its command line
// can be written down from them.
struct NativeField {
  const char* name;
  int (*value)(const x265_param& param);
};
constexpr NativeField kNativeFields[] = {
    {"frame-threads", [](const x265_param& p) { return p.frameNumThreads; }},
    {"ctu", [](const x265_param& p) { return static_cast<int>(p.maxCUSize); }},
    {"rc-lookahead", [](const x265_param& p) { return p.lookaheadDepth; }},
    {"lookahead-slices", [](const x265_param& p) { return p.lookaheadSlices; }},
    {"bframes", [](const x265_param& p) { return p.bframes; }},
    {"b-adapt", [](const x265_param& p) { return p.bFrameAdaptive; }},
    {"b-pyramid", [](const x265_param& p) { return p.bBPyramid; }},
    {"ref", [](const x265_param& p) { return p.maxNumReferences; }},
    {"me", [](const x265_param& p) { return p.searchMethod; }},
    {"subme", [](const x265_param& p) { return p.subpelRefine; }},
    {"rd", [](const x265_param& p) { return p.rdLevel; }},
    {"aq-mode", [](const x265_param& p) { return p.rc.aqMode; }},
    {"cutree", [](const x265_param& p) { return p.rc.cuTree; }},
    {"sao", [](const x265_param& p) { return p.bEnableSAO; }},
    {"wpp", [](const x265_param& p) { return p.bEnableWavefront; }},
    {"slices", [](const x265_param& p) { return static_cast<int>(p.maxSlices); }},
    {"keyint", [](const x265_param& p) { return p.keyframeMax; }},
    {"min-keyint", [](const x265_param& p) { return p.keyframeMin; }},
    {"scenecut", [](const x265_param& p) { return p.scenecutThreshold; }},
    {"open-gop", [](const x265_param& p) { return p.bOpenGOP; }},
    {"vbv-maxrate", [](const x265_param& p) { return p.rc.vbvMaxBitrate; }},
    {"vbv-bufsize", [](const x265_param& p) { return p.rc.vbvBufferSize; }},
    {"strict-cbr", [](const x265_param& p) { return p.rc.bStrictCbr; }},
    {"hrd", [](const x265_param& p) { return static_cast<int>(p.bEmitHRDSEI); }},
    {"level-idc", [](const x265_param& p) { return p.levelIdc; }},
    {"high-tier", [](const x265_param& p) { return p.bHighTier; }},
};

RateControl rate_of(const x265_param& param) {
  RateControl rate;
  const bool vbv = param.rc.vbvMaxBitrate > 0 && param.rc.vbvBufferSize > 0;
  if (vbv) {
    rate.maxrate_bits_per_s = std::int64_t{param.rc.vbvMaxBitrate} * 1000;
    rate.bufsize_bits = std::int64_t{param.rc.vbvBufferSize} * 1000;
  }
  switch (param.rc.rateControlMode) {
    case X265_RC_CQP:
      rate.mode = RateControl::Mode::kQp;
      rate.qp = param.rc.qp;
      break;
    case X265_RC_CRF:
      rate.mode = RateControl::Mode::kCrf;
      rate.crf = param.rc.rfConstant;
      break;
    default: {
      const bool constant = vbv && param.rc.bStrictCbr != 0 && param.rc.vbvMaxBitrate <= param.rc.bitrate;
      rate.mode = constant ? RateControl::Mode::kCbr : RateControl::Mode::kVbr;
      rate.bitrate_bits_per_s = std::int64_t{param.rc.bitrate} * 1000;
      break;
    }
  }
  return rate;
}

ColorInfo color_of(const x265_param& param) {
  ColorInfo color;
  const auto& vui = param.vui;
  if (vui.bEnableVideoSignalTypePresentFlag != 0) {
    color.range = vui.bEnableVideoFullRangeFlag != 0 ? Range::kFull : Range::kLimited;
    if (vui.bEnableColorDescriptionPresentFlag != 0) {
      color.primaries = static_cast<Primaries>(vui.colorPrimaries);
      color.transfer = static_cast<Transfer>(vui.transferCharacteristics);
      color.matrix = static_cast<Matrix>(vui.matrixCoeffs);
    }
  }
  if (vui.bEnableChromaLocInfoPresentFlag != 0) {
    color.chroma_location = static_cast<ChromaLocation>(vui.chromaSampleLocTypeTopField);
  }
  return color;
}

HdrMetadata hdr_of(const x265_param& param) {
  HdrMetadata hdr;
  if (param.bEmitHDR10SEI == 0) return hdr;
  // A pointer in x265 3.x, an array in 4.x.
  const char* const display = param.masteringDisplayColorVolume;
  if (display != nullptr && *display != '\0') hdr.mastering_display = parse_mastering_display(display);
  if (param.bEmitCLL != 0) hdr.content_light = ContentLight{param.maxCLL, param.maxFALL};
  return hdr;
}

}  // namespace

Result<EncoderSettings> x265_settings(const EncoderConfig& config, const x265_api& api, const x265_param& param,
                                      const std::vector<std::uint8_t>& headers) {
  const auto coded = read_profile_tier_level(headers);
  if (!coded) return make_error(ErrorCode::kInternal, "x265 {} wrote no video parameter set", api.version_str);
  EncoderSettings settings = settings_from(config);
  settings.version = fmt::format("x265 {}", api.version_str);
  settings.profile = coded->profile;
  settings.level_idc = coded->level_idc;
  settings.tier = coded->tier;
  settings.rate = rate_of(param);
  settings.hrd = param.bEmitHRDSEI != 0;
  settings.cbr_flag = settings.hrd && settings.rate.mode != RateControl::Mode::kCrf &&
                      settings.rate.bitrate_bits_per_s > 0 &&
                      settings.rate.maxrate_bits_per_s <= settings.rate.bitrate_bits_per_s;
  settings.fillers = settings.rate.mode == RateControl::Mode::kCbr;
  settings.access_unit_delimiters = param.bEnableAccessUnitDelimiters != 0;
  settings.closed_gop = param.bOpenGOP == 0 && param.bIntraRefresh == 0;
  // keyint -1: only the first picture.
  settings.gop_frames = param.keyframeMax > 0 ? param.keyframeMax : INT32_MAX;
  settings.fixed_gop = param.scenecutThreshold == 0 && param.bHistBasedSceneCut == 0 && param.bIntraRefresh == 0;
  settings.b_frames = param.bframes;
  settings.color = color_of(param);
  settings.hdr = hdr_of(param);
  settings.max_held_frames = 0;  // x265 copies the samples before x265_encoder_encode returns
  settings.memory_bytes = x265_memory_bytes(param);
  for (const NativeField& field : kNativeFields) settings.native[field.name] = std::to_string(field.value(param));
  const char* const pools = param.numaPools;  // a pointer in 3.x, an array in 4.x
  settings.native["pools"] = pools != nullptr && *pools != '\0' ? pools : "*";
  for (const auto& [name, value] : config.params) settings.native[name] = value;
  settings.notes = open_rate_notes(settings);
  return settings;
}

Status check_x265_promises(const EncoderConfig& config, const x265_param& param, const EncoderSettings& settings) {
  if (config.access_unit_delimiters && param.bEnableAccessUnitDelimiters == 0) {
    return make_error(ErrorCode::kUsage,
                      "--encoder-param aud=0: the transport stream needs access unit delimiters (H.222.0 2.14); leave "
                      "it out or write another --format");
  }
  if (config.repeat_headers && param.bRepeatHeaders == 0) {
    return make_error(ErrorCode::kUsage,
                      "--encoder-param repeat-headers=0: receivers that join this --format later need parameter sets "
                      "at every key frame; leave it out or write .mp4");
  }
  if (settings.profile == "none" || settings.level_idc == 0) {
    return make_error(ErrorCode::kNotPossible,
                      "x265 finds no HEVC profile and level for these settings (references, CTU size or size and rate "
                      "are beyond every level)");
  }
  for (const auto& [name, value] : config.params) {
    if (name.find("level") != std::string::npos || name.find("tier") != std::string::npos) return {};
  }
  if (config.level_idc != 0 && config.level_idc != settings.level_idc) {
    return make_error(ErrorCode::kNotPossible, "x265 signals level {} for these settings, --level {} cannot be had",
                      level_name(Codec::kHevc, settings.level_idc), level_name(Codec::kHevc, config.level_idc));
  }
  if (config.tier && *config.tier != settings.tier) {
    return make_error(ErrorCode::kNotPossible,
                      "x265 signals {} tier for these settings: it uses High tier only where the bit rate or the "
                      "buffer are beyond Main tier of the level",
                      name_of(settings.tier));
  }
  return {};
}

}  // namespace jinsha
