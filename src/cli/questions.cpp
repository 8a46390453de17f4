// The commands that answer one question: probe, verify, encoders.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/command.h"
#include "jinsha/jinsha.hpp"

namespace jinsha::cli {
namespace {

using nlohmann::json;

// The value under `key` as people read it.
std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

void print_row(const char* name, const std::string& value) {
  if (!value.empty()) std::printf("%-12s %s\n", name, value.c_str());
}

std::string color_text(const json& color) {
  return text_of(color, "primaries") + "/" + text_of(color, "transfer") + "/" + text_of(color, "matrix") + " " +
         text_of(color, "range") + " " + text_of(color, "chroma_location");
}

void print_hdr(const json& hdr) {
  if (const json& display = hdr.at("mastering_display"); !display.is_null()) {
    char text[160];
    std::snprintf(text, sizeof text, "%g to %g cd/m2, primaries RGB %s, white %s (units of 0.00002)",
                  display.at("min_luminance").get<double>() / 1e4, display.at("max_luminance").get<double>() / 1e4,
                  display.at("primaries_rgb").dump().c_str(), display.at("white_point").dump().c_str());
    print_row("mastering", text);
  }
  if (const json& light = hdr.at("content_light"); !light.is_null()) {
    print_row("light level",
              "MaxCLL " + text_of(light, "max_cll_nits") + ", MaxFALL " + text_of(light, "max_fall_nits") + " cd/m2");
  }
}

void print_source(const json& source) {
  const json& video = source.at("video");
  print_row("input", text_of(source, "path"));
  print_row("container", text_of(source, "container"));
  if (const double duration = source.at("duration_s").get<double>(); duration > 0) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f s", duration);
    print_row("duration", text);
  }
  print_row("video", text_of(video, "codec") + " " + text_of(video, "profile") + ", " + text_of(video, "width") + "x" +
                         text_of(video, "height") + ", " + text_of(video, "coded_format") + ", " +
                         text_of(video, "frame_rate") + " fps" +
                         (video.at("variable_rate").get<bool>() ? " (variable)" : "") +
                         (video.at("interlaced").get<bool>() ? ", interlaced" : ""));
  print_row("color", color_text(video.at("color")));
  print_hdr(video.at("hdr"));
  for (const json& name : video.at("dynamic_metadata")) print_row("metadata", name.get<std::string>());
  if (video.at("frame_count").get<std::int64_t>() > 0) {
    print_row("frames", (video.at("exact_frame_count").get<bool>() ? "" : "about ") + text_of(video, "frame_count"));
  }
  if (video.at("rotation_degrees").get<int>() != 0)
    print_row("rotation", text_of(video, "rotation_degrees") + " degrees clockwise");
  if (video.at("mirrored").get<bool>()) print_row("mirrored", "left to right, after the rotation");
  for (const json& audio : source.at("audio")) {
    print_row("audio", text_of(audio, "codec") + ", " + text_of(audio, "layout") + ", " +
                           text_of(audio, "sample_rate") + " Hz " + text_of(audio, "language"));
  }
  for (const json& data : source.at("data"))
    print_row("data", text_of(data, "codec") + " " + text_of(data, "language"));
  for (const json& other : source.at("other")) print_row(text_of(other, "kind").c_str(), text_of(other, "codec"));
  for (const json& text : video.at("conflicts")) print_row("conflict", text.get<std::string>());
  for (const json& text : source.at("converted")) print_row("delivered", text.get<std::string>());
  for (const json& text : source.at("losses")) print_row("not kept", text.get<std::string>());
  for (const json& text : source.at("warnings")) print_row("warning", text.get<std::string>());
}

void print_verdict(const json& verdict) {
  const json& facts = verdict.at("facts");
  print_row("container", text_of(facts, "container"));
  print_row("video", text_of(facts, "video_codec") + ", " + text_of(facts, "frames") + " frames, " +
                         text_of(facts, "key_frames") + " key frames, " + text_of(facts, "duration_s") + " s, " +
                         text_of(facts, "video_bits_per_s") + " bit/s");
  for (const auto& [name, value] : facts.at("details").items()) print_row(name.c_str(), value.get<std::string>());
  for (const json& check : verdict.at("checks")) {
    const bool passed = check.at("passed").get<bool>();
    std::string line = std::string(passed ? "ok    " : "WRONG ") + text_of(check, "property");
    if (!passed) {
      line += ": expected " + text_of(check, "expected") + ", found " + text_of(check, "found");
      if (!text_of(check, "where").empty()) line += " at " + text_of(check, "where");
    }
    std::printf("%s\n", line.c_str());
  }
}

struct Question {
  std::string subject;
  std::string raw_format;
  bool as_json = false;
  std::string error;
};

Question read_question(const char* command, const std::vector<std::string>& arguments,
                       const std::vector<ExtraFlag>& flags, bool subject) {
  const Arguments read = read_arguments(arguments, flags, false);
  Question question;
  question.error = read.error;
  if (question.error.empty() && read.positional.size() != (subject ? 1U : 0U)) {
    question.error = std::string(command) + (subject ? ": name one file" : ": takes no file");
  }
  if (!read.positional.empty()) question.subject = read.positional.front();
  for (const auto& [key, value] : read.options) {
    if (key == "json") question.as_json = true;
    if (key == "input_format") question.raw_format = value;
  }
  return question;
}

constexpr ExtraFlag kJson{"json", "--json", false};

int report(const Outcome& outcome) {
  if (!outcome.ok()) std::fprintf(stderr, "jinsha: %s\n", outcome.message.c_str());
  return outcome.exit_status();
}

}  // namespace

