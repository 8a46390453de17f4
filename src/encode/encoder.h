// Encoder: one running back end. kEncoderBackends (encoder.cpp) is the table of what exists.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "media/coding.h"
#include "media/frame.h"
#include "media/packet.h"

namespace jinsha {

// Receives packets in decode order. stream is 0; pts and dts are ticks of 1/frame_rate (frame
// indices); dts starts at -reorder_frames.
using PacketSink = std::function<Status(Packet)>;

class Encoder {
 public:
  virtual ~Encoder() = default;

  // Parameter sets for a container's sample entry: HEVC VPS+SPS+PPS (Annex B), AV1 sequence header
  // OBU. HEVC's are final when the encoder is open. AV1's are until the first packet was given to the
  // sink a preview, exact in profile, level, tier, size and colour; from then on they are the bytes
  // that stand in the first packet (SVT-AV1 decides its coding tools with the first picture).
  virtual Bytes headers() const = 0;
  // What was really set, read back from the back end.
  virtual const EncoderSettings& settings() const = 0;

  // Codes one frame; frames come in display order, pts = 0, 1, 2 ... Calls `sink` any number of
  // times. `force_key` makes this frame an IDR / key frame. One thread.
  virtual Status encode(const Frame& frame, bool force_key, const PacketSink& sink) = 0;
  // After the last frame: codes what is held back.
  virtual Status flush(const PacketSink& sink) = 0;
};

// What a back end can do, for checks while planning and for `jinsha encoders`.
struct EncoderCapabilities {
  std::vector<Codec> codecs;
  std::vector<int> depths;
  std::vector<Chroma> chromas;
  int max_width = 0;
  int max_height = 0;
  std::vector<RateControl::Mode> rate_modes;
  bool hrd = false;
  bool forced_keyframes = false;
  bool captions = false;            // writes those of FrameInfo
  int passes = 1;                   // it takes to spread an average rate with foresight (--passes 2); 1: cannot
  std::vector<std::string> speeds;  // accepted by --speed, slow to fast
  std::string default_speed;
  double default_crf = 0;
  std::string notes;  // limits in words
};

struct EncoderBackend {
  const char* name;         // "x265"
  const char* description;  // one line
  // Version of the library found at run time, e.g. "3.5"; a sentence why not when it cannot be used
  // here (NVENC: no driver, no device, no encoder engine: three different messages).
  Result<std::string> (*available)();
  EncoderCapabilities (*capabilities)();
  // Everything that can be refused is refused here, before a frame exists: values, levels, unknown
  // --encoder-param, what the back end cannot do (with that reason). Fills settings with what
  // open() will do, including level and tier (the smallest that fits, stated) and memory_bytes.
  Result<EncoderSettings> (*plan)(const EncoderConfig& config);
  Result<std::unique_ptr<Encoder>> (*open)(const EncoderConfig& config, const Log& log);
};

std::span<const EncoderBackend> encoder_backends();
// kUsage listing the known names when there is no such back end.
Result<const EncoderBackend*> find_encoder(const std::string& name);

// SMPTE-ordered text used by x265, SVT-AV1 and their users:
// "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)".
std::string mastering_display_text(const MasteringDisplay& display);

}  // namespace jinsha
