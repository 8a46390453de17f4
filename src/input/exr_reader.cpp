#include "input/exr_reader.h"

#include <OpenEXR/ImfChannelList.h>
#include <OpenEXR/ImfFrameBuffer.h>
#include <OpenEXR/ImfHeader.h>
#include <OpenEXR/ImfIO.h>
#include <OpenEXR/ImfInputPart.h>
#include <OpenEXR/ImfMultiPartInputFile.h>
#include <OpenEXR/ImfPartType.h>
#include <OpenEXR/ImfStandardAttributes.h>
#include <OpenEXR/ImfTileDescription.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <exception>
#include <optional>
#include <set>
#include <stdexcept>

#include "input/frame_rate.h"
#include "input/picture_header.h"
#include "input/scene_light.h"

namespace jinsha {
namespace {

// Rows read at once, counted from the data window's top: no fewer than any compression packs together (DWAB: 256),
// so that nothing is unpacked twice.
constexpr int kStripRows = 256;
constexpr std::int64_t kMaxTilePixels = std::int64_t{1} << 24;
constexpr std::size_t kMaxNamesListed = 12;
constexpr int kMaxParts = 1024;

// What goes wrong in here is thrown, as the library does, and caught in ExrReader::read.
class FileStream final : public Imf::IStream {
 public:
  explicit FileStream(InputFile& file) : Imf::IStream(file.name().c_str()), file_(file) {}

  bool read(char c[], int n) override {
    const auto count = static_cast<std::size_t>(std::max(0, n));
    const Result<std::size_t> got = file_.read_full({reinterpret_cast<std::uint8_t*>(c), count});
    if (!got.ok()) throw std::runtime_error(got.error().message);
    if (*got < count) throw std::runtime_error("the file ends too early");
    return file_.position() < file_.size();
  }
  std::uint64_t tellg() override { return file_.position(); }
  void seekg(std::uint64_t pos) override {
    if (pos > file_.size()) throw std::runtime_error("it points behind the end of the file");
    if (const Status status = file_.seek(pos); !status.ok()) throw std::runtime_error(status.error().message);
  }

 private:
  InputFile& file_;
};

// The channels of a part that make the picture.
struct Choice {
  int part = -1;
  std::string layer;  // with its dot, empty for the root
  bool grey = false;  // Y alone
  Imf::PixelType type = Imf::HALF;
  std::array<std::string, 3> names;  // R, G, B
};

bool is_deep(const Imf::Header& header) { return header.hasType() && Imf::isDeepData(header.type()); }

std::optional<Choice> choose_in(const Imf::ChannelList& channels, const std::string& layer) {
  Choice choice;
  choice.layer = layer;
  choice.names = {layer + "R", layer + "G", layer + "B"};
  bool all = true;
  for (const std::string& name : choice.names) all = all && channels.findChannel(name) != nullptr;
  if (all) return choice;
  const std::string luminance = layer + "Y";
  if (channels.findChannel(luminance) == nullptr || channels.findChannel(layer + "RY") != nullptr) return std::nullopt;
  choice.grey = true;
  choice.names = {luminance, luminance, luminance};
  return choice;
}

std::optional<Choice> choose_channels(const Imf::MultiPartInputFile& file) {
  for (int part = 0; part < std::min(file.parts(), kMaxParts); ++part) {
    const Imf::Header& header = file.header(part);
    if (is_deep(header)) continue;
    std::set<std::string> layers;
    header.channels().layers(layers);
    std::optional<Choice> choice = choose_in(header.channels(), "");
    for (auto layer = layers.begin(); !choice && layer != layers.end(); ++layer)
      choice = choose_in(header.channels(), *layer + ".");
    if (!choice) continue;
    choice->part = part;
    return choice;
  }
  return std::nullopt;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMaxNamesListed); ++i) {
    if (i > 0) text += ", ";
    text += names[i];
  }
  if (names.size() > kMaxNamesListed) text += fmt::format(" and {} more", names.size() - kMaxNamesListed);
  return text;
}

