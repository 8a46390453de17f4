#include "input/dvb_subtitle.h"

#include <gtest/gtest.h>

#include <vector>

namespace jinsha {
namespace {

using Data = std::vector<std::uint8_t>;

Data segments_of(const Data& packet) {
  const auto segments = dvb_subtitle_segments(packet);
  return {segments.begin(), segments.end()};
}

TEST(DvbSubtitle, OnlyWholeSegmentsRemain) {
  // A page composition of two bytes and an end of display set: EN 300 743 7.2.
  const Data page{0x0F, 0x10, 0, 1, 0, 2, 0x1E, 0x1B}, end{0x0F, 0x80, 0, 1, 0, 0};
  Data both = page;
  both.insert(both.end(), end.begin(), end.end());
  EXPECT_EQ(segments_of(both), both);
  Data framed{0x20, 0x00};
  framed.insert(framed.end(), both.begin(), both.end());
  framed.push_back(0xFF);
  EXPECT_EQ(segments_of(framed), both);
  EXPECT_EQ(segments_of({0x0F, 0x10, 0, 1, 0, 3, 0x1E, 0x1B}), Data{}) << "cut off";
  EXPECT_EQ(segments_of({0x20, 0x00, 0xFF}), Data{});
  EXPECT_EQ(segments_of({0x0F, 0x10, 0}), Data{});
  EXPECT_EQ(segments_of({}), Data{});
}

}  // namespace
}  // namespace jinsha
