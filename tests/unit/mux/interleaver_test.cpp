// Order and patience of the interleaver, rounding of the timeline, arrival in a transport stream.
#include <gtest/gtest.h>

#include <cmath>

#include "mux/interleaver.h"
#include "mux/timeline.h"
#include "mux/ts_arrival.h"

namespace jinsha::test {
namespace {

Packet packet(int stream, std::int64_t dts, std::size_t size = 10) {
  return {.stream = stream, .data = make_bytes(std::vector<std::uint8_t>(size)), .pts = dts, .dts = dts, .duration = 1};
}

std::vector<std::pair<int, std::int64_t>> drain(Interleaver& interleaver) {
  std::vector<std::pair<int, std::int64_t>> order;
  while (std::optional<Packet> next = interleaver.pop()) order.emplace_back(next->stream, next->dts);
  return order;
}

using Order = std::vector<std::pair<int, std::int64_t>>;

TEST(Interleaver, OrdersByTimeAcrossTimeBasesVideoFirst) {
  Interleaver interleaver({{1, 50}, {1, 1000}});
  for (const std::int64_t dts : {-2, -1, 0, 1}) ASSERT_TRUE(interleaver.push(packet(0, dts)).ok());
  EXPECT_TRUE(drain(interleaver).empty()) << "audio may still come earlier";
  for (const std::int64_t dts : {-30, 0, 19, 21}) ASSERT_TRUE(interleaver.push(packet(1, dts)).ok());
  EXPECT_EQ(drain(interleaver), (Order{{0, -2}, {1, -30}, {0, -1}, {0, 0}, {1, 0}, {1, 19}, {0, 1}}));
  interleaver.end();
  EXPECT_EQ(drain(interleaver), (Order{{1, 21}}));
}

TEST(Interleaver, AudioWaitsForVideoHoweverLong) {
  Interleaver interleaver({{1, 50}, {1, 1}});
  for (int second = 0; second < 100; ++second) ASSERT_TRUE(interleaver.push(packet(1, second)).ok());
  EXPECT_FALSE(interleaver.ready());
  ASSERT_TRUE(interleaver.push(packet(0, 0)).ok());
  EXPECT_EQ(drain(interleaver), (Order{{0, 0}}));
}

TEST(Interleaver, VideoWaitsForAudioOnlySoLong) {
  Interleaver interleaver({{1, 50}, {1, 1000}}, {.max_video_wait_s = 2.0, .max_bytes = 1 << 20});
  for (int i = 0; i <= 100; ++i) ASSERT_TRUE(interleaver.push(packet(0, i)).ok());
  EXPECT_FALSE(interleaver.ready());
  ASSERT_TRUE(interleaver.push(packet(0, 101)).ok());
  EXPECT_EQ(drain(interleaver), (Order{{0, 0}}));
}

TEST(Interleaver, BytesAreBounded) {
  Interleaver interleaver({{1, 50}, {1, 1000}}, {.max_video_wait_s = 1000, .max_bytes = 1000});
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(interleaver.push(packet(1, i, 100)).ok());
  EXPECT_EQ(drain(interleaver).size(), 10u);
}

TEST(Interleaver, NobodyWaitsForSparseStreams) {
  Interleaver interleaver({{1, 50}, {1, 1000}, {1, 1000}}, {.first_sparse = 2});
  for (const std::int64_t dts : {0, 1, 2}) ASSERT_TRUE(interleaver.push(packet(0, dts)).ok());
  for (const std::int64_t dts : {0, 21, 42}) ASSERT_TRUE(interleaver.push(packet(1, dts)).ok());
  ASSERT_TRUE(interleaver.push(packet(2, 30)).ok());
  EXPECT_EQ(drain(interleaver), (Order{{0, 0}, {1, 0}, {0, 1}, {1, 21}, {2, 30}, {0, 2}}));
  // Alone it leaves nothing through.
  ASSERT_TRUE(interleaver.push(packet(2, 40)).ok());
  EXPECT_TRUE(drain(interleaver).empty());
}

TEST(Interleaver, EmptyAudioIsPassedOver) {
  Interleaver interleaver({{1, 50}, {1, 1000}});
  EXPECT_TRUE(interleaver.push(packet(1, 0, 0)).ok());
  EXPECT_TRUE(interleaver.waiting()[1].empty());
  EXPECT_FALSE(interleaver.push(packet(0, 0, 0)).ok());
  EXPECT_FALSE(interleaver.push(packet(2, 0)).ok());
  EXPECT_FALSE(interleaver.push(packet(-1, 0)).ok());
}

TEST(Timeline, RoundsHalvesUpOnBothSidesOfZero) {
  constexpr Rational kFrame{1001, 60000};
  static_assert(rescale_half_up(1, kFrame, kPtsTimeBase) == 1502);
  static_assert(rescale_half_up(2, kFrame, kPtsTimeBase) == 3003);
  static_assert(rescale_half_up(-1, kFrame, kPtsTimeBase) == -1501);
  static_assert(rescale_half_up(-2, kFrame, kPtsTimeBase) == -3003);
  static_assert(rescale_half_up(0, kFrame, kPtsTimeBase) == 0);
  // 100 days of frames, exactly.
  const std::int64_t frames = std::int64_t{100} * 86'400 * 60;
  EXPECT_EQ(rescale_half_up(frames, kFrame, kPtsTimeBase), frames / 2 * 3003);
  for (std::int64_t k = -10; k < 10; ++k) {
    EXPECT_EQ(rescale_half_up(k + 1, kFrame, kPtsTimeBase) - rescale_half_up(k, kFrame, kPtsTimeBase),
              k % 2 == 0 ? 1502 : 1501)
        << k;
  }
}

// One packet of PID 0x100 with a PES header, its PTS, and a PCR where given.
std::vector<std::uint8_t> ts_packet(std::int64_t pts, std::int64_t pcr = -1) {
  std::vector<std::uint8_t> p(188, 0xff);
  p[0] = 0x47, p[1] = 0x41, p[2] = 0x00, p[3] = 0x30;
  p[4] = 7, p[5] = pcr >= 0 ? 0x10 : 0;
  const std::int64_t base = pcr / 300;
  p[6] = static_cast<std::uint8_t>(base >> 25), p[7] = static_cast<std::uint8_t>(base >> 17);
  p[8] = static_cast<std::uint8_t>(base >> 9), p[9] = static_cast<std::uint8_t>(base >> 1);
  p[10] = static_cast<std::uint8_t>((base & 1) << 7 | 0x7e | (pcr % 300) >> 8),
  p[11] = static_cast<std::uint8_t>(pcr % 300);
  const std::uint8_t pes[] = {0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5};
  std::copy(std::begin(pes), std::end(pes), p.begin() + 12);
  p[21] = static_cast<std::uint8_t>(0x21 | (pts >> 29 & 0x0e)), p[22] = static_cast<std::uint8_t>(pts >> 22);
  p[23] = static_cast<std::uint8_t>(pts >> 14 | 1), p[24] = static_cast<std::uint8_t>(pts >> 7);
  p[25] = static_cast<std::uint8_t>(pts << 1 | 1);
  return p;
}

// At 188 * 8 * 100 bit/s a packet takes 10 ms, 900 ticks.
TEST(TsArrival, ComparesArrivalWithDecodingTime) {
  constexpr std::int64_t kRate = 188 * 8 * 100;
  for (const std::int64_t start : {std::int64_t{0}, (std::int64_t{1} << 33) - 1000}) {
    const std::int64_t wrap = std::int64_t{1} << 33;
    TsArrivalCheck check(kRate, 0x100, 1);
    EXPECT_TRUE(check.feed(ts_packet((start + 900) % wrap, start * 300)).ok());
    EXPECT_TRUE(check.feed(ts_packet((start + 1800) % wrap)).ok());
    // Complete 848 + 1800 ticks after the first PCR: just in time, then one tick too late.
    EXPECT_TRUE(check.feed(ts_packet((start + 2648) % wrap)).ok());
    const std::vector<std::uint8_t> late = ts_packet((start + 3546) % wrap);
    EXPECT_TRUE(check.feed(std::span(late).first(100)).ok());
    const Status status = check.feed(std::span(late).subspan(100));
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::kOutput);
    EXPECT_NE(status.error().message.find("byte 564, PID 0x100"), std::string::npos) << status.error().message;
  }
}

TEST(TsArrival, MalformedPacketsDoNotCrash) {
  TsArrivalCheck check(1'000'000, 0x100, 2);
  std::vector<std::uint8_t> bad = ts_packet(0, 0);
  bad[4] = 200;
  EXPECT_FALSE(check.feed(bad).ok());
  std::vector<std::uint8_t> noise(188 * 50);
  std::uint32_t seed = 1;
  for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>((seed = seed * 1664525 + 1013904223) >> 24);
  TsArrivalCheck other(1'000'000, 0, 8192);
  for (std::size_t at = 0; at < noise.size(); at += 188) (void)other.feed(std::span(noise).subspan(at, 188));
}

}  // namespace
}  // namespace jinsha::test
