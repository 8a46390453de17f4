// The table of properties, in the order of Property.
#include <fmt/core.h>

#include <array>

#include "verify/findings.h"

namespace jinsha::verify {
namespace {

struct PropertyRow {
  Property property;
  const char* name;
  const char* explanation;
  const char* clause;  // the first one that demands it
};

constexpr PropertyRow kProperties[] = {
    {Property::kContainer, "container",
     "The container parses: packet sync, continuity counters, CRCs, table and PCR intervals, PES and box structure, "
     "sizes and offsets.",
     "ISO/IEC 13818-1 2.4, ETSI TR 101 290, ISO/IEC 14496-12"},
    {Property::kStreams, "streams",
     "The number, kinds, PIDs, languages, names and sample entries of the streams are the planned ones; subtitles and "
     "data are all there, at their times.",
     "ISO/IEC 13818-1 2.4.4, EN 300 468 5.2.3, ISO/IEC 14496-12 8.5.2"},
    {Property::kFrameCount, "frame-count", "There is one coded picture for every frame given to the encoder.", "plan"},
    {Property::kDuration, "duration", "Every stream lasts as long as the video.", "plan"},
    {Property::kTimestamps, "timestamps",
     "Every access unit has timestamps, DTS increases and is never after PTS, PTS follows the output order of the "
     "pictures and lies on the frame grid.",
     "ISO/IEC 13818-1 2.4.3.7, ISO/IEC 14496-12 8.6.1, 8.8.12"},
    {Property::kAudio, "audio", "All audio packets are there, with increasing timestamps and without gaps.",
     "ISO/IEC 13818-1 2.7.4"},
    {Property::kKeyFrameDistance, "key-frame-distance",
     "Key frames stand where the plan puts them, and every group of pictures is closed.", "ITU-T H.265 8.1.3, plan"},
    {Property::kParameterSets, "parameter-sets",
     "VPS, SPS and PPS or the sequence header are present, parse, do not change and are repeated at key frames.",
     "ITU-T H.265 7.3.2, AV1 5.5"},
    {Property::kPictureFormat, "picture-format",
     "Picture size, cropping, chroma format, bit depth, sample aspect ratio and profile are the planned ones.",
     "ITU-T H.265 7.4.3.2, E.3.1, AV1 6.4"},
    {Property::kFrameRate, "frame-rate", "The signalled frame rate is the planned one.",
     "ITU-T H.265 E.3.1, AV1 6.4.3, ISO/IEC 14496-12 8.4.2"},
    {Property::kLevelTier, "level-tier", "Level and tier are the planned ones, and the stream stays inside them.",
     "ITU-T H.265 A.4, AV1 A.3"},
    {Property::kColor, "color",
     "Primaries, transfer, matrix, range and chroma location are signalled as planned, alike in the bitstream and "
     "the container.",
     "ITU-T H.265 E.3.1, AV1 6.4.2, ISO/IEC 14496-12 12.1.5"},
    {Property::kMasteringDisplay, "mastering-display",
     "The mastering display is signalled with the planned values wherever it belongs, or nowhere.",
     "ITU-T H.265 D.3.28, AV1 6.7.4, ISO/IEC 14496-12 12.1.7"},
    {Property::kContentLight, "content-light",
     "MaxCLL and MaxFALL are signalled with the planned values wherever they belong, or nowhere.",
     "ITU-T H.265 D.3.35, AV1 6.7.3, ISO/IEC 14496-12 12.1.6"},
    {Property::kHrd, "hrd",
     "HRD parameters are the planned ones, their SEI messages are present, and the coded picture buffer neither "
     "underflows nor overflows; with cbr_flag 1 fillers keep the rate.",
     "ITU-T H.265 C.2, E.3.2, E.3.3"},
    {Property::kAccessUnitDelimiter, "access-unit-delimiter", "Every access unit starts with a delimiter.",
     "ITU-T H.265 7.4.3.5, ISO/IEC 13818-1 2.17.1"},
    {Property::kBitrate, "bitrate",
     "The video never exceeds its cap over the decoder's buffer, and a constant multiplex rate is constant.",
     "ITU-T H.265 C.4, ISO/IEC 13818-1 2.4.2.2"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(kProperties); ++i) {
    if (static_cast<std::size_t>(kProperties[i].property) != i) return false;
  }
  return std::size(kProperties) == kPropertyCount;
}
static_assert(in_order(), "kProperties has one row for each Property, in its order");

}  // namespace

const char* name_of(Property property) { return kProperties[static_cast<std::size_t>(property)].name; }

const char* explanation_of(Property property) { return kProperties[static_cast<std::size_t>(property)].explanation; }

const char* clause_of(Property property) { return kProperties[static_cast<std::size_t>(property)].clause; }

std::vector<std::string> Verdict::failures() const {
  std::vector<std::string> out;
  for (const Check& check : checks) {
    if (check.passed) continue;
    out.push_back(fmt::format("{}: expected {}, found {}{}{}", name_of(check.property), check.expected, check.found,
                              check.where.empty() ? "" : " at ", check.where));
  }
  return out;
}

}  // namespace jinsha::verify
