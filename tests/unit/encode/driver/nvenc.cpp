// Stands in for libnvidia-encode.so.1: opening a session gives the status STAND_IN_SESSION.
#include <ffnvcodec/nvEncodeAPI.h>

#include <cstdlib>

namespace {
NVENCSTATUS open_session(NV_ENC_OPEN_ENCODE_SESSION_EX_PARAMS*, void** encoder) {
  const char* text = std::getenv("STAND_IN_SESSION");
  *encoder = nullptr;
  return static_cast<NVENCSTATUS>(text != nullptr ? std::atoi(text) : 0);
}
}  // namespace

extern "C" __attribute__((visibility("default"))) NVENCSTATUS NvEncodeAPICreateInstance(
    NV_ENCODE_API_FUNCTION_LIST* list) {
  list->nvEncOpenEncodeSessionEx = open_session;
  return NV_ENC_SUCCESS;
}
