// PictureParser: what the headers of a coded picture say, without decoding it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/result.h"
#include "libav/handles.h"

struct AVCodecParserContext;
struct AVStream;

namespace jinsha::libav {

struct ParsedPicture {
  bool complete = true;           // false: there is no slice
  std::int64_t order_count = 0;   // PicOrderCntVal
  bool sequence_start = false;    // IDR, BLA: order counts begin anew
  bool undecodable_lead = false;  // HEVC RASL: refers to what lies before the random access point it follows
  enum class Kind { kFrame, kTopField, kBottomField } kind = Kind::kFrame;
};

// One thread. Packets come in decoding order.
class PictureParser {
 public:
  static Result<PictureParser> open(const AVStream& stream);

  // `annexb`: the same as AnnexbFilter makes it.
  ParsedPicture parse(const AVPacket& packet, std::span<const std::uint8_t> annexb);

 private:
  struct Freer {
    void operator()(AVCodecParserContext* context) const;
  };
  std::unique_ptr<AVCodecParserContext, Freer> parser_;  // null: AV1, which has nothing to say here
  CodecPtr context_;
};

}  // namespace jinsha::libav
