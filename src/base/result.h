// Result<T>: a value or an Error that carries its own words.
//
// Every function that can fail for a reason outside the program returns one of these. No exception
// crosses a folder boundary; a broken invariant of our own is an assert, not an Error.
#pragma once

#include <fmt/core.h>

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace jinsha {

// What kind of failure it is, for machines. One row each in kErrorCodes (result.cpp), which maps it
// to a name and to the exit status of the program.
enum class ErrorCode {
  kUsage,        // the request itself is wrong: unknown option, value out of range
  kInput,        // the input cannot be used: missing, unreadable, no decodable picture
  kNotPossible,  // the request is valid but not here: encoder, level, device, memory, disk space
  kOutput,       // writing the output failed
  kRejected,     // the judge found the output not to be what the plan promised
  kLosses,       // done, but something was lost and --strict was given
  kInterrupted,  // stopped on request (signal, cancel)
  kInternal,     // a fault of ours
};

// Lower-case word for logs, reports and the C API, e.g. "input". Never null.
const char* error_code_name(ErrorCode code);

// Exit status of the program for this code, as documented in README.md.
int exit_status(ErrorCode code);

// `message` is one or more sentences a person can act on: what, which value, which limit, where.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};

template <typename... Args>
Error make_error(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
  return Error{code, fmt::format(format, std::forward<Args>(args)...)};
}

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    assert(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    assert(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : failed_(true), error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return !failed_; }
  explicit operator bool() const { return ok(); }
  const Error& error() const& {
    assert(failed_);
    return error_;
  }
  Error&& error() && {
    assert(failed_);
    return std::move(error_);
  }

 private:
  bool failed_ = false;
  Error error_;
};

using Status = Result<void>;

}  // namespace jinsha

// Return the error of `expr` (a Status or a Result whose value is not needed) from this function.
#define JINSHA_TRY(expr)                                    \
  do {                                                      \
    if (auto jinsha_status = (expr); !jinsha_status.ok()) { \
      return std::move(jinsha_status).error();              \
    }                                                       \
  } while (false)

// `JINSHA_ASSIGN(auto x, f());`: x is the value of f(), or its error is returned.
#define JINSHA_ASSIGN(target, expr) JINSHA_ASSIGN_NAMED(JINSHA_CONCAT(jinsha_result_, __LINE__), target, expr)
#define JINSHA_ASSIGN_NAMED(name, target, expr)   \
  auto name = (expr);                             \
  if (!name.ok()) return std::move(name).error(); \
  target = std::move(name).value()
#define JINSHA_CONCAT(a, b) JINSHA_CONCAT_INNER(a, b)
#define JINSHA_CONCAT_INNER(a, b) a##b
