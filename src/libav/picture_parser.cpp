#include "libav/picture_parser.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include "libav/frame_flags.h"

namespace jinsha::libav {
namespace {

// Types of NAL units: ITU-T H.265 table 7-1, H.264 table 7-1.
constexpr int kHevcRaslN = 8, kHevcRaslR = 9, kHevcBlaWLp = 16, kHevcIdrNLp = 20, kHevcLastVcl = 31;
constexpr int kAvcFirstSlice = 1, kAvcIdr = 5;

// The type of the first slice; -1 when there is none.
int slice_type(AVCodecID codec, std::span<const std::uint8_t> bytes) {
  for (std::size_t i = 0; i + 3 < bytes.size(); ++i) {
    if (bytes[i] != 0 || bytes[i + 1] != 0 || bytes[i + 2] != 1) continue;
    const int header = bytes[i + 3];
    const int type = codec == AV_CODEC_ID_HEVC ? header >> 1 & 0x3f : header & 0x1f;
    const bool slice = codec == AV_CODEC_ID_HEVC ? type <= kHevcLastVcl : type >= kAvcFirstSlice && type <= kAvcIdr;
    if (slice) return type;
    i += 3;
  }
  return -1;
}

}  // namespace

void PictureParser::Freer::operator()(AVCodecParserContext* context) const { av_parser_close(context); }

Result<PictureParser> PictureParser::open(const AVStream& stream) {
  PictureParser result;
  const AVCodecID codec = stream.codecpar->codec_id;
  if (codec == AV_CODEC_ID_AV1) return result;
  const auto no_memory = [] { return make_error(ErrorCode::kNotPossible, "no memory to read coded pictures"); };
  result.parser_.reset(av_parser_init(codec));
  result.context_.reset(avcodec_alloc_context3(nullptr));
  if (!result.parser_ || !result.context_) return no_memory();
  result.parser_->flags |= PARSER_FLAG_COMPLETE_FRAMES;
  if (avcodec_parameters_to_context(result.context_.get(), stream.codecpar) < 0) return no_memory();
  return result;
}

ParsedPicture PictureParser::parse(const AVPacket& packet, std::span<const std::uint8_t> annexb) {
  ParsedPicture picture;
  if (packet.size <= 0) picture.complete = false;
  if (!parser_ || packet.size <= 0) return picture;
  std::uint8_t* out = nullptr;
  int out_size = 0;
  av_parser_parse2(parser_.get(), context_.get(), &out, &out_size, packet.data, packet.size, packet.pts, packet.dts,
                   packet.pos);
  picture.order_count = parser_->output_picture_number;
  if (parser_->picture_structure == AV_PICTURE_STRUCTURE_TOP_FIELD) picture.kind = ParsedPicture::Kind::kTopField;
  if (parser_->picture_structure == AV_PICTURE_STRUCTURE_BOTTOM_FIELD) picture.kind = ParsedPicture::Kind::kBottomField;
  const AVCodecID codec = context_->codec_id;
  const int type = slice_type(codec, annexb);
  picture.complete = type >= 0;
  if (codec == AV_CODEC_ID_HEVC) {
    picture.sequence_start = type >= kHevcBlaWLp && type <= kHevcIdrNLp;
    picture.undecodable_lead = type == kHevcRaslN || type == kHevcRaslR;
    // Fields of HEVC are pictures of their own, which is how they are counted and timed.
    picture.kind = ParsedPicture::Kind::kFrame;
  } else {
    picture.sequence_start = type == kAvcIdr;
  }
  return picture;
}

}  // namespace jinsha::libav
