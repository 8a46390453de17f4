// Reads back what an AV1 encoder wrote into its sequence header. AV1 specification 5.5.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "media/coding.h"
#include "media/color.h"

namespace jinsha {

struct Av1SequenceHeader {
  int profile = 0;
  int level_idx = 0;  // of operating point 0
  Tier tier = Tier::kMain;
  int width = 0;  // maximum
  int height = 0;
  int depth = 8;
  ColorInfo color;
};

// From the first sequence header OBU of a low-overhead byte stream; empty where there is none or it
// ends early.
std::optional<Av1SequenceHeader> read_av1_sequence_header(std::span<const std::uint8_t> obus);

// The first sequence header OBU, whole; empty where there is none.
std::span<const std::uint8_t> find_av1_sequence_header(std::span<const std::uint8_t> obus);

// "main", "high", "professional"
const char* av1_profile_name(int profile);

}  // namespace jinsha
