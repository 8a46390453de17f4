#include "image/hdr_plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "image/hlg_ootf.h"
#include "image/tone_curve.h"
#include "image/transfer.h"

namespace jinsha::image {
namespace {

constexpr double kLuminanceUnit = 0.0001;  // of MasteringDisplay
constexpr double kDefaultPqPeakNits = 1000;
constexpr double kSdrPeakNits = 100;
constexpr double kPqPeakNits = 10'000;

double default_source_peak(const PictureSide& source, std::vector<std::string>& notes) {
  const auto usable = [](double nits) { return nits >= 1 && nits <= kPqPeakNits; };
  if (source.hdr.content_light && usable(source.hdr.content_light->max_cll_nits)) {
    return source.hdr.content_light->max_cll_nits;
  }
  if (source.hdr.mastering_display) {
    const double nits = source.hdr.mastering_display->max_luminance * kLuminanceUnit;
    if (usable(nits)) return nits;
  }
  notes.push_back(fmt::format("peak of the source not stated: assumed {:g} cd/m2", kDefaultPqPeakNits));
  return kDefaultPqPeakNits;
}

Result<double> given_peak(double nits, const char* option) {
  if (nits >= 1 && nits <= kPqPeakNits) return nits;
  return make_error(ErrorCode::kUsage, "{}: {:g} cd/m2 is outside 1...{:g}", option, nits, kPqPeakNits);
}

bool empty(const HdrMetadata& hdr) { return !hdr.mastering_display && !hdr.content_light; }

const char* members(const HdrMetadata& hdr) {
  if (!hdr.content_light) return "mastering display metadata";
  return hdr.mastering_display ? "mastering display and content light metadata" : "content light metadata";
}

}  // namespace

Result<Peaks> choose_peaks(const ImageRequest& request, const ColorInfo& in, const ColorInfo& out,
                           std::vector<std::string>& notes) {
  Peaks peaks;
  if (request.source_peak_nits) {
    JINSHA_ASSIGN(peaks.source_nits, given_peak(*request.source_peak_nits, "source peak"));
  } else if (in.transfer == Transfer::kPq || is_camera_log(in.transfer)) {
    // Only a conversion that leaves PQ, or lowers its peak, needs to know.
    std::vector<std::string> unused;
    const bool needed = (out.transfer != in.transfer && out.transfer != Transfer::kPq) || request.target_peak_nits;
    peaks.source_nits = default_source_peak(request.source, needed ? notes : unused);
  } else {
    peaks.source_nits = in.transfer == Transfer::kHlg ? kHlgBridgeNits : kSdrPeakNits;
  }
  if (request.target_peak_nits) {
    JINSHA_ASSIGN(peaks.target_nits, given_peak(*request.target_peak_nits, "target peak"));
  } else if (out.transfer == Transfer::kPq || is_camera_log(out.transfer)) {
    peaks.target_nits = reaches_beyond_white(in.transfer) ? peaks.source_nits : kDefaultPqPeakNits;
  } else if (out.transfer == Transfer::kDcdm) {
    peaks.target_nits = kDcdmWhiteNits;
  } else {
    peaks.target_nits = out.transfer == Transfer::kHlg ? kHlgBridgeNits : kSdrPeakNits;
  }
  return peaks;
}

namespace {

// What of the source's still holds, or can be made to.
HdrMetadata carried(const HdrMetadata& source, bool keep, const ColorRequest& color, ImagePlan& plan) {
  if (empty(source)) return {};
  const auto drop = [&](const std::string& reason) {
    plan.dropped.push_back(fmt::format("{} ({})", members(source), reason));
    return HdrMetadata{};
  };
  if (!keep) return drop("not wanted");
  const Transfer out = color.out.transfer;
  if (!is_hdr(out)) return drop("the output is SDR");
  if (light_change(color) != LightChange::kRendering) return source;
  if (color.in.transfer != Transfer::kPq || out != Transfer::kPq) {
    return drop(fmt::format("it describes {} light, the output is {}",
                            color.in.transfer == Transfer::kPq ? "PQ" : "HLG",
                            out == Transfer::kPq ? "PQ made from HLG" : "HLG"));
  }
  // PQ to PQ through a tone curve: the volume shrinks to the target's peak.
  HdrMetadata result = source;
  if (result.mastering_display) {
    auto& peak = result.mastering_display->max_luminance;
    peak = std::min(peak, static_cast<std::uint32_t>(std::lround(color.target_peak_nits / kLuminanceUnit)));
    plan.converted.push_back(fmt::format("mastering display peak set to {:g} cd/m2", peak * kLuminanceUnit));
  }
  if (result.content_light && color.tone_map_on != ToneMapOn::kMaxRgb) {
    result.content_light.reset();
    plan.dropped.push_back("content light metadata (the tone curve changes it by an amount only measuring can tell)");
  }
  if (result.content_light) {
    const auto mapped = [&](std::uint16_t nits) {
      const double light = tone_map_nits(color.tone_map, nits, color.source_peak_nits, color.target_peak_nits);
      return static_cast<std::uint16_t>(std::lround(light));
    };
    auto& light = *result.content_light;
    light.max_cll_nits = mapped(light.max_cll_nits);
    plan.converted.push_back(fmt::format("MaxCLL mapped to {} cd/m2", light.max_cll_nits));
    if (light.max_fall_nits > 0) {
      // The mean of mapped light is not the mapped mean.
      light.max_fall_nits = 0;
      plan.dropped.push_back("MaxFALL (tone mapping changes it by an amount only measuring can tell)");
    }
  }
  return result;
}

}  // namespace

HdrMetadata convert_metadata(const ImageRequest& request, const ColorRequest& color, ImagePlan& plan) {
  HdrMetadata source = request.source.hdr;
  if (request.measured_light) source.content_light.reset();
  HdrMetadata result = carried(source, request.keep_hdr_metadata, color, plan);
  if (request.measured_light) {
    result.content_light = request.measured_light;
    plan.converted.push_back(fmt::format("content light measured: MaxCLL {}, MaxFALL {} cd/m2",
                                         result.content_light->max_cll_nits, result.content_light->max_fall_nits));
  }
  return result;
}

}  // namespace jinsha::image
