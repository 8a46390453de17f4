#include "input/picture_reader.h"

#include <cstdint>  // before libavutil, which asks for UINT64_C

extern "C" {
#include <libavcodec/codec_id.h>
}

#include <array>

#include "input/exr_reader.h"
#include "input/input_file.h"
#include "input/still_decoder.h"

namespace jinsha {
namespace {

using namespace std::string_view_literals;

struct KindRow {
  std::string_view name;
  std::string_view magic;
  AVCodecID codec;  // AV_CODEC_ID_EXR: OpenEXR's library, as libavcodec leaves chromaticities and windows aside
};
constexpr std::array kKinds{
    KindRow{"dpx", "SDPX"sv, AV_CODEC_ID_DPX},
    KindRow{"dpx", "XPDS"sv, AV_CODEC_ID_DPX},
    KindRow{"exr", "\x76\x2f\x31\x01"sv, AV_CODEC_ID_EXR},
    KindRow{"png", "\x89PNG\r\n\x1a\n"sv, AV_CODEC_ID_PNG},
    KindRow{"tiff", "II*\0"sv, AV_CODEC_ID_TIFF},
    KindRow{"tiff", "MM\0*"sv, AV_CODEC_ID_TIFF},
    KindRow{"jpeg", "\xff\xd8\xff"sv, AV_CODEC_ID_MJPEG},
    KindRow{"jpeg2000", "\0\0\0\x0cjP  \r\n\x87\n"sv, AV_CODEC_ID_JPEG2000},
    KindRow{"jpeg2000", "\xff\x4f\xff\x51"sv, AV_CODEC_ID_JPEG2000},
};

const KindRow* row_of(std::span<const std::uint8_t> head) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  for (const KindRow& row : kKinds) {
    if (text.starts_with(row.magic)) return &row;
  }
  return nullptr;
}

}  // namespace

std::string_view picture_kind(std::span<const std::uint8_t> head) {
  const KindRow* row = row_of(head);
  return row == nullptr ? std::string_view() : row->name;
}

Status check_picture_size(std::int64_t width, std::int64_t height) {
  if (width >= 1 && height >= 1 && width <= kMaxPictureSide && height <= kMaxPictureSide &&
      width * height <= kMaxPicturePixels) {
    return {};
  }
  return make_error(ErrorCode::kInput, "it says its size is {}x{}; up to {} a side and {} pixels are read", width,
                    height, kMaxPictureSide, kMaxPicturePixels);
}

struct PictureReader::Parts {
  StillDecoder stills;
  ExrReader exr;
};

PictureReader::PictureReader() : parts_(std::make_unique<Parts>()) {}
PictureReader::~PictureReader() = default;

Result<ReadPicture> PictureReader::read(const std::string& path, std::uint64_t max_bytes, const PictureTarget* target) {
  JINSHA_ASSIGN(InputFile file, InputFile::open(path));
  JINSHA_ASSIGN(const std::span<const std::uint8_t> head, file.peek(kPictureHeadBytes));
  const KindRow* row = row_of(head);
  if (row == nullptr) {
    return make_error(ErrorCode::kInput, "{} is not a picture of a known kind (DPX, EXR, PNG, TIFF, JPEG, JPEG 2000)",
                      path);
  }
  Result<ReadPicture> picture = row->codec == AV_CODEC_ID_EXR
                                    ? parts_->exr.read(std::move(file), target)
                                    : parts_->stills.read(std::move(file), row->codec, max_bytes, target);
  if (picture.ok()) return picture;
  return make_error(picture.error().code, "{}: {}", path, picture.error().message);
}

}  // namespace jinsha
