// Subtitles, data and captions that pass as they are: that all are there, at their times.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "verify/checks.h"

namespace jinsha::verify {
namespace {

constexpr double kStartTolerance = 0.02;  // s, half a frame of the slowest usual rate

}  // namespace

void check_data(CheckContext& context) {
  const std::vector<DataLog>& logs = context.log.data;
  if (logs.empty()) return;
  const TimeSpan video = video_span(context);
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const DataLog& data = logs[i];
    const auto fail = [&](const std::string& expected, const std::string& what, const Place& place = {}) {
      context.findings.fail(Property::kStreams, expected, fmt::format("{} on PID {:#x}: {}", data.codec, data.id, what),
                            place);
    };
    if (data.untimed.count > 0 && context.plan != nullptr)
      fail("a time with every packet", "a packet without one", data.untimed.first);
    if (data.backwards.count > 0 && context.plan != nullptr)
      fail("times that never go back", "one that does", data.backwards.first);
    if (context.run == nullptr || i >= context.run->data_packets.size()) continue;
    const std::int64_t given = context.run->data_packets[i];
    if (data.packets != given) fail(fmt::format("{} packets", given), fmt::format("{}", data.packets));
    if (data.first_pts == kNoTime || !video.known || i >= context.run->data_start_s.size()) continue;
    const double start = static_cast<double>(data.first_pts) / 90'000 - video.start;
    if (std::fabs(start - context.run->data_start_s[i]) > kStartTolerance) {
      fail(fmt::format("the first packet {:.3f} s behind the first picture", context.run->data_start_s[i]),
           fmt::format("{:.3f} s", start));
    }
  }
}

void check_captions(CheckContext& context) {
  if (context.run == nullptr || !context.run->captioned || !context.readable_video()) return;
  std::vector<const AccessUnit*> shown;
  for (const AccessUnit& unit : context.log.video.units) shown.push_back(&unit);
  // A log that was cut off knows only the first pictures.
  if (static_cast<std::int64_t>(shown.size()) != context.log.video.unit_count) return;
  std::stable_sort(shown.begin(), shown.end(), [](const AccessUnit* a, const AccessUnit* b) {
    return a->epoch != b->epoch ? a->epoch < b->epoch : a->order < b->order;
  });
  std::int64_t captioned = 0;
  std::uint64_t digest = 0;
  const auto step = [&](std::uint64_t value) { digest = (digest ^ value) * std::uint64_t{0x100000001b3}; };
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown[i]->captions == 0) continue;
    ++captioned;
    step(i);
    step(shown[i]->captions);
  }
  const std::int64_t given = *context.run->captioned;
  if (captioned != given) {
    context.findings.fail(Property::kStreams, fmt::format("captions in {} pictures", given),
                          fmt::format("in {}", captioned));
  } else if (digest != context.run->captions_digest) {
    context.findings.fail(Property::kStreams, "the captions that were given, at their pictures",
                          "others, or at other pictures");
  }
}

}  // namespace jinsha::verify
