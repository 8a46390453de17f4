#include "encode/encode_helper.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

namespace jinsha::test {
namespace {

std::uint32_t hash(std::uint32_t x, std::uint32_t y, std::uint32_t t) {
  std::uint32_t h = x * 0x9E3779B1u ^ y * 0x85EBCA77u ^ t * 0xC2B2AE3Du;
  h ^= h >> 15;
  h *= 0x2C1B3C6Du;
  h ^= h >> 13;
  return h;
}

// 0..255: a diagonal ramp and squares moving one way, texture moving the other, a little noise.
int sample(int x, int y, int plane, std::int64_t index) {
  const int t = static_cast<int>(index);
  const int ramp = (x + y + 3 * t) / 8 % 128;
  const int square = (((x + 2 * t) >> 6) ^ ((y + t) >> 6)) & 1 ? 40 : 0;
  const int texture = static_cast<int>(hash(static_cast<std::uint32_t>(x - 2 * t + 4096) / 2,
                                            static_cast<std::uint32_t>(y) / 2, static_cast<std::uint32_t>(plane)) %
                                       24);
  const int noise = static_cast<int>(
      hash(static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(t + 7 * plane)) %
      6);
  return 30 + ramp + square + texture + noise;
}

}  // namespace

EncoderConfig hevc_config(int width, int height) {
  EncoderConfig config;
  config.encoder = "x265";
  config.codec = Codec::kHevc;
  config.format = {Chroma::k420, 8};
  config.width = width;
  config.height = height;
  config.frame_rate = {50, 1};
  config.rate.mode = RateControl::Mode::kCrf;
  config.rate.crf = 30;
  config.speed = "ultrafast";
  config.gop_frames = 10;
  config.threads = 2;
  return config;
}

EncoderConfig av1_config(int width, int height) {
  EncoderConfig config = hevc_config(width, height);
  config.encoder = "svt-av1";
  config.codec = Codec::kAv1;
  config.rate.crf = 50;
  config.speed = "12";
  return config;
}

FramePool make_pool(const EncoderConfig& config) {
  auto pool = FramePool::create(FrameLayout::packed(config.format, config.width, config.height), 64);
  EXPECT_TRUE(pool.ok());
  return std::move(pool).value();
}

Frame make_frame(const FramePool& pool, std::int64_t index) {
  auto frame = pool.try_acquire();
  EXPECT_TRUE(frame.has_value()) << "the encoder holds more frames than the pool has";
  if (!frame) return {};
  const FrameLayout layout = frame->layout();
  const PixelFormat format = layout.format;
  for (int plane = 0; plane < format.planes(); ++plane) {
    const int width = format.plane_width(plane, layout.width);
    const int height = format.plane_height(plane, layout.height);
    for (int y = 0; y < height; ++y) {
      std::byte* row = frame->plane(plane) + static_cast<std::size_t>(y) * layout.stride[plane];
      for (int x = 0; x < width; ++x) {
        const int value = sample(x, y, plane, index);
        if (format.bytes_per_sample() == 1) {
          row[x] = static_cast<std::byte>(value);
        } else {
          const auto word = static_cast<std::uint16_t>(value << (format.depth - 8));
          std::memcpy(row + 2 * x, &word, 2);
        }
      }
    }
  }
  frame->info().pts = index;
  return std::move(*frame).publish();
}

std::vector<std::uint8_t> Coded::bytes() const {
  std::vector<std::uint8_t> all;
  for (const Packet& packet : packets) all.insert(all.end(), packet.data->begin(), packet.data->end());
  return all;
}

Coded run_encoder(const char* backend, const EncoderConfig& config, int frames, const std::set<std::int64_t>& forced) {
  Coded run;
  auto found = find_encoder(backend);
  EXPECT_TRUE(found.ok());
  if (!found.ok()) return run;
  auto encoder = (*found)->open(config, Log());
  EXPECT_TRUE(encoder.ok()) << (encoder.ok() ? "" : encoder.error().message);
  if (!encoder.ok()) return run;
  run.settings = (*encoder)->settings();
  run.headers = (*encoder)->headers();
  const PacketSink sink = [&](Packet packet) {
    run.packets.push_back(std::move(packet));
    return Status();
  };
  const FramePool pool = make_pool(config);
  for (int i = 0; i < frames; ++i) {
    const Status status = (*encoder)->encode(make_frame(pool, i), forced.contains(i), sink);
    EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().message);
  }
  const Status status = (*encoder)->flush(sink);
  run.final_headers = (*encoder)->headers();
  EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().message);
  return run;
}

std::vector<Nal> split_nals(const std::vector<std::uint8_t>& data) {
  std::vector<std::size_t> starts;  // of the byte after 00 00 01
  for (std::size_t i = 0; i + 3 <= data.size(); ++i) {
    if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1) starts.push_back(i + 3);
  }
  std::vector<Nal> nals;
  for (std::size_t k = 0; k < starts.size(); ++k) {
    std::size_t end = k + 1 < starts.size() ? starts[k + 1] - 3 : data.size();
    while (end > starts[k] && data[end - 1] == 0) --end;  // trailing_zero_8bits, the longer start code
    Nal nal;
    nal.bytes.assign(data.begin() + static_cast<std::ptrdiff_t>(starts[k]),
                     data.begin() + static_cast<std::ptrdiff_t>(end));
    if (!nal.bytes.empty()) nal.type = (nal.bytes[0] >> 1) & 0x3f;
    nals.push_back(std::move(nal));
  }
  return nals;
}

