// Whatever the bytes, the judge ends with a verdict, in bounded time and memory.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "verify/fixtures_helper.h"

namespace jinsha::verify_test {
namespace {

constexpr std::uint32_t kSeed = 20'240'601;

// Bits flipped, bytes set to extremes, pieces cut out, doubled or overwritten.
Data corrupt(Data data, std::mt19937& random) {
  const auto below = [&](std::size_t limit) { return limit == 0 ? std::size_t{0} : std::size_t{random()} % limit; };
  for (std::size_t rounds = 1 + below(12); rounds > 0 && data.size() > 16; --rounds) {
    const std::size_t at = below(data.size());
    const std::size_t length = std::min(data.size() - at, below(400));
    switch (below(6)) {
      case 0: data[at] = static_cast<std::uint8_t>(data[at] ^ (1U << below(8))); break;
      case 1: data[at] = static_cast<std::uint8_t>(below(2) * 255); break;
      case 2:
        data.erase(data.begin() + static_cast<std::ptrdiff_t>(at),
                   data.begin() + static_cast<std::ptrdiff_t>(at + length));
        break;
      case 3: {
        const Data piece(data.begin() + static_cast<std::ptrdiff_t>(at),
                         data.begin() + static_cast<std::ptrdiff_t>(at + length));
        data.insert(data.begin() + static_cast<std::ptrdiff_t>(below(data.size())), piece.begin(), piece.end());
        break;
      }
      case 4:
        for (std::size_t i = 0; i < length; ++i) data[at + i] = static_cast<std::uint8_t>(below(256));
        break;
      default: data.resize(at); break;
    }
  }
  return data;
}

TEST(Robustness, CorruptedStreamsEndInAVerdict) {
  std::mt19937 random(kSeed);
  int rejected = 0, runs = 0;
  for (const Fixture& one : fixtures()) {
    for (int i = 0; i < 500; ++i) {
      const Data data = corrupt(one.bytes, random);
      const auto kind = i % 3 == 0 ? std::nullopt : std::optional(one.kind.container);
      const auto verdict =
          judge(data, kind, i % 2 == 0 ? &one.plan : nullptr, i % 2 == 0 ? &one.run : nullptr, 1 + random() % 5000);
      ++runs;
      rejected += verdict.passed() ? 0 : 1;
    }
  }
  // A flipped bit inside coded pictures is nothing a parser of headers sees, most else is.
  EXPECT_GT(rejected, runs / 2) << rejected << " of " << runs;
}

TEST(Robustness, TheParserOfAnotherContainerEndsToo) {
  constexpr ContainerKind kKinds[] = {ContainerKind::kMpegTs, ContainerKind::kFragmentedMp4, ContainerKind::kByteStream,
                                      ContainerKind::kObu, ContainerKind::kIvf};
  for (const Fixture& one : fixtures()) {
    for (const ContainerKind kind : kKinds) {
      if (kind == one.kind.container) continue;
      EXPECT_FALSE(judge(one.bytes, kind, &one.plan, &one.run).passed()) << one.name;
    }
  }
}

TEST(Robustness, NothingAndNoiseAreRejected) {
  EXPECT_FALSE(judge({}, std::nullopt, nullptr, nullptr).passed());
  for (const Fixture& one : fixtures()) {
    EXPECT_FALSE(judge({}, one.kind.container, &one.plan, &one.run).passed()) << one.name;
  }
  std::mt19937 random(kSeed);
  Data noise(300000);
  for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(random());
  EXPECT_FALSE(judge(noise, std::nullopt, nullptr, nullptr).passed());
  const std::string text = "This is no video at all, whatever it is called.";
  EXPECT_FALSE(judge(Data(text.begin(), text.end()), std::nullopt, nullptr, nullptr).passed());
  EXPECT_FALSE(judge(Data(200000, 0), std::nullopt, nullptr, nullptr).passed());
}

TEST(Robustness, EveryTruncationIsNoticed) {
  for (const Fixture& one : fixtures()) {
    for (std::size_t tenth = 1; tenth < 10; ++tenth) {
      const Data part(one.bytes.begin(),
                      one.bytes.begin() + static_cast<std::ptrdiff_t>(one.bytes.size() * tenth / 10));
      EXPECT_FALSE(judge(part, one.kind.container, &one.plan, &one.run).passed()) << one.name << " " << tenth;
    }
  }
}

// A few bytes that promise a million samples, over and over.
TEST(Robustness, EmptyPromisesCostLittleTime) {
  const Fixture& one = fixture("hevc_hdr10_cbr.mp4");
  const auto file = split_mp4(one.bytes);
  ASSERT_TRUE(file);
  Data bytes = file->head;
  Data moof = {0,   0,   0,   92,   'm', 'o', 'o', 'f', 0,   0,   0,   16,  'm', 'f', 'h', 'd', 0,   0,   0,   0,
               0,   0,   0,   1,    0,   0,   0,   68,  't', 'r', 'a', 'f', 0,   0,   0,   24,  't', 'f', 'h', 'd',
               0,   2,   0,   0x18, 0,   0,   0,   1,   0,   0,   3,   232, 0,   0,   0,   1,   0,   0,   0,   16,
               't', 'f', 'd', 't',  0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   20,  't', 'r', 'u', 'n',
               0,   0,   0,   1,    0,   15,  255, 255, 0,   0,   0,   100, 0,   0,   0,   8,   'm', 'd', 'a', 't'};
  for (int i = 0; i < 3000; ++i) bytes.insert(bytes.end(), moof.begin(), moof.end());
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(judge(bytes, std::nullopt, nullptr, nullptr).passed());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

Data box(const char* type, const Data& body) {
  Data out(8 + body.size());
  put32(out, 0, static_cast<std::uint32_t>(out.size()));
  std::copy_n(type, 4, out.begin() + 4);
  std::copy(body.begin(), body.end(), out.begin() + 8);
  return out;
}
Data operator+(Data a, const Data& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(Robustness, CrowdsOfTracksAndConfigurationUnitsEndAtOnce) {
  constexpr std::size_t kMegabyte = std::size_t{1} << 20;
  const Data ftyp = box("ftyp", Data(8, 0x20));
  Data traks;
  while (traks.size() < kMegabyte) traks = std::move(traks) + box("trak", {});
  // hvcC: 22 bytes of fields, then arrays of units, each of 65535 units without a byte.
  Data hvcc(23, 0);
  hvcc[0] = 1;
  hvcc[22] = 8;
  for (int i = 0; i < 8; ++i) hvcc = std::move(hvcc) + Data{32, 0xFF, 0xFF} + Data(std::size_t{2} * 0xFFFF, 0);
  const Data stsd = box("stsd", Data{0, 0, 0, 0, 0, 0, 0, 1} + box("hvc1", Data(78, 0) + box("hvcC", hvcc)));
  const Data hdlr = box("hdlr", Data{0, 0, 0, 0, 0, 0, 0, 0, 'v', 'i', 'd', 'e'} + Data(13, 0));
  const Data trak = box("trak", box("mdia", hdlr + box("minf", box("stbl", stsd))));
  for (const auto& [moov, found] : {std::pair(box("moov", traks), "131072 tracks, more than 64"),
                                    std::pair(box("moov", box("mvhd", Data(100, 0)) + trak), "more than 256 units")}) {
    const auto start = std::chrono::steady_clock::now();
    const auto verdict = judge(ftyp + moov, std::nullopt, nullptr, nullptr);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
    const verify::Check* check = find_check(verdict, verify::Property::kContainer);
    ASSERT_NE(check, nullptr);
    EXPECT_FALSE(check->passed);
    EXPECT_NE(check->found.find(found), std::string::npos) << check->found;
  }
}

TEST(Robustness, MissingFilesAreAnError) {
  const auto result = verify::judge_file("/nonexistent/file.ts", std::nullopt, nullptr, nullptr);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kInput);
  EXPECT_NE(result.error().message.find("/nonexistent/file.ts"), std::string::npos);
}

TEST(Robustness, RealClipsEndInAVerdict) {
  const char* media = std::getenv("JINSHA_MEDIA");
  if (media == nullptr || !std::filesystem::exists(media)) GTEST_SKIP() << "JINSHA_MEDIA names no folder of clips";
  std::mt19937 random(kSeed);
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(media)) {
    if (!entry.is_regular_file() || entry.file_size() > (8 << 20)) continue;
    ++files;
    std::ifstream stream(entry.path(), std::ios::binary);
    const Data data{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    judge(data, std::nullopt, nullptr, nullptr, 4096);
    for (int i = 0; i < 3; ++i) judge(corrupt(data, random), std::nullopt, nullptr, nullptr);
  }
  EXPECT_GT(files, 20);
}

}  // namespace
}  // namespace jinsha::verify_test
