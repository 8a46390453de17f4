#include "input/lavf_demux.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <string_view>

#include "input/hevc_glance.h"
#include "libav/color.h"
#include "libav/error.h"
#include "libav/frame_flags.h"
#include "libav/side_data.h"

namespace jinsha {
namespace {

// A demuxer that fails this often without a packet in between is taken to be at its end.
constexpr int kMaxFailuresInARow = 100;

// Playlists and reference files may name others; only the file that was asked for is ever opened.
int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) { return AVERROR(EPERM); }

const char* kind_of(AVMediaType type) {
  const char* name = av_get_media_type_string(type);
  return name == nullptr ? "data" : name;
}

// What transport streams carry in PES packets, and libavformat gives and takes whole. It takes the framing of KLV and
// ID3 away without putting it back, and has no way to write SCTE-35.
bool can_pass(AVCodecID id) { return id == AV_CODEC_ID_DVB_SUBTITLE || id == AV_CODEC_ID_DVB_TELETEXT; }

// Times no recording has are damage, and their differences need not fit.
void forget_absurd_times(AVPacket& packet, AVRational base) {
  constexpr std::int64_t kMostTicks = std::int64_t{1} << 60;
  constexpr double kMostSeconds = 0x1p32;  // 136 years
  const auto absurd = [&](std::int64_t ticks) {
    return ticks < -kMostTicks || ticks > kMostTicks ||
           std::abs(static_cast<double>(ticks) * av_q2d(base)) > kMostSeconds;
  };
  if (absurd(packet.pts)) packet.pts = AV_NOPTS_VALUE;
  if (absurd(packet.dts)) packet.dts = AV_NOPTS_VALUE;
  if (packet.duration < 0 || absurd(packet.duration)) packet.duration = 0;
}

bool is_picture_track(const AVStream& stream) {
  constexpr int kStill = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_STILL_IMAGE | AV_DISPOSITION_TIMED_THUMBNAILS;
  return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO && stream.codecpar->codec_id != AV_CODEC_ID_NONE &&
         (stream.disposition & kStill) == 0;
}

// An elementary stream's first picture would be decoded for its format alone, a third of a second at 8K. What it begins
// with says as much, and was read when the kind of file was found out.
void give_parameter_sets(const AVIOContext& io, AVCodecParameters& parameters) {
  if (parameters.codec_id != AV_CODEC_ID_HEVC || parameters.extradata != nullptr || parameters.width > 0) return;
  const std::vector<std::uint8_t> sets = hevc_parameter_sets({io.buf_ptr, io.buf_end});
  if (sets.empty()) return;
  parameters.extradata = static_cast<std::uint8_t*>(av_mallocz(sets.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (parameters.extradata == nullptr) return;
  std::copy(sets.begin(), sets.end(), parameters.extradata);
  parameters.extradata_size = static_cast<int>(sets.size());
}

}  // namespace

Result<std::unique_ptr<LavfDemux>> LavfDemux::open(InputFile file, const SourceSpec& spec) {
  std::unique_ptr<LavfDemux> demux(new LavfDemux(std::move(file)));
  JINSHA_TRY(demux->open_container(spec));
  JINSHA_TRY(demux->choose_streams());
  return demux;
}

Status LavfDemux::open_container(const SourceSpec& spec) {
  AVFormatContext* context = avformat_alloc_context();
  if (context == nullptr || io_.context() == nullptr) {
    avformat_free_context(context);
    return make_error(ErrorCode::kNotPossible, "no memory to read {}", name());
  }
  libav::quiet(context);
  context->pb = io_.context();
  context->flags |= AVFMT_FLAG_CUSTOM_IO;
  context->io_open = &refuse_to_open;
  context->interrupt_callback = {&LavfIo::interrupted, &io_};
  // Of transport streams: what teletext says of its time is not to be moved. Others leave the option alone.
  libav::Dictionary options;
  options.set("fix_teletext_pts", "0");
  // Frees the context when it fails. The name only helps to tell formats apart by extension.
  int error = avformat_open_input(&context, name().c_str(), nullptr, options.address());
  context_.reset(context);
  if (error < 0) {
    if (!io_.read_error().empty()) return Error{ErrorCode::kInput, io_.read_error()};
    if (error == AVERROR_INVALIDDATA || error == AVERROR(EINVAL)) {
      return make_error(ErrorCode::kInput,
                        "{} is not a media file of a kind known here, or it is damaged at its beginning; if it holds "
                        "bare frames, describe them with --input-format PIXFMT:WxH@FPS",
                        name());
    }
    return libav::to_error(ErrorCode::kInput, error, name() + " cannot be opened");
  }
  // libavformat draws any text as the screen of a terminal.
  if (std::string_view(context_->iformat->name) == "tty")
    return make_error(ErrorCode::kInput, "{} is text, not a media file", name());
  std::vector<std::pair<ColorInfo, HdrMetadata>> stated;
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    const AVStream& stream = *context_->streams[i];
    stated.emplace_back(libav::color_of(*stream.codecpar), libav::hdr_of(stream));
  }
  error = find_stream_info();
  if (!io_.read_error().empty()) return Error{ErrorCode::kInput, io_.read_error()};
  if (error == AVERROR_EOF) {
    return make_error(ErrorCode::kInput, "{} ends before any stream begins (it looks like {})", name(),
                      context_->iformat->name);
  }
  if (error < 0) return libav::to_error(ErrorCode::kInput, error, "the streams of " + name() + " cannot be read");
  JINSHA_ASSIGN(const int best, choose_video(spec));
  if (best >= 0) video_ = context_->streams[best];
  if (video_ != nullptr && static_cast<std::size_t>(best) < stated.size()) {
    container_color_ = stated[static_cast<std::size_t>(best)].first;
    container_hdr_ = stated[static_cast<std::size_t>(best)].second;
  }
  return {};
}

Result<int> LavfDemux::choose_video(const SourceSpec& spec) {
  const AVProgram* program = nullptr;
  std::string ids;
  for (unsigned i = 0; i < context_->nb_programs; ++i) {
    if (context_->programs[i]->id == spec.program) program = context_->programs[i];
    ids += fmt::format("{}{}", ids.empty() ? "" : ", ", context_->programs[i]->id);
  }
  if (spec.program > 0 && program == nullptr) {
    return make_error(ErrorCode::kUsage, "--program {}: {} has {}", spec.program, name(),
                      ids.empty() ? "no programs" : fmt::format("the programs {}", ids));
  }
  std::vector<int> tracks;
  const unsigned count = program != nullptr ? program->nb_stream_indexes : context_->nb_streams;
  for (unsigned i = 0; i < count; ++i) {
    const auto index = program != nullptr ? program->stream_index[i] : i;
    if (is_picture_track(*context_->streams[index])) tracks.push_back(static_cast<int>(index));
  }
  if (spec.video_track > static_cast<int>(tracks.size()))
    return make_error(ErrorCode::kUsage, "--video-track {}: {} has {} video tracks", spec.video_track, name(),
                      tracks.size());
  if (spec.video_track > 0) return tracks[static_cast<std::size_t>(spec.video_track) - 1];
  if (program != nullptr) {
    const auto luma = [&](int index) {
      const AVCodecParameters& parameters = *context_->streams[index]->codecpar;
      return std::int64_t{parameters.width} * parameters.height;
    };
    const auto largest =
        std::max_element(tracks.begin(), tracks.end(), [&](int a, int b) { return luma(a) < luma(b); });
    return largest == tracks.end() ? -1 : *largest;
  }
  const int best = av_find_best_stream(context_.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  return best >= 0 && is_picture_track(*context_->streams[best]) ? best : -1;
}

int LavfDemux::find_stream_info() {
  const unsigned count = context_->nb_streams;  // transport streams have none yet
  std::vector<libav::Dictionary> quiet(count);
  std::vector<AVDictionary*> options(count + 1);
  for (unsigned i = 0; i < count; ++i) {
    quiet[i].set(libav::kQuietOption, libav::kQuietValue);
    options[i] = *quiet[i].address();
  }
  for (unsigned i = 0; i < count; ++i) give_parameter_sets(*context_->pb, *context_->streams[i]->codecpar);
  // A picture of JPEG 2000 would be decoded for its format alone, half a second at 4K: the prober does that cheaper.
  std::vector<AVCodecParameters*> pretended;
  for (unsigned i = 0; i < count; ++i) {
    AVCodecParameters* parameters = context_->streams[i]->codecpar;
    if (parameters->codec_id != AV_CODEC_ID_JPEG2000 || parameters->format != AV_PIX_FMT_NONE || parameters->width <= 0)
      continue;
    parameters->format = AV_PIX_FMT_GRAY8;
    pretended.push_back(parameters);
  }
  const int error = avformat_find_stream_info(context_.get(), options.data());
  for (AVCodecParameters* parameters : pretended) parameters->format = AV_PIX_FMT_NONE;
  for (unsigned i = 0; i < count; ++i) *quiet[i].address() = options[i];
  return error;
}

Status LavfDemux::choose_streams() {
  if (video_ == nullptr) {
    std::string held;
    for (unsigned i = 0; i < context_->nb_streams; ++i) {
      const AVCodecParameters& parameters = *context_->streams[i]->codecpar;
      held += fmt::format("{}{} ({})", held.empty() ? "" : ", ", kind_of(parameters.codec_type),
                          avcodec_get_name(parameters.codec_id));
    }
    return make_error(ErrorCode::kInput, "{} has no video that can be read: as {} it holds {}", name(),
                      context_->iformat->name, held.empty() ? "no streams" : held);
  }
  const AVProgram* program = av_find_program_from_stream(context_.get(), nullptr, video_->index);
  const auto in_program = [&](int index) {
    if (program == nullptr) return true;
    const unsigned* begin = program->stream_index;
    const unsigned* end = begin + program->nb_stream_indexes;
    return std::find(begin, end, static_cast<unsigned>(index)) != end;
  };
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    AVStream* stream = context_->streams[i];
    if (stream == video_) continue;
    const AVCodecParameters& parameters = *stream->codecpar;
    if (parameters.codec_type == AVMEDIA_TYPE_AUDIO && parameters.codec_id != AV_CODEC_ID_NONE &&
        parameters.sample_rate > 0 && in_program(stream->index)) {
      audio_.push_back(stream);
    } else if (can_pass(parameters.codec_id) && in_program(stream->index)) {
      data_.push_back(stream);
    } else {
      other_.push_back({.source_index = stream->index,
                        .kind = kind_of(parameters.codec_type),
                        .codec = avcodec_get_name(parameters.codec_id)});
    }
  }
  return {};
}

bool LavfDemux::has_timestamps() const {
  // Some versions of libavformat say so of fewer elementary streams than others.
  constexpr std::array<std::string_view, 5> kElementary{"h264", "hevc", "obu", "m4v", "mpegvideo"};
  const AVInputFormat& format = *context_->iformat;
  return (format.flags & AVFMT_NOTIMESTAMPS) == 0 &&
         std::find(kElementary.begin(), kElementary.end(), format.name) == kElementary.end();
}

bool LavfDemux::clock_may_jump() const { return (context_->iformat->flags & AVFMT_TS_DISCONT) != 0; }

void LavfDemux::select(bool with_audio) {
  for (unsigned i = 0; i < context_->nb_streams; ++i) context_->streams[i]->discard = AVDISCARD_ALL;
  video_->discard = AVDISCARD_DEFAULT;
  for (AVStream* stream : data_) stream->discard = AVDISCARD_DEFAULT;
  if (!with_audio) return;
  for (AVStream* stream : audio_) stream->discard = AVDISCARD_DEFAULT;
}

bool LavfDemux::seek_near(double seconds) {
  if (!io_.file().seekable() || !has_timestamps()) return false;
  auto target = static_cast<std::int64_t>(seconds / av_q2d(video_->time_base));
  if (video_->start_time != AV_NOPTS_VALUE) target += video_->start_time;
  if (av_seek_frame(context_.get(), video_->index, target, AVSEEK_FLAG_BACKWARD) < 0) return false;
  again_.clear();
  return true;
}

// Teletext may leave its time out (ETSI EN 300 472 4.2), and a receiver shows what comes too late when it comes: then
// the time is that of the pictures it comes with. Those may be decoded some time after they came.
void LavfDemux::mend_time(AVPacket& packet, const AVStream& stream) const {
  constexpr double kLateS = 2;
  if (!last_dts_) return;
  const std::int64_t now = av_rescale_q(*last_dts_, video_->time_base, stream.time_base);
  const auto late = static_cast<std::int64_t>(kLateS / av_q2d(stream.time_base));
  if (packet.pts == AV_NOPTS_VALUE || packet.pts < now - late) packet.pts = packet.dts = now;
}

Result<libav::PacketPtr> LavfDemux::read() {
  if (io_.stopped()) return make_error(ErrorCode::kInterrupted, "stopped while reading {}", name());
  if (!again_.empty()) {
    libav::PacketPtr packet = std::move(again_.front());
    again_.pop_front();
    return packet;
  }
  libav::PacketPtr packet = libav::make_packet();
  if (!packet) return make_error(ErrorCode::kNotPossible, "no memory to read {}", name());
  for (int failures = 0; failures < kMaxFailuresInARow;) {
    const int error = av_read_frame(context_.get(), packet.get());
    if (io_.stopped()) return make_error(ErrorCode::kInterrupted, "stopped while reading {}", name());
    if (error == 0) {
      forget_absurd_times(*packet, context_->streams[packet->stream_index]->time_base);
      // Streams that appear later in a transport stream are not selected.
      const AVStream* stream = context_->streams[packet->stream_index];
      const auto is_one_of = [&](const std::vector<AVStream*>& streams) {
        return std::find(streams.begin(), streams.end(), stream) != streams.end();
      };
      if (stream == video_ && packet->dts != AV_NOPTS_VALUE) last_dts_ = packet->dts;
      if (is_one_of(data_)) mend_time(*packet, *stream);
      if (stream == video_ || is_one_of(audio_) || is_one_of(data_)) return packet;
      av_packet_unref(packet.get());
      continue;
    }
    if (!io_.read_error().empty()) return Error{ErrorCode::kInput, io_.read_error()};
    if (error == AVERROR_EOF) break;
    if (error == AVERROR(ENOMEM)) return libav::to_error(ErrorCode::kInput, error, "reading " + name());
    if (error != AVERROR(EAGAIN)) ++read_failures_;
    ++failures;
  }
  return libav::PacketPtr();
}

}  // namespace jinsha
