#include "encode/nvenc_system.h"

#include <dlfcn.h>
#include <ffnvcodec/dynlink_cuda.h>
#include <ffnvcodec/nvEncodeAPI.h>
#include <fmt/core.h>

#include <array>
#include <memory>

namespace jinsha {
namespace {

constexpr const char* kCudaLibrary = "libcuda.so.1";
constexpr const char* kEncodeLibrary = "libnvidia-encode.so.1";

struct LibraryClose {
  void operator()(void* library) const { dlclose(library); }
};
using Library = std::unique_ptr<void, LibraryClose>;

Library load(const char* name) { return Library(dlopen(name, RTLD_LAZY | RTLD_LOCAL)); }

template <typename Function>
Function* symbol(const Library& library, const char* name) {
  return reinterpret_cast<Function*>(dlsym(library.get(), name));
}

std::string loader_error() {
  const char* text = dlerror();
  return text != nullptr ? text : "unknown reason";
}

// What is needed of the CUDA driver API.
struct Cuda {
  Library library;
  tcuInit* init = nullptr;
  tcuDeviceGetCount* device_count = nullptr;
  tcuDeviceGet* device = nullptr;
  tcuDeviceGetName* device_name = nullptr;
  tcuCtxCreate_v2* create_context = nullptr;
  tcuCtxDestroy_v2* destroy_context = nullptr;

  bool complete() const {
    return init != nullptr && device_count != nullptr && device != nullptr && device_name != nullptr &&
           create_context != nullptr && destroy_context != nullptr;
  }
};

Result<Cuda> load_driver() {
  Cuda cuda;
  cuda.library = load(kCudaLibrary);
  if (!cuda.library) {
    return make_error(ErrorCode::kNotPossible, "NVENC: there is no NVIDIA driver here ({})", loader_error());
  }
  cuda.init = symbol<tcuInit>(cuda.library, "cuInit");
  cuda.device_count = symbol<tcuDeviceGetCount>(cuda.library, "cuDeviceGetCount");
  cuda.device = symbol<tcuDeviceGet>(cuda.library, "cuDeviceGet");
  cuda.device_name = symbol<tcuDeviceGetName>(cuda.library, "cuDeviceGetName");
  cuda.create_context = symbol<tcuCtxCreate_v2>(cuda.library, "cuCtxCreate_v2");
  cuda.destroy_context = symbol<tcuCtxDestroy_v2>(cuda.library, "cuCtxDestroy_v2");
  if (!cuda.complete()) {
    return make_error(ErrorCode::kNotPossible, "NVENC: there is no usable NVIDIA driver here ({} lacks functions)",
                      kCudaLibrary);
  }
  return cuda;
}

// Opens an encode session on the context and closes it again.
Status try_session(CUcontext context, const std::string& device) {
  const Library library = load(kEncodeLibrary);
  if (!library) {
    return make_error(ErrorCode::kNotPossible,
                      "NVENC: the driver for '{}' is installed without its encoder library ({})", device,
                      loader_error());
  }
  auto* create = symbol<NVENCSTATUS NVENCAPI(NV_ENCODE_API_FUNCTION_LIST*)>(library, "NvEncodeAPICreateInstance");
  NV_ENCODE_API_FUNCTION_LIST functions{};
  functions.version = NV_ENCODE_API_FUNCTION_LIST_VER;
  NVENCSTATUS code = create == nullptr ? NV_ENC_ERR_INVALID_PTR : create(&functions);
  if (code == NV_ENC_SUCCESS && functions.nvEncOpenEncodeSessionEx == nullptr) code = NV_ENC_ERR_INVALID_PTR;
  if (code == NV_ENC_SUCCESS) {
    NV_ENC_OPEN_ENCODE_SESSION_EX_PARAMS session{};
    session.version = NV_ENC_OPEN_ENCODE_SESSION_EX_PARAMS_VER;
    session.deviceType = NV_ENC_DEVICE_TYPE_CUDA;
    session.device = context;
    session.apiVersion = NVENCAPI_VERSION;
    void* encoder = nullptr;
    code = functions.nvEncOpenEncodeSessionEx(&session, &encoder);
    if (encoder != nullptr && functions.nvEncDestroyEncoder != nullptr) functions.nvEncDestroyEncoder(encoder);
  }
  switch (code) {
    case NV_ENC_SUCCESS: return {};
    case NV_ENC_ERR_NO_ENCODE_DEVICE:
    case NV_ENC_ERR_UNSUPPORTED_DEVICE:
      return make_error(ErrorCode::kNotPossible,
                        "NVENC: the device '{}' has no encoder engine (data-centre devices such as A100 and H100 have "
                        "none): use another device, or the encoder x265 or svt-av1",
                        device);
    case NV_ENC_ERR_INVALID_VERSION:
      return make_error(ErrorCode::kNotPossible, "NVENC: the driver for '{}' is too old: encoder API {}.{} is needed",
                        device, NVENCAPI_MAJOR_VERSION, NVENCAPI_MINOR_VERSION);
    default:
      return make_error(ErrorCode::kNotPossible, "NVENC: the device '{}' opens no encode session (code {})", device,
                        static_cast<int>(code));
  }
}

}  // namespace

Result<std::string> find_nvenc() {
  JINSHA_ASSIGN(const Cuda cuda, load_driver());
  const CUresult initialised = cuda.init(0);
  int devices = 0;
  if (initialised == CUDA_SUCCESS) cuda.device_count(&devices);
  CUdevice device{};
  if (devices < 1 || cuda.device(&device, 0) != CUDA_SUCCESS) {
    return make_error(ErrorCode::kNotPossible,
                      "NVENC: an NVIDIA driver is installed, but it finds no device (cuInit gives {}, {} devices)",
                      static_cast<int>(initialised), devices);
  }
  std::array<char, 128> name{};
  cuda.device_name(name.data(), static_cast<int>(name.size()) - 1, device);
  CUcontext context = nullptr;
  if (cuda.create_context(&context, 0, device) != CUDA_SUCCESS) {
    return make_error(ErrorCode::kNotPossible,
                      "NVENC: the device '{}' gives no CUDA context: is it in use or in fault?", name.data());
  }
  const Status session = try_session(context, name.data());
  cuda.destroy_context(context);
  if (!session.ok()) return session.error();
  return fmt::format("encoder API {}.{}, {}", NVENCAPI_MAJOR_VERSION, NVENCAPI_MINOR_VERSION, name.data());
}

}  // namespace jinsha
