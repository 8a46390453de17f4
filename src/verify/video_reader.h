// VideoReader: the elementary stream of the video, fed by a container parser.
#pragma once

#include <memory>
#include <optional>

#include "verify/bit_reader.h"
#include "verify/video_log.h"

namespace jinsha::verify {

// How access units are told apart.
enum class Framing {
  kByteStream,      // Annex B start codes; open_unit() only marks where timestamps apply
  kLengthPrefixed,  // NAL units behind their length, one access unit between two open_unit()
  kObuUnits,        // OBUs, one temporal unit between two open_unit()
  kObuStream,       // OBUs, temporal delimiters
  kOpaque,          // a codec that is not looked into; one access unit between two open_unit()
};

// What a container says of a PES packet, sample or frame.
struct UnitStart {
  std::int64_t pts = kNoTime;
  std::int64_t dts = kNoTime;
  std::int64_t byte = -1;   // of the file
  std::optional<bool> key;  // marked as a random access point or not; empty: no such mark
};

class VideoReader {
 public:
  virtual ~VideoReader() = default;
  // What follows belongs to a PES packet, sample or frame that starts like this.
  virtual void open_unit(const UnitStart& start) = 0;
  // `byte` is the place of the first byte in the file.
  virtual void data(ByteView bytes, std::int64_t byte) = 0;
  // After the last byte.
  virtual void finish() = 0;
  // Parameter sets or OBUs out of band (hvcC, av1C): one NAL unit, or OBUs with sizes.
  virtual void configuration(ByteView bytes, std::int64_t byte) = 0;
};

// `length_bytes` is the size of the length of kLengthPrefixed.
std::unique_ptr<VideoReader> make_video_reader(Codec codec, Framing framing, unsigned length_bytes, VideoLog& log);

}  // namespace jinsha::verify
