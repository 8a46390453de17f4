#include "input/sequence_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <optional>

#include "input/input_file.h"
#include "input/ordered_pictures.h"
#include "input/picture_reader.h"
#include "input/sequence_name.h"

namespace jinsha {
namespace {

constexpr Rational kDefaultRate{25, 1};
constexpr int kMaxThreads = 16;
// Threads beyond the second are only worth so much memory: an 8K picture of 16-bit R, G, B takes 600 MB a thread.
constexpr std::uint64_t kMaxReaderBytes = std::uint64_t{4} << 30;
// Pictures of another size or format in a row after which it is a change, not damage.
constexpr int kMaxForeignPictures = 25;
// Pictures tried for the plan; damaged ones at the beginning are passed over.
constexpr std::size_t kMaxProbed = 10;
// More than this missing, and more than half of all, is a stray file and no damaged sequence.
constexpr std::int64_t kMaxMissing = 25;

struct Opened {
  SourceSpec spec;
  SequenceName name;
  std::vector<SequenceFile> files;
  PictureFacts facts;
};

class SequenceSource final : public Source {
 public:
  SequenceSource(Opened opened, const Log& log) : opened_(std::move(opened)), log_(log) {
    const PictureFacts& facts = opened_.facts;
    first_number_ = opened_.files.front().number;
    slots_ = opened_.files.back().number - first_number_ + 1;
    for (const SequenceFile& file : opened_.files) max_file_bytes_ = std::max(max_file_bytes_, file.bytes);
    layout_ = FrameLayout::packed(facts.format, facts.width, facts.height);
    thread_bytes_ = max_file_bytes_ + facts.reader_bytes;
    const std::uint64_t affordable = kMaxReaderBytes / (thread_bytes_ + layout_.bytes + 1);
    threads_ = std::clamp(opened_.spec.threads, 1, kMaxThreads);
    threads_ = std::min<int>(threads_, static_cast<int>(std::clamp<std::uint64_t>(affordable, 2, kMaxThreads)));
    threads_ = static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(threads_), opened_.files.size()));
    describe();
  }

  const SourceInfo& info() const override { return info_; }
  FrameLayout layout() const override { return layout_; }
  // One being read by each thread, and the last one, which may have to be repeated.
  int max_held_frames() const override { return threads_ + 1; }
  std::uint64_t memory_bytes() const override { return static_cast<std::uint64_t>(threads_) * thread_bytes_; }
  const SourceCounters& counters() const override { return counters_; }

  Status start(FramePool pool, std::stop_token stop, std::int64_t first_frame, std::int64_t frame_count) override {
    pool_ = std::move(pool);
    stop_ = std::move(stop);
    first_ = slot_ = std::min(first_frame, slots_);
    end_ = frame_count > 0 ? std::min(slots_, first_ + frame_count) : slots_;
    if (first_ == end_) {
      return make_error(ErrorCode::kInput, "{}: the part asked for begins after the last picture ({} pictures)",
                        info_.path, slots_);
    }
    const auto& files = opened_.files;
    const auto from =
        std::lower_bound(files.begin(), files.end(), first_number_ + first_,
                         [](const SequenceFile& file, std::int64_t number) { return file.number < number; });
    next_file_ = static_cast<std::size_t>(from - files.begin());
    // Where the range begins with a hole, the picture before it is the one to be shown.
    if (from == files.end() || from->number != first_number_ + first_) --next_file_;
    pictures_.emplace(threads_, opened_.facts, max_file_bytes_);
    return {};
  }

  Result<Item> next() override {
    for (;;) {
      if (stop_.stop_requested()) return interrupted();
      if (owed_ > 0 && last_) return repeated();
      if (slot_ == end_) return end();
      JINSHA_TRY(ask_for_more());
      const std::int64_t nearest = pictures_->under_way() > 0 ? next_slot_.front() : end_;
      if (slot_ < nearest) {
        note_missing();
        continue;
      }
      const std::unique_ptr<OrderedPictures::Picture> picture = pictures_->take(stop_);
      next_slot_.pop_front();
      if (!picture) return interrupted();
      JINSHA_TRY(take(*picture));
    }
  }

 private:
  void describe() {
    const PictureFacts& facts = opened_.facts;
    const std::vector<SequenceFile>& files = opened_.files;
    info_.path = opened_.spec.path;
    info_.container = opened_.name.numbered ? "image sequence" : "image";
    SourceVideo& video = info_.video;
    video.codec = facts.codec;
    video.codec_name = facts.codec_name;
    video.width = facts.width;
    video.height = facts.height;
    video.format = facts.format;
    video.coded_format = facts.coded_format;
    video.sample_aspect = facts.sample_aspect;
    video.color = facts.color;
    video.frame_count = slots_;
    video.exact_frame_count = true;
    info_.warnings = facts.warnings;
    info_.losses = facts.losses;
    if (!facts.timecode.empty()) info_.other.push_back({0, "timecode", facts.timecode});
    choose_rate();
    info_.duration_s = static_cast<double>(slots_) / video.frame_rate.to_double();
    if (const std::string missing = missing_numbers(files); !missing.empty()) {
      info_.warnings.push_back(fmt::format(
          "{} of the {} pictures {} to {} are missing ({}): the one before each is repeated.",
          slots_ - static_cast<std::int64_t>(files.size()), slots_, first_number_, files.back().number, missing));
    }
  }

