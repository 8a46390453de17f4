#include "encode/bitstream_insert.h"

#include <algorithm>
#include <cstddef>

#include "encode/av1_headers.h"
#include "encode/captions.h"

namespace jinsha {
namespace {

using Buffer = std::vector<std::uint8_t>;

void put(Buffer& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void append(Buffer& out, std::span<const std::uint8_t> bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

// One SEI message as a NAL unit: payload sizes here are below 255, so each is one byte.
void append_sei(Buffer& out, std::uint8_t payload_type, const Buffer& payload) {
  Buffer rbsp = {payload_type, static_cast<std::uint8_t>(payload.size())};
  append(rbsp, payload);
  rbsp.push_back(0x80);  // rbsp_trailing_bits
  constexpr std::uint8_t kStart[] = {0, 0, 0, 1, 39 << 1, 1};
  append(out, kStart);
  int zeros = 0;
  for (const std::uint8_t byte : rbsp) {
    if (zeros >= 2 && byte <= 3) {
      out.push_back(3);  // emulation_prevention_three_byte
      zeros = 0;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    out.push_back(byte);
  }
}

void append_metadata_obu(Buffer& out, std::uint8_t metadata_type, const Buffer& payload) {
  out.push_back(0x2A);  // OBU_METADATA with a size field
  out.push_back(static_cast<std::uint8_t>(payload.size() + 2));
  out.push_back(metadata_type);
  append(out, payload);
  out.push_back(0x80);  // trailing bits
}

// Where the NAL unit after an access unit delimiter at the start begins; 0 when there is none.
std::size_t behind_delimiter(std::span<const std::uint8_t> data) {
  constexpr int kDelimiter = 35;
  const std::size_t prefix = data.size() > 3 && data[2] == 1 ? 3 : 4;
  if (data.size() < prefix + 2 || ((data[prefix] >> 1) & 0x3f) != kDelimiter) return 0;
  for (std::size_t i = prefix + 2; i + 3 <= data.size(); ++i) {
    if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1) return data[i - 1] == 0 ? i - 1 : i;
  }
  return data.size();
}

// 0.16 fixed point from units of 0.00002.
std::uint64_t fixed_chromaticity(std::uint16_t value) {
  return std::min<std::uint64_t>((static_cast<std::uint64_t>(value) * 65536 + 25000) / 50000, 65535);
}

// Fixed point with `fraction_bits` from units of 0.0001 cd/m2.
std::uint64_t fixed_luminance(std::uint32_t value, int fraction_bits) {
  return std::min<std::uint64_t>(((static_cast<std::uint64_t>(value) << fraction_bits) + 5000) / 10000, UINT32_MAX);
}

}  // namespace

std::vector<std::uint8_t> hevc_hdr_sei(const HdrMetadata& hdr) {
  constexpr std::uint8_t kMasteringDisplay = 137;
  constexpr std::uint8_t kContentLight = 144;
  Buffer out;
  if (const auto& display = hdr.mastering_display) {
    Buffer payload;
    for (const std::size_t primary : {1u, 2u, 0u}) {  // green, blue, red
      put(payload, display->primaries_rgb[primary][0], 2);
      put(payload, display->primaries_rgb[primary][1], 2);
    }
    put(payload, display->white_point[0], 2);
    put(payload, display->white_point[1], 2);
    put(payload, display->max_luminance, 4);
    put(payload, display->min_luminance, 4);
    append_sei(out, kMasteringDisplay, payload);
  }
  if (const auto& light = hdr.content_light) {
    Buffer payload;
    put(payload, light->max_cll_nits, 2);
    put(payload, light->max_fall_nits, 2);
    append_sei(out, kContentLight, payload);
  }
  return out;
}

std::vector<std::uint8_t> hevc_caption_sei(std::span<const std::uint8_t> constructs) {
  constexpr std::uint8_t kUserDataRegistered = 4;
  Buffer out;
  append_sei(out, kUserDataRegistered, caption_message(constructs));
  return out;
}

std::vector<std::uint8_t> av1_hdr_obus(const HdrMetadata& hdr) {
  constexpr std::uint8_t kContentLight = 1;
  constexpr std::uint8_t kMasteringDisplay = 2;
  Buffer out;
  if (const auto& display = hdr.mastering_display) {
    Buffer payload;
    for (const auto& primary : display->primaries_rgb) {
      put(payload, fixed_chromaticity(primary[0]), 2);
      put(payload, fixed_chromaticity(primary[1]), 2);
    }
    put(payload, fixed_chromaticity(display->white_point[0]), 2);
    put(payload, fixed_chromaticity(display->white_point[1]), 2);
    put(payload, fixed_luminance(display->max_luminance, 8), 4);
    put(payload, fixed_luminance(display->min_luminance, 14), 4);
    append_metadata_obu(out, kMasteringDisplay, payload);
  }
  if (const auto& light = hdr.content_light) {
    Buffer payload;
    put(payload, light->max_cll_nits, 2);
    put(payload, light->max_fall_nits, 2);
    append_metadata_obu(out, kContentLight, payload);
  }
  return out;
}

std::vector<std::uint8_t> insert_hevc(std::span<const std::uint8_t> access_unit,
                                      std::span<const std::uint8_t> parameter_sets, std::span<const std::uint8_t> sei) {
  const std::size_t at = behind_delimiter(access_unit);
  Buffer out;
  out.reserve(access_unit.size() + parameter_sets.size() + sei.size());
  append(out, access_unit.first(at));
  append(out, parameter_sets);
  append(out, sei);
  append(out, access_unit.subspan(at));
  return out;
}

std::vector<std::uint8_t> insert_av1(std::span<const std::uint8_t> temporal_unit,
                                     std::span<const std::uint8_t> sequence_header,
                                     std::span<const std::uint8_t> metadata) {
  constexpr std::uint8_t kDelimiter[] = {0x12, 0x00};
  std::size_t at = std::equal(std::begin(kDelimiter), std::end(kDelimiter), temporal_unit.begin(),
                              temporal_unit.begin() + std::min<std::ptrdiff_t>(2, std::ssize(temporal_unit)))
                       ? 2
                       : 0;
  const auto present = find_av1_sequence_header(temporal_unit);
  if (!present.empty()) {
    at = static_cast<std::size_t>(present.data() - temporal_unit.data()) + present.size();
    sequence_header = {};
  }
  Buffer out;
  out.reserve(temporal_unit.size() + sequence_header.size() + metadata.size());
  append(out, temporal_unit.first(at));
  append(out, sequence_header);
  append(out, metadata);
  append(out, temporal_unit.subspan(at));
  return out;
}

}  // namespace jinsha
