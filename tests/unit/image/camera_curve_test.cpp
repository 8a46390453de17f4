// The curves against what their makers print.
#include "image/camera_curve.h"

#include <gtest/gtest.h>

#include <vector>

namespace jinsha::image {
namespace {

constexpr Transfer kAll[] = {Transfer::kSLog3, Transfer::kLogC3,     Transfer::kLogC4,
                             Transfer::kVLog,  Transfer::kCanonLog3, Transfer::kAcesCct};

double code10(Transfer transfer, double scene) { return 1023 * scene_to_camera(transfer, Range::kFull, scene); }

TEST(CameraCurve, SLog3) {
  EXPECT_NEAR(code10(Transfer::kSLog3, 0), 95, 1e-9);
  EXPECT_NEAR(code10(Transfer::kSLog3, 0.18), 420, 1e-9);
  EXPECT_NEAR(code10(Transfer::kSLog3, 0.9), 598, 0.5);
}

TEST(CameraCurve, VLog) {
  EXPECT_NEAR(code10(Transfer::kVLog, 0), 128, 0.5);
  EXPECT_NEAR(code10(Transfer::kVLog, 0.18), 433, 0.5);
  EXPECT_NEAR(code10(Transfer::kVLog, 0.9), 602, 0.5);
}

TEST(CameraCurve, LogC3) {
  EXPECT_NEAR(code10(Transfer::kLogC3, 0.18), 400, 0.5);
  EXPECT_NEAR(scene_to_camera(Transfer::kLogC3, Range::kLimited, 0), 0.092809, 1e-12);
  EXPECT_NEAR(scene_to_camera(Transfer::kLogC3, Range::kLimited, 0.18), 0.391007, 1e-6);
}

TEST(CameraCurve, LogC4) {
  EXPECT_NEAR(scene_to_camera(Transfer::kLogC4, Range::kLimited, 0), 95.0 / 1023, 1e-12);
  EXPECT_NEAR(scene_to_camera(Transfer::kLogC4, Range::kLimited, 0.18), 0.2784, 5e-5);
  EXPECT_NEAR(camera_to_scene(Transfer::kLogC4, Range::kLimited, 1), 469.8, 0.05);
  EXPECT_NEAR(camera_to_scene(Transfer::kLogC4, Range::kLimited, 0), -0.018057, 1e-6);
}

TEST(CameraCurve, CanonLog3) {
  EXPECT_NEAR(scene_to_camera(Transfer::kCanonLog3, Range::kFull, 0), 0.12512219, 1e-12);
  EXPECT_NEAR(scene_to_camera(Transfer::kCanonLog3, Range::kFull, 0.18), 0.3434, 5e-5);
}

TEST(CameraCurve, AcesCct) {
  EXPECT_NEAR(scene_to_camera(Transfer::kAcesCct, Range::kFull, 0.18), 0.4135884, 1e-7);
  EXPECT_NEAR(scene_to_camera(Transfer::kAcesCct, Range::kFull, 0), 0.0729055, 1e-7);
}

// Sony and Panasonic give mid-grey at 40.6 % and 42 % of the video levels 64 to 940, code 420 and 433.
TEST(CameraCurve, CodesAreTheSameInLimitedRange) {
  EXPECT_NEAR(scene_to_camera(Transfer::kSLog3, Range::kLimited, 0.18), (420.0 - 64) / 876, 1e-9);
  EXPECT_NEAR(scene_to_camera(Transfer::kVLog, Range::kLimited, 0.18), 0.42, 0.002);
  EXPECT_NEAR(scene_to_camera(Transfer::kCanonLog3, Range::kLimited, 0.18), (351.3 - 64) / 876, 1e-4);
}

TEST(CameraCurve, BothWaysAndNoJumps) {
  for (const Transfer transfer : kAll) {
    for (const Range range : {Range::kLimited, Range::kFull}) {
      double last = camera_to_scene(transfer, range, -0.001);
      for (int i = 0; i <= 4000; ++i) {
        const double signal = i / 4000.0, scene = camera_to_scene(transfer, range, signal);
        ASSERT_NEAR(scene_to_camera(transfer, range, scene), signal, 2e-6) << name_of(transfer) << " " << signal;
        ASSERT_GT(scene, last) << name_of(transfer) << " " << signal;
        last = scene;
      }
      const double toe = camera_toe(transfer), step = 1e-7;
      EXPECT_NEAR(scene_to_camera(transfer, range, toe - step), scene_to_camera(transfer, range, toe + step), 4e-6)
          << name_of(transfer);
    }
  }
}

}  // namespace
}  // namespace jinsha::image
