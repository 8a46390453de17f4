// StillDecoder: whole files of one picture through libavcodec.
#pragma once

#include <cstdint>  // before libavutil, which asks for UINT64_C

extern "C" {
#include <libavcodec/codec_id.h>
}

#include <span>
#include <vector>

#include "base/os.h"
#include "input/input_file.h"
#include "input/picture_header.h"
#include "input/picture_reader.h"
#include "libav/handles.h"

namespace jinsha {

class StillDecoder {
 public:
  // As PictureReader::read. A picture with errors is tried again with a decoder that goes on after them.
  Result<ReadPicture> read(InputFile file, AVCodecID codec, std::uint64_t max_bytes, const PictureTarget* target);

 private:
  struct Decoder {
    AVCodecID id = AV_CODEC_ID_NONE;
    bool strict = false;
    libav::CodecPtr context;
  };
  Result<AVCodecContext*> decoder(AVCodecID id, bool strict);
  Status read_file(InputFile& file, std::uint64_t max_bytes);
  // AVERROR code, 0 with a picture in picture_.
  int decode(AVCodecContext& context);
  Result<PictureFacts> facts_of(const AVCodecContext& context, PictureHeader header) const;

  std::vector<Decoder> decoders_;
  // The file and libavcodec's padding behind it.
  std::span<std::uint8_t> bytes() { return {reinterpret_cast<std::uint8_t*>(block_.data()), size_}; }

  HugeBlock block_;
  std::size_t size_ = 0;  // of the file
  libav::FramePtr picture_;
};

}  // namespace jinsha
