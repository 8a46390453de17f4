// Puts into a coded picture what its encoder leaves out: parameter sets, static HDR metadata, captions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "media/coding.h"
#include "media/hdr_metadata.h"

namespace jinsha {

// The prefix SEI NAL units 137 and 144 of the metadata, Annex B with start codes (ITU-T H.265
// D.2.28, D.2.35); empty when there is none.
std::vector<std::uint8_t> hevc_hdr_sei(const HdrMetadata& hdr);

// The prefix SEI NAL unit of a picture's CEA-608/708 captions, Annex B with a start code of 4 bytes. `constructs`: as
// caption_message (captions.h) has them.
std::vector<std::uint8_t> hevc_caption_sei(std::span<const std::uint8_t> constructs);

// The metadata OBUs of the metadata (AV1 specification 5.8.3, 5.8.4); empty when there is none.
std::vector<std::uint8_t> av1_hdr_obus(const HdrMetadata& hdr);

// The access unit with `parameter_sets` and `sei` where they belong: behind an access unit
// delimiter, before everything else.
std::vector<std::uint8_t> insert_hevc(std::span<const std::uint8_t> access_unit,
                                      std::span<const std::uint8_t> parameter_sets, std::span<const std::uint8_t> sei);

// The temporal unit with `sequence_header` behind the temporal delimiter and `metadata` behind the
// sequence header, given or already there.
std::vector<std::uint8_t> insert_av1(std::span<const std::uint8_t> temporal_unit,
                                     std::span<const std::uint8_t> sequence_header,
                                     std::span<const std::uint8_t> metadata);

}  // namespace jinsha