  // What the user says, then what the file says.
  void choose_rate() {
    Rational& rate = info_.video.frame_rate;
    for (const Rational said : {opened_.name.frame_rate, opened_.spec.frame_rate, opened_.facts.frame_rate}) {
      if (rate.valid() || !said.valid()) continue;
      rate = said.reduced();
    }
    if (rate.valid()) return;
    rate = kDefaultRate;
    if (slots_ > 1)
      info_.warnings.emplace_back("Nothing says the frame rate: 25 frames/s are assumed; write @RATE behind the name.");
  }

  Error interrupted() const { return make_error(ErrorCode::kInterrupted, "stopped while reading {}", info_.path); }

  // Blocks are taken in the order of the pictures, so that a full pool never stands in the way of the next one.
  Status ask_for_more() {
    const auto& files = opened_.files;
    while (next_file_ < files.size() && pictures_->under_way() < pictures_->most()) {
      const std::int64_t slot = files[next_file_].number - first_number_;
      if (slot >= end_) break;
      std::optional<FrameMut> frame = pictures_->under_way() == 0 ? pool_.acquire(stop_) : pool_.try_acquire();
      if (!frame) return pictures_->under_way() == 0 ? Status(interrupted()) : Status();
      frame->set_layout(layout_);
      next_slot_.push_back(slot);
      pictures_->ask(opened_.name.path_of(files[next_file_].number), slot, std::move(*frame));
      ++next_file_;
    }
    return {};
  }

  void note_damage(std::string what) {
    log_.warning("{}", what);
    if (counters_.first_damage.empty()) counters_.first_damage = std::move(what);
  }

  // The slot is filled with the picture before it; before the first one with the first.
  void owe_repeat() {
    ++owed_;
    ++slot_;
    ++counters_.frames_repeated;
  }

  void note_missing() {
    const std::string file = opened_.name.file_name(first_number_ + slot_);
    if (missing_noted_ + 1 != slot_) note_damage(fmt::format("{} is missing", file));
    missing_noted_ = slot_;
    owe_repeat();
  }

  Status take(OrderedPictures::Picture& picture) {
    const bool before_range = picture.slot < first_;
    if (!picture.read.ok()) {
      const Error& error = picture.read.error();
      if (error.code == ErrorCode::kNotPossible || error.code == ErrorCode::kInterrupted) return error;
      if (before_range) return {};
      ++counters_.frames_undecodable;
      note_damage(error.message);
      owe_repeat();
      return {};
    }
    const ReadPicture& read = *picture.read;
    if (!read.delivered) return before_range ? Status() : take_foreign(picture.path, read.facts);
    foreign_ = 0;
    look_for_changes(picture.path, read.facts);
    last_ = publish(std::move(picture.frame), !read.damage.empty());
    if (before_range) return {};
    ++counters_.frames_decoded;
    if (!read.damage.empty()) {
      ++counters_.frames_concealed;
      note_damage(fmt::format("{} is damaged ({})", picture.path, read.damage));
    }
    ++slot_;
    ++owed_;
    return {};
  }

  Frame publish(FrameMut frame, bool damaged) const {
    const SourceVideo& video = info_.video;
    frame.info() = FrameInfo{.pts = 0, .duration = 1, .color = video.color, .hdr = video.hdr, .damaged = damaged};
    return std::move(frame).publish();
  }

  // Damage can make one picture look like another's; a real change is refused, as every consumer was planned for
  // one format.
  Status take_foreign(const std::string& path, const PictureFacts& facts) {
    ++counters_.frames_undecodable;
    const PictureFacts& planned = opened_.facts;
    const std::string what = fmt::format("{}: the pictures change from {}x{} {} {} to {}x{} {} {}", path, planned.width,
                                         planned.height, planned.codec_name, planned.coded_format, facts.width,
                                         facts.height, facts.codec_name, facts.coded_format);
    note_damage(what);
    owe_repeat();
    if (++foreign_ < kMaxForeignPictures) return {};
    return make_error(ErrorCode::kInput, "{}; use the parts before and after each by itself (--range)", what);
  }

  void look_for_changes(const std::string& path, const PictureFacts& facts) {
    if (color_changed_ || facts.color == opened_.facts.color) return;
    color_changed_ = true;
    std::string what = fmt::format("the colour changes from {} to {} in {}; all is treated as the first was",
                                   jinsha::describe(opened_.facts.color), jinsha::describe(facts.color), path);
    log_.warning("{}", what);
    counters_.late_losses.push_back(std::move(what));
  }

  Result<Item> repeated() {
    FrameInfo frame = last_.info();
    frame.pts = counters_.frames_delivered++;
    --owed_;
    return Item(last_.with_info(frame));
  }

