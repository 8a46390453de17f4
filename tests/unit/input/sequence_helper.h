// Pictures made for the tests of image sequences.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace jinsha::test {

// DPX of 8-bit R, G, B, every sample of the same value; all header fields that are not needed are undefined.
std::vector<std::uint8_t> flat_dpx(int width, int height, int value);
void put32(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint32_t value);  // big-endian

// A folder of the test's own, made, with its "/".
std::string test_folder(const std::string& name);

struct MadeExr {
  int width = 16;
  int height = 12;
  std::vector<std::string> channels = {"R", "G", "B"};
  std::vector<float> values = {1, 1, 1};  // of each channel, everywhere
  bool half = true;
  std::vector<float> chromaticities = {};                  // 8 of them or none
  std::vector<int> data_window = {}, display_window = {};  // min x, min y, max x, max y
  int tile = 0;                                            // side; 0: scan lines
  bool second_part = false;                                // a part "extra" with Z alone comes first
  int frames_per_second = 0;
};
void write_exr(const std::string& path, const MadeExr& made);

}  // namespace jinsha::test
