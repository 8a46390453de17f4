// Executors: run the colour steps of a PictureProgram on a band of rows. They hold no picture and
// no mutable state, so any number of threads may run bands of one picture at once, each with its
// own scratch. What a band computes does not depend on where it is cut.
#pragma once

#include <cstddef>
#include <memory>

#include "kernels/planes.h"
#include "kernels/program.h"
#include "kernels/row_ops.h"

namespace jinsha::kernels {

class Executor {
 public:
  virtual ~Executor() = default;

  // Floats of 64-byte aligned scratch one thread needs; zeroed once before the first use.
  virtual std::size_t scratch_floats() const = 0;
  // Computes output luma rows [begin, end) and the chroma rows that belong to them. `begin` is even.
  virtual void run(const ConstPlanes& in, const Planes& out, int begin, int end, float* scratch) const = 0;
};

// `ops` must outlive the executor.
std::unique_ptr<Executor> make_executor(ColorProgram program, const RowOps& ops);
std::unique_ptr<Executor> make_executor(PlaneProgram program, const RowOps& ops);
std::unique_ptr<Executor> make_executor(OrientProgram program);

}  // namespace jinsha::kernels
