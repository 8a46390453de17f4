// The report of a comparison as JSON.
#include <cmath>
#include <nlohmann/json.hpp>

#include "api/compare_report.h"
#include "api/report.h"

namespace jinsha {
namespace {

using compare::MetricRow;
using compare::Side;
using nlohmann::json;

json side_json(const Side& side, std::int64_t frames, const SourceCounters& counters, bool variable_rate) {
  const ColorInfo& color = side.color;
  return {{"path", side.path},
          {"container", side.container},
          {"codec", side.codec},
          {"width", side.width},
          {"height", side.height},
          {"format", describe(side.format)},
          {"color",
           {{"primaries", name_of(color.primaries)},
            {"transfer", name_of(color.transfer)},
            {"matrix", name_of(color.matrix)},
            {"range", name_of(color.range)},
            {"chroma_location", name_of(color.chroma_location)}}},
          {"frame_rate", fmt::format("{}/{}", side.frame_rate.num, side.frame_rate.den)},
          {"frames", frames},
          {"damage", damage_sentences(counters, variable_rate)}};
}

}  // namespace

json compare_report_json(const compare::Report& report, const std::string& heat_map_file) {
  const compare::Sides& sides = report.sides;
  const Rational rate = sides.reference.frame_rate;
  const auto time_s = [&](std::size_t frame) {
    return rate.valid() ? static_cast<double>(frame) / rate.to_double() : 0.0;
  };
  json not_measured = json::array();
  for (const std::string& reason : {sides.no_code_values, sides.no_light}) {
    if (!reason.empty()) not_measured.push_back(reason);
  }
  json metrics = json::array();
  json per_frame = json::array();
  for (std::size_t i = 0; i < report.frames.size(); ++i) per_frame.push_back({{"frame", i}, {"time_s", time_s(i)}});
  for (const MetricRow& row : compare::kMetrics) {
    const auto worst = compare::worst_frame(report, row);
    if (!worst) continue;
    const std::string name = compare::name_of(row, sides);
    metrics.push_back({{"name", name},
                       {"label", compare::label_of(row, sides)},
                       {"family", row.family},
                       {"unit", row.unit},
                       {"better", row.higher_is_better ? "higher" : "lower"},
                       {"overall", report.overall[row.metric]},
                       {"worst", report.frames[*worst].scores[row.metric]},
                       {"worst_frame", *worst},
                       {"worst_time_s", time_s(*worst)}});
    for (std::size_t i = 0; i < report.frames.size(); ++i) per_frame[i][name] = report.frames[i].scores[row.metric];
  }
  json heat_map = nullptr;
  if (report.heat_map_frame) heat_map = {{"file", heat_map_file}, {"frame", *report.heat_map_frame}};
  return {{"reference", side_json(sides.reference, report.reference_frames, report.reference_counters,
                                  sides.reference.variable_rate)},
          {"other", side_json(sides.other, report.other_frames, report.other_counters, sides.other.variable_rate)},
          {"frames", report.frames.size()},
          {"same_length", report.same_length()},
          {"frames_identical", sides.no_code_values.empty() ? json(report.frames_identical) : json(nullptr)},
          {"notes", sides.notes},
          {"not_measured", std::move(not_measured)},
          {"metrics", std::move(metrics)},
          {"heatmap", std::move(heat_map)},
          {"per_frame", std::move(per_frame)}};
}

}  // namespace jinsha
