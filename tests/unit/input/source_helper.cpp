#include "input/source_helper.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/pixdesc.h>
}

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "libav/formats.h"
#include "libav/frame_flags.h"
#include "libav/handles.h"

namespace jinsha::test {
namespace {

class Hash {
 public:
  void add(std::uint16_t sample) { value_ = (value_ ^ sample) * kPrime; }
  std::uint64_t value() const { return value_; }

 private:
  static constexpr std::uint64_t kPrime = 1099511628211ULL;
  std::uint64_t value_ = 14695981039346656037ULL;
};

int luma_at(const Frame& frame, int x, int y) {
  const std::byte* row = frame.plane(0) + frame.layout().stride[0] * static_cast<std::size_t>(y);
  return frame.layout().format.depth > 8 ? reinterpret_cast<const std::uint16_t*>(row)[x] : static_cast<int>(row[x]);
}

// Components in the order of our planes, read with libavutil's own reader.
std::uint64_t hash_of_av(const AVFrame& frame) {
  const auto* d = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  const bool rgb = (d->flags & AV_PIX_FMT_FLAG_RGB) != 0;
  const int planes = d->nb_components < 3 ? 1 : 3;
  Hash hash;
  std::vector<std::uint16_t> line(static_cast<std::size_t>(frame.width));
  const std::uint8_t* data[4] = {frame.data[0], frame.data[1], frame.data[2], frame.data[3]};
  for (int plane = 0; plane < planes; ++plane) {
    const int component = rgb ? (plane + 1) % 3 : plane;
    const int width = plane == 0 ? frame.width : AV_CEIL_RSHIFT(frame.width, d->log2_chroma_w);
    const int height = plane == 0 ? frame.height : AV_CEIL_RSHIFT(frame.height, d->log2_chroma_h);
    for (int y = 0; y < height; ++y) {
      av_read_image_line2(line.data(), data, frame.linesize, d, 0, y, component, width, 0, 2);
      for (int x = 0; x < width; ++x) hash.add(line[static_cast<std::size_t>(x)]);
    }
  }
  return hash.value();
}

// Every component at the level of an 8-bit `luma`, chroma in the middle, alpha opaque.
void fill(AVFrame& frame, int luma) {
  const auto* d = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  const bool rgb = (d->flags & AV_PIX_FMT_FLAG_RGB) != 0;
  std::vector<std::uint16_t> line(static_cast<std::size_t>(frame.width));
  for (int c = 0; c < d->nb_components; ++c) {
    const bool chroma = !rgb && (c == 1 || c == 2) && d->nb_components > 2;
    const int width = chroma ? AV_CEIL_RSHIFT(frame.width, d->log2_chroma_w) : frame.width;
    const int height = chroma ? AV_CEIL_RSHIFT(frame.height, d->log2_chroma_h) : frame.height;
    const int level = chroma ? 128 : c == 3 ? 255 : luma + 7 * (rgb ? c : 0);
    std::fill(line.begin(), line.end(), static_cast<std::uint16_t>(level << (d->comp[c].depth - 8)));
    for (int y = 0; y < height; ++y)
      av_write_image_line2(line.data(), frame.data, frame.linesize, d, 0, y, c, width, 2);
  }
}

}  // namespace

std::string media(const std::string& name) {
  const char* root = std::getenv("JINSHA_MEDIA");
  if (root == nullptr) return {};
  const std::string path = std::string(root) + "/" + name;
  return std::filesystem::exists(path) ? path : std::string();
}

std::vector<std::uint8_t> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string temporary(const std::string& name) {
  struct Folder {
    std::string path = testing::TempDir() + "jinsha-input-" + std::to_string(getpid());
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
  };
  static const Folder folder;
  return folder.path + "/" + name;
}

void write_file(const std::string& path, const std::vector<std::uint8_t>& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

std::uint64_t hash_of(const Frame& frame) {
  const FrameLayout& layout = frame.layout();
  Hash hash;
  for (int plane = 0; plane < layout.format.planes(); ++plane) {
    for (int y = 0; y < layout.format.plane_height(plane, layout.height); ++y) {
      const std::byte* row = frame.plane(plane) + layout.stride[plane] * static_cast<std::size_t>(y);
      const int width = layout.format.plane_width(plane, layout.width);
      if (layout.format.depth > 8) {
        for (int x = 0; x < width; ++x) hash.add(reinterpret_cast<const std::uint16_t*>(row)[x]);
      } else {
        for (int x = 0; x < width; ++x) hash.add(static_cast<std::uint16_t>(row[x]));
      }
    }
  }
  return hash.value();
}

double mean_luma(const Frame& frame) {
  double sum = 0;
  for (int y = 0; y < frame.layout().height; ++y) {
    for (int x = 0; x < frame.layout().width; ++x) sum += luma_at(frame, x, y);
  }
  return sum / frame.layout().width / frame.layout().height;
}

Outcome run(const SourceSpec& spec, const RunOptions& options) {
  Outcome result;
  const auto fail = [&](const Error& error) {
    result.error = error.message.empty() ? "(no words)" : error.message;
    result.code = error.code;
    return result;
  };
  Result<std::unique_ptr<Source>> opened = open_source(spec, Log());
  if (!opened) return fail(opened.error());
  Source& source = **opened;
  result.info = source.info();
  Result<FramePool> pool = FramePool::create(source.layout(), source.max_held_frames() + options.spare_frames);
  if (!pool) return fail(pool.error());
  std::stop_source stop;
  if (const Status started = source.start(*pool, stop.get_token(), options.first, options.count); !started) {
    return fail(started.error());
  }
  for (;;) {
    Result<Item> item = source.next();
    result.counters = source.counters();
    if (!item) return fail(item.error());
    if (std::holds_alternative<EndOfStream>(*item)) break;
    if (auto* packet = std::get_if<Packet>(&*item)) result.packets.push_back(std::move(*packet));
    if (const auto* frame = std::get_if<Frame>(&*item)) {
      if (result.damaged.empty()) result.first = frame->info();
      if (frame->info().pts != static_cast<std::int64_t>(result.damaged.size())) result.pts_without_gaps = false;
      result.damaged.push_back(frame->info().damaged);
      if (options.keep_hashes) {
        result.hashes.push_back(hash_of(*frame));
        if (frame->layout().width <= 64) result.lumas.push_back(mean_luma(*frame));
      }
    }
  }
  return result;
}

Outcome run(const std::string& path, int threads, const RunOptions& options) {
  SourceSpec spec;
  spec.path = path;
  spec.threads = threads;
  return run(spec, options);
}

std::vector<std::uint64_t> reference_hashes(const std::string& path) {
  std::vector<std::uint64_t> hashes;
  AVFormatContext* opened = avformat_alloc_context();
  libav::quiet(opened);
  if (avformat_open_input(&opened, ("file:" + path).c_str(), nullptr, nullptr) < 0) return hashes;
  const libav::InputPtr input(opened);
  avformat_find_stream_info(opened, nullptr);
  const AVCodec* codec = nullptr;
  const int best = av_find_best_stream(opened, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
  if (best < 0) return hashes;
  const libav::CodecPtr context(avcodec_alloc_context3(codec));
  libav::quiet(context.get());
  avcodec_parameters_to_context(context.get(), opened->streams[best]->codecpar);
  context->thread_count = 1;
  context->pkt_timebase = opened->streams[best]->time_base;
  if (avcodec_open2(context.get(), codec, nullptr) < 0) return hashes;
  const libav::PacketPtr packet = libav::make_packet();
  const libav::FramePtr frame = libav::make_frame();
  for (bool end = false; !end;) {
    end = av_read_frame(opened, packet.get()) < 0;
    if (!end && packet->stream_index != best) {
      av_packet_unref(packet.get());
      continue;
    }
    avcodec_send_packet(context.get(), end ? nullptr : packet.get());
    av_packet_unref(packet.get());
    while (avcodec_receive_frame(context.get(), frame.get()) >= 0) hashes.push_back(hash_of_av(*frame));
  }
  return hashes;
}

int luma_of(std::size_t index) { return 20 + static_cast<int>(index % 100) * 2; }

std::string make_clip(const std::string& name, const MadeClip& clip) {
  const AVCodec* codec = avcodec_find_encoder_by_name(clip.codec.c_str());
  if (codec == nullptr) return {};
  const std::string path = temporary(name);
  AVFormatContext* output = nullptr;
  if (avformat_alloc_output_context2(&output, nullptr, nullptr, path.c_str()) < 0) return {};
  const libav::CodecPtr context(avcodec_alloc_context3(codec));
  context->width = clip.width;
  context->height = clip.height;
  context->pix_fmt = libav::format_named(clip.pixel_format);
  // Lossy codecs want the frame rate as their time base.
  const int tick_ms = clip.codec == "ffv1" || clip.codec == "rawvideo" ? 1 : 40;
  context->time_base = {tick_ms, 1000};
  context->framerate = {25, 1};
  context->thread_count = 1;
  context->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
  if ((output->oformat->flags & AVFMT_GLOBALHEADER) != 0) context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  libav::quiet(context.get());
  if (avcodec_open2(context.get(), codec, nullptr) < 0) return {};
  AVStream* video = avformat_new_stream(output, nullptr);
  avcodec_parameters_from_context(video->codecpar, context.get());
  video->time_base = {1, 1000};
  AVStream* audio = nullptr;
  if (!clip.audio_ms.empty()) {
    audio = avformat_new_stream(output, nullptr);
    audio->codecpar->codec_type = AVMEDIA_TYPE_AUDIO;
    audio->codecpar->codec_id = AV_CODEC_ID_PCM_S16LE;
    audio->codecpar->sample_rate = 8000;
    audio->codecpar->format = AV_SAMPLE_FMT_S16;
    audio->codecpar->bits_per_coded_sample = 16;
    av_channel_layout_default(&audio->codecpar->ch_layout, 1);
    audio->time_base = {1, 1000};
  }
  avio_open(&output->pb, ("file:" + path).c_str(), AVIO_FLAG_WRITE);
  if (avformat_write_header(output, nullptr) < 0) return {};
  const libav::PacketPtr packet = libav::make_packet();
  const libav::FramePtr frame = libav::make_frame();
  const auto drain = [&] {
    while (avcodec_receive_packet(context.get(), packet.get()) >= 0) {
      packet->stream_index = video->index;
      av_packet_rescale_ts(packet.get(), context->time_base, video->time_base);
      av_interleaved_write_frame(output, packet.get());
    }
  };
  for (std::size_t i = 0; i < clip.pts_ms.size(); ++i) {
    frame->format = context->pix_fmt;
    frame->width = clip.width;
    frame->height = clip.height;
    av_frame_get_buffer(frame.get(), 0);
    for (int k = 0; k < AV_NUM_DATA_POINTERS && frame->buf[k] != nullptr; ++k) {
      std::memset(frame->buf[k]->data, 0, frame->buf[k]->size);  // the line writer adds its bits
    }
    fill(*frame, luma_of(i));
    frame->pts = clip.pts_ms[i] / tick_ms;
    avcodec_send_frame(context.get(), frame.get());
    av_frame_unref(frame.get());
    drain();
  }
  avcodec_send_frame(context.get(), nullptr);
  drain();
  for (const std::int64_t at : clip.audio_ms) {
    av_new_packet(packet.get(), 8000 / 50 * 2);
    std::memset(packet->data, 0, static_cast<std::size_t>(packet->size));
    packet->stream_index = audio->index;
    packet->pts = packet->dts = at;
    packet->duration = 20;
    packet->flags |= AV_PKT_FLAG_KEY;
    av_packet_rescale_ts(packet.get(), {1, 1000}, audio->time_base);
    av_interleaved_write_frame(output, packet.get());
  }
  av_write_trailer(output);
  avio_closep(&output->pb);
  avformat_free_context(output);
  return path;
}

}  // namespace jinsha::test
