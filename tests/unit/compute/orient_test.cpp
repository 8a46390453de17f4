// Turned and mirrored pictures, and cut ones: every sample where it belongs, none changed.
#include <gtest/gtest.h>

#include "compute/picture_helper.h"

namespace jinsha::test {
namespace {

Picture quarter_turn(const Picture& from) {
  Picture to(from.format, from.height, from.width);
  for (int plane = 0; plane < from.format.planes(); ++plane) {
    for (int y = 0; y < from.height; ++y) {
      for (int x = 0; x < from.width; ++x) to.at(plane, from.height - 1 - y, x) = from.at(plane, x, y);
    }
  }
  return to;
}

Picture mirrored(const Picture& from) {
  Picture to(from.format, from.width, from.height);
  for (int plane = 0; plane < from.format.planes(); ++plane) {
    for (int y = 0; y < from.plane_height(plane); ++y) {
      for (int x = 0; x < from.plane_width(plane); ++x)
        to.at(plane, from.plane_width(plane) - 1 - x, y) = from.at(plane, x, y);
    }
  }
  return to;
}

TEST(Orient, EverySampleGoesWhereItBelongs) {
  ColorInfo color = kSdr709;
  color.chroma_location = ChromaLocation::kUnspecified;
  for (const Chroma chroma : {Chroma::k444, Chroma::k400}) {
    for (const int depth : {8, 10, 16}) {
      const Picture picture = random_picture(format_of(chroma, depth), 203, 131, 7);
      for (const bool mirror : {false, true}) {
        Picture expected = picture;
        for (int degrees = 0; degrees < 360; degrees += 90) {
          ImageRequest request = request_for(picture, color, {}, picture.format);
          request.orientation = {degrees, mirror};
          request.width = request.height = 0;
          const Picture wanted = mirror ? mirrored(expected) : expected;
          for (const int threads : {1, 3}) {
            const Picture turned = convert(request, picture, SimdTarget::kAuto, threads);
            ASSERT_EQ(turned.width, wanted.width);
            ASSERT_TRUE(turned == wanted) << degrees << " degrees, mirrored " << mirror << ", depth " << depth;
          }
          expected = quarter_turn(expected);
        }
      }
    }
  }
}

// Chroma goes through full resolution: what is uniform must stay so, and luma may not change at all.
TEST(Orient, SubsampledPicturesKeepTheirLuma) {
  for (const Chroma chroma : {Chroma::k420, Chroma::k422}) {
    Picture picture = random_picture(format_of(chroma, 10), 64, 36, 3);
    for (int plane = 1; plane < 3; ++plane) picture.planes[plane].assign(picture.planes[plane].size(), 300);
    for (auto& code : picture.planes[0]) code = static_cast<std::uint16_t>(64 + code % 876);
    ImageRequest request = request_for(picture, kSdr709, {}, picture.format);
    request.orientation = {90, false};
    request.width = request.height = 0;
    const Picture turned = convert(request, picture);
    ASSERT_EQ(turned.width, 36);
    for (int y = 0; y < 36; ++y) {
      for (int x = 0; x < 64; ++x) ASSERT_EQ(turned.at(0, 35 - y, x), picture.at(0, x, y));
    }
    for (const std::uint16_t code : turned.planes[1]) ASSERT_EQ(code, 300);
  }
}

TEST(Crop, CutsSamplesOutUnchanged) {
  for (const Chroma chroma : {Chroma::k420, Chroma::k422, Chroma::k444}) {
    for (const int depth : {8, 12}) {
      const Picture picture = random_picture(format_of(chroma, depth), 320, 180, 5);
      ColorInfo color = kSdr709;
      if (chroma != Chroma::k420) color.chroma_location = ChromaLocation::kUnspecified;
      ImageRequest request = request_for(picture, color, {}, picture.format);
      request.width = request.height = 0;
      request.crop = Rectangle{.width = 200, .height = 90, .x = 22, .y = 46};
      const Picture cut = convert(request, picture, SimdTarget::kAuto, 2);
      ASSERT_EQ(cut.width, 200);
      ASSERT_EQ(cut.height, 90);
      for (int plane = 0; plane < 3; ++plane) {
        const int sx = plane > 0 ? picture.format.chroma_shift_x() : 0;
        const int sy = plane > 0 ? picture.format.chroma_shift_y() : 0;
        for (int y = 0; y < cut.plane_height(plane); ++y) {
          for (int x = 0; x < cut.plane_width(plane); ++x)
            ASSERT_EQ(cut.at(plane, x, y), picture.at(plane, x + (22 >> sx), y + (46 >> sy)));
        }
      }
    }
  }
}

}  // namespace
}  // namespace jinsha::test
