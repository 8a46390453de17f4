// Av1Reader: cuts OBUs (AV1 5.3, low-overhead format) out of temporal units and writes down what
// each temporal unit carries.
#pragma once

#include "verify/av1_syntax.h"
#include "verify/video_reader.h"

namespace jinsha::verify {

class Av1Reader final : public VideoReader {
 public:
  // `delimited`: temporal units are told apart by their delimiters, not by open_unit().
  Av1Reader(bool delimited, VideoLog& log) : log_(log), delimited_(delimited) {}

  void open_unit(const UnitStart& start) override;
  void data(ByteView bytes, std::int64_t byte) override;
  void finish() override;
  void configuration(ByteView bytes, std::int64_t byte) override;

 private:
  struct Open {
    bool any = false;
    int shown = 0;
    bool delimiter = false;
    bool sequence = false;
    bool hidden_key = false;
    AccessUnit unit;
    std::optional<bool> marked;
    std::optional<Av1MasteringDisplay> mastering_display;
    std::optional<ContentLight> content_light;
  };
  enum class State { kHeader, kExtension, kSize, kPayload };

  void obu();
  void frame(ByteView payload, const Place& place);
  void metadata(ByteView payload, const Place& place);
  void end_obus(std::int64_t byte);  // at the end of a container's unit
  void end_unit();
  Place place() const { return {log_.unit_count, obu_byte_}; }

  VideoLog& log_;
  bool delimited_;
  bool lost_ = false;  // the rest of this unit is not read
  Open open_;
  State state_ = State::kHeader;
  std::uint8_t first_ = 0, second_ = 0;
  av1::ObuHeader header_;
  std::int64_t size_ = 0;       // declared
  std::int64_t size_read_ = 0;  // of the payload
  unsigned size_bytes_ = 0;     // of the leb128 field
  std::int64_t header_bytes_ = 0;
  std::int64_t obu_byte_ = 0;
  std::vector<std::uint8_t> prefix_;
  std::optional<av1::SequenceHeader> sequence_;
  // From the configuration record: they hold for every key frame that has none.
  std::optional<Av1MasteringDisplay> configured_mastering_display_;
  std::optional<ContentLight> configured_content_light_;
};

}  // namespace jinsha::verify
