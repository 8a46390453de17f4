// The parsers on hand-made bytes, where what they must read is known from the standards alone.
#include <gtest/gtest.h>

#include "verify/audio_frames.h"
#include "verify/av1_syntax.h"
#include "verify/bit_reader.h"
#include "verify/hevc_syntax.h"
#include "verify/levels.h"
#include "verify/nal_splitter.h"
#include "verify/ts_tables.h"

namespace jinsha::verify {
namespace {

using Data = std::vector<std::uint8_t>;

TEST(BitReader, ReadsFieldsAndExpGolombCodes) {
  // 101 | 1 | 010 | 011 | 00100 | 00101 | 0 1100 ...
  const Data data = {0b10110100, 0b11001000, 0b01010000};
  BitReader reader(data);
  EXPECT_EQ(reader.bits(3), 0b101U);
  EXPECT_EQ(reader.ue(), 0U);
  EXPECT_EQ(reader.ue(), 1U);
  EXPECT_EQ(reader.ue(), 2U);
  EXPECT_EQ(reader.ue(), 3U);
  EXPECT_EQ(reader.se(), -2);  // code 4
  EXPECT_TRUE(reader.ok());
}

TEST(BitReader, FailsForGoodPastTheEnd) {
  const Data data = {0xFF};
  BitReader reader(data);
  EXPECT_EQ(reader.bits(9), 0U);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.bits(1), 0U);
  const Data nothing(8, 0);
  BitReader zeros(nothing);
  EXPECT_EQ(zeros.ue(), 0U);
  EXPECT_FALSE(zeros.ok());
  BitReader limited(data);
  limited.bits(7);
  EXPECT_EQ(limited.ue(), 0U);
  EXPECT_TRUE(limited.ok());
  const Data large = {0b00001000, 0};
  BitReader above(large);
  above.ue(6);
  EXPECT_FALSE(above.ok()) << "7 is above the limit of 6";
}

TEST(BitReader, ReadsLeb128) {
  const Data data = {0xE5, 0x8E, 0x26, 0xFF};
  BitReader reader(data);
  EXPECT_EQ(reader.leb128(), 624485U);
  EXPECT_EQ(reader.position(), 24U);
  EXPECT_EQ(reader.leb128(), 0U);
  EXPECT_FALSE(reader.ok());
}

TEST(BitReader, TakesEmulationPreventionOut) {
  const Data coded = {0x42, 0, 0, 3, 1, 0, 0, 3, 0, 0, 3, 3, 0, 3};
  EXPECT_EQ(remove_emulation_prevention(coded), (Data{0x42, 0, 0, 1, 0, 0, 0, 0, 3, 0, 3}));
}

TEST(ByteStreamSplitter, CutsAtStartCodesWhereverPiecesEnd) {
  const Data stream = {0, 0, 0, 1, 0x40, 1, 7, 0, 0, 1, 0x42, 1, 0, 0, 3, 1, 0, 0, 0, 0, 1, 0x26, 1, 9};
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    std::vector<Data> units;
    std::vector<std::int64_t> places;
    ByteStreamSplitter splitter([&](const NalUnit& unit) {
      units.emplace_back(unit.prefix.begin(), unit.prefix.end());
      places.push_back(unit.byte);
    });
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      splitter.data(ByteView(stream).subspan(at, std::min(piece, stream.size() - at)), static_cast<std::int64_t>(at));
    }
    splitter.finish();
    ASSERT_EQ(units.size(), 3U) << piece;
    EXPECT_EQ(units[0], (Data{0x40, 1, 7}));
    EXPECT_EQ(units[1], (Data{0x42, 1, 0, 0, 3, 1}));
    EXPECT_EQ(units[2], (Data{0x26, 1, 9}));
    EXPECT_EQ(places, (std::vector<std::int64_t>{0, 7, 17})) << piece;
  }
}

TEST(ByteStreamSplitter, KeepsOnlyTheBeginningOfAUnit) {
  std::int64_t size = 0;
  std::size_t kept = 0;
  ByteStreamSplitter splitter([&](const NalUnit& unit) {
    size = unit.size;
    kept = unit.prefix.size();
  });
  const Data start = {0, 0, 1};
  const Data body(1 << 20, 0x55);
  splitter.data(start, 0);
  for (int i = 0; i < 64; ++i) splitter.data(body, 3 + i * std::int64_t{1 << 20});
  splitter.finish();
  EXPECT_EQ(size, 64 << 20);
  EXPECT_EQ(kept, kMaxPrefix);
}

TEST(Sections, CrcIsThatOfMpeg) {
  // A PAT of one program: number 1 on PID 0x1000, CRC 0x2AB104B2.
  const Data pat = {0x00, 0xB0, 0x0D, 0x00, 0x01, 0xC1, 0x00, 0x00, 0x00, 0x01, 0xF0, 0x00, 0x2A, 0xB1, 0x04, 0xB2};
  EXPECT_EQ(crc32_mpeg(pat), 0U);
  const auto parsed = parse_pat(pat);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->transport_stream_id, 1);
  EXPECT_EQ(parsed->programs, (std::vector<std::pair<int, int>>{{1, 0x1000}}));
}

