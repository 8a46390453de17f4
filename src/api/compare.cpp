// The C interface: the comparison of two pictures.
#include "compare/compare.h"

#include <cerrno>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

#include "api/c_boundary.h"
#include "api/compare_report.h"
#include "base/os.h"
#include "job/output_check.h"

namespace jinsha {
namespace {

std::string text_of(const char* text) { return text ? text : ""; }

// Frames done, as the progress of a job is told.
class ProgressTeller {
 public:
  explicit ProgressTeller(const jinsha_compare_options& options) : options_(options) {}

  bool operator()(std::int64_t done, std::int64_t total) const {
    if (!options_.progress) return true;
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
    jinsha_progress now{};
    now.size = sizeof now;
    now.frames = done;
    now.total_frames = total;
    now.elapsed_s = elapsed.count();
    now.frames_per_s = now.elapsed_s > 0 ? static_cast<double>(done) / now.elapsed_s : 0;
    now.eta_s = total > 0 && now.frames_per_s > 0 ? static_cast<double>(total - done) / now.frames_per_s : -1;
    now.memory_bytes = resident_bytes();
    return options_.progress(options_.user, &now) == 0;
  }

 private:
  const jinsha_compare_options& options_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

Status write_page(const std::string& name, const std::string& text) {
  std::ofstream file(name);
  file << text;
  file.close();
  if (!file.fail()) return {};
  return make_error(ErrorCode::kOutput, "--html {}: cannot be written: {}", name, errno_text(errno));
}

Result<nlohmann::json> compare_and_report(const char* reference, const char* other,
                                          const jinsha_compare_options& options) {
  compare::CompareSpec spec;
  spec.reference = reference;
  spec.other = other;
  spec.frames = options.frames;
  spec.threads = options.threads;
  spec.heat_map = text_of(options.heatmap);
  if (options.heatmap_frame) spec.heat_map_frame = *options.heatmap_frame;
  spec.progress = ProgressTeller(options);
  const std::string page = text_of(options.html);
  JINSHA_TRY(check_side_output("--html", page, spec.reference, spec.other));
  JINSHA_TRY(check_side_output("--heatmap", spec.heat_map, spec.reference, spec.other));
  if (!page.empty() && page == spec.heat_map) {
    return make_error(ErrorCode::kUsage, "--html and --heatmap name one file, {}; choose another name", page);
  }
  JINSHA_ASSIGN(const compare::Report report, compare::compare_files(spec, Log()));
  nlohmann::json json = compare_report_json(report, spec.heat_map);
  if (!page.empty()) JINSHA_TRY(write_page(page, compare_report_html(json)));
  return json;
}

}  // namespace
}  // namespace jinsha

extern "C" jinsha_code jinsha_compare(const char* reference, const char* other, const jinsha_compare_options* options,
                                      char** json, jinsha_error** error) {
  using namespace jinsha;
  if (!reference || !other || !json) return api::give(api::missing("reference, other or json"), error);
  *json = nullptr;
  return api::guarded(error, [&]() -> Status {
    const jinsha_compare_options given = options ? api::sized(*options) : jinsha_compare_options{};
    JINSHA_ASSIGN(const nlohmann::json report, compare_and_report(reference, other, given));
    *json = api::duplicate(api::dump(report));
    return {};
  });
}
