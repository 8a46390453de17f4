// The checks: each looks at what was seen of a stream and, where there is one, at the plan, and
// writes pass or fail of its properties. One file a subject.
#pragma once

#include <string>
#include <vector>

#include "verify/stream_log.h"

namespace jinsha::verify {

struct CheckContext {
  const StreamLog& log;
  const Plan* plan;     // may be null
  const RunFacts* run;  // may be null
  Findings& findings;

  // The settings of the planned encode; null without a plan, where nothing is coded and where the source's own
  // pictures were copied, which are judged by what they say of themselves.
  const EncoderSettings* video() const {
    return plan != nullptr && plan->coded && !plan->copied ? &plan->video : nullptr;
  }
  // HEVC, AVC or AV1: the codecs that are looked into.
  bool readable_video() const { return nal_units() || (log.has_video && log.video.codec == Codec::kAv1); }
  // HEVC or AVC.
  bool nal_units() const { return hevc() || (log.has_video && log.video.codec == Codec::kAvc); }
  bool hevc() const { return log.has_video && log.video.codec == Codec::kHevc; }
  const Mp4Track* mp4_video() const {
    if (!log.mp4 || log.mp4->video_track < 0) return nullptr;
    return &log.mp4->tracks[static_cast<std::size_t>(log.mp4->video_track)];
  }
  // Planned, else signalled by the bitstream, else {0, 1}.
  Rational frame_rate() const;
};

void check_transport(CheckContext& context);  // check_transport.cpp: intervals of tables and PCR, muxrate
void check_streams(CheckContext& context);    // check_streams.cpp
void check_audio(CheckContext& context);
void check_data(CheckContext& context);  // check_data.cpp
void check_captions(CheckContext& context);
void check_duration(CheckContext& context);
void check_frame_count(CheckContext& context);  // check_timing.cpp
void check_timestamps(CheckContext& context);
void check_key_frames(CheckContext& context);
void check_frame_rate(CheckContext& context);
void check_parameter_sets(CheckContext& context);  // check_picture.cpp
void check_picture_format(CheckContext& context);
void check_color(CheckContext& context);
void check_level(CheckContext& context);  // check_level.cpp
void check_hdr(CheckContext& context);    // check_hdr.cpp
void check_hrd(CheckContext& context);    // check_rate.cpp
void check_delimiters(CheckContext& context);
void check_bitrate(CheckContext& context);

// Start and end of a stream in seconds; {0, 0} without timestamps.
struct TimeSpan {
  double start = 0, end = 0;
  bool known = false;
};
TimeSpan video_span(const CheckContext& context);
TimeSpan audio_span(const AudioLog& audio);

// Parts of check_streams, check_audio and check_duration for tracks that were encoded (check_sound.cpp).
void check_encoded_format(CheckContext& context);
void check_encoded_packets(CheckContext& context);
void check_encoded_span(CheckContext& context, const TimeSpan& video);

// What the stream says of itself, for reports.
StreamFacts collect_facts(const CheckContext& context);
std::string describe(const SequenceInfo& info, Codec codec);
std::string level_text(int level_idc, Tier tier, Codec codec);
std::string describe(const MasteringDisplay& display);
std::string describe(const Av1MasteringDisplay& display);
std::string describe(const ContentLight& light);
std::string rate_text(Rational rate);

}  // namespace jinsha::verify
