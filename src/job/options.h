// The option table: every job option, once. The command line, the C API, help texts and
// docs/options.md are made from these rows.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "job/spec.h"

namespace jinsha {

struct OptionRow {
  const char* key;         // "mux.muxrate": job documents and the C API
  const char* short_flag;  // "o" or ""
  const char* group;       // heading in help
  const char* value;       // placeholder of the value, "" for a flag
  bool repeatable;
  const char* default_text;  // in words; "" when there is none
  const char* help;          // one or two sentences
  // Reads the text into the spec. The error says what is wrong with the value; set_option() puts
  // the option's name in front.
  Status (*apply)(JobSpec& spec, std::string_view text);
};

std::span<const OptionRow> option_table();

// "--mux.service-name" for "mux.service_name".
std::string flag_of(const OptionRow& row);

// Sets one option by its key ("mux.service_name") or its flag name ("mux.service-name"). kUsage
// with the nearest known name when there is none.
Status set_option(JobSpec& spec, std::string_view key, std::string_view value);

// The row with this key or flag name; null when there is none.
const OptionRow* find_option(std::string_view key);
// The key nearest to `key`; empty when none is near.
std::string nearest_option(std::string_view key);

// The name among `known` with the smallest edit distance to `name`; empty when none is near.
std::string nearest_name(std::string_view name, std::span<const std::string> known);

}  // namespace jinsha
