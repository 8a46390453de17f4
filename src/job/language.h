// Languages of audio tracks, as containers state them.
#pragma once

#include <string>

namespace jinsha {

// What every container can state: one code of three letters (ISO 639-2), the first where `text` holds
// several ("deu,eng"); empty where it holds none.
std::string language_code(const std::string& text);

}  // namespace jinsha
