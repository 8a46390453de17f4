#include "verify/mutators_helper.h"

namespace jinsha::verify_test {

const std::vector<Mutator>& mutators() {
  static const std::vector<Mutator> table = [] {
    std::vector<Mutator> rows;
    add_video_mutators(rows);
    add_sequence_mutators(rows);
    add_transport_mutators(rows);
    add_mp4_mutators(rows);
    return rows;
  }();
  return table;
}

}  // namespace jinsha::verify_test
