#include "input/generator_look.h"

#include <algorithm>
#include <cmath>

namespace jinsha {
namespace {

// SMPTE ST 2084, clause 5.
constexpr double kM1 = 2610.0 / 16384, kM2 = 2523.0 / 4096 * 128;
constexpr double kC1 = 3424.0 / 4096, kC2 = 2413.0 / 4096 * 32, kC3 = 2392.0 / 4096 * 32;
double pq_signal(double nits) {
  const double y = std::pow(std::max(nits, 0.0) / 10'000, kM1);
  return std::pow((kC1 + kC2 * y) / (1 + kC3 * y), kM2);
}
double pq_nits(double signal) {
  const double e = std::pow(std::clamp(signal, 0.0, 1.0), 1 / kM2);
  return 10'000 * std::pow(std::max(e - kC1, 0.0) / (kC2 - kC3 * e), 1 / kM1);
}

// ITU-R BT.2100, Table 5.
constexpr double kHlgA = 0.17883277, kHlgB = 0.28466892, kHlgC = 0.55991073;
double hlg_signal(double scene) {
  return scene <= 1.0 / 12 ? std::sqrt(3 * scene) : kHlgA * std::log(12 * scene - kHlgB) + kHlgC;
}
double hlg_nits(double signal) {
  const double scene = signal <= 0.5 ? signal * signal / 3 : (std::exp((signal - kHlgC) / kHlgA) + kHlgB) / 12;
  return 1000 * std::pow(std::max(scene, 0.0), 1.2);
}

constexpr double kColourNits = 250;  // of a saturated component in PQ

// Linear BT.2020 components of the primaries of P3-D65, columns R, G, B; the red's -0.001 of blue is cut.
constexpr double kP3In2020[3][3] = {
    {0.753833, 0.198597, 0.047570}, {0.045744, 0.941777, 0.012479}, {0, 0.017602, 0.983609}};
// Which primaries are lit.
constexpr int kLit[6][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 1, 1}, {1, 0, 1}, {1, 1, 0}};

}  // namespace

GeneratorLook::GeneratorLook(GeneratorColor color, int depth) : kind_(color), depth_(depth) {
  const bool sdr = color == GeneratorColor::kSdr;
  kr_ = sdr ? 0.2126 : 0.2627;
  kb_ = sdr ? 0.0722 : 0.0593;
  color_.primaries = sdr ? Primaries::kBt709 : Primaries::kBt2020;
  color_.matrix = sdr ? Matrix::kBt709 : Matrix::kBt2020Ncl;
  color_.range = Range::kLimited;
  color_.chroma_location = sdr ? ChromaLocation::kLeft : ChromaLocation::kTopLeft;
  switch (color) {
    case GeneratorColor::kPq:
      color_.transfer = Transfer::kPq;
      texture_low_ = pq_signal(0.5);
      texture_high_ = pq_signal(150);
      peak_signal_ = pq_signal(1000);
      break;
    case GeneratorColor::kHlg:
      color_.transfer = Transfer::kHlg;
      texture_low_ = 0.04;
      texture_high_ = 0.68;
      peak_signal_ = 1.0;
      break;
    case GeneratorColor::kSdr:
      color_.transfer = Transfer::kBt709;
      texture_low_ = 0.04;
      texture_high_ = 0.72;
      peak_signal_ = 1.0;
      break;
  }
}

// Rounded down, so that a stated peak is not exceeded by the code nearest to it.
std::uint16_t GeneratorLook::luma_code(double luma) const {
  const double scale = 1 << (depth_ - 8);
  return static_cast<std::uint16_t>((16 + 219 * std::clamp(luma, 0.0, 1.0)) * scale + 1e-6);
}

std::uint16_t GeneratorLook::chroma_code(double chroma) const {
  const double scale = 1 << (depth_ - 8);
  return static_cast<std::uint16_t>((128 + 224 * std::clamp(chroma, -0.5, 0.5)) * scale + 0.5);
}

double GeneratorLook::max_rgb_nits(int y, int cb, int cr) const {
  const double scale = 1 << (depth_ - 8);
  const double luma = (y / scale - 16) / 219, b = (cb / scale - 128) / 224, r = (cr / scale - 128) / 224;
  const double red = luma + 2 * (1 - kr_) * r, blue = luma + 2 * (1 - kb_) * b;
  const double green = (luma - kr_ * red - kb_ * blue) / (1 - kr_ - kb_);
  const double most = std::max({red, green, blue, 0.0});
  switch (kind_) {
    case GeneratorColor::kPq: return pq_nits(most);
    case GeneratorColor::kHlg: return hlg_nits(most);
    case GeneratorColor::kSdr: break;
  }
  return 100 * std::pow(most, 2.4);
}

PaintCode GeneratorLook::grey(double signal) const { return paint(signal, signal, signal); }

double GeneratorLook::to_signal(double linear) const {
  switch (kind_) {
    case GeneratorColor::kPq: return pq_signal(linear * kColourNits);
    case GeneratorColor::kHlg: return hlg_signal(linear * 0.25);
    case GeneratorColor::kSdr: break;
  }
  return 0.9 * std::pow(linear, 1 / 2.4);
}

PaintCode GeneratorLook::saturated(int index) const {
  double rgb[3] = {};
  for (int component = 0; component < 3; ++component) {
    double linear = 0;
    for (int primary = 0; primary < 3; ++primary) {
      const double share =
          kind_ == GeneratorColor::kSdr ? (component == primary ? 1.0 : 0.0) : kP3In2020[component][primary];
      linear += kLit[index][primary] * share;
    }
    rgb[component] = to_signal(linear);
  }
  return paint(rgb[0], rgb[1], rgb[2]);
}

PaintCode GeneratorLook::paint(double r, double g, double b) const {
  const double y = kr_ * r + (1 - kr_ - kb_) * g + kb_ * b;
  PaintCode code;
  code.ycbcr = {luma_code(y), chroma_code((b - y) / (2 * (1 - kb_))), chroma_code((r - y) / (2 * (1 - kr_)))};
  code.max_rgb_nits = max_rgb_nits(code.ycbcr[0], code.ycbcr[1], code.ycbcr[2]);
  return code;
}

}  // namespace jinsha
