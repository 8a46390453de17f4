#include "job/parse.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

namespace jinsha {
namespace {

// Whole text as a finite number; locale-independent.
std::optional<double> whole_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// "1.5M" -> 1'500'000 with decimal suffixes k, M, G (either case).
std::optional<double> with_suffix(std::string_view text) {
  double scale = 1;
  if (!text.empty()) {
    switch (text.back()) {
      case 'k':
      case 'K': scale = 1e3; break;
      case 'm':
      case 'M': scale = 1e6; break;
      case 'g':
      case 'G': scale = 1e9; break;
      default: break;
    }
    if (scale != 1) text.remove_suffix(1);
  }
  const std::optional<double> number = whole_number(text);
  if (!number) return std::nullopt;
  return *number * scale;
}

}  // namespace

Result<std::int64_t> parse_integer(std::string_view text, std::int64_t low, std::int64_t high) {
  std::int64_t value = 0;
  int base = 10;
  std::string_view digits = text;
  if (digits.starts_with("0x")) {
    base = 16;
    digits.remove_prefix(2);
  }
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return make_error(ErrorCode::kUsage, "\"{}\" is not a whole number", text);
  }
  if (value < low || value > high) return make_error(ErrorCode::kUsage, "{} is outside {}…{}", value, low, high);
  return value;
}

Result<double> parse_number(std::string_view text, double low, double high) {
  const std::optional<double> value = whole_number(text);
  if (!value) return make_error(ErrorCode::kUsage, "\"{}\" is not a number", text);
  if (*value < low || *value > high) return make_error(ErrorCode::kUsage, "{} is outside {}…{}", *value, low, high);
  return *value;
}

Result<bool> parse_flag(std::string_view text) {
  if (text.empty() || text == "true" || text == "yes" || text == "1") return true;
  if (text == "false" || text == "no" || text == "0") return false;
  return make_error(ErrorCode::kUsage, "\"{}\" is not true or false", text);
}

Result<std::int64_t> parse_rate(std::string_view text) {
  const std::optional<double> value = with_suffix(text);
  if (!value || *value < 1 || *value > 1e12) {
    return make_error(ErrorCode::kUsage, "\"{}\" is not a rate: give bit/s with an optional suffix k, M or G, e.g. 80M",
                      text);
  }
  return std::llround(*value);
}

Result<std::uint64_t> parse_bytes(std::string_view text) {
  const std::optional<double> value = with_suffix(text);
  if (!value || *value < 1 || *value > 1e15) {
    return make_error(ErrorCode::kUsage, "\"{}\" is not a size: give bytes with an optional suffix k, M or G, e.g. 16G",
                      text);
  }
  return static_cast<std::uint64_t>(std::llround(*value));
}

Result<std::pair<int, int>> parse_size(std::string_view text) {
  const std::size_t cross = text.find('x');
  if (cross != std::string_view::npos) {
    const auto width = parse_integer(text.substr(0, cross), 16, 16384);
    const auto height = parse_integer(text.substr(cross + 1), 16, 16384);
    if (width.ok() && height.ok()) return std::pair{static_cast<int>(*width), static_cast<int>(*height)};
  }
  return make_error(ErrorCode::kUsage, "\"{}\" is not a picture size: give WIDTHxHEIGHT, each 16…16384, e.g. 3840x2160",
                    text);
}

Result<Rectangle> parse_rectangle(std::string_view text) {
  std::array<int, 4> values{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t colon = text.find(':');
    const bool last = i + 1 == values.size();
    if ((colon == std::string_view::npos) != last)
      return make_error(ErrorCode::kUsage, "\"{}\" is not W:H:X:Y, four numbers of samples", text);
    JINSHA_ASSIGN(const std::int64_t value, parse_integer(text.substr(0, colon), i < 2 ? 1 : 0, 65'535));
    values[i] = static_cast<int>(value);
    if (!last) text.remove_prefix(colon + 1);
  }
  return Rectangle{.width = values[0], .height = values[1], .x = values[2], .y = values[3]};
}

Result<Rational> parse_frame_rate(std::string_view text) {
  const Error error =
      make_error(ErrorCode::kUsage, "\"{}\" is not a frame rate: give e.g. 50, 60000/1001 or 59.94", text);
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    const auto num = parse_integer(text.substr(0, slash), 1, 1'000'000'000);
    const auto den = parse_integer(text.substr(slash + 1), 1, 1'000'000'000);
    if (!num.ok() || !den.ok() || *num > 1000 * *den) return error;
    return Rational{*num, *den}.reduced();
  }
  const std::optional<double> value = whole_number(text);
  if (!value || *value <= 0 || *value > 1000) return error;
  // 23.976, 29.97, 59.94 ... are the NTSC-derived rates n x 1000/1001.
  const double ntsc = std::round(*value * 1.001);
  if (*value != std::round(*value) && std::abs(ntsc * 1000 / 1001 - *value) < 0.005) {
    return Rational{static_cast<std::int64_t>(ntsc) * 1000, 1001};
  }
  return Rational{std::llround(*value * 1000), 1000}.reduced();
}

Result<SourcePoint> parse_point(std::string_view text) {
  const Error error = make_error(
      ErrorCode::kUsage, "\"{}\" is not a point in time: give [[hh:]mm:]ss[.fff] or #frame, e.g. 01:30 or #250", text);
  SourcePoint point;
  if (text.starts_with('#')) {
    const auto frame = parse_integer(text.substr(1), 0, std::int64_t{1} << 40);
    if (!frame.ok()) return error;
    point.is_frame = true;
    point.frame = *frame;
    return point;
  }
  int parts = 0;
  for (std::string_view rest = text; parts < 3; ++parts) {
    const std::size_t colon = rest.find(':');
    const std::optional<double> part = whole_number(rest.substr(0, colon));
    if (!part || *part < 0 || *part > 1e7) return error;
    point.seconds = point.seconds * 60 + *part;
    if (colon == std::string_view::npos) return point;
    rest.remove_prefix(colon + 1);
  }
  return error;
}

Result<GopLength> parse_gop(std::string_view text) {
  GopLength gop;
  if (text.ends_with('s')) {
    const std::optional<double> seconds = whole_number(text.substr(0, text.size() - 1));
    if (seconds && *seconds > 0 && *seconds <= 60) {
      gop.seconds = *seconds;
      return gop;
    }
  } else if (const auto frames = parse_integer(text, 1, 10'000); frames.ok()) {
    gop.frames = *frames;
    return gop;
  }
  return make_error(ErrorCode::kUsage,
                    "\"{}\" is not a key frame distance: give frames (1…10000) or seconds (up to 60s), e.g. 50 or 1s",
                    text);
}

Result<RawFormat> parse_raw_format(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::size_t at = text.find('@');
  if (colon != std::string_view::npos && at != std::string_view::npos && colon < at) {
    const auto size = parse_size(text.substr(colon + 1, at - colon - 1));
    const auto rate = parse_frame_rate(text.substr(at + 1));
    if (size.ok() && rate.ok() && colon > 0) {
      return RawFormat{.pixel_format = std::string(text.substr(0, colon)),
                       .width = size->first,
                       .height = size->second,
                       .frame_rate = *rate};
    }
  }
  return make_error(ErrorCode::kUsage, "\"{}\" is not a raw format: give PIXFMT:WxH@FPS, e.g. yuv420p10le:7680x4320@50",
                    text);
}

}  // namespace jinsha
