#include "input/lavf_probe.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
}

#include <algorithm>
#include <array>
#include <cmath>

#include "input/adts.h"
#include "input/color_evidence.h"
#include "input/frame_rate.h"
#include "input/video_decoder.h"
#include "libav/audio.h"
#include "libav/color.h"
#include "libav/error.h"
#include "libav/frame_flags.h"
#include "libav/side_data.h"

namespace jinsha {
namespace {

constexpr std::size_t kMaxProbeBytes = std::size_t{256} << 20;  // of packets kept until a picture is decoded
constexpr int kMaxPackets = 100'000;
// Pictures looked at for metadata that need not be in the first; large ones are slow to decode.
constexpr int kPictures = 3;
constexpr std::uint64_t kFilterPictures = 6;  // that the filters hold: three in, two out, one on its way
constexpr int kAudioPackets = 400;            // read ahead for the first AAC packet of each track

class Prober {
 public:
  Prober(LavfDemux& demux, const SourceSpec& spec) : demux_(demux), spec_(spec) {}

  Result<LavfProbe> run() {
    probe_.strip_adts.assign(demux_.audio().size(), false);
    JINSHA_TRY(open_decoder(VideoDecoder::Purpose::kGlance));
    Status status = look();
    give_back();
    if (!status.ok() && status.error().code != ErrorCode::kInterrupted && decoder_.glances()) {
      JINSHA_TRY(open_decoder(VideoDecoder::Purpose::kLook));
      status = look();
      give_back();
    }
    JINSHA_TRY(status);
    describe_container();
    JINSHA_TRY(describe_picture());
    describe_rate();
    describe_color();
    describe_count();
    size_buffers();
    return std::move(probe_);
  }

 private:
  Status open_decoder(VideoDecoder::Purpose purpose) {
    const AVStream& video = *demux_.video();
    JINSHA_ASSIGN(decoder_,
                  VideoDecoder::open(*video.codecpar, video.time_base, spec_.decoder, spec_.threads, purpose, nullptr));
    return {};
  }

  // What was looked at is read again.
  void give_back() {
    for (libav::PacketPtr& packet : kept_) demux_.unread(std::move(packet));
    kept_.clear();
  }

  Status look() {
    picture_ = libav::make_frame();
    libav::FramePtr frame = libav::make_frame();
    if (!picture_ || !frame) return make_error(ErrorCode::kNotPossible, "no memory to decode {}", demux_.name());
    int pictures = 0, wanted = kPictures, video_packets = 0, after_pictures = 0;
    int decode_error = 0;
    bool end = false;
    while (!end && (pictures < wanted || (needs_adts() && after_pictures < kAudioPackets))) {
      JINSHA_ASSIGN(libav::PacketPtr packet, demux_.read());
      end = packet == nullptr;
      if (pictures >= wanted) ++after_pictures;
      const bool is_video = !end && packet->stream_index == demux_.video()->index;
      if (!end && !is_video) note_audio(*packet);
      if ((end || is_video) && pictures < wanted) {
        video_packets += is_video ? 1 : 0;
        if (const int error = decoder_.send(packet.get()); error < 0 && error != AVERROR_EOF) decode_error = error;
        for (int got = decoder_.receive(frame.get()); got != AVERROR(EAGAIN) && got != AVERROR_EOF;
             got = decoder_.receive(frame.get())) {
          if (got < 0) {
            decode_error = got;
            continue;
          }
          pictures_interlaced_ = pictures_interlaced_ || libav::is_interlaced(*frame);
          if (pictures++ == 0) {
            av_frame_ref(picture_.get(), frame.get());
            if (frame->width * frame->height > VideoDecoder::kLargePixels) wanted = 1;
          }
          note_dynamic(*frame);
          av_frame_unref(frame.get());
        }
      }
      if (end) break;
      kept_bytes_ += static_cast<std::size_t>(packet->size) + sizeof(AVPacket);
      kept_.push_back(std::move(packet));
      if (kept_bytes_ > kMaxProbeBytes || kept_.size() > kMaxPackets) break;
    }
    if (pictures > 0) return {};
    const char* codec = avcodec_get_name(demux_.video()->codecpar->codec_id);
    if (decoder_.refused_by_device()) {
      return make_error(ErrorCode::kNotPossible,
                        "--decoder cuda: the decoder engine here does not decode pictures such as {} has ({}, {}x{}); "
                        "leave --decoder out",
                        demux_.name(), codec, demux_.video()->codecpar->width, demux_.video()->codecpar->height);
    }
    if (video_packets == 0) {
      return make_error(ErrorCode::kInput, "{} announces {} video, but holds no packet of it", demux_.name(), codec);
    }
    return make_error(ErrorCode::kInput, "no picture of {} can be decoded: {} packets of {} video were tried{}{}",
                      demux_.name(), video_packets, codec, decode_error != 0 ? "; the decoder says: " : "",
                      decode_error != 0 ? libav::error_text(decode_error) : "");
  }

