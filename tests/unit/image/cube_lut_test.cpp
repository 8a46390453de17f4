// .cube files: what they say, and what is wrong with them.
#include "image/cube_lut.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jinsha {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string cube_of(int size, const std::string& head = "") {
  std::string text = head + "LUT_3D_SIZE " + std::to_string(size) + "\n";
  for (int i = 0; i < size * size * size; ++i) text += "0.25 0.5 1\n";
  return text;
}

TEST(CubeLut, CubeWithDomain) {
  const auto lut = parse_cube(
      "TITLE \"a look\"\r\n# a remark\r\n\r\nDOMAIN_MIN -0.1 0 0\r\nDOMAIN_MAX 1 2 3\r\nLUT_3D_SIZE 2\r\n"
      "0 0 0\r\n1 0 0\r\n0 1 0\r\n1 1 0\r\n0 0 1\r\n1 0 1\r\n0 1 1\r\n1.5e0\t1 -1\r\n",
      "a");
  ASSERT_TRUE(lut.ok()) << lut.error().message;
  EXPECT_FALSE(lut->curves);
  EXPECT_EQ(lut->cube->size, 2);
  EXPECT_THAT(lut->cube->low, ElementsAre(-0.1, 0, 0));
  EXPECT_THAT(lut->cube->high, ElementsAre(1, 2, 3));
  ASSERT_EQ(lut->cube->rgb.size(), 24U);
  EXPECT_EQ(lut->cube->rgb[3], 1);
  EXPECT_EQ(lut->cube->rgb[21], 1.5F);
  EXPECT_EQ(lut->cube->rgb[23], -1);
}

TEST(CubeLut, CurvesBeforeTheCube) {
  const auto lut = parse_cube(
      "LUT_1D_SIZE 3\nLUT_1D_INPUT_RANGE -1 3\nLUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 0 4\n"
      "0 0 0\n1 2 3\n4 4 4\n" +
          cube_of(2).substr(14),
      "b");
  ASSERT_TRUE(lut.ok()) << lut.error().message;
  EXPECT_THAT(lut->curves->rgb, ElementsAre(0, 0, 0, 1, 2, 3, 4, 4, 4));
  EXPECT_THAT(lut->curves->low, ElementsAre(-1, -1, -1));
  EXPECT_THAT(lut->cube->high, ElementsAre(4, 4, 4));
  EXPECT_EQ(lut->cube->rgb.size(), 24U);
}

TEST(CubeLut, FaultsAreNamedWithTheirLine) {
  const std::pair<std::string, const char*> faults[] = {
      {"", "line 0: the file ends without LUT_1D_SIZE or LUT_3D_SIZE"},
      {"0 0 0\n", "line 1: numbers before LUT_1D_SIZE"},
      {"LUT_3D_SIZE 1\n", "line 1: the size is not a number of 2 to 129"},
      {"LUT_3D_SIZE 130\n", "2 to 129"},
      {"LUT_1D_SIZE 65537\n", "2 to 65536"},
      {"LUT_3D_SIZE x\n", "2 to 129"},
      {"LUT_3D_SIZE 2\nLUT_3D_SIZE 2\n", "line 2: a second size"},
      {"LUT_3D_SIZE 2\n0 0\n", "line 2: three numbers are wanted"},
      {"LUT_3D_SIZE 2\n0 0 0 0\n", "line 2: more than three numbers"},
      {"LUT_3D_SIZE 2\n0 nan 0\n", "line 2: three numbers are wanted"},
      {"LUT_3D_SIZE 2\n0 inf 0\n", "line 2: three numbers are wanted"},
      {"LUT_3D_SIZE 2\n0 1e99 0\n", "line 2: three numbers are wanted"},
      {"LUT_3D_SIZE 2\n0 0 0\n", "line 2: the file ends after 1 of 8 entries"},
      {cube_of(2) + "0 0 0\n", "line 10: more than the 8 entries"},
      {cube_of(2, "DOMAIN_MAX 0 1 1\n"), "the domain 0 to 0 is empty"},
      {"LUT_3D_INPUT_RANGE 0 1\n", "before the size"},
      {"<html>\n", "line 1: \"<html>\" is neither a number nor a keyword"},
  };
  for (const auto& [text, message] : faults) {
    const auto lut = parse_cube(text, "c");
    ASSERT_FALSE(lut.ok()) << text;
    EXPECT_EQ(lut.error().code, ErrorCode::kUsage);
    EXPECT_THAT(lut.error().message, HasSubstr(message));
    EXPECT_THAT(lut.error().message, HasSubstr("LUT 'c'"));
  }
}

TEST(CubeLut, FilesThatCannotBeRead) {
  EXPECT_THAT(read_cube("/no/such.cube").error().message, HasSubstr("/no/such.cube"));
  EXPECT_FALSE(read_cube("/").ok());
  EXPECT_FALSE(read_cube("/dev/zero").ok());
}

}  // namespace
}  // namespace jinsha
