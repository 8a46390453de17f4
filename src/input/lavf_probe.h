// What a container and its first pictures say: SourceInfo, and what the decoder will need.
#pragma once

#include "input/lavf_demux.h"
#include "input/source.h"
#include "libav/formats.h"

namespace jinsha {

struct LavfProbe {
  SourceInfo info;
  AVPixelFormat coded_format = AV_PIX_FMT_NONE;
  // Filters every picture goes through, in libavfilter's syntax; empty: none.
  std::string chain;
  int pictures_from_each = 1;  // 2: one from each field
  Rational coded_rate;         // of the pictures before the filters
  // Of the pictures after the filters.
  AVPixelFormat picture_format = AV_PIX_FMT_NONE;
  libav::FormatUse use;
  bool direct = false;     // the decoder can write into our blocks
  FrameLayout layout;      // of those blocks
  int decoder_frames = 0;  // blocks the decoder may hold
  std::uint64_t decoder_bytes = 0;
  int reorder_frames = 0;        // pictures that come before one they are shown after
  std::vector<bool> strip_adts;  // for each audio track
};

// Decodes the first picture(s); every packet read is put back, so nothing is lost for a pipe.
Result<LavfProbe> probe_lavf(LavfDemux& demux, const SourceSpec& spec);

}  // namespace jinsha
