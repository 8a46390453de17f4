// What is put into the streams of encoders that leave it out.
#include <gtest/gtest.h>

#include "encode/av1_headers.h"
#include "encode/bitstream_insert.h"
#include "encode/common.h"
#include "encode/encode_helper.h"
#include "encode/hevc_headers.h"

namespace jinsha {
namespace {

using Buffer = std::vector<std::uint8_t>;

HdrMetadata hdr10() {
  MasteringDisplay display;
  display.primaries_rgb = {{{34000, 16000}, {13250, 34500}, {7500, 3000}}};
  display.white_point = {15635, 16450};
  display.max_luminance = 10000000;
  display.min_luminance = 1;
  return {display, ContentLight{1000, 400}};
}

TEST(Insert, SeiOfMasteringDisplayAndContentLight) {
  const Buffer sei = hevc_hdr_sei(hdr10());
  EXPECT_TRUE(test::has_sei(sei, 137, {0x33, 0xC2, 0x86, 0xC4, 0x1D, 0x4C, 0x0B, 0xB8, 0x84, 0xD0, 0x3E, 0x80,
                                       0x3D, 0x13, 0x40, 0x42, 0x00, 0x98, 0x96, 0x80, 0,    0,    0,    1}));
  EXPECT_TRUE(test::has_sei(sei, 144, {0x03, 0xE8, 0x01, 0x90}));
  EXPECT_TRUE(hevc_hdr_sei({}).empty());
  for (const auto& nal : test::split_nals(sei)) {
    for (std::size_t i = 0; i + 2 < nal.bytes.size(); ++i) {
      EXPECT_FALSE(nal.bytes[i] == 0 && nal.bytes[i + 1] == 0 && nal.bytes[i + 2] < 3) << "emulates a start code";
    }
  }
}

TEST(Insert, SameSeiAsX265Writes) {
  EncoderConfig config = test::hevc_config(192, 128);
  config.format.depth = 10;
  config.hdr = hdr10();
  const Buffer stream = test::run_encoder("x265", config, 1).bytes();
  int matched = 0;
  for (const auto& ours : test::split_nals(hevc_hdr_sei(config.hdr))) {
    for (const auto& theirs : test::split_nals(stream)) matched += ours.bytes == theirs.bytes ? 1 : 0;
  }
  EXPECT_EQ(matched, 2);
}

TEST(Insert, SameMetadataObusAsSvtAv1Writes) {
  EncoderConfig config = test::av1_config(192, 128);
  config.format.depth = 10;
  config.hdr = hdr10();
  const test::Coded run = test::run_encoder("svt-av1", config, 1);
  ASSERT_FALSE(run.packets.empty());
  const Buffer& unit = *run.packets.front().data;
  const auto contains = [&](const Buffer& part) {
    return std::search(unit.begin(), unit.end(), part.begin(), part.end()) != unit.end();
  };
  HdrMetadata display = hdr10();
  display.content_light.reset();
  HdrMetadata light = hdr10();
  light.mastering_display.reset();
  EXPECT_TRUE(contains(av1_hdr_obus(display)));
  EXPECT_TRUE(contains(av1_hdr_obus(light)));
  EXPECT_TRUE(av1_hdr_obus({}).empty());
}

TEST(Insert, HevcBehindTheDelimiter) {
  const Buffer delimiter = {0, 0, 0, 1, 0x46, 1, 0x10};
  const Buffer slice = {0, 0, 0, 1, 0x26, 1, 0xAF};
  const Buffer sets = {0, 0, 0, 1, 0x40, 1, 0x0C};
  const Buffer sei = {0, 0, 0, 1, 0x4E, 1, 0x90};
  Buffer unit = delimiter;
  unit.insert(unit.end(), slice.begin(), slice.end());
  std::vector<int> types;
  for (const auto& nal : test::split_nals(insert_hevc(unit, sets, sei))) types.push_back(nal.type);
  EXPECT_EQ(types, (std::vector<int>{35, 32, 39, 19}));
  types.clear();
  for (const auto& nal : test::split_nals(insert_hevc(slice, sets, sei))) types.push_back(nal.type);
  EXPECT_EQ(types, (std::vector<int>{32, 39, 19}));
  EXPECT_EQ(insert_hevc(slice, {}, {}), slice);
  EXPECT_EQ(insert_hevc(delimiter, {}, {}), delimiter);
}

TEST(Insert, Av1BehindDelimiterAndSequenceHeader) {
  const Buffer delimiter = {0x12, 0x00};
  const Buffer header = {0x0A, 0x01, 0x77};
  const Buffer frame = {0x32, 0x02, 1, 2};
  const Buffer metadata = {0x2A, 0x02, 1, 0x80};
  const auto join = [](std::initializer_list<Buffer> parts) {
    Buffer all;
    for (const Buffer& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
  };
  EXPECT_EQ(insert_av1(join({delimiter, frame}), header, metadata), join({delimiter, header, metadata, frame}));
  EXPECT_EQ(insert_av1(join({delimiter, header, frame}), header, metadata), join({delimiter, header, metadata, frame}));
  EXPECT_EQ(insert_av1(frame, header, metadata), join({header, metadata, frame}));
  EXPECT_EQ(insert_av1({}, header, {}), header);
}

TEST(Insert, MasteringDisplayTextReadsBack) {
  const MasteringDisplay display = *hdr10().mastering_display;
  EXPECT_EQ(mastering_display_text(display), "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)");
  EXPECT_EQ(parse_mastering_display(mastering_display_text(display)), display);
  for (const char* wrong : {"", "G(1,2)", "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)x",
                            "R(1,2)G(1,2)B(1,2)WP(1,2)L(1,2)"}) {
    EXPECT_FALSE(parse_mastering_display(wrong).has_value()) << wrong;
  }
}

TEST(Insert, HeadersThatEndEarlyAreNotRead) {
  const Buffer headers = *test::run_encoder("x265", test::hevc_config(192, 128), 1).headers;
  const auto whole = read_profile_tier_level(headers);
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(whole->profile, "main");
  for (std::size_t size = 0; size < 20; ++size) {
    EXPECT_FALSE(read_profile_tier_level(std::span(headers).first(size)).has_value()) << size;
  }
  EXPECT_FALSE(read_av1_sequence_header({}).has_value());
}

}  // namespace
}  // namespace jinsha