  bool needs_adts() const {
    for (std::size_t i = 0; i < demux_.audio().size(); ++i) {
      if (may_be_adts(*demux_.audio()[i]) && !probe_.strip_adts[i] && !seen_raw(i)) return true;
    }
    return false;
  }
  bool may_be_adts(const AVStream& stream) const {
    return spec_.use_audio && stream.codecpar->codec_id == AV_CODEC_ID_AAC && stream.codecpar->extradata_size == 0;
  }
  bool seen_raw(std::size_t track) const { return track < raw_tracks_.size() && raw_tracks_[track]; }

  void note_audio(const AVPacket& packet) {
    raw_tracks_.resize(demux_.audio().size(), false);
    configs_.resize(demux_.audio().size());
    for (std::size_t i = 0; i < demux_.audio().size(); ++i) {
      const AVStream& stream = *demux_.audio()[i];
      if (stream.index != packet.stream_index || !may_be_adts(stream) || probe_.strip_adts[i] || raw_tracks_[i]) {
        continue;
      }
      const auto adts = parse_adts({packet.data, static_cast<std::size_t>(packet.size)});
      probe_.strip_adts[i] = adts.has_value();
      raw_tracks_[i] = !adts.has_value();
      if (adts) configs_[i] = copy_bytes(adts->specific_config);
    }
  }

  void note_dynamic(const AVFrame& frame) {
    std::vector<std::string>& names = probe_.info.video.dynamic_metadata;
    for (std::string& name : libav::dynamic_metadata_of(frame)) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    }
  }

  void describe_container() {
    SourceInfo& info = probe_.info;
    info.path = demux_.name();
    info.container = demux_.context()->iformat->name;
    info.other = demux_.other();
    for (const AVStream* stream : demux_.data())
      info.data.push_back({.info = libav::data_info_of(*stream), .source_index = stream->index});
    const AVStream& video = *demux_.video();
    if (video.duration > 0) {
      info.duration_s = static_cast<double>(video.duration) * av_q2d(video.time_base);
    } else if (demux_.context()->duration > 0) {
      info.duration_s = static_cast<double>(demux_.context()->duration) / AV_TIME_BASE;
    }
    for (std::size_t i = 0; i < demux_.audio().size(); ++i) {
      const AVStream& stream = *demux_.audio()[i];
      SourceAudio audio{.info = libav::audio_info_of(stream),
                        .source_index = stream.index,
                        .default_track = (stream.disposition & AV_DISPOSITION_DEFAULT) != 0};
      if (probe_.strip_adts[i]) audio.info.headers = configs_[i];
      info.audio.push_back(std::move(audio));
    }
  }

