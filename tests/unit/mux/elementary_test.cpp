// .hevc, .obu and IVF; NAL units and OBUs; the table of outputs; sinks that fail.
#include <gtest/gtest.h>

#include <set>

#include "mux/annexb.h"
#include "mux/clip_helper.h"
#include "mux/demux_helper.h"
#include "mux/muxer.h"
#include "mux/obu.h"

namespace jinsha::test {
namespace {

using Bytes8 = std::vector<std::uint8_t>;

TEST(Elementary, HevcPassesUnchanged) {
  const VideoClip clip = make_video({.frames = 25});
  Bytes8 expected;
  for (const Packet& packet : clip.packets) expected.insert(expected.end(), packet.data->begin(), packet.data->end());
  const Bytes8 file = mux_to_memory(config_for(ContainerKind::kByteStream, clip), clip.packets);
  EXPECT_EQ(file, expected);
  const TempFile temp("clip.hevc", file);
  const ReadFile read = read_file(temp.path());
  EXPECT_EQ(read.format, "hevc");
  EXPECT_EQ(read.streams.at(0).packets.size(), 25u);
}

TEST(Annexb, PutsParameterSetsBehindTheDelimiter) {
  const Bytes8 sets{0, 0, 0, 1, 0x67, 1, 0, 0, 0, 1, 0x68, 2};
  const Bytes8 delimited{0, 0, 0, 1, 9, 16, 0, 0, 1, 0x65, 3}, bare{0, 0, 0, 1, 0x65, 3};
  EXPECT_FALSE(begins_with_parameter_sets(Codec::kAvc, delimited));
  EXPECT_EQ(with_parameter_sets(Codec::kAvc, delimited, sets),
            (Bytes8{0, 0, 0, 1, 9, 16, 0, 0, 0, 1, 0x67, 1, 0, 0, 0, 1, 0x68, 2, 0, 0, 1, 0x65, 3}));
  const std::vector<std::uint8_t> made = with_parameter_sets(Codec::kAvc, bare, sets);
  EXPECT_TRUE(begins_with_parameter_sets(Codec::kAvc, made));
  EXPECT_EQ(made.size(), sets.size() + bare.size());
}

TEST(Elementary, PutsMissingParameterSetsInFront) {
  VideoClip clip = make_video({.frames = 5});
  const ParameterSets sets(Codec::kHevc, *clip.info.headers);
  ASSERT_TRUE(sets.complete());
  Bytes8 stripped = sets.strip(*clip.packets[0].data).access_unit;
  ASSERT_FALSE(stripped.empty());
  const Bytes8 expected = with_parameter_sets(Codec::kHevc, stripped, *clip.info.headers);
  EXPECT_EQ(expected.size(), clip.info.headers->size() + stripped.size());
  clip.packets[0].data = make_bytes(stripped);
  clip.packets.resize(1);
  EXPECT_EQ(mux_to_memory(config_for(ContainerKind::kByteStream, clip), clip.packets), expected);
}

// libavformat reads both; the delimiter is there once whether or not the encoder wrote it.
TEST(Elementary, Av1HasOneTemporalDelimiterAUnit) {
  VideoClip clip = make_video({.codec = Codec::kAv1, .frames = 20});
  for (const bool with : {true, false}) {
    for (Packet& packet : clip.packets) {
      std::span<const std::uint8_t> unit(*packet.data);
      if (has_temporal_delimiter(unit)) unit = unit.subspan(2);
      Bytes8 bytes;
      if (with) bytes.assign(std::begin(kTemporalDelimiter), std::end(kTemporalDelimiter));
      bytes.insert(bytes.end(), unit.begin(), unit.end());
      packet.data = make_bytes(std::move(bytes));
    }
    const Bytes8 obu = mux_to_memory(config_for(ContainerKind::kObu, clip), clip.packets);
    const auto split = split_obus(obu);
    ASSERT_TRUE(split.ok());
    std::size_t delimiters = 0;
    for (const Obu& one : *split) delimiters += one.type == kObuTemporalDelimiter;
    EXPECT_EQ(delimiters, clip.packets.size());
    const TempFile obu_file("clip.obu", obu);
    const ReadFile read_obu = read_file(obu_file.path());
    EXPECT_EQ(read_obu.format, "obu");
    EXPECT_EQ(read_obu.streams.at(0).packets.size(), clip.packets.size());

    const TempFile ivf_file("clip.ivf", mux_to_memory(config_for(ContainerKind::kIvf, clip), clip.packets));
    const ReadFile read_ivf = read_file(ivf_file.path());
    EXPECT_EQ(read_ivf.format, "ivf");
    ASSERT_EQ(read_ivf.streams.size(), 1u);
    EXPECT_EQ(read_ivf.streams[0].codec, "av1");
    EXPECT_TRUE(read_ivf.streams[0].time_base == (Rational{1, 50}));
    ASSERT_EQ(read_ivf.streams[0].packets.size(), clip.packets.size());
    for (std::size_t i = 0; i < clip.packets.size(); ++i) {
      EXPECT_EQ(read_ivf.streams[0].packets[i].pts, clip.packets[i].pts) << i;
    }
  }
}

TEST(AnnexB, FindsUnitsUpToTheFirstSlice) {
  const Bytes8 unit{0, 0, 0, 1,    0x46, 1,    0x50,                           // AUD
                    0, 0, 1, 0x40, 1,    7,                                    // VPS
                    0, 0, 0, 0,    1,    0x42, 1,    8, 0,                     // SPS, its zero byte is trailing
                    0, 0, 1, 0x26, 1,    9,    9,    0, 0, 1, 0x26, 1, 9, 0};  // two slices
  const std::vector<NalUnit> units = leading_nal_units(Codec::kHevc, unit);
  ASSERT_EQ(units.size(), 4u);
  EXPECT_EQ(units[0].type, 35);
  EXPECT_EQ(units[1].type, 32);
  EXPECT_EQ(units[1].bytes.size(), 3u);
  EXPECT_EQ(units[2].type, 33);
  EXPECT_EQ(units[2].bytes.size(), 3u);
  EXPECT_EQ(units[3].type, 19);
  std::size_t total = 0;
  for (const NalUnit& nal : units) total += nal.with_start_code.size();
  EXPECT_EQ(total, unit.size());
  EXPECT_TRUE(leading_nal_units(Codec::kHevc, Bytes8{1, 2, 3, 4, 5}).empty());
  EXPECT_TRUE(leading_nal_units(Codec::kHevc, Bytes8{0, 0, 1}).empty());
  EXPECT_TRUE(leading_nal_units(Codec::kHevc, Bytes8{}).empty());
}

TEST(AnnexB, KeepsForeignParameterSets) {
  const Bytes8 headers{0, 0, 0, 1, 0x40, 1, 7, 0, 0, 0, 1, 0x42, 1, 8, 0, 0, 0, 1, 0x44, 1, 9};
  const ParameterSets sets(Codec::kHevc, headers);
  EXPECT_TRUE(sets.complete());
  EXPECT_EQ(sets.annexb(), headers);
  const Bytes8 unit{0, 0, 0, 1, 0x40, 1, 7, 0, 0, 0, 1, 0x42, 1, 99, 0, 0, 1, 0x26, 1, 5};
  const ParameterSets::Stripped stripped = sets.strip(unit);
  EXPECT_TRUE(stripped.foreign);
  EXPECT_EQ(stripped.access_unit, (Bytes8{0, 0, 0, 1, 0x42, 1, 99, 0, 0, 1, 0x26, 1, 5}));
  EXPECT_TRUE(sets.strip(Bytes8{0, 0, 1, 0x26, 1, 5}).access_unit.empty());
  EXPECT_FALSE(ParameterSets(Codec::kHevc, std::span(headers).first(14)).complete());
}

TEST(Obu, BrokenChainsAreErrors) {
  EXPECT_TRUE(split_obus(Bytes8{0x12, 0, 0x0a, 2, 1, 2}).ok());
  EXPECT_FALSE(split_obus(Bytes8{0x12, 0, 0x0a, 3, 1, 2}).ok()) << "beyond the end";
  EXPECT_FALSE(split_obus(Bytes8{0x10}).ok()) << "no size field";
  EXPECT_FALSE(split_obus(Bytes8{0x92, 0}).ok()) << "forbidden bit";
  EXPECT_FALSE(split_obus(Bytes8{0x12, 0x80, 0x80}).ok()) << "size without end";
  EXPECT_FALSE(split_obus(Bytes8{0x16}).ok()) << "extension without byte";
  EXPECT_FALSE(split_obus(Bytes8(12, 0xff)).ok());
}

TEST(ContainerTable, HasOneRowAKind) {
  std::set<std::string> names;
  std::set<std::string> extensions;
  for (const ContainerRow& row : container_table()) {
    EXPECT_EQ(&container_row(row.kind), &row);
    EXPECT_TRUE(names.insert(row.format_name).second) << row.format_name;
    for (const std::string& extension : row.extensions) EXPECT_TRUE(extensions.insert(extension).second) << extension;
    EXPECT_EQ(row.coded, !row.codecs.empty());
  }
  EXPECT_EQ(names.size(), 9u);
  for (const char* extension : {".ts", ".m2ts", ".mp4", ".hevc", ".obu", ".ivf", ".y4m", ".yuv", ".png"}) {
    EXPECT_TRUE(extensions.contains(extension)) << extension;
  }
}

TEST(ContainerTable, RefusalsSayWhy) {
  const auto audio = [](ContainerKind kind, const char* codec) {
    AudioStreamInfo info;
    info.codec = codec;
    return audio_can_be_carried(kind, info);
  };
  for (const char* codec : {"aac", "ac3", "eac3", "mp2", "mp3", "opus"}) {
    EXPECT_TRUE(audio(ContainerKind::kMpegTs, codec).ok()) << codec;
    EXPECT_TRUE(audio(ContainerKind::kFragmentedMp4, codec).ok()) << codec;
  }
  EXPECT_FALSE(audio(ContainerKind::kMpegTs, "flac").ok());
  EXPECT_TRUE(audio(ContainerKind::kFragmentedMp4, "flac").ok());
  EXPECT_FALSE(audio(ContainerKind::kMpegTs, "pcm_s24le").ok());
  EXPECT_FALSE(audio(ContainerKind::kFragmentedMp4, "cook").ok());
  EXPECT_FALSE(audio(ContainerKind::kIvf, "aac").ok());
  EXPECT_TRUE(video_can_be_carried(ContainerKind::kMpegTs, Codec::kHevc).ok());
  const Status av1 = video_can_be_carried(ContainerKind::kMpegTs, Codec::kAv1);
  ASSERT_FALSE(av1.ok());
  EXPECT_EQ(av1.error().code, ErrorCode::kNotPossible);
  EXPECT_NE(av1.error().message.find("no receiver reads"), std::string::npos);
  EXPECT_FALSE(video_can_be_carried(ContainerKind::kIvf, Codec::kHevc).ok());
  EXPECT_FALSE(video_can_be_carried(ContainerKind::kY4m, Codec::kHevc).ok());
  EXPECT_FALSE(video_can_be_carried(ContainerKind::kFragmentedMp4, Codec::kProRes).ok());
}

// The sink fails at any byte: its own words arrive, nothing crashes, nothing is written after.
TEST(Muxers, PassOnTheSinksError) {
  const VideoClip hevc = make_video({.frames = 60});
  const VideoClip av1 = make_video({.codec = Codec::kAv1, .frames = 40});
  const AudioClip audio = make_audio("aac", 1.0);
  for (const ContainerKind kind :
       {ContainerKind::kMpegTs, ContainerKind::kFragmentedMp4, ContainerKind::kByteStream, ContainerKind::kIvf}) {
    const VideoClip& clip = kind == ContainerKind::kIvf ? av1 : hevc;
    const bool with_audio = container_row(kind).audio;
    MuxConfig config = with_audio ? config_for(kind, clip, audio) : config_for(kind, clip);
    config.fragment_s = 0.3;
    const std::vector<Packet> none;
    const std::vector<Packet>& sound = with_audio ? audio.packets : none;
    const std::size_t total = mux_to_memory(config, clip.packets, sound).size();
    for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, total / 3, total / 2, total - 1}) {
      FullSink sink(limit);
      const Status status = mux(config, clip.packets, sound, sink);
      ASSERT_FALSE(status.ok()) << container_row(kind).format_name << " at " << limit;
      EXPECT_EQ(status.error().code, ErrorCode::kOutput);
      EXPECT_EQ(status.error().message, "the test's disk is full");
    }
  }
}

