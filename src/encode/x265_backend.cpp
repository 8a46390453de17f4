// x265: HEVC on the CPU, through its own API. The row of kEncoderBackends and the running encoder.
//
// x265 can wait for ever (see kFrameThreads), so all calls that wait for its threads are made on a WatchedThread.
#include <x265.h>

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/watched_thread.h"
#include "encode/backends.h"
#include "encode/bitstream_insert.h"
#include "encode/cbr_fillers.h"
#include "encode/common.h"
#include "encode/level.h"
#include "encode/x265_params.h"

namespace jinsha {
namespace {

// How long x265 may be away without anything coming back: this, or this many times its longest call so far. A picture
// of 8K at placebo takes two minutes of two processors.
constexpr std::chrono::seconds kPatience{600};
constexpr int kPatienceOfLongest = 20;

// One call of encoder_encode and all that it touches: it lives as long as the call, even when nobody waits for it.
struct EncodeCall {
  std::shared_ptr<X265Session> session;
  Frame frame;  // the planes of `input`; none: flushes
  x265_picture input{};
  x265_picture output{};
  x265_nal* nals = nullptr;
  std::uint32_t count = 0;
  int code = 0;

  void operator()() {
    code = session->api->encoder_encode(session->handle.get(), &nals, &count, frame ? &input : nullptr, &output);
  }
};

class X265Encoder final : public Encoder {
 public:
  X265Encoder(const EncoderConfig& config, X265Session session, Log log)
      : session_(std::make_shared<X265Session>(std::move(session))),
        log_(std::move(log)),
        forcer_(config, session_->settings),
        format_(config.format),
        looks_only_(config.looks_only()) {
    const EncoderSettings& settings = session_->settings;
    if (!settings.fillers) return;
    // Above 1 it is in kbit.
    const double initial = session_->param->rc.vbvBufferInit;
    const double share = initial > 1 ? initial * 1000 / static_cast<double>(settings.rate.bufsize_bits) : initial;
    fillers_.emplace(settings.rate.maxrate_bits_per_s, settings.rate.bufsize_bits, share, settings.frame_rate);
  }

  ~X265Encoder() override {
    if (watched_.given_up()) return;
    if (!watched_.run([session = std::exchange(session_, nullptr)]() mutable { session.reset(); }, patience())) {
      log_.warning("x265 did not come back from closing; its threads and memory are left as they are");
    }
  }

  Bytes headers() const override { return session_->headers; }
  const EncoderSettings& settings() const override { return session_->settings; }

  Status encode(const Frame& frame, bool force_key, const PacketSink& sink) override {
    const FrameLayout& layout = frame.layout();
    if (layout.format != format_ || layout.width != settings().width || layout.height != settings().height) {
      return make_error(ErrorCode::kInternal, "frame {} is {}x{} {}, the encoder was opened for {}x{} {}", next_,
                        layout.width, layout.height, describe(layout.format), settings().width, settings().height,
                        describe(format_));
    }
    auto call = new_call();
    call->frame = frame;
    x265_picture& picture = call->input;
    session_->api->picture_init(session_->param.get(), &picture);
    for (int i = 0; i < format_.planes(); ++i) {
      // x265 reads the planes only; its picture has no const.
      picture.planes[i] = const_cast<std::byte*>(frame.plane(i));
      picture.stride[i] = static_cast<int>(layout.stride[i]);
    }
    picture.bitDepth = format_.depth;
    picture.colorSpace = session_->param->internalCsp;
    picture.pts = next_;
    picture.sliceType = forcer_.force(next_, force_key) ? X265_TYPE_IDR : X265_TYPE_AUTO;
    if (const Bytes& constructs = frame.info().captions; constructs && !looks_only_) {
      captions_.emplace(next_, hevc_caption_sei(*constructs));
    }
    ++next_;
    return run(call, sink).status;
  }

  Status flush(const PacketSink& sink) override {
    for (;;) {
      const Outcome outcome = run(new_call(), sink);
      if (!outcome.status.ok()) return outcome.status;
      if (!outcome.produced) return {};
    }
  }

