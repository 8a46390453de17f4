// HevcReader: finds the access units of an HEVC elementary stream (ITU-T H.265 7.4.2.4) and writes
// down what each carries.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>

#include "verify/cpb_replay.h"
#include "verify/nal_splitter.h"
#include "verify/video_reader.h"

namespace jinsha::verify {

class HevcReader final : public VideoReader {
 public:
  HevcReader(Framing framing, unsigned length_bytes, VideoLog& log);

  void open_unit(const UnitStart& start) override;
  void data(ByteView bytes, std::int64_t byte) override;
  void finish() override;
  void configuration(ByteView bytes, std::int64_t byte) override;

 private:
  struct Mark {
    std::int64_t position = 0;  // in the elementary stream
    UnitStart start;
  };
  // The access unit being read.
  struct Open {
    bool any = false;      // a NAL unit has come
    bool picture = false;  // its first slice has come
    std::int64_t position = 0;
    AccessUnit unit;
    std::optional<bool> marked;
    bool delimiter = false;
    bool vps = false, sps = false, pps = false;
    unsigned vcl_type = 0;
    std::optional<MasteringDisplay> mastering_display;
    std::optional<ContentLight> content_light;
    std::optional<hevc::BufferingPeriod> period;
    std::optional<hevc::PictureTiming> timing;
  };

  void nal(const NalUnit& nal);
  void start_unit(const NalUnit& nal);
  void end_unit();
  void take_mark();
  void apply(const UnitStart& start);
  void parameter_set(unsigned type, const NalUnit& nal, ByteView rbsp, const Place& place);
  void slice(const hevc::NalHeader& header, ByteView rbsp, const Place& place);
  void sei(ByteView rbsp, const Place& place);
  void picture_order(const hevc::NalHeader& header, std::uint32_t poc_lsb, unsigned lsb_bits);
  void log_metadata(const Place& place);
  Place place(std::int64_t byte) const { return {log_.unit_count, byte}; }

  VideoLog& log_;
  bool byte_stream_;
  ByteStreamSplitter stream_;
  LengthSplitter lengths_;
  std::deque<Mark> marks_;
  Open open_;
  std::map<unsigned, hevc::Vps> vps_;
  std::map<unsigned, hevc::Sps> sps_;
  std::map<unsigned, hevc::Pps> pps_;
  const hevc::Sps* active_ = nullptr;
  std::unique_ptr<CpbReplay> cpb_;
  std::int32_t previous_poc_ = 0;  // of the last picture of temporal sub-layer 0
  std::uint32_t epoch_ = 0;
  // From SEI NAL units of the decoder configuration: they hold for every key frame that has none.
  std::optional<MasteringDisplay> configured_mastering_display_;
  std::optional<ContentLight> configured_content_light_;
};

}  // namespace jinsha::verify
