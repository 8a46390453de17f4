#include "input/sequence_helper.h"

#include <OpenEXR/ImfChannelList.h>
#include <OpenEXR/ImfFrameBuffer.h>
#include <OpenEXR/ImfHeader.h>
#include <OpenEXR/ImfMultiPartOutputFile.h>
#include <OpenEXR/ImfOutputPart.h>
#include <OpenEXR/ImfPartType.h>
#include <OpenEXR/ImfStandardAttributes.h>
#include <OpenEXR/ImfTileDescription.h>
#include <OpenEXR/ImfTiledOutputPart.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>

#include "input/source_helper.h"

namespace jinsha::test {

void put32(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

std::vector<std::uint8_t> flat_dpx(int width, int height, int value) {
  constexpr std::size_t kHeader = 2048;
  std::vector<std::uint8_t> bytes(kHeader, 0xFF);
  const auto body = static_cast<std::size_t>(3 * width * height);
  const std::string magic = "SDPX", version("V1.0\0\0\0", 8);
  std::copy(magic.begin(), magic.end(), bytes.begin());
  put32(bytes, 4, kHeader);
  std::copy(version.begin(), version.end(), bytes.begin() + 8);
  put32(bytes, 16, static_cast<std::uint32_t>(kHeader + body));
  put32(bytes, 768, 0x0000'0001);  // orientation, elements
  put32(bytes, 772, static_cast<std::uint32_t>(width));
  put32(bytes, 776, static_cast<std::uint32_t>(height));
  put32(bytes, 780, 0);                                    // unsigned
  put32(bytes, 800, 50U << 24 | 0U << 16 | 0U << 8 | 8U);  // RGB, user-defined, user-defined, 8 bits
  put32(bytes, 804, 0);                                    // packing, encoding
  put32(bytes, 808, kHeader);
  put32(bytes, 1628, 1);
  put32(bytes, 1632, 1);
  bytes.resize(kHeader + body, static_cast<std::uint8_t>(value));
  return bytes;
}

std::string test_folder(const std::string& name) {
  const std::string path = temporary(name);
  mkdir(path.c_str(), 0755);
  return path + "/";
}

void write_exr(const std::string& path, const MadeExr& made) {
  const auto window = [&](const std::vector<int>& w) {
    if (w.empty()) return Imath::Box2i({0, 0}, {made.width - 1, made.height - 1});
    return Imath::Box2i({w[0], w[1]}, {w[2], w[3]});
  };
  const Imath::Box2i data = window(made.data_window);
  Imf::Header header(window(made.display_window), data);
  header.compression() = Imf::ZIP_COMPRESSION;
  header.setName("picture");
  header.setType(made.tile > 0 ? Imf::TILEDIMAGE : Imf::SCANLINEIMAGE);
  if (made.tile > 0) {
    const auto side = static_cast<unsigned>(made.tile);
    header.setTileDescription(Imf::TileDescription(side, side, Imf::ONE_LEVEL));
  }
  if (made.chromaticities.size() == 8) {
    const auto& c = made.chromaticities;
    Imf::addChromaticities(header, Imf::Chromaticities({c[0], c[1]}, {c[2], c[3]}, {c[4], c[5]}, {c[6], c[7]}));
  }
  if (made.frames_per_second > 0) Imf::addFramesPerSecond(header, Imf::Rational(made.frames_per_second, 1));
  const Imf::PixelType type = made.half ? Imf::HALF : Imf::FLOAT;
  const int width = data.max.x - data.min.x + 1, height = data.max.y - data.min.y + 1;
  const std::size_t sample = made.half ? 2 : 4, row = sample * static_cast<std::size_t>(width);
  std::vector<std::vector<std::uint8_t>> planes;
  Imf::FrameBuffer buffer;
  for (std::size_t c = 0; c < made.channels.size(); ++c) {
    header.channels().insert(made.channels[c], Imf::Channel(type));
    std::vector<std::uint8_t> plane(row * static_cast<std::size_t>(height));
    for (std::size_t at = 0; at < plane.size(); at += sample) {
      const Imath::half half(made.values[c]);
      std::memcpy(plane.data() + at, made.half ? static_cast<const void*>(&half) : &made.values[c], sample);
    }
    planes.push_back(std::move(plane));
    buffer.insert(made.channels[c], Imf::Slice::Make(type, planes.back().data(), data, sample, row));
  }
  std::vector<Imf::Header> headers;
  Imf::FrameBuffer depth_buffer;
  const std::vector<float> depth(static_cast<std::size_t>(width * height), 3.0F);
  if (made.second_part) {
    Imf::Header extra(header.displayWindow(), data);
    extra.setName("extra");
    extra.setType(Imf::SCANLINEIMAGE);
    // Parts of one file share it.
    if (Imf::hasChromaticities(header)) Imf::addChromaticities(extra, Imf::chromaticities(header));
    extra.channels().insert("Z", Imf::Channel(Imf::FLOAT));
    depth_buffer.insert("Z", Imf::Slice::Make(Imf::FLOAT, depth.data(), data));
    headers.push_back(extra);
  }
  headers.push_back(header);
  Imf::MultiPartOutputFile file(path.c_str(), headers.data(), static_cast<int>(headers.size()));
  const int part = static_cast<int>(headers.size()) - 1;
  if (made.second_part) {
    Imf::OutputPart first(file, 0);
    first.setFrameBuffer(depth_buffer);
    first.writePixels(height);
  }
  if (made.tile > 0) {
    Imf::TiledOutputPart out(file, part);
    out.setFrameBuffer(buffer);
    out.writeTiles(0, out.numXTiles() - 1, 0, out.numYTiles() - 1);
  } else {
    Imf::OutputPart out(file, part);
    out.setFrameBuffer(buffer);
    out.writePixels(height);
  }
}

}  // namespace jinsha::test
