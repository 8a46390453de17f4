// The presets as JSON, for the C interface.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.h"

namespace jinsha {

// [{name, description}], sorted by name.
nlohmann::json presets_to_json();

// {name, description, inherits: [...], options: [{key, value, preset, source}]}: what the preset comes to, each
// option with the preset of the chain that sets it.
Result<nlohmann::json> preset_to_json(const std::string& name);

}  // namespace jinsha
