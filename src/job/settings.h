// JobSettings: the options of one job from everywhere they may come from (setting.h): preset, document, and
// what is set one by one (command line, jinsha_job_set).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "job/setting.h"
#include "job/spec.h"

namespace jinsha {

class JobSettings {
 public:
  // Sets one option by key or flag name; its value is checked now.
  Status set(std::string_view key, std::string_view value);
  // Reads a job document; one for each job.
  Status load(const std::string& path);

  // What all of it comes to. kUsage when the preset cannot be had.
  Result<JobSpec> resolve() const;

  // The value that stands for `key`, as text; nothing when it is the default.
  std::optional<std::string> get(std::string_view key) const;

  // Where flags that `message` names were given, when that was not the command line: a sentence to put
  // behind it, or nothing.
  std::string origins(std::string_view message) const;

 private:
  // Everything that stands, in the order it is applied.
  Result<std::vector<StandingSetting>> standing() const;

  std::string document_name_;
  SettingLayer document_;
  SettingLayer direct_;
};

}  // namespace jinsha
