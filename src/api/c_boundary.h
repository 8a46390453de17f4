// What every function of the C interface does with its results: errors become objects to free, exceptions
// end here, texts are handed over.
#pragma once

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>

#include "base/result.h"
#include "jinsha/jinsha.h"

struct jinsha_error {
  jinsha::Error error;
};

namespace jinsha::api {

jinsha_code give(const Error& error, jinsha_error** out) noexcept;
jinsha_code give(const Status& status, jinsha_error** out) noexcept;

// Runs `work`, a function returning Status, and turns what it says, or throws, into a code.
template <typename Work>
jinsha_code guarded(jinsha_error** out, Work&& work) noexcept {
  try {
    return give(std::forward<Work>(work)(), out);
  } catch (const std::bad_alloc&) {
    return give(Error{ErrorCode::kNotPossible, "out of memory"}, out);
  } catch (const std::exception& error) {
    return give(Error{ErrorCode::kInternal, error.what()}, out);
  }
}

// A copy that jinsha_string_free() frees; null when memory is exhausted.
char* duplicate(const std::string& text) noexcept;

std::string dump(const nlohmann::json& json);

Error missing(const char* what);

// The fields that the caller's struct has.
template <typename T>
T sized(const T& from) {
  T copy{};
  std::memcpy(reinterpret_cast<char*>(&copy), reinterpret_cast<const char*>(&from), std::min(from.size, sizeof(T)));
  return copy;
}

}  // namespace jinsha::api