TEST(Sections, AreJoinedAcrossPacketsAndCutInsideThem) {
  Data section = {0x42, 0xF0, 0};
  section.resize(3 + 400, 0x11);
  section[1] = 0xF1;
  section[2] = 0x90;
  Data bytes = section;
  bytes.insert(bytes.end(), section.begin(), section.end());
  SectionAssembler assembler;
  int count = 0;
  const auto check = [&](ByteView whole) {
    EXPECT_EQ(Data(whole.begin(), whole.end()), section);
    ++count;
  };
  Data first = {0};
  first.insert(first.end(), bytes.begin(), bytes.begin() + 183);
  EXPECT_TRUE(assembler.packet(first, true, check));
  EXPECT_TRUE(assembler.packet(ByteView(bytes).subspan(183, 184), false, check));
  // The next packet says where the second section starts.
  Data third = {static_cast<std::uint8_t>(section.size() - 183 - 184)};
  third.insert(third.end(), bytes.begin() + 367, bytes.begin() + 367 + 183);
  EXPECT_TRUE(assembler.packet(third, true, check));
  EXPECT_EQ(count, 1);
  EXPECT_TRUE(assembler.packet(ByteView(bytes).subspan(550, 184), false, check));
  Data last(bytes.begin() + 734, bytes.end());
  last.resize(184, 0xFF);
  EXPECT_TRUE(assembler.packet(last, false, check));
  EXPECT_EQ(count, 2);
}

TEST(Hevc, NamesTheFormatRangeProfiles) {
  const auto name = [](unsigned idc, unsigned flags) {
    hevc::ProfileTierLevel ptl;
    ptl.profile_idc = idc;
    ptl.constraints = std::uint64_t{flags} << 38;
    return hevc::profile_name(ptl);
  };
  EXPECT_EQ(name(1, 0), "main");
  EXPECT_EQ(name(2, 0), "main10");
  EXPECT_EQ(name(4, 0b110100), "main422-10");  // max 12, 10 bit, 4:2:2
  EXPECT_EQ(name(4, 0b100110), "main12");
  EXPECT_EQ(name(4, 0b110000), "main444-10");
}

TEST(Hevc, ReadsMasteringDisplayInTheOrderGreenBlueRed) {
  const Data payload = {0x33, 0xC2, 0x86, 0xC4, 0x1D, 0x4C, 0x0B, 0xB8, 0x84, 0xD0, 0x3E, 0x80,
                        0x3D, 0x13, 0x40, 0x42, 0x00, 0x98, 0x96, 0x80, 0x00, 0x00, 0x00, 0x01};
  const auto display = hevc::parse_mastering_display(payload);
  ASSERT_TRUE(display);
  EXPECT_EQ(display->primaries_rgb[0], (std::array<std::uint16_t, 2>{34000, 16000}));
  EXPECT_EQ(display->primaries_rgb[1], (std::array<std::uint16_t, 2>{13250, 34500}));
  EXPECT_EQ(display->primaries_rgb[2], (std::array<std::uint16_t, 2>{7500, 3000}));
  EXPECT_EQ(display->white_point, (std::array<std::uint16_t, 2>{15635, 16450}));
  EXPECT_EQ(display->max_luminance, 10000000U);
  EXPECT_EQ(display->min_luminance, 1U);
  EXPECT_FALSE(hevc::parse_mastering_display(ByteView(payload).subspan(1)));
}

TEST(Hevc, ReadsSeiMessagesWithExtendedSizes) {
  Data rbsp = {4, 0xFF, 2};
  rbsp.resize(3 + 257, 0xAA);
  rbsp.insert(rbsp.end(), {144, 4, 3, 232, 1, 144, 0x80});
  const auto messages = hevc::parse_sei(rbsp);
  ASSERT_TRUE(messages);
  ASSERT_EQ(messages->size(), 2U);
  EXPECT_EQ(messages->at(0).payload.size(), 257U);
  EXPECT_EQ(messages->at(1).type, 144U);
  EXPECT_EQ(hevc::parse_content_light(messages->at(1).payload), (ContentLight{1000, 400}));
  rbsp.pop_back();
  EXPECT_FALSE(hevc::parse_sei(rbsp)) << "no trailing bits";
}

