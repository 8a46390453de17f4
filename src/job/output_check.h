// Whether an output can be written where the user asks for it.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "job/spec.h"
#include "media/container.h"

namespace jinsha {

// Container from --format or the extension; kUsage listing the known ones.
Result<ContainerKind> output_kind(const std::string& output, const std::string& format);

// False for "-" and "null:".
bool is_file_output(const std::string& output, ContainerKind kind);

// Refuses: output equal to input, existing without `overwrite`, missing or unwritable folder, a
// folder as output, less free space than `expected_bytes` (0: unknown).
Status check_output(const std::string& output, const std::string& input, bool overwrite, std::uint64_t expected_bytes);

// Refuses options that this kind of output has no use for: they were meant for another one.
Status check_options_apply(const JobSpec& spec, ContainerKind kind, bool coded);

// Refuses what --report and the like name: the input, the output, a folder, a place that cannot be
// written to. Empty: nothing to check.
Status check_side_output(const char* option, const std::string& path, const std::string& input,
                         const std::string& output);

// The names used next to an output: ".NAME.jinsha-tmp" while running, "NAME.partial.EXT" when
// stopped, "NAME.rejected.EXT" when the judge refused it.
std::string temporary_name(const std::string& output);
std::string partial_name(const std::string& output);
std::string rejected_name(const std::string& output);

}  // namespace jinsha
