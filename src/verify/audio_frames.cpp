#include "verify/audio_frames.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

namespace jinsha::verify {
namespace {

// ISO/IEC 14496-3 ADTS, 1.A.2.
std::optional<AudioFrame> parse_adts(ByteView header) {
  constexpr int kRates[] = {96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350};
  BitReader reader(header);
  if (reader.bits(12) != 0xFFF) return std::nullopt;
  reader.skip(1);
  if (reader.bits(2) != 0) return std::nullopt;
  reader.skip(1 + 2);
  const unsigned rate = reader.bits(4);
  reader.skip(1);
  const unsigned channels = reader.bits(3);
  reader.skip(4);
  AudioFrame frame;
  frame.bytes = reader.bits(13);
  reader.skip(11);
  frame.samples = 1024 * static_cast<int>(reader.bits(2) + 1);
  if (rate >= std::size(kRates) || frame.bytes < 7) return std::nullopt;
  frame.sample_rate = kRates[rate];
  frame.channels = channels == 7 ? 8 : static_cast<int>(channels);
  return frame;
}

// LOAS/LATM AudioSyncStream, ISO/IEC 14496-3 1.7.2.
std::optional<AudioFrame> parse_latm(ByteView header) {
  BitReader reader(header);
  if (reader.bits(11) != 0x2B7) return std::nullopt;
  AudioFrame frame;
  frame.bytes = reader.bits(13) + 3;
  return frame;
}

// ETSI TS 102 366 4.3, 5.3 and Annex E.
std::optional<AudioFrame> parse_ac3(ByteView header) {
  constexpr int kRates[] = {48000, 44100, 32000};
  constexpr std::size_t kKbits[] = {32,  40,  48,  56,  64,  80,  96,  112, 128, 160,
                                    192, 224, 256, 320, 384, 448, 512, 576, 640};
  constexpr int kChannels[] = {2, 1, 2, 3, 3, 4, 4, 5};
  constexpr int kBlocks[] = {1, 2, 3, 6};
  if (be16(header) != 0x0B77) return std::nullopt;
  const unsigned bsid = header[5] >> 3;
  AudioFrame frame;
  if (bsid <= 10) {
    const unsigned rate = header[4] >> 6;
    const unsigned code = header[4] & 63U;
    if (rate == 3 || code / 2 >= std::size(kKbits)) return std::nullopt;
    const std::size_t kbits = kKbits[code / 2];
    const std::size_t words = rate == 0 ? kbits * 2 : rate == 2 ? kbits * 3 : kbits * 320 / 147 + (code & 1U);
    frame.bytes = words * 2;
    frame.samples = 1536;
    frame.sample_rate = kRates[rate];
    BitReader reader(header.subspan(6));
    const unsigned acmod = reader.bits(3);
    if ((acmod & 1U) != 0 && acmod != 1) reader.skip(2);
    if ((acmod & 4U) != 0) reader.skip(2);
    if (acmod == 2) reader.skip(2);
    frame.channels = kChannels[acmod] + (reader.flag() ? 1 : 0);
    return frame;
  }
  if (bsid > 16) return std::nullopt;
  BitReader reader(header.subspan(2));
  const unsigned type = reader.bits(2);
  const unsigned substream = reader.bits(3);
  frame.bytes = (std::size_t{reader.bits(11)} + 1) * 2;
  unsigned rate = reader.bits(2);
  const unsigned blocks = reader.bits(2);
  if (type == 3) return std::nullopt;
  if (rate == 3) {  // half rates; `blocks` is fscod2
    if (blocks == 3) return std::nullopt;
    frame.sample_rate = kRates[blocks] / 2;
    frame.samples = 1536;
  } else {
    frame.sample_rate = kRates[rate];
    frame.samples = 256 * kBlocks[blocks];
  }
  frame.channels = kChannels[reader.bits(3)];
  frame.channels += reader.flag() ? 1 : 0;
  frame.dependent = type == 1 || substream != 0;
  return frame;
}

// ISO/IEC 11172-3 2.4.2.3, ISO/IEC 13818-3.
std::optional<AudioFrame> parse_mpeg(ByteView header) {
  constexpr int kBitrates[5][15] = {
      {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},  // MPEG-1 layer I
      {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},     // layer II
      {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},      // layer III
      {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},     // MPEG-2 layer I
      {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}};         // layers II and III
  constexpr int kRates[] = {44100, 48000, 32000};
  BitReader reader(header);
  if (reader.bits(11) != 0x7FF) return std::nullopt;
  const unsigned version = reader.bits(2);  // 3: MPEG-1, 2: MPEG-2, 0: 2.5
  const unsigned layer = 4 - reader.bits(2);
  reader.skip(1);
  const unsigned rate_code = reader.bits(4);
  const unsigned frequency = reader.bits(2);
  const unsigned padding = reader.bits(1);
  reader.skip(1);
  const unsigned mode = reader.bits(2);
  if (version == 1 || layer == 4 || rate_code == 0 || rate_code == 15 || frequency == 3) return std::nullopt;
  constexpr const char* kLayers[] = {"mp1", "mp2", "mp3"};
  AudioFrame frame;
  frame.codec = kLayers[layer - 1];
  frame.sample_rate = kRates[frequency] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
  const unsigned row = version == 3 ? layer - 1 : layer == 1 ? 3 : 4;
  const std::size_t rate = static_cast<std::size_t>(kBitrates[row][rate_code]) * 1000;
  const auto frequency_hz = static_cast<std::size_t>(frame.sample_rate);
  if (layer == 1) {
    frame.bytes = (12 * rate / frequency_hz + padding) * 4;
    frame.samples = 384;
  } else {
    const bool half = layer == 3 && version != 3;
    frame.bytes = (half ? 72 : 144) * rate / frequency_hz + padding;
    frame.samples = half ? 576 : 1152;
  }
  frame.channels = mode == 3 ? 1 : 2;
  return frame;
}

struct AudioParser {
  const char* codec;
  std::optional<AudioFrame> (*parse)(ByteView);
};
constexpr AudioParser kAudioParsers[] = {
    {"aac", parse_adts}, {"aac_latm", parse_latm}, {"ac3", parse_ac3},  {"eac3", parse_ac3},
    {"mp1", parse_mpeg}, {"mp2", parse_mpeg},      {"mp3", parse_mpeg},
};

}  // namespace

bool knows_audio(const std::string& codec) {
  return std::any_of(std::begin(kAudioParsers), std::end(kAudioParsers),
                     [&](const AudioParser& row) { return codec == row.codec; });
}

std::optional<AudioFrame> parse_audio_frame(const std::string& codec, ByteView header) {
  if (header.size() < kAudioHeaderBytes) return std::nullopt;
  for (const AudioParser& row : kAudioParsers) {
    if (codec == row.codec) return row.parse(header);
  }
  return std::nullopt;
}

void AudioFrames::open_unit(std::int64_t pts, std::int64_t byte) {
  if (pts == kNoTime) log_.untimed.add({-1, byte});
  pending_pts_ = pts;
  if (!known_) frame({}, byte);
}

void AudioFrames::frame(const AudioFrame& frame, std::int64_t byte) {
  if (frame.dependent) return;
  ++log_.packets;
  if (frame.sample_rate > 0) log_.sample_rate = frame.sample_rate;
  if (frame.channels > 0) log_.channels = frame.channels;
  if (frame.codec != nullptr && log_.packets == 1) log_.codec = frame.codec;
  const auto ticks = [&](std::int64_t samples) -> std::int64_t {
    return frame.sample_rate > 0 ? rescale(samples, {1, frame.sample_rate}, log_.time_base) : 0;
  };
  const std::int64_t duration = ticks(frame.samples);
  std::int64_t pts = base_pts_ == kNoTime ? kNoTime : base_pts_ + ticks(since_base_);
  if (pending_pts_ != kNoTime) {
    if (log_.last_pts != kNoTime && pending_pts_ <= log_.last_pts) {
      log_.backwards.add({-1, byte});
    } else if (pts != kNoTime && duration > 0 && std::llabs(pending_pts_ - pts) > duration) {
      if (log_.gaps.count == 0) {
        log_.first_gap = fmt::format("{} ticks from where the packet before ends", pending_pts_ - pts);
      }
      log_.gaps.add({-1, byte});
    }
    pts = base_pts_ = pending_pts_;
    since_base_ = 0;
    pending_pts_ = kNoTime;
  }
  since_base_ += frame.samples;
  if (pts == kNoTime) return;
  if (log_.first_pts == kNoTime) log_.first_pts = pts;
  log_.last_pts = pts;
  log_.last_duration = duration;
}

void AudioFrames::data(ByteView bytes, std::int64_t byte) {
  log_.bytes += static_cast<std::int64_t>(bytes.size());
  if (!known_) return;
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (skip_ > 0) {
      const std::size_t take = std::min(skip_, bytes.size() - at);
      skip_ -= take;
      at += take;
      continue;
    }
    header_[header_size_++] = bytes[at++];
    if (header_size_ < kAudioHeaderBytes) continue;
    const std::int64_t here = byte + static_cast<std::int64_t>(at) - static_cast<std::int64_t>(kAudioHeaderBytes);
    const auto found = parse_audio_frame(log_.codec, header_);
    if (found && found->bytes >= kAudioHeaderBytes) {
      frame(*found, std::max<std::int64_t>(here, 0));
      skip_ = found->bytes - kAudioHeaderBytes;
      header_size_ = 0;
      lost_ = false;
      continue;
    }
    if (!lost_) {
      if (log_.damaged.count == 0) log_.first_damage = "bytes that are not the start of a frame";
      log_.damaged.add({-1, std::max<std::int64_t>(here, 0)});
      lost_ = true;
    }
    std::copy(header_.begin() + 1, header_.end(), header_.begin());
    --header_size_;
  }
}

void AudioFrames::finish() {
  if (known_ && (skip_ > 0 || header_size_ > 0) && !lost_) {
    if (log_.damaged.count == 0) log_.first_damage = "a frame that is cut short";
    log_.damaged.add({});
  }
}

}  // namespace jinsha::verify
