// Real clips through libavformat: how many pictures, which pixels, which words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "input/source_helper.h"

namespace jinsha {
namespace {

using test::Outcome;
using test::run;
using test::RunOptions;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct Clip {
  const char* name;
  std::size_t decoded;    // pictures in the stream
  std::size_t delivered;  // on the constant-rate grid
  Rational rate;
  bool exact = false;  // the count is known beforehand
};
// The counts are those of the collection's README; a delivered count differs where timestamps have holes.
constexpr Clip kClips[] = {
    {"hdr/hdr10plus_1080p30_phone.mp4", 28, 31, {30, 1}},
    {"hdr/hlg_1080p_colorchart.mp4", 9, 9, {30, 1}, true},
    {"hdr/hdr10_av1_720x1280_phone.mp4", 127, 127, {30000, 1001}, true},
    {"hdr/hdr10_av1_1080p5994_mdcv_clli.mp4", 60, 60, {60000, 1001}, true},
    {"hdr/pq_hevc_640x360_no_sei.mp4", 84, 84, {30000, 1001}, true},
    {"hdr/hdr10plus_tos_1920x800_a.h265", 6, 6, {24, 1}},
    {"hdr/hdr10plus_tos_1950x816.h265", 9, 9, {24, 1}},
    {"hdr/dovi_p8_pq_360p5994.mp4", 361, 361, {60000, 1001}, true},
    {"hdr/dovi_p8_hdr10_256x144.mkv", 259, 259, {24000, 1001}},
    {"hdr/dovi_p84_hlg_iphone_720p.mov", 4, 4, {30, 1}, true},
    {"hdr/h264_8bit_hlg_tagged_720x720p60.ts", 298, 298, {60, 1}},
    {"sdr/mpeg2_1080p25_natural.ts", 103, 103, {25, 1}},
    {"ts/pts_wrap_h264_aac.ts", 82, 82, {30000, 1001}},
    {"ts/pts_rollover_1fps.ts", 20, 20, {1, 1}},
    {"ts/eac3_51_h264_720p25.ts", 150, 150, {25, 1}},
    {"ts/hevc_1080p24_aac51_topleft.ts", 120, 120, {24, 1}},
    {"ts/captions_608_708_sd.ts", 690, 690, {24000, 1001}},
    {"ts/dvbsub_at_video_start.ts", 30, 30, {5, 1}},
    {"ts/scte35_h264_aac.ts", 465, 466, {25, 1}},
    {"interlaced/avchd_1080i25_sony.mts", 13, 13, {25, 1}},
    {"interlaced/d10_imx50_608line.mxf", 2, 2, {25, 1}},
    {"interlaced/xdcam_ex_1080i25.mov", 25, 25, {25, 1}, true},
    {"mezzanine/prores_422_hq.mov", 25, 25, {25, 1}, true},
    {"mezzanine/prores_4444_12bit.mov", 2, 2, {25, 1}, true},
    {"mezzanine/prores_natural_48p.mov", 40, 40, {48000, 1001}, true},
    {"mezzanine/dpx_10bit_rgb.dpx", 1, 1, {25, 1}, true},
    {"range/full_range_bt709.mp4", 30, 30, {30, 1}, true},
    {"range/ramp_full.mp4", 125, 125, {25, 1}, true},
    {"range/hevc_422_12bit.mp4", 1, 1, {25, 1}, true},
    {"range/hevc_444_10bit.mp4", 1, 1, {25, 1}, true},
    {"fmp4/hevc_captions_fragmented.mp4", 61, 61, {30000, 1001}},
    {"fmp4/sample_fragmented_seekable.mp4", 30, 30, {30000, 1001}},
    {"vfr_rotate/phone_rotated_vfr.mp4", 25, 75, {30, 1}},
    {"vfr_rotate/rotated_bbb_51.mp4", 45, 45, {24, 1}},
};

class LavfClips : public testing::TestWithParam<Clip> {};

TEST_P(LavfClips, DeliversEveryPictureUnchanged) {
  Clip clip = GetParam();
  JINSHA_NEED_MEDIA(path, clip.name);
  // As decoded: what becomes of fields is in picture_filter_test.cpp.
  const Outcome result = run(SourceSpec{.path = path, .threads = 2, .deinterlace = Deinterlace::kOff});
  // FFmpeg 5.1 finds a base rate of 30 in this one, 7.1 one of 60.
  if (std::string(clip.name) == "vfr_rotate/phone_rotated_vfr.mp4" && result.info.video.frame_rate == Rational{60, 1}) {
    clip.rate = {60, 1};
    clip.delivered = 149;
  }
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.counters.frames_decoded, static_cast<std::int64_t>(clip.decoded));
  EXPECT_EQ(result.hashes.size(), clip.delivered);
  EXPECT_EQ(result.counters.frames_delivered, static_cast<std::int64_t>(clip.delivered));
  EXPECT_EQ(result.counters.frames_delivered,
            result.counters.frames_decoded - result.counters.frames_dropped + result.counters.frames_repeated);
  EXPECT_EQ(result.counters.frames_concealed, 0);
  EXPECT_EQ(result.counters.frames_undecodable, 0);
  EXPECT_EQ(result.counters.frames_before_key, 0);
  EXPECT_EQ(result.info.video.frame_rate, clip.rate);
  EXPECT_EQ(result.info.video.exact_frame_count, clip.exact);
  if (clip.exact) {
    EXPECT_EQ(result.info.video.frame_count, static_cast<std::int64_t>(clip.delivered));
  }
  EXPECT_TRUE(result.pts_without_gaps);

