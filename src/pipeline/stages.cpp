#include "pipeline/stages.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

namespace jinsha {
namespace {

class ColorStage final : public Stage {
 public:
  ColorStage(std::unique_ptr<Device> device, std::vector<SceneProgram> scenes, FramePool pool, FrameInfo output_info,
             std::stop_token stop)
      : device_(std::move(device)),
        scenes_(std::move(scenes)),
        pool_(std::move(pool)),
        output_info_(std::move(output_info)),
        stop_(std::move(stop)) {}

  const char* name() const override { return "colour"; }

  Status process(Item item, const Emit& emit) override {
    const Frame* frame = std::get_if<Frame>(&item);
    if (!frame) return emit(std::move(item));
    std::optional<FrameMut> out = pool_.acquire(stop_);
    if (!out) return Error{ErrorCode::kInterrupted, "stopped"};
    JINSHA_TRY(enter_scene());
    device_->process(*frame, *out);
    FrameInfo& info = out->info();
    info = frame->info();
    info.color = output_info_.color;
    info.hdr = output_info_.hdr;
    item = std::move(*out).publish();  // the source frame goes back to its pool before we wait
    return emit(std::move(item));
  }

  Status flush(const Emit&) override { return {}; }

 private:
  Status enter_scene() {
    if (next_scene_ < scenes_.size() && frame_++ == scenes_[next_scene_].first_frame)
      return device_->load(*scenes_[next_scene_++].program);
    return {};
  }

  std::unique_ptr<Device> device_;
  std::vector<SceneProgram> scenes_;
  std::size_t next_scene_ = 0;
  std::int64_t frame_ = 0;
  FramePool pool_;
  FrameInfo output_info_;
  std::stop_token stop_;
};

class EncodeStage final : public Stage {
 public:
  EncodeStage(OpenEncoder open, VideoStreamInfo video, std::vector<std::int64_t> keyframes, EncodeCounts& counts)
      : open_(std::move(open)), video_(std::move(video)), keyframes_(std::move(keyframes)), counts_(counts) {}

  const char* name() const override { return "encode"; }

  Status start() override {
    JINSHA_ASSIGN(encoder_, open_());
    video_.reorder_frames = encoder_->settings().b_frames;
    return {};
  }

  Status process(Item item, const Emit& emit) override {
    const Frame* frame = std::get_if<Frame>(&item);
    if (!frame) return emit(std::move(item));
    const bool force = std::binary_search(keyframes_.begin(), keyframes_.end(), counts_.frames);
    if (force) counts_.forced_keys.push_back(counts_.frames);
    if (frame->info().captions) count_captions(*frame->info().captions);
    ++counts_.frames;
    return encoder_->encode(*frame, force, [&](Packet packet) { return pass_on(std::move(packet), emit); });
  }

  Status flush(const Emit& emit) override {
    return encoder_->flush([&](Packet packet) { return pass_on(std::move(packet), emit); });
  }

 private:
  void count_captions(const std::vector<std::uint8_t>& constructs) {
    ++counts_.captioned;
    // FNV-1a of what verify::RunFacts says.
    const auto step = [](std::uint64_t before, std::uint64_t value) {
      return (before ^ value) * std::uint64_t{0x100000001b3};
    };
    std::uint64_t picture = 0xcbf29ce484222325;
    for (const std::uint8_t byte : constructs) picture = step(picture, byte);
    const std::uint64_t index = static_cast<std::uint64_t>(counts_.frames);
    counts_.captions_digest = step(step(counts_.captions_digest, index), picture);
  }

  Status pass_on(Packet packet, const Emit& emit) {
    if (!std::exchange(described_, true)) {
      video_.headers = encoder_->headers();
      JINSHA_TRY(emit(StreamInfo(video_)));
    }
    return emit(std::move(packet));
  }

  OpenEncoder open_;
  std::unique_ptr<Encoder> encoder_;  // from start() on
  VideoStreamInfo video_;
  bool described_ = false;
  std::vector<std::int64_t> keyframes_;  // ascending
  EncodeCounts& counts_;
};

class MuxStage final : public Stage {
 public:
  MuxStage(OpenMuxer open, std::unique_ptr<Muxer>& muxer, const Plan& plan, MuxCounts& counts)
      : open_(std::move(open)), muxer_(muxer), counts_(counts) {
    counts_.audio_packets.assign(plan.audio.size(), 0);
    counts_.audio_start_s.assign(plan.audio.size(), 0);
    counts_.audio_gaps.assign(plan.audio.size(), 0);
    ends_.assign(plan.audio.size(), std::nullopt);
    for (const PlannedAudio& stream : plan.audio) time_bases_.push_back(stream.info.time_base);
    counts_.data_packets.assign(plan.data.size(), 0);
    counts_.data_start_s.assign(plan.data.size(), 0);
    for (const PlannedData& stream : plan.data) time_bases_.push_back(stream.info.time_base);
  }

