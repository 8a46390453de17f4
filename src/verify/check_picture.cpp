// Parameter sets, picture format and colour.
#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "verify/checks.h"

namespace jinsha::verify {
namespace {

// Encoders and libraries write one profile in several ways: "Main 10", "main10", "0".
std::string plain_profile(const std::string& name, Codec codec) {
  std::string out;
  for (const char c : name) {
    if (c != ' ' && c != ':' && c != '-' && c != '_')
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  if (codec == Codec::kAv1) {
    if (out == "0") return "main";
    if (out == "1") return "high";
    if (out == "2") return "professional";
  }
  if (out == "main444") return "main4448";
  return out;
}

// What an absent signal means, so that it equals the same thing said aloud (H.265 E.3.1).
ColorInfo effective(ColorInfo color, Chroma chroma, Codec codec) {
  if (color.range == Range::kUnspecified) color.range = Range::kLimited;
  if (chroma != Chroma::k420) {
    color.chroma_location = ChromaLocation::kUnspecified;
  } else if (codec == Codec::kHevc && color.chroma_location == ChromaLocation::kUnspecified) {
    color.chroma_location = ChromaLocation::kLeft;
  }
  return color;
}

// AV1 can only say left and top left; anything else is "unknown", 6.4.2.
ColorInfo as_av1(ColorInfo color) {
  if (color.chroma_location != ChromaLocation::kLeft && color.chroma_location != ChromaLocation::kTopLeft) {
    color.chroma_location = ChromaLocation::kUnspecified;
  }
  return color;
}

// colr has no chroma location.
bool same_in_colr(const ColorInfo& box, const ColorInfo& stream) {
  const Range range = stream.range == Range::kUnspecified ? Range::kLimited : stream.range;
  return box.primaries == stream.primaries && box.transfer == stream.transfer && box.matrix == stream.matrix &&
         box.range == range;
}

// Parameter sets that differ in nothing the other checks look at.
void check_unchanged(CheckContext& context) {
  const VideoLog& video = context.log.video;
  if (video.sequences.size() < 2) return;
  const SequenceEntry& second = video.sequences[1];
  if (context.plan != nullptr && !(second.info == video.sequences.front().info)) return;
  context.findings.fail(Property::kParameterSets, "the same sequence parameters throughout",
                        fmt::format("{} different ones", video.sequences.size()), second.place);
}

void check_container_format(CheckContext& context, const SequenceInfo& info) {
  Findings& findings = context.findings;
  const auto size = fmt::format("{}x{}", info.width, info.height);
  if (context.log.ivf && (context.log.ivf->width != info.width || context.log.ivf->height != info.height)) {
    findings.fail(Property::kPictureFormat, size + " in the IVF header",
                  fmt::format("{}x{}", context.log.ivf->width, context.log.ivf->height));
  }
  const Mp4Track* track = context.mp4_video();
  if (track == nullptr) return;
  if (track->width != info.width || track->height != info.height) {
    findings.fail(Property::kPictureFormat, size + " in the sample entry",
                  fmt::format("{}x{}", track->width, track->height));
  }
  const Rational aspect = info.sample_aspect.valid()   ? info.sample_aspect
                          : context.video() != nullptr ? context.video()->sample_aspect
                                                       : Rational{0, 1};
  if (track->pasp && aspect.valid() && !(*track->pasp == aspect)) {
    findings.fail(Property::kPictureFormat, fmt::format("pixel aspect {}:{} in pasp", aspect.num, aspect.den),
                  fmt::format("{}:{}", track->pasp->num, track->pasp->den));
  }
  if (context.plan != nullptr && !track->pasp && aspect.valid() && aspect.num != aspect.den) {
    findings.fail(Property::kPictureFormat, fmt::format("pixel aspect {}:{} in pasp", aspect.num, aspect.den),
                  "no pasp");
  }
  if (track->configuration) {
    const SequenceInfo& box = *track->configuration;
    if (!(box.format == info.format) || box.profile_idc != info.profile_idc) {
      findings.fail(Property::kPictureFormat,
                    fmt::format("{} profile {} in the decoder configuration", describe(info.format), info.profile_idc),
                    fmt::format("{} profile {}", describe(box.format), box.profile_idc),
                    Place{-1, track->configuration_byte});
    }
  }
}

}  // namespace

void check_parameter_sets(CheckContext& context) {
  if (!context.readable_video()) return;
  const VideoLog& video = context.log.video;
  Findings& findings = context.findings;
  findings.fail(Property::kParameterSets, "a bitstream that parses", video.first_damage, video.damaged);
  std::string missing;
  if (context.nal_units()) {
    if (context.hevc() && !video.has_vps) missing += " VPS";
    if (!video.has_sps) missing += " SPS";
    if (!video.has_pps) missing += " PPS";
  } else if (video.sequences.empty() && !(context.log.mp4 && context.log.mp4->unread_samples)) {
    missing = " sequence header";
  }
  if (!missing.empty()) findings.fail(Property::kParameterSets, "all parameter sets", "no" + missing);
  const Mp4Track* track = context.mp4_video();
  const bool repeated = context.log.ts ? context.plan != nullptr
                                       : context.video() != nullptr && context.plan->encoder.repeat_headers &&
                                             (track == nullptr || !context.hevc());
  if (repeated) {
    findings.fail(Property::kParameterSets, "parameter sets at every key frame", "no " + video.first_missing,
                  video.parameter_sets_missing_at_key);
  }
  if (track != nullptr && (track->entry == "hvc1" || track->entry == "avc1" || track->entry == "av01")) {
    // The AV1 binding only recommends it, our files have it.
    const int all = context.hevc() ? 7 : context.nal_units() ? 6 : context.plan != nullptr ? 2 : 0;
    if ((track->configuration_sets & all) != all) {
      findings.fail(Property::kParameterSets, "parameter sets in the decoder configuration", "not all of them",
                    Place{-1, track->configuration_byte});
    }
  }
  check_unchanged(context);
  findings.pass(Property::kParameterSets, repeated ? "parameter sets at every key frame" : "parameter sets",
                fmt::format("{} different", video.sequences.size()));
}

void check_picture_format(CheckContext& context) {
  if (!context.readable_video()) return;
  const VideoLog& video = context.log.video;
  Findings& findings = context.findings;
  if (video.sequences.empty()) return;
  const SequenceInfo& first = video.sequences.front().info;
  std::string expected = "one picture format in bitstream and container";
  if (const EncoderSettings* settings = context.video()) {
    const Rational aspect = settings->sample_aspect.valid() ? settings->sample_aspect : Rational{1, 1};
    expected = fmt::format("{}x{} {} SAR {}:{} profile {}", settings->width, settings->height,
                           describe(settings->format), aspect.num, aspect.den, settings->profile);
    for (const SequenceEntry& entry : video.sequences) {
      const SequenceInfo& info = entry.info;
      const Rational signalled = info.sample_aspect.valid() ? info.sample_aspect : Rational{1, 1};
      const bool same = info.width == settings->width && info.height == settings->height &&
                        info.format == settings->format && (!context.hevc() || signalled == aspect) &&
                        (settings->profile.empty() ||
                         plain_profile(settings->profile, video.codec) == plain_profile(info.profile, video.codec));
      if (!same) {
        findings.fail(Property::kPictureFormat, expected,
                      fmt::format("{}x{} {} SAR {}:{} profile {}", info.width, info.height, describe(info.format),
                                  signalled.num, signalled.den, info.profile),
                      entry.place);
      }
    }
  }
  check_container_format(context, first);
  findings.pass(Property::kPictureFormat, expected, describe(first, video.codec));
}

void check_color(CheckContext& context) {
  if (!context.readable_video()) return;
  const VideoLog& video = context.log.video;
  Findings& findings = context.findings;
  if (video.sequences.empty()) return;
  const SequenceInfo& first = video.sequences.front().info;
  std::string expected = "one colour description in bitstream and container";
  if (const EncoderSettings* settings = context.video()) {
    ColorInfo planned = effective(settings->color, settings->format.chroma, video.codec);
    if (video.codec == Codec::kAv1) planned = as_av1(planned);
    expected = describe(planned);
    for (const SequenceEntry& entry : video.sequences) {
      const ColorInfo found = effective(entry.info.color, entry.info.format.chroma, video.codec);
      if (!(found == planned)) findings.fail(Property::kColor, expected, describe(found), entry.place);
    }
  }
  const Mp4Track* track = context.mp4_video();
  if (track != nullptr) {
    // The box stands in for what the bitstream leaves open, and must agree where it does not.
    const bool open = first.color.primaries == Primaries::kUnspecified &&
                      first.color.transfer == Transfer::kUnspecified && first.color.matrix == Matrix::kUnspecified;
    if (track->colr && !open && !same_in_colr(*track->colr, first.color)) {
      findings.fail(Property::kColor, fmt::format("colr box {}", describe(first.color)), describe(*track->colr));
    }
    if (!track->colr && !open && context.plan != nullptr) {
      findings.fail(Property::kColor, fmt::format("colr box {}", describe(first.color)), "no colr box");
    }
  }
  findings.pass(Property::kColor, expected, describe(first.color));
}

}  // namespace jinsha::verify
