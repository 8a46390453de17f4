// AVC syntax, ITU-T H.264 7.3 and Annex E: what the judge needs of parameter sets and slice headers, of progressive
// and interlaced pictures. Every function takes an RBSP without the NAL unit header. SEI messages are built and, where
// they mean the same, numbered as those of HEVC (hevc_syntax.h).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "verify/bit_reader.h"
#include "verify/video_log.h"

namespace jinsha::verify::avc {

// nal_unit_type, Table 7-1.
enum NalType : unsigned {
  kSlice = 1,
  kSlicePartitionA = 2,
  kIdrSlice = 5,
  kSei = 6,
  kSps = 7,
  kPps = 8,
  kAud = 9,
  kFiller = 12,
  kPrefix = 14,
  kLastReserved = 18,
};

struct NalHeader {
  unsigned type = 0;
  unsigned ref_idc = 0;
  bool slice() const { return type == kSlice || type == kSlicePartitionA || type == kIdrSlice; }
  // The first such unit behind a picture opens the next access unit, 7.4.1.2.3.
  bool precedes_picture() const { return (type >= kSei && type <= kAud) || (type >= kPrefix && type <= kLastReserved); }
};
// Empty when the forbidden bit is set or it is too short.
std::optional<NalHeader> parse_nal_header(ByteView nal);

struct Sps {
  unsigned id = 0;
  SequenceInfo info;
  unsigned chroma_format_idc = 1;
  bool separate_planes = false;
  bool frames_only = true;  // frame_mbs_only_flag
  unsigned frame_num_bits = 4;
  unsigned order_type = 0;  // pic_order_cnt_type
  unsigned order_lsb_bits = 4;
  bool delta_always_zero = false;
  std::int32_t offset_non_reference = 0;
  std::int32_t offset_top_to_bottom = 0;
  std::vector<std::int32_t> offsets_in_cycle;
};
struct Pps {
  unsigned id = 0;
  unsigned sps_id = 0;
  bool bottom_field_order = false;
  std::array<unsigned, 2> references{1, 1};  // num_ref_idx_default_active
  bool weighted = false;
  unsigned weighted_bi = 0;
  bool redundant_pictures = false;
};
std::optional<Sps> parse_sps(ByteView rbsp);
std::optional<Pps> parse_pps(ByteView rbsp);

struct Slice {
  unsigned first_macroblock = 0;
  unsigned pps_id = 0;
  unsigned frame_num = 0;
  bool field = false;
  bool bottom = false;
  std::uint32_t order_lsb = 0;
  std::int32_t delta_bottom = 0;
  std::array<std::int32_t, 2> delta{};
  bool resets = false;  // memory_management_control_operation 5: what follows is counted as after an IDR picture
};
// The id of the picture parameter set, which needs none to be read.
std::optional<unsigned> parse_slice_pps(ByteView rbsp);
std::optional<Slice> parse_slice(ByteView rbsp, const NalHeader& header, const Pps& pps, const Sps& sps);

// PicOrderCnt of pictures in decoding order, 8.2.1.
class PictureOrder {
 public:
  struct Order {
    std::uint32_t epoch = 0;  // between two IDR pictures or resets
    std::int32_t count = 0;
  };
  Order next(const Slice& slice, const NalHeader& header, const Sps& sps);

 private:
  std::int32_t from_lsb(const Slice& slice, const Sps& sps);
  std::int32_t from_frame_num(const Slice& slice, const NalHeader& header, const Sps& sps);

  std::uint32_t epoch_ = 0;
  std::int32_t previous_msb_ = 0, previous_lsb_ = 0;
  std::int32_t frame_num_offset_ = 0;
  unsigned previous_frame_num_ = 0;
  bool previous_reset_ = false;
};

}  // namespace jinsha::verify::avc