// One file: its headers understood, then its pixels moved.
class ExrFile {
 public:
  explicit ExrFile(InputFile& file) : stream_(file), file_(stream_, 0) {}

  Result<PictureFacts> facts() {
    const std::optional<Choice> choice = choose_channels(file_);
    if (!choice) return no_channels();
    choice_ = *choice;
    const Imf::Header& header = file_.header(choice_.part);
    data_ = header.dataWindow();
    display_ = header.displayWindow();
    JINSHA_TRY(check_channels(header));
    JINSHA_TRY(check_windows(header));
    facts_.codec = Codec::kOther;
    facts_.codec_name = "exr";
    facts_.coded_format = fmt::format("{}{}", choice_.grey ? "y" : "rgb", choice_.type == Imf::HALF ? "16f" : "32f");
    facts_.width = display_.max.x - display_.min.x + 1;
    facts_.height = display_.max.y - display_.min.y + 1;
    facts_.format = PixelFormat{.chroma = Chroma::k444, .depth = 16};
    describe_color(header);
    describe_windows();
    describe_dropped(header);
    describe_attributes(header);
    size_buffers(header);
    return facts_;
  }

  void read_pixels(FrameMut& to, std::vector<std::uint8_t>& strip) {
    Imf::InputPart part(file_, choice_.part);
    const std::size_t row = static_cast<std::size_t>(data_width()) * sample_bytes();
    const std::size_t channel = row * static_cast<std::size_t>(strip_rows_);
    strip.resize(channel * channels());
    const auto height = static_cast<std::int64_t>(data_.max.y) - data_.min.y + 1;
    for (std::int64_t begin = 0; begin < height; begin += strip_rows_) {
      const auto first = static_cast<int>(data_.min.y + begin);
      const auto last = static_cast<int>(std::min<std::int64_t>(data_.max.y, first + std::int64_t{strip_rows_} - 1));
      if (last < display_.min.y || first > display_.max.y) continue;
      Imf::FrameBuffer buffer;
      for (std::size_t c = 0; c < channels(); ++c) {
        buffer.insert(choice_.names[c],
                      Imf::Slice::Make(choice_.type, strip.data() + c * channel, Imath::V2i(data_.min.x, first),
                                       data_width(), last - first + 1, sample_bytes(), row));
      }
      part.setFrameBuffer(buffer);
      part.readPixels(first, last);
      for (int y = std::max(first, display_.min.y); y <= std::min(last, display_.max.y); ++y) {
        std::array<const std::uint8_t*, 3> rows{};
        for (std::size_t c = 0; c < 3; ++c)
          rows[c] = strip.data() + std::min(c, channels() - 1) * channel + static_cast<std::size_t>(y - first) * row;
        put_row(rows, y, to);
      }
    }
    for (int y = display_.min.y; y <= display_.max.y; ++y) {
      if (y < data_.min.y || y > data_.max.y) clear(to, y, 0, facts_.width);
    }
  }

 private:
  std::int64_t data_width() const { return static_cast<std::int64_t>(data_.max.x) - data_.min.x + 1; }
  std::size_t sample_bytes() const { return choice_.type == Imf::HALF ? 2 : 4; }
  std::size_t channels() const { return choice_.grey ? 1 : 3; }

  Error no_channels() const {
    std::vector<std::string> names;
    bool deep = false;
    for (int part = 0; part < std::min(file_.parts(), kMaxParts); ++part) {
      deep = deep || is_deep(file_.header(part));
      const Imf::ChannelList& list = file_.header(part).channels();
      for (auto channel = list.begin(); channel != list.end(); ++channel) names.emplace_back(channel.name());
    }
    return make_error(ErrorCode::kInput,
                      "it has no channels R, G, B and no Y without chroma to make a picture of; it has {}{}",
                      names.empty() ? "none" : listed(names), deep ? " (deep data is not read)" : "");
  }

