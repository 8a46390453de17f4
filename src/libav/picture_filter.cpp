#include "libav/picture_filter.h"

extern "C" {
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/frame.h>
#include <libavutil/mem.h>
}

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>

#include "libav/error.h"
#include "libav/formats.h"

namespace jinsha::libav {

Result<PictureFilter> PictureFilter::open(const std::string& chain, const AVFrame& first, Rational time_base,
                                          AVPixelFormat output, int threads) {
  PictureFilter filter;
  filter.graph_.reset(avfilter_graph_alloc());
  if (!filter.graph_) return make_error(ErrorCode::kNotPossible, "no memory for the filter {}", chain);
  filter.graph_->nb_threads = threads;
  const auto refused = [&](int error) {
    return to_error(ErrorCode::kNotPossible, error, fmt::format("the filter {} cannot be set up", chain));
  };
  const std::string source = fmt::format("video_size={}x{}:pix_fmt={}:time_base={}/{}:pixel_aspect={}/{}", first.width,
                                         first.height, first.format, time_base.num, time_base.den,
                                         first.sample_aspect_ratio.num, std::max(1, first.sample_aspect_ratio.den));
  int error = avfilter_graph_create_filter(&filter.source_, avfilter_get_by_name("buffer"), "in", source.c_str(),
                                           nullptr, filter.graph_.get());
  if (error < 0) return refused(error);
  error = avfilter_graph_create_filter(&filter.sink_, avfilter_get_by_name("buffersink"), "out", nullptr, nullptr,
                                       filter.graph_.get());
  if (error < 0) return refused(error);

  // The chain's own open ends, as the parser sees them: it reads from "in" and writes to "out".
  AVFilterInOut* begin = avfilter_inout_alloc();
  AVFilterInOut* end = avfilter_inout_alloc();
  if (begin != nullptr && end != nullptr) {
    *begin = {.name = av_strdup("in"), .filter_ctx = filter.source_, .pad_idx = 0, .next = nullptr};
    *end = {.name = av_strdup("out"), .filter_ctx = filter.sink_, .pad_idx = 0, .next = nullptr};
    const std::string whole = fmt::format("{},format={}", chain, name_of_format(output));
    error = avfilter_graph_parse_ptr(filter.graph_.get(), whole.c_str(), &end, &begin, nullptr);
    if (error >= 0) error = avfilter_graph_config(filter.graph_.get(), nullptr);
  } else {
    error = AVERROR(ENOMEM);
  }
  avfilter_inout_free(&begin);
  avfilter_inout_free(&end);
  if (error < 0) return refused(error);
  return filter;
}

int PictureFilter::send(AVFrame* picture) { return av_buffersrc_add_frame(source_, picture); }
int PictureFilter::receive(AVFrame* picture) { return av_buffersink_get_frame(sink_, picture); }
Rational PictureFilter::time_base() const { return to_rational(av_buffersink_get_time_base(sink_)); }

}  // namespace jinsha::libav
