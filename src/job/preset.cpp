#include "job/preset.h"

#include <algorithm>

#include "base/os.h"
#include "job/preset_files.h"

namespace jinsha {
namespace {

bool is_file_name(const std::string& name) { return name.ends_with(".toml"); }

const PresetFile* find_builtin(const std::string& name) {
  for (const PresetFile& file : preset_files()) {
    if (name == file.name) return &file;
  }
  return nullptr;
}

Result<Document> preset_document(const std::string& name) {
  if (is_file_name(name)) return read_document(name);
  if (const PresetFile* file = find_builtin(name)) return parse_toml(file->text, fmt::format("preset {}", name));
  const std::vector<std::string> known = preset_names();
  const std::string near = nearest_name(name, known);
  return make_error(ErrorCode::kUsage,
                    "there is no preset \"{}\"{} (`jinsha presets` lists them; a file ends in .toml)", name,
                    near.empty() ? "" : fmt::format("; did you mean {}?", near));
}

Status read_own_key(const DocumentEntry& entry, Preset& preset) {
  constexpr std::string_view kSource = "source.";
  std::string* target = nullptr;
  if (entry.key == "description") target = &preset.description;
  if (entry.key == "inherits") target = &preset.inherits;
  if (entry.key.starts_with(kSource)) {
    const std::string key = entry.key.substr(kSource.size());
    const OptionRow* row = find_option(key);
    if (!row || key != row->key)
      return make_error(ErrorCode::kUsage, "{}: source: there is no option {}", entry.place, key);
    target = &preset.sources[key];
  }
  if (target && (entry.is_array || entry.texts.front().empty()))
    return make_error(ErrorCode::kUsage, "{}: {}: give one text", entry.place, entry.key);
  if (target) *target = entry.texts.front();
  return {};
}

Result<Preset> read_preset(const std::string& name) {
  JINSHA_ASSIGN(const Document document, preset_document(name));
  Preset preset;
  preset.name = name;
  for (const DocumentEntry& entry : document.entries) JINSHA_TRY(read_own_key(entry, preset));
  JINSHA_ASSIGN(preset.settings, settings_of(document, {"description", "inherits", "source"}));
  for (const Setting& setting : preset.settings) {
    const std::string_view key = setting.row->key;
    if (key == "input" || key == "output" || key == "preset")
      return make_error(ErrorCode::kUsage, "{}: {}: a preset cannot set it{}", setting.place, key,
                        key == "preset" ? "; `inherits` names another preset" : "");
  }
  // A file inherits from a file next to it.
  if (is_file_name(preset.inherits) && !preset.inherits.starts_with('/') && is_file_name(name))
    preset.inherits = fmt::format("{}/{}", folder_of(name), preset.inherits);
  return preset;
}

}  // namespace

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const PresetFile& file : preset_files()) names.emplace_back(file.name);
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::vector<Preset>> load_preset_chain(const std::string& name) {
  constexpr std::size_t kMaxDepth = 16;
  std::vector<Preset> chain;
  std::string path = name;
  for (std::string next = name; !next.empty(); next = chain.front().inherits) {
    const bool circle = std::any_of(chain.begin(), chain.end(), [&](const Preset& row) { return row.name == next; });
    if (!chain.empty()) path += fmt::format(" -> {}", next);
    if (circle) return make_error(ErrorCode::kUsage, "the presets inherit in a circle: {}", path);
    if (chain.size() == kMaxDepth)
      return make_error(ErrorCode::kUsage, "more than {} presets inherit from each other: {}", kMaxDepth, path);
    Result<Preset> preset = read_preset(next);
    if (!preset.ok()) {
      if (chain.empty()) return preset.error();
      return make_error(preset.error().code, "inherits of preset {}: {}", chain.front().name, preset.error().message);
    }
    chain.insert(chain.begin(), std::move(*preset));
  }
  return chain;
}

}  // namespace jinsha
