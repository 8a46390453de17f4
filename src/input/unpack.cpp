#include "input/unpack.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <cstring>

namespace jinsha {
namespace {

// Where one component of a row is read from: pixdesc's words, the sample unit being 1, 2 or 4 bytes.
struct Component {
  std::size_t step = 0;  // bytes from sample to sample
  int shift = 0;
  std::uint32_t mask = 0;
  bool swap = false;  // big-endian
};

std::uint32_t swapped(std::uint8_t value) { return value; }
std::uint32_t swapped(std::uint16_t value) { return __builtin_bswap16(value); }
std::uint32_t swapped(std::uint32_t value) { return __builtin_bswap32(value); }

// kStep 0: the step is only known at run time.
template <typename Unit, std::size_t kStep, typename Sample>
void unpack_row(const std::uint8_t* from, const Component& c, Sample* to, int count) {
  const std::size_t step = kStep == 0 ? c.step : kStep;
  for (int x = 0; x < count; ++x) {
    Unit unit;
    std::memcpy(&unit, from + static_cast<std::size_t>(x) * step, sizeof unit);
    const std::uint32_t value = c.swap ? swapped(unit) : static_cast<std::uint32_t>(unit);
    to[x] = static_cast<Sample>((value >> c.shift) & c.mask);
  }
}

template <typename Unit, typename Sample>
void unpack_row_of(const std::uint8_t* from, const Component& c, Sample* to, int count) {
  switch (c.step) {
    case sizeof(Unit): return unpack_row<Unit, sizeof(Unit)>(from, c, to, count);
    case 2 * sizeof(Unit): return unpack_row<Unit, 2 * sizeof(Unit)>(from, c, to, count);
    case 3 * sizeof(Unit): return unpack_row<Unit, 3 * sizeof(Unit)>(from, c, to, count);
    case 4 * sizeof(Unit): return unpack_row<Unit, 4 * sizeof(Unit)>(from, c, to, count);
    default: return unpack_row<Unit, 0>(from, c, to, count);
  }
}

template <typename Sample>
void unpack_any_row(const std::uint8_t* from, const Component& c, int bits, Sample* to, int count) {
  if (bits <= 8) return unpack_row_of<std::uint8_t>(from, c, to, count);
  if (bits <= 16) return unpack_row_of<std::uint16_t>(from, c, to, count);
  unpack_row_of<std::uint32_t>(from, c, to, count);
}

}  // namespace

void unpack_picture(const std::uint8_t* const data[], const int linesize[], AVPixelFormat format,
                    const libav::FormatUse& use, FrameMut& to) {
  const AVPixFmtDescriptor& d = *av_pix_fmt_desc_get(format);
  const FrameLayout& layout = to.layout();
  const PixelFormat out = use.format;
  // Words of 9 to 15 bits may have bits above the sample where a codec stores what it was given.
  const bool no_stray_bits = out.depth == 8 || out.depth == 16;
  for (int plane = 0; plane < out.planes(); ++plane) {
    // Identity: planes G, B, R (or Y, Z, X) from components R, G, B (or X, Y, Z).
    const int component = use.identity ? (plane + 1) % 3 : plane;
    const AVComponentDescriptor& from = d.comp[component];
    const int width = out.plane_width(plane, layout.width);
    const int height = out.plane_height(plane, layout.height);
    const Component c{.step = static_cast<std::size_t>(from.step),
                      .shift = from.shift,
                      .mask = (1U << from.depth) - 1,
                      .swap = (d.flags & AV_PIX_FMT_FLAG_BE) != 0};
    const int bits = from.shift + from.depth;
    const auto row_bytes = static_cast<std::size_t>(width * out.bytes_per_sample());
    for (int y = 0; y < height; ++y) {
      const std::uint8_t* row = data[from.plane] + static_cast<std::ptrdiff_t>(linesize[from.plane]) * y + from.offset;
      std::byte* target = to.plane(plane) + layout.stride[plane] * static_cast<std::size_t>(y);
      if (use.direct && no_stray_bits) {
        std::memcpy(target, row, row_bytes);
      } else if (out.depth > 8) {
        unpack_any_row(row, c, bits, reinterpret_cast<std::uint16_t*>(target), width);
      } else {
        unpack_any_row(row, c, bits, reinterpret_cast<std::uint8_t*>(target), width);
      }
    }
  }
}

}  // namespace jinsha
