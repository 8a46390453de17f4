// CEA-608/708 captions of pictures in the coded streams: each picture has its own, however their size varies.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "encode/captions.h"
#include "encode/encode_helper.h"

namespace jinsha {
namespace {

using Buffer = std::vector<std::uint8_t>;

// One to 31 constructs, none for every tenth picture; no two pictures have the same, zeros ask for emulation
// prevention.
Buffer constructs_of(std::int64_t index) {
  if (index % 10 == 9) return {};
  Buffer bytes;
  const std::int64_t count = 1 + index * 7 % 31;
  for (std::int64_t i = 0; i < count; ++i) {
    bytes.insert(bytes.end(), {static_cast<std::uint8_t>(0xFC), 0, static_cast<std::uint8_t>(i == 0 ? index : 0)});
  }
  return bytes;
}

// The coded pictures by pts.
std::map<std::int64_t, Buffer> coded_with_captions(const char* backend, const EncoderConfig& config, int frames) {
  std::map<std::int64_t, Buffer> pictures;
  auto found = find_encoder(backend);
  if (!found.ok()) return pictures;
  auto encoder = (*found)->open(config, Log());
  if (!encoder.ok()) return pictures;
  const PacketSink sink = [&](Packet packet) {
    pictures[packet.pts] = *packet.data;
    return Status();
  };
  const FramePool pool = test::make_pool(config);
  for (std::int64_t i = 0; i < frames; ++i) {
    const Frame frame = test::make_frame(pool, i);
    FrameInfo info = frame.info();
    if (const Buffer bytes = constructs_of(i); !bytes.empty()) info.captions = make_bytes(bytes);
    EXPECT_TRUE((*encoder)->encode(frame.with_info(info), false, sink).ok());
  }
  EXPECT_TRUE((*encoder)->flush(sink).ok());
  return pictures;
}

TEST(Captions, EachPictureOfX265HasItsOwn) {
  constexpr int kFrames = 60;
  const auto pictures = coded_with_captions("x265", test::hevc_config(192, 128), kFrames);
  ASSERT_EQ(pictures.size(), kFrames);
  for (const auto& [pts, unit] : pictures) {
    const Buffer constructs = constructs_of(pts);
    EXPECT_EQ(test::count_sei(unit, 4), constructs.empty() ? 0 : 1) << pts;
    EXPECT_EQ(test::has_sei(unit, 4, caption_message(constructs)), !constructs.empty()) << pts;
  }
}

// ITU-T H.265 7.4.2.4.4: buffering period first, every message before the first slice.
TEST(Captions, StandBetweenTheTimingAndTheSlices) {
  EncoderConfig config = test::hevc_config(192, 128);
  config.rate = {RateControl::Mode::kCbr, 0, 0, 2'000'000, 0, 2'000'000};
  for (const auto& [pts, unit] : coded_with_captions("x265", config, 20)) {
    bool slice = false, ours = false;
    for (const auto& nal : test::split_nals(unit)) {
      slice |= nal.type < 32;
      if (nal.type != 39) continue;
      EXPECT_FALSE(slice) << pts;
      EXPECT_FALSE(ours) << "a message behind the captions of picture " << pts;
      ours = nal.bytes[2] == 4;
    }
    EXPECT_EQ(ours, !constructs_of(pts).empty()) << pts;
  }
}

TEST(Captions, EachPictureOfSvtAv1HasItsOwn) {
  constexpr int kFrames = 60;
  Buffer stream;
  for (const auto& [pts, unit] : coded_with_captions("svt-av1", test::av1_config(192, 128), kFrames)) {
    stream.insert(stream.end(), unit.begin(), unit.end());
  }
  for (std::int64_t i = 0; i < kFrames; ++i) {
    const Buffer constructs = constructs_of(i);
    if (constructs.empty()) continue;
    const Buffer message = caption_message(constructs);
    EXPECT_NE(std::search(stream.begin(), stream.end(), message.begin(), message.end()), stream.end()) << i;
  }
}

}  // namespace
}  // namespace jinsha
