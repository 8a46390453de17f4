#include "audio/mix.h"

extern "C" {
#include <libavutil/channel_layout.h>
}

#include <array>
#include <cstddef>

#include "audio/layouts.h"

namespace jinsha {
namespace {

constexpr double kHalfPower = 0.70710678118654752;

// Where a channel goes that the target does not have: the first row whose places all exist.
struct Fold {
  std::uint64_t channel;
  std::uint64_t to;  // one place or two
  double gain;       // into each
};
constexpr std::array kFolds{
    Fold{AV_CH_BACK_LEFT, AV_CH_SIDE_LEFT, 1.0},
    Fold{AV_CH_BACK_RIGHT, AV_CH_SIDE_RIGHT, 1.0},
    Fold{AV_CH_SIDE_LEFT, AV_CH_BACK_LEFT, 1.0},
    Fold{AV_CH_SIDE_RIGHT, AV_CH_BACK_RIGHT, 1.0},
    Fold{AV_CH_BACK_LEFT | AV_CH_SIDE_LEFT, AV_CH_FRONT_LEFT, kHalfPower},
    Fold{AV_CH_BACK_RIGHT | AV_CH_SIDE_RIGHT, AV_CH_FRONT_RIGHT, kHalfPower},
    Fold{AV_CH_BACK_CENTER, AV_CH_BACK_LEFT | AV_CH_BACK_RIGHT, kHalfPower},
    Fold{AV_CH_BACK_CENTER, AV_CH_SIDE_LEFT | AV_CH_SIDE_RIGHT, kHalfPower},
    Fold{AV_CH_BACK_CENTER, AV_CH_FRONT_LEFT | AV_CH_FRONT_RIGHT, 0.5},
    Fold{AV_CH_FRONT_CENTER, AV_CH_FRONT_LEFT | AV_CH_FRONT_RIGHT, kHalfPower},
    Fold{AV_CH_FRONT_LEFT_OF_CENTER | AV_CH_TOP_FRONT_LEFT, AV_CH_FRONT_LEFT, kHalfPower},
    Fold{AV_CH_FRONT_RIGHT_OF_CENTER | AV_CH_TOP_FRONT_RIGHT, AV_CH_FRONT_RIGHT, kHalfPower},
    Fold{AV_CH_TOP_FRONT_CENTER, AV_CH_FRONT_CENTER, kHalfPower},
    Fold{AV_CH_TOP_BACK_LEFT, AV_CH_BACK_LEFT, kHalfPower},
    Fold{AV_CH_TOP_BACK_LEFT, AV_CH_SIDE_LEFT, kHalfPower},
    Fold{AV_CH_TOP_BACK_RIGHT, AV_CH_BACK_RIGHT, kHalfPower},
    Fold{AV_CH_TOP_BACK_RIGHT, AV_CH_SIDE_RIGHT, kHalfPower},
    Fold{AV_CH_TOP_BACK_CENTER, AV_CH_BACK_LEFT | AV_CH_BACK_RIGHT, 0.5},
    Fold{AV_CH_TOP_BACK_CENTER, AV_CH_SIDE_LEFT | AV_CH_SIDE_RIGHT, 0.5},
    // Everything else, heard in front rather than not at all.
    Fold{~std::uint64_t{AV_CH_LOW_FREQUENCY}, AV_CH_FRONT_LEFT | AV_CH_FRONT_RIGHT, 0.5},
    Fold{~std::uint64_t{AV_CH_LOW_FREQUENCY}, AV_CH_FRONT_CENTER, kHalfPower},
};

}  // namespace

std::vector<double> mix_matrix(std::uint64_t source, std::uint64_t target) {
  const auto columns = static_cast<std::size_t>(channel_count(source));
  std::vector<double> matrix(static_cast<std::size_t>(channel_count(target)) * columns, 0.0);
  const auto cell = [&](std::uint64_t place, std::uint64_t channel) -> double& {
    const auto row = static_cast<std::size_t>(channel_count(target & (place - 1)));
    return matrix[row * columns + static_cast<std::size_t>(channel_count(source & (channel - 1)))];
  };
  const auto each = [](std::uint64_t set, auto&& use) {
    for (int bit = 0; bit < 64; ++bit) {
      const std::uint64_t one = std::uint64_t{1} << bit;
      if ((set & one) != 0) use(one);
    }
  };
  each(source & target, [&](std::uint64_t channel) { cell(channel, channel) = 1.0; });
  each(source & ~target, [&](std::uint64_t channel) {
    for (const Fold& fold : kFolds) {
      if ((fold.channel & channel) == 0 || (fold.to & ~target) != 0) continue;
      each(fold.to, [&](std::uint64_t place) {
        // A pair that joins another of its kind shares its power with it.
        const bool shared = fold.gain == 1.0 && (source & place) != 0;
        if (shared) cell(place, place) = kHalfPower;
        cell(place, channel) = shared ? kHalfPower : fold.gain;
      });
      return;
    }
  });
  return matrix;
}

}  // namespace jinsha
