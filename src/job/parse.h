// The words of the command line and of job documents: rates, sizes, times, frame rates.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "job/spec.h"

namespace jinsha {

// Each returns kUsage naming the text and the accepted form when it cannot be read.

Result<std::int64_t> parse_integer(std::string_view text, std::int64_t low, std::int64_t high);
Result<double> parse_number(std::string_view text, double low, double high);
Result<bool> parse_flag(std::string_view text);                 // "", true, yes, 1 · false, no, 0
Result<std::int64_t> parse_rate(std::string_view text);         // "80M" -> 80'000'000 bit/s
Result<std::uint64_t> parse_bytes(std::string_view text);       // "8G" -> 8'000'000'000
Result<std::pair<int, int>> parse_size(std::string_view text);  // "3840x2160"
Result<Rectangle> parse_rectangle(std::string_view text);       // "1920:800:0:140" (W:H:X:Y)
Result<Rational> parse_frame_rate(std::string_view text);       // "50", "60000/1001", "59.94"
Result<SourcePoint> parse_point(std::string_view text);         // "[[hh:]mm:]ss[.fff]" or "#frame"
Result<GopLength> parse_gop(std::string_view text);             // "50" or "2s"
Result<RawFormat> parse_raw_format(std::string_view text);      // "yuv420p10le:7680x4320@50"

}  // namespace jinsha