  Status describe_picture() {
    SourceVideo& video = probe_.info.video;
    const AVFrame& picture = *picture_;
    const AVStream& stream = *demux_.video();
    probe_.coded_format = static_cast<AVPixelFormat>(picture.format);
    probe_.picture_format = libav::substitute_of(probe_.coded_format);
    Result<libav::FormatUse> use = libav::use_of(probe_.picture_format);
    if (!use) return make_error(ErrorCode::kInput, "{}: {}", demux_.name(), use.error().message);
    if (probe_.picture_format != probe_.coded_format) {
      probe_.chain = "null";
      probe_.info.converted.push_back(fmt::format("{} to {}", libav::name_of_format(probe_.coded_format),
                                                  libav::name_of_format(probe_.picture_format)));
    }
    probe_.use = *use;
    video.codec = libav::to_codec(stream.codecpar->codec_id);
    video.codec_name = avcodec_get_name(stream.codecpar->codec_id);
    const AVCodecContext& context = *decoder_.context();
    if (const char* profile = avcodec_profile_name(context.codec_id, context.profile)) video.profile = profile;
    video.width = decoder_.small() ? stream.codecpar->width : picture.width;
    video.height = decoder_.small() ? stream.codecpar->height : picture.height;
    video.format = use->format;
    video.coded_format = libav::name_of_format(probe_.coded_format);
    // Copied pictures say themselves how wide their samples are.
    const bool own_aspect = spec_.copy_video && picture.sample_aspect_ratio.num > 0;
    const AVRational aspect = own_aspect
                                  ? picture.sample_aspect_ratio
                                  : av_guess_sample_aspect_ratio(demux_.context(), demux_.video(), picture_.get());
    if (aspect.num > 0 && aspect.den > 0) video.sample_aspect = libav::to_rational(aspect);
    describe_fields();
    std::vector<std::string>& losses = probe_.info.losses;
    if (use->drops_alpha) losses.emplace_back("alpha channel");
    const libav::Orientation turn = libav::orientation_of(stream);
    video.rotation_degrees = turn.rotation_degrees;
    video.mirrored = turn.mirrored;
    if (!turn.exact)
      probe_.info.warnings.emplace_back("The display rotation is not a multiple of 90 degrees; the nearest is taken.");
    return {};
  }

  // Codecs whose every picture says whether it is interlaced are believed; for others the container speaks.
  void describe_fields() {
    SourceVideo& video = probe_.info.video;
    constexpr std::array kSelfDescribing = {AV_CODEC_ID_H264,   AV_CODEC_ID_HEVC,    AV_CODEC_ID_MPEG2VIDEO,
                                            AV_CODEC_ID_PRORES, AV_CODEC_ID_DVVIDEO, AV_CODEC_ID_DNXHD};
    const AVCodecParameters& parameters = *demux_.video()->codecpar;
    const bool stated = parameters.field_order != AV_FIELD_UNKNOWN && parameters.field_order != AV_FIELD_PROGRESSIVE;
    const bool believed =
        std::find(kSelfDescribing.begin(), kSelfDescribing.end(), parameters.codec_id) != kSelfDescribing.end();
    video.interlaced = pictures_interlaced_ || (stated && !believed);
    if (stated && !video.interlaced)
      video.conflicts.emplace_back("The container says interlaced, the pictures say progressive: they are believed.");
    const bool forced = spec_.deinterlace == Deinterlace::kField || spec_.deinterlace == Deinterlace::kFrame;
    if (spec_.deinterlace == Deinterlace::kOff || (!video.interlaced && !forced)) {
      if (video.interlaced)
        probe_.info.losses.emplace_back("interlacing: the pictures are passed on with both fields woven, as decoded");
      return;
    }
    const bool each_field = spec_.deinterlace != Deinterlace::kFrame;
    probe_.pictures_from_each = each_field ? 2 : 1;
    const bool bottom_stated = parameters.field_order == AV_FIELD_BB || parameters.field_order == AV_FIELD_BT;
    const char* const parity = pictures_interlaced_ ? "auto" : bottom_stated ? "bff" : "tff";
    probe_.chain = fmt::format("bwdif=mode={}:parity={}:deint={}", each_field ? "send_field" : "send_frame", parity,
                               pictures_interlaced_ && !forced ? "interlaced" : "all");
    std::string first;
    if (pictures_interlaced_) first = libav::is_top_field_first(*picture_) ? " (top first)" : " (bottom first)";
    probe_.info.converted.push_back(fmt::format("fields{} to {} (bwdif)", first,
                                                each_field ? "pictures at field rate" : "one picture from each pair"));
  }

