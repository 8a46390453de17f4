// EncoderConfig -> x265_param, and x265_param -> EncoderSettings.
#pragma once

#include <x265.h>

#include <memory>
#include <string>

#include "base/result.h"
#include "encode/encoder.h"

namespace jinsha {

// Two builds of x265 may differ in the size of these structures: nothing may be read through a
// header that does not fit the library.
bool x265_api_fits(const x265_api* api);

struct X265ParamFree {
  const x265_api* api = nullptr;
  void operator()(x265_param* param) const { api->param_free(param); }
};
using X265Param = std::unique_ptr<x265_param, X265ParamFree>;

struct X265EncoderClose {
  const x265_api* api = nullptr;
  void operator()(x265_encoder* encoder) const { api->encoder_close(encoder); }
};
using X265Handle = std::unique_ptr<x265_encoder, X265EncoderClose>;

// An opened encoder: x265 decides much only when it opens, and opening costs 5 ms and 10 MB even
// at 8K, so planning opens one too. What is fixed before that is in `param`.
struct X265Session {
  const x265_api* api = nullptr;
  X265Param param;
  X265Handle handle;
  Bytes headers;
  EncoderSettings settings;
};

// Every refusal happens here.
Result<X265Session> open_x265_session(const EncoderConfig& config);

// Estimate of the heap of an encoder with these parameters at its peak.
std::uint64_t x265_memory_bytes(const x265_param& param);

}  // namespace jinsha
