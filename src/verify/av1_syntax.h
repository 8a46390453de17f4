// AV1 syntax, AV1 bitstream specification 5.3 to 5.9: OBU headers, the sequence header, the start
// of frame headers and static HDR metadata.
#pragma once

#include <cstdint>
#include <optional>

#include "verify/bit_reader.h"
#include "verify/video_log.h"

namespace jinsha::verify::av1 {

// obu_type, 6.2.2.
enum ObuType : unsigned {
  kSequenceHeader = 1,
  kTemporalDelimiter = 2,
  kFrameHeader = 3,
  kTileGroup = 4,
  kMetadata = 5,
  kFrame = 6,
  kRedundantFrameHeader = 7,
  kTileList = 8,
  kPadding = 15,
};

struct ObuHeader {
  unsigned type = 0;
  bool extension = false;
  bool has_size = false;
  unsigned temporal_id = 0;
  unsigned spatial_id = 0;
};
// From the first byte and, where it says so, the second. Empty when the forbidden bit is set.
std::optional<ObuHeader> parse_obu_header(std::uint8_t first, std::uint8_t second);

struct SequenceHeader {
  SequenceInfo info;
  bool decoder_model = false;
  bool equal_picture_interval = false;
  unsigned presentation_time_bits = 0;
};
std::optional<SequenceHeader> parse_sequence_header(ByteView payload);

enum class FrameType : unsigned { kKey = 0, kInter = 1, kIntraOnly = 2, kSwitch = 3 };
struct FrameStart {
  bool show_existing_frame = false;
  FrameType type = FrameType::kInter;
  bool show_frame = true;
  bool error_resilient = false;
};
std::optional<FrameStart> parse_frame_start(ByteView payload, const SequenceHeader& sequence);

enum MetadataType : unsigned { kHdrCll = 1, kHdrMdcv = 2, kItutT35 = 4 };
std::optional<ContentLight> parse_cll(ByteView payload);
std::optional<Av1MasteringDisplay> parse_mdcv(ByteView payload);

// The same values in AV1's units, and whether two of them differ by at most one unit each.
Av1MasteringDisplay to_av1(const MasteringDisplay& display);
bool nearly_equal(const Av1MasteringDisplay& a, const Av1MasteringDisplay& b);

}  // namespace jinsha::verify::av1
