// Fragmented MP4: boxes, exact times, sample contents, audio in step.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "mux/clip_helper.h"
#include "mux/demux_helper.h"
#include "mux/muxer.h"

namespace jinsha::test {
namespace {

using Bytes8 = std::vector<std::uint8_t>;

Bytes8 payload_of(std::span<const std::uint8_t> file, const std::string& path) {
  const std::vector<Box> boxes = find_boxes(file, path);
  if (boxes.size() != 1) {
    ADD_FAILURE() << boxes.size() << " boxes at " << path;
    return {};
  }
  return {boxes[0].payload.begin(), boxes[0].payload.end()};
}

void append(Bytes8& to, std::uint64_t value, int bytes) {
  while (bytes-- > 0) to.push_back(static_cast<std::uint8_t>(value >> (8 * bytes)));
}

struct Sample {
  std::int64_t dts = 0;  // of the track, before its edit
  std::int64_t pts = 0;  // after its edit
  std::int64_t duration = 0;
  bool sync = false;
  std::span<const std::uint8_t> data;
  std::size_t fragment = 0;
};

// Edits of a track: an empty one delays, the other skips (ISO/IEC 14496-12 8.6.6).
std::int64_t edit_shift(std::span<const std::uint8_t> trak, std::int64_t timescale, std::int64_t movie_timescale) {
  std::int64_t shift = 0;
  for (const Box& edts : boxes_in(trak)) {
    if (edts.type != "edts") continue;
    const Box elst = boxes_in(edts.payload).front();
    EXPECT_EQ(elst.payload[0], 0) << "version";
    const std::size_t count = big_endian(elst.payload, 4, 4);
    for (std::size_t i = 0; i < count; ++i) {
      const auto duration = static_cast<std::int64_t>(big_endian(elst.payload, 8 + 12 * i, 4));
      const auto media_time = static_cast<std::int32_t>(big_endian(elst.payload, 12 + 12 * i, 4));
      if (media_time == -1) {
        EXPECT_EQ(duration * timescale % movie_timescale, 0) << "the delay is not whole";
        shift += duration * timescale / movie_timescale;
      } else {
        shift -= media_time;
      }
    }
  }
  return shift;
}

// Samples of track `id`, 1 the video.
std::vector<Sample> samples_of(std::span<const std::uint8_t> file, std::uint64_t id) {
  std::vector<Sample> samples;
  const std::vector<Box> traks = find_boxes(file, "moov/trak");
  const std::vector<Box> mdhds = find_boxes(file, "moov/trak/mdia/mdhd");
  const auto timescale = static_cast<std::int64_t>(big_endian(mdhds[id - 1].payload, 12, 4));
  const auto movie = static_cast<std::int64_t>(big_endian(payload_of(file, "moov/mvhd"), 12, 4));
  const std::int64_t shift = edit_shift(traks[id - 1].payload, timescale, movie);
  std::size_t fragment = 0;
  for (const Box& moof : find_boxes(file, "moof")) {
    for (const Box& traf : boxes_in(moof.payload)) {
      if (traf.type != "traf") continue;
      const std::vector<Box> inside = boxes_in(traf.payload);
      const Bytes8 tfhd(inside[0].payload.begin(), inside[0].payload.end());
      if (big_endian(tfhd, 4, 4) != id) continue;
      const std::uint64_t tfhd_flags = big_endian(tfhd, 1, 3);
      EXPECT_TRUE(tfhd_flags & 0x020000) << "default-base-is-moof";
      EXPECT_FALSE(tfhd_flags & 0x000001) << "base-data-offset";
      std::size_t at = 8;
      const auto field = [&](std::uint64_t bit) -> std::uint64_t {
        if (!(tfhd_flags & bit)) return 0;
        at += 4;
        return big_endian(tfhd, at - 4, 4);
      };
      field(0x2);
      const std::uint64_t duration = field(0x8);
      const std::uint64_t size = field(0x10);
      const std::uint64_t flags = field(0x20);
      std::int64_t dts = 0;
      for (const Box& box : inside) {
        if (box.type == "tfdt") {
          const auto from_tfdt = static_cast<std::int64_t>(big_endian(box.payload, 4, 8));
          if (!samples.empty()) {
            EXPECT_EQ(from_tfdt, samples.back().dts + samples.back().duration);
          }
          dts = from_tfdt;
        }
        if (box.type != "trun") continue;
        const std::uint64_t run = big_endian(box.payload, 1, 3);
        const std::size_t count = big_endian(box.payload, 4, 4);
        std::size_t where = 8;
        const auto next = [&] {
          where += 4;
          return big_endian(box.payload, where - 4, 4);
        };
        EXPECT_TRUE(run & 1);
        std::size_t data = moof.offset - 8 + next();
        const std::uint64_t first_flags = run & 4 ? next() : flags;
        for (std::size_t i = 0; i < count; ++i) {
          Sample sample;
          sample.duration = static_cast<std::int64_t>(run & 0x100 ? next() : duration);
          const std::size_t bytes = run & 0x200 ? next() : size;
          const std::uint64_t own = run & 0x400 ? next() : i == 0 ? first_flags : flags;
          const auto offset = run & 0x800 ? static_cast<std::int32_t>(next()) : 0;
          EXPECT_GE(offset, 0);
          sample.dts = dts;
          sample.pts = dts + offset + shift;
          sample.sync = !(own & 0x00010000);
          if (data + bytes > file.size()) {
            ADD_FAILURE() << "a sample ends behind the file";
            return samples;
          }
          sample.data = file.subspan(data, bytes);
          sample.fragment = fragment;
          data += bytes;
          dts += sample.duration;
          samples.push_back(sample);
        }
      }
    }
    ++fragment;
  }
  return samples;
}

// Types of the length-prefixed NAL units of a sample.
std::vector<int> nal_types(std::span<const std::uint8_t> sample) {
  std::vector<int> types;
  for (std::size_t at = 0; at + 4 < sample.size();) {
    types.push_back(sample[at + 4] >> 1 & 0x3f);
    at += 4 + big_endian(sample, at, 4);
  }
  return types;
}

struct RateCase {
  Rational rate;
  std::uint64_t timescale;
  std::int64_t frame_ticks;
};
class Fmp4Times : public testing::TestWithParam<RateCase> {};

TEST_P(Fmp4Times, AreExact) {
  const RateCase& rate = GetParam();
  const VideoClip clip = make_video({.frames = 50, .frame_rate = rate.rate});
  ASSERT_GT(clip.info.reorder_frames, 0);
  MuxConfig config = config_for(ContainerKind::kFragmentedMp4, clip);
  config.fragment_s = 0.4;
  const Bytes8 file = mux_to_memory(config, clip.packets);
  EXPECT_EQ(big_endian(payload_of(file, "moov/trak/mdia/mdhd"), 12, 4), rate.timescale);
  const std::vector<Sample> samples = samples_of(file, 1);
  ASSERT_EQ(samples.size(), clip.packets.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    EXPECT_EQ(samples[i].pts, clip.packets[i].pts * rate.frame_ticks) << i;
    EXPECT_EQ(samples[i].dts, static_cast<std::int64_t>(i) * rate.frame_ticks) << i;
    EXPECT_EQ(samples[i].duration, rate.frame_ticks) << i;
    EXPECT_EQ(samples[i].sync, clip.packets[i].key) << i;
  }
  EXPECT_GE(samples.back().fragment, 1u);
  for (std::size_t i = 1; i < samples.size(); ++i) {
    if (samples[i].fragment != samples[i - 1].fragment) {
      EXPECT_TRUE(samples[i].sync) << i;
    }
  }
  // A player's view: libavformat applies the edit.
  const TempFile temp("times.mp4", file);
  const ReadFile read = read_file(temp.path());
  ASSERT_EQ(read.streams.size(), 1u);
  ASSERT_EQ(read.streams[0].packets.size(), clip.packets.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    EXPECT_EQ(read.streams[0].packets[i].pts, clip.packets[i].pts * rate.frame_ticks) << i;
    EXPECT_EQ(read.streams[0].packets[i].dts, clip.packets[i].dts * rate.frame_ticks) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Rates, Fmp4Times,
                         testing::Values(RateCase{{50, 1}, 50'000, 1000}, RateCase{{60000, 1001}, 60'000, 1001},
                                         RateCase{{24000, 1001}, 24'000, 1001}),
                         [](const auto& test) { return "fps" + std::to_string(test.param.rate.num); });

TEST(Fmp4Muxer, DescribesHdr10InBoxes) {
  const VideoClip clip = make_video({.frames = 20, .hdr10 = true});
  const Bytes8 file = mux_to_memory(config_for(ContainerKind::kFragmentedMp4, clip), clip.packets);
  const std::string entry = "moov/trak/mdia/minf/stbl/stsd/hvc1/";
  Bytes8 colr{'n', 'c', 'l', 'x'};
  append(colr, 9, 2), append(colr, 16, 2), append(colr, 9, 2), append(colr, 0, 1);
  EXPECT_EQ(payload_of(file, entry + "colr"), colr);
  Bytes8 mdcv;  // G, B, R, white in units of 0.00002, luminance in 0.0001 cd/m2
  for (const int value : {13250, 34500, 7500, 3000, 34000, 16000, 15635, 16450}) {
    append(mdcv, static_cast<std::uint64_t>(value), 2);
  }
  append(mdcv, 10'000'000, 4), append(mdcv, 1, 4);
  EXPECT_EQ(payload_of(file, entry + "mdcv"), mdcv);
  Bytes8 clli;
  append(clli, 1234, 2), append(clli, 567, 2);
  EXPECT_EQ(payload_of(file, entry + "clli"), clli);
  Bytes8 pasp;
  append(pasp, 1, 4), append(pasp, 1, 4);
  EXPECT_EQ(payload_of(file, entry + "pasp"), pasp);
  const Bytes8 hvcc = payload_of(file, entry + "hvcC");
  ASSERT_GT(hvcc.size(), 23u);
  EXPECT_EQ(hvcc[22], 3) << "arrays: VPS, SPS, PPS";
  const Bytes8 ftyp = payload_of(file, "ftyp");
  const std::string brands(ftyp.begin(), ftyp.end());
  EXPECT_NE(brands.find("iso6"), std::string::npos) << brands;
  EXPECT_EQ(brands.find("isom"), std::string::npos) << "default-base-is-moof needs iso5 or later";
}

TEST(Fmp4Muxer, LeavesParameterSetsOutOfSamples) {
  const VideoClip clip = make_video({.frames = 30});
  const Bytes8 file = mux_to_memory(config_for(ContainerKind::kFragmentedMp4, clip), clip.packets);
  bool unit_delimiter = false;
  std::size_t pictures = 0;
  for (const Sample& sample : samples_of(file, 1)) {
    for (const int type : nal_types(sample.data)) {
      EXPECT_TRUE(type < 32 || type > 34) << type;
      unit_delimiter = unit_delimiter || type == 35;
      pictures += type < 32;
    }
  }
  EXPECT_TRUE(unit_delimiter);
  EXPECT_EQ(pictures, clip.packets.size());
}

TEST(Fmp4Muxer, CarriesH264AsAvc1) {
  const VideoClip clip = make_video({.codec = Codec::kAvc, .frames = 30});
  const Bytes8 file = mux_to_memory(config_for(ContainerKind::kFragmentedMp4, clip), clip.packets);
  EXPECT_EQ(payload_of(file, "moov/trak/mdia/minf/stbl/stsd/avc1/avcC").at(0), 1);
  const std::vector<Sample> samples = samples_of(file, 1);
  ASSERT_EQ(samples.size(), clip.packets.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    EXPECT_EQ(samples[i].pts, clip.packets[i].pts * 1000) << i;
    for (std::size_t at = 0; at + 4 < samples[i].data.size(); at += 4 + big_endian(samples[i].data, at, 4)) {
      const int type = samples[i].data[at + 4] & 31;
      EXPECT_TRUE(type != 7 && type != 8) << "sample " << i;
    }
  }
}

TEST(Fmp4Muxer, CarriesAv1WithoutTemporalDelimiters) {
  const VideoClip clip = make_video({.codec = Codec::kAv1, .frames = 30, .hdr10 = true});
  ASSERT_FALSE(clip.packets.empty());
  const Bytes8 file = mux_to_memory(config_for(ContainerKind::kFragmentedMp4, clip), clip.packets);
  const std::string entry = "moov/trak/mdia/minf/stbl/stsd/av01/";
  EXPECT_EQ(payload_of(file, entry + "av1C").at(0), 0x81);
  EXPECT_EQ(payload_of(file, entry + "colr").size(), 11u);
  EXPECT_EQ(payload_of(file, entry + "mdcv").size(), 24u);
  EXPECT_EQ(payload_of(file, entry + "clli").size(), 4u);
  const std::vector<Sample> samples = samples_of(file, 1);
  ASSERT_EQ(samples.size(), clip.packets.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    EXPECT_NE(samples[i].data[0] >> 3 & 15, 2) << "temporal delimiter in sample " << i;
    EXPECT_EQ(samples[i].pts, samples[i].dts);
    EXPECT_EQ(samples[i].sync, clip.packets[i].key);
  }
  const Bytes8 ftyp = payload_of(file, "ftyp");
  EXPECT_NE(std::string(ftyp.begin(), ftyp.end()).find("av01"), std::string::npos);
  const TempFile temp("av1.mp4", file);
  const ReadFile read = read_file(temp.path());
  ASSERT_EQ(read.streams.size(), 1u);
  EXPECT_EQ(read.streams[0].codec, "av1");
  EXPECT_EQ(read.streams[0].tag, "av01");
  EXPECT_EQ(read.streams[0].transfer, 16);
}

class Fmp4Audio : public testing::TestWithParam<const char*> {};

// `shift` moves all audio: before zero as encoders' priming does, or behind as a cut does.
void expect_in_step(const VideoClip& clip, AudioClip audio, std::int64_t shift) {
  for (Packet& packet : audio.packets) packet.pts += shift, packet.dts += shift;
  MuxConfig config = config_for(ContainerKind::kFragmentedMp4, clip, audio);
  config.fragment_s = 0.4;
  const Bytes8 file = mux_to_memory(config, clip.packets, audio.packets);
  const std::vector<Sample> video = samples_of(file, 1);
  const std::vector<Sample> samples = samples_of(file, 2);
  ASSERT_EQ(video.size(), clip.packets.size());
  ASSERT_EQ(samples.size(), audio.packets.size());
  for (std::size_t i = 0; i < video.size(); ++i) EXPECT_EQ(video[i].pts, clip.packets[i].pts * 1000) << i;
  for (std::size_t i = 0; i < samples.size(); ++i) EXPECT_EQ(samples[i].pts, audio.packets[i].pts) << i;
  const TempFile temp("audio.mp4", file);
  const ReadFile read = read_file(temp.path());
  ASSERT_EQ(read.streams.size(), 2u);
  EXPECT_EQ(read.streams[1].codec, audio.info.codec);
  EXPECT_EQ(read.streams[1].language, "deu");
  ASSERT_EQ(read.streams[1].packets.size(), audio.packets.size());
  EXPECT_EQ(read.streams[1].packets[3].pts, audio.packets[3].pts);
  EXPECT_EQ(read.streams[0].packets[0].pts, 0);
}

TEST_P(Fmp4Audio, IsInStepWithThePicture) {
  const VideoClip clip = make_video({.frames = 60});
  const AudioClip audio = make_audio(GetParam(), 1.2);
  expect_in_step(clip, audio, 0);
  expect_in_step(clip, audio, -audio.packets.front().pts);
  expect_in_step(clip, audio, -audio.packets.front().pts + 480);
  expect_in_step(clip, audio, -audio.packets.front().pts - 700);
}

INSTANTIATE_TEST_SUITE_P(Codecs, Fmp4Audio, testing::Values("aac", "ac3", "eac3", "flac", "alac"),
                         [](const auto& test) { return std::string(test.param); });

// Times that passed through a 90 kHz clock return to the sample grid: 44.1 kHz frames are 2089.8 ticks.
TEST(Fmp4Muxer, ReturnsAudioToTheSampleGrid) {
  const VideoClip clip = make_video({.frames = 60});
  AudioClip audio = make_audio("aac", 1.2);
  audio.info.sample_rate = 44'100;
  audio.info.time_base = {1, 90'000};
  for (std::size_t i = 0; i < audio.packets.size(); ++i) {
    Packet& packet = audio.packets[i];
    packet.pts = packet.dts = static_cast<std::int64_t>(i) * 1024 * 90'000 / 44'100;
    packet.duration = 2089;
  }
  const Bytes8 file =
      mux_to_memory(config_for(ContainerKind::kFragmentedMp4, clip, audio), clip.packets, audio.packets);
  const std::vector<Sample> samples = samples_of(file, 2);
  ASSERT_EQ(samples.size(), audio.packets.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    EXPECT_EQ(samples[i].pts, static_cast<std::int64_t>(i) * 1024) << i;
    EXPECT_EQ(samples[i].duration, 1024) << i;
    EXPECT_TRUE(std::ranges::equal(samples[i].data, *audio.packets[i].data)) << i;
  }
  audio.info.headers = nullptr;
  EXPECT_EQ(check_mux_config(config_for(ContainerKind::kFragmentedMp4, clip, audio)).error().code, ErrorCode::kInput);
}

TEST(Fmp4Muxer, CutsFragmentsAtKeyFrames) {
  const VideoClip clip = make_video({.frames = 100, .gop_frames = 10});
  const AudioClip audio = make_audio("aac", 2.0);
  MuxConfig config = config_for(ContainerKind::kFragmentedMp4, clip, audio);
  config.fragment_s = 0.5;  // key frames every 0.2 s: cut at 0.6, 1.2, 1.8
  const Bytes8 file = mux_to_memory(config, clip.packets, audio.packets);
  std::map<std::size_t, int> frames;
  for (const Sample& sample : samples_of(file, 1)) ++frames[sample.fragment];
  EXPECT_EQ(frames, (std::map<std::size_t, int>{{0, 30}, {1, 30}, {2, 30}, {3, 10}}));
  std::set<std::size_t> audio_fragments;
  for (const Sample& sample : samples_of(file, 2)) audio_fragments.insert(sample.fragment);
  EXPECT_EQ(audio_fragments.size(), 4u);
}

TEST(Fmp4Muxer, FailsWhenAudioBeginsTooLate) {
  const VideoClip clip = make_video({.frames = 160, .frame_rate = {10, 1}, .gop_frames = 10});
  AudioClip audio = make_audio("aac", 1.0);
  for (Packet& packet : audio.packets) packet.pts += 15 * 48'000, packet.dts += 15 * 48'000;
  MemorySink sink;
  const Status status = mux(config_for(ContainerKind::kFragmentedMp4, clip, audio), clip.packets, audio.packets, sink);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kInput);
  EXPECT_NE(status.error().message.find("audio stream 1"), std::string::npos) << status.error().message;
}

TEST(Fmp4Muxer, WritesEqualBytesTwice) {
  const VideoClip clip = make_video({.frames = 30, .hdr10 = true});
  const AudioClip audio = make_audio("ac3", 0.6);
  const MuxConfig config = config_for(ContainerKind::kFragmentedMp4, clip, audio);
  EXPECT_EQ(mux_to_memory(config, clip.packets, audio.packets), mux_to_memory(config, clip.packets, audio.packets));
}

TEST(Fmp4Muxer, RefusesMissingHeadersAndOddFragments) {
  const VideoClip clip = make_video({.frames = 2, .b_frames = 0});
  MuxConfig config = config_for(ContainerKind::kFragmentedMp4, clip);
  config.fragment_s = 0;
  EXPECT_EQ(check_mux_config(config).error().code, ErrorCode::kUsage);
  config.fragment_s = 2;
  MemorySink sink;
  std::get<VideoStreamInfo>(config.streams[0]).headers = copy_bytes(std::vector<std::uint8_t>{0, 0, 0, 1, 0x40, 1});
  const auto opened = open_muxer(config, sink, Log());
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.error().message.find("parameter set"), std::string::npos) << opened.error().message;
}

}  // namespace
}  // namespace jinsha::test
