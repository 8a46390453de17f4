#include "pipeline/stages.h"

#include <algorithm>

namespace jinsha {
namespace {

class ColorStage final : public Stage {
 public:
  ColorStage(std::unique_ptr<Device> device, FramePool pool, FrameInfo output_info, std::stop_token stop)
      : device_(std::move(device)), pool_(std::move(pool)), output_info_(output_info), stop_(std::move(stop)) {}

  const char* name() const override { return "colour"; }

  Status process(Item item, const Emit& emit) override {
    const Frame* frame = std::get_if<Frame>(&item);
    if (!frame) return emit(std::move(item));
    std::optional<FrameMut> out = pool_.acquire(stop_);
    if (!out) return Error{ErrorCode::kInterrupted, "stopped"};
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
  std::unique_ptr<Device> device_;
  FramePool pool_;
  FrameInfo output_info_;
  std::stop_token stop_;
};

class EncodeStage final : public Stage {
 public:
  EncodeStage(std::unique_ptr<Encoder> encoder, std::vector<std::int64_t> keyframes, EncodeCounts& counts)
      : encoder_(std::move(encoder)), keyframes_(std::move(keyframes)), counts_(counts) {}

  const char* name() const override { return "encode"; }

  Status process(Item item, const Emit& emit) override {
    const Frame* frame = std::get_if<Frame>(&item);
    if (!frame) return emit(std::move(item));
    const bool force = std::binary_search(keyframes_.begin(), keyframes_.end(), counts_.frames);
    if (force) counts_.forced_keys.push_back(counts_.frames);
    ++counts_.frames;
    return encoder_->encode(*frame, force, [&](Packet packet) { return emit(std::move(packet)); });
  }

  Status flush(const Emit& emit) override {
    return encoder_->flush([&](Packet packet) { return emit(std::move(packet)); });
  }

 private:
  std::unique_ptr<Encoder> encoder_;
  std::vector<std::int64_t> keyframes_;  // ascending
  EncodeCounts& counts_;
};

class MuxStage final : public Stage {
 public:
  MuxStage(Muxer& muxer, const std::vector<PlannedAudio>& audio, MuxCounts& counts) : muxer_(muxer), counts_(counts) {
    counts_.audio_packets.assign(audio.size(), 0);
    for (const PlannedAudio& stream : audio) source_tracks_.push_back(stream.source_track);
  }

  const char* name() const override { return "mux"; }

  Status process(Item item, const Emit& emit) override {
    auto* packet = std::get_if<Packet>(&item);
    if (!packet) return {};
    if (packet->stream == 0) {
      ++counts_.video_packets;
    } else {
      const auto track = std::find(source_tracks_.begin(), source_tracks_.end(), packet->stream - 1);
      if (track == source_tracks_.end()) return {};
      const auto output = static_cast<std::size_t>(track - source_tracks_.begin());
      ++counts_.audio_packets[output];
      packet->stream = static_cast<int>(output) + 1;
    }
    JINSHA_TRY(muxer_.write(*packet));
    return emit(std::move(item));
  }

  Status flush(const Emit&) override { return {}; }

 private:
  Muxer& muxer_;
  std::vector<int> source_tracks_;
  MuxCounts& counts_;
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

std::unique_ptr<Stage> make_color_stage(std::unique_ptr<Device> device, FramePool pool, FrameInfo output_info,
                                        std::stop_token stop) {
  return std::make_unique<ColorStage>(std::move(device), std::move(pool), output_info, std::move(stop));
}

std::unique_ptr<Stage> make_encode_stage(std::unique_ptr<Encoder> encoder, std::vector<std::int64_t> keyframes,
                                         EncodeCounts& counts) {
  return std::make_unique<EncodeStage>(std::move(encoder), std::move(keyframes), counts);
}

std::unique_ptr<Stage> make_mux_stage(Muxer& muxer, const std::vector<PlannedAudio>& audio, MuxCounts& counts) {
  return std::make_unique<MuxStage>(muxer, audio, counts);
}

std::unique_ptr<Stage> make_frame_writer_stage(FrameWriter* writer, EncodeCounts& counts) {
  return std::make_unique<FrameWriterStage>(writer, counts);
}

}  // namespace jinsha
