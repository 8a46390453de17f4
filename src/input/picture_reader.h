// PictureReader: one file, one picture. DPX, PNG, TIFF, JPEG and JPEG 2000 through libavcodec, OpenEXR through its
// own library.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "media/coding.h"
#include "media/color.h"
#include "media/frame.h"

namespace jinsha {

// What a picture is, and what its file says of it.
struct PictureFacts {
  Codec codec = Codec::kUnknown;
  std::string codec_name;    // libavcodec's: "dpx", "exr"
  std::string coded_format;  // FFmpeg's name of the samples in the file
  int width = 0;
  int height = 0;
  PixelFormat format;  // of the frame delivered
  ColorInfo color;
  Rational sample_aspect{1, 1};
  Rational frame_rate = {};  // not valid when the file says none
  std::string timecode;      // "01:02:03:04"
  std::vector<std::string> warnings;
  std::vector<std::string> losses;
  std::uint64_t reader_bytes = 0;  // what decoding it allocates, besides the frame and the file's bytes

  bool same_kind(const PictureFacts& other) const {
    return codec_name == other.codec_name && coded_format == other.coded_format && width == other.width &&
           height == other.height && format == other.format;
  }
};

struct ReadPicture {
  PictureFacts facts;
  bool delivered = false;  // into the frame given: false too when the facts differ from those expected
  std::string damage;      // what is wrong with a picture that was delivered all the same
};

// Where a picture is to go.
struct PictureTarget {
  FrameMut& frame;
  const PictureFacts& expected;
};

// Limits that no honest picture reaches; a header is not believed beyond them.
inline constexpr int kMaxPictureSide = 32'768;
inline constexpr std::int64_t kMaxPicturePixels = std::int64_t{1} << 28;  // 16384 x 16384
// kInput with what is wrong.
Status check_picture_size(std::int64_t width, std::int64_t height);

// The kind of picture these first bytes of a file begin; empty for none.
std::string_view picture_kind(std::span<const std::uint8_t> head);
inline constexpr std::size_t kPictureHeadBytes = 12;

// Keeps its buffers from one picture to the next. One thread.
class PictureReader {
 public:
  PictureReader();
  PictureReader(const PictureReader&) = delete;
  PictureReader& operator=(const PictureReader&) = delete;
  ~PictureReader();

  // `target` null: only the facts. The whole file is read where libavcodec decodes it; files longer than
  // `max_bytes` are refused. Messages name the path.
  Result<ReadPicture> read(const std::string& path, std::uint64_t max_bytes, const PictureTarget* target);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace jinsha
