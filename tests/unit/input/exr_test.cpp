// OpenEXR pictures: windows, channels, parts, primaries, damage.
#include <gtest/gtest.h>

#include <cmath>

#include "image/primaries.h"
#include "image/transfer.h"
#include "input/scene_light.h"
#include "input/sequence_helper.h"
#include "input/source_helper.h"

namespace jinsha {
namespace {

using test::MadeExr;
using test::Outcome;
using test::run;
using test::test_folder;
using test::write_exr;

// The one picture of a file, plane by plane.
struct Planes {
  SourceInfo info;
  std::string error;
  std::vector<std::uint16_t> samples[3];  // G, B, R
  std::uint16_t at(int plane, int x, int y) const {
    return samples[plane][static_cast<std::size_t>(y * info.video.width + x)];
  }
};

Planes read(const std::string& path) {
  Planes planes;
  SourceSpec spec;
  spec.path = path;
  auto source = open_source(spec, Log());
  if (!source.ok()) {
    planes.error = source.error().message;
    return planes;
  }
  planes.info = (*source)->info();
  auto pool = FramePool::create((*source)->layout(), (*source)->max_held_frames() + 1);
  std::stop_source stop;
  EXPECT_TRUE((*source)->start(*pool, stop.get_token(), 0, 0).ok());
  const auto item = (*source)->next();
  if (!item.ok()) {
    planes.error = item.error().message;
    return planes;
  }
  const Frame& frame = std::get<Frame>(*item);
  for (int plane = 0; plane < 3; ++plane) {
    for (int y = 0; y < frame.layout().height; ++y) {
      const auto* row = reinterpret_cast<const std::uint16_t*>(frame.plane(plane) + frame.layout().stride[plane] *
                                                                                        static_cast<std::size_t>(y));
      planes.samples[plane].insert(planes.samples[plane].end(), row, row + frame.layout().width);
    }
  }
  return planes;
}

Planes made(const std::string& name, const MadeExr& what) {
  const std::string path = test_folder("exr") + name + ".exr";
  write_exr(path, what);
  return read(path);
}

int code_of(double light) {
  return static_cast<int>(std::lround(65'535 * image::pq_inverse_eotf(light * kSceneWhiteNits)));
}

bool mentions(const std::vector<std::string>& list, const std::string& word) {
  for (const std::string& text : list) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

// Code values expected of light R, G, B in these primaries: the colour engine's matrix, in double.
void expect_light(const Planes& planes, const image::Chromaticities& from, const std::array<double, 3>& rgb) {
  const image::Mat3 m = image::rgb_to_rgb(from, *image::chromaticities_of(Primaries::kBt2020));
  const image::Vec3 light = m * image::Vec3{rgb[0], rgb[1], rgb[2]};
  EXPECT_NEAR(planes.at(2, 3, 3), code_of(light[0]), 1);
  EXPECT_NEAR(planes.at(0, 3, 3), code_of(light[1]), 1);
  EXPECT_NEAR(planes.at(1, 3, 3), code_of(light[2]), 1);
}

const std::vector<float> kBt2020{0.708F, 0.292F, 0.170F, 0.797F, 0.131F, 0.046F, 0.3127F, 0.3290F};
const std::vector<float> kP3{0.680F, 0.320F, 0.265F, 0.690F, 0.150F, 0.060F, 0.3127F, 0.3290F};
const std::vector<float> kAcesCg{0.713F, 0.293F, 0.165F, 0.830F, 0.128F, 0.044F, 0.32168F, 0.33767F};

TEST(Exr, LightOfBt2020IsCodedExactly) {
  for (const bool half : {true, false}) {
    for (const int tile : {0, 7}) {
      const Planes planes =
          made("bt2020", {.values = {0.25F, 1, 40}, .half = half, .chromaticities = kBt2020, .tile = tile});
      ASSERT_EQ(planes.error, "");
      EXPECT_EQ(planes.info.video.width, 16);
      EXPECT_EQ(planes.info.video.color,
                (ColorInfo{Primaries::kBt2020, Transfer::kPq, Matrix::kIdentity, Range::kFull}));
      for (int y = 0; y < 12; ++y) {
        for (int x = 0; x < 16; ++x) {
          ASSERT_EQ(planes.at(2, x, y), code_of(0.25));
          ASSERT_EQ(planes.at(0, x, y), code_of(1));
          ASSERT_EQ(planes.at(1, x, y), code_of(40));
        }
      }
      EXPECT_TRUE(mentions(planes.info.warnings, "203 cd/m2"));
      EXPECT_TRUE(planes.info.losses.empty());
    }
  }
}

TEST(Exr, OtherPrimariesAreConverted) {
  const std::array<double, 3> rgb{0.5, 0.25, 0.125};
  Planes planes = made("bt709", {.values = {0.5F, 0.25F, 0.125F}});
  ASSERT_EQ(planes.error, "");
  EXPECT_TRUE(mentions(planes.info.warnings, "no chromaticities"));
  expect_light(planes, *image::chromaticities_of(Primaries::kBt709), rgb);
  planes = made("p3", {.values = {0.5F, 0.25F, 0.125F}, .half = false, .chromaticities = kP3});
  EXPECT_TRUE(mentions(planes.info.warnings, "smpte432"));
  expect_light(planes, *image::chromaticities_of(Primaries::kP3D65), rgb);
  planes = made("acescg", {.values = {0.5F, 0.25F, 0.125F}, .chromaticities = kAcesCg});
  expect_light(planes, {0.713, 0.293, 0.165, 0.830, 0.128, 0.044, 0.32168, 0.33767}, rgb);
  EXPECT_TRUE(mentions(planes.info.warnings, "0.7130"));
}

TEST(Exr, TheDisplayWindowIsThePicture) {
  const Planes planes = made("windows", {.values = {1, 1, 1},
                                         .chromaticities = kBt2020,
                                         .data_window = {-3, 4, 9, 20},
                                         .display_window = {0, 0, 15, 11}});
  ASSERT_EQ(planes.error, "");
  EXPECT_EQ(planes.info.video.width, 16);
  EXPECT_EQ(planes.info.video.height, 12);
  for (int y = 0; y < 12; ++y) {
    for (int x = 0; x < 16; ++x) ASSERT_EQ(planes.at(0, x, y), y >= 4 && x <= 9 ? code_of(1) : 0) << x << "," << y;
  }
  EXPECT_TRUE(mentions(planes.info.warnings, "black outside"));
  EXPECT_TRUE(mentions(planes.info.losses, "overscan"));
}

TEST(Exr, WindowsThatDoNotMeetMakeBlack) {
  const Planes planes = made("apart", {.data_window = {100, 100, 110, 110}, .display_window = {0, 0, 7, 7}});
  ASSERT_EQ(planes.error, "");
  EXPECT_EQ(planes.samples[0], std::vector<std::uint16_t>(64, 0));
}

TEST(Exr, OtherChannelsAndPartsAreNamedAsDropped) {
  Planes planes = made("channels", {.channels = {"A", "B", "G", "R", "depth.Z", "left.R"},
                                    .values = {0.5F, 3, 2, 1, 9, 9},
                                    .chromaticities = kBt2020});
  ASSERT_EQ(planes.error, "");
  EXPECT_EQ(planes.at(2, 0, 0), code_of(1));
  EXPECT_EQ(planes.at(0, 0, 0), code_of(2));
  EXPECT_EQ(planes.at(1, 0, 0), code_of(3));
  EXPECT_TRUE(mentions(planes.info.losses, "A, depth.Z, left.R"));
  planes = made("parts", {.values = {1, 2, 3}, .chromaticities = kBt2020, .second_part = true});
  ASSERT_EQ(planes.error, "");
  EXPECT_EQ(planes.at(0, 0, 0), code_of(2));
  EXPECT_TRUE(mentions(planes.info.losses, "extra"));
}

TEST(Exr, ALayerOrGreyWhereThereIsNoPlainRgb) {
  Planes planes =
      made("layer", {.channels = {"beauty.B", "beauty.G", "beauty.R"}, .values = {3, 2, 1}, .chromaticities = kBt2020});
  ASSERT_EQ(planes.error, "");
  EXPECT_EQ(planes.at(2, 0, 0), code_of(1));
  EXPECT_TRUE(mentions(planes.info.warnings, "beauty."));
  planes = made("grey", {.channels = {"Y"}, .values = {0.25F}});
  ASSERT_EQ(planes.error, "");
  for (int plane = 0; plane < 3; ++plane) EXPECT_EQ(planes.at(plane, 5, 5), code_of(0.25));
  planes = made("none", {.channels = {"Z"}, .values = {1}});
  EXPECT_NE(planes.error.find("Z"), std::string::npos);
}

TEST(Exr, TheRateOfTheFileIsTaken) {
  EXPECT_EQ(made("rate", {.frames_per_second = 48}).info.video.frame_rate, (Rational{48, 1}));
}

TEST(Exr, EveryCutAndFlippedByteEndsWithAPictureOrWords) {
  const std::string folder = test_folder("exr_cut"), path = folder + "a.exr";
  write_exr(path, {.width = 40, .height = 40, .values = {0.1F, 0.2F, 0.3F}});
  const auto whole = test::read_file(path);
  for (std::size_t tenth = 1; tenth < 10; ++tenth) {
    test::write_file(path, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() * tenth / 10)});
    EXPECT_NE(read(path).error, "") << tenth;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto bytes = whole;
    bytes[at] ^= 0x41;
    test::write_file(path, bytes);
    const Planes planes = read(path);
    EXPECT_TRUE(!planes.error.empty() || planes.info.video.width > 0) << at;
  }
}

TEST(Exr, ADamagedPictureOfASequenceIsConcealed) {
  const std::string folder = test_folder("exr_sequence");
  for (int i = 1; i <= 4; ++i)
    write_exr(fmt::format("{}s{}.exr", folder, i), {.width = 40, .values = {1, 0.1F * static_cast<float>(i), 1}});
  auto bytes = test::read_file(folder + "s3.exr");
  bytes.resize(bytes.size() - 20);
  test::write_file(folder + "s3.exr", bytes);
  const Outcome out = run(folder + "s%d.exr@24", 2);
  ASSERT_EQ(out.error, "");
  ASSERT_EQ(out.hashes.size(), 4U);
  EXPECT_EQ(out.hashes[2], out.hashes[1]);
  EXPECT_NE(out.hashes[3], out.hashes[1]);
  EXPECT_EQ(out.counters.frames_undecodable, 1);
}

TEST(Exr, RealPictures) {
  JINSHA_NEED_MEDIA(ball, "mezzanine/exr_seq/beachball.0001.exr");
  const Planes planes = read(ball);
  ASSERT_EQ(planes.error, "");
  EXPECT_EQ(planes.info.video.width, 2048);
  EXPECT_EQ(planes.info.video.height, 1556);
  EXPECT_EQ(planes.at(0, 653, 700), 0);
  EXPECT_GT(planes.at(0, 1200, 700), 20'000);
  EXPECT_TRUE(mentions(planes.info.losses, "left.R") || mentions(planes.info.losses, "A, Z"));
  const std::string sequence = ball.substr(0, ball.size() - 8) + "%04d.exr@24";
  const Outcome out = run(sequence, 3);
  EXPECT_EQ(out.error, "");
  EXPECT_EQ(out.hashes.size(), 3U);
}

TEST(Exr, TheSamePictureInXyzAndInBt709HasTheSameCodes) {
  JINSHA_NEED_MEDIA(rgb, "mezzanine/exr_rec709_chromaticities.exr");
  JINSHA_NEED_MEDIA(xyz, "mezzanine/exr_xyz_chromaticities.exr");
  const Planes a = read(rgb), b = read(xyz);
  ASSERT_EQ(a.error + b.error, "");
  double sum = 0, most = 0;
  for (int plane = 0; plane < 3; ++plane) {
    for (std::size_t i = 0; i < a.samples[plane].size(); ++i) {
      const double off = std::abs(a.samples[plane][i] - b.samples[plane][i]);
      sum += off;
      most = std::max(most, off);
    }
  }
  const double mean = sum / static_cast<double>(3 * a.samples[0].size());
  RecordProperty("mean", std::to_string(mean));
  // Both files hold 11-bit half floats: a step of light is 0.05 % to 0.1 %, up to 5 codes of PQ, more where a
  // component is a small difference of large ones.
  EXPECT_LT(mean, 8);
  EXPECT_LT(most, 1000);
}

}  // namespace
}  // namespace jinsha
