// The report of a comparison as a page: tables and inline SVG, no script, nothing loaded from elsewhere.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "api/compare_report.h"

namespace jinsha {
namespace {

using nlohmann::json;

// Plots are this many user units wide and high; a line has at most kMaxPoints points.
constexpr double kWidth = 960, kHeight = 240, kLeft = 64, kBottom = 24, kTop = 8, kRight = 8;
constexpr std::size_t kMaxPoints = 600;
constexpr std::array kColors{"#1f5fbf", "#c2571a", "#2c8a3d", "#7a3fa0"};

constexpr const char* kStyle =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 "
    "1rem;color:#222;background:#fff}"
    "table{border-collapse:collapse}td,th{padding:.2rem .8rem;border-bottom:1px solid #ddd;text-align:left}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}svg{width:100%;height:auto}"
    "svg text{font-size:12px;fill:#555}svg .axis{stroke:#bbb}svg "
    "polyline{fill:none;stroke-width:1.2}.warn{color:#b00020}";

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      default: safe += c;
    }
  }
  return safe;
}

std::string number(const json& value) { return fmt::format("{:.5g}", value.get<double>()); }

std::string score(const json& metric, const char* member) {
  const std::string unit = metric.at("unit");
  return number(metric.at(member)) + (unit.empty() ? "" : " " + unit);
}

// The metric's scores, the worst of each run of frames where there are more than a plot can show.
struct Point {
  double frame, value;
};
std::vector<Point> points_of(const json& report, const json& metric) {
  const json& frames = report.at("per_frame");
  const std::string name = metric.at("name");
  const bool higher_is_better = metric.at("better") == "higher";
  const std::size_t run = (frames.size() + kMaxPoints - 1) / kMaxPoints;
  std::vector<Point> points;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const double value = frames[i].at(name);
    if (i % run == 0) {
      points.push_back({static_cast<double>(i), value});
    } else if (higher_is_better ? value < points.back().value : value > points.back().value) {
      points.back() = {static_cast<double>(i), value};
    }
  }
  return points;
}

std::string plot(const json& report, const std::vector<json>& family) {
  std::vector<std::vector<Point>> lines;
  double low = 1e300, high = -1e300;
  for (const json& metric : family) {
    lines.push_back(points_of(report, metric));
    for (const Point& point : lines.back()) {
      low = std::min(low, point.value);
      high = std::max(high, point.value);
    }
  }
  const double span = high > low ? high - low : 1;
  const double last = std::max(1.0, static_cast<double>(report.at("per_frame").size()) - 1);
  const auto x_of = [&](double frame) { return kLeft + (kWidth - kLeft - kRight) * frame / last; };
  const auto y_of = [&](double value) { return kTop + (kHeight - kTop - kBottom) * (1 - (value - low) / span); };
  std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\">\n", kWidth, kHeight);
  for (const double value : {low, low + span / 2, low + span}) {
    svg += fmt::format(
        "<line class=\"axis\" x1=\"{}\" y1=\"{:.1f}\" x2=\"{}\" y2=\"{:.1f}\"/><text x=\"{}\" y=\"{:.1f}\" "
        "text-anchor=\"end\">{:.5g}</text>\n",
        kLeft, y_of(value), kWidth - kRight, y_of(value), kLeft - 6, y_of(value) + 4, value);
  }
  svg += fmt::format("<text x=\"{}\" y=\"{}\">frame 0</text><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n",
                     kLeft, kHeight - 6, kWidth - kRight, kHeight - 6, report.at("per_frame").size() - 1);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const char* color = kColors[i % kColors.size()];
    svg += fmt::format("<polyline stroke=\"{}\" points=\"", color);
    for (const Point& point : lines[i]) svg += fmt::format("{:.1f},{:.1f} ", x_of(point.frame), y_of(point.value));
    const json& metric = family[i];
    svg += fmt::format(
        "\"/><circle r=\"3\" fill=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\"><title>worst: {} at frame {}</title></circle>\n",
        color, x_of(metric.at("worst_frame")), y_of(metric.at("worst")), escaped(score(metric, "worst")),
        metric.at("worst_frame").get<std::int64_t>());
  }
  svg += "</svg>\n<p>";
  for (std::size_t i = 0; i < family.size(); ++i) {
    svg += fmt::format("<span style=\"color:{}\">&#9632;</span> {} &#160; ", kColors[i % kColors.size()],
                       escaped(family[i].at("label")));
  }
  return svg + "</p>\n";
}

std::string side_row(const char* name, const json& side) {
  const json& color = side.at("color");
  return fmt::format("<tr><th>{}</th><td>{}</td><td>{}, {}x{}, {}, {}/{}/{} {}, {} frames</td></tr>\n", name,
                     escaped(side.at("path")), escaped(side.at("codec")), side.at("width").get<int>(),
                     side.at("height").get<int>(), escaped(side.at("format")), escaped(color.at("primaries")),
                     escaped(color.at("transfer")), escaped(color.at("matrix")), escaped(color.at("range")),
                     side.at("frames").get<std::int64_t>());
}

std::string paragraphs(const json& texts, const char* attributes, const std::string& before) {
  std::string html;
  for (const json& text : texts)
    html += fmt::format("<p{}>{}{}</p>\n", attributes, before, escaped(text.get<std::string>()));
  return html;
}

}  // namespace

std::string compare_report_html(const json& report) {
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta "
      "charset=\"utf-8\"><title>Comparison</title><style>{}</style></head>"
      "<body>\n<h1>Comparison</h1>\n<table>\n{}{}</table>\n<p>{} frames compared</p>\n",
      kStyle, side_row("A, the reference", report.at("reference")), side_row("B", report.at("other")),
      report.at("frames").get<std::int64_t>());
  if (!report.at("same_length").get<bool>()) {
    html +=
        "<p class=\"warn\">The files have different numbers of frames; the rest of the longer one is not "
        "compared.</p>\n";
  }
  for (const char* side : {"reference", "other"})
    html += paragraphs(report.at(side).at("damage"), " class=\"warn\"", std::string(side) + ": ");
  html += paragraphs(report.at("not_measured"), " class=\"warn\"", "Not measured: ");
  html += paragraphs(report.at("notes"), "", "");
  html += "<table>\n<tr><th>metric</th><th>over all</th><th>worst</th><th>frame</th><th>s</th></tr>\n";
  for (const json& metric : report.at("metrics")) {
    html += fmt::format(
        "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
        "class=\"n\">{:.3f}</td></tr>\n",
        escaped(metric.at("label")), score(metric, "overall"), score(metric, "worst"),
        metric.at("worst_frame").get<std::int64_t>(), metric.at("worst_time_s").get<double>());
  }
  html += "</table>\n";
  const json& metrics = report.at("metrics");
  for (std::size_t i = 0; i < metrics.size();) {
    std::vector<json> family;
    for (; i < metrics.size() && (family.empty() || metrics[i].at("family") == family.front().at("family")); ++i)
      family.push_back(metrics[i]);
    html += fmt::format("<h2>{}</h2>\n", escaped(family.front().at("family"))) + plot(report, family);
  }
  return html + "</body></html>\n";
}

}  // namespace jinsha
