// Audio tracks from options and a source to the plan: what is copied, encoded, left out, refused.
#include "job/audio_plan.h"

#include <gtest/gtest.h>

#include "job/audio_words.h"
#include "job/options.h"

namespace jinsha {
namespace {

// libavcodec's ids, which the plan checks decoders by.
constexpr int kPcmS16le = 0x10000, kAac = 0x15002, kAc3 = 0x15003, kDts = 0x15004;

SourceAudio track(const char* codec, int id, const char* layout, int channels, const char* language = "") {
  SourceAudio audio;
  audio.info.codec = codec;
  audio.info.codec_id = id;
  audio.info.layout = layout;
  audio.info.channels = channels;
  audio.info.sample_rate = 48000;
  audio.info.time_base = {1, 48000};
  audio.info.language = language;
  return audio;
}

struct Planned {
  Status status;
  Plan plan;
  std::vector<std::string> tracks;  // "1 copy ac3", "2 aac stereo"
  bool noted(PlanNote::Kind kind, const std::string& words) const {
    for (const PlanNote& note : plan.notes) {
      if (note.kind == kind && note.what.find(words) != std::string::npos) return true;
    }
    return false;
  }
};

Planned plan_of(std::vector<SourceAudio> audio, ContainerKind kind, const std::vector<std::string>& requests = {},
                const std::string& languages = "") {
  SourceInfo source;
  source.path = "source.mov";
  source.audio = std::move(audio);
  JobSpec spec;
  for (const std::string& request : requests) EXPECT_TRUE(set_option(spec, "audio", request).ok()) << request;
  if (!languages.empty()) {
    EXPECT_TRUE(set_option(spec, "audio-lang", languages).ok());
  }
  Planned planned;
  planned.plan.kind = kind;
  planned.status = plan_audio(spec, source, planned.plan);
  for (const PlannedAudio& one : planned.plan.audio) {
    planned.tracks.push_back(
        fmt::format("{} {}{} {}", one.source_track + 1, one.encoded ? "" : "copy ", one.info.codec, one.info.layout));
  }
  return planned;
}

constexpr auto kTs = ContainerKind::kMpegTs;
constexpr auto kMp4 = ContainerKind::kFragmentedMp4;
using Tracks = std::vector<std::string>;
using Note = PlanNote::Kind;

TEST(AudioPlan, CopiesWhatCanBeCarriedAndEncodesTheRest) {
  const std::vector<SourceAudio> source = {track("ac3", kAc3, "5.1(side)", 6),
                                           track("pcm_s16le", kPcmS16le, "stereo", 2),
                                           track("dts", kDts, "5.1(side)", 6), track("pcm_s16le", kPcmS16le, "7.1", 8)};
  const Planned ts = plan_of(source, kTs);
  EXPECT_EQ(ts.tracks, (Tracks{"1 copy ac3 5.1(side)", "2 aac stereo", "3 ac3 5.1(side)", "4 ac3 5.1(side)"}));
  EXPECT_TRUE(ts.noted(Note::kKept, "audio track 1 (ac3, 5.1(side)), copied"));
  EXPECT_TRUE(ts.noted(Note::kConverted, "audio track 3 (dts, 5.1(side)) to ac3, 5.1(side) at 48000 Hz, 448 kbit/s"));
  EXPECT_TRUE(ts.noted(Note::kConverted, "7.1 mixed down to 5.1(side)"));
  EXPECT_FALSE(ts.noted(Note::kDropped, ""));
  const Planned mp4 = plan_of(source, kMp4);
  EXPECT_EQ(mp4.tracks, (Tracks{"1 copy ac3 5.1(side)", "2 aac stereo", "3 aac 5.1", "4 aac 7.1"}));
  // AAC as transport streams frame it has no configuration that MP4 could hold.
  EXPECT_EQ(plan_of({track("aac", kAac, "stereo", 2)}, kMp4).tracks, Tracks{"1 aac stereo"});
}

TEST(AudioPlan, AddsTheTracksOfEveryRequest) {
  const std::vector<SourceAudio> source = {track("ac3", kAc3, "5.1(side)", 6, "eng"),
                                           track("ac3", kAc3, "stereo", 2, "ger")};
  EXPECT_EQ(plan_of(source, kTs, {"copy", "aac@1"}).tracks,
            (Tracks{"1 copy ac3 5.1(side)", "2 copy ac3 stereo", "1 aac 5.1"}));
  EXPECT_EQ(plan_of(source, kTs, {"eac3:256k@2"}).tracks, Tracks{"2 eac3 stereo"});
  EXPECT_EQ(plan_of(source, kTs, {"none@1"}).tracks, Tracks{"2 copy ac3 stereo"});
  EXPECT_TRUE(plan_of(source, kTs, {"none"}).tracks.empty());
  EXPECT_EQ(plan_of(source, kTs, {}, "deu,eng").tracks, (Tracks{"2 copy ac3 stereo", "1 copy ac3 5.1(side)"}));
  EXPECT_EQ(plan_of(source, kTs, {"copy", "aac@1"}, "deu").tracks, (Tracks{"2 copy ac3 stereo", "1 aac 5.1"}));
}

TEST(AudioPlan, RefusesWhatDoesNotExist) {
  const std::vector<SourceAudio> source = {track("ac3", kAc3, "stereo", 2, "eng")};
  const auto refused = [&](const std::vector<std::string>& requests, const char* languages, const char* words) {
    const Planned planned = plan_of(source, kTs, requests, languages);
    ASSERT_FALSE(planned.status.ok()) << words;
    EXPECT_EQ(planned.status.error().code, ErrorCode::kUsage);
    EXPECT_NE(planned.status.error().message.find(words), std::string::npos) << planned.status.error().message;
  };
  refused({"aac@2"}, "", "there is no track 2, source.mov has 1 audio track");
  refused({}, "jpn", "(it has: eng)");
  refused({"none", "copy"}, "", "excludes");
  refused({"ac3:41k"}, "", "has only");
}

TEST(AudioPlan, DropsWithItsReasonWhatCannotBe) {
  Planned planned = plan_of({track("dts", kDts, "5.1(side)", 6)}, kTs, {"copy"});
  EXPECT_TRUE(planned.tracks.empty());
  EXPECT_TRUE(planned.noted(Note::kDropped, "Blu-ray"));
  planned = plan_of({track("atrac9999", 0, "stereo", 2)}, kTs);
  EXPECT_TRUE(planned.noted(Note::kDropped, "no decoder"));
  planned = plan_of({track("ac3", kAc3, "stereo", 2)}, ContainerKind::kByteStream);
  EXPECT_TRUE(planned.noted(Note::kDropped, "carries no audio"));
}

TEST(AudioPlan, TakesSignalsWithoutAPlaceAsPairs) {
  const Planned planned = plan_of({track("pcm_s16le", kPcmS16le, "5 channels", 5)}, kTs);
  EXPECT_EQ(planned.tracks, (Tracks{"1 aac stereo", "1 aac stereo", "1 aac mono"}));
  EXPECT_EQ(planned.plan.audio[2].first_channel, 4);
  EXPECT_EQ(planned.plan.audio[2].picked_channels, 1);
  EXPECT_TRUE(planned.noted(Note::kAssumed, "taken as pairs"));
}

TEST(AudioPlan, AddsSilenceOnlyWhereThereIsNoSound) {
  const Planned silent = plan_of({}, kMp4, {"silence"});
  EXPECT_EQ(silent.tracks, Tracks{"0 aac stereo"});
  EXPECT_EQ(silent.plan.audio.front().source_track, -1);
  EXPECT_TRUE(silent.noted(Note::kConverted, "silent stereo AAC track"));
  EXPECT_EQ(plan_of({track("ac3", kAc3, "stereo", 2)}, kTs, {"silence"}).tracks, Tracks{"1 copy ac3 stereo"});
  EXPECT_FALSE(plan_of({}, ContainerKind::kByteStream, {"silence"}).status.ok());
}

TEST(AudioPlan, HasOneDefaultAndWritesLanguagesInFull) {
  std::vector<SourceAudio> source = {track("ac3", kAc3, "stereo", 2, "ENG,deu")};
  source.front().info.is_default = true;
  const Planned planned = plan_of(source, kTs, {"copy", "aac"});
  ASSERT_EQ(planned.plan.audio.size(), 2U);
  EXPECT_TRUE(planned.plan.audio[0].info.is_default);
  EXPECT_FALSE(planned.plan.audio[1].info.is_default);
  EXPECT_EQ(planned.plan.audio[1].info.language, "eng");
}

TEST(AudioWords, AreReadAndRefused) {
  const auto request = parse_audio_request("eac3:384k@3");
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->kind, AudioRequest::Kind::kEncode);
  EXPECT_EQ(request->codec, "eac3");
  EXPECT_EQ(request->bitrate_bits_per_s, 384'000);
  EXPECT_EQ(request->track, 3);
  EXPECT_EQ(parse_audio_request("silence:64k")->bitrate_bits_per_s, 64'000);
  for (const char* text : {"", "mp3", "copy:128k", "aac:", "aac:fast", "aac@", "aac@0", "aac@1001", "aac@x",
                           "silence@1", "aac@1:128k", "AAC", "none:1k@1"}) {
    EXPECT_FALSE(parse_audio_request(text).ok()) << text;
  }
  EXPECT_EQ(*parse_languages("ENG,deu"), (std::vector<std::string>{"eng", "deu"}));
  for (const char* text : {"", "en", "eng,", ",eng", "eng;deu", "english"})
    EXPECT_FALSE(parse_languages(text).ok()) << text;
  EXPECT_TRUE(same_language("ger", "deu"));
  EXPECT_TRUE(same_language("chi", "zho"));
  EXPECT_FALSE(same_language("ger", "gre"));
}

}  // namespace
}  // namespace jinsha
