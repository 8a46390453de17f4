#include "input/sequence_name.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <string_view>

#include "base/os.h"
#include "input/frame_rate.h"

namespace jinsha {
namespace {

constexpr int kMaxDigits = 18;  // numbers stay within int64
constexpr int kMaxListed = 20;  // numbers and spans named in a message

bool exists(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0;
}

bool is_regular(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The conversion "%d", "%4d" or "%06d" that begins at text[at]; its length, 0 when it is none.
std::size_t conversion_at(std::string_view text, std::size_t at, SequenceName& name) {
  std::size_t end = at + 1;
  const bool zeros = end < text.size() && text[end] == '0';
  if (zeros) ++end;
  int digits = 0;
  for (; end < text.size() && is_digit(text[end]) && digits <= kMaxDigits; ++end)
    digits = digits * 10 + text[end] - '0';
  if (end >= text.size() || text[end] != 'd' || digits > kMaxDigits) return 0;
  name.digits = digits;
  name.zeros = zeros;
  return end + 1 - at;
}

// Takes the last part of a path apart; how many numbers it has.
int split_at_number(std::string_view text, SequenceName& name) {
  int numbers = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::string& to = numbers == 0 ? name.before : name.after;
    if (text[at] == '%' && text.substr(at, 2) == "%%") {
      to += '%';
      at += 2;
    } else if (const std::size_t length = text[at] == '%' ? conversion_at(text, at, name) : 0; length > 0) {
      ++numbers;
      at += length;
    } else {
      to += text[at++];
    }
  }
  name.numbered = numbers > 0;
  return numbers;
}

// The number a file's name has in the place of the conversion; empty when it is not of this sequence.
// `other_width`: it would be, with another number of digits.
std::optional<std::int64_t> number_of(std::string_view file, const SequenceName& name, bool& other_width) {
  other_width = false;
  if (file.size() <= name.before.size() + name.after.size()) return std::nullopt;
  if (!file.starts_with(name.before) || !file.ends_with(name.after)) return std::nullopt;
  std::string_view middle = file.substr(name.before.size(), file.size() - name.before.size() - name.after.size());
  while (!name.zeros && middle.size() > 1 && middle.front() == ' ') middle.remove_prefix(1);
  std::int64_t number = 0;
  if (!is_digit(middle.front()) || middle.size() > static_cast<std::size_t>(kMaxDigits)) return std::nullopt;
  const auto [end, error] = std::from_chars(middle.data(), middle.data() + middle.size(), number);
  if (error != std::errc() || end != middle.data() + middle.size()) return std::nullopt;
  if (name.file_name(number) == file) return number;
  other_width = true;
  return std::nullopt;
}

struct FolderCloser {
  void operator()(DIR* folder) const { closedir(folder); }
};

}  // namespace

std::string SequenceName::file_name(std::int64_t number) const {
  if (!numbered) return before;
  const std::string text = fmt::format("{}", number);
  const std::size_t fill =
      text.size() < static_cast<std::size_t>(digits) ? static_cast<std::size_t>(digits) - text.size() : 0;
  return fmt::format("{}{}{}{}", before, std::string(fill, zeros ? '0' : ' '), text, after);
}

Result<std::optional<SequenceName>> parse_sequence_name(const std::string& path) {
  if (path == "-" || exists(path)) return std::optional<SequenceName>();
  SequenceName name;
  // A rate may have a slash of its own: it comes off first.
  const std::size_t at = path.rfind('@');
  const std::optional<Rational> rate =
      at == std::string::npos ? std::nullopt : parse_rate_text(std::string_view(path).substr(at + 1));
  if (rate) name.frame_rate = *rate;
  const std::string without_rate = rate ? path.substr(0, at) : path;
  const std::size_t slash = without_rate.rfind('/');
  name.folder = slash == std::string::npos ? "" : without_rate.substr(0, slash + 1);
  const std::string last = without_rate.substr(name.folder.size());
  if (rate && is_regular(name.folder + last)) {
    name.before = last;
    return std::optional(name);
  }
  const int numbers = split_at_number(last, name);
  if (const std::size_t tail = name.after.rfind('@'); numbers == 1 && !rate && tail != std::string::npos) {
    return make_error(ErrorCode::kUsage,
                      "{}: \"{}\" is not a frame rate and there is no file of exactly this name; write for example "
                      "shot.%06d.dpx@24 or @24000/1001",
                      path, name.after.substr(tail + 1));
  }
  if (numbers == 1) return std::optional(name);
  if (numbers > 1) {
    return make_error(ErrorCode::kUsage,
                      "{}: the name of a sequence has one number, this has {}; write %% for a percent sign", path,
                      numbers);
  }
  if (last.find_first_of("%#*") == std::string::npos) return std::optional<SequenceName>();
  return make_error(ErrorCode::kInput,
                    "there is no file {}; if a sequence of pictures is meant, write its number like %06d (six digits) "
                    "or %d, for example shot.%06d.dpx@24",
                    path);
}

Result<std::vector<SequenceFile>> find_sequence_files(const SequenceName& name) {
  const std::string folder = name.folder.empty() ? "." : name.folder;
  const std::unique_ptr<DIR, FolderCloser> entries(opendir(folder.c_str()));
  if (!entries) {
    return make_error(ErrorCode::kInput, "the folder {} of the sequence cannot be listed: {}", folder,
                      errno_text(errno));
  }
  const std::string pattern =
      fmt::format("{}{}{}", name.before, name.zeros ? fmt::format("%0{}d", name.digits) : "%d", name.after);
  std::vector<SequenceFile> files;
  std::string near;  // a file that fits but for its number of digits
  for (errno = 0; const dirent* entry = readdir(entries.get());) {
    bool other_width = false;
    const std::optional<std::int64_t> number = number_of(entry->d_name, name, other_width);
    if (other_width && (near.empty() || near > entry->d_name)) near = entry->d_name;
    if (!number) continue;
    struct stat info {};
    if (fstatat(dirfd(entries.get()), entry->d_name, &info, 0) != 0 || S_ISDIR(info.st_mode)) continue;
    files.push_back({*number, static_cast<std::uint64_t>(info.st_size)});
  }
  if (files.empty()) {
    std::string hint;
    if (!near.empty()) hint = fmt::format("; {} has another number of digits: write %d, or %0Nd for N digits", near);
    return make_error(ErrorCode::kInput, "no file in the folder {} is named like {}{}", folder, pattern, hint);
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  return files;
}

std::string missing_numbers(const std::vector<SequenceFile>& files) {
  std::string text;
  int listed = 0;
  for (std::size_t i = 1; i < files.size(); ++i) {
    const std::int64_t from = files[i - 1].number + 1, to = files[i].number - 1;
    if (from > to) continue;
    if (!text.empty()) text += ", ";
    if (listed++ == kMaxListed) return text + "...";
    text += from == to ? fmt::format("{}", from) : fmt::format("{}-{}", from, to);
  }
  return text;
}

}  // namespace jinsha
