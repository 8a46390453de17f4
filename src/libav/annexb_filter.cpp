#include "libav/annexb_filter.h"

extern "C" {
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
}

#include <algorithm>
#include <memory>

#include "libav/error.h"

namespace jinsha::libav {
namespace {

// AV1-ISOBMFF 2.3: four bytes of configuration, then the OBUs.
constexpr std::uint8_t kAv1cMarkerAndVersion = 0x81;
constexpr std::size_t kAv1cBytes = 4;
// ISO/IEC 14496-15: where lengthSizeMinusOne stands, and the first byte of a configuration record.
constexpr std::size_t kHvccLengthSize = 21, kAvccLengthSize = 4;
constexpr std::uint8_t kRecordVersion = 1;
constexpr std::ptrdiff_t kLeastUnit = 2;  // a header

struct FilterFreer {
  void operator()(AVBSFContext* context) const { av_bsf_free(&context); }
};
using FilterPtr = std::unique_ptr<AVBSFContext, FilterFreer>;

FilterPtr make_filter(const char* name) {
  const AVBitStreamFilter* filter = av_bsf_get_by_name(name);
  AVBSFContext* context = nullptr;
  if (filter != nullptr) av_bsf_alloc(filter, &context);
  return FilterPtr(context);
}

std::span<const std::uint8_t> extradata_of(const AVCodecParameters& parameters) {
  if (parameters.extradata == nullptr || parameters.extradata_size <= 0) return {};
  return {parameters.extradata, static_cast<std::size_t>(parameters.extradata_size)};
}

// Adds one NAL unit, without the zeros behind it.
void add(AnnexbUnit& unit, const std::uint8_t* begin, const std::uint8_t* end, bool zero_byte) {
  while (end > begin && end[-1] == 0) --end;
  if (end - begin < kLeastUnit) {
    ++unit.empty_units;
    return;
  }
  if (zero_byte || unit.bytes.empty()) unit.bytes.push_back(0);
  unit.bytes.insert(unit.bytes.end(), {0, 0, 1});
  unit.bytes.insert(unit.bytes.end(), begin, end);
}

// The next 00 00 01, or `end`.
const std::uint8_t* next_code(const std::uint8_t* at, const std::uint8_t* end) {
  while (end - at >= 3) {
    const std::uint8_t* const one = std::find(at + 2, end, std::uint8_t{1});
    if (one == end) break;
    if (one[-1] == 0 && one[-2] == 0) return one - 2;
    at = one - 1;
  }
  return end;
}

}  // namespace

Result<AnnexbFilter> AnnexbFilter::open(const AVStream& stream) {
  AnnexbFilter result;
  const AVCodecParameters& parameters = *stream.codecpar;
  const std::span<const std::uint8_t> record = extradata_of(parameters);
  result.codec_id_ = parameters.codec_id;
  if (parameters.codec_id == AV_CODEC_ID_AV1) {
    const bool av1c = record.size() >= kAv1cBytes && record[0] == kAv1cMarkerAndVersion;
    result.headers_ = copy_bytes(av1c ? record.subspan(kAv1cBytes) : record);
    return result;
  }
  const bool avc = parameters.codec_id == AV_CODEC_ID_H264;
  const std::size_t length_size = avc ? kAvccLengthSize : kHvccLengthSize;
  if (record.size() <= length_size || record[0] != kRecordVersion) {
    result.headers_ = copy_bytes(record);
    return result;
  }
  result.length_bytes_ = (record[length_size] & 3) + 1;
  const FilterPtr context = make_filter(avc ? "h264_mp4toannexb" : "hevc_mp4toannexb");
  if (!context) return make_error(ErrorCode::kNotPossible, "this libavcodec cannot read the headers of coded pictures");
  int error = avcodec_parameters_copy(context->par_in, &parameters);
  if (error >= 0) error = av_bsf_init(context.get());
  if (error < 0) return to_error(ErrorCode::kInput, error, "the configuration of the coded pictures cannot be read");
  result.headers_ = copy_bytes(extradata_of(*context->par_out));
  return result;
}

Bytes AnnexbFilter::headers_in(std::span<const std::uint8_t> access_unit) const {
  const FilterPtr context = make_filter("extract_extradata");
  const PacketPtr packet = make_packet();
  if (!context || !packet) return {};
  context->par_in->codec_type = AVMEDIA_TYPE_VIDEO;
  context->par_in->codec_id = static_cast<AVCodecID>(codec_id_);
  if (av_bsf_init(context.get()) < 0 || av_new_packet(packet.get(), static_cast<int>(access_unit.size())) < 0)
    return {};
  std::copy(access_unit.begin(), access_unit.end(), packet->data);
  if (av_bsf_send_packet(context.get(), packet.get()) < 0 || av_bsf_receive_packet(context.get(), packet.get()) < 0)
    return {};
  std::size_t size = 0;
  const std::uint8_t* data = av_packet_get_side_data(packet.get(), AV_PKT_DATA_NEW_EXTRADATA, &size);
  return data == nullptr ? Bytes() : copy_bytes({data, size});
}

AnnexbUnit AnnexbFilter::access_unit(std::span<const std::uint8_t> packet) const {
  AnnexbUnit unit;
  if (codec_id_ == AV_CODEC_ID_AV1) {
    unit.bytes.assign(packet.begin(), packet.end());
    return unit;
  }
  constexpr std::size_t kCodes = 64;  // start codes may be longer than lengths
  unit.bytes.reserve(packet.size() + kCodes);
  const std::uint8_t* at = packet.data();
  const std::uint8_t* const end = at + packet.size();
  if (length_bytes_ == 0) {
    for (const std::uint8_t* code = next_code(at, end); code != end;) {
      const std::uint8_t* const next = next_code(code + 3, end);
      add(unit, code + 3, next, code > packet.data() && code[-1] == 0);
      code = next;
    }
    return unit;
  }
  while (end - at >= length_bytes_) {
    std::size_t size = 0;
    for (int i = 0; i < length_bytes_; ++i) size = size << 8 | *at++;
    if (size > static_cast<std::size_t>(end - at)) {
      unit.damaged = true;
      return unit;
    }
    add(unit, at, at + size, false);
    at += size;
  }
  unit.damaged = at != end;
  return unit;
}

}  // namespace jinsha::libav
