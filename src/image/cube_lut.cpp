#include "image/cube_lut.h"

#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>

#include "kernels/program.h"

namespace jinsha {
namespace {

constexpr int kMost1D = 65536;

// Words of a line, separated by blanks.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}
  std::string_view next() {
    const auto begin = rest_.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return {};
    rest_.remove_prefix(begin);
    const auto end = std::min(rest_.find_first_of(" \t\r"), rest_.size());
    const std::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return word;
  }

 private:
  std::string_view rest_;
};

template <typename T>
bool number(std::string_view word, T& value) {
  const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), value);
  if constexpr (std::is_floating_point_v<T>) {
    if (!std::isfinite(value)) return false;
  }
  return code == std::errc() && end == word.data() + word.size();
}

class Parser {
 public:
  Parser(std::string_view text, std::string name) : text_(text) { lut_.name = std::move(name); }

  Result<CubeLut> run() {
    while (!text_.empty()) {
      const auto end = std::min(text_.find('\n'), text_.size());
      const std::string_view line = text_.substr(0, end);
      text_.remove_prefix(std::min(end + 1, text_.size()));
      ++line_;
      JINSHA_TRY(take(line));
    }
    return finish();
  }

 private:
  template <typename... Args>
  Error fault(fmt::format_string<Args...> text, Args&&... args) const {
    return make_error(ErrorCode::kUsage, "LUT '{}', line {}: {}", lut_.name, line_,
                      fmt::format(text, std::forward<Args>(args)...));
  }

  Status take(std::string_view line) {
    Words words(line);
    const std::string_view first = words.next();
    if (first.empty() || first[0] == '#' || first == "TITLE") return {};
    if (first == "LUT_1D_SIZE") return size(words, lut_.curves, kMost1D);
    if (first == "LUT_3D_SIZE") return size(words, lut_.cube, kernels::kMaxLut3Side);
    if (first == "DOMAIN_MIN") return triple(words, low_);
    if (first == "DOMAIN_MAX") return triple(words, high_);
    if (first == "LUT_1D_INPUT_RANGE") return range(words, lut_.curves);
    if (first == "LUT_3D_INPUT_RANGE") return range(words, lut_.cube);
    float rgb[3];
    if (!number(first, rgb[0]))
      return fault("\"{}\" is neither a number nor a keyword of a .cube file", first.substr(0, 40));
    for (int i = 1; i < 3; ++i) {
      if (!number(words.next(), rgb[i])) return fault("three numbers are wanted");
    }
    if (!words.next().empty()) return fault("more than three numbers");
    return store(rgb);
  }

  Status size(Words& words, std::optional<CubeLut::Part>& part, int most) {
    int size = 0;
    if (!number(words.next(), size) || size < 2 || size > most)
      return fault("the size is not a number of 2 to {}", most);
    if (part || entries_ > 0) return fault("a second size");
    part.emplace();
    part->size = size;
    return {};
  }

  Status triple(Words& words, std::optional<image::Vec3>& values) {
    values.emplace();
    for (double& x : *values) {
      if (!number(words.next(), x)) return fault("three numbers are wanted");
    }
    return {};
  }

  Status range(Words& words, std::optional<CubeLut::Part>& part) {
    double low = 0, high = 0;
    if (!part) return fault("an input range before the size it is of");
    if (!number(words.next(), low) || !number(words.next(), high)) return fault("two numbers are wanted");
    part->low.fill(low);
    part->high.fill(high);
    return {};
  }

  static std::size_t wanted(const std::optional<CubeLut::Part>& part, int power) {
    if (!part) return 0;
    const auto size = static_cast<std::size_t>(part->size);
    return power == 1 ? size : size * size * size;
  }

  // Entries of curves come before those of the cube.
  Status store(const float (&rgb)[3]) {
    const std::size_t of_curves = wanted(lut_.curves, 1), all = of_curves + wanted(lut_.cube, 3);
    if (all == 0) return fault("numbers before LUT_1D_SIZE or LUT_3D_SIZE");
    if (entries_ == all) return fault("more than the {} entries that the size asks for", all);
    std::vector<float>& values = entries_ < of_curves ? lut_.curves->rgb : lut_.cube->rgb;
    values.insert(values.end(), std::begin(rgb), std::end(rgb));
    ++entries_;
    return {};
  }

  Result<CubeLut> finish() {
    const std::size_t all = wanted(lut_.curves, 1) + wanted(lut_.cube, 3);
    if (all == 0) return fault("the file ends without LUT_1D_SIZE or LUT_3D_SIZE");
    if (entries_ < all) return fault("the file ends after {} of {} entries", entries_, all);
    CubeLut::Part& first = lut_.curves ? *lut_.curves : *lut_.cube;
    if (low_) first.low = *low_;
    if (high_) first.high = *high_;
    for (const auto* part : {&lut_.curves, &lut_.cube}) {
      if (!*part) continue;
      for (std::size_t i = 0; i < 3; ++i) {
        if ((*part)->high[i] - (*part)->low[i] < 1e-6)
          return fault("the domain {:g} to {:g} is empty", (*part)->low[i], (*part)->high[i]);
      }
    }
    return std::move(lut_);
  }

  std::string_view text_;
  int line_ = 0;
  std::size_t entries_ = 0;
  std::optional<image::Vec3> low_, high_;
  CubeLut lut_;
};

}  // namespace

Result<CubeLut> parse_cube(std::string_view text, std::string name) { return Parser(text, std::move(name)).run(); }

Result<CubeLut> read_cube(const std::string& path) {
  constexpr std::size_t kMostBytes = std::size_t{256} << 20;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  constexpr std::size_t kBlock = 1 << 16;
  while (file.good() && text.size() <= kMostBytes) {
    const std::size_t had = text.size();
    text.resize(had + kBlock);
    file.read(text.data() + had, kBlock);
    text.resize(had + static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof() && text.size() <= kMostBytes) return make_error(ErrorCode::kUsage, "LUT '{}' cannot be read", path);
  if (text.size() > kMostBytes)
    return make_error(ErrorCode::kUsage, "LUT '{}' is larger than {} MiB; a cube of {} nodes a side is never", path,
                      kMostBytes >> 20, kernels::kMaxLut3Side);
  return parse_cube(text, path);
}

}  // namespace jinsha
