#include "input/source.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "input/copy_source.h"
#include "input/frame_stream.h"
#include "input/generator.h"
#include "input/input_file.h"
#include "input/lavf_source.h"
#include "input/picture_reader.h"
#include "input/sequence_source.h"
#include "libav/version.h"

namespace jinsha {
namespace {

// What a row decides on: the request and the first bytes of the file.
struct Question {
  const SourceSpec& spec;
  std::string_view head;
};

struct SourceRow {
  const char* name;
  bool needs_file;
  bool (*accepts)(const Question&);
  Result<std::unique_ptr<Source>> (*open)(const SourceSpec&, InputFile, const Log&);
};

constexpr std::string_view kY4mMagic = "YUV4MPEG2 ";
constexpr std::size_t kHeadBytes = std::max(kY4mMagic.size(), kPictureHeadBytes);

// The first row that accepts wins; the last accepts everything.
constexpr std::array kSources{
    SourceRow{"generator", false,
              [](const Question& q) { return !q.spec.reader && q.spec.path.starts_with(kGeneratorPrefix); },
              [](const SourceSpec& spec, InputFile, const Log&) { return open_generator(spec.path, spec.use_audio); }},
    SourceRow{"image sequence", false, [](const Question& q) { return !q.spec.reader && is_sequence_path(q.spec); },
              [](const SourceSpec& spec, InputFile, const Log& log) { return open_sequence(spec, log); }},
    SourceRow{"raw", true, [](const Question& q) { return q.spec.raw.has_value(); },
              [](const SourceSpec& spec, InputFile file, const Log&) {
                RawFormat format = *spec.raw;
                if (spec.frame_rate.valid()) format.frame_rate = spec.frame_rate;
                return open_raw(std::move(file), format);
              }},
    SourceRow{"y4m", true, [](const Question& q) { return q.head.starts_with(kY4mMagic); },
              [](const SourceSpec&, InputFile file, const Log&) { return open_y4m(std::move(file)); }},
    SourceRow{"image", true, [](const Question& q) { return !q.spec.reader && is_still(q.spec, q.head); },
              [](const SourceSpec& spec, InputFile, const Log& log) { return open_still(spec, log); }},
    SourceRow{"copy", true, [](const Question& q) { return q.spec.copy_video; },
              [](const SourceSpec& spec, InputFile file, const Log& log) {
                return open_copy_source(spec, std::move(file), log);
              }},
    SourceRow{"libavformat", true, [](const Question&) { return true; },
              [](const SourceSpec& spec, InputFile file, const Log& log) {
                return open_lavf_source(spec, std::move(file), log);
              }},
};

std::string text(Rational rate) {
  return rate.den == 1 ? fmt::format("{}", rate.num) : fmt::format("{}/{}", rate.num, rate.den);
}

}  // namespace

Result<std::unique_ptr<Source>> open_source(const SourceSpec& spec, const Log& log) {
  Question question{spec, {}};
  InputFile file;
  for (const SourceRow& row : kSources) {
    if (row.needs_file && file.name().empty()) {
      if (spec.reader) {
        file = InputFile::over(spec.reader);
      } else {
        JINSHA_ASSIGN(file, InputFile::open(spec.path));
      }
      if (!spec.raw) {
        JINSHA_ASSIGN(const auto head, file.peek(kHeadBytes));
        if (head.empty()) return make_error(ErrorCode::kInput, "{} is empty (0 bytes)", file.name());
        question.head = {reinterpret_cast<const char*>(head.data()), head.size()};
      }
    }
    if (!row.accepts(question)) continue;
    if (spec.copy_video && row.open != kSources[kSources.size() - 2].open) {
      return make_error(ErrorCode::kInput,
                        "{}: --encoder copy passes coded HEVC, AVC and AV1 on, this is {}; choose an encoder",
                        spec.path, row.name);
    }
    if (spec.decoder == DecoderChoice::kCuda && row.open != kSources.back().open) {
      return make_error(ErrorCode::kNotPossible,
                        "--decoder cuda: NVDEC decodes coded video, {} is {}; leave --decoder out", spec.path,
                        row.name);
    }
    JINSHA_ASSIGN(std::unique_ptr<Source> source, row.open(spec, std::move(file), log));
    const Rational rate = source->info().video.frame_rate;
    if (!spec.frame_rate.valid() || spec.frame_rate == rate) return source;
    return make_error(ErrorCode::kNotPossible,
                      "--fps {}: {} has a constant rate of {} frames/s, and a conversion of frame rates is not built; "
                      "leave --fps out",
                      text(spec.frame_rate), source->info().path, text(rate));
  }
  return make_error(ErrorCode::kInternal, "no source accepts {}", spec.path);
}

std::string decoder_version() { return libav::version_text(); }

}  // namespace jinsha
