// AvcReader: finds the pictures of an AVC elementary stream (ITU-T H.264 7.4.1.2.4) and writes down what each carries.
// The two fields of a frame count as one picture, as containers hold them.
#pragma once

#include <deque>
#include <map>
#include <optional>

#include "verify/avc_syntax.h"
#include "verify/nal_splitter.h"
#include "verify/video_reader.h"

namespace jinsha::verify {

class AvcReader final : public VideoReader {
 public:
  AvcReader(Framing framing, unsigned length_bytes, VideoLog& log);

  void open_unit(const UnitStart& start) override;
  void data(ByteView bytes, std::int64_t byte) override;
  void finish() override;
  void configuration(ByteView bytes, std::int64_t byte) override;

 private:
  struct Mark {
    std::int64_t position = 0;  // in the elementary stream
    UnitStart start;
  };
  // What stands before a picture, and the picture.
  struct Open {
    bool any = false;
    bool picture = false;
    std::int64_t position = 0;
    AccessUnit unit;
    std::optional<bool> marked;
    bool delimiter = false, sps = false, pps = false, recovery_point = false;
    avc::Slice first;           // of the picture
    bool single_field = false;  // the other one has not come yet
    std::optional<MasteringDisplay> mastering_display;
    std::optional<ContentLight> content_light;
  };

  void nal(const NalUnit& nal);
  void note(const avc::NalHeader& header, const NalUnit& nal);
  void slice(const avc::NalHeader& header, const NalUnit& nal);
  void take_picture(const avc::NalHeader& header, const avc::Slice& slice, const avc::Sps& sps);
  void absorb_next();
  void end_unit();
  void begin_next(const NalUnit& nal);
  void apply(Open& open, const UnitStart& start) const;
  Place place(std::int64_t byte) const { return {log_.unit_count, byte}; }

  VideoLog& log_;
  bool byte_stream_;
  ByteStreamSplitter stream_;
  LengthSplitter lengths_;
  std::deque<Mark> marks_;
  Open open_;
  Open next_;  // byte stream: NAL units behind the picture, before it is known whether its other field follows
  std::map<unsigned, avc::Sps> sps_;
  std::map<unsigned, avc::Pps> pps_;
  avc::PictureOrder order_;
};

}  // namespace jinsha::verify
