#include "encode/av1_headers.h"

#include <cstddef>

namespace jinsha {
namespace {

constexpr int kObuSequenceHeader = 1;

// Most significant bit first; reads zeros past the end and remembers that it did.
class Bits {
 public:
  explicit Bits(std::span<const std::uint8_t> data) : data_(data) {}

  std::uint32_t read(int count) {
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i) value = value << 1 | bit();
    return value;
  }
  bool flag() { return bit() != 0; }
  void skip(int count) {
    for (int i = 0; i < count; ++i) bit();
  }
  // 4.10.3
  void skip_uvlc() {
    int zeros = 0;
    while (!past_end_ && !flag()) ++zeros;
    if (zeros < 32) skip(zeros);
  }
  bool past_end() const { return past_end_; }

 private:
  std::uint32_t bit() {
    if (position_ >= data_.size() * 8) {
      past_end_ = true;
      return 0;
    }
    const std::uint32_t value = (data_[position_ / 8] >> (7 - position_ % 8)) & 1u;
    ++position_;
    return value;
  }

  std::span<const std::uint8_t> data_;
  std::size_t position_ = 0;
  bool past_end_ = false;
};

struct Obu {
  std::span<const std::uint8_t> whole;
  std::span<const std::uint8_t> payload;
};

std::optional<Obu> find_obu(std::span<const std::uint8_t> data, int wanted_type) {
  std::size_t i = 0;
  while (i < data.size()) {
    const std::size_t begin = i;
    const int type = (data[i] >> 3) & 0x0f;
    const bool extension = (data[i] & 0x04) != 0;
    const bool has_size = (data[i] & 0x02) != 0;
    i += extension ? 2 : 1;
    std::uint64_t size = data.size() > i ? data.size() - i : 0;
    if (has_size) {
      size = 0;
      for (int shift = 0; shift < 56 && i < data.size(); shift += 7) {  // leb128
        const std::uint8_t byte = data[i++];
        size |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) break;
      }
    }
    if (i > data.size() || size > data.size() - i) return std::nullopt;
    const auto end = i + static_cast<std::size_t>(size);
    if (type == wanted_type) return Obu{data.subspan(begin, end - begin), data.subspan(i, end - i)};
    i = end;
  }
  return std::nullopt;
}

// 5.5.3, 5.5.4; the length of the decoder model's fields, 0 when there is none.
int read_timing_info(Bits& bits) {
  bits.skip(64);  // num_units_in_display_tick, time_scale
  if (bits.flag()) bits.skip_uvlc();
  if (!bits.flag()) return 0;
  const int length = static_cast<int>(bits.read(5)) + 1;
  bits.skip(32 + 5 + 5);
  return length;
}

void read_operating_points(Bits& bits, int delay_length, Av1SequenceHeader& header) {
  const bool display_delay = bits.flag();
  const int count = static_cast<int>(bits.read(5)) + 1;
  for (int i = 0; i < count; ++i) {
    bits.skip(12);
    const int level = static_cast<int>(bits.read(5));
    const bool high = level > 7 && bits.flag();
    if (i == 0) {
      header.level_idx = level;
      header.tier = high ? Tier::kHigh : Tier::kMain;
    }
    if (delay_length > 0 && bits.flag()) bits.skip(2 * delay_length + 1);
    if (display_delay && bits.flag()) bits.skip(4);
  }
}

void skip_tools(Bits& bits) {
  bits.skip(4);  // interintra, masked compound, warped motion, dual filter
  const bool order_hint = bits.flag();
  if (order_hint) bits.skip(2);  // jnt_comp, ref_frame_mvs
  constexpr std::uint32_t kSelect = 2;
  const std::uint32_t screen_content = bits.flag() ? kSelect : bits.read(1);
  if (screen_content > 0 && !bits.flag()) bits.skip(1);  // seq_force_integer_mv
  if (order_hint) bits.skip(3);
}

// 5.5.2
void read_color_config(Bits& bits, Av1SequenceHeader& header) {
  const bool high_depth = bits.flag();
  header.depth = high_depth ? 10 : 8;
  if (header.profile == 2 && high_depth && bits.flag()) header.depth = 12;
  const bool mono = header.profile != 1 && bits.flag();
  ColorInfo& color = header.color;
  if (bits.flag()) {
    color.primaries = static_cast<Primaries>(bits.read(8));
    color.transfer = static_cast<Transfer>(bits.read(8));
    color.matrix = static_cast<Matrix>(bits.read(8));
  }
  if (color.primaries == Primaries::kBt709 && color.transfer == Transfer::kSrgb && color.matrix == Matrix::kIdentity) {
    color.range = Range::kFull;
    return;
  }
  color.range = bits.flag() ? Range::kFull : Range::kLimited;
  if (mono) return;
  bool subsampled_x = header.profile != 1;
  bool subsampled_y = header.profile == 0;
  if (header.profile == 2 && header.depth == 12) {
    subsampled_x = bits.flag();
    subsampled_y = subsampled_x && bits.flag();
  }
  if (!subsampled_x || !subsampled_y) return;
  switch (bits.read(2)) {  // chroma_sample_position
    case 1: color.chroma_location = ChromaLocation::kLeft; break;
    case 2: color.chroma_location = ChromaLocation::kTopLeft; break;
    default: break;
  }
}

}  // namespace

std::optional<Av1SequenceHeader> read_av1_sequence_header(std::span<const std::uint8_t> obus) {
  const auto obu = find_obu(obus, kObuSequenceHeader);
  if (!obu) return std::nullopt;
  Bits bits(obu->payload);
  Av1SequenceHeader header;
  header.profile = static_cast<int>(bits.read(3));
  bits.skip(1);  // still_picture
  const bool reduced = bits.flag();
  if (reduced) {
    header.level_idx = static_cast<int>(bits.read(5));
  } else {
    const int delay_length = bits.flag() ? read_timing_info(bits) : 0;
    read_operating_points(bits, delay_length, header);
  }
  const int width_bits = static_cast<int>(bits.read(4)) + 1;
  const int height_bits = static_cast<int>(bits.read(4)) + 1;
  header.width = static_cast<int>(bits.read(width_bits)) + 1;
  header.height = static_cast<int>(bits.read(height_bits)) + 1;
  if (!reduced && bits.flag()) bits.skip(7);  // frame id lengths
  bits.skip(3);                               // 128x128 superblocks, filter intra, intra edge filter
  if (!reduced) skip_tools(bits);
  bits.skip(3);  // superres, cdef, restoration
  read_color_config(bits, header);
  if (bits.past_end()) return std::nullopt;
  return header;
}

std::span<const std::uint8_t> find_av1_sequence_header(std::span<const std::uint8_t> obus) {
  const auto obu = find_obu(obus, kObuSequenceHeader);
  return obu ? obu->whole : std::span<const std::uint8_t>{};
}

const char* av1_profile_name(int profile) { return profile == 0 ? "main" : profile == 1 ? "high" : "professional"; }

}  // namespace jinsha
