// The words of --audio and --audio-lang.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "job/spec.h"

namespace jinsha {

// "auto", "copy", "none", "silence[:RATE]" or "CODEC[:RATE]", then "@TRACK" or nothing.
Result<AudioRequest> parse_audio_request(std::string_view text);
// "eng,deu": ISO 639-2 codes.
Result<std::vector<std::string>> parse_languages(std::string_view text);

// Whether two ISO 639-2 codes name one language: twenty have a bibliographic code besides the
// terminological one ("ger" and "deu").
bool same_language(const std::string& a, const std::string& b);

}  // namespace jinsha
