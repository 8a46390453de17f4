// Presets: job documents with a name, built into the library from configs/presets/*.toml. Besides
// options a preset has
//   description   what it is for, one sentence
//   inherits      the preset it begins with
//   [source]      for every option it sets: the standard, service or publication the value comes from,
//                 or "chosen here" and why
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "job/setting.h"

namespace jinsha {

struct Preset {
  std::string name;
  std::string description;
  std::string inherits;
  SettingLayer settings;                       // its own, without those it inherits
  std::map<std::string, std::string> sources;  // option key -> where the value comes from
};

// Names of the presets of the library, sorted.
std::vector<std::string> preset_names();

// The preset `name` and those it inherits, the root first. A name that ends in .toml is a file. kUsage
// for an unknown name (with the nearest), a wrong document or a circle of `inherits`.
Result<std::vector<Preset>> load_preset_chain(const std::string& name);

}  // namespace jinsha
