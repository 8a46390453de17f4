// The judge itself: finds the container, feeds its parser and runs the checks.
#include "verify/judge.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "verify/avc_syntax.h"
#include "verify/checks.h"
#include "verify/hevc_syntax.h"

namespace jinsha::verify {
namespace {

constexpr std::size_t kSniffBytes = 1024;
constexpr std::size_t kReadBytes = 1 << 20;
constexpr std::uint64_t kMaxLateMovie = std::uint64_t{64} << 20;
constexpr std::array<std::string_view, 9> kFirstBoxes = {"ftyp", "styp", "moov", "moof", "mdat",
                                                         "free", "skip", "wide", "sidx"};

bool is_transport_stream(ByteView head) {
  for (const auto& [first, stride] : {std::pair<std::size_t, std::size_t>{0, 188}, {4, 192}}) {
    bool good = head.size() > first;
    for (std::size_t at = first; at < head.size(); at += stride) good = good && head[at] == 0x47;
    if (good) return true;
  }
  return false;
}

Codec elementary_codec(ByteView head) {
  if (head.size() >= 2 && head[0] == 0x12 && head[1] == 0) return Codec::kAv1;
  for (std::size_t i = 0; i + 4 < head.size(); ++i) {
    if (be24(head.subspan(i)) != 1) continue;
    const auto header = hevc::parse_nal_header(head.subspan(i + 3));
    if (header && header->layer == 0 && header->temporal_id == 0 && header->type >= hevc::kVps &&
        header->type <= hevc::kSuffixSei) {
      return Codec::kHevc;
    }
    const auto avc = avc::parse_nal_header(head.subspan(i + 3));
    return avc && avc->type >= avc::kSei && avc->type <= avc::kAud ? Codec::kAvc : Codec::kOther;
  }
  return Codec::kUnknown;
}

std::optional<ContainerKind> sniff(ByteView head) {
  if (head.size() >= 8) {
    const std::string_view type(reinterpret_cast<const char*>(head.data()) + 4, 4);
    if (std::find(kFirstBoxes.begin(), kFirstBoxes.end(), type) != kFirstBoxes.end())
      return ContainerKind::kFragmentedMp4;
    if (std::memcmp(head.data(), "DKIF", 4) == 0) return ContainerKind::kIvf;
  }
  if (is_transport_stream(head)) return ContainerKind::kMpegTs;
  switch (elementary_codec(head)) {
    case Codec::kUnknown: return std::nullopt;
    case Codec::kAv1: return ContainerKind::kObu;
    default: return ContainerKind::kByteStream;
  }
}

// The body of a moov box that stands behind the media data, and its place.
struct LateMovie {
  std::vector<std::uint8_t> moov;
  std::int64_t byte = 0;
};

// Looks for it from box to box; empty where there is none, or where the file is no MP4.
LateMovie find_late_movie(std::FILE* file) {
  LateMovie movie;
  bool media = false;
  std::int64_t at = 0;
  std::array<std::uint8_t, 16> header{};
  while (fseeko(file, at, SEEK_SET) == 0 && std::fread(header.data(), 1, 8, file) == 8) {
    std::uint64_t size = be32(header);
    if (size == 1 && std::fread(header.data() + 8, 1, 8, file) == 8) size = be64(ByteView(header).subspan(8));
    const std::string_view type(reinterpret_cast<const char*>(header.data()) + 4, 4);
    if (at == 0 && std::find(kFirstBoxes.begin(), kFirstBoxes.end(), type) == kFirstBoxes.end()) break;
    if (type == "mdat") media = true;
    if (type == "moov") {
      if (!media || size < 8 || size > kMaxLateMovie) break;
      movie.moov.resize(static_cast<std::size_t>(size) - 8);
      movie.byte = at;
      if (fseeko(file, at + 8, SEEK_SET) != 0 ||
          std::fread(movie.moov.data(), 1, movie.moov.size(), file) != movie.moov.size()) {
        movie.moov.clear();
      }
      break;
    }
    if (size < 8 || size >= kMaxTime || at + static_cast<std::int64_t>(size) <= at) break;
    at += static_cast<std::int64_t>(size);
  }
  std::rewind(file);
  return movie;
}

class JudgeImpl final : public Judge {
 public:
  explicit JudgeImpl(std::optional<ContainerKind> kind, LateMovie movie = {}) : kind_(kind), movie_(std::move(movie)) {}

