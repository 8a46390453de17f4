// Names of image sequences, "shot.%06d.dpx@24", and which of their pictures a folder holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace jinsha {

// A path with one printf-style number in its last part, or none: a single picture.
struct SequenceName {
  std::string folder;  // ends with "/", empty for the current one
  std::string before;  // what stands around the number, "%%" undone
  std::string after;
  bool numbered = false;
  int digits = 0;            // least width of the number
  bool zeros = false;        // filled with zeros, else with spaces
  Rational frame_rate = {};  // of "@RATE"; not valid when there is none

  // "shot.000123.dpx"; `number` means nothing where there is none in the name.
  std::string file_name(std::int64_t number) const;
  std::string path_of(std::int64_t number) const { return folder + file_name(number); }
};

// Empty where `path` is to be opened as it stands: a file of exactly this name exists, or nothing in the name is
// a number or a rate behind an existing file. An error where the name cannot be what was meant.
Result<std::optional<SequenceName>> parse_sequence_name(const std::string& path);

struct SequenceFile {
  std::int64_t number = 0;
  std::uint64_t bytes = 0;
};
// The pictures there are, by number. kInput when there is none or the folder cannot be read.
Result<std::vector<SequenceFile>> find_sequence_files(const SequenceName& name);

// "12, 15-17" of the numbers between the first and the last picture that have no file; empty when none is missing.
// Long lists end with "...".
std::string missing_numbers(const std::vector<SequenceFile>& files);

}  // namespace jinsha
