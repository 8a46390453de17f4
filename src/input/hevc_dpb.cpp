#include "input/hevc_dpb.h"

#include <algorithm>
#include <vector>

namespace jinsha {
namespace {

constexpr int kSpsNalType = 33;

// Bits of an RBSP; reading past the end gives zeros and clears ok().
class Bits {
 public:
  explicit Bits(std::span<const std::uint8_t> nal) {
    int zeros = 0;
    for (const std::uint8_t byte : nal) {
      if (zeros >= 2 && byte == 3) {  // emulation prevention, H.265 7.4.2
        zeros = 0;
        continue;
      }
      zeros = byte == 0 ? zeros + 1 : 0;
      bytes_.push_back(byte);
    }
  }
  std::uint32_t u(int count) {
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i, ++at_) {
      const bool inside = at_ / 8 < bytes_.size();
      ok_ = ok_ && inside;
      value = value << 1 | (inside ? bytes_[at_ / 8] >> (7 - at_ % 8) & 1U : 0U);
    }
    return value;
  }
  std::uint32_t ue() {
    int zeros = 0;
    while (zeros < 31 && ok_ && u(1) == 0) ++zeros;
    return (1U << zeros) - 1 + u(zeros);
  }
  void skip(int count) {
    for (int i = 0; i < count; ++i) u(1);
  }
  bool ok() const { return ok_; }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

// H.265 7.3.2.2.1 up to the sub-layer ordering information.
std::optional<int> parse_sps(std::span<const std::uint8_t> nal) {
  Bits bits(nal);
  bits.skip(16 + 4);  // NAL header, sps_video_parameter_set_id
  const int sub_layers = static_cast<int>(bits.u(3)) + 1;
  bits.skip(1);
  bits.skip(88 + 8);  // profile_tier_level: general profile and level
  std::vector<std::uint32_t> present;
  for (int i = 0; i < sub_layers - 1; ++i) present.push_back(bits.u(2));
  if (sub_layers > 1) bits.skip(2 * (8 - (sub_layers - 1)));
  for (const std::uint32_t flags : present) bits.skip(((flags & 2) != 0 ? 88 : 0) + ((flags & 1) != 0 ? 8 : 0));
  bits.ue();                         // sps_seq_parameter_set_id
  if (bits.ue() == 3) bits.skip(1);  // chroma_format_idc
  bits.ue();
  bits.ue();
  if (bits.u(1) != 0) {  // conformance window
    for (int i = 0; i < 4; ++i) bits.ue();
  }
  bits.ue();
  bits.ue();
  bits.ue();  // log2_max_pic_order_cnt_lsb_minus4
  const bool each = bits.u(1) != 0;
  std::uint32_t most = 0;
  for (int i = each ? 0 : sub_layers - 1; i < sub_layers; ++i) {
    most = std::max(most, bits.ue() + 1);
    bits.ue();
    bits.ue();
  }
  constexpr std::uint32_t kLimit = 16;  // A.4.2: MaxDpbSize
  if (!bits.ok() || most > kLimit) return std::nullopt;
  return static_cast<int>(most);
}

std::optional<int> parse_nal(std::span<const std::uint8_t> nal) {
  if (nal.size() < 3 || (nal[0] >> 1 & 63) != kSpsNalType) return std::nullopt;
  return parse_sps(nal);
}

// ISO/IEC 14496-15 8.3.3.1.2.
std::optional<int> parse_hvcc(std::span<const std::uint8_t> data) {
  std::size_t at = 23;
  if (data.size() < at) return std::nullopt;
  for (int arrays = data[22]; arrays > 0 && at + 3 <= data.size(); --arrays) {
    int count = data[at + 1] << 8 | data[at + 2];
    for (at += 3; count > 0 && at + 2 <= data.size(); --count) {
      const std::size_t length = static_cast<std::size_t>(data[at] << 8 | data[at + 1]);
      at += 2;
      if (at + length > data.size()) return std::nullopt;
      if (const auto frames = parse_nal(data.subspan(at, length))) return frames;
      at += length;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<int> hevc_dpb_frames(std::span<const std::uint8_t> extradata) {
  if (extradata.size() > 23 && extradata[0] == 1) return parse_hvcc(extradata);
  constexpr std::uint8_t kStart[] = {0, 0, 1};
  auto from = std::search(extradata.begin(), extradata.end(), std::begin(kStart), std::end(kStart));
  while (from != extradata.end()) {
    from += 3;
    const auto to = std::search(from, extradata.end(), std::begin(kStart), std::end(kStart));
    if (const auto frames = parse_nal({from, to})) return frames;
    from = to;
  }
  return std::nullopt;
}

}  // namespace jinsha
