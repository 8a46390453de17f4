#include "input/frame_rate.h"

#include <array>
#include <charconv>
#include <cmath>

namespace jinsha {
namespace {

constexpr std::array kUsual{Rational{24'000, 1001}, Rational{24, 1},        Rational{25, 1},  Rational{30'000, 1001},
                            Rational{30, 1},        Rational{48'000, 1001}, Rational{48, 1},  Rational{50, 1},
                            Rational{60'000, 1001}, Rational{60, 1},        Rational{100, 1}, Rational{120'000, 1001},
                            Rational{120, 1}};
constexpr double kTolerance = 0.001;
constexpr double kMaxRate = 300;        // above it is a time base, not a frame rate
constexpr double kMaxGridRate = 120.5;  // of a grid for pictures at irregular times

}  // namespace

namespace {

template <typename T>
bool parse_number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

Rational standard_rate(Rational rate) {
  Rational best{0, 1};
  if (!rate.valid()) return best;
  const double value = rate.to_double();
  double best_distance = kTolerance;
  for (const Rational& usual : kUsual) {
    const double distance = std::abs(value / usual.to_double() - 1);
    if (distance <= best_distance) {
      best = usual;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace

std::optional<Rational> parse_rate_text(std::string_view text) {
  const std::size_t slash = text.find('/');
  Rational rate;
  if (slash != std::string_view::npos) {
    if (!parse_number(text.substr(0, slash), rate.num) || !parse_number(text.substr(slash + 1), rate.den)) return {};
  } else if (!parse_number(text, rate.num)) {
    double value = 0;
    if (!parse_number(text, value) || !(value > 0 && value < 1000)) return {};
    const auto whole = static_cast<std::int64_t>(value + 0.5);
    const double ntsc = static_cast<double>(whole) * 1000 / 1001;
    if (value > ntsc * 0.999 && value < ntsc * 1.0005) {
      rate = {whole * 1000, 1001};
    } else {
      rate = Rational{static_cast<std::int64_t>(value * 1000 + 0.5), 1000}.reduced();
    }
  }
  constexpr std::int64_t kMaxTerm = 1'000'000'000;
  if (rate.num < 1 || rate.den < 1 || rate.num > kMaxTerm || rate.den > kMaxTerm) return {};
  if (rate.num > 1000 * rate.den) return {};
  return rate;
}

Rational usual_rate(Rational rate) {
  const Rational standard = standard_rate(rate);
  if (standard.valid() || !rate.valid()) return standard;
  const double value = rate.to_double();
  const double whole = std::round(value);
  if (whole >= 1 && whole <= kMaxRate && std::abs(value / whole - 1) <= kTolerance) {
    return {static_cast<std::int64_t>(whole), 1};
  }
  return {0, 1};
}

ChosenRate choose_frame_rate(const RateEvidence& evidence) {
  const auto plausible = [](Rational rate) { return rate.valid() && rate.to_double() <= kMaxRate; };
  const Rational coded = usual_rate(evidence.coded), average = usual_rate(evidence.average);
  if (!evidence.timestamps) {
    if (coded.valid()) return {coded};
    if (plausible(evidence.coded)) return {evidence.coded};
    if (average.valid()) return {average};
    return {{25, 1}, false, true};
  }
  // An odd average is believed when the timestamps lie on its grid.
  const bool on_grid = !evidence.base.valid() || usual_rate(evidence.base) == average;
  if (standard_rate(average).valid() || (average.valid() && on_grid)) return {average};

  // Irregular times: a grid that holds the pictures where they are.
  const double at_least = evidence.average.valid() ? evidence.average.to_double() * 0.98 : 0;
  for (const Rational& candidate : {usual_rate(evidence.base), coded}) {
    if (candidate.valid() && candidate.to_double() <= kMaxGridRate && candidate.to_double() >= at_least) {
      return {candidate, evidence.average.valid()};
    }
  }
  if (plausible(evidence.average)) {
    for (const Rational& usual : {Rational{30, 1}, Rational{60, 1}, Rational{120, 1}}) {
      if (usual.to_double() >= at_least) return {usual, true};
    }
  }
  if (plausible(evidence.coded)) return {evidence.coded};
  return {{25, 1}, false, true};
}

}  // namespace jinsha
