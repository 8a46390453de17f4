// PesParser: PES packets of one PID, ISO/IEC 13818-1 2.4.3.6. Hands payload on as it comes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "verify/bit_reader.h"
#include "verify/video_log.h"

namespace jinsha::verify {

class PesParser {
 public:
  struct Handler {
    // A packet begins; raw 33-bit times, kNoTime where absent. `byte` is that of its TS packet.
    std::function<void(std::int64_t pts, std::int64_t dts, std::int64_t byte, bool random_access)> open;
    std::function<void(ByteView payload, std::int64_t byte)> data;
    std::function<void(const std::string& what, std::int64_t byte)> damage;
  };
  explicit PesParser(Handler handler) : handler_(std::move(handler)) {}

  // Payload of a TS packet at `packet_byte`; `byte` is the place of the payload itself.
  // `random_access` is random_access_indicator of that packet.
  void packet(ByteView payload, bool start, bool random_access, std::int64_t packet_byte, std::int64_t byte);
  // A packet was lost: what follows up to the next start is not trusted to be whole.
  void lost() { length_known_ = false; }
  void finish();

 private:
  void header_ready();

  Handler handler_;
  std::vector<std::uint8_t> header_;
  bool in_header_ = false;
  bool in_payload_ = false;
  bool length_known_ = false;
  std::int64_t left_ = 0;  // of the payload, where its length is known
  std::int64_t start_byte_ = 0;
  bool random_access_ = false;
};

}  // namespace jinsha::verify