 private:
  struct Outcome {
    Status status;
    bool produced = false;
  };

  std::shared_ptr<EncodeCall> new_call() const {
    auto call = std::make_shared<EncodeCall>();
    call->session = session_;
    session_->api->picture_init(session_->param.get(), &call->output);
    return call;
  }

  std::chrono::seconds patience() const { return std::max(kPatience, kPatienceOfLongest * longest_); }

  Outcome run(const std::shared_ptr<EncodeCall>& call, const PacketSink& sink) {
    const auto start = std::chrono::steady_clock::now();
    if (watched_.given_up() || !watched_.run([call] { (*call)(); }, patience())) {
      return {make_error(ErrorCode::kInternal,
                         "{} has not come back for {} s, with {} pictures taken and {} given out: its threads wait for "
                         "each other, a known fault of it that comes rarely. The job has to be run again",
                         settings().version, patience().count(), next_, coded_),
              false};
    }
    longest_ =
        std::max(longest_, std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start));
    const x265_nal* nals = call->nals;
    const std::uint32_t count = call->count;
    const x265_picture& output = call->output;
    if (call->code < 0) {
      return {make_error(ErrorCode::kInternal, "x265 failed with code {} after frame {}", call->code, next_ - 1),
              false};
    }
    if (call->code == 0 || count == 0) return {};
    if (looks_only_) return {{}, true};
    bool key = false;
    for (std::uint32_t i = 0; i < count; ++i) {
      key |= nals[i].type == NAL_UNIT_CODED_SLICE_IDR_W_RADL || nals[i].type == NAL_UNIT_CODED_SLICE_IDR_N_LP;
    }
    Packet packet;
    packet.data = unit_bytes({nals, count}, output.pts);
    packet.pts = output.pts;
    packet.dts = next_ > delay() ? output.dts : coded_ - delay();
    ++coded_;
    packet.duration = 1;
    packet.key = key;
    return {sink(std::move(packet)), true};
  }

  // Pictures by which decoding runs ahead of display. x265 takes the time of it from the picture that far in: of
  // shorter streams it leaves dts undefined.
  std::int64_t delay() const {
    const x265_param& param = *session_->param;
    if (param.bframes == 0 || param.keyframeMax == 1) return 0;  // nothing but key frames: no B pictures
    return param.bBPyramid != 0 ? 2 : 1;
  }

  // The access unit with the captions of its picture, which go before its first slice: buffering period and picture
  // timing stay the first messages. x265 would write them as well (x265_picture::userSEI), but keeps a message in
  // memory as large as the first one of the picture that used it before (4.1), and their size varies.
  Bytes unit_bytes(std::span<const x265_nal> nals, std::int64_t pts) {
    std::size_t bytes = 0, before_slices = 0;
    for (const x265_nal& nal : nals) {
      if (bytes == before_slices && nal.type >= NAL_UNIT_VPS) before_slices += nal.sizeBytes;
      bytes += nal.sizeBytes;
    }
    // The payloads of one call lie one after another.
    std::vector<std::uint8_t> data(nals[0].payload, nals[0].payload + bytes);
    auto captions = captions_.extract(pts);
    const std::vector<std::uint8_t> message = captions ? std::move(captions.mapped()) : std::vector<std::uint8_t>();
    if (fillers_) trim_filler(nals, message.size(), data);
    data.insert(data.begin() + static_cast<std::ptrdiff_t>(before_slices), message.begin(), message.end());
    return make_bytes(std::move(data));
  }

