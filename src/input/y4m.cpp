// The header of YUV4MPEG2 (mjpegtools' yuv4mpeg(5), with the deep and grey formats FFmpeg adds).
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "input/frame_stream.h"

namespace jinsha {
namespace {

struct ColourSpaceRow {
  const char* tag;  // after "C"
  const char* pixel_format;
  ChromaLocation location;
};
constexpr auto kNone = ChromaLocation::kUnspecified;
constexpr std::array kColourSpaces{
    ColourSpaceRow{"420jpeg", "yuv420p", ChromaLocation::kCenter},
    ColourSpaceRow{"420mpeg2", "yuv420p", ChromaLocation::kLeft},
    ColourSpaceRow{"420paldv", "yuv420p", ChromaLocation::kTopLeft},
    ColourSpaceRow{"420", "yuv420p", kNone},
    ColourSpaceRow{"422", "yuv422p", kNone},
    ColourSpaceRow{"444", "yuv444p", kNone},
    ColourSpaceRow{"mono", "gray", kNone},
    ColourSpaceRow{"420p9", "yuv420p9le", kNone},
    ColourSpaceRow{"420p10", "yuv420p10le", kNone},
    ColourSpaceRow{"420p12", "yuv420p12le", kNone},
    ColourSpaceRow{"420p14", "yuv420p14le", kNone},
    ColourSpaceRow{"420p16", "yuv420p16le", kNone},
    ColourSpaceRow{"422p9", "yuv422p9le", kNone},
    ColourSpaceRow{"422p10", "yuv422p10le", kNone},
    ColourSpaceRow{"422p12", "yuv422p12le", kNone},
    ColourSpaceRow{"422p14", "yuv422p14le", kNone},
    ColourSpaceRow{"422p16", "yuv422p16le", kNone},
    ColourSpaceRow{"444p9", "yuv444p9le", kNone},
    ColourSpaceRow{"444p10", "yuv444p10le", kNone},
    ColourSpaceRow{"444p12", "yuv444p12le", kNone},
    ColourSpaceRow{"444p14", "yuv444p14le", kNone},
    ColourSpaceRow{"444p16", "yuv444p16le", kNone},
    ColourSpaceRow{"mono9", "gray9le", kNone},
    ColourSpaceRow{"mono10", "gray10le", kNone},
    ColourSpaceRow{"mono12", "gray12le", kNone},
    ColourSpaceRow{"mono16", "gray16le", kNone},
};

constexpr int kMaxSide = 65'536;

std::optional<std::int64_t> parse_int(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "30000:1001"; empty when malformed.
std::optional<Rational> parse_ratio(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto num = parse_int(text.substr(0, colon)), den = parse_int(text.substr(colon + 1));
  if (!num || !den || *num < 0 || *den < 0) return std::nullopt;
  return Rational{*num, *den};
}

}  // namespace

Result<FrameStreamFormat> parse_y4m_header(const std::string& line, const std::string& name) {
  FrameStreamFormat format;
  format.container = "y4m";
  format.framed = true;
  std::string colour_space;  // without "C"
  std::string_view rest(line);
  const auto bad = [&](std::string_view token, const char* why) {
    return make_error(ErrorCode::kInput, "{}: the y4m header says \"{}\": {}", name, token, why);
  };
  rest.remove_prefix(std::min(rest.size(), rest.find(' ')));
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view token = rest.substr(0, rest.find(' '));
    rest.remove_prefix(token.size());
    if (token.empty()) continue;
    const std::string_view value = token.substr(1);
    switch (token[0]) {
      case 'W':
      case 'H': {
        const auto side = parse_int(value);
        if (!side || *side < 1 || *side > kMaxSide) return bad(token, "a side must be 1 to 65536 pixels");
        (token[0] == 'W' ? format.width : format.height) = static_cast<int>(*side);
        break;
      }
      case 'F': {
        const auto rate = parse_ratio(value);
        if (!rate) return bad(token, "a frame rate is written like F30000:1001");
        if (rate->valid()) format.frame_rate = rate->reduced();
        break;
      }
      case 'A': {
        const auto aspect = parse_ratio(value);
        if (aspect && aspect->valid()) format.sample_aspect = aspect->reduced();
        break;
      }
      case 'I':
        if (value == "t" || value == "b") format.interlaced = true;
        if (value == "m")
          format.warnings.emplace_back("the y4m header says mixed interlacing; it is read as progressive");
        break;
      case 'C': colour_space = value; break;
      case 'X':
        if (value == "COLORRANGE=FULL") format.color.range = Range::kFull;
        if (value == "COLORRANGE=LIMITED") format.color.range = Range::kLimited;
        if (colour_space.empty() && value.starts_with("YSCSS=")) {
          // The older spelling of the same: YSCSS=420P10.
          for (const char c : value.substr(6)) colour_space += c == 'P' ? 'p' : c == 'J' ? 'j' : c;
        }
        break;
      default: break;  // comments and unknown tags are allowed
    }
  }
  if (format.width == 0 || format.height == 0) {
    return make_error(ErrorCode::kInput, "{}: the y4m header gives no size (W and H)", name);
  }
  if (!format.frame_rate.valid()) {
    format.frame_rate = {25, 1};
    format.warnings.emplace_back("the y4m header gives no frame rate; 25 frames/s are assumed");
  }
  if (colour_space.empty()) colour_space = "420";
  for (const ColourSpaceRow& row : kColourSpaces) {
    if (row.tag != colour_space) continue;
    format.pixel_format = libav::format_named(row.pixel_format);
    format.color.chroma_location = row.location;
  }
  if (format.pixel_format == AV_PIX_FMT_NONE) {
    return make_error(ErrorCode::kInput,
                      "{}: the y4m colour space C{} is not supported; 420, 422, 444 and mono of 8 to 16 bits are", name,
                      colour_space);
  }
  return format;
}

Result<std::unique_ptr<Source>> open_y4m(InputFile file) {
  JINSHA_ASSIGN(const std::span<const std::uint8_t> head, file.peek(kMaxY4mLineBytes));
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    return make_error(ErrorCode::kInput, "{} begins like y4m, but its header line does not end within {} bytes",
                      file.name(), kMaxY4mLineBytes);
  }
  const std::string line(text.substr(0, end));
  JINSHA_ASSIGN(FrameStreamFormat format, parse_y4m_header(line, file.name()));
  format.header_bytes = end + 1;
  std::vector<std::uint8_t> consumed(end + 1);
  JINSHA_TRY(file.read_full(consumed));
  return open_frame_stream(std::move(file), std::move(format));
}

Result<std::unique_ptr<Source>> open_raw(InputFile file, const RawFormat& raw) {
  FrameStreamFormat format;
  format.container = "raw";
  format.pixel_format = libav::format_named(raw.pixel_format);
  format.width = raw.width;
  format.height = raw.height;
  format.frame_rate = raw.frame_rate;
  if (format.pixel_format == AV_PIX_FMT_NONE) {
    return make_error(ErrorCode::kUsage,
                      "--input-format: there is no pixel format \"{}\"; names are FFmpeg's, for example yuv420p10le or "
                      "p010le",
                      raw.pixel_format);
  }
  if (raw.width < 1 || raw.height < 1 || raw.width > kMaxSide || raw.height > kMaxSide) {
    return make_error(ErrorCode::kUsage, "--input-format: the size {}x{} is outside 1x1 to {}x{}", raw.width,
                      raw.height, kMaxSide, kMaxSide);
  }
  if (!raw.frame_rate.valid()) {
    return make_error(ErrorCode::kUsage, "--input-format: the frame rate is missing; write it as PIXFMT:WxH@FPS");
  }
  return open_frame_stream(std::move(file), std::move(format));
}

}  // namespace jinsha
