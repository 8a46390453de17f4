// The table of output kinds and what each may carry, with the reason where not.
#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>
#include <vector>

#include "mux/muxer.h"

namespace jinsha {
namespace {

// What an audio codec needs in one kind of output. `why_not` is null where it may be carried.
struct AudioRow {
  ContainerKind kind;
  const char* codec;  // libavcodec's name
  const char* why_not;
};

constexpr auto kTs = ContainerKind::kMpegTs;
constexpr auto kMp4 = ContainerKind::kFragmentedMp4;

constexpr const char* kHdmvOnly = "its stream type exists only on Blu-ray discs, broadcast receivers do not know it";
constexpr const char* kPcmInTs = "MPEG-TS has no stream type for linear PCM that broadcast receivers know";
constexpr const char* kPcmInMp4 =
    "the sample entry of linear PCM (ISO/IEC 23003-5) is not written by every libavformat";

constexpr std::array kAudioRows{
    // ISO/IEC 13818-1 table 2-34, EN 300 468 annexes D and H.
    AudioRow{kTs, "aac", nullptr},
    AudioRow{kTs, "aac_latm", nullptr},
    AudioRow{kTs, "ac3", nullptr},
    AudioRow{kTs, "eac3", nullptr},
    AudioRow{kTs, "mp2", nullptr},
    AudioRow{kTs, "mp3", nullptr},
    AudioRow{kTs, "opus", nullptr},
    AudioRow{kTs, "dts", kHdmvOnly},
    AudioRow{kTs, "truehd", kHdmvOnly},
    AudioRow{kTs, "flac", "MPEG-TS has no mapping for it"},
    AudioRow{kTs, "alac", "MPEG-TS has no mapping for it"},
    AudioRow{kTs, "vorbis", "MPEG-TS has no mapping for it"},
    AudioRow{kTs, "pcm_s16le", kPcmInTs},
    AudioRow{kTs, "pcm_s24le", kPcmInTs},
    // The MP4 registration authority's sample entries.
    AudioRow{kMp4, "aac", nullptr},
    AudioRow{kMp4, "ac3", nullptr},
    AudioRow{kMp4, "eac3", nullptr},
    AudioRow{kMp4, "mp2", nullptr},
    AudioRow{kMp4, "mp3", nullptr},
    AudioRow{kMp4, "opus", nullptr},
    AudioRow{kMp4, "flac", nullptr},
    AudioRow{kMp4, "alac", nullptr},
    AudioRow{kMp4, "aac_latm", "MP4 carries AAC without the LATM framing"},
    AudioRow{kMp4, "dts",
             "its sample entry needs values (bit depth, core layout) the stream does not state in one place"},
    AudioRow{kMp4, "truehd", "its sample entry is written by libavformat only as an experiment"},
    AudioRow{kMp4, "vorbis", "MP4 has no registered sample entry for it"},
    AudioRow{kMp4, "pcm_s16le", kPcmInMp4},
    AudioRow{kMp4, "pcm_s24le", kPcmInMp4},
};

struct VideoRow {
  ContainerKind kind;
  Codec codec;
  const char* why_not;
};

// Pairs that deserve more words than "does not carry".
constexpr std::array kVideoRefusals{
    VideoRow{kTs, Codec::kAv1,
             "libavformat writes AV1 into MPEG-TS as private data without the AV1 registration and start codes, which "
             "no receiver reads; write .mp4, .ivf or .obu, or code HEVC"},
    VideoRow{ContainerKind::kIvf, Codec::kHevc, "IVF is a container of AV1; write .hevc, .ts or .mp4"},
    VideoRow{ContainerKind::kObu, Codec::kHevc, "OBUs are AV1's units; write .hevc, .ts or .mp4"},
    VideoRow{ContainerKind::kByteStream, Codec::kAv1,
             "AV1 has no byte stream with start codes; write .obu, .ivf or .mp4"},
};

const std::vector<ContainerRow>& rows() {
  // The first codec of a row is the one chosen where the user names none.
  static const std::vector<ContainerRow> table = {
      {kTs, "mpegts", {".ts", ".m2ts"}, {Codec::kHevc, Codec::kAvc}, true, true},
      {kMp4, "mp4", {".mp4"}, {Codec::kHevc, Codec::kAv1, Codec::kAvc}, true, true},
      {ContainerKind::kByteStream,
       "hevc",
       {".hevc", ".h265", ".265", ".h264", ".264", ".avc"},
       {Codec::kHevc, Codec::kAvc},
       false,
       true},
      {ContainerKind::kObu, "obu", {".obu"}, {Codec::kAv1}, false, true},
      {ContainerKind::kIvf, "ivf", {".ivf"}, {Codec::kAv1}, false, true},
      {ContainerKind::kY4m, "y4m", {".y4m"}, {}, false, false},
      {ContainerKind::kRawFrames, "yuv", {".yuv"}, {}, false, false},
      {ContainerKind::kPng, "png", {".png"}, {}, false, false},
      {ContainerKind::kNull, "null", {}, {}, false, false},
  };
  return table;
}

}  // namespace

std::span<const ContainerRow> container_table() { return rows(); }

const ContainerRow& container_row(ContainerKind kind) {
  for (const ContainerRow& row : rows()) {
    if (row.kind == kind) return row;
  }
  assert(false && "every ContainerKind has a row");
  return rows().front();
}

Status audio_can_be_carried(ContainerKind kind, const AudioStreamInfo& audio) {
  const ContainerRow& container = container_row(kind);
  if (!container.audio) {
    return make_error(ErrorCode::kNotPossible, "{} carries no audio; write .ts or .mp4", container.format_name);
  }
  for (const AudioRow& row : kAudioRows) {
    if (row.kind != kind || audio.codec != row.codec) continue;
    if (row.why_not == nullptr) return {};
    return make_error(ErrorCode::kNotPossible, "{} audio cannot be copied into {}: {}", audio.codec,
                      container.format_name, row.why_not);
  }
  return make_error(ErrorCode::kNotPossible, "{} audio cannot be copied into {}: no mapping is known", audio.codec,
                    container.format_name);
}

Status video_can_be_carried(ContainerKind kind, Codec codec) {
  const ContainerRow& container = container_row(kind);
  for (const VideoRow& row : kVideoRefusals) {
    if (row.kind == kind && row.codec == codec) {
      return make_error(ErrorCode::kNotPossible, "{} video cannot be written into {}: {}", name_of(codec),
                        container.format_name, row.why_not);
    }
  }
  if (!container.coded) {
    return make_error(ErrorCode::kNotPossible, "{} holds uncompressed pictures, not {} video", container.format_name,
                      name_of(codec));
  }
  if (std::find(container.codecs.begin(), container.codecs.end(), codec) == container.codecs.end()) {
    return make_error(ErrorCode::kNotPossible, "{} video cannot be written into {}", name_of(codec),
                      container.format_name);
  }
  return {};
}

}  // namespace jinsha
