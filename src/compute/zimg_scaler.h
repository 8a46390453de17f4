// Scaling with zimg: the only place that touches it.
//
// Every plane is cut into tiles of a fixed number of output rows, each a zimg graph of its own over
// the whole source plane, and tiles are the unit of parallel work: so the result does not depend on
// the number of threads. zimg's 16-bit integer path gives the same codes for every SIMD width.
#pragma once

#include <zimg.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "base/result.h"
#include "compute/device.h"
#include "kernels/planes.h"
#include "kernels/program.h"

namespace jinsha::compute {

class ZimgScaler {
 public:
  // kNotPossible when zimg refuses the sizes; its reason is in the message.
  static Result<ZimgScaler> create(const kernels::ScaleProgram& program, SimdTarget target);

  int tiles() const { return static_cast<int>(tiles_.size()); }
  // Bytes of 64-byte aligned scratch one thread needs.
  std::size_t scratch_bytes() const { return scratch_bytes_; }
  // Computes tile `index`, including the padding beside it. Tiles write disjoint rows.
  void run(const kernels::ConstPlanes& in, const kernels::Planes& out, int index, std::byte* scratch) const;

 private:
  struct GraphDeleter {
    void operator()(zimg_filter_graph* graph) const { zimg_filter_graph_free(graph); }
  };
  struct Tile {
    int plane = 0;
    int row = 0, rows = 0;  // of the output plane, padding included
    int active_row = 0, active_rows = 0;
    std::unique_ptr<zimg_filter_graph, GraphDeleter> graph;  // null: no active rows, or a plain copy
    std::size_t work_bytes = 0;                              // zimg's own
    int ring_rows = 0;                                       // input rows zimg needs at once
  };
  // Of one plane, in samples of that plane.
  struct Rectangle {
    int x, y, width, height;
  };

  Status add_plane(int plane, SimdTarget target);
  Status build_graph(Tile& tile, SimdTarget target) const;
  Rectangle active(int plane) const;
  Rectangle crop(int plane) const;
  bool copies() const;
  std::size_t tile_stride(const Tile& tile) const;
  std::size_t ring_stride(const Tile& tile) const;
  void scale(const Tile& tile, const kernels::ConstPlanes& in, const kernels::Planes& out, std::byte* scratch) const;
  void copy(const Tile& tile, const kernels::ConstPlanes& in, const kernels::Planes& out) const;
  template <typename T>
  void pad(const Tile& tile, const kernels::Planes& out) const;

  kernels::ScaleProgram p_;
  std::vector<Tile> tiles_;
  std::size_t scratch_bytes_ = 0;
};

}  // namespace jinsha::compute
