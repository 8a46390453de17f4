#include "audio/layouts.h"

extern "C" {
#include <libavutil/channel_layout.h>
}

#include <bit>

#include "libav/audio.h"

namespace jinsha {
namespace {

constexpr std::uint64_t kSides = AV_CH_SIDE_LEFT | AV_CH_SIDE_RIGHT;
constexpr std::uint64_t kBacks = AV_CH_BACK_LEFT | AV_CH_BACK_RIGHT;
// Channels that stand between the back and the side pair in libavutil's order.
constexpr std::uint64_t kBetween = AV_CH_FRONT_LEFT_OF_CENTER | AV_CH_FRONT_RIGHT_OF_CENTER | AV_CH_BACK_CENTER;

std::uint64_t with_sides(std::uint64_t positions) {
  if ((positions & kBacks) != kBacks || (positions & (kSides | kBetween)) != 0) return positions;
  return (positions & ~kBacks) | kSides;
}

}  // namespace

std::uint64_t positions_of(const AVChannelLayout& layout) {
  return layout.order == AV_CHANNEL_ORDER_NATIVE ? layout.u.mask : 0;
}

std::uint64_t positions_named(const std::string& name) {
  AVChannelLayout layout{};
  if (name.empty() || av_channel_layout_from_string(&layout, name.c_str()) < 0) return 0;
  const std::uint64_t positions = positions_of(layout);
  av_channel_layout_uninit(&layout);
  return positions;
}

std::uint64_t usual_positions(int channels) {
  switch (channels) {
    case 1: return AV_CH_LAYOUT_MONO;
    case 2: return AV_CH_LAYOUT_STEREO;
    case 6: return AV_CH_LAYOUT_5POINT1;
    default: return 0;
  }
}

int channel_count(std::uint64_t positions) { return std::popcount(positions); }

std::string describe_positions(std::uint64_t positions) {
  AVChannelLayout layout{};
  if (av_channel_layout_from_mask(&layout, positions) < 0) return "no layout";
  std::string text = libav::layout_text(layout);
  av_channel_layout_uninit(&layout);
  return text;
}

bool same_speakers(std::uint64_t a, std::uint64_t b) { return with_sides(a) == with_sides(b); }

bool holds_all(std::uint64_t target, std::uint64_t source) {
  return (with_sides(source) & ~with_sides(target)) == 0 || (source & ~target) == 0;
}

std::uint64_t choose_positions(std::span<const std::uint64_t> layouts, std::uint64_t source, int most) {
  std::uint64_t largest = layouts.front();
  std::uint64_t holding = 0;
  for (const std::uint64_t layout : layouts) {
    if (channel_count(layout) > most) break;
    if (same_speakers(layout, source)) return layout;
    if (holding == 0 && holds_all(layout, source)) holding = layout;
    largest = layout;
  }
  return holding != 0 ? holding : largest;
}

}  // namespace jinsha
