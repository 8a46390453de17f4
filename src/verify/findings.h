// Findings: what each check expected and found. Keeps the first failure of a property and counts
// the rest, so that a stream broken everywhere costs no more memory than one broken once.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "verify/judge.h"

namespace jinsha::verify {

inline constexpr std::size_t kPropertyCount = static_cast<std::size_t>(Property::kBitrate) + 1;

// Where in the output: an access unit (counted in decode order from 0) and a byte of the file.
struct Place {
  std::int64_t unit = -1;  // -1: not about one access unit
  std::int64_t byte = -1;  // -1: not known
  std::string text() const;
};

// How often something happened, and where first.
struct Tally {
  std::int64_t count = 0;
  Place first;
  void add(const Place& place) {
    if (count++ == 0) first = place;
  }
};

class Findings {
 public:
  // The property was looked at. The words of the last call stand in a check that passed.
  void pass(Property property, std::string expected, std::string found);
  void fail(Property property, std::string expected, std::string found, std::string where = {});
  void fail(Property property, std::string expected, std::string found, const Place& place) {
    fail(property, std::move(expected), std::move(found), place.text());
  }
  // Counts `tally` as that many failures; nothing where it is empty.
  void fail(Property property, std::string expected, std::string found, const Tally& tally);

  bool failed(Property property) const { return rows_[static_cast<std::size_t>(property)].failures > 0; }
  // One check per property that was looked at, in the order of Property.
  std::vector<Check> checks() const;

 private:
  struct Row {
    std::optional<Check> check;
    std::int64_t failures = 0;
  };
  std::array<Row, kPropertyCount> rows_;
};

}  // namespace jinsha::verify
