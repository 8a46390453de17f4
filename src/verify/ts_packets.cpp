#include "verify/ts_packets.h"

#include <fmt/core.h>

#include <algorithm>

namespace jinsha::verify {
namespace {

constexpr std::size_t kPacket = 188;
constexpr std::size_t kStampedPacket = 192;
constexpr std::size_t kLockPackets = 5;
constexpr std::size_t kLockBytes = kStampedPacket * kLockPackets;
constexpr std::size_t kFeedBytes = 64 * 1024;

}  // namespace

void PacketFinder::drop(std::size_t count) {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(count));
  buffer_byte_ += static_cast<std::int64_t>(count);
}

void PacketFinder::feed(ByteView bytes) {
  while (!bytes.empty()) {
    const std::size_t take = std::min(bytes.size(), kFeedBytes);
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(take));
    bytes = bytes.subspan(take);
    consume(false);
  }
}

// Looks for the first place where packets follow each other. What lies before it is dropped.
bool PacketFinder::lock(bool last) {
  for (std::size_t at = 0; at < buffer_.size(); ++at) {
    if (!last && buffer_.size() - at < kLockBytes) break;
    for (const std::size_t stride : {kPacket, kStampedPacket}) {
      std::size_t seen = 0, good = 0;
      for (std::size_t i = at; i < buffer_.size() && seen < kLockPackets; i += stride, ++seen) {
        if (buffer_[i] == 0x47) ++good;
      }
      if (good != seen || seen < (last ? 1 : kLockPackets) || buffer_.size() - at < kPacket) continue;
      // The time stamp of a 192-byte packet precedes it.
      const std::size_t skipped = stride == kStampedPacket && !ever_locked_ && at == 4 ? 0 : at;
      if (skipped > 0) {
        handler_.damage(fmt::format("{} bytes without packet synchronisation", skipped), buffer_byte_);
      }
      drop(at);
      stride_ = stride;
      locked_ = ever_locked_ = true;
      return true;
    }
  }
  const std::size_t keep = last ? 0 : std::min(buffer_.size(), kLockBytes - 1);
  const std::size_t lost = buffer_.size() - keep;
  if (lost > 0) handler_.damage(fmt::format("{} bytes without packet synchronisation", lost), buffer_byte_);
  drop(lost);
  return false;
}

void PacketFinder::consume(bool last) {
  std::size_t at = 0;
  while (true) {
    if (!locked_) {
      drop(at);
      at = 0;
      if (buffer_.empty() || !lock(last)) return;
    }
    if (buffer_.size() - at < kPacket) break;
    if (buffer_[at] != 0x47) {
      handler_.damage("a packet that does not start with 0x47", buffer_byte_ + static_cast<std::int64_t>(at));
      locked_ = false;
      continue;
    }
    handler_.packet(ByteView(buffer_).subspan(at, kPacket), buffer_byte_ + static_cast<std::int64_t>(at));
    at += std::min(stride_, buffer_.size() - at);
    if (buffer_.size() - at < kPacket) break;
  }
  drop(at);
}

void PacketFinder::finish() {
  consume(true);
  if (locked_ && !buffer_.empty() && !(stride_ == kStampedPacket && buffer_.size() <= 4)) {
    handler_.damage(fmt::format("{} bytes after the last whole packet", buffer_.size()), buffer_byte_);
  }
}

}  // namespace jinsha::verify
