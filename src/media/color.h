// Colour description of a picture, in the words and numbers of CICP (ITU-T H.273).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jinsha {

// H.273 8.1, 8.2, 8.3. An enumerator's value is its code point; a code point that has no enumerator
// here is still a valid value of the type and is carried through. From kFirstUncoded on are what H.273 has no code
// point for and no stream can signal: cameras and ACES.
inline constexpr int kFirstUncoded = 0x1000;
enum class Primaries : std::uint16_t {
  kBt709 = 1,
  kUnspecified = 2,
  kBt470Bg = 5,
  kSmpte170M = 6,
  kSmpte240M = 7,
  kBt2020 = 9,
  kXyz = 10,                 // SMPTE ST 428-1
  kP3Dci = 11,               // SMPTE RP 431-2
  kP3D65 = 12,               // SMPTE EG 432-1
  kAcesAp0 = kFirstUncoded,  // SMPTE ST 2065-1
  kAcesAp1,                  // AMPAS S-2014-004
  kSGamut3,                  // Sony
  kSGamut3Cine,
  kArriWideGamut3,
  kArriWideGamut4,
  kVGamut,  // Panasonic
  kCanonCinemaGamut,
};
enum class Transfer : std::uint16_t {
  kBt709 = 1,
  kUnspecified = 2,
  kGamma22 = 4,
  kGamma28 = 5,
  kSmpte170M = 6,
  kSmpte240M = 7,
  kLinear = 8,
  kSrgb = 13,
  kBt2020Ten = 14,
  kBt2020Twelve = 15,
  kPq = 16,                // SMPTE ST 2084
  kDcdm = 17,              // SMPTE ST 428-1
  kHlg = 18,               // ARIB STD-B67
  kSLog3 = kFirstUncoded,  // Sony
  kLogC3,                  // ARRI, exposure index 800
  kLogC4,
  kVLog,       // Panasonic
  kCanonLog3,  // version 1.2
  kAcesCct,    // AMPAS S-2016-001
};
enum class Matrix : std::uint8_t {
  kIdentity = 0,  // R'G'B', carried as G, B, R planes
  kBt709 = 1,
  kUnspecified = 2,
  kBt470Bg = 5,
  kSmpte170M = 6,
  kSmpte240M = 7,
  kBt2020Ncl = 9,
  kBt2020Cl = 10,
  kIctcp = 14,
};
enum class Range : std::uint8_t { kUnspecified, kLimited, kFull };

// H.265 chroma_sample_loc_type (Figure E.1) for 4:2:0; kUnspecified reads as kLeft.
enum class ChromaLocation : std::uint8_t {
  kLeft = 0,
  kCenter = 1,
  kTopLeft = 2,
  kTop = 3,
  kBottomLeft = 4,
  kBottom = 5,
  kUnspecified = 255
};

struct ColorInfo {
  Primaries primaries = Primaries::kUnspecified;
  Transfer transfer = Transfer::kUnspecified;
  Matrix matrix = Matrix::kUnspecified;
  Range range = Range::kUnspecified;
  ChromaLocation chroma_location = ChromaLocation::kUnspecified;

  friend bool operator==(const ColorInfo&, const ColorInfo&) = default;
};

// PQ or HLG.
bool is_hdr(Transfer transfer);
// The logarithmic curve of a camera, or ACEScct: scene light.
bool is_camera_log(Transfer transfer);
// No code point of H.273.
template <typename T>
constexpr bool is_uncoded(T value) {
  return static_cast<int>(value) >= kFirstUncoded;
}

// The field's usual lower-case names, as FFmpeg, x265 and zimg write them: "bt2020", "smpte2084",
// "arib-std-b67", "bt2020nc", "limited", "topleft". A code point without a name is its number.
std::string name_of(Primaries value);
std::string name_of(Transfer value);
std::string name_of(Matrix value);
std::string name_of(Range value);
std::string name_of(ChromaLocation value);

// From such a name or a decimal code point below 256; empty when neither.
std::optional<Primaries> parse_primaries(std::string_view text);
std::optional<Transfer> parse_transfer(std::string_view text);
std::optional<Matrix> parse_matrix(std::string_view text);
std::optional<Range> parse_range(std::string_view text);
std::optional<ChromaLocation> parse_chroma_location(std::string_view text);

// All known names of one property, for help texts: "bt709, bt470bg, ...".
std::string primaries_names();
std::string transfer_names();
std::string matrix_names();
std::string range_names();
std::string chroma_location_names();

// "bt2020/smpte2084/bt2020nc limited topleft"
std::string describe(const ColorInfo& color);

}  // namespace jinsha
