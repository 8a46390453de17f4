// NVDEC: libavcodec's decoders made to work on the decoder engine of an NVIDIA device.
//
// Never run: no machine with such an engine was at hand. What is tested is what happens without one.
#pragma once

#include <memory>

#include "base/result.h"
#include "libav/formats.h"
#include "libav/handles.h"

struct AVCodec;
struct AVCodecContext;
struct AVFrame;

namespace jinsha {

// Outlives the codec context it is attached to.
class Nvdec {
 public:
  // Sets up a context that is not open yet; it must have no buffers of ours (get_buffer2). kNotPossible where there
  // is no driver or device, or where NVDEC knows nothing of the codec.
  static Result<std::unique_ptr<Nvdec>> attach(AVCodecContext& context);

  // Brings a picture that was decoded on the device into host memory, cropped. AVERROR codes, 0 for done.
  int fetch(AVFrame* picture);
  // The engine was offered pictures that it does not decode.
  bool refused() const { return refused_; }

 private:
  static AVPixelFormat choose(AVCodecContext* context, const AVPixelFormat* offered);

  libav::FramePtr host_;
  bool refused_ = false;
};

}  // namespace jinsha
