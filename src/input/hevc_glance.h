// As much of a coded HEVC picture as tells what it is.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace jinsha {

// Parameter sets, SEI and the beginning of the first slice segment of an access unit, NAL units framed as `packet` has
// them: behind start codes, or behind lengths where `extradata` is an hvcC. A decoder makes a picture of it that has
// everything but the right samples, 8K in half the time. Never more than `packet`; what is damaged is left out.
std::vector<std::uint8_t> hevc_glance(std::span<const std::uint8_t> packet, std::span<const std::uint8_t> extradata);

// VPS, SPS and PPS, behind start codes, of a byte stream (Annex B) whose beginning this is; empty unless it reaches to
// the first picture and has one of each before that.
std::vector<std::uint8_t> hevc_parameter_sets(std::span<const std::uint8_t> stream);

}  // namespace jinsha
