// Transport streams: exact times, tables, rates, and access units that arrive unchanged.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "mux/clip_helper.h"
#include "mux/demux_helper.h"
#include "mux/muxer.h"

namespace jinsha::test {
namespace {

constexpr int kVideoPid = 0x100;
constexpr int kAudioPid = 0x101;

// floor(k * 90000 / rate + 1/2) without the code under test.
std::int64_t grid(std::int64_t k, Rational rate) {
  return static_cast<std::int64_t>(std::floor(
      static_cast<long double>(k) * 90'000 * static_cast<long double>(rate.den) / static_cast<long double>(rate.num) +
      0.5L));
}

class TsTimes : public testing::TestWithParam<Rational> {};

TEST_P(TsTimes, AreOnTheFrameGridAndTheBytesUnchanged) {
  const VideoClip clip = make_video({.frames = 40, .frame_rate = GetParam()});
  const Ts ts = parse_ts(mux_to_memory(config_for(ContainerKind::kMpegTs, clip), clip.packets));
  EXPECT_TRUE(ts.faults.empty()) << ts.faults.front();
  ASSERT_TRUE(ts.streams.contains(kVideoPid));
  const std::vector<Pes>& pes = ts.streams.at(kVideoPid).pes;
  ASSERT_EQ(pes.size(), clip.packets.size());
  ASSERT_GT(clip.info.reorder_frames, 0);
  const auto first = std::find_if(clip.packets.begin(), clip.packets.end(), [](const Packet& p) { return p.pts == 0; });
  const std::int64_t zero = pes[static_cast<std::size_t>(first - clip.packets.begin())].pts;
  for (std::size_t i = 0; i < pes.size(); ++i) {
    EXPECT_EQ(pes[i].pts - zero, grid(clip.packets[i].pts, GetParam())) << i;
    EXPECT_EQ(pes[i].dts - zero, grid(clip.packets[i].dts, GetParam())) << i;
    EXPECT_GE(pes[i].dts, 0);
    EXPECT_EQ(pes[i].random_access, clip.packets[i].key) << i;
    EXPECT_EQ(pes[i].payload, *clip.packets[i].data) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Rates, TsTimes,
                         testing::Values(Rational{50, 1}, Rational{60000, 1001}, Rational{24000, 1001},
                                         Rational{25, 1}),
                         [](const auto& test) { return "fps" + std::to_string(test.param.num); });

TEST(TsMuxer, AlternatesStepsAt5994) {
  const VideoClip clip = make_video({.frames = 20, .frame_rate = {60000, 1001}, .b_frames = 0});
  const Ts ts = parse_ts(mux_to_memory(config_for(ContainerKind::kMpegTs, clip), clip.packets));
  const std::vector<Pes>& pes = ts.streams.at(kVideoPid).pes;
  for (std::size_t i = 1; i < pes.size(); ++i) EXPECT_EQ(pes[i].pts - pes[i - 1].pts, i % 2 == 1 ? 1502 : 1501) << i;
}

TEST(TsMuxer, PassesH264Unchanged) {
  const VideoClip clip = make_video({.codec = Codec::kAvc, .frames = 30});
  const Ts ts = parse_ts(mux_to_memory(config_for(ContainerKind::kMpegTs, clip), clip.packets));
  const TsStream& stream = ts.streams.at(kVideoPid);
  EXPECT_EQ(stream.stream_type, 0x1b);
  ASSERT_EQ(stream.pes.size(), clip.packets.size());
  for (std::size_t i = 0; i < stream.pes.size(); ++i) EXPECT_EQ(stream.pes[i].payload, *clip.packets[i].data) << i;
}

TEST(TsMuxer, WritesTheTablesAsked) {
  const VideoClip clip = make_video({.frames = 30, .hdr10 = true});
  MuxConfig config = config_for(ContainerKind::kMpegTs, clip);
  config.service_name = "金沙 8K";
  config.service_provider = "Test & Co";
  config.service_id = 0x1234;
  config.transport_stream_id = 0x4321;
  config.pmt_pid = 0x1ff0;
  config.first_es_pid = 0x200;
  const std::vector<std::uint8_t> bytes = mux_to_memory(config, clip.packets);
  const Ts ts = parse_ts(bytes);
  EXPECT_EQ(ts.service_id, 0x1234);
  EXPECT_EQ(ts.transport_stream_id, 0x4321);
  EXPECT_EQ(ts.pmt_pid, 0x1ff0);
  EXPECT_EQ(ts.pcr_pid, 0x200);
  EXPECT_EQ(ts.service_type, 0x1f);
  ASSERT_TRUE(ts.streams.contains(0x200));
  EXPECT_EQ(ts.streams.at(0x200).stream_type, 0x24);
  EXPECT_EQ(ts.streams.at(0x200).descriptors, (std::vector<std::uint8_t>{0x05, 4, 'H', 'E', 'V', 'C'}));
  const TempFile file("tables.ts", bytes);
  const ReadFile read = read_file(file.path());
  EXPECT_EQ(read.format, "mpegts");
  EXPECT_EQ(read.service_name, "金沙 8K");
  EXPECT_EQ(read.service_provider, "Test & Co");
  ASSERT_EQ(read.streams.size(), 1u);
  EXPECT_EQ(read.streams[0].codec, "hevc");
  EXPECT_EQ(read.streams[0].transfer, 16);
}

TEST(TsMuxer, AtVariableRateRepeatsPcrWithEveryPicture) {
  const VideoClip clip = make_video({.frames = 50, .frame_rate = {25, 1}});
  const Ts ts = parse_ts(mux_to_memory(config_for(ContainerKind::kMpegTs, clip), clip.packets));
  ASSERT_GE(ts.pcrs.size(), 49u);
  for (std::size_t i = 1; i < ts.pcrs.size(); ++i) {
    EXPECT_LE(ts.pcrs[i].second - ts.pcrs[i - 1].second, 40 * 27'000) << i;
  }
}

// A constant rate: the position of every PCR agrees with its value, and what is left over are null
// packets.
TEST(TsMuxer, HoldsAConstantRate) {
  constexpr std::int64_t kRate = 3'000'000;
  const VideoClip clip = make_video({.frames = 150, .bitrate_bits_per_s = 1'500'000});
  const AudioClip audio = make_audio("aac", 3.0);
  MuxConfig config = config_for(ContainerKind::kMpegTs, clip, audio);
  config.muxrate_bits_per_s = kRate;
  config.video_maxrate_bits_per_s = 1'500'000;
  config.video_bufsize_bits = 1'500'000;
  const std::vector<std::uint8_t> bytes = mux_to_memory(config, clip.packets, audio.packets);
  const Ts ts = parse_ts(bytes);
  EXPECT_TRUE(ts.faults.empty()) << ts.faults.front();
  ASSERT_GT(ts.pcrs.size(), 50u);
  for (std::size_t i = 1; i < ts.pcrs.size(); ++i) {
    const double bits = static_cast<double>(ts.pcrs[i].first - ts.pcrs[0].first) * 188 * 8;
    const double elapsed = static_cast<double>(ts.pcrs[i].second - ts.pcrs[0].second) / 27e6;
    EXPECT_NEAR(elapsed, bits / kRate, 500e-9) << i;  // ISO/IEC 13818-1 2.4.2.2
    EXPECT_LE(ts.pcrs[i].second - ts.pcrs[i - 1].second, 40 * 27'000) << i;
  }
  for (const auto& [pid, stream] : ts.streams) {
    for (const Pes& pes : stream.pes) {
      const double sent = static_cast<double>(pes.first_packet - ts.pcrs[0].first) * 188 * 8 / kRate +
                          static_cast<double>(ts.pcrs[0].second) / 27e6;
      EXPECT_LT(sent, static_cast<double>(pes.dts) / 90e3) << "PID " << pid;
    }
  }
  EXPECT_NEAR(static_cast<double>(bytes.size()) * 8 / kRate, 3.0, 0.5);
  for (const auto& [pid, packets] : ts.packets_of_table) {
    for (std::size_t i = 1; i < packets.size(); ++i) {
      const double gap = static_cast<double>(packets[i] - packets[i - 1]) * 188 * 8 / kRate;
      EXPECT_LE(gap, pid == 0x11 ? 0.6 : 0.15) << "PID " << pid;
    }
  }
}

TEST(TsMuxer, FailsWhenTheRateIsTooLow) {
  const VideoClip clip = make_video({.frames = 100});
  std::size_t bytes = 0;
  for (const Packet& packet : clip.packets) bytes += packet.data->size();
  MuxConfig config = config_for(ContainerKind::kMpegTs, clip);
  config.muxrate_bits_per_s = static_cast<std::int64_t>(bytes) * 8 / 2 * 6 / 10;  // of two seconds
  MemorySink sink;
  const Status status = mux(config, clip.packets, {}, sink);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kOutput);
  EXPECT_NE(status.error().message.find("--mux.muxrate"), std::string::npos) << status.error().message;
}

struct AudioCase {
  const char* codec;
  int stream_type;
  int descriptor;  // a tag the PMT must have, 0: any
};
class TsAudio : public testing::TestWithParam<AudioCase> {};

TEST_P(TsAudio, IsInStepWithThePicture) {
  const VideoClip clip = make_video({.frames = 60});
  const AudioClip audio = make_audio(GetParam().codec, 1.2);
  const std::vector<std::uint8_t> bytes =
      mux_to_memory(config_for(ContainerKind::kMpegTs, clip, audio), clip.packets, audio.packets);
  const Ts ts = parse_ts(bytes);
  EXPECT_TRUE(ts.faults.empty()) << ts.faults.front();
  ASSERT_TRUE(ts.streams.contains(kAudioPid));
  const TsStream& stream = ts.streams.at(kAudioPid);
  EXPECT_EQ(stream.stream_type, GetParam().stream_type);
  EXPECT_EQ(ts.pmts.size(), 1u) << "the PMT changes";
  if (GetParam().descriptor != 0) {
    EXPECT_NE(std::find(stream.descriptors.begin(), stream.descriptors.end(), GetParam().descriptor),
              stream.descriptors.end());
  }
  ASSERT_EQ(stream.pes.size(), audio.packets.size());
  std::int64_t zero = -1;
  for (std::size_t i = 0; i < clip.packets.size(); ++i) {
    if (clip.packets[i].pts == 0) zero = ts.streams.at(kVideoPid).pes[i].pts;
  }
  for (std::size_t i = 0; i < stream.pes.size(); ++i) {
    const double expected = static_cast<double>(audio.packets[i].pts) * 90'000 / 48'000;
    EXPECT_NEAR(static_cast<double>(stream.pes[i].pts - zero), expected, 0.5) << i;
  }
  const TempFile file(std::string(GetParam().codec) + ".ts", bytes);
  const ReadFile read = read_file(file.path());
  ASSERT_EQ(read.streams.size(), 2u);
  EXPECT_EQ(read.streams[1].codec, GetParam().codec);
  EXPECT_EQ(read.streams[1].language, "deu");
  EXPECT_EQ(read.streams[1].packets.size(), audio.packets.size());
}

INSTANTIATE_TEST_SUITE_P(Codecs, TsAudio,
                         testing::Values(AudioCase{"aac", 0x0f, 0}, AudioCase{"ac3", 0x06, 0x6a},
                                         AudioCase{"eac3", 0x06, 0x7a}, AudioCase{"mp2", 0x03, 0}),
                         [](const auto& test) { return std::string(test.param.codec); });

TEST(TsMuxer, LateAc3ChangesTheVersionOfThePmt) {
  const VideoClip clip = make_video({.frames = 100});
  AudioClip audio = make_audio("ac3", 0.5);
  for (Packet& packet : audio.packets) packet.pts += 48'000, packet.dts += 48'000;
  MuxConfig config = config_for(ContainerKind::kMpegTs, clip, audio);
  config.muxrate_bits_per_s = 3'000'000;
  const Ts ts = parse_ts(mux_to_memory(config, clip.packets, audio.packets));
  EXPECT_TRUE(ts.faults.empty()) << ts.faults.front();
  ASSERT_EQ(ts.pmts.size(), 2u);
  EXPECT_EQ(ts.pmts[0][5] >> 1 & 31, 0);
  EXPECT_EQ(ts.pmts[1][5] >> 1 & 31, 1);
  EXPECT_EQ(ts.streams.at(kAudioPid).pes.size(), audio.packets.size());
}

TEST(TsMuxer, WritesEqualBytesTwice) {
  const VideoClip clip = make_video({.frames = 30});
  const AudioClip audio = make_audio("aac", 0.6);
  const MuxConfig config = config_for(ContainerKind::kMpegTs, clip, audio);
  EXPECT_EQ(mux_to_memory(config, clip.packets, audio.packets), mux_to_memory(config, clip.packets, audio.packets));
}

TEST(TsMuxer, KeepsUpWithAudioThatStopsEarly) {
  const VideoClip clip = make_video({.frames = 400, .gop_frames = 50});
  const AudioClip audio = make_audio("mp2", 0.5);
  const Ts ts = parse_ts(mux_to_memory(config_for(ContainerKind::kMpegTs, clip, audio), clip.packets, audio.packets));
  EXPECT_EQ(ts.streams.at(kVideoPid).pes.size(), 400u);
  EXPECT_EQ(ts.streams.at(kAudioPid).pes.size(), audio.packets.size());
}

TEST(TsMuxer, RefusesPicturesTooRareToCarryTheClock) {
  const VideoClip clip = make_video({.frames = 1, .b_frames = 0});
  MuxConfig config = config_for(ContainerKind::kMpegTs, clip);
  auto& video = std::get<VideoStreamInfo>(config.streams.front());
  video.frame_rate = {10, 1};
  EXPECT_TRUE(check_mux_config(config).ok());
  video.frame_rate = {9990, 1001};
  const Status status = check_mux_config(config);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kUsage);
  EXPECT_NE(status.error().message.find("--mux.muxrate"), std::string::npos) << status.error().message;
  config.muxrate_bits_per_s = 5'000'000;
  EXPECT_TRUE(check_mux_config(config).ok());
}

TEST(TsMuxer, RefusesWhatCannotBe) {
  const VideoClip clip = make_video({.frames = 1, .b_frames = 0});
  const auto refused = [&](auto change) {
    MuxConfig config = config_for(ContainerKind::kMpegTs, clip);
    change(config);
    const Status status = check_mux_config(config);
    return status.ok() ? ErrorCode::kInternal : status.error().code;
  };
  EXPECT_TRUE(check_mux_config(config_for(ContainerKind::kMpegTs, clip)).ok());
  EXPECT_EQ(refused([](MuxConfig& c) { c.pmt_pid = c.first_es_pid; }), ErrorCode::kUsage);
  EXPECT_EQ(refused([](MuxConfig& c) { c.pmt_pid = 0x10; }), ErrorCode::kUsage);
  EXPECT_EQ(refused([](MuxConfig& c) { c.first_es_pid = 0x1ffb; }), ErrorCode::kUsage);
  EXPECT_EQ(refused([](MuxConfig& c) { c.service_id = 0; }), ErrorCode::kUsage);
  EXPECT_EQ(refused([](MuxConfig& c) { c.service_name = std::string(251, 'x'); }), ErrorCode::kUsage);
  EXPECT_EQ(refused([](MuxConfig& c) { c.muxrate_bits_per_s = std::int64_t{1} << 31; }), ErrorCode::kUsage);
  EXPECT_EQ(refused([](MuxConfig& c) {
              c.muxrate_bits_per_s = 10'000'000;
              c.video_maxrate_bits_per_s = 9'900'000;
            }),
            ErrorCode::kUsage);
  EXPECT_EQ(refused([](MuxConfig& c) { std::get<VideoStreamInfo>(c.streams[0]).codec = Codec::kAv1; }),
            ErrorCode::kNotPossible);
}

}  // namespace
}  // namespace jinsha::test