std::vector<std::vector<std::uint8_t>> slices_of(const std::vector<std::uint8_t>& annex_b) {
  std::vector<std::vector<std::uint8_t>> slices;
  for (Nal& nal : split_nals(annex_b)) {
    if (nal.type < 32) slices.push_back(std::move(nal.bytes));
  }
  return slices;
}

std::vector<std::uint8_t> without_emulation_prevention(const std::vector<std::uint8_t>& nal) {
  std::vector<std::uint8_t> raw;
  int zeros = 0;
  for (const std::uint8_t byte : nal) {
    if (zeros >= 2 && byte == 3) {
      zeros = 0;
      continue;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    raw.push_back(byte);
  }
  return raw;
}

namespace {

struct Sei {
  int type;
  std::vector<std::uint8_t> payload;
};

std::vector<Sei> all_sei(const std::vector<std::uint8_t>& annex_b) {
  std::vector<Sei> found;
  for (const Nal& nal : split_nals(annex_b)) {
    if (nal.type != 39 && nal.type != 40) continue;
    const std::vector<std::uint8_t> raw = without_emulation_prevention(nal.bytes);
    std::size_t i = 2;
    while (i + 2 < raw.size()) {
      int type = 0;
      while (i < raw.size() && raw[i] == 0xff) type += raw[i++];
      type += raw[i++];
      std::size_t size = 0;
      while (i < raw.size() && raw[i] == 0xff) size += raw[i++];
      size += raw[i++];
      if (i + size > raw.size()) break;
      found.push_back({type, std::vector<std::uint8_t>(raw.begin() + static_cast<std::ptrdiff_t>(i),
                                                       raw.begin() + static_cast<std::ptrdiff_t>(i + size))});
      i += size;
    }
  }
  return found;
}

}  // namespace

bool has_sei(const std::vector<std::uint8_t>& annex_b, int payload_type, const std::vector<std::uint8_t>& payload) {
  for (const Sei& sei : all_sei(annex_b)) {
    if (sei.type == payload_type && sei.payload == payload) return true;
  }
  return false;
}

int count_sei(const std::vector<std::uint8_t>& annex_b, int payload_type) {
  int count = 0;
  for (const Sei& sei : all_sei(annex_b)) count += sei.type == payload_type ? 1 : 0;
  return count;
}

std::string temporary(const std::string& name) { return testing::TempDir() + "jinsha_encode_" + name; }

std::string write_y4m(const EncoderConfig& config, int frames, const std::string& name) {
  const std::string path = temporary(name);
  std::ofstream file(path, std::ios::binary);
  file << fmt::format("YUV4MPEG2 W{} H{} F{}:{} Ip A{}:{} C{}{}\n", config.width, config.height, config.frame_rate.num,
                      config.frame_rate.den, config.sample_aspect.num, config.sample_aspect.den,
                      name_of(config.format.chroma),
                      config.format.depth > 8 ? fmt::format("p{}", config.format.depth) : "");
  const FramePool pool = make_pool(config);
  for (int i = 0; i < frames; ++i) {
    const Frame frame = make_frame(pool, i);
    file << "FRAME\n";
    const FrameLayout& layout = frame.layout();
    for (int plane = 0; plane < layout.format.planes(); ++plane) {
      const int bytes = layout.format.plane_width(plane, layout.width) * layout.format.bytes_per_sample();
      for (int y = 0; y < layout.format.plane_height(plane, layout.height); ++y) {
        file.write(reinterpret_cast<const char*>(frame.plane(plane)) +
                       static_cast<std::ptrdiff_t>(static_cast<std::size_t>(y) * layout.stride[plane]),
                   bytes);
      }
    }
  }
  return path;
}

std::vector<std::uint8_t> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int shell(const std::string& command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool program_exists(const char* name) { return shell(fmt::format("command -v {} > /dev/null 2>&1", name)) == 0; }

void expect_open_rate_is_said(const char* encoder, EncoderConfig config) {
  auto planned = (*find_encoder(encoder))->plan(config);
  ASSERT_TRUE(planned.ok()) << planned.error().message;
  ASSERT_EQ(planned->notes.size(), 1u);
  for (const char* part : {"level 4.1 Main allows 20 Mbit/s", "--maxrate caps it", "--tier high allows 50 Mbit/s"}) {
    EXPECT_NE(planned->notes.front().find(part), std::string::npos) << part << ": " << planned->notes.front();
  }
  config.rate.maxrate_bits_per_s = 8'000'000;
  config.rate.bufsize_bits = 8'000'000;
  planned = (*find_encoder(encoder))->plan(config);
  ASSERT_TRUE(planned.ok()) << planned.error().message;
  EXPECT_TRUE(planned->notes.empty());
}

}  // namespace jinsha::test