  Result<Item> end() {
    if (last_) return Item(EndOfStream{});
    return make_error(ErrorCode::kInput, "no picture of {} could be decoded: {}", info_.path, counters_.first_damage);
  }

  Opened opened_;
  Log log_;
  SourceInfo info_;
  SourceCounters counters_;
  FrameLayout layout_;
  std::int64_t first_number_ = 0;
  std::int64_t slots_ = 0;  // pictures from the first number to the last
  std::uint64_t max_file_bytes_ = 0;
  std::uint64_t thread_bytes_ = 0;
  int threads_ = 1;

  FramePool pool_;
  std::stop_token stop_;
  std::int64_t first_ = 0;
  std::int64_t end_ = 0;                // slots [first_, end_) are wanted
  std::int64_t slot_ = 0;               // the next one to be decided on
  std::int64_t owed_ = 0;               // deliveries of last_ decided on and not made
  std::size_t next_file_ = 0;           // not asked for yet
  std::deque<std::int64_t> next_slot_;  // of the pictures asked for
  std::optional<OrderedPictures> pictures_;
  Frame last_;
  int foreign_ = 0;
  std::int64_t missing_noted_ = -2;
  bool color_changed_ = false;
};

Result<PictureFacts> probe(const SequenceName& name, const std::vector<SequenceFile>& files, const Log& log) {
  PictureReader reader;
  std::optional<Error> first;
  std::uint64_t most = 0;
  for (const SequenceFile& file : files) most = std::max(most, file.bytes);
  for (std::size_t i = 0; i < std::min(files.size(), kMaxProbed); ++i) {
    Result<ReadPicture> read = reader.read(name.path_of(files[i].number), most, nullptr);
    if (read.ok()) return std::move(read->facts);
    if (read.error().code != ErrorCode::kInput) return read.error();
    log.debug("{}", read.error().message);
    if (!first) first = read.error();
  }
  if (files.size() > 1) first->message += fmt::format(" (nor can the next {})", std::min(files.size(), kMaxProbed) - 1);
  return *first;
}

Result<std::unique_ptr<Source>> open_files(const SourceSpec& spec, SequenceName name, std::vector<SequenceFile> files,
                                           const Log& log) {
  if (name.frame_rate.valid() && spec.frame_rate.valid() && !(name.frame_rate == spec.frame_rate)) {
    return make_error(ErrorCode::kUsage, "{} and --fps give different frame rates; leave one out", spec.path);
  }
  Opened opened{.spec = spec, .name = std::move(name), .files = std::move(files), .facts = {}};
  JINSHA_ASSIGN(opened.facts, probe(opened.name, opened.files, log));
  return std::unique_ptr<Source>(std::make_unique<SequenceSource>(std::move(opened), log));
}

}  // namespace

bool is_sequence_path(const SourceSpec& spec) {
  if (spec.raw) return false;
  const auto name = parse_sequence_name(spec.path);
  return !name.ok() || name->has_value();
}

bool is_still(const SourceSpec& spec, std::string_view head) {
  // A pipe may bring many pictures; so may a file that begins like JPEG, unless its name says it is one.
  if (spec.path == "-") return false;
  const std::string_view kind = picture_kind({reinterpret_cast<const std::uint8_t*>(head.data()), head.size()});
  if (kind != "jpeg") return !kind.empty();
  const std::size_t dot = spec.path.rfind('.');
  if (dot == std::string::npos) return false;
  std::string extension = spec.path.substr(dot + 1);
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return extension == "jpg" || extension == "jpeg" || extension == "jpe" || extension == "jfif";
}

Result<std::unique_ptr<Source>> open_sequence(const SourceSpec& spec, const Log& log) {
  JINSHA_ASSIGN(std::optional<SequenceName> name, parse_sequence_name(spec.path));
  if (!name) return make_error(ErrorCode::kInternal, "{} is not the name of a sequence", spec.path);
  std::vector<SequenceFile> files;
  if (name->numbered) {
    JINSHA_ASSIGN(files, find_sequence_files(*name));
  } else {
    JINSHA_ASSIGN(const InputFile file, InputFile::open(name->path_of(0)));
    files.push_back({0, file.size()});
  }
  const auto present = static_cast<std::int64_t>(files.size());
  const std::int64_t missing = files.back().number - files.front().number + 1 - present;
  if (missing > std::max(kMaxMissing, present)) {
    return make_error(ErrorCode::kInput,
                      "{}: of the pictures {} to {} only {} are there (missing: {}); move files that do not belong to "
                      "the sequence elsewhere",
                      spec.path, files.front().number, files.back().number, present, missing_numbers(files));
  }
  return open_files(spec, std::move(*name), std::move(files), log);
}

Result<std::unique_ptr<Source>> open_still(const SourceSpec& spec, const Log& log) {
  SequenceName name;
  name.before = spec.path;
  JINSHA_ASSIGN(const InputFile file, InputFile::open(spec.path));
  return open_files(spec, std::move(name), {{0, file.size()}}, log);
}

}  // namespace jinsha