  // The pixels are those libavcodec gives into its own buffers: repeats taken out, all of them in order.
  std::vector<std::uint64_t> expected = test::reference_hashes(path);
  std::vector<std::uint64_t> hashes = result.hashes;
  if (clip.delivered != clip.decoded) {
    const auto distinct = [](std::vector<std::uint64_t>& list) {
      list.erase(std::unique(list.begin(), list.end()), list.end());
    };
    distinct(expected);
    distinct(hashes);
  }
  EXPECT_EQ(hashes, expected);
}

INSTANTIATE_TEST_SUITE_P(All, LavfClips, testing::ValuesIn(kClips), [](const auto& row) {
  std::string name = row.param.name;
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
});

SourceInfo info_of(const std::string& path) {
  const Result<std::unique_ptr<Source>> source = open_source({.path = path, .raw = {}}, Log());
  EXPECT_TRUE(source) << source.error().message;
  return source ? (*source)->info() : SourceInfo();
}

TEST(LavfInfo, Hdr10Plus) {
  JINSHA_NEED_MEDIA(path, "hdr/hdr10plus_1080p30_phone.mp4");
  const SourceInfo info = info_of(path);
  EXPECT_EQ(info.video.codec, Codec::kHevc);
  EXPECT_EQ(info.video.color.transfer, Transfer::kPq);
  EXPECT_EQ(info.video.color.primaries, Primaries::kBt2020);
  EXPECT_THAT(info.video.dynamic_metadata, ElementsAre("HDR10+"));
  ASSERT_TRUE(info.video.hdr.content_light);
  EXPECT_EQ(info.video.hdr.content_light->max_cll_nits, 1000);
  // Its mastering display makes no sense; FFmpeg 7.1 leaves it out, 5.1 passes it on.
  if (info.video.hdr.mastering_display) {
    EXPECT_THAT(info.warnings, Contains(HasSubstr("0.1 cd/m2")));
    EXPECT_THAT(info.warnings, Contains(HasSubstr("order")));
  }
  EXPECT_TRUE(info.video.variable_rate);
}

TEST(LavfInfo, StaticMetadataOnlyInTheContainer) {
  JINSHA_NEED_MEDIA(path, "hdr/hdr10_av1_1080p5994_mdcv_clli.mp4");
  const SourceInfo info = info_of(path);
  ASSERT_TRUE(info.video.hdr.mastering_display && info.video.hdr.content_light);
  EXPECT_EQ(info.video.hdr.mastering_display->max_luminance, 10'000'000U);
  EXPECT_EQ(*info.video.hdr.content_light, (ContentLight{1100, 180}));
  EXPECT_THAT(info.video.conflicts, IsEmpty());
}

TEST(LavfInfo, StaticMetadataInTheBitstream) {
  JINSHA_NEED_MEDIA(path, "hdr/hdr10plus_tos_1950x816.h265");
  const SourceInfo info = info_of(path);
  ASSERT_TRUE(info.video.hdr.mastering_display);
  const MasteringDisplay& m = *info.video.hdr.mastering_display;
  EXPECT_EQ(m.primaries_rgb[0], (std::array<std::uint16_t, 2>{34'000, 16'000}));
  EXPECT_EQ(m.primaries_rgb[1], (std::array<std::uint16_t, 2>{13'250, 34'500}));
  EXPECT_EQ(m.max_luminance, 40'000'000U);
  EXPECT_EQ(m.min_luminance, 50U);
  EXPECT_EQ(info.video.color.chroma_location, ChromaLocation::kTopLeft);
}

TEST(LavfInfo, HdrVividAndCaptions) {
  JINSHA_NEED_MEDIA(vivid, "hdr/hdrvivid_pq_2160p50.h265");
  EXPECT_THAT(info_of(vivid).video.dynamic_metadata, Contains("HDR Vivid"));
  JINSHA_NEED_MEDIA(captions, "ts/captions_708_1080p.ts");
  EXPECT_THAT(info_of(captions).video.dynamic_metadata, Contains("CEA-608/708 captions"));
}

TEST(LavfInfo, DolbyVision) {
  JINSHA_NEED_MEDIA(five, "hdr/dovi_p5_ipt_360p5994.mp4");
  const SourceInfo info = info_of(five);
  EXPECT_THAT(info.warnings, Contains(StartsWith("Dolby Vision profile 5")));
  EXPECT_EQ(info.video.color.range, Range::kFull);
  JINSHA_NEED_MEDIA(eight, "hdr/dovi_p8_pq_360p5994.mp4");
  const SourceInfo other = info_of(eight);
  EXPECT_THAT(other.video.dynamic_metadata, Contains("Dolby Vision RPU"));
  EXPECT_THAT(other.video.conflicts, ElementsAre(HasSubstr("compatibility id 2")));
}

TEST(LavfInfo, RotationInterlacingAndAspect) {
  JINSHA_NEED_MEDIA(turned, "vfr_rotate/rotated_bbb_51.mp4");
  EXPECT_EQ(info_of(turned).video.rotation_degrees, 90);
  JINSHA_NEED_MEDIA(mirrored, "vfr_rotate/rotate_and_reflect.mp4");
  EXPECT_TRUE(info_of(mirrored).video.mirrored);
  EXPECT_EQ(info_of(mirrored).video.rotation_degrees, 90);
  JINSHA_NEED_MEDIA(woven, "interlaced/xdcam_ex_1080i25.mov");
  const SourceInfo info = info_of(woven);
  EXPECT_TRUE(info.video.interlaced);
  EXPECT_THAT(info.losses, IsEmpty());
  EXPECT_THAT(info.converted, ElementsAre(HasSubstr("fields (top first) to pictures at field rate")));
  JINSHA_NEED_MEDIA(anamorphic, "interlaced/d10_imx50_608line.mxf");
  EXPECT_EQ(info_of(anamorphic).video.sample_aspect, (Rational{152, 135}));
}

TEST(LavfInfo, OtherStreamsAreListed) {
  JINSHA_NEED_MEDIA(path, "ts/scte35_h264_aac.ts");
  const SourceInfo info = info_of(path);
  ASSERT_EQ(info.other.size(), 1U);
  EXPECT_EQ(info.other[0].kind, "data");
  EXPECT_EQ(info.other[0].codec, "scte_35");
  ASSERT_EQ(info.audio.size(), 1U);
}

TEST(LavfAudio, AdtsIsTakenOff) {
  JINSHA_NEED_MEDIA(path, "ts/hevc_1080p24_aac51_topleft.ts");
  const Outcome result = run(path, 2, {.keep_hashes = false});
  ASSERT_EQ(result.info.audio.size(), 1U);
  const AudioStreamInfo& audio = result.info.audio[0].info;
  EXPECT_EQ(audio.layout, "5.1");
  ASSERT_TRUE(audio.headers);
  EXPECT_EQ(audio.headers->size(), 2U);
  EXPECT_EQ((*audio.headers)[1] >> 3 & 15, 6);  // channelConfiguration of 5.1
  ASSERT_EQ(result.packets.size(), 235U);
  for (const Packet& packet : result.packets) {
    ASSERT_FALSE((*packet.data)[0] == 0xFF && ((*packet.data)[1] & 0xF0) == 0xF0);
  }
}

TEST(LavfAudio, KeepsItsDistanceToThePictures) {
  // ffprobe: the first picture has pts 129000 (90 kHz), the first audio packets 127258 and 129418.
  JINSHA_NEED_MEDIA(path, "ts/h264_1080p30_mp2_pcr.ts");
  const Outcome result = run(path, 2, {.keep_hashes = false});
  ASSERT_FALSE(result.packets.empty());
  EXPECT_EQ(result.packets[0].pts, -1742);
  for (std::size_t i = 1; i < result.packets.size(); ++i) {
    EXPECT_EQ(result.packets[i].pts - result.packets[i - 1].pts, 2160) << i;  // 24 ms
  }
}

TEST(LavfRange, IsTheSameAsCuttingTheWhole) {
  JINSHA_NEED_MEDIA(path, "hdr/pq_hevc_640x360_no_sei.mp4");
  const Outcome all = run(path), part = run(path, 2, {.first = 20, .count = 30});
  ASSERT_EQ(part.hashes.size(), 30U);
  EXPECT_TRUE(std::equal(part.hashes.begin(), part.hashes.end(), all.hashes.begin() + 20));
  EXPECT_TRUE(part.pts_without_gaps);
  const Rational rate = all.info.video.frame_rate, tick = all.info.audio[0].info.time_base;
  ASSERT_FALSE(part.packets.empty());
  EXPECT_LE(part.packets.front().pts, 0);
  EXPECT_GT(part.packets.front().pts + part.packets.front().duration, 0);
  EXPECT_LT(part.packets.back().pts, rescale(30, rate.inverse(), tick));
  EXPECT_GE(part.packets.back().pts + part.packets.back().duration, rescale(30, rate.inverse(), tick));
  // The same packet has the same time, moved by the start of the range (to the tick of the picture clock).
  const std::int64_t moved = rescale(20, rate.inverse(), tick);
  bool found = false;
  for (const Packet& packet : all.packets) {
    if (*packet.data != *part.packets.front().data) continue;
    found = true;
    EXPECT_NEAR(static_cast<double>(packet.pts - moved), static_cast<double>(part.packets.front().pts), 2);
  }
  EXPECT_TRUE(found);
  EXPECT_EQ(run(path, 2, {.first = 80}).hashes.size(), 4U);
  const Outcome beyond = run(path, 2, {.first = 1000});
  EXPECT_THAT(beyond.error, HasSubstr("84 pictures"));
  EXPECT_EQ(beyond.hashes.size(), 0U);
}

TEST(LavfRange, RepeatsAcrossItsStart) {
  JINSHA_NEED_MEDIA(path, "vfr_rotate/phone_rotated_vfr.mp4");
  const Outcome all = run(path);
  for (std::int64_t first = 1; first < 12; ++first) {
    const Outcome part = run(path, 2, {.first = first, .count = 10});
    ASSERT_EQ(part.hashes.size(), 10U);
    EXPECT_TRUE(std::equal(part.hashes.begin(), part.hashes.end(), all.hashes.begin() + first)) << first;
  }
}

TEST(LavfThreads, DoNotChangePixels) {
  JINSHA_NEED_MEDIA(path, "hdr/hlg_1080p_colorchart.mp4");
  const Outcome one = run(path, 1), four = run(path, 4), many = run(path, 40);
  EXPECT_EQ(one.hashes, four.hashes);
  EXPECT_EQ(one.hashes, many.hashes);
}

TEST(LavfPipe, DeliversTheSame) {
  JINSHA_NEED_MEDIA(path, "ts/pts_wrap_h264_aac.ts");
  const Outcome file = run(path);
  FILE* pipe = popen(("cat '" + path + "'").c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  const int saved = dup(STDIN_FILENO);
  dup2(fileno(pipe), STDIN_FILENO);
  const Outcome piped = run("-");
  dup2(saved, STDIN_FILENO);
  close(saved);
  pclose(pipe);
  EXPECT_EQ(piped.error, "");
  EXPECT_EQ(piped.hashes, file.hashes);
  EXPECT_EQ(piped.packets.size(), file.packets.size());
}

}  // namespace
}  // namespace jinsha
