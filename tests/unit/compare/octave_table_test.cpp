// How far the tables are from the functions they stand for.
#include "compare/octave_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "image/hlg_ootf.h"
#include "image/transfer.h"

namespace jinsha::compare {
namespace {

// The largest difference of values between 2^low and 2^high, through `seen`.
double error_of(
    const std::function<double(double)>& f, int low, int high,
    const std::function<double(double)>& seen = [](double value) { return value; }) {
  const OctaveTable table(f, low, high);
  double worst = 0;
  const double ratio = 1.00071;
  for (double x = std::ldexp(1, low); x <= std::ldexp(1, high); x *= ratio)
    worst = std::max(worst, std::abs(seen(table(x)) - seen(f(x))));
  return worst;
}

TEST(OctaveTable, PqIsCloserThanAnyDifferenceCounts) {
  EXPECT_LT(error_of(image::pq_inverse_eotf, -40, 14), 1e-9);
  // Light as the eye sees it: by its PQ signal.
  EXPECT_LT(error_of(image::pq_eotf, -20, 0, image::pq_inverse_eotf), 1e-7);
}

TEST(OctaveTable, OtherCurvesToo) {
  const auto hlg_seen = [](double scene) { return image::pq_inverse_eotf(1000 * scene); };
  EXPECT_LT(error_of(image::hlg_inverse_oetf, -24, 1, hlg_seen), 1e-7);
  EXPECT_LT(error_of([](double y) { return image::hlg_ootf_gain(y, 1000, 1.2); }, -40, 2,
                     [](double gain) { return image::pq_inverse_eotf(gain); }),
            1e-7);
  for (const Transfer transfer : {Transfer::kBt709, Transfer::kGamma22, Transfer::kLinear, Transfer::kSrgb}) {
    const image::TransferModel model = image::model_of(transfer);
    EXPECT_LT(error_of([&](double e) { return 100 * image::sdr_eotf(model, e); }, -24, 1, image::pq_inverse_eotf),
              transfer == Transfer::kSrgb ? 2e-6 : 1e-7)  // IEC 61966-2-1 has a corner
        << name_of(transfer);
  }
}

TEST(OctaveTable, HoldsWhatLiesOutside) {
  const OctaveTable table([](double x) { return 3 * x; }, -4, 3);
  EXPECT_NEAR(table(0.5), 1.5, 1e-12);
  EXPECT_NEAR(table(0), 3.0 / 16, 1e-12);
  EXPECT_NEAR(table(-7), 3.0 / 16, 1e-12);
  EXPECT_NEAR(table(8), 24, 1e-9);
  EXPECT_NEAR(table(1e9), 24, 1e-9);
  EXPECT_NEAR(table(std::numeric_limits<double>::infinity()), 24, 1e-9);
  EXPECT_NEAR(table(std::numeric_limits<double>::quiet_NaN()), 3.0 / 16, 1e-12);
}

}  // namespace
}  // namespace jinsha::compare
