// Speaker positions: which layout of a codec takes a source's channels, and in what words.
#pragma once

#include <cstdint>
#include <span>
#include <string>

struct AVChannelLayout;

namespace jinsha {

// Positions as bits of libavutil's AV_CH_*; 0 where the layout names none.
std::uint64_t positions_of(const AVChannelLayout& layout);
// The same for a name such as "5.1(side)"; 0 when it is no layout with named positions.
std::uint64_t positions_named(const std::string& name);
// What so many channels without positions are taken to be: mono, stereo, 5.1; 0: nothing is usual.
std::uint64_t usual_positions(int channels);
int channel_count(std::uint64_t positions);
// "5.1(side)"
std::string describe_positions(std::uint64_t positions);

// The surround pair of 5.x is called "side" by some codecs and "back" by others; it is the same pair,
// at the same place in the order of channels.
bool same_speakers(std::uint64_t a, std::uint64_t b);

// Of `layouts` (ascending) with at most `most` channels: the one with the same speakers, else the
// smallest that has all of them, else the largest.
std::uint64_t choose_positions(std::span<const std::uint64_t> layouts, std::uint64_t source, int most);
// Whether every speaker of `source` exists in `target`.
bool holds_all(std::uint64_t target, std::uint64_t source);

}  // namespace jinsha
