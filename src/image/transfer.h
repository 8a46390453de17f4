// Transfer functions in double precision. Signals E' are 0..1 over the nominal range, values
// outside are meaningful where stated. Display light is in cd/m2, relative light 0..1.
#pragma once

#include "media/color.h"

namespace jinsha::image {

// SMPTE ST 2084 / ITU-R BT.2100-2 Table 4.
double pq_eotf(double signal);        // E' -> cd/m2; E' is clipped to 0..1
double pq_inverse_eotf(double nits);  // cd/m2 -> E'; negative light counts as 0

// ITU-R BT.2100-2 Table 5. Scene light 0..1; signals to 1.09 give scene light above 1.
double hlg_oetf(double scene);
double hlg_inverse_oetf(double signal);

// ITU-R BT.1886 Annex 1. Signal -> cd/m2 on a display of white `lw` and black `lb` cd/m2.
double bt1886_eotf(double signal, double lw, double lb);

// IEC 61966-2-1, signal -> relative light and back.
double srgb_eotf(double signal);
double srgb_inverse_eotf(double light);

// What decoding a transfer characteristic for display means here.
enum class TransferKind {
  kUnknown,  // no conversion is possible
  kGamma,    // relative display light = brightest * signal ^ exponent
  kSrgb,
  kPq,
  kHlg,
  kCamera,  // scene light by a curve of camera_curve.h
};
struct TransferModel {
  TransferKind kind = TransferKind::kUnknown;
  double exponent = 1;                      // kGamma
  double brightest = 1;                     // kGamma: light of signal 1, of that of white
  Transfer curve = Transfer::kUnspecified;  // kCamera

  friend bool operator==(const TransferModel&, const TransferModel&) = default;
};
// BT.2408-7 2.2 and 5: HDR reference white; what SDR's white becomes in HDR, and a camera's scene light of 1.
inline constexpr double kReferenceWhiteNits = 203;
// SMPTE ST 428-1: DCDM signal 1 is 52.37 cd/m2, white 48.
inline constexpr double kDcdmPeakNits = 52.37, kDcdmWhiteNits = 48;

// BT.709, 601, 240M and 2020 signals are shown by a BT.1886 display (pure 2.4 for black 0): the
// display-referred reading of BT.2087 and BT.2446, not the inverse of the camera's OETF.
TransferModel model_of(Transfer transfer);
// Code points that mean the same light count as the same.
bool same_transfer(Transfer a, Transfer b);

// Signal -> relative display light and back for kGamma and kSrgb, odd-symmetric below 0.
double sdr_eotf(const TransferModel& model, double signal);
double sdr_inverse_eotf(const TransferModel& model, double light);

}  // namespace jinsha::image
