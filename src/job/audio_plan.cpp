#include "job/audio_plan.h"

#include <algorithm>
#include <utility>

#include "audio/conversion.h"
#include "audio/layouts.h"
#include "job/audio_words.h"
#include "job/language.h"
#include "mux/muxer.h"

namespace jinsha {
namespace {

using Kind = AudioRequest::Kind;

// What is encoded where nothing is asked: the codec by channels, and how many of them it may have in
// this container. The framing of AAC in transport streams (ADTS) cannot state 7.1.
struct DefaultRow {
  ContainerKind kind;
  const char* codec;
  int up_to_channels;  // of the source, for this row to be chosen
};
constexpr DefaultRow kDefaults[] = {
    {ContainerKind::kMpegTs, "aac", 2},
    {ContainerKind::kMpegTs, "ac3", 64},
    {ContainerKind::kFragmentedMp4, "aac", 64},
};
constexpr int kMostAdtsChannels = 6;
constexpr int kMostChannels = 8;

const char* default_codec(ContainerKind kind, int channels) {
  for (const DefaultRow& row : kDefaults) {
    if (row.kind == kind && channels <= row.up_to_channels) return row.codec;
  }
  return "aac";
}

std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += fmt::format("; {}", part);
  return text;
}

class AudioPlanner {
 public:
  AudioPlanner(const JobSpec& spec, const SourceInfo& source, Plan& plan) : spec_(spec), source_(source), plan_(plan) {}

  Status make() {
    JINSHA_TRY(check_requests());
    bool asked = false;
    for (const AudioRequest& request : spec_.audio) {
      if (request.kind == Kind::kSilence || (request.kind == Kind::kNone && request.track > 0)) continue;
      asked = true;
      if (request.kind != Kind::kNone) JINSHA_TRY(plan_request(request));
    }
    if (!asked) JINSHA_TRY(plan_request(AudioRequest{}));
    return plan_silence();
  }

 private:
  void note(PlanNote::Kind kind, std::string what) { plan_.notes.push_back({kind, std::move(what)}); }

  Status check_requests() const {
    for (const AudioRequest& request : spec_.audio) {
      if (request.track > static_cast<int>(source_.audio.size())) {
        return make_error(
            ErrorCode::kUsage, "--audio: there is no track {}, {} has {}", request.track, source_.path,
            source_.audio.size() == 1 ? "1 audio track" : fmt::format("{} audio tracks", source_.audio.size()));
      }
      const bool all_out = request.kind == Kind::kNone && request.track == 0;
      if (all_out && spec_.audio.size() > 1)
        return make_error(ErrorCode::kUsage, "--audio none excludes every other --audio; leave one of them out");
    }
    return {};
  }

  bool taken_out(int track) const {
    return std::any_of(spec_.audio.begin(), spec_.audio.end(), [&](const AudioRequest& request) {
      return request.kind == Kind::kNone && request.track == track + 1;
    });
  }

  // The source tracks a request is about, as indices.
  Result<std::vector<int>> tracks_of(const AudioRequest& request) const {
    if (request.track > 0) return std::vector<int>{request.track - 1};
    std::vector<int> tracks;
    const int count = static_cast<int>(source_.audio.size());
    if (spec_.audio_languages.empty()) {
      for (int i = 0; i < count; ++i) {
        if (!taken_out(i)) tracks.push_back(i);
      }
      return tracks;
    }
    std::string there;
    for (const std::string& language : spec_.audio_languages) {
      for (int i = 0; i < count; ++i) {
        const std::string own = language_code(source_.audio[static_cast<std::size_t>(i)].info.language);
        const bool in = same_language(own, language) && std::find(tracks.begin(), tracks.end(), i) == tracks.end();
        if (in && !taken_out(i)) tracks.push_back(i);
      }
    }
    if (!tracks.empty() || source_.audio.empty()) return tracks;
    for (const SourceAudio& audio : source_.audio) {
      const std::string own = language_code(audio.info.language);
      there += fmt::format("{}{}", there.empty() ? "" : ", ", own.empty() ? "none stated" : own);
    }
    return make_error(ErrorCode::kUsage, "--audio-lang: no audio track of {} is in one of these languages (it has: {})",
                      source_.path, there);
  }

  Status plan_request(const AudioRequest& request) {
    JINSHA_ASSIGN(const std::vector<int> tracks, tracks_of(request));
    for (const int track : tracks) JINSHA_TRY(plan_track(track, request));
    return {};
  }

  Status plan_track(int track, const AudioRequest& request) {
    const AudioStreamInfo& audio = source_.audio[static_cast<std::size_t>(track)].info;
    const std::string name = fmt::format("audio track {} ({}, {})", track + 1, audio.codec,
                                         audio.layout.empty() ? "no channels stated" : audio.layout);
    if (!plan_.coded || !container_row(plan_.kind).audio) {
      note(PlanNote::Kind::kDropped, fmt::format("{}: this kind of output carries no audio", name));
      return {};
    }
    if (request.kind == Kind::kEncode) return encode(track, name, request.codec, request, "");
    const Status copyable = can_be_copied(audio);
    if (copyable.ok()) {
      add({.info = audio, .source_track = track});
      note(PlanNote::Kind::kKept, fmt::format("{}, copied", name));
      return {};
    }
    if (request.kind == Kind::kCopy) {
      note(PlanNote::Kind::kDropped, fmt::format("{}: {}", name, copyable.error().message));
      return {};
    }
    return encode(track, name, default_codec(plan_.kind, labelled(audio) ? audio.channels : 2), request,
                  copyable.error().message);
  }

