// Static HDR metadata: in the bitstream at every key frame and in the boxes of the container, with
// the planned values; where none is planned, nowhere.
#include <fmt/core.h>

#include "verify/av1_syntax.h"
#include "verify/checks.h"

namespace jinsha::verify {
namespace {

// One kind of metadata: `equal(seen, planned)`, `show` for both types.
template <typename Seen, typename Planned, typename Equal>
void check_one(CheckContext& context, Property property, const char* carrier, const MetadataLog<Seen>& log,
               const std::optional<Planned>& planned, const std::optional<Planned>& box, const char* box_name,
               Equal equal) {
  Findings& findings = context.findings;
  const bool mp4 = context.mp4_video() != nullptr;
  if (context.video() == nullptr) {
    // Without a plan: one value, alike in box and bitstream.
    if (!log.value && !box) return;
    if (log.value && box && !equal(*log.value, *box)) {
      findings.fail(property, fmt::format("the same in {} and {}", carrier, box_name),
                    fmt::format("{} and {}", describe(*log.value), describe(*box)), log.first);
    }
    findings.fail(property, "one value throughout", "another", log.changed);
    findings.pass(property, "one value throughout", log.value ? describe(*log.value) : describe(*box));
    return;
  }
  if (!planned) {
    if (log.value) findings.fail(property, "none", fmt::format("{}: {}", carrier, describe(*log.value)), log.first);
    if (box) findings.fail(property, "none", fmt::format("{} box: {}", box_name, describe(*box)));
    findings.pass(property, "none", "none");
    return;
  }
  const auto expected = describe(*planned);
  if (!log.value) {
    findings.fail(property, expected, fmt::format("no {}", carrier));
  } else {
    if (!equal(*log.value, *planned)) {
      findings.fail(property, expected, fmt::format("{}: {}", carrier, describe(*log.value)), log.first);
    }
    findings.fail(property, expected + " throughout", "another value", log.changed);
    const bool everywhere = context.log.ts || context.plan->encoder.repeat_headers;
    if (everywhere) {
      findings.fail(property, fmt::format("{} at every key frame", carrier), "a key frame without", log.missing_at_key);
    } else if (log.at_key == 0) {
      findings.fail(property, fmt::format("{} at the first key frame", carrier), "none there");
    }
  }
  if (mp4 && !box) {
    findings.fail(property, fmt::format("{} box: {}", box_name, expected), "no such box");
  } else if (mp4 && !(*box == *planned)) {
    findings.fail(property, fmt::format("{} box: {}", box_name, expected), describe(*box));
  }
  findings.pass(property, expected, log.value ? describe(*log.value) : "");
}

}  // namespace

std::string describe(const MasteringDisplay& display) {
  const auto& p = display.primaries_rgb;
  return fmt::format("G({},{})B({},{})R({},{})WP({},{})L({},{})", p[1][0], p[1][1], p[2][0], p[2][1], p[0][0], p[0][1],
                     display.white_point[0], display.white_point[1], display.max_luminance, display.min_luminance);
}

std::string describe(const Av1MasteringDisplay& display) {
  const auto& p = display.primaries_rgb;
  return fmt::format("R({},{})G({},{})B({},{})WP({},{}) of 1/65536, max {}/256, min {}/16384 cd/m2", p[0][0], p[0][1],
                     p[1][0], p[1][1], p[2][0], p[2][1], display.white_point[0], display.white_point[1],
                     display.max_luminance, display.min_luminance);
}

std::string describe(const ContentLight& light) {
  return fmt::format("MaxCLL {}, MaxFALL {} cd/m2", light.max_cll_nits, light.max_fall_nits);
}

void check_hdr(CheckContext& context) {
  if (!context.readable_video()) return;
  const VideoLog& video = context.log.video;
  const EncoderSettings* settings = context.video();
  const std::optional<MasteringDisplay> planned_display =
      settings != nullptr ? settings->hdr.mastering_display : std::nullopt;
  const std::optional<ContentLight> planned_light = settings != nullptr ? settings->hdr.content_light : std::nullopt;
  const Mp4Track* track = context.mp4_video();
  const std::optional<MasteringDisplay> mdcv = track != nullptr ? track->mdcv : std::nullopt;
  const std::optional<ContentLight> clli = track != nullptr ? track->clli : std::nullopt;
  const auto same_light = [](const ContentLight& a, const ContentLight& b) { return a == b; };
  if (context.nal_units()) {
    check_one(context, Property::kMasteringDisplay, "SEI 137", video.mastering_display, planned_display, mdcv, "mdcv",
              [](const MasteringDisplay& a, const MasteringDisplay& b) { return a == b; });
    check_one(context, Property::kContentLight, "SEI 144", video.content_light, planned_light, clli, "clli",
              same_light);
  } else {
    check_one(context, Property::kMasteringDisplay, "metadata OBU HDR_MDCV", video.av1_mastering_display,
              planned_display, mdcv, "mdcv", [](const Av1MasteringDisplay& a, const MasteringDisplay& b) {
                return av1::nearly_equal(a, av1::to_av1(b));
              });
    check_one(context, Property::kContentLight, "metadata OBU HDR_CLL", video.content_light, planned_light, clli,
              "clli", same_light);
  }
}

}  // namespace jinsha::verify
