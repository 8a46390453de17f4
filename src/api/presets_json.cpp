#include "api/presets_json.h"

#include <nlohmann/json.hpp>

#include "job/preset.h"

namespace jinsha {

nlohmann::json presets_to_json() {
  nlohmann::json list = nlohmann::json::array();
  for (const std::string& name : preset_names()) {
    const auto chain = load_preset_chain(name);
    if (chain.ok()) list.push_back({{"name", name}, {"description", chain->back().description}});
  }
  return list;
}

Result<nlohmann::json> preset_to_json(const std::string& name) {
  JINSHA_ASSIGN(const std::vector<Preset> chain, load_preset_chain(name));
  nlohmann::json json{{"name", name},
                      {"description", chain.back().description},
                      {"inherits", nlohmann::json::array()},
                      {"options", nlohmann::json::array()}};
  for (auto row = chain.rbegin() + 1; row != chain.rend(); ++row) json["inherits"].push_back(row->name);
  std::vector<SettingLayer> layers;
  for (const Preset& row : chain) layers.push_back(row.settings);
  for (const auto& [setting, layer] : standing_settings(layers)) {
    const Preset& owner = chain[layer];
    const auto source = owner.sources.find(setting.row->key);
    json["options"].push_back({{"key", setting.row->key},
                               {"value", setting.value},
                               {"preset", owner.name},
                               {"source", source == owner.sources.end() ? "" : source->second}});
  }
  return json;
}

}  // namespace jinsha