  const char* name() const override { return "mux"; }

  Status process(Item item, const Emit& emit) override {
    if (auto* info = std::get_if<StreamInfo>(&item)) {
      if (auto* video = std::get_if<VideoStreamInfo>(info)) {
        JINSHA_TRY(open(*video));
        JINSHA_TRY(emit(std::move(item)));
        return pass_on_early(emit);
      }
    }
    auto* packet = std::get_if<Packet>(&item);
    if (!packet) return {};
    count(*packet);
    if (!muxer_) {
      early_.push_back(std::move(*packet));
      return {};
    }
    JINSHA_TRY(muxer_->write(*packet));
    return emit(std::move(item));
  }

  Status flush(const Emit&) override { return {}; }

 private:
  Status open(VideoStreamInfo video) {
    JINSHA_ASSIGN(muxer_, open_(std::move(video)));
    return {};
  }

  void count(const Packet& packet) {
    if (packet.stream == 0) {
      ++counts_.video_packets;
      return;
    }
    const auto output = static_cast<std::size_t>(packet.stream) - 1;
    const double start_s = static_cast<double>(packet.pts) * time_bases_[output].to_double();
    if (output >= ends_.size()) {
      const std::size_t data = output - ends_.size();
      if (counts_.data_packets[data]++ == 0) counts_.data_start_s[data] = start_s;
      return;
    }
    ++counts_.audio_packets[output];
    std::optional<std::int64_t>& end = ends_[output];
    if (!end) counts_.audio_start_s[output] = start_s;
    if (end && std::abs(packet.pts - *end) > packet.duration) ++counts_.audio_gaps[output];
    end = packet.pts + packet.duration;
  }

  Status pass_on_early(const Emit& emit) {
    for (Packet& packet : std::exchange(early_, {})) {
      JINSHA_TRY(muxer_->write(packet));
      JINSHA_TRY(emit(std::move(packet)));
    }
    return {};
  }

  OpenMuxer open_;
  std::unique_ptr<Muxer>& muxer_;
  std::vector<Packet> early_;                      // audio and data that came before the first picture was coded
  std::vector<Rational> time_bases_;               // of audio, then data
  std::vector<std::optional<std::int64_t>> ends_;  // where the last packet of each audio stream ends
  MuxCounts& counts_;
};

class TapStage final : public Stage {
 public:
  explicit TapStage(PacketTap tap) : tap_(std::move(tap)) {}
  const char* name() const override { return "hand over"; }
  Status process(Item item, const Emit& emit) override {
    if (std::holds_alternative<StreamInfo>(item) || std::holds_alternative<Packet>(item)) JINSHA_TRY(tap_(item));
    return emit(std::move(item));
  }
  Status flush(const Emit&) override { return {}; }

 private:
  PacketTap tap_;
};

class FrameWriterStage final : public Stage {
 public:
  FrameWriterStage(FrameWriter* writer, EncodeCounts& counts) : writer_(writer), counts_(counts) {}

  const char* name() const override { return "write"; }

  Status process(Item item, const Emit& emit) override {
    const Frame* frame = std::get_if<Frame>(&item);
    if (!frame) return {};
    ++counts_.frames;
    if (writer_) JINSHA_TRY(writer_->write(*frame));
    return emit(std::move(item));
  }

  Status flush(const Emit&) override { return {}; }

 private:
  FrameWriter* writer_;
  EncodeCounts& counts_;
};

}  // namespace

std::unique_ptr<Stage> make_color_stage(std::unique_ptr<Device> device, std::vector<SceneProgram> scenes,
                                        FramePool pool, FrameInfo output_info, std::stop_token stop) {
  return std::make_unique<ColorStage>(std::move(device), std::move(scenes), std::move(pool), std::move(output_info),
                                      std::move(stop));
}

std::unique_ptr<Stage> make_encode_stage(OpenEncoder open, VideoStreamInfo video, std::vector<std::int64_t> keyframes,
                                         EncodeCounts& counts) {
  return std::make_unique<EncodeStage>(std::move(open), std::move(video), std::move(keyframes), counts);
}

std::unique_ptr<Stage> make_mux_stage(OpenMuxer open, std::unique_ptr<Muxer>& muxer, const Plan& plan,
                                      MuxCounts& counts) {
  return std::make_unique<MuxStage>(std::move(open), muxer, plan, counts);
}

std::unique_ptr<Stage> make_tap_stage(PacketTap tap) { return std::make_unique<TapStage>(std::move(tap)); }

std::unique_ptr<Stage> make_frame_writer_stage(FrameWriter* writer, EncodeCounts& counts) {
  return std::make_unique<FrameWriterStage>(writer, counts);
}

}  // namespace jinsha
