#include "mux/lavf_output.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
}

#include <algorithm>

#include "libav/error.h"
#include "libav/frame_flags.h"
#include "libav/handles.h"
#include "libav/mux_bridge.h"

namespace jinsha {
namespace {

Error out_of_memory() { return make_error(ErrorCode::kNotPossible, "no memory for an output of libavformat"); }

}  // namespace

struct LavfCallbacks {
#if LIBAVFORMAT_VERSION_MAJOR >= 61
  using Data = const std::uint8_t;
#else
  using Data = std::uint8_t;
#endif
  static int write(void* opaque, Data* data, int size) {
    return LavfOutput::take_bytes(static_cast<LavfOutput*>(opaque), {data, static_cast<std::size_t>(size)});
  }
};

int LavfOutput::take_bytes(LavfOutput* self, std::span<const std::uint8_t> bytes) {
  if (self->sink_status_.ok()) self->sink_status_ = self->sink_.write(bytes);
  return self->sink_status_.ok() ? static_cast<int>(bytes.size()) : AVERROR(EIO);
}

Result<std::unique_ptr<LavfOutput>> LavfOutput::create(const char* format, std::size_t buffer_bytes, ByteSink& sink) {
  AVFormatContext* context = nullptr;
  if (avformat_alloc_output_context2(&context, nullptr, format, nullptr) < 0) {
    return make_error(ErrorCode::kNotPossible, "this libavformat has no muxer \"{}\"", format);
  }
  std::unique_ptr<LavfOutput> output(new LavfOutput(context, sink));
  libav::quiet(context);
  // No version strings, no dates: equal input gives equal bytes. Times are set by us alone.
  context->flags |= AVFMT_FLAG_BITEXACT | AVFMT_FLAG_CUSTOM_IO;
  context->avoid_negative_ts = 0;
  auto* buffer = static_cast<std::uint8_t*>(av_malloc(buffer_bytes));
  if (buffer == nullptr) return out_of_memory();
  context->pb = avio_alloc_context(buffer, static_cast<int>(buffer_bytes), 1, output.get(), nullptr,
                                   &LavfCallbacks::write, nullptr);
  if (context->pb == nullptr) {
    av_free(buffer);
    return out_of_memory();
  }
  context->pb->seekable = 0;
  output->packet_ = libav::make_packet();
  if (!output->packet_) return out_of_memory();
  return output;
}

LavfOutput::~LavfOutput() {
  if (context_->pb != nullptr) {
    // Nothing more reaches the sink, it may be gone.
    if (sink_status_.ok()) sink_status_ = make_error(ErrorCode::kInternal, "closed");
    av_freep(&context_->pb->buffer);
    avio_context_free(&context_->pb);
  }
  avformat_free_context(context_);
}

Status LavfOutput::set_option(const char* name, const std::string& value) {
  return check(av_opt_set(context_, name, value.c_str(), AV_OPT_SEARCH_CHILDREN), name);
}

Status LavfOutput::add_stream(const StreamInfo& info, int id) {
  AVStream* stream = avformat_new_stream(context_, nullptr);
  if (stream == nullptr) return out_of_memory();
  stream->id = id;
  return libav::describe_stream(stream, info);
}

Status LavfOutput::check(int result, const char* what) {
  if (!sink_status_.ok()) return sink_status_;
  if (result >= 0) return {};
  return make_error(ErrorCode::kOutput, "{} muxer of libavformat: {}: {}", context_->oformat->name, what,
                    libav::error_text(result));
}

Status LavfOutput::write_header() {
  JINSHA_TRY(check(avformat_write_header(context_, nullptr), "header"));
  header_written_ = true;
  return {};
}

Rational LavfOutput::time_base(int stream) const {
  const AVRational base = context_->streams[stream]->time_base;
  return {base.num, base.den};
}

Status LavfOutput::write(int stream, std::span<const std::uint8_t> data, const MuxTimes& times, bool key) {
  // A copy, because libavformat's parsers read beyond the end of a packet into its padding.
  if (data.size() > INT32_MAX / 2 || av_new_packet(packet_.get(), static_cast<int>(data.size())) < 0)
    return out_of_memory();
  std::copy(data.begin(), data.end(), packet_->data);
  packet_->stream_index = stream;
  packet_->pts = times.pts;
  packet_->dts = times.dts;
  packet_->duration = times.duration;
  if (key) packet_->flags |= AV_PKT_FLAG_KEY;
  const int result = av_write_frame(context_, packet_.get());
  av_packet_unref(packet_.get());
  return check(result, "packet");
}

Status LavfOutput::flush_muxer() { return check(av_write_frame(context_, nullptr), "end of a fragment"); }

Status LavfOutput::finish() {
  if (!header_written_) return make_error(ErrorCode::kInternal, "an output was finished before it had a header");
  const int result = av_write_trailer(context_);
  avio_flush(context_->pb);
  header_written_ = false;
  return check(result, "trailer");
}

}  // namespace jinsha
