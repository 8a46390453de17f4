// The rows of vectors.csv, and how an answer is held against one.
#pragma once

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace jinsha::reference {

using Numbers = std::vector<double>;
using Functions = std::map<std::string, std::function<Numbers(const Numbers&)>>;

struct Vector {
  std::string id, function;
  Numbers input, output;
  double tolerance = 0;
  std::string kind;  // "rel", "abs", "int"
};

// All rows; throws where one cannot be read.
inline std::vector<Vector> read_vectors() {
  const auto numbers = [](const std::string& text) {
    Numbers list;
    std::istringstream words(text);
    for (std::string word; words >> word;) list.push_back(std::stod(word));
    return list;
  };
  std::vector<Vector> rows;
  std::ifstream file(JINSHA_VECTORS);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#') || line.starts_with("id,")) continue;
    std::vector<std::string> fields;
    std::istringstream cut(line);
    for (std::string field; std::getline(cut, field, ',');) fields.push_back(field);
    rows.push_back({fields.at(0), fields.at(1), numbers(fields.at(2)), numbers(fields.at(3)), std::stod(fields.at(4)),
                    fields.at(5)});
  }
  return rows;
}

// What is wrong with the answer; empty when it holds.
inline std::string mismatch(const Vector& row, const Numbers& answer) {
  std::ostringstream words;
  words.precision(15);
  if (answer.size() != row.output.size()) words << answer.size() << " numbers instead of " << row.output.size();
  for (std::size_t i = 0; i < std::min(answer.size(), row.output.size()); ++i) {
    const double expected = row.output[i], distance = std::abs(answer[i] - expected);
    const double allowed = row.kind == "rel"   ? row.tolerance * std::max(std::abs(expected), 1.0)
                           : row.kind == "abs" ? row.tolerance
                                               : 0;
    if (!(distance <= allowed)) words << " number " << i + 1 << ": " << answer[i] << " instead of " << expected;
  }
  return words.str();
}

}  // namespace jinsha::reference