  void describe_rate() {
    SourceVideo& video = probe_.info.video;
    const AVStream& stream = *demux_.video();
    RateEvidence evidence;
    evidence.average = libav::to_rational(stream.avg_frame_rate);
    evidence.base = libav::to_rational(stream.r_frame_rate);
    evidence.coded = libav::to_rational(decoder_.context()->framerate);
    evidence.timestamps = demux_.has_timestamps();
    const ChosenRate chosen = choose_frame_rate(evidence);
    const int each = probe_.pictures_from_each;
    probe_.coded_rate = chosen.rate;
    video.frame_rate = Rational{chosen.rate.num * each, chosen.rate.den}.reduced();
    video.variable_rate = chosen.variable;
    if (spec_.frame_rate.valid() && (chosen.variable || !evidence.timestamps)) {
      video.frame_rate = spec_.frame_rate.reduced();
      // Made-up times follow whatever rate is asked for.
      if (!evidence.timestamps)
        probe_.coded_rate = Rational{video.frame_rate.num, video.frame_rate.den * each}.reduced();
      return;
    }
    if (chosen.assumed) probe_.info.warnings.emplace_back("Nothing says the frame rate: 25 frames/s are assumed.");
    if (chosen.variable && !spec_.copy_video) {
      probe_.info.warnings.push_back(fmt::format(
          "The frame rate varies ({:.3f} on average): frames are repeated or left out to make {:.3f} constant.",
          evidence.average.to_double(), chosen.rate.to_double()));
    }
  }

  void describe_color() {
    SourceVideo& video = probe_.info.video;
    ColorInfo coded = libav::color_of(*picture_), stated = demux_.container_color();
    if (video.format.chroma != Chroma::k420) {
      coded.chroma_location = stated.chroma_location = ChromaLocation::kUnspecified;  // they tell nothing apart there
    }
    if (probe_.use.identity) {
      coded.matrix = stated.matrix = Matrix::kIdentity;
    } else if (coded.matrix == Matrix::kIdentity && !probe_.use.identity && video.format.chroma != Chroma::k444) {
      coded.matrix = Matrix::kUnspecified;  // an identity matrix needs 4:4:4
    }
    if (probe_.use.full_range) coded.range = Range::kFull;
    if (probe_.use.xyz) {
      coded.primaries = Primaries::kXyz;
      coded.transfer = Transfer::kDcdm;
    }
    video.color = merge_color(stated, coded, video.conflicts);
    video.hdr = merge_hdr(demux_.container_hdr(), libav::hdr_of(*picture_), video.conflicts);
    check_hdr(video.hdr, probe_.info.warnings);
    describe_dolby_vision();
  }

  void describe_dolby_vision() {
    SourceVideo& video = probe_.info.video;
    const auto config = libav::dolby_vision_of(*demux_.video());
    if (!config) return;
    std::vector<std::string>& names = video.dynamic_metadata;
    if (std::find(names.begin(), names.end(), "Dolby Vision RPU") == names.end())
      names.emplace_back("Dolby Vision RPU");
    if (config->profile == 5) {
      probe_.info.warnings.emplace_back(
          "Dolby Vision profile 5: the samples are IPT-PQ-c2, not Y'CbCr; without Dolby Vision processing they are "
          "shown "
          "in wrong colours.");
      return;
    }
    // bl_signal_compatibility_id: what the base layer is without Dolby Vision.
    Transfer base = Transfer::kUnspecified;
    if (config->compatibility_id == 1 || config->compatibility_id == 6) base = Transfer::kPq;
    if (config->compatibility_id == 2) base = Transfer::kBt709;
    if (config->compatibility_id == 4) base = Transfer::kHlg;
    if (base == Transfer::kUnspecified || video.color.transfer == Transfer::kUnspecified) return;
    if (base == video.color.transfer || (!is_hdr(base) && !is_hdr(video.color.transfer))) return;
    video.conflicts.push_back(fmt::format(
        "The Dolby Vision configuration says the base layer is {} (compatibility id {}), the pictures say {}: they are "
        "believed.",
        is_hdr(base) ? name_of(base) : "SDR", config->compatibility_id, name_of(video.color.transfer)));
  }