  Status check_channels(const Imf::Header& header) {
    for (const std::string& name : choice_.names) {
      const Imf::Channel& channel = header.channels()[name];
      if (channel.type == Imf::UINT) {
        return make_error(ErrorCode::kInput, "its channel {} holds integers, not light (half or float)", name);
      }
      if (channel.type == Imf::FLOAT) choice_.type = Imf::FLOAT;
      if (channel.xSampling != 1 || channel.ySampling != 1) {
        return make_error(ErrorCode::kInput, "its channel {} is subsampled {}x{}, which is not read", name,
                          channel.xSampling, channel.ySampling);
      }
    }
    return {};
  }

  Status check_windows(const Imf::Header& header) const {
    const auto side = [](int low, int high) { return static_cast<std::int64_t>(high) - low + 1; };
    for (const Imath::Box2i& window : {display_, data_}) {
      JINSHA_TRY(check_picture_size(side(window.min.x, window.max.x), side(window.min.y, window.max.y)));
    }
    if (header.hasTileDescription()) {
      const Imf::TileDescription& tile = header.tileDescription();
      if (static_cast<std::int64_t>(tile.xSize) * tile.ySize > kMaxTilePixels) {
        return make_error(ErrorCode::kInput, "it says its tiles are {}x{}; up to {} pixels are read", tile.xSize,
                          tile.ySize, kMaxTilePixels);
      }
    }
    return {};
  }

