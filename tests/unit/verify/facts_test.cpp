// What the judge reads of real clips is what ffprobe (FFmpeg 5.1) says of them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "verify/fixtures_helper.h"

namespace jinsha::verify_test {
namespace {

struct Clip {
  const char* file;
  Codec codec;
  std::int64_t frames;
  const char* size;
  const char* format;
  const char* profile;
  const char* level;
  const char* color;
  const char* frame_rate;         // signalled in the bitstream; empty: not
  const char* mastering_display;  // likewise
  const char* content_light;
  const char* audio;  // of the first stream
  bool passes;        // no plan: whether it is at odds with itself
};

constexpr Clip kClips[] = {
    {"ts/hevc_1080p24_aac51_topleft.ts", Codec::kHevc, 120, "1920x1080", "4:2:0 8-bit", "main", "4.0 Main",
     "bt709/bt709/bt709 limited topleft", "24", "", "", "aac 48000 Hz, 6 channels, 235 packets", true},
    {"uhd/4k30_hevc_natural.ts", Codec::kHevc, 30, "3840x2160", "4:2:0 8-bit", "main", "5.0 Main",
     "unspecified/unspecified/unspecified limited left", "30", "", "", "", true},
    {"uhd/8k24_hevc_phone.mp4", Codec::kHevc, 8, "7680x4320", "4:2:0 8-bit", "main", "6.1 Main",
     "bt709/bt709/bt709 limited", "24", "", "", "aac 48000 Hz, 2 channels, 15 packets", true},
    {"hdr/dovi_p8_pq_360p5994.mp4", Codec::kHevc, 361, "640x360", "4:2:0 10-bit", "main10", "3.0 Main",
     "bt2020/smpte2084/bt2020nc limited left", "60000/1001",
     "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(40000000,50)", "MaxCLL 0, MaxFALL 0 cd/m2", "", true},
    {"hdr/hdr10plus_tos_1950x816.h265", Codec::kHevc, 9, "1950x816", "4:2:0 10-bit", "main10", "5.1 High",
     "bt2020/smpte2084/bt2020nc limited topleft", "24",
     "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(40000000,50)", "MaxCLL 1000, MaxFALL 400 cd/m2", "",
     true},
    {"hdr/hdr10_hevc_1080p_1frame_chart.mp4", Codec::kHevc, 1, "1920x1080", "4:2:0 10-bit", "main10", "4.0 Main",
     "bt2020/smpte2084/bt2020nc limited", "25", "G(8500,39850)B(6550,2300)R(35400,14600)WP(15635,16450)L(10000000,1)",
     "MaxCLL 2000, MaxFALL 50 cd/m2", "", true},
    // Its writer put the primaries into the wrong order and the luminance into the wrong unit.
    {"hdr/hdr10plus_1080p30_phone.mp4", Codec::kHevc, 28, "1920x1080", "4:2:0 10-bit", "main10", "5.0 Main",
     "bt2020/smpte2084/bt2020nc limited", "", "G(34000,16000)B(13250,34500)R(7500,3000)WP(15635,16450)L(1000,50)",
     "MaxCLL 1000, MaxFALL 200 cd/m2", "aac 48000 Hz, 2 channels, 47 packets", true},
    {"hdr/hlg_1080p_colorchart.mp4", Codec::kHevc, 9, "1920x1080", "4:2:0 10-bit", "main10", "5.1 Main",
     "bt2020/arib-std-b67/bt2020nc limited", "", "", "", "aac 48000 Hz, 2 channels, 13 packets", true},
    {"hdr/hdr10_av1_1080p5994_mdcv_clli.mp4", Codec::kAv1, 60, "1920x1080", "4:2:0 10-bit", "main", "4.1 Main",
     "bt2020/smpte2084/bt2020nc limited", "", "", "", "aac 44100 Hz, 2 channels, 44 packets", true},
    {"range/hevc_422_12bit.mp4", Codec::kHevc, 1, "456x300", "4:2:2 12-bit", "main422-12", "2.1 Main",
     "bt709/bt709/bt709 limited", "25", "", "", "", true},
    {"range/hevc_444_10bit.mp4", Codec::kHevc, 1, "456x300", "4:4:4 10-bit", "main444-10", "2.1 Main",
     "bt709/bt709/bt709 limited", "25", "", "", "", true},
    {"range/hevc_full_center_icc.mp4", Codec::kHevc, 300, "1920x1080", "4:2:0 8-bit", "main", "4.0 Main",
     "unspecified/unspecified/bt470bg full center", "30", "", "", "aac 48000 Hz, 2 channels, 470 packets", true},
    {"fmp4/hevc_captions_fragmented.mp4", Codec::kHevc, 61, "416x234", "4:2:0 8-bit", "main", "2.0 Main",
     "smpte170m/bt709/smpte170m limited topleft", "30000/1001", "", "", "", true},
    // Starts with the end of a NAL unit that is not there.
    {"hdr/hdrvivid_pq_2160p50.h265", Codec::kHevc, 1500, "3840x2160", "4:2:0 10-bit", "main10", "5.1 High",
     "bt2020/smpte2084/bt2020nc limited", "50", "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(40000000,50)",
     "MaxCLL 0, MaxFALL 0 cd/m2", "", false},
};

std::string detail(const verify::StreamFacts& facts, const char* key) {
  const auto found = facts.details.find(key);
  return found == facts.details.end() ? "" : found->second;
}

TEST(Facts, AreThoseOfFfprobe) {
  const char* media = std::getenv("JINSHA_MEDIA");
  if (media == nullptr || !std::filesystem::exists(media)) GTEST_SKIP() << "JINSHA_MEDIA names no folder of clips";
  for (const Clip& clip : kClips) {
    const auto verdict = verify::judge_file(std::string(media) + "/" + clip.file, std::nullopt, nullptr, nullptr);
    ASSERT_TRUE(verdict.ok()) << verdict.error().message;
    const verify::StreamFacts& facts = verdict->facts;
    EXPECT_EQ(facts.video_codec, clip.codec) << clip.file;
    EXPECT_EQ(facts.frames, clip.frames) << clip.file;
    EXPECT_EQ(detail(facts, "size"), clip.size) << clip.file;
    EXPECT_EQ(detail(facts, "format"), clip.format) << clip.file;
    EXPECT_EQ(detail(facts, "profile"), clip.profile) << clip.file;
    EXPECT_EQ(detail(facts, "level"), clip.level) << clip.file;
    EXPECT_EQ(detail(facts, "color"), clip.color) << clip.file;
    EXPECT_EQ(detail(facts, "frame_rate"), clip.frame_rate) << clip.file;
    EXPECT_EQ(detail(facts, "mastering_display"), clip.mastering_display) << clip.file;
    EXPECT_EQ(detail(facts, "content_light"), clip.content_light) << clip.file;
    EXPECT_EQ(detail(facts, "audio_0"), clip.audio) << clip.file;
    EXPECT_EQ(verdict->passed(), clip.passes) << clip.file << "\n" << failures_text(*verdict);
  }
}

// Streams that other people found broken: each has its word for it.
TEST(Facts, BrokenClipsAreCalledBroken) {
  const char* media = std::getenv("JINSHA_MEDIA");
  if (media == nullptr || !std::filesystem::exists(media)) GTEST_SKIP() << "JINSHA_MEDIA names no folder of clips";
  for (const char* file : {"truncated_1080p24.ts", "corrupt_packets_lost_sync.ts", "duplicate_packets.ts",
                           "bad_fragment_uuid.mp4", "mdat_too_long.mp4", "negative_timescale.mp4"}) {
    const auto verdict = verify::judge_file(std::string(media) + "/broken/" + file, std::nullopt, nullptr, nullptr);
    ASSERT_TRUE(verdict.ok()) << verdict.error().message;
    EXPECT_TRUE(failed(*verdict, verify::Property::kContainer)) << file << "\n" << failures_text(*verdict);
  }
}

}  // namespace
}  // namespace jinsha::verify_test
