#include "compute/zimg_scaler.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

namespace jinsha::compute {
namespace {

constexpr int kTileRows = 256;           // output rows of a plane; building a graph takes milliseconds
constexpr std::size_t kAlignBytes = 64;  // what zimg asks of rows in its widest mode

std::size_t aligned(std::size_t bytes) { return (bytes + kAlignBytes - 1) / kAlignBytes * kAlignBytes; }
bool is_aligned(const void* address, std::size_t stride) {
  return reinterpret_cast<std::uintptr_t>(address) % kAlignBytes == 0 && stride % kAlignBytes == 0;
}

zimg_cpu_type_e zimg_cpu(SimdTarget target) {
  switch (target) {
    case SimdTarget::kScalar: return ZIMG_CPU_NONE;
#ifdef __x86_64__
    case SimdTarget::kAvx2: return ZIMG_CPU_X86_AVX2;
    case SimdTarget::kAvx512: return ZIMG_CPU_X86_AVX512_SKX;
#else
    case SimdTarget::kAvx2:
    case SimdTarget::kAvx512: return ZIMG_CPU_NONE;
#endif
    case SimdTarget::kAuto: break;
  }
  return ZIMG_CPU_AUTO_64B;
}

void set_filter(kernels::ScaleProgram::Filter filter, zimg_graph_builder_params& params) {
  using Filter = kernels::ScaleProgram::Filter;
  switch (filter) {
    case Filter::kBilinear: params.resample_filter = ZIMG_RESIZE_BILINEAR; break;
    case Filter::kBicubic:
      params.resample_filter = ZIMG_RESIZE_BICUBIC;
      params.filter_param_a = params.filter_param_b = 1.0 / 3;
      break;
    case Filter::kLanczos:
      params.resample_filter = ZIMG_RESIZE_LANCZOS;
      params.filter_param_a = 3;
      break;
    case Filter::kSpline: params.resample_filter = ZIMG_RESIZE_SPLINE36; break;
  }
}

std::string zimg_error() {
  char text[256] = {};
  zimg_get_last_error(text, sizeof text);
  return text;
}

// Input rows that zimg cannot read in place (not aligned) go through a ring of aligned ones.
struct RowCopier {
  const std::byte* from;
  std::size_t from_stride;
  std::byte* to;
  std::size_t to_stride;
  unsigned mask;
  std::size_t bytes_per_sample;
};
int copy_row(void* user, unsigned row, unsigned left, unsigned right) {
  const auto& c = *static_cast<const RowCopier*>(user);
  const std::size_t first = left * c.bytes_per_sample;
  std::memcpy(c.to + c.to_stride * (row & c.mask) + first, c.from + c.from_stride * row + first,
              (right - left) * c.bytes_per_sample);
  return 0;
}

}  // namespace

Result<ZimgScaler> ZimgScaler::create(const kernels::ScaleProgram& program, SimdTarget target) {
  ZimgScaler scaler;
  scaler.p_ = program;
  for (int plane = 0; plane < program.in.planes; ++plane) JINSHA_TRY(scaler.add_plane(plane, target));
  return scaler;
}

ZimgScaler::Rectangle ZimgScaler::active(int plane) const {
  const int sx = kernels::shift_x(p_.out, plane), sy = kernels::shift_y(p_.out, plane);
  return {p_.x >> sx, p_.y >> sy, kernels::shifted(p_.width, sx), kernels::shifted(p_.height, sy)};
}

ZimgScaler::Rectangle ZimgScaler::crop(int plane) const {
  const int sx = kernels::shift_x(p_.in, plane), sy = kernels::shift_y(p_.in, plane);
  return {p_.crop_x >> sx, p_.crop_y >> sy, kernels::shifted(p_.crop_width, sx), kernels::shifted(p_.crop_height, sy)};
}

bool ZimgScaler::copies() const { return p_.crop_width == p_.width && p_.crop_height == p_.height; }

Status ZimgScaler::add_plane(int plane, SimdTarget target) {
  const Rectangle rect = active(plane);
  const int height = kernels::plane_height(p_.out, plane);
  for (int row = 0; row < height; row += kTileRows) {
    Tile tile;
    tile.plane = plane;
    tile.row = row;
    tile.rows = std::min(kTileRows, height - row);
    tile.active_row = std::clamp(rect.y, tile.row, tile.row + tile.rows);
    tile.active_rows = std::clamp(rect.y + rect.height, tile.row, tile.row + tile.rows) - tile.active_row;
    if (tile.active_rows > 0 && !copies()) JINSHA_TRY(build_graph(tile, target));
    const std::size_t bytes = aligned(tile.work_bytes) +
                              tile_stride(tile) * static_cast<std::size_t>(tile.active_rows) +
                              ring_stride(tile) * static_cast<std::size_t>(tile.ring_rows);
    scratch_bytes_ = std::max(scratch_bytes_, bytes);
    tiles_.push_back(std::move(tile));
  }
  return {};
}

Status ZimgScaler::build_graph(Tile& tile, SimdTarget target) const {
  const Rectangle rect = active(tile.plane), from = crop(tile.plane);
  const bool chroma = tile.plane > 0;
  // Chroma sample u lies at luma 2u + siting; so source position of output sample u is
  // scale * (u + 0.5) - 0.5 + start with this `start` (0 for luma and for midway axes).
  const auto start = [&](int shift, double siting, double scale) {
    return chroma && shift == 1 ? (0.25 - siting / 2) * (1 - scale) : 0;
  };
  const double scale_x = static_cast<double>(p_.crop_width) / p_.width;
  const double scale_y = static_cast<double>(p_.crop_height) / p_.height;

  zimg_image_format source;
  zimg_image_format_default(&source, ZIMG_API_VERSION);
  source.width = static_cast<unsigned>(kernels::plane_width(p_.in, tile.plane));
  source.height = static_cast<unsigned>(kernels::plane_height(p_.in, tile.plane));
  source.pixel_type = p_.in.depth > 8 ? ZIMG_PIXEL_WORD : ZIMG_PIXEL_BYTE;
  source.depth = static_cast<unsigned>(p_.in.depth);
  // Any other range would only make zimg's 8 to 16 bit widening a multiplication instead of a shift.
  source.pixel_range = ZIMG_RANGE_LIMITED;
  zimg_image_format result = source;
  source.active_region.left = from.x + start(p_.in.chroma_shift_x, static_cast<double>(p_.siting.x), scale_x);
  source.active_region.top = from.y + start(p_.in.chroma_shift_y, static_cast<double>(p_.siting.y), scale_y) +
                             scale_y * (tile.active_row - rect.y);
  source.active_region.width = rect.width * scale_x;
  source.active_region.height = tile.active_rows * scale_y;
  result.width = static_cast<unsigned>(rect.width);
  result.height = static_cast<unsigned>(tile.active_rows);

  zimg_graph_builder_params params;
  zimg_graph_builder_params_default(&params, ZIMG_API_VERSION);
  set_filter(p_.filter, params);
  params.cpu_type = zimg_cpu(target);
  tile.graph.reset(zimg_filter_graph_build(&source, &result, &params));
  unsigned ring_rows = 0;
  if (!tile.graph || zimg_filter_graph_get_tmp_size(tile.graph.get(), &tile.work_bytes) != ZIMG_ERROR_SUCCESS ||
      zimg_filter_graph_get_input_buffering(tile.graph.get(), &ring_rows) != ZIMG_ERROR_SUCCESS) {
    return make_error(ErrorCode::kNotPossible, "scaling {}x{} to {}x{}: zimg refuses plane {}: {}", p_.in.width,
                      p_.in.height, p_.out.width, p_.out.height, tile.plane, zimg_error());
  }
  tile.ring_rows = static_cast<int>(std::bit_ceil(std::min(ring_rows, source.height)));
  return {};
}

std::size_t ZimgScaler::tile_stride(const Tile& tile) const {
  return aligned(static_cast<std::size_t>(active(tile.plane).width) *
                 static_cast<std::size_t>(kernels::bytes_per_sample(p_.out)));
}

std::size_t ZimgScaler::ring_stride(const Tile& tile) const {
  return aligned(static_cast<std::size_t>(kernels::plane_width(p_.in, tile.plane)) *
                 static_cast<std::size_t>(kernels::bytes_per_sample(p_.in)));
}

void ZimgScaler::run(const kernels::ConstPlanes& in, const kernels::Planes& out, int index, std::byte* scratch) const {
  const Tile& tile = tiles_[static_cast<std::size_t>(index)];
  if (tile.graph) {
    scale(tile, in, out, scratch);
  } else if (tile.active_rows > 0) {
    copy(tile, in, out);
  }
  p_.out.depth > 8 ? pad<std::uint16_t>(tile, out) : pad<std::uint8_t>(tile, out);
}

void ZimgScaler::copy(const Tile& tile, const kernels::ConstPlanes& in, const kernels::Planes& out) const {
  const Rectangle rect = active(tile.plane), from = crop(tile.plane);
  const auto sample = static_cast<std::size_t>(kernels::bytes_per_sample(p_.in));
  for (int y = tile.active_row; y < tile.active_row + tile.active_rows; ++y) {
    std::memcpy(out.row<std::byte>(tile.plane, y) + static_cast<std::size_t>(rect.x) * sample,
                in.row<std::byte>(tile.plane, y - rect.y + from.y) + static_cast<std::size_t>(from.x) * sample,
                static_cast<std::size_t>(rect.width) * sample);
  }
}

void ZimgScaler::scale(const Tile& tile, const kernels::ConstPlanes& in, const kernels::Planes& out,
                       std::byte* scratch) const {
  const Rectangle rect = active(tile.plane);
  const auto sample = static_cast<std::size_t>(kernels::bytes_per_sample(p_.in));
  std::byte* const work = scratch;
  std::byte* const tile_rows = work + aligned(tile.work_bytes);
  const auto plane = static_cast<std::size_t>(tile.plane);

  zimg_image_buffer_const source{};
  source.version = ZIMG_API_VERSION;
  RowCopier copier{};
  const bool direct_in = is_aligned(in.data[plane], in.stride[plane]);
  if (direct_in) {
    source.plane[0] = {in.data[plane], static_cast<std::ptrdiff_t>(in.stride[plane]), ZIMG_BUFFER_MAX};
  } else {
    copier = {in.data[plane],
              in.stride[plane],
              tile_rows + tile_stride(tile) * static_cast<std::size_t>(tile.active_rows),
              ring_stride(tile),
              static_cast<unsigned>(tile.ring_rows - 1),
              sample};
    source.plane[0] = {copier.to, static_cast<std::ptrdiff_t>(copier.to_stride), copier.mask};
  }

  // zimg may write whole vectors: straight into the picture only where a row has nothing beside it.
  std::byte* const target = out.row<std::byte>(tile.plane, tile.active_row) + static_cast<std::size_t>(rect.x) * sample;
  const bool direct_out =
      rect.width == kernels::plane_width(p_.out, tile.plane) && is_aligned(target, out.stride[plane]);
  zimg_image_buffer result{};
  result.version = ZIMG_API_VERSION;
  result.plane[0] = {direct_out ? target : tile_rows,
                     static_cast<std::ptrdiff_t>(direct_out ? out.stride[plane] : tile_stride(tile)), ZIMG_BUFFER_MAX};
  // Fails only when a callback does.
  zimg_filter_graph_process(tile.graph.get(), &source, &result, work, direct_in ? nullptr : copy_row, &copier, nullptr,
                            nullptr);
  if (direct_out) return;
  for (int y = 0; y < tile.active_rows; ++y) {
    std::memcpy(target + out.stride[plane] * static_cast<std::size_t>(y),
                tile_rows + tile_stride(tile) * static_cast<std::size_t>(y),
                static_cast<std::size_t>(rect.width) * sample);
  }
}

template <typename T>
void ZimgScaler::pad(const Tile& tile, const kernels::Planes& out) const {
  const Rectangle rect = active(tile.plane);
  const int width = kernels::plane_width(p_.out, tile.plane);
  const auto black = static_cast<T>(p_.fill[static_cast<std::size_t>(tile.plane)]);
  for (int y = tile.row; y < tile.row + tile.rows; ++y) {
    T* row = out.row<T>(tile.plane, y);
    const bool inside = y >= tile.active_row && y < tile.active_row + tile.active_rows;
    std::fill(row, row + (inside ? rect.x : width), black);
    if (inside) std::fill(row + rect.x + rect.width, row + width, black);
  }
}

}  // namespace jinsha::compute