// Values of the table that the AV1 units of P3-D65 at 1000 cd/m2 are published with.
TEST(Av1, ConvertsMasteringDisplayToItsUnits) {
  MasteringDisplay display{{{{34000, 16000}, {13250, 34500}, {7500, 3000}}}, {15635, 16450}, 10000000, 1};
  const Av1MasteringDisplay out = av1::to_av1(display);
  EXPECT_EQ(out.primaries_rgb[0], (std::array<std::uint16_t, 2>{44564, 20972}));
  EXPECT_EQ(out.primaries_rgb[1], (std::array<std::uint16_t, 2>{17367, 45220}));
  EXPECT_EQ(out.primaries_rgb[2], (std::array<std::uint16_t, 2>{9830, 3932}));
  EXPECT_EQ(out.white_point, (std::array<std::uint16_t, 2>{20493, 21561}));
  EXPECT_EQ(out.max_luminance, 256000U);
  EXPECT_EQ(out.min_luminance, 2U);
  Av1MasteringDisplay off = out;
  off.primaries_rgb[1][1] = static_cast<std::uint16_t>(off.primaries_rgb[1][1] + 1);
  EXPECT_TRUE(av1::nearly_equal(out, off));
  off.primaries_rgb[1][1] = static_cast<std::uint16_t>(off.primaries_rgb[1][1] + 1);
  EXPECT_FALSE(av1::nearly_equal(out, off));
}

TEST(Levels, HaveTheLimitsOfTheStandards) {
  const auto main61 = level_limits(Codec::kHevc, 183, Tier::kMain, "main10");
  ASSERT_TRUE(main61);
  EXPECT_EQ(main61->max_picture, 35651584);
  EXPECT_EQ(main61->max_width, 16888);
  EXPECT_EQ(main61->max_rate, 2139095040);
  EXPECT_EQ(main61->max_bit_rate, 132000000);
  EXPECT_EQ(level_limits(Codec::kHevc, 153, Tier::kHigh, "main10")->max_bit_rate, 176000000);
  EXPECT_EQ(level_limits(Codec::kHevc, 153, Tier::kMain, "main422-10")->max_bit_rate, 73320000);
  EXPECT_FALSE(level_limits(Codec::kHevc, 93, Tier::kHigh, "main")) << "level 3.1 has no High tier";
  EXPECT_FALSE(level_limits(Codec::kHevc, 100, Tier::kMain, "main"));
  const auto avc40 = level_limits(Codec::kAvc, 40, Tier::kMain, "high");
  ASSERT_TRUE(avc40);
  EXPECT_EQ(avc40->max_picture, 8192 * 256);
  EXPECT_EQ(avc40->max_width, 16 * 256);
  EXPECT_EQ(avc40->max_bit_rate, 30'000'000);
  EXPECT_EQ(level_limits(Codec::kAvc, 31, Tier::kMain, "main")->max_buffer, 16'800'000);
  EXPECT_FALSE(level_limits(Codec::kAvc, 33, Tier::kMain, "main"));
  const auto av1 = level_limits(Codec::kAv1, 17, Tier::kHigh, "main");
  ASSERT_TRUE(av1);
  EXPECT_EQ(av1->max_bit_rate, 480000000);
  EXPECT_EQ(level_limits(Codec::kAv1, 13, Tier::kMain, "main")->max_rate, 534773760);
}

TEST(AudioFrames, ReadsTheHeadersOfEveryKind) {
  // ADTS: 48 kHz, stereo, 371 bytes. AC-3: 48 kHz, 448 kbit/s, 3/2 + LFE. MPEG-1 layer II: 48 kHz, 192 kbit/s.
  const auto aac = parse_audio_frame("aac", Data{0xFF, 0xF1, 0x4C, 0x80, 0x2E, 0x7F, 0xFC, 0});
  ASSERT_TRUE(aac);
  EXPECT_EQ(aac->bytes, 371U);
  EXPECT_EQ(aac->sample_rate, 48000);
  EXPECT_EQ(aac->channels, 2);
  EXPECT_EQ(aac->samples, 1024);
  const auto ac3 = parse_audio_frame("ac3", Data{0x0B, 0x77, 0, 0, 0x1E, 0x40, 0xE1, 0});
  ASSERT_TRUE(ac3);
  EXPECT_EQ(ac3->bytes, 1792U);
  EXPECT_EQ(ac3->channels, 6);
  const auto mp2 = parse_audio_frame("mp2", Data{0xFF, 0xFD, 0xA4, 0, 0, 0, 0, 0});
  ASSERT_TRUE(mp2);
  EXPECT_EQ(mp2->bytes, 576U);
  EXPECT_EQ(mp2->samples, 1152);
  // E-AC-3: independent substream 0, 6 blocks, 768 bytes, then a dependent one.
  const auto eac3 = parse_audio_frame("eac3", Data{0x0B, 0x77, 0x01, 0x7F, 0x3F, 0x80, 0, 0});
  ASSERT_TRUE(eac3);
  EXPECT_EQ(eac3->bytes, 768U);
  EXPECT_EQ(eac3->samples, 1536);
  EXPECT_FALSE(eac3->dependent);
  EXPECT_TRUE(parse_audio_frame("eac3", Data{0x0B, 0x77, 0x41, 0x7F, 0x3F, 0x80, 0, 0})->dependent);
  EXPECT_FALSE(parse_audio_frame("aac", Data{0xFF, 0x71, 0x4C, 0x80, 0x2E, 0x7F, 0xFC, 0}));
}

}  // namespace
}  // namespace jinsha::verify
