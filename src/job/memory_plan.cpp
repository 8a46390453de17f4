#include "job/memory_plan.h"

#include <algorithm>

#include "audio/track_transcoder.h"
#include "base/os.h"
#include "compute/device.h"

namespace jinsha {
namespace {

// Frames that may be on their way between two stages: one being written, one waiting, one being
// read. More would only cost memory: 99.5 MB each at 8K.
constexpr int kFramesInFlight = 3;
// The program, its libraries and their tables, before the first frame exists.
constexpr std::uint64_t kProgramBytes = 60'000'000;
constexpr double kMb = 1e6;

// Two seconds of stream at its rate, or at a tenth of a bit a sample when the rate is open.
std::uint64_t packet_bytes(const EncoderSettings& video) {
  std::int64_t rate = std::max(video.rate.maxrate_bits_per_s, video.rate.bitrate_bits_per_s);
  if (rate == 0) rate = static_cast<std::int64_t>(0.1 * video.width * video.height * video.frame_rate.to_double());
  return static_cast<std::uint64_t>(rate) / 4;
}

}  // namespace

void plan_memory(Plan& plan, const ImagePlan& image, const Source& source) {
  const auto add = [&](std::string what, std::uint64_t bytes) {
    if (bytes == 0) return;
    plan.memory.push_back({std::move(what), bytes});
    plan.memory_bytes += bytes;
  };
  add("program and libraries", kProgramBytes);
  add("reading and decoding, besides the frames", source.memory_bytes());
  const auto add_packets = [&] {
    const auto tracks = std::count_if(plan.audio.begin(), plan.audio.end(), [](const auto& a) { return a.encoded; });
    add(fmt::format("encoding {} audio tracks", tracks),
        static_cast<std::uint64_t>(tracks) * AudioTranscoder::kMemoryBytes);
    add("coded packets on their way", packet_bytes(plan.video));
  };
  if (plan.copied) return add_packets();
  const bool passes_through = image.program.steps.empty();
  const int encoder_frames = plan.coded ? plan.video.max_held_frames : 0;
  plan.input_frames = source.max_held_frames() + kFramesInFlight + (passes_through ? encoder_frames : 0);
  plan.output_frames = passes_through ? 0 : kFramesInFlight + encoder_frames;

  const auto add_pool = [&](const char* what, int count, std::size_t bytes) {
    add(fmt::format("{}: {} x {:.1f} MB", what, count, static_cast<double>(bytes) / kMb),
        static_cast<std::uint64_t>(count) * bytes);
  };
  add_pool("source frames", plan.input_frames, source.layout().bytes);
  if (!passes_through) {
    const PictureSide& output = image.output;
    add_pool("converted frames", plan.output_frames,
             FrameLayout::packed(output.format, output.width, output.height).bytes);
    add("colour conversion and scaling", cpu_device_memory_bytes(image.program, plan.threads));
  }
  if (plan.coded) {
    add(plan.encoder.encoder + " " + plan.encoder.speed, plan.video.memory_bytes);
    add_packets();
  }
}

Status check_memory(const Plan& plan, std::uint64_t limit_bytes) {
  const std::uint64_t limit = limit_bytes > 0 ? limit_bytes : memory_limit_bytes();
  if (plan.memory_bytes <= limit) return {};
  return make_error(
      ErrorCode::kNotPossible,
      "the job needs {:.0f} MB of memory but {} {:.0f} MB:\n{}choose a faster --speed, a smaller --size or "
      "another encoder",
      static_cast<double>(plan.memory_bytes) / kMb, limit_bytes > 0 ? "--max-mem allows" : "this machine has",
      static_cast<double>(limit) / kMb, memory_table(plan));
}

std::string memory_table(const Plan& plan) {
  std::string text;
  for (const MemoryItem& item : plan.memory)
    text += fmt::format("{:10.1f} MB  {}\n", static_cast<double>(item.bytes) / kMb, item.what);
  return text + fmt::format("{:10.1f} MB  together\n", static_cast<double>(plan.memory_bytes) / kMb);
}

}  // namespace jinsha
