// Sample layout of a picture in memory. Jinsha has one family of layouts: three planes (one for
// grey), 8-bit samples in bytes, deeper ones in native-endian 16-bit words, low-aligned. Sources
// with packed or semi-planar samples are unpacked exactly when they are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace jinsha {

enum class Chroma : std::uint8_t { k400, k420, k422, k444 };

struct PixelFormat {
  Chroma chroma = Chroma::k420;
  int depth = 8;  // bits a sample, 8..16

  int bytes_per_sample() const { return depth > 8 ? 2 : 1; }
  int planes() const { return chroma == Chroma::k400 ? 1 : 3; }
  // log2 of the chroma subsampling.
  int chroma_shift_x() const { return chroma == Chroma::k420 || chroma == Chroma::k422 ? 1 : 0; }
  int chroma_shift_y() const { return chroma == Chroma::k420 ? 1 : 0; }
  // Size of plane `plane` of a picture, odd sizes rounded up.
  int plane_width(int plane, int width) const {
    return plane == 0 ? width : (width + (1 << chroma_shift_x()) - 1) >> chroma_shift_x();
  }
  int plane_height(int plane, int height) const {
    return plane == 0 ? height : (height + (1 << chroma_shift_y()) - 1) >> chroma_shift_y();
  }

  friend bool operator==(const PixelFormat&, const PixelFormat&) = default;
};

// "420", "422", "444", "400"
const char* name_of(Chroma chroma);
// "4:2:0 10-bit"
std::string describe(const PixelFormat& format);

// Where the planes of a picture lie in one block of memory. Rows start at multiples of 64 bytes.
struct FrameLayout {
  PixelFormat format;
  int width = 0;
  int height = 0;
  std::size_t offset[3] = {};
  std::size_t stride[3] = {};  // bytes
  std::size_t bytes = 0;       // of the whole block

  // The usual layout: planes one after another. Every row is padded to a multiple of 64 bytes, and
  // the block by 64 bytes at the end, so that vector code may read past the last sample.
  static FrameLayout packed(PixelFormat format, int width, int height);
};

}  // namespace jinsha
