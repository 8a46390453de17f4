#include "input/color_evidence.h"

#include <fmt/format.h>

namespace jinsha {
namespace {

template <typename E>
E merge(const char* what, E container, E bitstream, std::vector<std::string>& conflicts) {
  if (bitstream == E::kUnspecified) return container;
  if (container != E::kUnspecified && container != bitstream) {
    conflicts.push_back(fmt::format("The container says {} {}, the bitstream {}: the bitstream is believed.", what,
                                    name_of(container), name_of(bitstream)));
  }
  return bitstream;
}

double nits(std::uint32_t units) { return units / 10'000.0; }

std::string describe(const MasteringDisplay& m) {
  return fmt::format("R({},{}) G({},{}) B({},{}) W({},{}) {} to {} cd/m2", m.primaries_rgb[0][0], m.primaries_rgb[0][1],
                     m.primaries_rgb[1][0], m.primaries_rgb[1][1], m.primaries_rgb[2][0], m.primaries_rgb[2][1],
                     m.white_point[0], m.white_point[1], nits(m.min_luminance), nits(m.max_luminance));
}
std::string describe(const ContentLight& l) {
  return fmt::format("MaxCLL {} MaxFALL {}", l.max_cll_nits, l.max_fall_nits);
}

// Carriers round differently (SEI 0.00002, AV1 1/65536): values this near are the same.
bool same(const MasteringDisplay& a, const MasteringDisplay& b) {
  const auto near = [](std::int64_t x, std::int64_t y, std::int64_t tolerance) {
    return x - y <= tolerance && y - x <= tolerance;
  };
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t i = 0; i < 2; ++i) {
      if (!near(a.primaries_rgb[c][i], b.primaries_rgb[c][i], 2)) return false;
    }
  }
  return near(a.white_point[0], b.white_point[0], 2) && near(a.white_point[1], b.white_point[1], 2) &&
         near(a.max_luminance, b.max_luminance, 100) && near(a.min_luminance, b.min_luminance, 1);
}
bool same(const ContentLight& a, const ContentLight& b) { return a == b; }

template <typename T>
std::optional<T> merge_optional(const char* what, const std::optional<T>& container, const std::optional<T>& bitstream,
                                std::vector<std::string>& conflicts) {
  if (!bitstream) return container;
  if (container && !same(*container, *bitstream)) {
    conflicts.push_back(fmt::format("The container says {} {}, the bitstream {}: the bitstream is believed.", what,
                                    describe(*container), describe(*bitstream)));
  }
  return bitstream;
}

}  // namespace

ColorInfo merge_color(const ColorInfo& container, const ColorInfo& bitstream, std::vector<std::string>& conflicts) {
  ColorInfo coded = bitstream;
  // "Limited" is also what H.264 and H.265 infer when they say nothing (E.2.1): without any other
  // statement it does not beat a container's word.
  const bool silent = coded.primaries == Primaries::kUnspecified && coded.transfer == Transfer::kUnspecified &&
                      coded.matrix == Matrix::kUnspecified;
  if (silent && coded.range == Range::kLimited && container.range != Range::kUnspecified) {
    coded.range = Range::kUnspecified;
  }
  ColorInfo color;
  color.primaries = merge("primaries", container.primaries, coded.primaries, conflicts);
  color.transfer = merge("transfer", container.transfer, coded.transfer, conflicts);
  color.matrix = merge("matrix", container.matrix, coded.matrix, conflicts);
  color.range = merge("range", container.range, coded.range, conflicts);
  color.chroma_location = merge("chroma location", container.chroma_location, coded.chroma_location, conflicts);
  return color;
}

HdrMetadata merge_hdr(const HdrMetadata& container, const HdrMetadata& bitstream, std::vector<std::string>& conflicts) {
  return {
      .mastering_display =
          merge_optional("mastering display", container.mastering_display, bitstream.mastering_display, conflicts),
      .content_light = merge_optional("content light", container.content_light, bitstream.content_light, conflicts)};
}

void check_hdr(const HdrMetadata& hdr, std::vector<std::string>& warnings) {
  constexpr std::uint32_t kMinPeak = 50 * 10'000;       // no mastering display is darker than 50 cd/m2
  constexpr std::uint32_t kMaxPeak = 10'000 * 10'000U;  // end of the PQ scale
  if (hdr.mastering_display) {
    const MasteringDisplay& m = *hdr.mastering_display;
    if (m.max_luminance < kMinPeak || m.max_luminance > kMaxPeak || m.min_luminance >= m.max_luminance) {
      warnings.push_back(fmt::format("The mastering display is said to reach {} to {} cd/m2, which cannot be true.",
                                     nits(m.min_luminance), nits(m.max_luminance)));
    }
    const auto x = [&](std::size_t c) { return m.primaries_rgb[c][0]; };
    const auto y = [&](std::size_t c) { return m.primaries_rgb[c][1]; };
    // Of real displays red has the largest x and green the largest y.
    if (x(0) < x(1) || x(0) < x(2) || y(1) < y(0) || y(1) < y(2)) {
      warnings.emplace_back("The primaries of the mastering display are not in the order green, blue, red.");
    }
  }
  if (hdr.content_light && hdr.content_light->max_fall_nits > hdr.content_light->max_cll_nits &&
      hdr.content_light->max_cll_nits > 0) {
    warnings.push_back(fmt::format("MaxFALL {} is above MaxCLL {}, which cannot be true.",
                                   hdr.content_light->max_fall_nits, hdr.content_light->max_cll_nits));
  }
}

}  // namespace jinsha
