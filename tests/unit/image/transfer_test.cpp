// Transfer functions at the points the standards and their annexes allow to compute by hand.
#include "image/transfer.h"

#include <gtest/gtest.h>

#include <cmath>

namespace jinsha::image {
namespace {

void expect_relative(double value, double expected) { EXPECT_NEAR(value, expected, 1e-9 * std::abs(expected)); }

TEST(Pq, EotfOfSt2084) {
  const double rows[][2] = {{0.1, 0.324565591464}, {0.25, 5.15417600983}, {0.38, 25.9905789277}, {0.5, 92.2457089941},
                            {0.58, 201.666262177}, {0.75, 983.377855587}, {0.9, 3905.64465283},  {1, 10000}};
  for (const auto& [signal, nits] : rows) expect_relative(pq_eotf(signal), nits);
  EXPECT_EQ(pq_eotf(0), 0);
  EXPECT_EQ(pq_eotf(-0.1), 0);
  expect_relative(pq_eotf(1.09), 10000);
}

TEST(Pq, InverseEotfOfSt2084) {
  const double rows[][2] = {{0.005, 0.0150763990424}, {0.1, 0.0623368656627}, {1, 0.1499457321},
                            {26, 0.380032274333},     {100, 0.508078421517},  {203, 0.580688881042},
                            {1000, 0.751827096247},   {4000, 0.902572393311}, {10000, 1}};
  for (const auto& [nits, signal] : rows) EXPECT_NEAR(pq_inverse_eotf(nits), signal, 1e-9);
  EXPECT_NEAR(pq_inverse_eotf(0), 7.30956e-7, 1e-9);
  EXPECT_EQ(pq_inverse_eotf(-5), pq_inverse_eotf(0));
}

TEST(Hlg, OetfOfBt2100) {
  const double rows[][2] = {{0, 0},
                            {0.015, 0.212132034356},
                            {1.0 / 12, 0.5},
                            {0.2, 0.693894268644},
                            {0.26, 0.746282859032},
                            {0.5, 0.871643470874},
                            {1, 0.999999995066}};
  for (const auto& [scene, signal] : rows) EXPECT_NEAR(hlg_oetf(scene), signal, 1e-9);
}

TEST(Hlg, OetfAndInverseUndoEachOtherIntoSuperWhite) {
  for (double signal = 0; signal <= 1.09; signal += 0.01) {
    EXPECT_NEAR(hlg_oetf(hlg_inverse_oetf(signal)), signal, 1e-12) << signal;
  }
  EXPECT_EQ(hlg_inverse_oetf(-0.2), 0);
}

TEST(Bt1886, AnnexOne) {
  EXPECT_EQ(bt1886_eotf(0, 100, 0), 0);
  expect_relative(bt1886_eotf(0.5, 100, 0), 18.9464570814);
  expect_relative(bt1886_eotf(1, 100, 0), 100);
  expect_relative(bt1886_eotf(0, 100, 0.1), 0.1);
  expect_relative(bt1886_eotf(0.5, 100, 0.1), 21.6049111674);
}

TEST(Srgb, Iec61966) {
  EXPECT_NEAR(srgb_eotf(0.04045), 0.00313080495356, 1e-9);
  EXPECT_NEAR(srgb_eotf(0.5), 0.214041140482, 1e-9);
  EXPECT_NEAR(srgb_inverse_eotf(0.500000025731), 0.735357, 1e-9);
}

// ST 428-1: white of 48 cd/m2 is code 3960 of 4095.
TEST(SdrModel, DcdmHasRoomAboveWhite) {
  EXPECT_NEAR(4095 * sdr_inverse_eotf(model_of(Transfer::kDcdm), 1), 3960, 0.5);
  EXPECT_NEAR(kDcdmWhiteNits * sdr_eotf(model_of(Transfer::kDcdm), 1), 52.37, 1e-9);
}

TEST(SdrModel, SameForTransfersThatOneDisplayShows) {
  EXPECT_EQ(model_of(Transfer::kBt709), model_of(Transfer::kBt2020Ten));
  EXPECT_EQ(model_of(Transfer::kBt709), model_of(Transfer::kSmpte170M));
  EXPECT_NE(model_of(Transfer::kBt709), model_of(Transfer::kSrgb));
  EXPECT_NE(model_of(Transfer::kSLog3), model_of(Transfer::kVLog));
  EXPECT_EQ(model_of(static_cast<Transfer>(11)).kind, TransferKind::kUnknown);
}

TEST(SdrModel, DecodesAsBt1886AndMirrorsBelowBlack) {
  const TransferModel model = model_of(Transfer::kBt709);
  expect_relative(100 * sdr_eotf(model, 0.5), bt1886_eotf(0.5, 100, 0));
  EXPECT_DOUBLE_EQ(sdr_eotf(model, -0.05), -sdr_eotf(model, 0.05));
  for (double signal = -0.07; signal <= 1.09; signal += 0.01) {
    EXPECT_NEAR(sdr_inverse_eotf(model, sdr_eotf(model, signal)), signal, 1e-12);
  }
}

}  // namespace
}  // namespace jinsha::image
