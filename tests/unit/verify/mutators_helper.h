// Mutators: each damages a good stream in one way, and the judge must name the property that it
// breaks. Work on any stream of a suitable kind, so that outputs of the whole program can be damaged
// as well as the small streams of tests/data.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "verify/judge.h"
#include "verify/stream_edit_helper.h"

namespace jinsha::verify_test {

struct Mutator {
  verify::Property property;  // that the judge must name
  const char* name;
  // What cannot but break too, and only that may be named besides.
  std::vector<verify::Property> also;
  // Empty where the stream has nothing of the kind to damage.
  std::function<std::optional<Data>(const Data& stream, const StreamKind& kind)> apply;
};

const std::vector<Mutator>& mutators();

// The table's parts, one a file.
void add_video_mutators(std::vector<Mutator>& table);      // sizes, parameter sets, SEI, OBUs
void add_sequence_mutators(std::vector<Mutator>& table);   // single fields of SPS and sequence header
void add_transport_mutators(std::vector<Mutator>& table);  // MPEG-TS
void add_mp4_mutators(std::vector<Mutator>& table);        // MP4 and IVF

}  // namespace jinsha::verify_test