  // Exact where an index lists every picture at one distance and the file holds them all.
  void describe_count() {
    SourceVideo& video = probe_.info.video;
    const AVStream& stream = *demux_.video();
    video.frame_count = std::llround(probe_.info.duration_s * video.frame_rate.to_double());
    const int entries = avformat_index_get_entries_count(&stream);
    if (entries <= 0 || stream.nb_frames != entries || video.variable_rate || probe_.pictures_from_each != 1) return;
    const auto size = static_cast<std::int64_t>(demux_.io().file().size());
    std::int64_t shown = 0, previous = 0, step = 0;
    for (int i = 0; i < entries; ++i) {
      // The lookup is not const although it changes nothing.
      const AVIndexEntry* entry = avformat_index_get_entry(demux_.video(), i);
      if (entry->pos + entry->size > size) return;
      if (i == 1) step = entry->timestamp - previous;
      if (i > 1 && entry->timestamp - previous != step) return;
      previous = entry->timestamp;
      if ((entry->flags & AVINDEX_DISCARD_FRAME) == 0) ++shown;
    }
    const Rational tick = libav::to_rational(stream.time_base);
    const bool on_grid =
        entries < 2 || usual_rate(Rational{tick.den, tick.num * std::max<std::int64_t>(1, step)}) == video.frame_rate;
    if (shown == 0 || !on_grid) return;
    video.frame_count = shown;
    video.exact_frame_count = true;
  }

  void size_buffers() {
    SourceVideo& video = probe_.info.video;
    AVCodecContext* context = decoder_.context();
    probe_.reorder_frames = std::max(context->has_b_frames, demux_.video()->codecpar->video_delay);
    probe_.direct =
        probe_.use.direct && probe_.chain.empty() && decoder_.takes_buffers() && context->codec_id != AV_CODEC_ID_AV1;
    const int held = decoder_.held_frames(spec_.threads);
    probe_.layout = FrameLayout::packed(video.format, video.width, video.height);
    if (probe_.direct) {
      probe_.layout = decoder_layout(context, video.format, std::max(context->coded_width, video.width),
                                     std::max(context->coded_height, video.height));
      probe_.layout.width = video.width;
      probe_.layout.height = video.height;
      probe_.decoder_frames = held;
    }
    probe_.decoder_bytes =
        VideoDecoder::memory_bytes(context->codec_id, video.width, video.height, held, spec_.threads);
    if (!probe_.direct) probe_.decoder_bytes += static_cast<std::uint64_t>(held) * probe_.layout.bytes;
    if (!probe_.chain.empty()) probe_.decoder_bytes += kFilterPictures * probe_.layout.bytes;
    probe_.decoder_bytes += kept_bytes_;
  }

  LavfDemux& demux_;
  const SourceSpec& spec_;
  VideoDecoder decoder_;
  LavfProbe probe_;
  libav::FramePtr picture_;  // the first decoded
  bool pictures_interlaced_ = false;
  std::vector<libav::PacketPtr> kept_;
  std::size_t kept_bytes_ = 0;
  std::vector<bool> raw_tracks_;  // AAC tracks seen to be without ADTS
  std::vector<Bytes> configs_;
};

}  // namespace

Result<LavfProbe> probe_lavf(LavfDemux& demux, const SourceSpec& spec) { return Prober(demux, spec).run(); }

}  // namespace jinsha
