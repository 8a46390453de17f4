// ADTS, the HEVC picture buffer, and colour evidence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "input/adts.h"
#include "input/color_evidence.h"
#include "input/hevc_dpb.h"

namespace jinsha {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// AAC-LC, 48 kHz, stereo, 7 + 4 bytes, no CRC.
const std::vector<std::uint8_t> kAdts{0xFF, 0xF1, 0x4C, 0x80, 0x01, 0x7F, 0xFC, 1, 2, 3, 4};

TEST(Adts, GivesTheConfigurationOfTheDecoder) {
  const auto frame = parse_adts(kAdts);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->header_bytes, 7U);
  EXPECT_EQ(frame->specific_config, (std::vector<std::uint8_t>{0x11, 0x90}));
}

TEST(Adts, RefusesWhatIsNotOneWholeFrame) {
  for (std::size_t length = 0; length < kAdts.size(); ++length) {
    EXPECT_FALSE(parse_adts(std::span(kAdts).first(length))) << length;
  }
  std::vector<std::uint8_t> longer = kAdts;
  longer.push_back(0);
  EXPECT_FALSE(parse_adts(longer));
  std::vector<std::uint8_t> no_channels = kAdts;
  no_channels[3] = 0;
  EXPECT_FALSE(parse_adts(no_channels));
}

// An Annex B SPS up to the sub-layer ordering information: sps id ue(0), chroma ue(1), width and height ue(64), no
// window, depths ue(2), log2 poc ue(4), ordering info of one sub-layer: buffering ue(4) + 1, reorder ue(2),
// latency ue(0).
std::vector<std::uint8_t> make_sps() {
  const std::string bits = "10100000001000001000000100000100110110010100010101111";
  std::vector<std::uint8_t> nal{0,    0,    1,    0x42, 0x01, 0x01, 0x02, 0x20, 0x11,
                                0x11, 0x11, 0x90, 0x11, 0x11, 0x11, 0x11, 0x11, 0x3C};
  for (std::size_t i = 0; i < bits.size(); i += 8) {
    std::uint8_t byte = 0;
    for (std::size_t j = 0; j < 8; ++j) {
      byte = static_cast<std::uint8_t>(byte << 1 | (i + j < bits.size() && bits[i + j] == '1' ? 1 : 0));
    }
    nal.push_back(byte);
  }
  return nal;
}

TEST(HevcDpb, SurvivesEveryTruncation) {
  const std::vector<std::uint8_t> nal = make_sps();
  for (std::size_t length = 0; length < nal.size(); ++length) {
    EXPECT_FALSE(hevc_dpb_frames(std::span(nal).first(length))) << length;
  }
}

TEST(HevcDpb, ReadsAnnexBAndHvcc) {
  const std::vector<std::uint8_t> nal = make_sps();
  EXPECT_EQ(hevc_dpb_frames(nal), 5);
  // The same in an hvcC record.
  std::vector<std::uint8_t> record(22, 0);
  record[0] = 1;
  const auto length = static_cast<std::uint8_t>(nal.size() - 3);
  for (const int byte : {1, 33, 0, 1, 0, static_cast<int>(length)}) record.push_back(static_cast<std::uint8_t>(byte));
  for (std::size_t i = 3; i < nal.size(); ++i) record.push_back(nal[i]);
  EXPECT_EQ(hevc_dpb_frames(record), 5);
}

TEST(ColorEvidence, TheBitstreamWinsExceptWhereItSaysNothing) {
  ColorInfo container{.primaries = Primaries::kBt709, .transfer = Transfer::kBt709, .matrix = Matrix::kBt709};
  container.range = Range::kLimited;
  const ColorInfo coded{.primaries = Primaries::kBt2020, .transfer = Transfer::kUnspecified, .matrix = Matrix::kBt709};
  std::vector<std::string> conflicts;
  const ColorInfo color = merge_color(container, coded, conflicts);
  EXPECT_EQ(color.primaries, Primaries::kBt2020);
  EXPECT_EQ(color.transfer, Transfer::kBt709);
  EXPECT_EQ(color.matrix, Matrix::kBt709);
  EXPECT_EQ(color.range, Range::kLimited);
  ASSERT_THAT(conflicts, SizeIs(1));
  EXPECT_THAT(conflicts[0], HasSubstr("primaries bt709"));
  EXPECT_THAT(conflicts[0], HasSubstr("bt2020"));
}

TEST(ColorEvidence, AnInferredRangeDoesNotBeatAStatedOne) {
  std::vector<std::string> conflicts;
  EXPECT_EQ(merge_color({.range = Range::kFull}, {.range = Range::kLimited}, conflicts).range, Range::kFull);
  EXPECT_THAT(conflicts, IsEmpty());
  const ColorInfo coded{.transfer = Transfer::kPq, .range = Range::kLimited};
  EXPECT_EQ(merge_color({.range = Range::kFull}, coded, conflicts).range, Range::kLimited);
  EXPECT_THAT(conflicts, SizeIs(1));
}

TEST(ColorEvidence, MetadataThatCarriersRoundDifferentlyIsTheSame) {
  MasteringDisplay sei{.primaries_rgb = {{{34'000, 16'000}, {13'250, 34'500}, {7'500, 3'000}}},
                       .white_point = {15'635, 16'450},
                       .max_luminance = 10'000'000,
                       .min_luminance = 1};
  MasteringDisplay obu = sei;
  obu.primaries_rgb[0][0] = 34'001;
  std::vector<std::string> conflicts;
  HdrMetadata container, coded;
  container.mastering_display = obu;
  coded.mastering_display = sei;
  EXPECT_EQ(merge_hdr(container, coded, conflicts).mastering_display, sei);
  EXPECT_THAT(conflicts, IsEmpty());
  obu.max_luminance = 40'000'000;
  container.mastering_display = obu;
  merge_hdr(container, coded, conflicts);
  EXPECT_THAT(conflicts, SizeIs(1));
}

TEST(ColorEvidence, ImpossibleMetadataIsNamed) {
  HdrMetadata hdr;
  hdr.mastering_display = MasteringDisplay{.primaries_rgb = {{{13'250, 34'500}, {7'500, 3'000}, {34'000, 16'000}}},
                                           .white_point = {15'635, 16'450},
                                           .max_luminance = 1000,
                                           .min_luminance = 50};
  hdr.content_light = ContentLight{.max_cll_nits = 100, .max_fall_nits = 200};
  std::vector<std::string> warnings;
  check_hdr(hdr, warnings);
  ASSERT_THAT(warnings, SizeIs(3));
  EXPECT_THAT(warnings[0], HasSubstr("0.1 cd/m2"));
  EXPECT_THAT(warnings[1], HasSubstr("order"));
  EXPECT_THAT(warnings[2], HasSubstr("MaxFALL 200"));
}

}  // namespace
}  // namespace jinsha
