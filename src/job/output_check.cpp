#include "job/output_check.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/os.h"
#include "mux/muxer.h"

namespace jinsha {
namespace {

std::string name_part(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string extension_of(const std::string& path) {
  const std::string name = name_part(path);
  const std::size_t dot = name.find_last_of('.');
  return dot == std::string::npos || dot == 0 ? "" : name.substr(dot);
}

// "a/film.ts" and "partial" -> "a/film.partial.ts"
std::string with_mark(const std::string& path, const std::string& mark) {
  const std::string extension = extension_of(path);
  return path.substr(0, path.size() - extension.size()) + "." + mark + extension;
}

bool same_file(const std::string& a, const std::string& b) {
  struct stat first {};
  struct stat second {};
  return stat(a.c_str(), &first) == 0 && stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

}  // namespace

Result<ContainerKind> output_kind(const std::string& output, const std::string& format) {
  if (output == "null:" || format == "null") return ContainerKind::kNull;
  std::string extension = extension_of(output);
  for (char& c : extension) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  std::string formats;
  std::string extensions;
  for (const ContainerRow& row : container_table()) {
    formats += formats.empty() ? row.format_name : std::string(", ") + row.format_name;
    if (format == row.format_name) return row.kind;
    for (const std::string& known : row.extensions) {
      extensions += extensions.empty() ? known : " " + known;
      if (format.empty() && known == extension) return row.kind;
    }
  }
  if (!format.empty()) return make_error(ErrorCode::kUsage, "--format: \"{}\" is not one of {}", format, formats);
  if (output == "-")
    return make_error(ErrorCode::kUsage, "--output -: give the container with --format (one of {})", formats);
  return make_error(ErrorCode::kUsage,
                    "--output {}: the extension \"{}\" names no container; known are {}, or give --format (one of {})",
                    output, extension, extensions, formats);
}

bool is_file_output(const std::string& output, ContainerKind kind) {
  return kind != ContainerKind::kNull && output != "-";
}

Status check_output(const std::string& output, const std::string& input, bool overwrite, std::uint64_t expected_bytes) {
  if (same_file(output, input)) {
    return make_error(ErrorCode::kUsage, "--output {}: is the input itself; choose another name", output);
  }
  struct stat info {};
  if (stat(output.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode))
      return make_error(ErrorCode::kUsage, "--output {}: is a folder; give a file name in it", output);
    if (!overwrite)
      return make_error(ErrorCode::kUsage, "--output {}: exists already; choose another name or give --overwrite",
                        output);
  }
  const std::string folder = folder_of(output);
  if (stat(folder.c_str(), &info) != 0) {
    return make_error(ErrorCode::kOutput, "--output {}: the folder {} cannot be used: {}", output, folder,
                      errno_text(errno));
  }
  if (!S_ISDIR(info.st_mode)) return make_error(ErrorCode::kOutput, "--output {}: {} is not a folder", output, folder);
  if (access(folder.c_str(), W_OK | X_OK) != 0) {
    return make_error(ErrorCode::kOutput, "--output {}: the folder {} cannot be written to: {}", output, folder,
                      errno_text(errno));
  }
  JINSHA_ASSIGN(const std::uint64_t free_bytes, free_disk_bytes(folder));
  if (expected_bytes > free_bytes) {
    return make_error(ErrorCode::kNotPossible, "--output {}: about {} MB will be written but {} has {} MB free", output,
                      expected_bytes / 1'000'000, folder, free_bytes / 1'000'000);
  }
  return {};
}

Status check_options_apply(const JobSpec& spec, ContainerKind kind, bool coded) {
  const bool rate = spec.crf || spec.qp || spec.bitrate_bits_per_s > 0 || spec.maxrate_bits_per_s > 0;
  const bool coding = rate || !spec.encoder.empty() || spec.codec || spec.gop || !spec.level.empty() ||
                      !spec.keyframes.empty() || !spec.encoder_params.empty();
  if (!coded && coding) {
    return make_error(ErrorCode::kUsage,
                      "--output {}: holds uncompressed pictures, options of an encoder say nothing about it; leave "
                      "them out or choose a coded output",
                      spec.output);
  }
  const JobSpec defaults;
  const bool transport = spec.muxrate_bits_per_s > 0 || spec.service_name != defaults.service_name ||
                         spec.service_provider != defaults.service_provider || spec.service_id != defaults.service_id ||
                         spec.pmt_pid != defaults.pmt_pid || spec.first_es_pid != defaults.first_es_pid;
  if (transport && kind != ContainerKind::kMpegTs) {
    return make_error(ErrorCode::kUsage,
                      "--output {}: mux rate, service and PIDs are matters of MPEG-TS; leave them out or write .ts",
                      spec.output);
  }
  return {};
}

Status check_side_output(const char* option, const std::string& path, const std::string& input,
                         const std::string& output) {
  if (path.empty()) return {};
  for (const auto& [what, other] : {std::pair{"input", &input}, std::pair{"output", &output}}) {
    if (path == *other || same_file(path, *other)) {
      return make_error(ErrorCode::kUsage, "{} {}: is the {} itself; choose another name", option, path, what);
    }
  }
  struct stat info {};
  const bool exists = stat(path.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) {
    return make_error(ErrorCode::kUsage, "{} {}: is a folder; give a file name in it", option, path);
  }
  const std::string must_be_writable = exists ? path : folder_of(path);
  if (access(must_be_writable.c_str(), W_OK) != 0) {
    return make_error(ErrorCode::kOutput, "{} {}: {} cannot be written to: {}", option, path, must_be_writable,
                      errno_text(errno));
  }
  return {};
}

std::string temporary_name(const std::string& output) {
  const std::string name = name_part(output);
  return output.substr(0, output.size() - name.size()) + "." + name + ".jinsha-tmp";
}
std::string partial_name(const std::string& output) { return with_mark(output, "partial"); }
std::string rejected_name(const std::string& output) { return with_mark(output, "rejected"); }

}  // namespace jinsha
