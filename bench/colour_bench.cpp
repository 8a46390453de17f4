// How long colour and scaling take, frame by frame, on frames that are already in memory; every
// conversion's answer is checked against known codes before it is timed.
//
//   colour_bench [--benchmark_filter=...]
//
// Arguments of each row: SIMD target (0 the widest there is, 2 AVX2), threads. `cpu_ms` is the CPU
// time of all threads per frame, `memory_mb` what the device allocates for the program.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstring>
#include <ctime>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "compute/device.h"
#include "image/image_plan.h"
#include "media/frame.h"

namespace {

using namespace jinsha;

constexpr ColorInfo kPq{Primaries::kBt2020, Transfer::kPq, Matrix::kBt2020Ncl, Range::kLimited,
                        ChromaLocation::kTopLeft};
constexpr ColorInfo kHlg{Primaries::kBt2020, Transfer::kHlg, Matrix::kBt2020Ncl, Range::kLimited,
                         ChromaLocation::kTopLeft};
constexpr ColorInfo kSdr{Primaries::kBt709, Transfer::kBt709, Matrix::kBt709, Range::kLimited,
                         ChromaLocation::kTopLeft};

struct Conversion {
  const char* name;
  ColorInfo from, to;
  int width, height, out_width, out_height;
  int in_depth, out_depth;
  // A grey of `code` (10 bit) becomes `answer`.
  int code, answer;
  ToneMap tone_map = ToneMap::kAuto;
  GamutMap gamut = GamutMap::kClip;
  DitherMode dither = DitherMode::kNone;
  int lut_side = 0;  // > 0: through a cube of so many nodes that changes nothing
};
// Answers: a tone curve takes the source's peak (1000 cd/m2: PQ 723, HLG 940) to white; HDR reference
// white is PQ 573 and HLG 721 (BT.2408-7 Table 1).
constexpr Conversion kConversions[] = {
    {"pq_to_sdr_8k_10_to_8", kPq, kSdr, 7680, 4320, 7680, 4320, 10, 8, 723, 235},
    {"pq_to_sdr_8k_10_to_10", kPq, kSdr, 7680, 4320, 7680, 4320, 10, 10, 723, 940},
    {"pq_to_sdr_dithered_8k", kPq, kSdr, 7680, 4320, 7680, 4320, 10, 8, 723, 235, ToneMap::kAuto, GamutMap::kClip,
     DitherMode::kBlueNoise},
    {"pq_to_sdr_compressed_8k", kPq, kSdr, 7680, 4320, 7680, 4320, 10, 8, 723, 235, ToneMap::kAuto,
     GamutMap::kCompress},
    {"pq_to_sdr_bt2446a_8k", kPq, kSdr, 7680, 4320, 7680, 4320, 10, 8, 723, 235, ToneMap::kBt2446A},
    {"pq_to_sdr_bt2446c_8k", kPq, kSdr, 7680, 4320, 7680, 4320, 10, 8, 573, 226, ToneMap::kBt2446C},
    {"lut65_8k", kPq, kSdr, 7680, 4320, 7680, 4320, 10, 10, 573, 573, ToneMap::kAuto, GamutMap::kClip,
     DitherMode::kNone, 65},
    {"pq_to_hlg_8k", kPq, kHlg, 7680, 4320, 7680, 4320, 10, 10, 573, 721},
    {"hlg_to_pq_8k", kHlg, kPq, 7680, 4320, 7680, 4320, 10, 10, 721, 573},
    {"hlg_to_sdr_8k", kHlg, kSdr, 7680, 4320, 7680, 4320, 10, 8, 940, 235},
    {"depth_8k_10_to_8", kPq, kPq, 7680, 4320, 7680, 4320, 10, 8, 940, 235},
    {"scale_8k_to_4k", kPq, kPq, 7680, 4320, 3840, 2160, 10, 10, 573, 573},
    {"pq_to_sdr_8k_to_4k", kPq, kSdr, 7680, 4320, 3840, 2160, 10, 10, 723, 940},
};

PixelFormat format(int depth) {
  PixelFormat f;
  f.depth = depth;
  return f;
}

FrameMut new_frame(PixelFormat f, int width, int height) {
  return std::move(*FramePool::create(FrameLayout::packed(f, width, height), 1)->acquire(std::stop_token{}));
}

template <typename Code>
Frame make_frame(const Conversion& c, Code&& code) {
  FrameMut frame = new_frame(format(c.in_depth), c.width, c.height);
  for (int plane = 0; plane < 3; ++plane) {
    const int width = frame.layout().format.plane_width(plane, c.width);
    const int height = frame.layout().format.plane_height(plane, c.height);
    for (int y = 0; y < height; ++y) {
      auto* row = reinterpret_cast<std::uint16_t*>(frame.plane(plane) +
                                                   frame.layout().stride[plane] * static_cast<std::size_t>(y));
      for (int x = 0; x < width; ++x) row[x] = static_cast<std::uint16_t>(code(plane, x, y));
    }
  }
  return std::move(frame).publish();
}

// Texture over gradients, all codes of the usual range.
int textured(int plane, int x, int y) {
  std::uint32_t hash = static_cast<std::uint32_t>(x) * 0x9E3779B1U ^ static_cast<std::uint32_t>(y) * 0x85EBCA77U;
  hash ^= hash >> 15;
  const int grain = static_cast<int>(hash % 13) - 6;
  return plane == 0 ? 80 + (x / 12 + y / 9) % 640 + grain : 512 + (x / 16 - y / 24) % 120 + grain;
}

int sample(const Frame& frame, int plane, int x, int y) {
  const std::byte* row = frame.plane(plane) + frame.layout().stride[plane] * static_cast<std::size_t>(y);
  if (frame.layout().format.bytes_per_sample() == 1) return std::to_integer<int>(row[x]);
  std::uint16_t code;
  std::memcpy(&code, row + static_cast<std::size_t>(x) * 2, 2);
  return code;
}

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

std::shared_ptr<const CubeLut> identity(int side) {
  if (side == 0) return nullptr;
  auto lut = std::make_shared<CubeLut>();
  lut->cube.emplace();
  lut->cube->size = side;
  for (int i = 0; i < side * side * side; ++i) {
    for (const int at : {i % side, i / side % side, i / side / side})
      lut->cube->rgb.push_back(static_cast<float>(at) / static_cast<float>(side - 1));
  }
  return lut;
}

void run(benchmark::State& state, const Conversion& c) {
  ImageRequest request;
  request.source = {format(c.in_depth), c.width, c.height, c.from, {}};
  request.format = format(c.out_depth);
  request.width = c.out_width;
  request.height = c.out_height;
  request.color = c.to;
  if (is_hdr(c.from.transfer)) request.source_peak_nits = 1000;
  request.tone_map = c.tone_map;
  request.gamut = c.gamut;
  request.dither = c.dither;
  request.lut = identity(c.lut_side);
  const auto plan = plan_image(request);
  auto device = open_cpu_device(static_cast<int>(state.range(1)), static_cast<SimdTarget>(state.range(0)), Log());
  if (!plan.ok() || !device.ok() || !(*device)->load(plan->program).ok()) {
    state.SkipWithError(!plan.ok() ? plan.error().message.c_str() : "no such device");
    return;
  }
  FrameMut out = new_frame(request.format, c.out_width, c.out_height);
  (*device)->process(make_frame(c, [&](int plane, int, int) { return plane == 0 ? c.code : 512; }), out);
  const Frame answer = std::move(out).publish();
  const int neutral = 1 << (c.out_depth - 1);
  if (sample(answer, 0, c.out_width / 2, c.out_height / 2) != c.answer || sample(answer, 1, 3, 3) != neutral) {
    state.SkipWithError("wrong answer");
    return;
  }
  const Frame in = make_frame(c, textured);
  out = new_frame(request.format, c.out_width, c.out_height);
  (*device)->process(in, out);
  const double start = cpu_seconds();
  for (auto _ : state) (*device)->process(in, out);
  state.counters["memory_mb"] = static_cast<double>((*device)->memory_bytes()) / 1e6;
  state.counters["cpu_ms"] = (cpu_seconds() - start) * 1e3 / static_cast<double>(state.iterations());
}

}  // namespace

int main(int argc, char** argv) {
  for (const Conversion& c : kConversions) {
    benchmark::RegisterBenchmark(c.name, run, c)
        ->ArgNames({"target", "threads"})
        ->Args({static_cast<int>(SimdTarget::kAuto), 1})
        ->Args({static_cast<int>(SimdTarget::kAuto), 2})
        ->Args({static_cast<int>(SimdTarget::kAvx2), 1})
        ->Unit(benchmark::kMillisecond)
        ->MeasureProcessCPUTime()
        ->UseRealTime();
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
