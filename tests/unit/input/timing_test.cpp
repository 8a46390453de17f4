// Frame rate choice, the constant-rate grid and the clock of sound: pure arithmetic.
#include <gtest/gtest.h>

#include "input/audio_clock.h"
#include "input/cadence.h"
#include "input/frame_rate.h"

namespace jinsha {
namespace {

TEST(FrameRate, SnapsToTheUsualRateWithinATenthOfAPercent) {
  EXPECT_EQ(usual_rate({23976, 1000}), (Rational{24000, 1001}));
  EXPECT_EQ(usual_rate({24006, 1000}), (Rational{24, 1}));  // a phone
  EXPECT_EQ(usual_rate({2999, 100}), (Rational{30, 1}));    // nearer to 30 than to 29.97
  EXPECT_EQ(usual_rate({5994, 100}), (Rational{60000, 1001}));
  EXPECT_EQ(usual_rate({120000, 1001}), (Rational{120000, 1001}));
  EXPECT_EQ(usual_rate({5, 1}), (Rational{5, 1}));
  EXPECT_FALSE(usual_rate({2752, 100}).valid());
  EXPECT_FALSE(usual_rate({0, 1}).valid());
}

TEST(FrameRate, RegularSourcesKeepTheirAverage) {
  const ChosenRate paff = choose_frame_rate({.average = {25, 1}, .base = {50, 1}, .coded = {25, 1}});
  EXPECT_EQ(paff.rate, (Rational{25, 1}));
  EXPECT_FALSE(paff.variable);
}

TEST(FrameRate, IrregularSourcesGetAGridThatHoldsTheirPictures) {
  const ChosenRate phone = choose_frame_rate({.average = {27521, 1000}, .base = {30, 1}, .coded = {0, 1}});
  EXPECT_EQ(phone.rate, (Rational{30, 1}));
  EXPECT_TRUE(phone.variable);
  const ChosenRate screen = choose_frame_rate({.average = {722, 100}, .base = {57600, 1}, .coded = {0, 1}});
  EXPECT_EQ(screen.rate, (Rational{30, 1}));
  EXPECT_TRUE(screen.variable);
  // An odd whole average is no grid when the timestamps lie on another.
  const ChosenRate odd = choose_frame_rate({.average = {22, 1}, .base = {60, 1}, .coded = {0, 1}});
  EXPECT_EQ(odd.rate, (Rational{60, 1}));
}

TEST(FrameRate, ElementaryStreamsFollowTheirOwnTiming) {
  EXPECT_EQ(choose_frame_rate({.average = {25, 1}, .base = {25, 1}, .coded = {50, 1}, .timestamps = false}).rate,
            (Rational{50, 1}));
  const ChosenRate nothing =
      choose_frame_rate({.average = {0, 1}, .base = {0, 1}, .coded = {0, 1}, .timestamps = false});
  EXPECT_EQ(nothing.rate, (Rational{25, 1}));
  EXPECT_TRUE(nothing.assumed);
}

TEST(Cadence, RegularTimesFillEverySlotOnce) {
  Cadence grid({60000, 1001}, {1, 1000});  // milliseconds, as in Matroska
  for (int i = 0; i < 10'000; ++i) {
    const auto place = grid.place(rescale(i, {1001, 60000}, {1, 1000}) + 777);
    ASSERT_FALSE(place.drop) << i;
    ASSERT_EQ(place.repeats, 0) << i;
    ASSERT_EQ(place.slot, i);
    ASSERT_EQ(place.jump_ticks, 0);
  }
}

TEST(Cadence, JitterOfHalfAFrameCostsNothing) {
  Cadence grid({25, 1}, {1, 90'000});
  std::uint32_t random = 1;
  for (int i = 0; i < 5000; ++i) {
    random = random * 1664525U + 1013904223U;
    const std::int64_t jitter = static_cast<std::int64_t>(random >> 16) % 1800 - 900;  // of 3600
    const auto place = grid.place(i * 3600 + jitter);
    ASSERT_FALSE(place.drop);
    ASSERT_EQ(place.slot, i);
  }
}

TEST(Cadence, GapsAreFilledAndDuplicatesDropped) {
  Cadence grid({25, 1}, {1, 1000});
  EXPECT_EQ(grid.place(0).slot, 0);
  EXPECT_EQ(grid.place(40).slot, 1);
  const auto gap = grid.place(200);
  EXPECT_EQ(gap.repeats, 3);
  EXPECT_EQ(gap.slot, 5);
  EXPECT_TRUE(grid.place(205).drop);
  EXPECT_EQ(grid.place(240).slot, 6);
  EXPECT_EQ(grid.slots(), 7);
}

TEST(Cadence, JumpsAreClosedUpInBothDirections) {
  Cadence grid({25, 1}, {1, 1000});
  grid.place(1'000'000);
  const auto forward = grid.place(1'000'040 + 3'600'000);
  EXPECT_EQ(forward.slot, 1);
  EXPECT_EQ(forward.repeats, 0);
  EXPECT_EQ(forward.jump_ticks, 3'600'000);
  EXPECT_EQ(grid.place(1'000'080 + 3'600'000).slot, 2);
  const auto back = grid.place(0);  // a loop begins again
  EXPECT_EQ(back.slot, 3);
  EXPECT_LT(back.jump_ticks, 0);
  EXPECT_EQ(grid.place(40).slot, 4);
  // As far as the clock goes, without overflow.
  EXPECT_EQ(grid.place(INT64_MAX / 4).slot, 5);
  EXPECT_EQ(grid.place(-INT64_MAX / 4).slot, 6);
}

TEST(Cadence, AGapBelowTheLimitIsAPause) {
  Cadence grid({25, 1}, {1, 1000});
  grid.place(0);
  EXPECT_EQ(grid.place(9'960).slot, 249);
  EXPECT_EQ(grid.place(9'960 + 11'000).slot, 250);
}

TEST(AudioClock, CutsAtPacketsAndKeepsTheOffset) {
  AudioClock clock({1, 48'000});
  clock.set_span(90'000, 45'000, {1, 90'000});  // from 1 s, half a second
  EXPECT_FALSE(clock.place(48'000 - 2048, 1024));
  EXPECT_FALSE(clock.place(48'000 - 1024, 1024));  // ends where the picture begins
  EXPECT_EQ(clock.place(48'000 - 100, 1024), -100);
  EXPECT_EQ(clock.place(48'924, 1024), 924);
  EXPECT_EQ(clock.place(71'990, 1024), 23'990);
  EXPECT_FALSE(clock.past_end());
  EXPECT_FALSE(clock.place(72'000, 1024));
  EXPECT_TRUE(clock.past_end());
}

TEST(Cadence, WhereClocksDoNotJumpALongGapIsAPause) {
  Cadence grid({25, 1}, {1, 1000}, Cadence::kMaxPauseS);
  grid.place(0);
  const auto slide = grid.place(60'000);
  EXPECT_EQ(slide.slot, 1500);
  EXPECT_EQ(slide.repeats, 1499);
  EXPECT_EQ(slide.jump_ticks, 0);
  // Damage must not fill the memory with repeated pictures.
  EXPECT_NE(grid.place(INT64_MAX / 4).jump_ticks, 0);
}

// A time base may be damaged as well: a tick of 497 days is a jump, whatever is left of the gap.
TEST(Cadence, TicksCoarserThanAnyPauseAreJumps) {
  Cadence grid({25, 1}, {42'949'673, 1}, Cadence::kMaxPauseS);
  for (std::int64_t tick = 0; tick < 4; ++tick) {
    const auto placed = grid.place(tick);
    EXPECT_EQ(placed.slot, tick);
    EXPECT_EQ(placed.repeats, 0);
  }
}

// Sound that stops for a while goes on with the pictures, not where it stopped.
TEST(AudioClock, APauseStaysAPause) {
  for (const bool may_jump : {true, false}) {
    AudioClock clock({1, 1000});
    clock.set_span(0, std::nullopt, {1, 1000});
    EXPECT_EQ(clock.place(0, 20), 0);
    if (may_jump) clock.set_video_time(15'000);
    EXPECT_EQ(clock.place(15'020, 20), 15'020);
    EXPECT_EQ(clock.place(15'040, 20), 15'040);
  }
}

// Parts joined with an overlap: what would lie on the packet before is left out.
TEST(AudioClock, LeavesOutWhatOverlaps) {
  AudioClock clock({1, 1000});
  clock.set_span(0, std::nullopt, {1, 1000});
  EXPECT_EQ(clock.place(0, 20), 0);
  EXPECT_EQ(clock.place(19, 20), 19);  // rounding
  EXPECT_FALSE(clock.place(0, 20));
  EXPECT_FALSE(clock.place(20, 20));
  EXPECT_EQ(clock.overlaps(), 2);
  EXPECT_EQ(clock.place(40, 20), 40);
}

TEST(AudioClock, FollowsTheJumpOfThePicturesWhicheverComesFirst) {
  AudioClock clock({1, 1000});
  clock.set_span(0, std::nullopt, {1, 1000});
  EXPECT_EQ(clock.place(0, 20), 0);
  EXPECT_EQ(clock.place(20, 20), 20);
  clock.set_video_time(0);
  // The sound jumps before the pictures are seen to.
  EXPECT_EQ(clock.place(1'000'040, 20), 40);
  EXPECT_EQ(clock.place(1'000'060, 20), 60);
  clock.set_jump(1'000'000);
  EXPECT_EQ(clock.place(1'000'080, 20), 80);
  // The pictures jump first: what is left of the old clock stays on it.
  clock.set_jump(5'000'000);
  EXPECT_EQ(clock.place(1'000'100, 20), 100);
  EXPECT_EQ(clock.place(5'000'120, 20), 120);
}

}  // namespace
}  // namespace jinsha
