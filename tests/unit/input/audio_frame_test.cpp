#include "input/audio_frame.h"

#include <gtest/gtest.h>

#include <vector>

namespace jinsha {
namespace {

std::vector<std::uint8_t> packet(std::vector<std::uint8_t> header, std::size_t bytes) {
  header.resize(bytes);
  return header;
}

// Frame lengths of ISO/IEC 11172-3 2.4.3.1: 144 x bit rate / sampling frequency + padding.
TEST(AudioFrame, MpegAudioHasItsLength) {
  const std::vector<std::uint8_t> layer2{0xFF, 0xFD, 0xA4, 0x00};  // 192 kbit/s, 48 kHz: 576 bytes
  EXPECT_TRUE(is_whole_frame("mp2", packet(layer2, 576)));
  EXPECT_FALSE(is_whole_frame("mp2", packet(layer2, 575)));
  const std::vector<std::uint8_t> layer3{0xFF, 0xFB, 0x92, 0x00};  // 128 kbit/s, 44.1 kHz, padded: 418 bytes
  EXPECT_TRUE(is_whole_frame("mp3", packet(layer3, 418)));
  EXPECT_FALSE(is_whole_frame("mp3", packet(layer3, 417)));
  const std::vector<std::uint8_t> low{0xFF, 0xF3, 0x84, 0x00};  // MPEG-2 layer III, 64 kbit/s, 24 kHz: 192 bytes
  EXPECT_TRUE(is_whole_frame("mp3", packet(low, 192)));
  EXPECT_FALSE(is_whole_frame("mp3", packet(low, 191)));
}

TEST(AudioFrame, OtherBytesAreNoFrame) {
  EXPECT_FALSE(is_whole_frame("mp2", {}));
  EXPECT_FALSE(is_whole_frame("mp2", packet({0x00, 0xFD, 0xA4, 0x00}, 600)));
  EXPECT_FALSE(is_whole_frame("mp2", packet({0xFF, 0xFD, 0xFC, 0x00}, 600)));  // no such bit rate
  EXPECT_TRUE(is_whole_frame("ac3", packet({0x0B, 0x77}, 600)));
  EXPECT_FALSE(is_whole_frame("eac3", packet({0x77, 0x0B}, 600)));
  EXPECT_TRUE(is_whole_frame("aac", packet({0x00}, 3)));
}

}  // namespace
}  // namespace jinsha
