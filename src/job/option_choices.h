// The words an option takes, for the schema, completion and editors. They are not listed again: a row that
// takes words refuses others with "… is not one of A, B" or "… nor one of A, B", and that is read here; a
// placeholder such as 8|10|12|16 says it too.
#pragma once

#include <string>
#include <vector>

#include "job/options.h"

namespace jinsha {

struct OptionChoices {
  std::vector<std::string> words;  // empty: free text or a number
  bool closed = false;             // nothing else is taken
};

OptionChoices option_choices(const OptionRow& row);

}  // namespace jinsha
