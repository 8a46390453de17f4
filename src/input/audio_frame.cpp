#include "input/audio_frame.h"

#include <array>

namespace jinsha {
namespace {

// ISO/IEC 11172-3 2.4.2.3 and 13818-3 2.4.2.3, kbit/s by bitrate_index 1 to 14.
constexpr std::array<std::array<int, 14>, 3> kBitrates{{
    {32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},  // layer II
    {32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},   // layer III
    {8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},       // both, low sampling frequencies
}};
constexpr std::array<int, 3> kSampleRates{44100, 48000, 32000};

// Length of the frame this header begins; 0 when it is no header of layer II or III.
std::size_t mpeg_frame_bytes(std::span<const std::uint8_t> packet) {
  if (packet.size() < 4 || packet[0] != 0xFF || (packet[1] & 0xE0) != 0xE0) return 0;
  const int version = packet[1] >> 3 & 3;  // 3: MPEG-1, 2: MPEG-2, 0: "2.5"
  const int layer = 4 - (packet[1] >> 1 & 3);
  const int bitrate_index = packet[2] >> 4;
  const int rate_index = packet[2] >> 2 & 3;
  if (version == 1 || (layer != 2 && layer != 3) || bitrate_index == 15 || rate_index == 3) return 0;
  if (bitrate_index == 0) return 4;  // free format: any length
  const bool low = version != 3;
  const int bitrate =
      kBitrates[low ? 2 : static_cast<std::size_t>(layer - 2)][static_cast<std::size_t>(bitrate_index - 1)];
  const int rate = kSampleRates[static_cast<std::size_t>(rate_index)] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
  const int samples = layer == 3 && low ? 576 : 1152;
  return static_cast<std::size_t>(samples / 8 * bitrate * 1000 / rate + (packet[2] >> 1 & 1));
}

}  // namespace

bool is_whole_frame(std::string_view codec, std::span<const std::uint8_t> packet) {
  if (codec == "mp2" || codec == "mp3") {
    const std::size_t bytes = mpeg_frame_bytes(packet);
    return bytes > 0 && packet.size() >= bytes;
  }
  // ETSI TS 102 366 4.3.1.
  if (codec == "ac3" || codec == "eac3") return packet.size() > 2 && packet[0] == 0x0B && packet[1] == 0x77;
  return true;
}

}  // namespace jinsha
