// PSNR and XPSNR on pictures whose errors and activities can be written down.
#include "compare/weighted_errors.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compare/metrics.h"
#include "compare/picture_helper.h"

namespace jinsha::compare {
namespace {

using test::make_noise;
using test::make_picture;

constexpr Rational k25{25, 1}, k50{50, 1};
constexpr PixelFormat kTenBit{Chroma::k420, 10};

// Root of the average activity of the paper.
double average(int width, int height, int depth) {
  return std::sqrt(std::pow(2, 2 * depth - 5) * std::sqrt(3840.0 * 2160.0 / (static_cast<double>(width) * height)));
}

// Luma stripes `period` samples wide of `base` and `base + step`, chroma 512.
Frame stripes(int width, int height, int period, int base, int step) {
  return make_picture(kTenBit, width, height,
                      [=](int plane, int x, int) { return plane > 0 ? 512 : base + (x / period % 2) * step; });
}
Frame flat(int width, int height, int luma) { return stripes(width, height, 1, luma, 0); }

Moment still(const Frame& reference, const Frame& other) { return {reference, reference, reference, other}; }

TEST(Decibels, AreCappedAndDefined) {
  EXPECT_NEAR(decibels(1, 255), 48.1308036, 1e-6);
  EXPECT_NEAR(decibels(1023.0 * 1023.0, 1023), 0, 1e-12);
  EXPECT_EQ(decibels(0, 255), 100);
  EXPECT_EQ(decibels(1e-9, 65535), 100);
  EXPECT_DOUBLE_EQ(weighted_611(40, 44, 48), (240.0 + 92) / 8);
}

TEST(PlaneErrors, AConstantOffsetIsItsSquare) {
  ThreadPool pool(2);
  for (const int depth : {8, 10, 16}) {
    for (const Chroma chroma : {Chroma::k420, Chroma::k422, Chroma::k444, Chroma::k400}) {
      const PixelFormat format{chroma, depth};
      const Frame a = make_picture(format, 101, 67, [](int, int x, int y) { return 60 + (x * 7 + y * 5) % 90; });
      const Frame b =
          make_picture(format, 101, 67, [](int plane, int x, int y) { return 60 + (x * 7 + y * 5) % 90 + 3 + plane; });
      const PlaneErrors errors = plane_errors(still(a, b), k25, pool);
      for (std::size_t plane = 0; plane < 3; ++plane) {
        const double offset = static_cast<int>(plane) < format.planes() ? 3.0 + static_cast<double>(plane) : 0;
        EXPECT_DOUBLE_EQ(errors.mean_square[plane], offset * offset) << describe(format);
      }
    }
  }
}

TEST(PlaneErrors, ExtremesOfSixteenBitsFit) {
  ThreadPool pool(1);
  const PixelFormat format{Chroma::k444, 16};
  const Frame a = make_picture(format, 64, 64, [](int, int, int) { return 0; });
  const Frame b = make_picture(format, 64, 64, [](int, int, int) { return 65535; });
  EXPECT_DOUBLE_EQ(plane_errors(still(a, b), k25, pool).mean_square[1], 65535.0 * 65535.0);
}

// Where nothing moves and nothing is to be seen, a block weighs as much as it can: 1 / 2^(depth - 6).
TEST(Xpsnr, FlatPicturesHaveTheLeastActivity) {
  ThreadPool pool(2);
  const PlaneErrors errors = plane_errors(still(flat(640, 360, 500), flat(640, 360, 504)), k25, pool);
  EXPECT_NEAR(errors.weighted_mean_square[0], 16 * average(640, 360, 10) / 16, 1e-9);
  EXPECT_EQ(errors.weighted_mean_square[1], 0);
}

// Stripes of one sample, `step` apart: the high-pass gives 8 step everywhere.
TEST(Xpsnr, SpatialActivityOfStripes) {
  ThreadPool pool(2);
  const Frame reference = stripes(1280, 720, 1, 400, 50), other = stripes(1280, 720, 1, 403, 50);
  const PlaneErrors errors = plane_errors(still(reference, other), k25, pool);
  EXPECT_NEAR(errors.weighted_mean_square[0], 9 * average(1280, 720, 10) / (8 * 50), 1e-9);
}

// Above HD stripes of two samples are those of one at half the size.
TEST(Xpsnr, SpatialActivityAboveHd) {
  ThreadPool pool(2);
  const Frame reference = stripes(2176, 1152, 2, 400, 50), other = stripes(2176, 1152, 2, 403, 50);
  const PlaneErrors errors = plane_errors(still(reference, other), k25, pool);
  EXPECT_NEAR(errors.weighted_mean_square[0], 9 * average(2176, 1152, 10) / (8 * 50), 1e-9);
}

// Changes count twice: below 32 pictures a second the first difference, from there on the second.
TEST(Xpsnr, TemporalActivity) {
  ThreadPool pool(2);
  for (const auto& [width, height] : {std::pair{1280, 720}, std::pair{2176, 1152}}) {
    const Moment moment{flat(width, height, 500), flat(width, height, 460), flat(width, height, 410),
                        flat(width, height, 502)};
    const double unit = 4 * average(width, height, 10);
    EXPECT_NEAR(plane_errors(moment, k25, pool).weighted_mean_square[0], unit / (2 * 40), 1e-9);
    const Moment slow{flat(width, height, 500), flat(width, height, 460), flat(width, height, 400),
                      flat(width, height, 502)};
    EXPECT_NEAR(plane_errors(slow, k50, pool).weighted_mean_square[0], unit / (2 * 20), 1e-9);
    EXPECT_NEAR(plane_errors(slow, {30000, 1001}, pool).weighted_mean_square[0], unit / (2 * 40), 1e-9);
  }
}

// Up to VGA a flat block among busy ones counts no more than its busy neighbours do.
TEST(Xpsnr, SmallPicturesAreSmoothed) {
  ThreadPool pool(1);
  const auto picture = [&](int width, int height, int offset) {
    // Blocks of 4 samples at 96x96; one at (48, 48) is flat, with a margin of what its filter sees.
    return make_picture(kTenBit, width, height, [=](int plane, int x, int y) {
      if (plane > 0) return 512;
      if (x < 47 || x > 52 || y < 47 || y > 52) return 400 + x % 2 * 200;
      return 500 + (x >= 48 && x < 52 && y >= 48 && y < 52 ? offset : 0);
    });
  };
  const PlaneErrors errors = plane_errors(still(picture(96, 96, 0), picture(96, 96, 8)), k25, pool);
  const double unsmoothed = 64.0 * 16 / (96 * 96) * average(96, 96, 10) / 16;
  EXPECT_GT(errors.weighted_mean_square[0], 0);
  EXPECT_LT(errors.weighted_mean_square[0], unsmoothed / 16);
}

TEST(Xpsnr, TinyPicturesAreNotWeighted) {
  ThreadPool pool(1);
  for (const auto& [width, height] : {std::pair{1, 1}, std::pair{2, 1}, std::pair{30, 30}}) {
    const PlaneErrors errors = plane_errors(still(flat(width, height, 500), flat(width, height, 505)), k25, pool);
    EXPECT_EQ(errors.mean_square[0], 25);
    EXPECT_EQ(errors.weighted_mean_square[0], 25);
  }
  // Blocks there are, but no sample with neighbours on all sides.
  const PlaneErrors line = plane_errors(still(flat(4000, 1, 500), flat(4000, 1, 505)), k25, pool);
  EXPECT_NEAR(line.weighted_mean_square[0], 25 * average(4000, 1, 10) / 16, 1e-9);
}

TEST(PlaneErrors, DoNotDependOnThreads) {
  const Frame a = make_noise(kTenBit, 777, 333, 1), b = make_noise(kTenBit, 777, 333, 2);
  const Moment moment{a, make_noise(kTenBit, 777, 333, 3), make_noise(kTenBit, 777, 333, 4), b};
  ThreadPool one(1), three(3);
  const PlaneErrors x = plane_errors(moment, k50, one), y = plane_errors(moment, k50, three);
  EXPECT_EQ(x.mean_square, y.mean_square);
  EXPECT_EQ(x.weighted_mean_square, y.weighted_mean_square);
}

}  // namespace
}  // namespace jinsha::compare
