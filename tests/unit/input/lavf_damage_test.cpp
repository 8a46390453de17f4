// Bad input: every case ends, with words where it must fail, with counts where it need not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "input/source_helper.h"

namespace jinsha {
namespace {

using test::Outcome;
using test::run;
using testing::HasSubstr;

TEST(BadInput, EachHasItsOwnWords) {
  const std::string missing = test::temporary("missing.mp4");
  EXPECT_THAT(run(missing).error, HasSubstr("there is no file"));
  EXPECT_THAT(run(test::temporary("")).error, HasSubstr("is a folder"));
  const std::string empty = test::temporary("empty.mp4");
  test::write_file(empty, {});
  EXPECT_THAT(run(empty).error, HasSubstr("is empty"));
  const std::string text = test::temporary("text.mp4");
  const std::string words = "This is a letter, not a film.\n";
  test::write_file(text, {words.begin(), words.end()});
  EXPECT_THAT(run(text).error, HasSubstr("not a media file"));
  EXPECT_THAT(run(missing + "/below").error, HasSubstr("there is no file"));
  for (const std::string& path : {missing, empty, text}) EXPECT_EQ(run(path).code, ErrorCode::kInput);
  if (geteuid() != 0) {
    chmod(text.c_str(), 0);
    EXPECT_THAT(run(text).error, HasSubstr("permissions"));
  }
}

TEST(BadInput, LongTextAndZerosEnd) {
  const std::string path = test::temporary("long.mp4");
  std::vector<std::uint8_t> bytes(3'000'000);
  test::write_file(path, bytes);
  EXPECT_EQ(run(path).code, ErrorCode::kInput);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>("abc def\n"[i % 8]);
  test::write_file(path, bytes);
  EXPECT_EQ(run(path).code, ErrorCode::kInput);
  std::uint32_t random = 7;
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>((random = random * 1664525U + 1013904223U) >> 24);
  test::write_file(path, bytes);
  EXPECT_EQ(run(path).code, ErrorCode::kInput);
}

TEST(BadInput, SoundAloneIsNamed) {
  JINSHA_NEED_MEDIA(path, "audio/eac3_joc_atmos.mp4");
  const Outcome result = run(path);
  EXPECT_EQ(result.code, ErrorCode::kInput);
  EXPECT_THAT(result.error, HasSubstr("no video"));
  EXPECT_THAT(result.error, HasSubstr("eac3"));
}

TEST(BrokenClips, EveryOneEnds) {
  JINSHA_NEED_MEDIA(folder, "broken");
  int decoded = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const Outcome result = run(entry.path().string());
    SCOPED_TRACE(entry.path().filename().string() + ": " + result.error);
    if (result.error.empty()) {
      ++decoded;
      EXPECT_GT(result.counters.frames_delivered, 0);
    } else {
      EXPECT_EQ(result.code, ErrorCode::kInput);
      EXPECT_THAT(result.error, HasSubstr(entry.path().filename().string()));
    }
  }
  EXPECT_EQ(decoded, 5);  // as the collection's README says
}

class Truncations : public testing::TestWithParam<const char*> {};

TEST_P(Truncations, AtEveryTenthEnd) {
  JINSHA_NEED_MEDIA(path, GetParam());
  const std::vector<std::uint8_t> whole = test::read_file(path);
  const std::string cut = test::temporary("cut" + std::filesystem::path(path).extension().string());
  const std::size_t all = run(path).hashes.size();
  std::size_t before = 0;
  for (std::size_t tenth = 1; tenth < 10; ++tenth) {
    const auto end = whole.begin() + static_cast<std::ptrdiff_t>(whole.size() * tenth / 10);
    test::write_file(cut, {whole.begin(), end});
    const Outcome result = run(cut);
    SCOPED_TRACE(std::to_string(tenth) + " tenths: " + result.error);
    if (!result.error.empty()) {
      EXPECT_EQ(result.code, ErrorCode::kInput);
      EXPECT_EQ(result.hashes.size(), 0U);
      continue;
    }
    EXPECT_GE(result.hashes.size(), before);
    EXPECT_LE(result.hashes.size(), all);
    EXPECT_TRUE(result.pts_without_gaps);
    before = result.hashes.size();
  }
}

INSTANTIATE_TEST_SUITE_P(Some, Truncations,
                         testing::Values("ts/pts_wrap_h264_aac.ts", "hdr/pq_hevc_640x360_no_sei.mp4",
                                         "hdr/dovi_p8_hdr10_256x144.mkv", "mezzanine/prores_natural_48p.mov",
                                         "fmp4/hevc_captions_fragmented.mp4", "hdr/hdr10plus_tos_1920x800_a.h265",
                                         "interlaced/d10_imx50_608line.mxf"),
                         [](const auto& row) { return "clip" + std::to_string(row.index); });

TEST(Damage, AStreamThatBeginsWithoutAKeyFrameStartsAtTheNext) {
  JINSHA_NEED_MEDIA(path, "ts/scte35_h264_aac.ts");
  const std::vector<std::uint8_t> whole = test::read_file(path);
  // From the middle of the first group of pictures on, at a transport packet.
  const std::string cut = test::temporary("no_key.ts");
  test::write_file(cut, {whole.begin() + 188 * 200, whole.end()});
  const Outcome all = run(path), result = run(cut);
  EXPECT_EQ(result.error, "");
  ASSERT_GT(result.hashes.size(), 0U);
  EXPECT_LT(result.hashes.size(), all.hashes.size());
  EXPECT_GT(result.counters.frames_before_key, 0);
  // What is delivered is what the whole file holds at its end.
  EXPECT_TRUE(std::equal(result.hashes.rbegin(), result.hashes.rend() - 1, all.hashes.rbegin()));
}

TEST(Damage, CorruptPacketsAreConcealedAndCounted) {
  JINSHA_NEED_MEDIA(path, "ts/h264_1080p30_mp2_pcr.ts");
  std::vector<std::uint8_t> bytes = test::read_file(path);
  const std::size_t packets = bytes.size() / 188;
  for (std::size_t i = packets / 2; i < packets / 2 + 40; ++i) {
    for (std::size_t k = 20; k < 188; ++k) bytes[i * 188 + k] = static_cast<std::uint8_t>(k * i);
  }
  // And some are missing altogether.
  bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(packets / 4 * 188),
              bytes.begin() + static_cast<std::ptrdiff_t>((packets / 4 + 30) * 188));
  const std::string damaged = test::temporary("damaged.ts");
  test::write_file(damaged, bytes);
  const Outcome result = run(damaged);
  EXPECT_EQ(result.error, "");
  EXPECT_NEAR(static_cast<double>(result.counters.frames_delivered), 299, 2);
  EXPECT_GT(result.counters.frames_concealed, 0);
  EXPECT_GT(result.counters.packets_corrupt, 0);
  EXPECT_NE(result.counters.first_damage, "");
  // A damaged picture that is shown again is flagged again.
  EXPECT_GE(std::count(result.damaged.begin(), result.damaged.end(), true), result.counters.frames_concealed);
}

}  // namespace
}  // namespace jinsha
