// How much memory SVT-AV1 takes: picture buffers, whose number follows the preset and is cut down
// for pictures beyond 4K. Bytes a sample as measured with 10-bit 4:2:0 CRF jobs, long enough to fill
// every buffer, of SVT-AV1 1.4.1; a few percent are added.
#include <array>

#include "encode/svt_params.h"

namespace jinsha {
namespace {

constexpr std::uint64_t kBaseBytes = 60'000'000;
// Pictures with more samples get fewer buffers (between 3840x2160 and 7680x4320).
constexpr std::uint64_t kLargePictureSamples = 16'000'000;

struct BufferRow {
  int slowest_preset;  // this one and faster ones
  std::uint64_t bytes_per_sample;
  std::uint64_t bytes_per_sample_large;
};
constexpr std::array kBuffers{BufferRow{11, 355, 195}, BufferRow{9, 405, 217}, BufferRow{-1, 560, 300}};

}  // namespace

std::uint64_t svt_memory_bytes(const EbSvtAv1EncConfiguration& native) {
  const std::uint64_t samples = std::uint64_t{native.source_width} * native.source_height;
  const bool large = samples > kLargePictureSamples;
  for (const BufferRow& row : kBuffers) {
    if (native.enc_mode >= row.slowest_preset) {
      return kBaseBytes + samples * (large ? row.bytes_per_sample_large : row.bytes_per_sample);
    }
  }
  return kBaseBytes + samples * kBuffers.back().bytes_per_sample;
}

}  // namespace jinsha
