// MPEG-TS: repetition of tables and PCR (ISO/IEC 13818-1 2.7.2, ETSI TR 101 290), and the constant
// multiplex rate (2.4.2.2).
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "verify/checks.h"

namespace jinsha::verify {
namespace {

constexpr std::int64_t kPcrClock = 27'000'000;
constexpr std::int64_t kPcrLimit = kPcrClock / 10;             // 100 ms
constexpr std::int64_t kPsiLimit = kPcrClock / 2;              // PAT and PMT, 500 ms
constexpr std::int64_t kSdtLimit = 2 * kPcrClock;              // 2 s
constexpr std::int64_t kPcrTolerance = kPcrClock / 2'000'000;  // 500 ns
constexpr std::int64_t kBitsPerByte = 8;
constexpr double kMs = 1000.0 / static_cast<double>(kPcrClock);

// PCR time of a byte of the file, by interpolation. Bytes must be asked for in order.
class ByteClock {
 public:
  explicit ByteClock(const std::vector<PcrSample>& pcrs) : pcrs_(pcrs) {}
  std::int64_t at(std::int64_t byte) {
    while (next_ + 2 < pcrs_.size() && pcrs_[next_ + 1].byte <= byte) ++next_;
    const PcrSample& a = pcrs_[next_];
    const PcrSample& b = pcrs_[next_ + 1];
    if (b.byte <= a.byte) return a.pcr;
    return a.pcr + static_cast<std::int64_t>(Int128{b.pcr - a.pcr} * (byte - a.byte) / (b.byte - a.byte));
  }

 private:
  const std::vector<PcrSample>& pcrs_;
  std::size_t next_ = 0;
};

void check_interval(CheckContext& context, const char* table, const std::vector<std::int64_t>& bytes,
                    std::int64_t limit) {
  const auto& pcrs = context.log.ts->pcrs.items();
  const auto expected = fmt::format("a {} at least every {:.0f} ms", table, static_cast<double>(limit) * kMs);
  if (bytes.empty()) {
    context.findings.fail(Property::kContainer, expected, "none");
    return;
  }
  if (pcrs.size() < 2) return;
  ByteClock clock(pcrs);
  std::int64_t last = clock.at(pcrs.front().byte);
  const auto step = [&](std::int64_t byte) {
    const std::int64_t now = clock.at(byte);
    if (now - last > limit) {
      context.findings.fail(Property::kContainer, expected,
                            fmt::format("{:.1f} ms without one", static_cast<double>(now - last) * kMs),
                            Place{-1, byte});
    }
    last = now;
  };
  // What lies before the first PCR or behind the last has no time.
  for (const std::int64_t byte : bytes) {
    if (byte >= pcrs.front().byte && byte <= pcrs.back().byte) step(byte);
  }
  step(pcrs.back().byte);
}

void check_pcr(CheckContext& context) {
  const auto& pcrs = context.log.ts->pcrs.items();
  if (context.log.ts->pcr_pid < 0) return;
  if (pcrs.size() < 2) {
    // One is enough for a stream that is over before the next is due.
    const double frames = static_cast<double>(context.log.video.units.size());
    const Rational rate = context.frame_rate();
    const bool short_stream = rate.valid() && frames / rate.to_double() * Pcr::period::den <= kPcrLimit;
    if (pcrs.size() == 1 && short_stream) return;
    context.findings.fail(Property::kContainer, "a PCR at least every 100 ms",
                          fmt::format("{} PCR on PID {:#x}", pcrs.size(), context.log.ts->pcr_pid));
    return;
  }
  for (std::size_t i = 1; i < pcrs.size(); ++i) {
    const std::int64_t step = pcrs[i].pcr - pcrs[i - 1].pcr;
    if (pcrs[i].discontinuity && context.plan == nullptr) continue;
    if (step <= 0 || step > kPcrLimit || pcrs[i].discontinuity) {
      context.findings.fail(Property::kContainer, "PCRs that increase by at most 100 ms",
                            fmt::format("a step of {:.1f} ms{}", static_cast<double>(step) * kMs,
                                        pcrs[i].discontinuity ? " with discontinuity_indicator" : ""),
                            Place{-1, pcrs[i].byte});
    }
  }
}

// A planned rate holds from any PCR to any other: no PCR is off the line through the first.
void check_muxrate(CheckContext& context) {
  const TsLog& ts = *context.log.ts;
  const auto& pcrs = ts.pcrs.items();
  if (context.plan == nullptr || context.plan->muxrate_bits_per_s <= 0 || pcrs.size() < 2) return;
  const std::int64_t rate = context.plan->muxrate_bits_per_s;
  const auto expected = fmt::format("a multiplex of {} bit/s, each PCR within 500 ns", rate);
  for (const PcrSample& sample : pcrs) {
    // The 4-byte stamps of .m2ts are no part of the multiplex.
    const std::int64_t bytes = (sample.byte - pcrs.front().byte) / ts.stride * 188;
    const auto due = static_cast<std::int64_t>(Int128{bytes} * kBitsPerByte * kPcrClock / rate);
    const std::int64_t error = sample.pcr - pcrs.front().pcr - due;
    if (std::llabs(error) > kPcrTolerance + 1) {
      context.findings.fail(Property::kBitrate, expected,
                            fmt::format("a PCR {:+.3f} ms off", static_cast<double>(error) * kMs),
                            Place{-1, sample.byte});
    }
  }
  context.findings.pass(Property::kBitrate, expected, "so");
}

}  // namespace

void check_transport(CheckContext& context) {
  if (!context.log.ts) {
    context.findings.pass(Property::kContainer, "a file without errors", context.log.container);
    return;
  }
  const TsLog& ts = *context.log.ts;
  if (ts.pmt_pid >= 0) {
    check_interval(context, "PAT", ts.pats.items(), kPsiLimit);
    check_interval(context, "PMT", ts.pmts.items(), kPsiLimit);
    if (context.plan != nullptr || ts.service_name) check_interval(context, "SDT", ts.sdts.items(), kSdtLimit);
    check_pcr(context);
  }
  check_muxrate(context);
  context.findings.pass(Property::kContainer, "a transport stream without errors",
                        fmt::format("{} packets, {} PCRs", ts.packets, ts.pcrs.items().size()));
}

}  // namespace jinsha::verify
