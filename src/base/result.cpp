#include "base/result.h"

#include <array>

namespace jinsha {
namespace {

struct ErrorCodeRow {
  ErrorCode code;
  const char* name;
  int exit_status;
};

// The single table of failure kinds. README.md lists the exit statuses for users.
constexpr std::array kErrorCodes{
    ErrorCodeRow{ErrorCode::kUsage, "usage", 2},
    ErrorCodeRow{ErrorCode::kInput, "input", 3},
    ErrorCodeRow{ErrorCode::kNotPossible, "not-possible", 4},
    ErrorCodeRow{ErrorCode::kOutput, "output", 5},
    ErrorCodeRow{ErrorCode::kRejected, "rejected", 6},
    ErrorCodeRow{ErrorCode::kLosses, "losses", 7},
    ErrorCodeRow{ErrorCode::kInterrupted, "interrupted", 130},
    ErrorCodeRow{ErrorCode::kInternal, "internal", 70},
};

const ErrorCodeRow& row_of(ErrorCode code) {
  for (const ErrorCodeRow& row : kErrorCodes) {
    if (row.code == code) return row;
  }
  return kErrorCodes.back();
}

}  // namespace

const char* error_code_name(ErrorCode code) { return row_of(code).name; }

int exit_status(ErrorCode code) { return row_of(code).exit_status; }

}  // namespace jinsha
