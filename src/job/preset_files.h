// The files of configs/presets as they are, compiled into the library (cmake/embed.cmake makes the
// source file from them).
#pragma once

#include <span>
#include <string_view>

namespace jinsha {

struct PresetFile {
  const char* name;  // without the folder and .toml
  std::string_view text;
};

std::span<const PresetFile> preset_files();

}  // namespace jinsha