  void describe_color(const Imf::Header& header) {
    facts_.color = {
        .primaries = Primaries::kBt2020, .transfer = Transfer::kPq, .matrix = Matrix::kIdentity, .range = Range::kFull};
    facts_.warnings.push_back(fmt::format(
        "EXR: scene light 1.0 is taken as {} cd/m2 (BT.2408 reference white) and coded as 16-bit PQ; light below 0 and "
        "above 10000 cd/m2 ({:.2f}) is clipped.",
        kSceneWhiteNits, 10'000 / kSceneWhiteNits));
    if (Imf::hasWhiteLuminance(header)) {
      facts_.warnings.push_back(fmt::format("The EXR file says 1.0 is {} cd/m2 of the scene, which is not applied.",
                                            Imf::whiteLuminance(header)));
    }
    if (!Imf::hasChromaticities(header)) {
      facts_.warnings.emplace_back("The EXR file states no chromaticities: BT.709 is assumed, as OpenEXR says.");
      matrix_ = matrix_to_bt2020(points_of(Primaries::kBt709));
      return;
    }
    const Imf::Chromaticities& c = Imf::chromaticities(header);
    const PrimaryPoints points{c.red.x, c.red.y, c.green.x, c.green.y, c.blue.x, c.blue.y, c.white.x, c.white.y};
    const std::optional<Primaries> known = nearest_primaries(points);
    if (known == Primaries::kBt2020) return;
    matrix_ = matrix_to_bt2020(known ? points_of(*known) : points);
    std::string name = fmt::format("R({:.4f},{:.4f}) G({:.4f},{:.4f}) B({:.4f},{:.4f}) W({:.4f},{:.4f})", points[0],
                                   points[1], points[2], points[3], points[4], points[5], points[6], points[7]);
    if (!matrix_) {
      facts_.warnings.push_back(
          fmt::format("The chromaticities of the EXR file, {}, span no colours: BT.709 is assumed.", name));
      matrix_ = matrix_to_bt2020(points_of(Primaries::kBt709));
      return;
    }
    if (known) name = name_of(*known);
    if (is_xyz(points)) name = "CIE XYZ";
    facts_.warnings.push_back(fmt::format(
        "EXR: the colours are converted from the file's primaries, {}, to BT.2020; what lies outside is clipped.",
        name));
  }

  void describe_windows() {
    if (data_ == display_) return;
    const bool short_of = !data_.intersects(display_.min) || !data_.intersects(display_.max);
    const bool beyond = !display_.intersects(data_.min) || !display_.intersects(data_.max);
    const std::string windows =
        fmt::format("data window ({},{})-({},{}), display window ({},{})-({},{})", data_.min.x, data_.min.y,
                    data_.max.x, data_.max.y, display_.min.x, display_.min.y, display_.max.x, display_.max.y);
    if (short_of) facts_.warnings.push_back(fmt::format("The EXR picture is black outside its data: {}.", windows));
    if (beyond) facts_.losses.push_back(fmt::format("overscan beyond the display window ({})", windows));
  }

  void describe_dropped(const Imf::Header& header) {
    std::vector<std::string> names;
    const Imf::ChannelList& list = header.channels();
    for (auto channel = list.begin(); channel != list.end(); ++channel) {
      const std::string name = channel.name();
      if (std::find(choice_.names.begin(), choice_.names.end(), name) == choice_.names.end()) names.push_back(name);
    }
    if (!choice_.layer.empty())
      facts_.warnings.push_back(fmt::format("The EXR picture is taken from the layer \"{}\".", choice_.layer));
    if (!names.empty()) facts_.losses.push_back(fmt::format("EXR channels {}", listed(names)));
    if (file_.parts() == 1) return;
    names.clear();
    for (int part = 0; part < std::min(file_.parts(), kMaxParts); ++part) {
      if (part == choice_.part) continue;
      const Imf::Header& other = file_.header(part);
      names.push_back(other.hasName() ? other.name() : fmt::format("number {}", part));
    }
    facts_.losses.push_back(fmt::format("EXR parts {}", listed(names)));
  }

  void describe_attributes(const Imf::Header& header) {
    const double aspect = static_cast<double>(header.pixelAspectRatio());
    if (std::isfinite(aspect) && aspect > 0.01 && aspect < 100)
      facts_.sample_aspect = Rational{std::llround(aspect * 10'000), 10'000}.reduced();
    if (Imf::hasFramesPerSecond(header)) {
      const Imf::Rational rate = Imf::framesPerSecond(header);
      if (rate.n > 0 && rate.d > 0) facts_.frame_rate = usual_rate({rate.n, std::int64_t{rate.d}});
    }
    if (Imf::hasTimeCode(header)) {
      const Imf::TimeCode& code = Imf::timeCode(header);
      facts_.timecode = fmt::format("{:02}:{:02}:{:02}{}{:02}", code.hours(), code.minutes(), code.seconds(),
                                    code.dropFrame() ? ';' : ':', code.frame());
    }
  }

  void size_buffers(const Imf::Header& header) {
    std::uint64_t all = 0;  // bytes of one pixel's channels
    const Imf::ChannelList& list = header.channels();
    for (auto channel = list.begin(); channel != list.end(); ++channel)
      all += channel.channel().type == Imf::HALF ? 2 : 4;
    strip_rows_ = kStripRows;
    if (header.hasTileDescription()) {
      const int tile = static_cast<int>(header.tileDescription().ySize);
      strip_rows_ = std::max(1, kStripRows / tile) * tile;
    }
    const auto strip = static_cast<std::uint64_t>(data_width()) * static_cast<std::uint64_t>(strip_rows_);
    // The library holds a packed and an unpacked block of all channels.
    facts_.reader_bytes = strip * (channels() * sample_bytes() + 2 * all);
  }

  static std::uint16_t* row_of(FrameMut& to, int plane, int row) {
    const std::size_t at = to.layout().stride[plane] * static_cast<std::size_t>(row);
    return reinterpret_cast<std::uint16_t*>(to.plane(plane) + at);
  }

  void clear(FrameMut& to, int y, int from, int count) const {
    for (int plane = 0; plane < 3 && count > 0; ++plane)
      std::fill_n(row_of(to, plane, y - display_.min.y) + from, count, std::uint16_t{0});
  }

  // `count` samples of a row as floats.
  const float* lights(const std::uint8_t* row, std::size_t count, std::vector<float>& to) const {
    if (choice_.type == Imf::FLOAT) return reinterpret_cast<const float*>(row);  // rows are aligned to their samples
    to.resize(count);
    const auto* halves = reinterpret_cast<const Imath::half*>(row);
    for (std::size_t x = 0; x < count; ++x) to[x] = static_cast<float>(halves[x]);
    return to.data();
  }

  // Rows R, G, B of the data window into planes G, B, R.
  void put_row(const std::array<const std::uint8_t*, 3>& rows, int y, FrameMut& to) {
    constexpr std::array<int, 3> kPlaneOf{2, 0, 1};
    const int low = std::max(data_.min.x, display_.min.x), high = std::min(data_.max.x, display_.max.x);
    const int count = std::max(0, high - low + 1), at = count > 0 ? low - display_.min.x : 0;
    clear(to, y, 0, at);
    clear(to, y, at + count, facts_.width - at - count);
    if (count == 0) return;
    const auto width = static_cast<std::size_t>(count);
    const std::size_t skip = static_cast<std::size_t>(low - data_.min.x) * sample_bytes();
    const bool mixes = matrix_ && !choice_.grey;  // grey is grey in any set
    std::array<const float*, 3> light{};
    for (std::size_t c = 0; c < 3 && mixes; ++c) light[c] = lights(rows[c] + skip, width, lights_[c]);
    mixed_.resize(width);
    const PqCodes& codes = PqCodes::get();
    for (std::size_t c = 0; c < 3; ++c) {
      std::uint16_t* out = row_of(to, kPlaneOf[c], y - display_.min.y) + at;
      if (!mixes && choice_.type == Imf::HALF) {
        const auto* bits = reinterpret_cast<const std::uint16_t*>(rows[c] + skip);
        for (std::size_t x = 0; x < width; ++x) out[x] = codes.of_half(bits[x]);
        continue;
      }
      const float* from = mixes ? mixed_.data() : reinterpret_cast<const float*>(rows[c] + skip);
      if (mixes) mix(light, matrix_->data() + 3 * c, mixed_.data(), width);
      for (std::size_t x = 0; x < width; ++x) out[x] = codes.of(from[x]);
    }
  }

  static void mix(const std::array<const float*, 3>& light, const double* m, float* to, std::size_t count) {
    static constexpr float kMost = 65'504;  // of a half float: what is infinite must not become nothing in a sum
    const float *r = light[0], *g = light[1], *b = light[2];
    const double mr = m[0], mg = m[1], mb = m[2];
    const auto bounded = [](float value) {
      return static_cast<double>(std::min(std::max(value, -kMost), kMost));  // not a number stays so
    };
    for (std::size_t x = 0; x < count; ++x)
      to[x] = static_cast<float>(mr * bounded(r[x]) + mg * bounded(g[x]) + mb * bounded(b[x]));
  }

  FileStream stream_;
  Imf::MultiPartInputFile file_;
  Choice choice_;
  Imath::Box2i data_;
  Imath::Box2i display_;
  std::optional<std::array<double, 9>> matrix_;  // to BT.2020; empty where the file has it
  int strip_rows_ = kStripRows;
  std::array<std::vector<float>, 3> lights_;  // a row of R, G, B
  std::vector<float> mixed_;
  PictureFacts facts_;
};

}  // namespace

Result<ReadPicture> ExrReader::read(InputFile file, const PictureTarget* target) {
  try {
    ExrFile exr(file);
    ReadPicture read;
    JINSHA_ASSIGN(read.facts, exr.facts());
    if (target == nullptr || !read.facts.same_kind(target->expected)) return read;
    exr.read_pixels(target->frame, strip_);
    read.delivered = true;
    return read;
  } catch (const std::bad_alloc&) {
    return make_error(ErrorCode::kNotPossible, "no memory to read this EXR");
  } catch (const std::exception& error) {
    return make_error(ErrorCode::kInput, "this EXR cannot be read: {}", error.what());
  }
}

}  // namespace jinsha
