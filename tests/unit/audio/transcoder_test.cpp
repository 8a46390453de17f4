// One track from packets to packets: every sample where it was, whatever the source's times do.
#include "audio/track_transcoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "audio/ac3_header.h"
#include "audio/audio_helper.h"
#include "audio/conversion.h"

namespace jinsha {
namespace {

using test::pcm_packet;
using test::pcm_stream;

constexpr int kRate = 48000;

double tone(std::int64_t sample, int) {
  return 0.5 * std::sin(2 * std::numbers::pi * 997 * static_cast<double>(sample) / kRate);
}

struct Track {
  AudioTrackConfig config;
  int priming = 0;
  std::unique_ptr<AudioTranscoder> transcoder;
  std::vector<Packet> packets;

  Track(const char* codec, const AudioStreamInfo& source) {
    const auto plan = plan_audio_conversion({.codec = codec, .source = source});
    EXPECT_TRUE(plan.ok());
    config = {.source = source, .output = plan->output};
    priming = plan->priming_samples;
    auto opened = AudioTranscoder::open(config);
    EXPECT_TRUE(opened.ok());
    transcoder = std::move(*opened);
  }
  AudioTranscoder::Emit emit() {
    return [this](Packet packet) -> Status {
      packets.push_back(std::move(packet));
      return {};
    };
  }
  void take(const Packet& packet) { EXPECT_TRUE(transcoder->take(packet, emit()).ok()); }
  // The samples on the output's clock from 0 on; checks that packets follow each other exactly.
  std::vector<float> finish(std::int64_t least = 0) {
    EXPECT_TRUE(transcoder->finish(least, emit()).ok());
    std::int64_t expected = -priming;
    for (const Packet& packet : packets) {
      EXPECT_EQ(packet.pts, expected);
      EXPECT_EQ(packet.dts, packet.pts);
      EXPECT_EQ(packet.duration, config.output.frame_size);
      expected += packet.duration;
    }
    std::vector<float> samples = test::decode(config.output, packets);
    const auto cut = static_cast<std::size_t>(priming * config.output.channels);
    if (samples.size() < cut) return {};
    samples.erase(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(cut));
    return samples;
  }
};

double error_of(const std::vector<float>& samples, std::int64_t from, std::int64_t to, std::int64_t shift = 0) {
  double sum = 0;
  for (std::int64_t i = from; i < to; ++i) {
    const double d = static_cast<double>(samples.at(static_cast<std::size_t>(i))) - tone(i + shift, 0);
    sum += d * d;
  }
  return std::sqrt(sum / static_cast<double>(to - from));
}

double loudest(const std::vector<float>& samples, std::int64_t from, std::int64_t to) {
  double most = 0;
  for (std::int64_t i = from; i < to; ++i)
    most = std::max(most, std::fabs(static_cast<double>(samples.at(static_cast<std::size_t>(i)))));
  return most;
}

class EveryCodec : public testing::TestWithParam<const char*> {};

// The wave form itself, so to the sample: a shift by one would be an error of 0.05.
TEST_P(EveryCodec, PutsEverySampleWhereItWas) {
  Track track(GetParam(), pcm_stream("mono", 1));
  for (std::int64_t at = 0; at < kRate; at += 1000) track.take(pcm_packet(track.config.source, at, 1000, tone));
  const std::vector<float> samples = track.finish();
  ASSERT_GE(samples.size(), 48000U);
  EXPECT_LT(error_of(samples, 2000, 46000), 0.02);
  EXPECT_EQ(track.transcoder->counters().gaps, 0);
}

TEST_P(EveryCodec, CutsWhatIsBeforeTheFirstPicture) {
  Track track(GetParam(), pcm_stream("mono", 1));
  for (std::int64_t at = -5300; at < kRate; at += 1000) track.take(pcm_packet(track.config.source, at, 1000, tone));
  EXPECT_LT(error_of(track.finish(), 2000, 46000), 0.02);
  EXPECT_EQ(track.transcoder->counters().overlaps, 0);
}

TEST_P(EveryCodec, FillsGapsWithSilence) {
  Track track(GetParam(), pcm_stream("mono", 1));
  for (std::int64_t at = 777; at < kRate; at += 1000) {
    if (at < 20000 || at >= 30000) track.take(pcm_packet(track.config.source, at, 1000, tone));
  }
  const std::vector<float> samples = track.finish(60000);
  EXPECT_LT(loudest(samples, 22500, 29000), 0.01);
  EXPECT_LT(error_of(samples, 4000, 18000), 0.02);
  EXPECT_LT(error_of(samples, 33000, 46000), 0.02);
  EXPECT_GE(samples.size(), 60000U);
  const AudioTrackCounters& counters = track.transcoder->counters();
  EXPECT_EQ(counters.gaps, 3);  // before, between, behind
  EXPECT_EQ(counters.gap_samples, 777 + 10000 + 60000 - 48777);
}

INSTANTIATE_TEST_SUITE_P(Codecs, EveryCodec, testing::Values("aac", "ac3", "eac3"),
                         [](const auto& row) { return std::string(row.param); });

TEST(AudioTranscoder, CutsOverlaps) {
  Track track("aac", pcm_stream("mono", 1));
  for (std::int64_t at = 0; at < 20000; at += 1000) track.take(pcm_packet(track.config.source, at, 1000, tone));
  // Half a second that is there already, then on.
  for (std::int64_t at = 14000; at < kRate; at += 1000) track.take(pcm_packet(track.config.source, at, 1000, tone));
  EXPECT_LT(error_of(track.finish(), 2000, 46000), 0.02);
  EXPECT_EQ(track.transcoder->counters().overlap_samples, 6000);
  EXPECT_FALSE(track.transcoder->counters().first_damage.empty());
}

// Milliseconds are coarse: nothing must be put in or cut.
TEST(AudioTranscoder, LeavesRoundedTimesAlone) {
  AudioStreamInfo source = pcm_stream("mono", 1);
  source.time_base = {1, 1000};
  Track track("aac", source);
  for (std::int64_t at = 0; at < 4 * kRate; at += 1024) {
    Packet packet = pcm_packet(source, at, 1024, tone);
    packet.pts = packet.dts = rescale(at, {1, kRate}, source.time_base);
    track.take(packet);
  }
  EXPECT_LT(error_of(track.finish(), 2000, 190000), 0.02);
  EXPECT_EQ(track.transcoder->counters().corrections, 0);
  EXPECT_EQ(track.transcoder->counters().gaps + track.transcoder->counters().overlaps, 0);
}

// A recorder whose sound clock runs 0.1 % slow: after a minute the sound is still within 5 ms, and
// nothing was cut.
TEST(AudioTranscoder, FollowsADriftingClock) {
  for (const double speed : {1.001, 0.999}) {
    Track track("aac", pcm_stream("mono", 1));
    const auto click = [](std::int64_t sample, int) { return sample % kRate < 480 ? tone(sample, 0) : 0.0; };
    const std::int64_t end = 60 * std::int64_t{kRate};
    for (std::int64_t at = 0; at < end; at += 1024) {
      Packet packet = pcm_packet(track.config.source, at, 1024, click);
      packet.pts = packet.dts = std::llround(static_cast<double>(at) * speed);
      track.take(packet);
    }
    const std::vector<float> samples = track.finish();
    EXPECT_GT(track.transcoder->counters().corrections, 5);
    EXPECT_EQ(track.transcoder->counters().gaps, 0);
    EXPECT_EQ(track.transcoder->counters().overlaps, 0);
    for (const int second : {10, 30, 59}) {
      const double wanted = second * kRate * speed;
      auto at = static_cast<std::int64_t>(wanted) - kRate / 4;
      while (std::fabs(static_cast<double>(samples.at(static_cast<std::size_t>(at)))) < 0.1) ++at;
      EXPECT_LT(std::fabs(static_cast<double>(at) - wanted), 0.005 * kRate) << "second " << second;
    }
  }
}

TEST(AudioTranscoder, FollowsAChangeOfFormat) {
  // The same 16-bit PCM, of which the decoder is told another rate only by a new stream: E-AC-3 and
  // AC-3 change within one. Made with our own encoder.
  Track mono("ac3", pcm_stream("mono", 1)), stereo("ac3", pcm_stream("stereo", 2));
  for (std::int64_t at = 0; at < 15360; at += 1536) {
    mono.take(pcm_packet(mono.config.source, at, 1536, tone));
    stereo.take(pcm_packet(stereo.config.source, at, 1536, tone));
  }
  (void)mono.finish();
  (void)stereo.finish();
  Track track("aac", stereo.config.output);
  std::int64_t time = 0;
  for (const Track* part : {&stereo, &mono, &stereo}) {
    for (Packet packet : part->packets) {
      packet.pts = packet.dts = time;
      time += packet.duration;
      track.take(packet);
    }
  }
  const std::vector<float> samples = track.finish();
  EXPECT_EQ(track.transcoder->counters().format_changes, 2);
  EXPECT_EQ(track.transcoder->counters().gaps, 0);
  EXPECT_GE(samples.size(), static_cast<std::size_t>(time) * 2);
}

TEST(AudioTranscoder, SurvivesDamage) {
  Track made("eac3", pcm_stream("5.1", 6));
  for (std::int64_t at = 0; at < 2 * kRate; at += 1536) made.take(pcm_packet(made.config.source, at, 1536, tone));
  (void)made.finish();
  std::uint32_t random = 1;
  Track track("aac", made.config.output);
  int damaged = 0;
  for (Packet packet : made.packets) {
    std::vector<std::uint8_t> bytes = *packet.data;
    random = random * 1664525U + 1013904223U;
    if (random >> 30 == 0) {
      for (int i = 0; i < 40; ++i) {
        random = random * 1664525U + 1013904223U;
        bytes[(random >> 8) % bytes.size()] = static_cast<std::uint8_t>(random >> 24);
      }
      ++damaged;
    }
    packet.data = make_bytes(std::move(bytes));
    track.take(packet);
  }
  const std::vector<float> samples = track.finish(2 * kRate);
  ASSERT_GT(damaged, 5);
  const AudioTrackCounters& counters = track.transcoder->counters();
  EXPECT_GE(counters.packets_undecodable + counters.frames_concealed, damaged - 2);
  EXPECT_FALSE(track.transcoder->counters().first_damage.empty());
  EXPECT_GE(samples.size(), std::size_t{2} * kRate * 6);
}

// Numbers that are none, and a full scale of thousands, reach no encoder.
TEST(AudioTranscoder, TakesNumbersThatAreNone) {
  AudioStreamInfo source = pcm_stream("mono", 1);
  source.codec = "pcm_f32le";
  source.codec_id = 65557;  // AV_CODEC_ID_PCM_F32LE
  source.bits_per_coded_sample = 32;
  source.block_align = 4;
  Track track("aac", source);
  for (const float value : {std::nanf(""), INFINITY, -INFINITY, 1e30F, 0.25F}) {
    std::vector<std::uint8_t> bytes(std::size_t{4} * 1024);
    for (std::size_t at = 0; at < bytes.size(); at += 4) std::memcpy(&bytes[at], &value, 4);
    Packet packet;
    packet.data = make_bytes(std::move(bytes));
    packet.pts = packet.dts = track.transcoder->end();
    packet.duration = 1024;
    track.take(packet);
  }
  for (const float sample : track.finish()) EXPECT_TRUE(std::isfinite(sample));
}

TEST(AudioTranscoder, LeavesOutATimeThatIsFarOff) {
  Track track("aac", pcm_stream("mono", 1));
  track.take(pcm_packet(track.config.source, 0, 1024, tone));
  Packet far = pcm_packet(track.config.source, 1024, 1024, tone);
  far.pts = far.dts = std::int64_t{1} << 60;
  track.take(far);
  track.take(pcm_packet(track.config.source, 1024, 1024, tone));
  EXPECT_LT(track.finish().size(), 5000U);
  EXPECT_EQ(track.transcoder->counters().misplaced, 1);
}

TEST(AudioTranscoder, GivesSilenceWithoutASource) {
  AudioStreamInfo nothing;
  nothing.layout = "stereo";
  nothing.channels = 2;
  nothing.sample_rate = kRate;
  Track track("aac", nothing);
  for (std::int64_t at = 0; at <= kRate; at += 960) EXPECT_TRUE(track.transcoder->fill_to(at, track.emit()).ok());
  const std::vector<float> samples = track.finish(kRate);
  EXPECT_GE(samples.size(), 96000U);
  EXPECT_EQ(*std::max_element(samples.begin(), samples.end()), 0.0F);
  EXPECT_EQ(track.transcoder->counters().gaps, 0);
  // Shorter than a frame of the codec is still there.
  Track brief("aac", nothing);
  EXPECT_GE(brief.finish(960).size(), 1920U);
}

TEST(AudioTranscoder, CarriesTheDialogueLevel) {
  Track source("ac3", pcm_stream("stereo", 2));
  for (std::int64_t at = 0; at < 15360; at += 1536) source.take(pcm_packet(source.config.source, at, 1536, tone));
  (void)source.finish();
  for (const char* codec : {"ac3", "eac3"}) {
    Track track(codec, source.config.output);
    for (Packet packet : source.packets) {
      // acmod 2: dsurmod follows, then lfeon, then dialnorm in bits 54 to 58; decoders check no CRC here.
      std::vector<std::uint8_t> bytes = *packet.data;
      const unsigned level = 23;
      bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0xFCU) | level >> 3);
      bytes[7] = static_cast<std::uint8_t>((bytes[7] & 0x1FU) | level << 5);
      packet.data = make_bytes(std::move(bytes));
      ASSERT_EQ(dialogue_level_of(*packet.data), 23);
      track.take(packet);
    }
    EXPECT_TRUE(track.transcoder->finish(0, track.emit()).ok());
    for (const Packet& packet : track.packets) EXPECT_EQ(dialogue_level_of(*packet.data), 23) << codec;
  }
}

TEST(Ac3Header, ReadsNothingFromWhatIsNone) {
  EXPECT_FALSE(dialogue_level_of({}).has_value());
  const std::vector<std::uint8_t> zeros(100);
  EXPECT_FALSE(dialogue_level_of(zeros).has_value());
  const std::vector<std::uint8_t> cut{0x0B, 0x77, 0, 0};
  EXPECT_FALSE(dialogue_level_of(cut).has_value());
}

}  // namespace
}  // namespace jinsha