// A muxer dropped half-way leaves its sink alone.
TEST(Muxers, CanBeAbandoned) {
  const VideoClip clip = make_video({.frames = 30});
  for (const ContainerKind kind : {ContainerKind::kMpegTs, ContainerKind::kFragmentedMp4}) {
    MemorySink sink;
    {
      auto muxer = open_muxer(config_for(kind, clip), sink, Log());
      ASSERT_TRUE(muxer.ok());
      for (std::size_t i = 0; i < 20; ++i) ASSERT_TRUE((*muxer)->write(clip.packets[i]).ok());
      sink.bytes.clear();
    }
    EXPECT_TRUE(sink.bytes.empty());
  }
}

TEST(Muxers, RefuseFaultyPackets) {
  const VideoClip clip = make_video({.frames = 3, .b_frames = 0});
  for (const ContainerKind kind : {ContainerKind::kMpegTs, ContainerKind::kFragmentedMp4, ContainerKind::kByteStream}) {
    for (const int stream : {-1, 1, 0}) {
      MemorySink sink;
      auto muxer = open_muxer(config_for(kind, clip), sink, Log());
      ASSERT_TRUE(muxer.ok());
      Packet packet = clip.packets[0];
      packet.stream = stream;
      if (stream == 0) packet.data = nullptr;
      EXPECT_EQ((*muxer)->write(packet).error().code, ErrorCode::kInternal);
    }
  }
  MemorySink sink;
  MuxConfig config;
  EXPECT_FALSE(open_muxer(config, sink, Log()).ok()) << "no streams";
  config = config_for(ContainerKind::kY4m, clip);
  EXPECT_FALSE(open_muxer(config, sink, Log()).ok()) << "not a container of packets";
}

}  // namespace
}  // namespace jinsha::test
