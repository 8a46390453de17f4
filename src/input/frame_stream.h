// FrameStream: uncompressed pictures in a file or pipe, with or without y4m framing.
#pragma once

#include "input/input_file.h"
#include "input/source.h"
#include "libav/formats.h"

namespace jinsha {

// How the pictures lie in the file.
struct FrameStreamFormat {
  std::string container;  // "y4m", "raw"
  AVPixelFormat pixel_format = AV_PIX_FMT_NONE;
  int width = 0;
  int height = 0;
  Rational frame_rate;
  Rational sample_aspect{1, 1};
  bool interlaced = false;
  ColorInfo color;
  bool framed = false;             // y4m: each picture follows a line that begins with FRAME
  std::uint64_t header_bytes = 0;  // before the first picture or FRAME line
  std::vector<std::string> warnings;
};

// `file` stands behind the header.
Result<std::unique_ptr<Source>> open_frame_stream(InputFile file, FrameStreamFormat format);

// The line "YUV4MPEG2 ..." without its end; `name` of the file for messages.
Result<FrameStreamFormat> parse_y4m_header(const std::string& line, const std::string& name);
inline constexpr std::size_t kMaxY4mLineBytes = 1024;

// Rows of the source table: see source.cpp.
Result<std::unique_ptr<Source>> open_y4m(InputFile file);
Result<std::unique_ptr<Source>> open_raw(InputFile file, const RawFormat& raw);

}  // namespace jinsha
