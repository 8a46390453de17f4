#include "base/version.h"

namespace jinsha {

const char* version() { return JINSHA_VERSION; }

}  // namespace jinsha
