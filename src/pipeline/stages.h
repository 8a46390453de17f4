// The stages of a transcode: colour, encode, mux; and the writer of uncompressed pictures.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "compute/device.h"
#include "encode/encoder.h"
#include "job/planner.h"
#include "media/frame.h"
#include "mux/muxer.h"
#include "pipeline/stage.h"

namespace jinsha {

// Frame -> Frame through the device's loaded program, into frames of `pool`; from the first frame of each of `scenes`
// on through that scene's.
std::unique_ptr<Stage> make_color_stage(std::unique_ptr<Device> device, std::vector<SceneProgram> scenes,
                                        FramePool pool, FrameInfo output_info, std::stop_token stop);

// Frame -> Packet. Before the first packet goes `video` with the encoder's headers, which only then
// are certain. `frames` counts what was given to the encoder; `forced_keys` lists the frame indices
// that were forced; both are read after the run.
struct EncodeCounts {
  std::int64_t frames = 0;
  std::vector<std::int64_t> forced_keys;
  std::int64_t captioned = 0;         // frames with captions
  std::uint64_t captions_digest = 0;  // of these, as verify::RunFacts
};
// Called once, on the stage's thread, while the source already decodes.
using OpenEncoder = std::function<Result<std::unique_ptr<Encoder>>()>;
std::unique_ptr<Stage> make_encode_stage(OpenEncoder open, VideoStreamInfo video, std::vector<std::int64_t> keyframes,
                                         EncodeCounts& counts);

// Packet -> bytes. The muxer is opened when the description of the video arrives. Packets have the numbers of the
// output's streams (audio_stage.h). `audio_packets` counts per output audio stream.
struct MuxCounts {
  std::int64_t video_packets = 0;
  std::vector<std::int64_t> audio_packets;
  std::vector<double> audio_start_s;     // of the first packet, after the first picture
  std::vector<std::int64_t> audio_gaps;  // of more than a packet, as the source delivered them
  std::vector<std::int64_t> data_packets;
  std::vector<double> data_start_s;  // of the first packet, after the first picture
};
// `muxer` is where the muxer stands once it is open; it outlives the stage, because a job that is
// stopped still finishes it.
using OpenMuxer = std::function<Result<std::unique_ptr<Muxer>>(VideoStreamInfo video)>;
std::unique_ptr<Stage> make_mux_stage(OpenMuxer open, std::unique_ptr<Muxer>& muxer, const Plan& plan,
                                      MuxCounts& counts);

// Shows what went into the muxer to somebody else: the description of the video, then packets in the order they were
// written. What `tap` says ends the job.
using PacketTap = std::function<Status(const Item&)>;
std::unique_ptr<Stage> make_tap_stage(PacketTap tap);

// Frame -> uncompressed bytes; without a writer the frames are only counted.
std::unique_ptr<Stage> make_frame_writer_stage(FrameWriter* writer, EncodeCounts& counts);

}  // namespace jinsha
