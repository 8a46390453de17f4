// The streams in tests/data/verify with the plan they were made to: what make_fixtures.sh asks for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "verify/judge.h"
#include "verify/stream_edit_helper.h"

namespace jinsha::verify_test {

struct Fixture {
  std::string name;
  StreamKind kind;
  Data bytes;
  Plan plan;
  verify::RunFacts run;
};
// All of them; a test fails when one cannot be read.
const std::vector<Fixture>& fixtures();
const Fixture& fixture(std::string_view name);

verify::Verdict judge(const Data& bytes, std::optional<ContainerKind> kind, const Plan* plan,
                      const verify::RunFacts* run, std::size_t piece = 1 << 16);
std::string failures_text(const verify::Verdict& verdict);
const verify::Check* find_check(const verify::Verdict& verdict, verify::Property property);
bool failed(const verify::Verdict& verdict, verify::Property property);

}  // namespace jinsha::verify_test
