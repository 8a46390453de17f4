#include "image/transfer.h"

#include <algorithm>
#include <cmath>

namespace jinsha::image {
namespace {

// BT.2100-2 Table 4.
constexpr double kPqM1 = 2610.0 / 16384;
constexpr double kPqM2 = 2523.0 / 4096 * 128;
constexpr double kPqC2 = 2413.0 / 4096 * 32;
constexpr double kPqC3 = 2392.0 / 4096 * 32;
constexpr double kPqC1 = kPqC3 - kPqC2 + 1;
constexpr double kPqPeakNits = 10'000;

// BT.2100-2 Table 5.
constexpr double kHlgA = 0.17883277;
constexpr double kHlgB = 1 - 4 * kHlgA;
const double kHlgC = 0.5 - kHlgA * std::log(4 * kHlgA);

}  // namespace

double pq_eotf(double signal) {
  const double e = std::pow(std::clamp(signal, 0.0, 1.0), 1 / kPqM2);
  return kPqPeakNits * std::pow(std::max(e - kPqC1, 0.0) / (kPqC2 - kPqC3 * e), 1 / kPqM1);
}

double pq_inverse_eotf(double nits) {
  const double y = std::pow(std::max(nits, 0.0) / kPqPeakNits, kPqM1);
  return std::pow((kPqC1 + kPqC2 * y) / (1 + kPqC3 * y), kPqM2);
}

double hlg_oetf(double scene) {
  return scene <= 1.0 / 12 ? std::sqrt(3 * std::max(scene, 0.0)) : kHlgA * std::log(12 * scene - kHlgB) + kHlgC;
}

double hlg_inverse_oetf(double signal) {
  const double e = std::max(signal, 0.0);
  return e <= 0.5 ? e * e / 3 : (std::exp((e - kHlgC) / kHlgA) + kHlgB) / 12;
}

double bt1886_eotf(double signal, double lw, double lb) {
  const double white = std::pow(lw, 1 / 2.4), black = std::pow(lb, 1 / 2.4);
  const double gain = std::pow(white - black, 2.4), lift = black / (white - black);
  return gain * std::pow(std::max(signal + lift, 0.0), 2.4);
}

double srgb_eotf(double signal) { return signal <= 0.04045 ? signal / 12.92 : std::pow((signal + 0.055) / 1.055, 2.4); }

double srgb_inverse_eotf(double light) {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

TransferModel model_of(Transfer transfer) {
  switch (transfer) {
    case Transfer::kBt709:
    case Transfer::kSmpte170M:
    case Transfer::kSmpte240M:
    case Transfer::kBt2020Ten:
    case Transfer::kBt2020Twelve: return {TransferKind::kGamma, 2.4};
    case Transfer::kGamma22: return {TransferKind::kGamma, 2.2};
    case Transfer::kGamma28: return {TransferKind::kGamma, 2.8};
    case Transfer::kLinear: return {TransferKind::kGamma, 1};
    case Transfer::kSrgb: return {TransferKind::kSrgb, 1};
    case Transfer::kPq: return {TransferKind::kPq, 1};
    case Transfer::kHlg: return {TransferKind::kHlg, 1};
    case Transfer::kDcdm: return {TransferKind::kGamma, 2.6, kDcdmPeakNits / kDcdmWhiteNits};
    case Transfer::kSLog3:
    case Transfer::kLogC3:
    case Transfer::kLogC4:
    case Transfer::kVLog:
    case Transfer::kCanonLog3:
    case Transfer::kAcesCct: return {.kind = TransferKind::kCamera, .curve = transfer};
    case Transfer::kUnspecified: break;
  }
  return {};
}

bool same_transfer(Transfer a, Transfer b) {
  const TransferModel x = model_of(a), y = model_of(b);
  return a == b || (x.kind != TransferKind::kUnknown && x == y);
}

double sdr_eotf(const TransferModel& model, double signal) {
  const double x = std::abs(signal);
  const double light = model.kind == TransferKind::kSrgb ? srgb_eotf(x) : model.brightest * std::pow(x, model.exponent);
  return std::copysign(light, signal);
}

double sdr_inverse_eotf(const TransferModel& model, double light) {
  const double x = std::abs(light);
  const double signal =
      model.kind == TransferKind::kSrgb ? srgb_inverse_eotf(x) : std::pow(x / model.brightest, 1 / model.exponent);
  return std::copysign(signal, light);
}

}  // namespace jinsha::image
