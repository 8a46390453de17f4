#include "api/c_boundary.h"

#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>

namespace jinsha::api {
namespace {

struct CodeRow {
  ErrorCode internal;
  jinsha_code external;
};
constexpr CodeRow kCodes[] = {
    {ErrorCode::kUsage, JINSHA_USAGE},
    {ErrorCode::kInput, JINSHA_INPUT},
    {ErrorCode::kNotPossible, JINSHA_NOT_POSSIBLE},
    {ErrorCode::kOutput, JINSHA_OUTPUT},
    {ErrorCode::kRejected, JINSHA_REJECTED},
    {ErrorCode::kLosses, JINSHA_LOSSES},
    {ErrorCode::kInterrupted, JINSHA_INTERRUPTED},
    {ErrorCode::kInternal, JINSHA_INTERNAL},
};

jinsha_code external_code(ErrorCode code) {
  for (const CodeRow& row : kCodes) {
    if (row.internal == code) return row.external;
  }
  return JINSHA_INTERNAL;
}

}  // namespace

jinsha_code give(const Error& error, jinsha_error** out) noexcept {
  if (out) *out = new (std::nothrow) jinsha_error{error};
  return external_code(error.code);
}

jinsha_code give(const Status& status, jinsha_error** out) noexcept {
  if (out) *out = nullptr;
  return status.ok() ? JINSHA_OK : give(status.error(), out);
}

char* duplicate(const std::string& text) noexcept {
  char* copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy) std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

std::string dump(const nlohmann::json& json) {
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

Error missing(const char* what) { return make_error(ErrorCode::kUsage, "{} is NULL", what); }

}  // namespace jinsha::api

using jinsha::ErrorCode;
using jinsha::api::kCodes;

extern "C" {

jinsha_code jinsha_error_code(const jinsha_error* error) {
  return error ? jinsha::api::external_code(error->error.code) : JINSHA_OK;
}
const char* jinsha_error_message(const jinsha_error* error) { return error ? error->error.message.c_str() : ""; }
void jinsha_error_free(jinsha_error* error) { delete error; }

int jinsha_exit_status(jinsha_code code) {
  if (code == JINSHA_OK) return 0;
  for (const auto& row : kCodes) {
    if (row.external == code) return jinsha::exit_status(row.internal);
  }
  return jinsha::exit_status(ErrorCode::kInternal);
}

void jinsha_string_free(char* string) { std::free(string); }

}  // extern "C"
