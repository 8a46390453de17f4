// Whether NVENC can be used here, and if not, why: no driver, no device and no encoder engine are
// three different answers.
#pragma once

#include <string>

#include "base/result.h"

namespace jinsha {

// "driver API 12.2, NVIDIA GeForce RTX 4090", or kNotPossible with the reason. Loads the driver's
// libraries at run time; opens and closes an encode session, because data-centre devices (A100,
// H100) have a driver and a device but no encoder engine.
Result<std::string> find_nvenc();

}  // namespace jinsha
