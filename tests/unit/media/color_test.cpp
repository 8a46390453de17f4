#include "media/color.h"

#include <gtest/gtest.h>

namespace jinsha {
namespace {

// ITU-T H.273 tables 2, 3 and 4.
TEST(Color, NamesAndNumbersMeanTheSame) {
  EXPECT_EQ(parse_primaries("bt2020"), Primaries::kBt2020);
  EXPECT_EQ(parse_primaries("9"), Primaries::kBt2020);
  EXPECT_EQ(parse_transfer("smpte2084"), Transfer::kPq);
  EXPECT_EQ(parse_transfer("18"), Transfer::kHlg);
  EXPECT_EQ(parse_matrix("bt2020nc"), Matrix::kBt2020Ncl);
  EXPECT_EQ(parse_range("full"), Range::kFull);
  EXPECT_EQ(parse_chroma_location("topleft"), ChromaLocation::kTopLeft);
  EXPECT_EQ(parse_primaries("bt2021"), std::nullopt);
  EXPECT_EQ(parse_transfer("300"), std::nullopt);
  EXPECT_EQ(parse_transfer(""), std::nullopt);
}

TEST(Color, EveryNameReadsBack) {
  for (int code = 0; code < 256; ++code) {
    EXPECT_EQ(parse_primaries(name_of(static_cast<Primaries>(code))), static_cast<Primaries>(code));
    EXPECT_EQ(parse_transfer(name_of(static_cast<Transfer>(code))), static_cast<Transfer>(code));
    EXPECT_EQ(parse_matrix(name_of(static_cast<Matrix>(code))), static_cast<Matrix>(code));
  }
}

TEST(Color, Describes) {
  const ColorInfo color{Primaries::kBt2020, Transfer::kPq, Matrix::kBt2020Ncl, Range::kLimited,
                        ChromaLocation::kTopLeft};
  EXPECT_EQ(describe(color), "bt2020/smpte2084/bt2020nc limited topleft");
  EXPECT_TRUE(is_hdr(Transfer::kHlg));
  EXPECT_FALSE(is_hdr(Transfer::kBt2020Ten));
}

}  // namespace
}  // namespace jinsha
