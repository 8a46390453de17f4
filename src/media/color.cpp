#include "media/color.h"

#include <array>
#include <charconv>
#include <span>

namespace jinsha {
namespace {

struct NameRow {
  int code;
  const char* name;
};

template <typename T>
constexpr NameRow uncoded(T value, const char* name) {
  return {static_cast<int>(value), name};
}

// One row a code point: the single place where these names are written.
constexpr std::array kPrimaries{NameRow{1, "bt709"},
                                NameRow{2, "unspecified"},
                                NameRow{5, "bt470bg"},
                                NameRow{6, "smpte170m"},
                                NameRow{7, "smpte240m"},
                                NameRow{9, "bt2020"},
                                NameRow{10, "smpte428"},
                                NameRow{11, "smpte431"},
                                NameRow{12, "smpte432"},
                                uncoded(Primaries::kAcesAp0, "aces-ap0"),
                                uncoded(Primaries::kAcesAp1, "aces-ap1"),
                                uncoded(Primaries::kSGamut3, "s-gamut3"),
                                uncoded(Primaries::kSGamut3Cine, "s-gamut3-cine"),
                                uncoded(Primaries::kArriWideGamut3, "arri-wide-gamut-3"),
                                uncoded(Primaries::kArriWideGamut4, "arri-wide-gamut-4"),
                                uncoded(Primaries::kVGamut, "v-gamut"),
                                uncoded(Primaries::kCanonCinemaGamut, "canon-cinema-gamut")};
constexpr std::array kTransfers{NameRow{1, "bt709"},
                                NameRow{2, "unspecified"},
                                NameRow{4, "bt470m"},
                                NameRow{5, "bt470bg"},
                                NameRow{6, "smpte170m"},
                                NameRow{7, "smpte240m"},
                                NameRow{8, "linear"},
                                NameRow{13, "iec61966-2-1"},
                                NameRow{14, "bt2020-10"},
                                NameRow{15, "bt2020-12"},
                                NameRow{16, "smpte2084"},
                                NameRow{17, "smpte428"},
                                NameRow{18, "arib-std-b67"},
                                uncoded(Transfer::kSLog3, "s-log3"),
                                uncoded(Transfer::kLogC3, "logc3"),
                                uncoded(Transfer::kLogC4, "logc4"),
                                uncoded(Transfer::kVLog, "v-log"),
                                uncoded(Transfer::kCanonLog3, "canon-log3"),
                                uncoded(Transfer::kAcesCct, "acescct")};
constexpr std::array kMatrices{NameRow{0, "gbr"},      NameRow{1, "bt709"},     NameRow{2, "unspecified"},
                               NameRow{5, "bt470bg"},  NameRow{6, "smpte170m"}, NameRow{7, "smpte240m"},
                               NameRow{9, "bt2020nc"}, NameRow{10, "bt2020c"},  NameRow{14, "ictcp"}};
constexpr std::array kRanges{NameRow{0, "unspecified"}, NameRow{1, "limited"}, NameRow{2, "full"}};
constexpr std::array kChromaLocations{NameRow{0, "left"},         NameRow{1, "center"},     NameRow{2, "topleft"},
                                      NameRow{3, "top"},          NameRow{4, "bottomleft"}, NameRow{5, "bottom"},
                                      NameRow{255, "unspecified"}};

std::string name_in(std::span<const NameRow> table, int code) {
  for (const NameRow& row : table) {
    if (row.code == code) return row.name;
  }
  return std::to_string(code);
}

std::optional<int> code_in(std::span<const NameRow> table, std::string_view text) {
  for (const NameRow& row : table) {
    if (row.name == text) return row.code;
  }
  int code = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
  if (error == std::errc() && end == text.data() + text.size() && code >= 0 && code <= 255) return code;
  return std::nullopt;
}

std::string names_in(std::span<const NameRow> table) {
  std::string all;
  for (const NameRow& row : table) {
    if (!all.empty()) all += ", ";
    all += row.name;
  }
  return all;
}

template <typename E>
std::optional<E> parse_as(std::span<const NameRow> table, std::string_view text) {
  const std::optional<int> code = code_in(table, text);
  if (!code) return std::nullopt;
  return static_cast<E>(*code);
}

}  // namespace

bool is_hdr(Transfer transfer) { return transfer == Transfer::kPq || transfer == Transfer::kHlg; }
bool is_camera_log(Transfer transfer) { return is_uncoded(transfer); }

std::string name_of(Primaries value) { return name_in(kPrimaries, static_cast<int>(value)); }
std::string name_of(Transfer value) { return name_in(kTransfers, static_cast<int>(value)); }
std::string name_of(Matrix value) { return name_in(kMatrices, static_cast<int>(value)); }
std::string name_of(Range value) { return name_in(kRanges, static_cast<int>(value)); }
std::string name_of(ChromaLocation value) { return name_in(kChromaLocations, static_cast<int>(value)); }

std::optional<Primaries> parse_primaries(std::string_view text) { return parse_as<Primaries>(kPrimaries, text); }
std::optional<Transfer> parse_transfer(std::string_view text) { return parse_as<Transfer>(kTransfers, text); }
std::optional<Matrix> parse_matrix(std::string_view text) { return parse_as<Matrix>(kMatrices, text); }
std::optional<Range> parse_range(std::string_view text) { return parse_as<Range>(kRanges, text); }
std::optional<ChromaLocation> parse_chroma_location(std::string_view text) {
  return parse_as<ChromaLocation>(kChromaLocations, text);
}

std::string primaries_names() { return names_in(kPrimaries); }
std::string transfer_names() { return names_in(kTransfers); }
std::string matrix_names() { return names_in(kMatrices); }
std::string range_names() { return names_in(kRanges); }
std::string chroma_location_names() { return names_in(kChromaLocations); }

std::string describe(const ColorInfo& color) {
  std::string text = name_of(color.primaries) + "/" + name_of(color.transfer) + "/" + name_of(color.matrix);
  if (color.range != Range::kUnspecified) text += " " + name_of(color.range);
  if (color.chroma_location != ChromaLocation::kUnspecified) text += " " + name_of(color.chroma_location);
  return text;
}

}  // namespace jinsha
