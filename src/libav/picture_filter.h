// PictureFilter: a chain of libavfilter's video filters, pictures in, pictures out.
#pragma once

extern "C" {
#include <libavutil/pixfmt.h>
}

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "libav/handles.h"

struct AVFilterContext;

namespace jinsha::libav {

class PictureFilter {
 public:
  // `chain` in libavfilter's syntax, between pictures like `first` (size, format, colour, aspect), whose times
  // count `time_base`, and pictures of `output`. kNotPossible where libavfilter refuses, with the chain.
  static Result<PictureFilter> open(const std::string& chain, const AVFrame& first, Rational time_base,
                                    AVPixelFormat output, int threads);

  // AVERROR codes, 0 for done. Takes the reference that `picture` is; null begins the flush.
  int send(AVFrame* picture);
  int receive(AVFrame* picture);
  // That of the pictures which come out.
  Rational time_base() const;

 private:
  FilterGraphPtr graph_;
  AVFilterContext* source_ = nullptr;
  AVFilterContext* sink_ = nullptr;
};

}  // namespace jinsha::libav
