// Options with the place they were given at, in layers: defaults (JobSpec), presets, document, command line,
// each above the one before.
//
// An option that a higher layer gives replaces the lower ones' altogether, a list too; only encoder
// parameters add up, the later winning inside the encoder. A rate mode (--crf, --qp, --bitrate) replaces
// another rate mode below it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "job/document.h"
#include "job/options.h"

namespace jinsha {

// One option with its value.
struct Setting {
  const OptionRow* row = nullptr;
  std::string value;
  std::string place;  // "job.toml:14"; empty for the command line
};

using SettingLayer = std::vector<Setting>;

// The entries of a document as options, in the order of the option table and each checked by itself.
// Keys of `other_keys`, and those below them, are passed over.
Result<SettingLayer> settings_of(const Document& document, const std::vector<std::string>& other_keys);

// What stands of all layers (the lowest first), in the order it is to be applied, with the index of its layer.
struct StandingSetting {
  Setting setting;
  std::size_t layer = 0;
};
std::vector<StandingSetting> standing_settings(std::span<const SettingLayer> layers);

}  // namespace jinsha
