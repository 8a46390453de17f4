#include "input/nvdec.h"

#include <dlfcn.h>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <libavutil/hwcontext.h>
}

#include <utility>

#include "libav/error.h"

namespace jinsha {
namespace {

constexpr const char* kDriverLibraries[] = {"libcuda.so.1", "libnvcuvid.so.1"};

// libavutil would say no more than "operation not permitted", and print the rest.
Status find_driver() {
  for (const char* name : kDriverLibraries) {
    void* library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
    if (library == nullptr) {
      return make_error(ErrorCode::kNotPossible,
                        "--decoder cuda: there is no NVIDIA driver with a video decoder here ({} cannot be loaded); "
                        "leave --decoder out to decode in software",
                        name);
    }
    dlclose(library);
  }
  return {};
}

bool knows(const AVCodec& codec) {
  for (int i = 0; const AVCodecHWConfig* config = avcodec_get_hw_config(&codec, i); ++i) {
    if (config->device_type == AV_HWDEVICE_TYPE_CUDA && config->pix_fmt == AV_PIX_FMT_CUDA &&
        (config->methods & AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX) != 0) {
      return true;
    }
  }
  return false;
}

}  // namespace

Result<std::unique_ptr<Nvdec>> Nvdec::attach(AVCodecContext& context) {
  if (!knows(*context.codec)) {
    return make_error(ErrorCode::kNotPossible, "--decoder cuda: NVDEC does not decode {}; leave --decoder out",
                      avcodec_get_name(context.codec_id));
  }
  JINSHA_TRY(find_driver());
  AVBufferRef* device = nullptr;
  if (const int error = av_hwdevice_ctx_create(&device, AV_HWDEVICE_TYPE_CUDA, nullptr, nullptr, 0); error < 0) {
    return libav::to_error(ErrorCode::kNotPossible, error,
                           "--decoder cuda: the NVIDIA driver gives no device; leave --decoder out, or mend it");
  }
  context.hw_device_ctx = device;  // the context's from here on
  auto nvdec = std::make_unique<Nvdec>();
  nvdec->host_ = libav::make_frame();
  if (!nvdec->host_) return make_error(ErrorCode::kNotPossible, "no memory to decode with NVDEC");
  context.opaque = nvdec.get();
  context.get_format = &Nvdec::choose;
  context.thread_count = 1;  // the engine has its own parallelism
  return nvdec;
}

AVPixelFormat Nvdec::choose(AVCodecContext* context, const AVPixelFormat* offered) {
  for (; *offered != AV_PIX_FMT_NONE; ++offered) {
    if (*offered == AV_PIX_FMT_CUDA) return AV_PIX_FMT_CUDA;
  }
  static_cast<Nvdec*>(context->opaque)->refused_ = true;
  return AV_PIX_FMT_NONE;
}

int Nvdec::fetch(AVFrame* picture) {
  if (picture->format != AV_PIX_FMT_CUDA) return 0;
  int error = av_hwframe_transfer_data(host_.get(), picture, 0);
  if (error >= 0) error = av_frame_copy_props(host_.get(), picture);
  // On the device only the right and bottom edges could be cropped.
  if (error >= 0) error = av_frame_apply_cropping(host_.get(), AV_FRAME_CROP_UNALIGNED);
  av_frame_unref(picture);
  if (error >= 0) av_frame_move_ref(picture, host_.get());
  av_frame_unref(host_.get());
  return error < 0 ? error : 0;
}

}  // namespace jinsha
