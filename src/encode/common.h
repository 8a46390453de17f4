// Checks and small conversions that every back end shares.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "encode/encoder.h"

namespace jinsha {

// What no back end can accept: sizes, frame rate, rates that contradict each other, threads,
// forced key frames out of order. `name` is the back end's.
Status check_config(const EncoderConfig& config, const EncoderCapabilities& can, const char* name);

// The rate control with its buffer filled in: a cap without a buffer gets one of one second.
RateControl resolved_rate(const RateControl& rate);

// The reverse of mastering_display_text; empty where the text is not of that form.
std::optional<MasteringDisplay> parse_mastering_display(std::string_view text);

// The start of the settings every back end reports: what is copied from the config.
EncoderSettings settings_from(const EncoderConfig& config);

// What constant quality leaves open: the level is chosen by the size of the pictures, and whether the
// rate keeps to it shows only at the end. Nothing where the rate is capped.
std::vector<std::string> open_rate_notes(const EncoderSettings& settings);

// "main10", "main422-10", ... of a HEVC format.
std::string hevc_profile_name(PixelFormat format, bool intra_only);

// Decides which frames are coded as forced key frames. The grid of key frames is at the multiples
// of gop_frames whatever was forced between, so that segments stay where the plan put them; an
// encoder counts from its last key frame, hence after the first forced one the grid is forced too.
class KeyFrameForcer {
 public:
  // `settings`: the grid is the encoder's own, whatever --encoder-param made of the one asked for.
  KeyFrameForcer(const EncoderConfig& config, const EncoderSettings& settings)
      : keyframes_(config.keyframes), gop_frames_(settings.gop_frames) {}

  // For frames 0, 1, 2 ... in turn.
  bool force(std::int64_t index, bool asked);

 private:
  std::vector<std::int64_t> keyframes_;
  std::size_t next_ = 0;
  int gop_frames_;
  bool forced_one_ = false;
};

}  // namespace jinsha
