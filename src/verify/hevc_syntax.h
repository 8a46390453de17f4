// HEVC syntax, ITU-T H.265 7.3 and Annexes D and E: what the judge needs of parameter sets, slice
// headers and SEI messages. Every function takes an RBSP without the NAL unit header.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "verify/bit_reader.h"
#include "verify/video_log.h"

namespace jinsha::verify::hevc {

// nal_unit_type, Table 7-1.
enum NalType : unsigned {
  kRadlN = 6,
  kRadlR = 7,
  kRaslN = 8,
  kRaslR = 9,
  kBlaWLp = 16,
  kBlaNLp = 18,
  kIdrWRadl = 19,
  kIdrNLp = 20,
  kCra = 21,
  kLastIrap = 23,
  kLastVcl = 31,
  kVps = 32,
  kSps = 33,
  kPps = 34,
  kAud = 35,
  kFiller = 38,
  kPrefixSei = 39,
  kSuffixSei = 40,
};

struct NalHeader {
  unsigned type = 0;
  unsigned layer = 0;
  unsigned temporal_id = 0;
  bool vcl() const { return type <= kLastVcl; }
  bool irap() const { return type >= kBlaWLp && type <= kLastIrap; }
  bool idr() const { return type == kIdrWRadl || type == kIdrNLp; }
  bool rasl() const { return type == kRaslN || type == kRaslR; }
  bool radl() const { return type == kRadlN || type == kRadlR; }
};
// Empty when the forbidden bit is set or it is too short.
std::optional<NalHeader> parse_nal_header(ByteView nal);

// profile_tier_level() without its sub-layers.
struct ProfileTierLevel {
  unsigned profile_idc = 0;
  std::uint32_t compatibility = 0;
  std::uint64_t constraints = 0;  // 48 bits
  Tier tier = Tier::kMain;
  unsigned level_idc = 0;

  friend bool operator==(const ProfileTierLevel&, const ProfileTierLevel&) = default;
};
ProfileTierLevel parse_profile_tier_level(BitReader& reader, unsigned max_sub_layers);
// "main10", "main422-10" ...
std::string profile_name(const ProfileTierLevel& ptl);

struct Vps {
  unsigned id = 0;
  ProfileTierLevel ptl;
  std::uint32_t units_in_tick = 0;  // 0: no timing info
  std::uint32_t time_scale = 0;
};
struct Sps {
  unsigned id = 0;
  unsigned vps_id = 0;
  ProfileTierLevel ptl;
  SequenceInfo info;
  unsigned poc_lsb_bits = 4;
  bool separate_planes = false;
  bool frame_field_info = false;
};
struct Pps {
  unsigned id = 0;
  unsigned sps_id = 0;
  bool dependent_slices = false;
  bool output_flag = false;
  unsigned extra_slice_bits = 0;
};
std::optional<Vps> parse_vps(ByteView rbsp);
std::optional<Sps> parse_sps(ByteView rbsp);
std::optional<Pps> parse_pps(ByteView rbsp);

// Video usability information and HRD parameters, Annex E (hevc_vui.cpp).
void parse_vui(BitReader& reader, Sps& sps);
std::optional<HrdInfo> parse_hrd(BitReader& reader, bool common, unsigned max_sub_layers);

struct SliceStart {
  bool first_in_picture = false;
  unsigned pps_id = 0;
  unsigned slice_type = 0;  // 0 B, 1 P, 2 I; only of the first slice segment
  std::uint32_t poc_lsb = 0;
};
// The first slice segment bit and the PPS id, which need no parameter sets.
std::optional<SliceStart> parse_slice_start(ByteView rbsp, const NalHeader& header);
// All of SliceStart, for the first slice segment of a picture.
std::optional<SliceStart> parse_slice(ByteView rbsp, const NalHeader& header, const Pps& pps, const Sps& sps);

struct SeiMessage {
  unsigned type = 0;
  ByteView payload;
};
// The messages of an SEI RBSP. Empty when its structure is damaged.
std::optional<std::vector<SeiMessage>> parse_sei(ByteView rbsp);

struct BufferingPeriod {
  std::uint32_t initial_delay = 0;  // 90 kHz, of the last schedule
  std::uint32_t initial_offset = 0;
  bool concatenation = false;
};
std::optional<BufferingPeriod> parse_buffering_period(ByteView payload, const HrdInfo& hrd);
struct PictureTiming {
  std::uint32_t removal_delay = 0;  // clock ticks, au_cpb_removal_delay_minus1 + 1
};
std::optional<PictureTiming> parse_picture_timing(ByteView payload, const HrdInfo& hrd, bool frame_field_info);
std::optional<MasteringDisplay> parse_mastering_display(ByteView payload);  // also the mdcv box
std::optional<ContentLight> parse_content_light(ByteView payload);          // also the clli box

}  // namespace jinsha::verify::hevc
