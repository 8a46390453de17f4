// Pictures of real clips through the device, against the reference, 4:2:0 as they are coded.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stop_token>
#include <string>
#include <variant>

#include "compute/reference_helper.h"
#include "input/source.h"

namespace jinsha::test {
namespace {

struct Clip {
  Picture picture;
  ColorInfo color;
};

// What lies in the middle of the first picture; nothing where it cannot be read.
std::optional<Clip> first_picture(const std::string& path) {
  constexpr int kWidth = 320, kHeight = 180;
  auto source = open_source({.path = path}, Log());
  if (!source) return std::nullopt;
  auto pool = FramePool::create((*source)->layout(), (*source)->max_held_frames() + 2);
  if (!pool || !(*source)->start(*pool, std::stop_token{}, 0, 1)) return std::nullopt;
  for (;;) {
    const auto item = (*source)->next();
    if (!item || std::holds_alternative<EndOfStream>(*item)) return std::nullopt;
    const auto* frame = std::get_if<Frame>(&*item);
    if (frame == nullptr) continue;
    const Picture whole = from_frame(*frame);
    Clip clip{Picture(whole.format, std::min(kWidth, whole.width), std::min(kHeight, whole.height)),
              (*source)->info().video.color};
    for (int plane = 0; plane < clip.picture.format.planes(); ++plane) {
      const int left = (whole.plane_width(plane) - clip.picture.plane_width(plane)) / 2;
      const int top = (whole.plane_height(plane) - clip.picture.plane_height(plane)) / 2;
      for (int y = 0; y < clip.picture.plane_height(plane); ++y) {
        for (int x = 0; x < clip.picture.plane_width(plane); ++x) {
          clip.picture.at(plane, x, y) = whole.at(plane, left + x, top + y);
        }
      }
    }
    return clip;
  }
}

struct Case {
  const char* name;
  const char* file;  // below JINSHA_MEDIA
  Transfer transfer;
  ColorInfo to;
  ReferenceLight light;
};
class ClipColor : public testing::TestWithParam<Case> {};

TEST_P(ClipColor, IsTheReferences) {
  const Case& c = GetParam();
  const char* media = std::getenv("JINSHA_MEDIA");
  const std::string path = std::string(media == nullptr ? "" : media) + "/" + c.file;
  if (media == nullptr || !std::filesystem::exists(path)) GTEST_SKIP() << "JINSHA_MEDIA does not hold " << c.file;
  auto clip = first_picture(path);
  ASSERT_TRUE(clip) << path;
  ASSERT_EQ(clip->color.transfer, c.transfer);
  clip->color.chroma_location = ChromaLocation::kTopLeft;  // some of them do not say
  for (const int depth : {10, 12}) {
    const PixelFormat out = format_of(Chroma::k420, depth);
    ImageRequest request = request_for(clip->picture, clip->color, c.to, out);
    request.source_peak_nits = c.light.source_peak_nits;
    request.target_peak_nits = c.light.target_peak_nits;
    const Picture result = convert(request, clip->picture);
    const Deviation d = deviation(result, reference(clip->picture, clip->color, c.to, out, c.light));
    EXPECT_LE(d.worst, 1) << depth << " bits";
    EXPECT_LE(d.mean, 0.004) << depth << " bits";
    RecordProperty("mean" + std::to_string(depth), std::to_string(d.mean));
    const auto [low, high] = std::minmax_element(result.planes[0].begin(), result.planes[0].end());
    EXPECT_GT(*high - *low, 1 << (depth - 4)) << "the picture shows nothing";
  }
}

constexpr ReferenceLight kToSdr{ToneMap::kBt2390, 1000, 100}, kToHdr{ToneMap::kBt2390, 1000, 1000};
constexpr const char* kPqClip = "hdr/pq_hevc_640x360_no_sei.mp4";
constexpr const char* kHlgClip = "hdr/hlg_1080p_colorchart.mp4";
INSTANTIATE_TEST_SUITE_P(All, ClipColor,
                         testing::Values(Case{"PqToSdr", kPqClip, Transfer::kPq, kSdr709, kToSdr},
                                         Case{"PqToHlg", kPqClip, Transfer::kPq, kHlg2020, kToHdr},
                                         Case{"HlgToSdr", kHlgClip, Transfer::kHlg, kSdr709, kToSdr},
                                         Case{"HlgToPq", kHlgClip, Transfer::kHlg, kPq2020, kToHdr}),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace jinsha::test
