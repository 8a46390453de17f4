#include "verify/findings.h"

#include <fmt/core.h>

namespace jinsha::verify {

std::string Place::text() const {
  std::string text;
  if (unit >= 0) text = fmt::format("access unit {}", unit);
  if (byte >= 0) text += fmt::format("{}byte {:#x}", text.empty() ? "" : ", ", byte);
  return text;
}

void Findings::pass(Property property, std::string expected, std::string found) {
  Row& row = rows_[static_cast<std::size_t>(property)];
  if (row.failures > 0) return;
  row.check = Check{property, true, std::move(expected), std::move(found), {}};
}

void Findings::fail(Property property, std::string expected, std::string found, std::string where) {
  Row& row = rows_[static_cast<std::size_t>(property)];
  if (row.failures++ > 0) return;
  row.check = Check{property, false, std::move(expected), std::move(found), std::move(where)};
}

void Findings::fail(Property property, std::string expected, std::string found, const Tally& tally) {
  if (tally.count == 0) return;
  fail(property, std::move(expected), std::move(found), tally.first.text());
  rows_[static_cast<std::size_t>(property)].failures += tally.count - 1;
}

std::vector<Check> Findings::checks() const {
  std::vector<Check> out;
  for (const Row& row : rows_) {
    if (!row.check) continue;
    out.push_back(*row.check);
    if (row.failures > 1) out.back().found += fmt::format(" (and {} more)", row.failures - 1);
  }
  return out;
}

}  // namespace jinsha::verify
