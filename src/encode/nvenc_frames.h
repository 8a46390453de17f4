// Our planar pictures in the layouts NVENC reads.
#pragma once

#include <cstdint>  // before libavutil, which asks for UINT64_C

extern "C" {
#include <libavutil/pixfmt.h>
}

#include "media/frame.h"
#include "media/pixel_format.h"

struct AVFrame;

namespace jinsha {

// The layout a picture is uploaded in: as it is for 8 bit; NVENC takes 10 bits only at the top of
// 16-bit words, and 4:2:0 of them only with interleaved chroma (P010).
AVPixelFormat nvenc_upload_format(PixelFormat format);

// Copies `frame` into `target`, which has buffers of nvenc_upload_format and the same size.
void fill_upload_frame(const Frame& frame, AVFrame& target);

}  // namespace jinsha
