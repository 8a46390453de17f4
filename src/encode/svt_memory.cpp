// How much memory SVT-AV1 takes, as measured: resident peak of CRF jobs, 10 bit, a noisy moving
// picture, less what the process had before. The library allocates every picture buffer when it
// starts, but a page becomes resident only when a picture comes to use it, so short jobs take less.
//
// The number of buffers follows the preset and the parallelism, and is cut down beyond 4K.
#include <algorithm>
#include <array>
#include <cstddef>

#include "base/os.h"
#include "encode/svt_params.h"

namespace jinsha {
namespace {

constexpr std::array kPictures = {8, 24, 48, 96, 250};  // columns: that many pictures sent
using Curve = std::array<int, kPictures.size()>;        // bytes a luma sample

struct PresetRow {
  int slowest_preset;  // this one and faster ones, down to the row before
  Curve up_to_4k;
  Curve beyond_4k;
};

struct ParallelismRow {
  std::uint32_t at_most;  // of the library's own count
  int percent;            // against 2
};

#if SVT_AV1_CHECK_VERSION(2, 0, 0)
// 2.3.0
constexpr std::array kPresets{
    PresetRow{11, {134, 197, 240, 270, 275}, {106, 145, 162, 172, 180}},
    PresetRow{10, {142, 197, 249, 276, 282}, {106, 145, 165, 175, 185}},
    PresetRow{9, {155, 217, 272, 311, 318}, {112, 149, 170, 182, 192}},
    PresetRow{8, {202, 260, 332, 438, 456}, {125, 151, 178, 195, 205}},
    PresetRow{6, {215, 275, 352, 462, 480}, {135, 160, 190, 208, 220}},
    PresetRow{-2, {270, 345, 440, 560, 580}, {170, 200, 235, 260, 275}},
};
constexpr std::array kParallelism{ParallelismRow{1, 80},  ParallelismRow{2, 100}, ParallelismRow{3, 175},
                                  ParallelismRow{4, 217}, ParallelismRow{5, 268}, ParallelismRow{6, 373}};
// A 10-bit picture is kept as 8 bits and 2 bits apart; 8 bit saves the second part.
constexpr Curve kEightBitPercent = {98, 78, 75, 70, 70};
#else
// 1.4.1
constexpr std::array kPresets{
    PresetRow{13, {110, 178, 224, 246, 292}, {78, 129, 152, 168, 192}},
    PresetRow{12, {155, 226, 312, 376, 430}, {107, 160, 195, 215, 238}},
    PresetRow{10, {194, 267, 359, 416, 475}, {132, 180, 222, 248, 272}},
    PresetRow{9, {207, 291, 393, 478, 515}, {135, 186, 232, 258, 285}},
    PresetRow{8, {252, 365, 486, 584, 670}, {137, 191, 248, 278, 305}},
    PresetRow{6, {268, 388, 515, 620, 710}, {146, 203, 263, 295, 325}},
    PresetRow{4, {340, 480, 640, 770, 880}, {185, 255, 330, 370, 405}},
    PresetRow{-2, {430, 610, 810, 970, 1110}, {230, 320, 415, 465, 510}},
};
constexpr std::array kParallelism{ParallelismRow{1, 80},  ParallelismRow{2, 100},  ParallelismRow{4, 145},
                                  ParallelismRow{8, 255}, ParallelismRow{16, 320}, ParallelismRow{63, 350}};
constexpr Curve kEightBitPercent = {98, 84, 77, 74, 67};
#endif

constexpr std::uint64_t kBaseBytes = 60'000'000;
// Between 3840x2160 and 7680x4320.
constexpr std::uint64_t kLargePictureSamples = 16'000'000;
// Content differs, and so do runs.
constexpr std::uint64_t kMarginPercent = 105;

// At `pictures`, between the columns; the last one where the number is unknown (0) or higher.
std::uint64_t at(const Curve& curve, std::int64_t pictures) {
  const auto value = [&](std::size_t i) { return static_cast<std::int64_t>(curve[i]); };
  if (pictures <= 0 || pictures >= kPictures.back()) return static_cast<std::uint64_t>(curve.back());
  if (pictures <= kPictures.front()) return static_cast<std::uint64_t>(curve.front());
  std::size_t i = 1;
  while (pictures > kPictures[i]) ++i;
  const std::int64_t span = kPictures[i] - kPictures[i - 1];
  return static_cast<std::uint64_t>(value(i - 1) + (value(i) - value(i - 1)) * (pictures - kPictures[i - 1]) / span);
}

// From 2.0 on a count above that of the processors is taken at its word.
std::uint64_t parallelism_of(const EbSvtAv1EncConfiguration& native) {
  const std::uint64_t asked = svt_asked_parallelism(native);
#if SVT_AV1_CHECK_VERSION(2, 0, 0)
  return asked;
#else
  return std::min(asked, static_cast<std::uint64_t>(cpu_count()));
#endif
}

}  // namespace

std::uint64_t svt_memory_bytes(const EbSvtAv1EncConfiguration& native, std::int64_t pictures) {
  const std::uint64_t samples = std::uint64_t{native.source_width} * native.source_height;
  const auto preset = std::find_if(kPresets.begin(), kPresets.end() - 1,
                                   [&](const PresetRow& row) { return native.enc_mode >= row.slowest_preset; });
  const std::uint64_t parallelism = parallelism_of(native);
  const auto threads = std::find_if(kParallelism.begin(), kParallelism.end() - 1,
                                    [&](const ParallelismRow& row) { return parallelism <= row.at_most; });
  std::uint64_t bytes = samples * at(samples > kLargePictureSamples ? preset->beyond_4k : preset->up_to_4k, pictures);
  bytes = bytes * static_cast<std::uint64_t>(threads->percent) / 100;
  if (native.encoder_bit_depth == 8) bytes = bytes * at(kEightBitPercent, pictures) / 100;
  return (kBaseBytes + bytes) * kMarginPercent / 100;
}

}  // namespace jinsha
