// What is left of coded pictures that are only glanced at, in both framings.
#include "input/hevc_glance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>

namespace jinsha {
namespace {

using Bytes = std::vector<std::uint8_t>;

// nal_unit_type, bytes in all; slices begin with first_slice_segment_in_pic_flag set where `first`.
Bytes nal(int type, std::size_t size, bool first = false) {
  Bytes bytes(size, 0x55);
  bytes[0] = static_cast<std::uint8_t>(type << 1);
  bytes[1] = 1;
  bytes[2] = first ? 0xAF : 0x2F;
  return bytes;
}

Bytes with_start_codes(std::initializer_list<Bytes> nals) {
  Bytes out;
  for (const Bytes& nal : nals) {
    out.insert(out.end(), {0, 0, 1});
    out.insert(out.end(), nal.begin(), nal.end());
  }
  return out;
}

Bytes with_lengths(std::initializer_list<Bytes> nals) {
  Bytes out;
  for (const Bytes& nal : nals) {
    out.insert(out.end(), {static_cast<std::uint8_t>(nal.size() >> 8), static_cast<std::uint8_t>(nal.size())});
    out.insert(out.end(), nal.begin(), nal.end());
  }
  return out;
}

// lengthSizeMinusOne 1.
Bytes hvcc() {
  Bytes bytes(23, 0);
  bytes[0] = 1;
  bytes[21] = 1;
  return bytes;
}

constexpr int kIdr = 19, kVps = 32, kSps = 33, kPps = 34, kSei = 39;
constexpr std::size_t kSliceBytes = 300;

TEST(HevcGlance, KeepsHeadersAndTheBeginningOfTheFirstSlice) {
  const Bytes sps = nal(kSps, 1000), sei = nal(kSei, 900), first = nal(kIdr, 5000, true), second = nal(kIdr, 4000);
  Bytes start = first;
  start.resize(kSliceBytes);
  EXPECT_EQ(hevc_glance(with_start_codes({sps, sei, first, second}), {}), with_start_codes({sps, sei, start}));
  EXPECT_EQ(hevc_glance(with_lengths({sps, sei, first, second}), hvcc()), with_lengths({sps, sei, start}));
}

TEST(HevcGlance, AShortSliceStaysWhole) {
  const Bytes slice = nal(kIdr, 100, true);
  EXPECT_EQ(hevc_glance(with_start_codes({slice}), {}), with_start_codes({slice}));
}

TEST(HevcGlance, APictureWithoutItsFirstSliceLeavesNothing) {
  EXPECT_TRUE(hevc_glance(with_start_codes({nal(kIdr, 500)}), {}).empty());
}

TEST(HevcGlance, EveryCutOfAnAccessUnitIsTaken) {
  const Bytes first = nal(kIdr, 400, true), sei = nal(kSei, 40);
  for (const auto& [unit, extradata] :
       {std::pair{with_start_codes({sei, first}), Bytes()}, std::pair{with_lengths({sei, first}), hvcc()}}) {
    for (std::size_t size = 0; size <= unit.size(); ++size) {
      const Bytes cut(unit.begin(), unit.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_LE(hevc_glance(cut, extradata).size(), size);
    }
  }
}

TEST(HevcGlance, ParameterSetsAreThoseBeforeTheFirstPicture) {
  const Bytes vps = nal(kVps, 24), sps = nal(kSps, 60), pps = nal(kPps, 8), sei = nal(kSei, 40);
  const Bytes picture = nal(kIdr, 400, true), later = nal(kSps, 61);
  EXPECT_EQ(hevc_parameter_sets(with_start_codes({vps, sps, pps, sei, picture, later})),
            with_start_codes({vps, sps, pps}));
  EXPECT_TRUE(hevc_parameter_sets(with_start_codes({vps, sps, picture, pps})).empty()) << "no PPS before the picture";
  EXPECT_TRUE(hevc_parameter_sets({}).empty());
}

TEST(HevcGlance, ParameterSetsThatMayBeCutAreNotTaken) {
  const Bytes whole = with_start_codes({nal(kVps, 24), nal(kSps, 60), nal(kPps, 8), nal(kIdr, 400, true)});
  const std::size_t picture = whole.size() - 400;
  for (std::size_t size = 0; size <= picture; ++size)
    EXPECT_TRUE(hevc_parameter_sets({whole.data(), size}).empty()) << size;
  EXPECT_EQ(hevc_parameter_sets({whole.data(), picture + 1}).size(), picture - 3);
}

}  // namespace
}  // namespace jinsha
