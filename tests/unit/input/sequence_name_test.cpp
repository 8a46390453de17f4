#include "input/sequence_name.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "input/source_helper.h"

namespace jinsha {
namespace {

using test::temporary;
using test::write_file;

// An empty folder of the test's own, with its "/".
std::string folder(const std::string& name) {
  const std::string path = temporary(name);
  mkdir(path.c_str(), 0755);
  return path + "/";
}

SequenceName parsed(const std::string& path) {
  const auto name = parse_sequence_name(path);
  if (!name.ok() || !*name) {
    ADD_FAILURE() << path << (name.ok() ? " is no sequence" : name.error().message);
    return {};
  }
  return **name;
}

TEST(SequenceName, TakesTheNumberAndTheRateApart) {
  const SequenceName name = parsed("/no/such folder/电影 '4K'.%06d.dpx@24000/1001");
  EXPECT_EQ(name.folder, "/no/such folder/");
  EXPECT_EQ(name.frame_rate, (Rational{24000, 1001}));
  const SequenceName other = parsed("/no/such folder/电影 '4K'.%06d.dpx@23.976");
  EXPECT_EQ(other.folder, "/no/such folder/");
  EXPECT_EQ(other.frame_rate, (Rational{24000, 1001}));
  EXPECT_EQ(other.path_of(42), "/no/such folder/电影 '4K'.000042.dpx");
  EXPECT_EQ(other.path_of(12345678), "/no/such folder/电影 '4K'.12345678.dpx");
}

TEST(SequenceName, FormatsLikePrintf) {
  EXPECT_EQ(parsed("a%d.png").file_name(7), "a7.png");
  EXPECT_EQ(parsed("a%4d.png").file_name(7), "a   7.png");
  EXPECT_EQ(parsed("a%04d.png").file_name(7), "a0007.png");
  EXPECT_EQ(parsed("100%%.%03d.png").file_name(7), "100%.007.png");
  EXPECT_EQ(parsed("100% new.%03d.png").file_name(7), "100% new.007.png");
  EXPECT_EQ(parsed("a\n%02d").file_name(7), "a\n07");
  EXPECT_FALSE(parsed("a%d.png").frame_rate.valid());
}

TEST(SequenceName, AFileOfExactlyThisNameWins) {
  const std::string path = folder("literal") + "shot.%04d.dpx@24";
  write_file(path, {1});
  const auto name = parse_sequence_name(path);
  ASSERT_TRUE(name.ok());
  EXPECT_FALSE(name->has_value());
}

TEST(SequenceName, ARateBehindAFileThatExists) {
  const std::string path = folder("rate") + "picture.exr";
  write_file(path, {1});
  const SequenceName name = parsed(path + "@50");
  EXPECT_FALSE(name.numbered);
  EXPECT_EQ(name.path_of(0), path);
  EXPECT_EQ(name.frame_rate, (Rational{50, 1}));
}

TEST(SequenceName, SaysWhatIsWrong) {
  for (const char* path : {"a%03d.%02d.png", "a.%s.png", "a.####.png", "a.*.png", "a.%20000000000d.png"}) {
    const auto name = parse_sequence_name(path);
    ASSERT_FALSE(name.ok()) << path;
    EXPECT_NE(name.error().message.find(path), std::string::npos);
  }
  const auto rate = parse_sequence_name("a.%03d.png@fast");
  ASSERT_FALSE(rate.ok());
  EXPECT_EQ(rate.error().code, ErrorCode::kUsage);
  // Nothing of a sequence: the usual message of a missing file.
  const auto plain = parse_sequence_name("/no/such/file.mp4");
  ASSERT_TRUE(plain.ok());
  EXPECT_FALSE(plain->has_value());
}

TEST(SequenceName, FindsThePicturesThereAre) {
  const std::string in = folder("find");
  for (const int number : {998, 999, 1000, 1003, 1004, 1010})
    write_file(fmt::format("{}s.{:04}.dpx", in, number), {1, 2, 3});
  write_file(in + "s.00997.dpx", {1});
  write_file(in + "s.999.dpx", {1});
  write_file(in + "s.0999.dpx.bak", {1});
  mkdir((in + "s.1011.dpx").c_str(), 0755);
  const auto files = find_sequence_files(parsed(in + "s.%04d.dpx"));
  ASSERT_TRUE(files.ok());
  ASSERT_EQ(files->size(), 6U);
  EXPECT_EQ(files->front().number, 998);
  EXPECT_EQ(files->front().bytes, 3U);
  EXPECT_EQ(files->back().number, 1010);
  EXPECT_EQ(missing_numbers(*files), "1001-1002, 1005-1009");
}

TEST(SequenceName, NamesTheFolderWhereNothingFits) {
  const std::string in = folder("nothing");
  write_file(in + "s.0001.dpx", {1});
  const auto files = find_sequence_files(parsed(in + "s.%06d.dpx"));
  ASSERT_FALSE(files.ok());
  EXPECT_NE(files.error().message.find("s.%06d.dpx"), std::string::npos);
  EXPECT_NE(files.error().message.find("s.0001.dpx"), std::string::npos) << "the name that nearly fits is a hint";
  EXPECT_FALSE(find_sequence_files(parsed("/no/such/folder/s.%06d.dpx")).ok());
}

}  // namespace
}  // namespace jinsha
