// What becomes of one source track that is encoded: every default resolved, everything that could be
// refused refused.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/stream_info.h"

namespace jinsha {

struct AudioConversionRequest {
  std::string codec;                    // a row of audio_codecs()
  std::int64_t bitrate_bits_per_s = 0;  // 0: the codec's default for the channels
  AudioStreamInfo source;               // no codec: silence in its layout and rate
  int most_channels = 8;                // the container carries of this codec
  // Of the source's channels only these; 0: all of them.
  int first_channel = 0;
  int picked_channels = 0;
};

struct AudioConversion {
  AudioStreamInfo output;
  int priming_samples = 0;
  std::vector<std::string> converted;  // sentences: what is not as it was besides the coding
  std::vector<std::string> assumed;
};

Result<AudioConversion> plan_audio_conversion(const AudioConversionRequest& request);

}  // namespace jinsha
