// The C interface: questions that need no job, each answered with JSON.
#include <nlohmann/json.hpp>

#include "api/c_boundary.h"
#include "api/presets_json.h"
#include "api/report.h"
#include "encode/encoder.h"
#include "job/parse.h"
#include "job/plan_json.h"
#include "job/schema.h"
#include "verify/judge.h"

using jinsha::Error;
using jinsha::ErrorCode;
using jinsha::Status;
using jinsha::api::dump;
using jinsha::api::duplicate;
using jinsha::api::give;
using jinsha::api::guarded;
using jinsha::api::missing;

extern "C" {

jinsha_code jinsha_probe(const char* input, const char* raw_format, char** json, jinsha_error** error) {
  if (!input || !json) return give(missing("input or json"), error);
  *json = nullptr;
  return guarded(error, [&]() -> Status {
    jinsha::SourceSpec spec;
    spec.path = input;
    if (raw_format) {
      JINSHA_ASSIGN(spec.raw, jinsha::parse_raw_format(raw_format));
    }
    JINSHA_ASSIGN(const auto source, jinsha::open_source(spec, jinsha::Log()));
    *json = duplicate(dump(jinsha::source_to_json(source->info())));
    return {};
  });
}

jinsha_code jinsha_verify(const char* file, char** json, jinsha_error** error) {
  if (!file || !json) return give(missing("file or json"), error);
  *json = nullptr;
  return guarded(error, [&]() -> Status {
    JINSHA_ASSIGN(const jinsha::verify::Verdict verdict,
                  jinsha::verify::judge_file(file, std::nullopt, nullptr, nullptr));
    *json = duplicate(dump(jinsha::verdict_to_json(verdict)));
    if (verdict.passed()) return {};
    std::string text = std::string(file) + ":";
    for (const std::string& failure : verdict.failures()) text += "\n  " + failure;
    return Error{ErrorCode::kRejected, std::move(text)};
  });
}

char* jinsha_encoders(void) {
  try {
    nlohmann::json list = nlohmann::json::array();
    for (const jinsha::EncoderBackend& backend : jinsha::encoder_backends()) {
      const jinsha::EncoderCapabilities can = backend.capabilities();
      nlohmann::json row{{"name", backend.name},           {"description", backend.description},
                         {"depths", can.depths},           {"max_width", can.max_width},
                         {"max_height", can.max_height},   {"hrd", can.hrd},
                         {"passes", can.passes},           {"forced_keyframes", can.forced_keyframes},
                         {"speeds", can.speeds},           {"default_speed", can.default_speed},
                         {"default_crf", can.default_crf}, {"notes", can.notes}};
      for (const jinsha::Codec codec : can.codecs) row["codecs"].push_back(jinsha::name_of(codec));
      for (const jinsha::Chroma chroma : can.chromas) row["chromas"].push_back(jinsha::name_of(chroma));
      for (const auto mode : can.rate_modes) row["rate_modes"].push_back(jinsha::name_of(mode));
      const auto version = backend.available();
      row["available"] = version.ok();
      if (version.ok()) {
        row["version"] = *version;
      } else {
        row["why_not"] = version.error().message;
      }
      list.push_back(std::move(row));
    }
    return duplicate(dump(list));
  } catch (const std::exception&) {
    return nullptr;
  }
}

char* jinsha_job_schema(void) {
  try {
    return duplicate(jinsha::job_schema());
  } catch (const std::exception&) {
    return nullptr;
  }
}

char* jinsha_presets(void) {
  try {
    return duplicate(dump(jinsha::presets_to_json()));
  } catch (const std::exception&) {
    return nullptr;
  }
}

jinsha_code jinsha_preset(const char* name, char** json, jinsha_error** error) {
  if (!name || !json) return give(missing("name or json"), error);
  *json = nullptr;
  return guarded(error, [&]() -> Status {
    JINSHA_ASSIGN(const nlohmann::json preset, jinsha::preset_to_json(name));
    *json = duplicate(dump(preset));
    return {};
  });
}

}  // extern "C"
