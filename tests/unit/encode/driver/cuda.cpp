// Stands in for libcuda.so.1: as many devices as STAND_IN_DEVICES says.
#include <ffnvcodec/dynlink_cuda.h>

#include <cstdio>
#include <cstdlib>

namespace {
int devices() {
  const char* text = std::getenv("STAND_IN_DEVICES");
  return text != nullptr ? std::atoi(text) : 0;
}
constexpr auto kNoDevice = static_cast<CUresult>(100);  // CUDA_ERROR_NO_DEVICE
}  // namespace

extern "C" {
__attribute__((visibility("default"))) CUresult cuInit(unsigned int) {
  return devices() > 0 ? CUDA_SUCCESS : kNoDevice;
}
__attribute__((visibility("default"))) CUresult cuDeviceGetCount(int* count) {
  *count = devices();
  return CUDA_SUCCESS;
}
__attribute__((visibility("default"))) CUresult cuDeviceGet(CUdevice* device, int ordinal) {
  *device = ordinal;
  return ordinal < devices() ? CUDA_SUCCESS : kNoDevice;
}
__attribute__((visibility("default"))) CUresult cuDeviceGetName(char* name, int length, CUdevice) {
  std::snprintf(name, static_cast<std::size_t>(length), "Stand-in H100");
  return CUDA_SUCCESS;
}
__attribute__((visibility("default"))) CUresult cuCtxCreate_v2(CUcontext* context, unsigned int, CUdevice) {
  static int place;
  *context = reinterpret_cast<CUcontext>(&place);
  return CUDA_SUCCESS;
}
__attribute__((visibility("default"))) CUresult cuCtxDestroy_v2(CUcontext) { return CUDA_SUCCESS; }
}
