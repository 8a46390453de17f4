// The version of the project, for reports and `jinsha --version`.
#pragma once

namespace jinsha {

// The project's version as CMakeLists.txt states it, "0.1.0".
const char* version();

}  // namespace jinsha
