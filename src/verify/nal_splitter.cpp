#include "verify/nal_splitter.h"

#include <algorithm>
#include <cstring>

namespace jinsha::verify {

void ByteStreamSplitter::append(ByteView bytes) {
  if (!inside_) {
    garbage_ += static_cast<std::int64_t>(bytes.size());
    return;
  }
  size_ += static_cast<std::int64_t>(bytes.size());
  const std::size_t room = kMaxPrefix - prefix_.size();
  prefix_.insert(prefix_.end(), bytes.begin(),
                 bytes.begin() + static_cast<std::ptrdiff_t>(std::min(room, bytes.size())));
}

void ByteStreamSplitter::append_zeros(std::int64_t count) {
  if (!inside_) return;
  size_ += count;
  const std::size_t room = kMaxPrefix - prefix_.size();
  prefix_.insert(prefix_.end(), std::min(room, static_cast<std::size_t>(count)), std::uint8_t{0});
}

void ByteStreamSplitter::end_unit() {
  if (inside_) handler_({prefix_, size_, start_, start_byte_});
  prefix_.clear();
  size_ = 0;
}

void ByteStreamSplitter::data(ByteView bytes, std::int64_t byte) {
  std::size_t at = 0;
  // Where other bytes lie between this piece and the one before, a start code across both has no
  // one place: that of the piece stands for it.
  const std::int64_t earliest = byte == next_byte_ ? 0 : byte;
  while (at < bytes.size()) {
    if (zeros_ == 0) {
      const void* found = std::memchr(bytes.data() + at, 0, bytes.size() - at);
      const std::size_t zero = found == nullptr
                                   ? bytes.size()
                                   : static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - bytes.data());
      append(bytes.subspan(at, zero - at));
      at = zero;
      if (at == bytes.size()) break;
    }
    const std::uint8_t value = bytes[at];
    if (value == 0) {
      ++zeros_;
      ++at;
    } else if (value == 1 && zeros_ >= 2) {
      // Zeros before a three-byte zero run are trailing_zero_8bits of the unit before.
      const std::int64_t lead = std::min<std::int64_t>(zeros_, 3);
      const std::int64_t here = position_ + static_cast<std::int64_t>(at);
      end_unit();
      inside_ = true;
      start_ = here - lead;
      start_byte_ = std::max(earliest, byte + static_cast<std::int64_t>(at) - lead);
      zeros_ = 0;
      ++at;
    } else {
      append_zeros(zeros_);
      zeros_ = 0;
      append(bytes.subspan(at, 1));
      ++at;
    }
  }
  position_ += static_cast<std::int64_t>(bytes.size());
  next_byte_ = byte + static_cast<std::int64_t>(bytes.size());
}

void ByteStreamSplitter::finish() {
  end_unit();
  inside_ = false;
  zeros_ = 0;
}

void LengthSplitter::data(ByteView bytes, std::int64_t byte) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (length_read_ < length_bytes_) {
      if (length_read_ == 0) {
        length_ = 0;
        size_ = 0;
        prefix_.clear();
        start_ = position_ + static_cast<std::int64_t>(at);
        start_byte_ = byte + static_cast<std::int64_t>(at);
      }
      length_ = (length_ << 8) | bytes[at++];
      ++length_read_;
    }
    if (length_read_ == length_bytes_) {
      const std::size_t take = static_cast<std::size_t>(
          std::min<std::int64_t>(length_ - size_, static_cast<std::int64_t>(bytes.size() - at)));
      const std::size_t keep = std::min(take, kMaxPrefix - prefix_.size());
      const ByteView piece = bytes.subspan(at, keep);
      prefix_.insert(prefix_.end(), piece.begin(), piece.end());
      size_ += static_cast<std::int64_t>(take);
      at += take;
      if (size_ == length_) {
        handler_({prefix_, size_, start_, start_byte_});
        length_read_ = 0;
      }
    }
  }
  position_ += static_cast<std::int64_t>(bytes.size());
}

bool LengthSplitter::end_sample() {
  const bool whole = length_read_ == 0;
  length_read_ = 0;
  return whole;
}

}  // namespace jinsha::verify
