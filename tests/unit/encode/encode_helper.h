// What the tests of the encoders share: moving textured pictures, runs, a look into NAL units.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "encode/encoder.h"

namespace jinsha::test {

// A config that plans: HEVC 4:2:0 8-bit at 50 frames/s, CRF 30, ultrafast, GOP of 10, 2 threads.
EncoderConfig hevc_config(int width, int height);
// The same for SVT-AV1 preset 12, CRF 50.
EncoderConfig av1_config(int width, int height);

// Picture `index` of a clip: smooth shapes that move, fine texture that moves otherwise, and noise.
// The same bytes on every machine.
Frame make_frame(const FramePool& pool, std::int64_t index);
FramePool make_pool(const EncoderConfig& config);

struct Coded {
  EncoderSettings settings;
  Bytes headers;        // as known at open
  Bytes final_headers;  // as known at the end
  std::vector<Packet> packets;
  std::vector<std::uint8_t> bytes() const;  // all packets, one after another
};
// Fails the running test where anything fails.
Coded run_encoder(const char* backend, const EncoderConfig& config, int frames,
                  const std::set<std::int64_t>& forced = {});

struct Nal {
  int type = 0;
  std::vector<std::uint8_t> bytes;  // with its two-byte header, without start code
};
std::vector<Nal> split_nals(const std::vector<std::uint8_t>& annex_b);
// Coded slices only, type below 32.
std::vector<std::vector<std::uint8_t>> slices_of(const std::vector<std::uint8_t>& annex_b);
std::vector<std::uint8_t> without_emulation_prevention(const std::vector<std::uint8_t>& nal);
// True where some SEI NAL unit carries this payload type with these bytes (all of them).
bool has_sei(const std::vector<std::uint8_t>& annex_b, int payload_type, const std::vector<std::uint8_t>& payload);
int count_sei(const std::vector<std::uint8_t>& annex_b, int payload_type);

// Writes the clip as y4m, for the encoders' own programs.
std::string write_y4m(const EncoderConfig& config, int frames, const std::string& name);
std::vector<std::uint8_t> read_file(const std::string& path);
// A path in the test's temporary folder.
std::string temporary(const std::string& name);
bool program_exists(const char* name);
// Runs a shell command; its exit status.
int shell(const std::string& command);

// The plan of an HD job without a cap says what its level allows and what to do; with a cap it says nothing.
void expect_open_rate_is_said(const char* encoder, EncoderConfig config);

}  // namespace jinsha::test