  Status can_be_copied(const AudioStreamInfo& audio) const {
    JINSHA_TRY(audio_can_be_carried(plan_.kind, audio));
    // Framed as ADTS, as it is in transport streams, it would be unplayable.
    if (plan_.kind == ContainerKind::kFragmentedMp4 && audio.codec == "aac" &&
        (!audio.headers || audio.headers->empty())) {
      return make_error(ErrorCode::kNotPossible, "it is AAC without an AudioSpecificConfig, which mp4 needs");
    }
    return {};
  }

  // Whether it is known what the channels are; signals without a place are taken as pairs.
  static bool labelled(const AudioStreamInfo& audio) {
    return positions_named(audio.layout) != 0 || usual_positions(audio.channels) != 0;
  }

  Status encode(int track, const std::string& name, const std::string& codec, const AudioRequest& request,
                const std::string& why) {
    const AudioStreamInfo& audio = source_.audio[static_cast<std::size_t>(track)].info;
    if (labelled(audio)) return encode_channels(track, name, codec, request, why, 0, 0);
    note(
        PlanNote::Kind::kAssumed,
        fmt::format("{}: nothing says which speakers its channels are for: taken as pairs, a stereo track each", name));
    for (int first = 0; first < audio.channels; first += 2) {
      const int picked = std::min(2, audio.channels - first);
      const std::string part = picked == 2 ? fmt::format("{}, channels {} and {}", name, first + 1, first + 2)
                                           : fmt::format("{}, channel {}", name, first + 1);
      JINSHA_TRY(encode_channels(track, part, codec, request, why, first, picked));
    }
    return {};
  }

  Status encode_channels(int track, const std::string& name, const std::string& codec, const AudioRequest& request,
                         const std::string& why, int first, int picked) {
    AudioConversionRequest wanted;
    wanted.codec = codec;
    wanted.bitrate_bits_per_s = request.bitrate_bits_per_s;
    wanted.source = source_.audio[static_cast<std::size_t>(track)].info;
    wanted.most_channels = codec == "aac" && plan_.kind == ContainerKind::kMpegTs ? kMostAdtsChannels : kMostChannels;
    wanted.first_channel = first;
    wanted.picked_channels = picked;
    Result<AudioConversion> conversion = plan_audio_conversion(wanted);
    if (!conversion.ok() && conversion.error().code == ErrorCode::kUsage)
      return make_error(ErrorCode::kUsage, "--audio {}: {}: {}", codec, name, conversion.error().message);
    if (!conversion.ok()) {
      note(PlanNote::Kind::kDropped,
           fmt::format("{}: {}{}{}", name, why, why.empty() ? "" : "; ", conversion.error().message));
      return {};
    }
    const AudioStreamInfo& output = conversion->output;
    note(PlanNote::Kind::kConverted,
         fmt::format("{} to {}, {} at {} Hz, {} kbit/s{}{}", name, output.codec, output.layout, output.sample_rate,
                     output.bitrate_bits_per_s / 1000, join(conversion->converted),
                     why.empty() ? "" : fmt::format(" ({})", why)));
    for (const std::string& text : conversion->assumed)
      note(PlanNote::Kind::kAssumed, fmt::format("{}: {}", name, text));
    add({.info = output,
         .source_track = track,
         .encoded = true,
         .first_channel = first,
         .picked_channels = picked,
         .priming_samples = conversion->priming_samples});
    return {};
  }

  void add(PlannedAudio audio) {
    AudioStreamInfo& info = audio.info;
    if (const std::string code = language_code(info.language); code != info.language) {
      note(PlanNote::Kind::kConverted, fmt::format("language of audio track {}: \"{}\" to \"{}\"",
                                                   audio.source_track + 1, info.language, code.empty() ? "und" : code));
      info.language = code;
    }
    // A track that is there twice is the default once.
    for (const PlannedAudio& other : plan_.audio) {
      if (other.source_track == audio.source_track) info.is_default = false;
    }
    plan_.audio.push_back(std::move(audio));
  }

  Status plan_silence() {
    const auto request = std::find_if(spec_.audio.begin(), spec_.audio.end(),
                                      [](const AudioRequest& one) { return one.kind == Kind::kSilence; });
    if (request == spec_.audio.end() || !plan_.audio.empty()) return {};
    if (!plan_.coded || !container_row(plan_.kind).audio) {
      return make_error(ErrorCode::kUsage, "--audio silence: this kind of output carries no audio; write .ts or .mp4");
    }
    AudioConversionRequest wanted;
    wanted.codec = "aac";
    wanted.bitrate_bits_per_s = request->bitrate_bits_per_s;
    wanted.source.layout = "stereo";
    wanted.source.channels = 2;
    wanted.source.sample_rate = 48'000;
    wanted.source.is_default = true;
    JINSHA_ASSIGN(const AudioConversion conversion, plan_audio_conversion(wanted));
    plan_.audio.push_back({.info = conversion.output,
                           .source_track = -1,
                           .encoded = true,
                           .priming_samples = conversion.priming_samples});
    note(PlanNote::Kind::kConverted, "no sound to a silent stereo AAC track, as asked");
    return {};
  }

  const JobSpec& spec_;
  const SourceInfo& source_;
  Plan& plan_;
};

}  // namespace

bool wants_audio(const JobSpec& spec) {
  return !std::any_of(spec.audio.begin(), spec.audio.end(),
                      [](const AudioRequest& request) { return request.kind == Kind::kNone && request.track == 0; });
}

Status plan_audio(const JobSpec& spec, const SourceInfo& source, Plan& plan) {
  return AudioPlanner(spec, source, plan).make();
}

}  // namespace jinsha
