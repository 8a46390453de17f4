// How much memory x265 takes: its large allocations, counted by size in x265 3.5 and 4.1. A model of
// what is allocated, which what is resident stays a few percent below.
//
// Two kinds of object hold nearly all of it. A Frame is an input picture with its half-size planes
// and costs for the lookahead; there are as many as the lookahead, the reordering, the decoded
// picture buffer and the frame threads hold together. A FrameData is a reconstructed picture with
// the decisions of its coding units; there are as many as the decoded picture buffer and the frame
// threads hold.
#include <algorithm>
#include <cstdlib>

#include "base/os.h"
#include "encode/x265_params.h"

namespace jinsha {
namespace {

using Bytes64 = std::uint64_t;

struct Sizes {
  Bytes64 picture;  // padded, all planes
  Bytes64 lowres;   // half-size planes for the lookahead
  Bytes64 costs;    // of the lookahead, a frame
  Bytes64 decisions;
};

Sizes sizes_of(const x265_param& param) {
  const Bytes64 ctu = param.maxCUSize;
  const Bytes64 sample = param.internalBitDepth > 8 ? 2 : 1;
  const Bytes64 ctus_x = (static_cast<Bytes64>(param.sourceWidth) + ctu - 1) / ctu;
  const Bytes64 ctus_y = (static_cast<Bytes64>(param.sourceHeight) + ctu - 1) / ctu;
  const Bytes64 width = ctus_x * ctu;
  const Bytes64 height = ctus_y * ctu;
  const Bytes64 margin_x = 2 * (ctu + 32);
  const Bytes64 margin_y = 2 * (ctu + 16);
  const int shift_x = param.internalCsp == X265_CSP_I420 || param.internalCsp == X265_CSP_I422 ? 1 : 0;
  const int shift_y = param.internalCsp == X265_CSP_I420 ? 1 : 0;
  const bool grey = param.internalCsp == X265_CSP_I400;

  Sizes sizes{};
  sizes.picture = (width + margin_x) * (height + margin_y);
  if (!grey) sizes.picture += 2 * ((width >> shift_x) + margin_x) * ((height + margin_y) >> shift_y);
  sizes.picture *= sample;

  constexpr Bytes64 kLowresBlock = 8;
  const Bytes64 blocks_x = (static_cast<Bytes64>(param.sourceWidth) / 2 + kLowresBlock - 1) / kLowresBlock;
  const Bytes64 blocks_y = (static_cast<Bytes64>(param.sourceHeight) / 2 + kLowresBlock - 1) / kLowresBlock;
  const Bytes64 blocks = blocks_x * blocks_y;
  sizes.lowres = 4 * (blocks_x * kLowresBlock + margin_x) * (blocks_y * kLowresBlock + margin_y) * sample;
  const Bytes64 distances = static_cast<Bytes64>(param.bframes) + 2;
  const Bytes64 quantizers = param.rc.aqMode != 0 ? (param.rc.qgSize > 8 ? 24 : 100) : 0;
  // Costs of every pair of distances, vectors and their costs in both directions; not every pair is
  // ever looked at: about 3 of 5 pages are touched.
  sizes.costs = blocks * (quantizers + 7 + 2 * distances * distances + 24 * distances) * 3 / 5;

  const Bytes64 luma = width * height;
  const Bytes64 samples = grey ? luma : luma + 2 * (luma >> (shift_x + shift_y));
  // 16-bit coefficients; of each 4x4: 24 bytes of modes, four vectors of 8, a distortion.
  sizes.decisions = samples * 2 + luma / 16 * (24 + 32 + 8) + ctus_x * ctus_y * 600;
  return sizes;
}

}  // namespace

std::uint64_t x265_memory_bytes(const x265_param& param) {
  const Sizes sizes = sizes_of(param);
  const int reorder = param.bBPyramid != 0 && param.bframes > 1 ? 2 : param.bframes > 0 ? 1 : 0;
  const int decoded = std::min(16, std::max(reorder + 2, param.maxNumReferences) + 1);
  const int frame_threads = std::max(1, param.frameNumThreads);
  const int extra_references = std::max(0, param.maxNumReferences - 4);
  const int without_reordering = param.bframes == 0 ? 1 : 0;
  int frames =
      param.lookaheadDepth + param.bframes + frame_threads + decoded + 2 + extra_references - without_reordering;
  int coded = frame_threads + decoded - without_reordering;
  // Allocated when a picture needs one: a short job does not come so far.
  if (param.totalFrames > 0) frames = std::min(frames, param.totalFrames + 1);
  if (param.totalFrames > 0) coded = std::min(coded, param.totalFrames + 1);
  const char* const pools = param.numaPools;
  const int asked = pools != nullptr ? std::atoi(pools) : 0;
  const auto workers = static_cast<Bytes64>(asked > 0 ? asked : cpu_count());

  Bytes64 bytes = static_cast<Bytes64>(frames) * (sizes.picture + sizes.lowres + sizes.costs) +
                  static_cast<Bytes64>(coded) * (sizes.picture + sizes.decisions);
  // Weighted half-size planes of the lookahead's workers; few of many are at it at a time, and only in fades.
  if (param.bEnableWeightedPred != 0) bytes += (std::min<Bytes64>(workers, 16) / 2 + 2) * sizes.lowres;
  // Code, tables, analysis of one coding tree unit a worker.
  constexpr Bytes64 kBase = 12'000'000;
  constexpr Bytes64 kWorker = 1'500'000;
  return bytes + kBase + workers * kWorker;
}

}  // namespace jinsha