  // `message_size`: bytes of an SEI NAL unit that is put before its slices, with a start code of 4.
  void trim_filler(std::span<const x265_nal> nals, std::size_t message_size, std::vector<std::uint8_t>& data) {
    CbrFillers::Unit unit;
    if (message_size > 0) unit.bytes = static_cast<std::int64_t>(message_size) - 4;
    std::size_t at = 0, filler_at = 0, filler_size = 0;
    for (const x265_nal& nal : nals) {
      const std::size_t start_code = nal.payload[2] == 1 ? 3 : 4;
      const auto bytes = static_cast<std::int64_t>(nal.sizeBytes - start_code);
      if (nal.type == NAL_UNIT_FILLER_DATA) {
        unit.filler_bytes = bytes;
        filler_at = at;
        filler_size = nal.sizeBytes;
      } else {
        unit.bytes += bytes;
      }
      at += nal.sizeBytes;
    }
    const std::int64_t wanted = fillers_->filler_bytes(unit);
    if (unit.filler_bytes == 0) return;
    const auto first = data.begin() + static_cast<std::ptrdiff_t>(filler_at);
    const auto change = static_cast<std::ptrdiff_t>(wanted - unit.filler_bytes);
    // Its body is one byte over and over, between the header and the trailing bits.
    const auto body =
        first + static_cast<std::ptrdiff_t>(filler_size) - static_cast<std::ptrdiff_t>(unit.filler_bytes) + 2;
    if (wanted == 0) {
      data.erase(first, first + static_cast<std::ptrdiff_t>(filler_size));
    } else if (change < 0) {
      data.erase(body, body - change);
    } else {
      data.insert(body, static_cast<std::size_t>(change), 0xFF);
    }
  }

  std::shared_ptr<X265Session> session_;  // a call that was given up keeps it
  WatchedThread watched_;
  std::chrono::seconds longest_{0};  // call so far
  Log log_;
  KeyFrameForcer forcer_;
  std::optional<CbrFillers> fillers_;                           // where the stream is padded
  std::map<std::int64_t, std::vector<std::uint8_t>> captions_;  // SEI NAL units by the index of their picture
  PixelFormat format_;
  bool looks_only_;         // statistics for the next pass
  std::int64_t next_ = 0;   // pictures taken
  std::int64_t coded_ = 0;  // pictures given out
};

}  // namespace

Result<std::string> x265_available() {
  const x265_api* api = x265_api_get(0);
  if (api == nullptr || !x265_api_fits(api)) {
    return make_error(ErrorCode::kNotPossible,
                      "the x265 library found here is another build than the one jinsha was compiled for (build {})",
                      X265_BUILD);
  }
  return std::string(api->version_str);
}

EncoderCapabilities x265_capabilities() {
  EncoderCapabilities can;
  can.codecs = {Codec::kHevc};
  for (const int depth : {8, 10, 12}) {
    const x265_api* api = x265_api_get(depth);
    if (api != nullptr && api->bit_depth == depth) can.depths.push_back(depth);
  }
  can.chromas = {Chroma::k400, Chroma::k420, Chroma::k422, Chroma::k444};
  can.max_width = 16384;  // level 6.2 bounds the area and the rate
  can.max_height = 16384;
  can.rate_modes = {RateControl::Mode::kCrf, RateControl::Mode::kQp, RateControl::Mode::kVbr, RateControl::Mode::kCbr};
  can.hrd = true;
  can.forced_keyframes = true;
  can.captions = true;
  can.passes = 2;
  int presets = 0;
  while (x265_preset_names[presets] != nullptr) ++presets;
  for (int i = presets - 1; i >= 0; --i) can.speeds.emplace_back(x265_preset_names[i]);
  can.default_speed = "medium";
  can.default_crf = 28;
  can.notes = "with a rate cap (VBV) the coded bits differ from run to run; CRF and QP repeat";
  return can;
}

Result<EncoderSettings> x265_plan(const EncoderConfig& config) {
  JINSHA_ASSIGN(X265Session session, open_x265_session(config));
  return std::move(session.settings);
}

Result<std::unique_ptr<Encoder>> x265_open(const EncoderConfig& config, const Log& log) {
  JINSHA_ASSIGN(X265Session session, open_x265_session(config));
  const EncoderSettings& settings = session.settings;
  log.info("{}: {} level {} {} tier, {} frame threads, pool of {}", settings.version, settings.profile,
           level_name(Codec::kHevc, settings.level_idc), name_of(settings.tier), settings.native.at("frame-threads"),
           settings.native.at("pools"));
  return std::unique_ptr<Encoder>(std::make_unique<X265Encoder>(config, std::move(session), log));
}

}  // namespace jinsha