  void feed(std::span<const std::uint8_t> bytes) override {
    log_.bytes += static_cast<std::int64_t>(bytes.size());
    if (!reader_ && !unknown_) {
      const std::size_t take = std::min(bytes.size(), kSniffBytes - head_.size());
      head_.insert(head_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(take));
      bytes = bytes.subspan(take);
      if (head_.size() < kSniffBytes) return;
      open();
    }
    if (reader_) reader_->feed(bytes);
  }

  Verdict finish(const Plan* plan, const RunFacts* run) override {
    if (!reader_ && !unknown_) open();
    if (reader_) reader_->finish();
    CheckContext context{log_, plan, run, log_.findings};
    if (reader_) {
      check_transport(context);
      check_streams(context);
      check_frame_count(context);
      check_duration(context);
      check_timestamps(context);
      check_audio(context);
      check_key_frames(context);
      check_parameter_sets(context);
      check_picture_format(context);
      check_frame_rate(context);
      check_level(context);
      check_color(context);
      check_hdr(context);
      check_hrd(context);
      check_delimiters(context);
      check_bitrate(context);
    }
    Verdict verdict;
    verdict.checks = log_.findings.checks();
    verdict.facts = collect_facts(context);
    return verdict;
  }

 private:
  void open() {
    const std::optional<ContainerKind> kind = kind_ ? kind_ : sniff(head_);
    if (kind) log_.kind = *kind;
    if (kind == ContainerKind::kMpegTs) {
      reader_ = make_ts_reader(log_);
    } else if (kind == ContainerKind::kFragmentedMp4) {
      reader_ = make_mp4_reader(log_, std::move(movie_.moov), movie_.byte);
    } else if (kind == ContainerKind::kIvf) {
      reader_ = make_ivf_reader(log_);
    } else if (kind == ContainerKind::kObu) {
      reader_ = make_elementary_reader(Codec::kAv1, log_);
    } else if (kind == ContainerKind::kByteStream) {
      const Codec codec = elementary_codec(head_);
      // HEVC, where nothing says otherwise. (Said with two comparisons, g++ 14.2 -O2 made HEVC of AVC.)
      reader_ = make_elementary_reader(codec == Codec::kUnknown ? Codec::kHevc : codec, log_);
    } else {
      unknown_ = true;
      log_.findings.fail(Property::kContainer, "MPEG-TS, MP4, IVF, HEVC byte stream or AV1 OBUs",
                         head_.empty() ? "an empty file" : "none of them", Place{-1, 0});
    }
    if (reader_) reader_->feed(head_);
    head_.clear();
  }

  std::optional<ContainerKind> kind_;
  LateMovie movie_;
  StreamLog log_;
  std::vector<std::uint8_t> head_;
  std::unique_ptr<ContainerReader> reader_;
  bool unknown_ = false;
};

}  // namespace

std::unique_ptr<Judge> open_judge(std::optional<ContainerKind> kind) { return std::make_unique<JudgeImpl>(kind); }

Result<Verdict> judge_file(const std::string& path, std::optional<ContainerKind> kind, const Plan* plan,
                           const RunFacts* run) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) return make_error(ErrorCode::kInput, "cannot open {}: {}", path, std::strerror(errno));
  const bool maybe_mp4 = !kind || *kind == ContainerKind::kFragmentedMp4;
  JudgeImpl judge(kind, maybe_mp4 ? find_late_movie(file.get()) : LateMovie{});
  std::vector<std::uint8_t> buffer(kReadBytes);
  while (true) {
    const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file.get());
    if (count == 0) break;
    judge.feed({buffer.data(), count});
  }
  if (std::ferror(file.get()) != 0)
    return make_error(ErrorCode::kInput, "cannot read {}: {}", path, std::strerror(errno));
  return judge.finish(plan, run);
}

}  // namespace jinsha::verify
