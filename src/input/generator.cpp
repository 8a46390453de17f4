#include "input/generator.h"

#include <charconv>
#include <optional>
#include <string_view>

#include "input/frame_rate.h"
#include "input/generator_audio.h"
#include "input/generator_scene.h"
#include "libav/formats.h"

namespace jinsha {
namespace {

constexpr int kMinWidth = 64, kMinHeight = 32, kMaxSide = 16'384;

template <typename T>
bool parse_number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

Error bad_spec(const std::string& path, std::string_view what) {
  return make_error(
      ErrorCode::kUsage,
      "\"{}\": {}; write generate:WIDTHxHEIGHT[@FPS][,frames=N][,color=pq|hlg|sdr][,seed=N][,depth=8..16]", path, what);
}

class Generator final : public Source {
 public:
  Generator(GeneratorSpec spec, std::string path, std::unique_ptr<GeneratorAudio> audio)
      : spec_(spec), scene_(spec), audio_(std::move(audio)) {
    info_.path = std::move(path);
    info_.container = "generator";
    info_.duration_s = static_cast<double>(spec.frames) / spec.frame_rate.to_double();
    SourceVideo& video = info_.video;
    video.codec = Codec::kRaw;
    video.codec_name = "generator";
    video.width = spec.width;
    video.height = spec.height;
    video.format = PixelFormat{.chroma = Chroma::k420, .depth = spec.depth};
    video.coded_format = libav::name_of_format(libav::from_format(video.format));
    video.frame_rate = spec.frame_rate;
    video.color = scene_.look().color();
    video.hdr = scene_.hdr();
    video.frame_count = spec.frames;
    video.exact_frame_count = true;
    if (audio_) info_.audio.push_back({.info = audio_->info(), .source_index = 1, .default_track = true});
  }

  const SourceInfo& info() const override { return info_; }
  FrameLayout layout() const override { return FrameLayout::packed(info_.video.format, spec_.width, spec_.height); }
  int max_held_frames() const override { return 1; }
  std::uint64_t memory_bytes() const override { return scene_.memory_bytes(); }
  const SourceCounters& counters() const override { return counters_; }

  Status start(FramePool pool, std::stop_token stop, std::int64_t first_frame, std::int64_t frame_count) override {
    pool_ = std::move(pool);
    stop_ = std::move(stop);
    first_ = std::min(first_frame, spec_.frames);
    count_ = spec_.frames - first_;
    if (frame_count > 0) count_ = std::min(count_, frame_count);
    if (audio_) {
      const Rational samples = audio_->info().time_base, frames = spec_.frame_rate.inverse();
      const std::int64_t from = rescale(first_, frames, samples);
      audio_->set_span(from, rescale(first_ + count_, frames, samples) - from);
      return fetch_audio();
    }
    return {};
  }

  Result<Item> next() override {
    if (stop_.stop_requested()) return make_error(ErrorCode::kInterrupted, "stopped while generating pictures");
    const std::int64_t index = counters_.frames_delivered;
    if (packet_ && (index == count_ || audio_is_due(index))) {
      Item item(std::move(*packet_));
      JINSHA_TRY(fetch_audio());
      return item;
    }
    if (index == count_) return Item(EndOfStream{});
    std::optional<FrameMut> frame = pool_.acquire(stop_);
    if (!frame) return make_error(ErrorCode::kInterrupted, "stopped while generating pictures");
    frame->set_layout(layout());
    scene_.draw(first_ + index, *frame);
    frame->info() = FrameInfo{.pts = index, .duration = 1, .color = info_.video.color, .hdr = info_.video.hdr};
    ++counters_.frames_decoded;
    ++counters_.frames_delivered;
    return Item(std::move(*frame).publish());
  }

 private:
  Status fetch_audio() {
    JINSHA_ASSIGN(packet_, audio_->next());
    return {};
  }
  bool audio_is_due(std::int64_t index) const {
    return packet_->pts <= rescale(index, spec_.frame_rate.inverse(), audio_->info().time_base);
  }

  GeneratorSpec spec_;
  GeneratorScene scene_;
  std::unique_ptr<GeneratorAudio> audio_;
  std::optional<Packet> packet_;  // the next one to be delivered
  SourceInfo info_;
  SourceCounters counters_;
  FramePool pool_;
  std::stop_token stop_;
  std::int64_t first_ = 0;
  std::int64_t count_ = 0;
};

}  // namespace

Result<GeneratorSpec> parse_generator_spec(const std::string& path) {
  std::string_view rest(path);
  rest.remove_prefix(std::string_view(kGeneratorPrefix).size());
  GeneratorSpec spec;
  bool first = true;
  while (first || !rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    if (first) {
      first = false;
      const std::size_t x = word.find('x'), at = std::min(word.find('@'), word.size());
      if (x == std::string_view::npos || x > at || !parse_number(word.substr(0, x), spec.width) ||
          !parse_number(word.substr(x + 1, at - x - 1), spec.height)) {
        return bad_spec(path, "the size is missing");
      }
      if (at < word.size()) {
        const std::optional<Rational> rate = parse_rate_text(word.substr(at + 1));
        if (!rate) return bad_spec(path, "the frame rate is not a number up to 1000");
        spec.frame_rate = *rate;
      }
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string_view key = word.substr(0, equals);
    const std::string_view value = equals == std::string_view::npos ? std::string_view() : word.substr(equals + 1);
    if (key == "frames") {
      if (!parse_number(value, spec.frames) || spec.frames < 1 || spec.frames >= 1 << 24) {
        return bad_spec(path, "frames must be 1 to 16777215");
      }
    } else if (key == "seed") {
      if (!parse_number(value, spec.seed)) return bad_spec(path, "seed must be a number up to 4294967295");
    } else if (key == "depth") {
      if (!parse_number(value, spec.depth) || spec.depth < 8 || spec.depth > 16) {
        return bad_spec(path, "depth must be 8 to 16");
      }
    } else if (key == "color") {
      if (value == "pq") {
        spec.color = GeneratorColor::kPq;
      } else if (value == "hlg") {
        spec.color = GeneratorColor::kHlg;
      } else if (value == "sdr") {
        spec.color = GeneratorColor::kSdr;
      } else {
        return bad_spec(path, "color must be pq, hlg or sdr");
      }
    } else {
      return bad_spec(path, fmt::format("\"{}\" is not known", word));
    }
  }
  if (spec.width < kMinWidth || spec.height < kMinHeight || spec.width > kMaxSide || spec.height > kMaxSide ||
      spec.width % 2 != 0 || spec.height % 2 != 0) {
    return bad_spec(path, "the size must be even, from 64x32 to 16384x16384");
  }
  return spec;
}

Result<std::unique_ptr<Source>> open_generator(const std::string& path, bool use_audio) {
  JINSHA_ASSIGN(const GeneratorSpec spec, parse_generator_spec(path));
  std::unique_ptr<GeneratorAudio> audio;
  if (use_audio) {
    JINSHA_ASSIGN(audio, GeneratorAudio::open());
  }
  return std::unique_ptr<Source>(std::make_unique<Generator>(spec, path, std::move(audio)));
}

}  // namespace jinsha
