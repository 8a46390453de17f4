// What happens to decoded pictures before they are delivered: fields, sample layouts, sizes that change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "input/source_helper.h"

namespace jinsha {
namespace {

using test::run;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct FieldClip {
  const char* name;
  std::size_t coded;
  Rational coded_rate;
};
constexpr FieldClip kFieldClips[] = {
    {"interlaced/xdcam_ex_1080i25.mov", 25, {25, 1}},
    {"interlaced/avchd_1080i25_sony.mts", 13, {25, 1}},
    {"interlaced/dv_ntsc_bff.mov", 25, {25, 1}},
    {"interlaced/d10_imx50_608line.mxf", 2, {25, 1}},
    {"ts/mpeg2_422_1080i2997_dtshd_hdmv.ts", 5, {30000, 1001}},
};

TEST(Deinterlace, EveryFieldBecomesAPicture) {
  for (const FieldClip& clip : kFieldClips) {
    JINSHA_NEED_MEDIA(path, clip.name);
    const auto both = run(SourceSpec{.path = path, .threads = 2});
    EXPECT_EQ(both.error, "");
    EXPECT_EQ(both.info.video.frame_rate, (Rational{clip.coded_rate.num * 2, clip.coded_rate.den}.reduced()));
    EXPECT_EQ(both.hashes.size(), 2 * clip.coded) << clip.name;
    EXPECT_EQ(both.counters.frames_decoded, static_cast<std::int64_t>(clip.coded));
    EXPECT_EQ(both.counters.frames_repeated, 0);
    EXPECT_TRUE(both.pts_without_gaps);
    EXPECT_THAT(both.info.losses, IsEmpty());
    const auto one = run(SourceSpec{.path = path, .threads = 2, .deinterlace = Deinterlace::kFrame});
    EXPECT_EQ(one.hashes.size(), clip.coded) << clip.name;
    EXPECT_EQ(one.info.video.frame_rate, clip.coded_rate);
    // The same first field makes the same picture.
    for (std::size_t i = 0; i < one.hashes.size(); ++i) EXPECT_EQ(one.hashes[i], both.hashes[2 * i]) << clip.name;
  }
}

TEST(Deinterlace, DoesNotDependOnThreads) {
  JINSHA_NEED_MEDIA(path, "interlaced/avchd_1080i25_sony.mts");
  EXPECT_EQ(run(SourceSpec{.path = path, .threads = 1}).hashes, run(SourceSpec{.path = path, .threads = 4}).hashes);
}

TEST(Deinterlace, ARangeCountsTheNewPictures) {
  JINSHA_NEED_MEDIA(path, "interlaced/xdcam_ex_1080i25.mov");
  const auto all = run(SourceSpec{.path = path, .threads = 2});
  const auto part = run(SourceSpec{.path = path, .threads = 2}, {.first = 11, .count = 4});
  ASSERT_EQ(part.hashes.size(), 4U);
  EXPECT_TRUE(std::equal(part.hashes.begin(), part.hashes.end(), all.hashes.begin() + 11));
}

TEST(Deinterlace, ProgressivePicturesAreLeftAlone) {
  const std::string path = test::make_clip("progressive.mkv", {.pts_ms = {0, 40, 80, 120}});
  if (path.empty()) GTEST_SKIP() << "this libavcodec lacks an encoder";
  EXPECT_EQ(run(path).hashes, test::reference_hashes(path));
  EXPECT_THAT(run(path).info.converted, IsEmpty());
  const auto forced = run(SourceSpec{.path = path, .threads = 1, .deinterlace = Deinterlace::kField});
  EXPECT_EQ(forced.hashes.size(), 8U);
  EXPECT_EQ(forced.info.video.frame_rate, (Rational{50, 1}));
}

TEST(Deinterlace, WovenPicturesAreALoss) {
  JINSHA_NEED_MEDIA(path, "interlaced/xdcam_ex_1080i25.mov");
  const auto woven = run(SourceSpec{.path = path, .threads = 2, .deinterlace = Deinterlace::kOff});
  EXPECT_THAT(woven.info.losses, ElementsAre(HasSubstr("interlacing")));
  EXPECT_EQ(woven.hashes, test::reference_hashes(path));
}

TEST(SampleLayouts, ThatAreNotOursBecomeTheNearest) {
  const std::string path = test::make_clip("yuv411p.mkv", {.pts_ms = {0, 40, 80}, .pixel_format = "yuv411p"});
  if (path.empty()) GTEST_SKIP() << "this libavcodec lacks an encoder";
  const auto result = run(path);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.hashes.size(), 3U);
  EXPECT_EQ(result.info.video.format, (PixelFormat{.chroma = Chroma::k422, .depth = 8}));
  EXPECT_THAT(result.info.converted, ElementsAre("yuv411p to yuv422p"));
  for (std::size_t i = 0; i < result.lumas.size(); ++i) EXPECT_EQ(result.lumas[i], test::luma_of(i));
}

TEST(Sizes, ThatChangeAreFittedIntoTheFirst) {
  JINSHA_NEED_MEDIA(path, "range/resolution_change.h264");
  const auto result = run(path);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.hashes.size(), 1200U);
  EXPECT_EQ(result.counters.frames_undecodable, 0);
  EXPECT_THAT(result.counters.late_losses,
              ElementsAre("the pictures change from 640x380 yuv420p to 320x190 yuv420p after 10.000 s; they are fitted "
                          "into the first size"));
  // What came before is untouched.
  const auto reference = test::reference_hashes(path);
  EXPECT_TRUE(std::equal(result.hashes.begin(), result.hashes.begin() + 600, reference.begin()));
}

TEST(Tracks, AreTakenByNumber) {
  JINSHA_NEED_MEDIA(path, "sdr/avc422_10bit_720p50_1080p25_landscape.mp4");
  EXPECT_EQ(run(SourceSpec{.path = path, .video_track = 1}, {.count = 2}).info.video.width, 1280);
  EXPECT_EQ(run(SourceSpec{.path = path, .video_track = 2}, {.count = 2}).info.video.width, 1920);
  const auto none = run(SourceSpec{.path = path, .video_track = 3});
  EXPECT_EQ(none.code, ErrorCode::kUsage);
  EXPECT_THAT(none.error, HasSubstr("has 2 video tracks"));
}

TEST(Tracks, ProgramsAreTakenByTheirId) {
  JINSHA_NEED_MEDIA(path, "ts/scte35_h264_aac.ts");
  EXPECT_EQ(run(SourceSpec{.path = path, .program = 1}, {.count = 2}).error, "");
  const auto none = run(SourceSpec{.path = path, .program = 9});
  EXPECT_EQ(none.code, ErrorCode::kUsage);
  EXPECT_THAT(none.error, HasSubstr("has the programs 1"));
}

TEST(Rates, AreAGridForVaryingTimesOnly) {
  JINSHA_NEED_MEDIA(varying, "vfr_rotate/phone_rotated_vfr.mp4");
  const auto grid = run(SourceSpec{.path = varying, .frame_rate = {50, 1}});
  EXPECT_EQ(grid.error, "");
  EXPECT_EQ(grid.info.video.frame_rate, (Rational{50, 1}));
  EXPECT_NEAR(static_cast<double>(grid.hashes.size()), 2.49 * 50, 2);
  const auto refused = run(SourceSpec{.path = "generate:64x48@25,frames=2", .frame_rate = {30, 1}});
  EXPECT_EQ(refused.code, ErrorCode::kNotPossible);
  EXPECT_THAT(refused.error, HasSubstr("constant rate of 25 frames/s"));
}

}  // namespace
}  // namespace jinsha
