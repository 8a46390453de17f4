#include "input/still_decoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/buffer.h>
#include <libavutil/dict.h>
#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
}

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "input/unpack.h"
#include "libav/color.h"
#include "libav/error.h"
#include "libav/formats.h"
#include "libav/frame_flags.h"

namespace jinsha {
namespace {

constexpr int kStrict = AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER | AV_EF_EXPLODE;

// Memory of a decoder beside the picture and the file: coefficients of a JPEG 2000 (4 bytes a sample, twice),
// an inflated strip of a TIFF or a pass of a PNG (at most the picture again).
std::uint64_t decoder_bytes(AVCodecID codec, std::uint64_t pixels, std::uint64_t picture_bytes) {
  switch (codec) {
    case AV_CODEC_ID_JPEG2000: return picture_bytes + pixels * 3 * 8;
    case AV_CODEC_ID_TIFF:
    case AV_CODEC_ID_PNG: return picture_bytes * 2;
    default: return picture_bytes;
  }
}

// EXIF's orientation, where the decoder reports it.
int orientation_of(const AVFrame& picture) {
  const AVDictionaryEntry* entry = av_dict_get(picture.metadata, "Orientation", nullptr, 0);
  return entry == nullptr ? 1 : std::atoi(entry->value);
}

PictureHeader header_of(AVCodecID codec, std::span<const std::uint8_t> bytes) {
  if (codec == AV_CODEC_ID_DPX) return read_dpx_header(bytes);
  if (codec == AV_CODEC_ID_PNG) return read_png_header(bytes);
  return {};
}

void overlay(const ColorInfo& said, ColorInfo& color) {
  const auto take = [](auto from, auto& to) {
    if (from != decltype(from)::kUnspecified) to = from;
  };
  take(said.primaries, color.primaries);
  take(said.transfer, color.transfer);
  take(said.range, color.range);
}

}  // namespace

Result<AVCodecContext*> StillDecoder::decoder(AVCodecID id, bool strict) {
  for (const Decoder& each : decoders_) {
    if (each.id == id && each.strict == strict) return each.context.get();
  }
  const AVCodec* codec = avcodec_find_decoder(id);
  if (codec == nullptr) {
    return make_error(ErrorCode::kInput, "this libavcodec cannot decode {}", avcodec_get_name(id));
  }
  Decoder made{id, strict, libav::CodecPtr(avcodec_alloc_context3(codec))};
  if (!made.context) return make_error(ErrorCode::kNotPossible, "no memory for the {} decoder", codec->name);
  AVCodecContext* context = made.context.get();
  libav::quiet(context);
  context->thread_count = 1;  // several pictures are decoded at once
  context->max_pixels = kMaxPicturePixels;
  context->err_recognition = strict ? kStrict : 0;
  context->flags |= AV_CODEC_FLAG_UNALIGNED;
  if (const int error = avcodec_open2(context, codec, nullptr); error < 0) {
    return libav::to_error(ErrorCode::kInput, error, fmt::format("the {} decoder cannot be opened", codec->name));
  }
  decoders_.push_back(std::move(made));
  return context;
}

Status StillDecoder::read_file(InputFile& file, std::uint64_t max_bytes) {
  const std::uint64_t size = file.size();
  const std::uint64_t limit = std::min<std::uint64_t>(max_bytes, INT32_MAX - AV_INPUT_BUFFER_PADDING_SIZE);
  if (size > limit) return make_error(ErrorCode::kInput, "its {} bytes are more than the {} expected", size, limit);
  const auto count = static_cast<std::size_t>(size);
  if (const std::size_t needed = count + AV_INPUT_BUFFER_PADDING_SIZE; block_.size() < needed) {
    block_ = HugeBlock();  // before the new one, not beside it
    JINSHA_ASSIGN(block_, HugeBlock::allocate(needed));
  }
  size_ = count;
  JINSHA_ASSIGN(size_, file.read_full(bytes()));
  std::memset(block_.data() + size_, 0, AV_INPUT_BUFFER_PADDING_SIZE);
  return {};
}

int StillDecoder::decode(AVCodecContext& context) {
  const libav::PacketPtr packet = libav::make_packet();
  if (!packet) return AVERROR(ENOMEM);
  // A reference to our bytes: a packet without one would be copied.
  packet->buf = av_buffer_create(
      bytes().data(), size_ + AV_INPUT_BUFFER_PADDING_SIZE, [](void*, std::uint8_t*) {}, nullptr,
      AV_BUFFER_FLAG_READONLY);
  if (packet->buf == nullptr) return AVERROR(ENOMEM);
  packet->data = bytes().data();
  packet->size = static_cast<int>(size_);
  packet->flags = AV_PKT_FLAG_KEY;
  av_frame_unref(picture_.get());
  avcodec_flush_buffers(&context);
  int error = avcodec_send_packet(&context, packet.get());
  if (error >= 0) error = avcodec_receive_frame(&context, picture_.get());
  if (error == AVERROR(EAGAIN)) error = AVERROR_INVALIDDATA;  // a file without a picture
  return error;
}

Result<PictureFacts> StillDecoder::facts_of(const AVCodecContext& context, PictureHeader header) const {
  const AVFrame& picture = *picture_;
  const AVCodecID codec = context.codec_id;
  JINSHA_TRY(check_picture_size(picture.width, picture.height));
  const auto coded = static_cast<AVPixelFormat>(picture.format);
  JINSHA_ASSIGN(const libav::FormatUse use, libav::use_of(coded));
  PictureFacts facts;
  facts.codec = libav::to_codec(codec);
  facts.codec_name = avcodec_get_name(codec);
  facts.coded_format = libav::name_of_format(coded);
  facts.width = picture.width;
  facts.height = picture.height;
  facts.format = use.format;
  facts.color = libav::color_of(picture);
  if (picture.sample_aspect_ratio.num > 0) facts.sample_aspect = libav::to_rational(picture.sample_aspect_ratio);
  if (!facts.sample_aspect.valid()) facts.sample_aspect = {1, 1};
  // What a DPX header is worth is judged in read_dpx_header alone.
  if (codec == AV_CODEC_ID_DPX) facts.color = ColorInfo{.matrix = facts.color.matrix};
  // Of these files only DPX has samples that are not of the full range.
  if (use.full_range || codec != AV_CODEC_ID_DPX) facts.color.range = Range::kFull;
  overlay(header.color, facts.color);
  if (use.format.chroma != Chroma::k420) facts.color.chroma_location = ChromaLocation::kUnspecified;
  if (use.identity) facts.color.matrix = Matrix::kIdentity;
  if (use.xyz) {
    facts.color.primaries = Primaries::kXyz;
    facts.color.transfer = Transfer::kDcdm;
  }
  facts.frame_rate = header.frame_rate;
  facts.timecode = std::move(header.timecode);
  facts.warnings = std::move(header.warnings);
  facts.losses = std::move(header.losses);
  if (use.drops_alpha) facts.losses.emplace_back("alpha channel");
  if (const int orientation = orientation_of(picture); orientation > 1 && orientation <= 8) {
    facts.losses.push_back(
        fmt::format("EXIF orientation {}: the pictures are passed on as stored, not turned", orientation));
  }
  const auto pixels = static_cast<std::uint64_t>(picture.width) * static_cast<std::uint64_t>(picture.height);
  const int picture_bytes = av_image_get_buffer_size(coded, picture.width, picture.height, 64);
  facts.reader_bytes = decoder_bytes(codec, pixels, static_cast<std::uint64_t>(std::max(0, picture_bytes)));
  return facts;
}

Result<ReadPicture> StillDecoder::read(InputFile file, AVCodecID codec, std::uint64_t max_bytes,
                                       const PictureTarget* target) {
  if (!picture_) picture_ = libav::make_frame();
  if (!picture_) return make_error(ErrorCode::kNotPossible, "no memory for a picture");
  JINSHA_TRY(read_file(file, max_bytes));
  JINSHA_ASSIGN(AVCodecContext * context, decoder(codec, true));
  PictureHeader header = header_of(codec, bytes());
  if (header.width != 0 || header.height != 0) JINSHA_TRY(check_picture_size(header.width, header.height));
  ReadPicture read;
  int error = decode(*context);
  if (error < 0 && error != AVERROR(ENOMEM)) {
    read.damage = libav::error_text(error);
    JINSHA_ASSIGN(context, decoder(codec, false));
    error = decode(*context);
  }
  if (error < 0) {
    return libav::to_error(ErrorCode::kInput, error, fmt::format("this {} cannot be decoded", avcodec_get_name(codec)));
  }
  if (read.damage.empty() && libav::is_damaged(*picture_)) read.damage = "the decoder met errors";
  JINSHA_ASSIGN(read.facts, facts_of(*context, std::move(header)));
  if (target != nullptr && read.facts.same_kind(target->expected)) {
    const auto coded = static_cast<AVPixelFormat>(picture_->format);
    JINSHA_ASSIGN(const libav::FormatUse use, libav::use_of(coded));
    unpack_picture(picture_->data, picture_->linesize, coded, use, target->frame);
    read.delivered = true;
  }
  av_frame_unref(picture_.get());
  return read;
}

}  // namespace jinsha
