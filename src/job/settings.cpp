#include "job/settings.h"

#include <algorithm>
#include <cctype>

#include "job/preset.h"

namespace jinsha {
namespace {

// Whether `message` names this flag, and not a longer one that begins the same (--mux.pmt, --mux.pmt-pid).
bool names_flag(std::string_view message, const std::string& flag) {
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; };
  for (std::size_t at = message.find(flag); at != std::string_view::npos; at = message.find(flag, at + 1)) {
    std::string_view rest = message.substr(at + flag.size());
    if (rest.starts_with('.')) rest.remove_prefix(1);  // ends a sentence, or goes on as --mux.muxrate does
    if (rest.empty() || !is_word(rest.front())) return true;
  }
  return false;
}

}  // namespace

Status JobSettings::set(std::string_view key, std::string_view value) {
  JobSpec scratch;
  JINSHA_TRY(set_option(scratch, key, value));
  direct_.push_back({find_option(key), std::string(value), ""});
  return {};
}

Status JobSettings::load(const std::string& path) {
  if (!document_name_.empty())
    return make_error(ErrorCode::kUsage, "a job has one document: {} is loaded, {} is a second one", document_name_,
                      path);
  JINSHA_ASSIGN(const Document document, read_document(path));
  JINSHA_ASSIGN(document_, settings_of(document, {"$schema", "description"}));
  document_name_ = path;
  return {};
}

Result<std::vector<StandingSetting>> JobSettings::standing() const {
  std::vector<SettingLayer> layers{document_, direct_};
  Setting preset;
  for (const SettingLayer& layer : layers) {
    for (const Setting& setting : layer) {
      if (std::string_view(setting.row->key) == "preset") preset = setting;
    }
  }
  if (preset.row) {
    const Result<std::vector<Preset>> chain = load_preset_chain(preset.value);
    if (!chain.ok()) {
      return make_error(chain.error().code, "{}: {}",
                        preset.place.empty() ? "--preset" : fmt::format("{}: preset", preset.place),
                        chain.error().message);
    }
    std::vector<SettingLayer> below;
    for (const Preset& row : *chain) below.push_back(row.settings);
    layers.insert(layers.begin(), below.begin(), below.end());
  }
  return standing_settings(layers);
}

Result<JobSpec> JobSettings::resolve() const {
  JINSHA_ASSIGN(const std::vector<StandingSetting> all, standing());
  JobSpec spec;
  for (const StandingSetting& row : all) JINSHA_TRY(row.setting.row->apply(spec, row.setting.value));
  return spec;
}

std::optional<std::string> JobSettings::get(std::string_view key) const {
  const OptionRow* row = find_option(key);
  const Result<std::vector<StandingSetting>> all = standing();
  if (!row || !all.ok()) return std::nullopt;
  std::optional<std::string> value;
  for (const StandingSetting& given : *all) {
    if (given.setting.row == row) value = given.setting.value;
  }
  return value;
}

std::string JobSettings::origins(std::string_view message) const {
  const Result<std::vector<StandingSetting>> all = standing();
  if (!all.ok()) return "";
  std::string text;
  for (const auto& [setting, layer] : *all) {
    const std::string flag = flag_of(*setting.row);
    if (setting.place.empty() || !names_flag(message, flag)) continue;
    text += fmt::format("{}{}{}{} is from {}", text.empty() ? "" : ", ", flag, setting.value.empty() ? "" : " ",
                        setting.value, setting.place);
  }
  return text.empty() ? "" : fmt::format(" ({})", text);
}

}  // namespace jinsha
