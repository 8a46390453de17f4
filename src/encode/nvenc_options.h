// EncoderConfig -> options of libavcodec's hevc_nvenc and av1_nvenc.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "encode/encoder.h"
#include "encode/level.h"

struct AVCodec;
struct AVCodecContext;

namespace jinsha {

// The libavcodec encoder for a codec; kNotPossible where this libavcodec has none.
Result<const AVCodec*> nvenc_codec(Codec codec);

struct NvencOption {
  std::string name;
  std::string value;
};

// The private options of the encoder for this config, in the order they are set: those of the
// mapping table, then --encoder-param.
std::vector<NvencOption> nvenc_options(const EncoderConfig& config, const LevelChoice& level);

// Sets everything on a context that is not open yet: its own fields and the private options. An
// option the encoder does not have, or a value it does not take, is refused by name. Fills
// `settings` with what that amounts to.
Status configure_nvenc(const EncoderConfig& config, const AVCodec& codec, AVCodecContext& context,
                       EncoderSettings& settings);

}  // namespace jinsha