int run_probe(const std::vector<std::string>& arguments) {
  const Question question = read_question("probe", arguments, {kJson, {"input_format", "--input-format", true}}, true);
  if (!question.error.empty()) return usage_error(question.error);
  std::string text;
  const Outcome outcome = probe(question.subject, question.raw_format, text);
  if (outcome.ok() && question.as_json) std::printf("%s\n", text.c_str());
  if (outcome.ok() && !question.as_json) print_source(json::parse(text));
  return report(outcome);
}

int run_verify(const std::vector<std::string>& arguments) {
  const Question question = read_question("verify", arguments, {kJson}, true);
  if (!question.error.empty()) return usage_error(question.error);
  std::string text;
  const Outcome outcome = verify(question.subject, text);
  if (!text.empty() && question.as_json) std::printf("%s\n", text.c_str());
  if (!text.empty() && !question.as_json) print_verdict(json::parse(text));
  return report(outcome);
}

int run_encoders(const std::vector<std::string>& arguments) {
  const Question question = read_question("encoders", arguments, {kJson}, false);
  if (!question.error.empty()) return usage_error(question.error);
  const std::string text = encoders();
  if (question.as_json) {
    std::printf("%s\n", text.c_str());
    return 0;
  }
  const auto joined = [](const json& list) {
    std::string all;
    for (const json& item : list) {
      if (!all.empty()) all += ' ';
      all += item.is_string() ? item.get<std::string>() : item.dump();
    }
    return all;
  };
  for (const json& row : json::parse(text)) {
    std::printf("%s: %s\n", text_of(row, "name").c_str(), text_of(row, "description").c_str());
    print_row("  here",
              row.at("available").get<bool>() ? "yes, " + text_of(row, "version") : "no: " + text_of(row, "why_not"));
    print_row("  codecs", joined(row.at("codecs")));
    print_row("  pictures", joined(row.at("chromas")) + ", " + joined(row.at("depths")) + " bit, up to " +
                                text_of(row, "max_width") + "x" + text_of(row, "max_height"));
    print_row("  rate", joined(row.at("rate_modes")));
    print_row("  speeds", joined(row.at("speeds")) + " (default " + text_of(row, "default_speed") + ")");
    print_row("  notes", text_of(row, "notes"));
  }
  return 0;
}

}  // namespace jinsha::cli
