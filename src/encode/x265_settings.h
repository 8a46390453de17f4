// What an opened x265 encoder really does.
#pragma once

#include <x265.h>

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "encode/encoder.h"

namespace jinsha {

// `param` as x265_encoder_parameters gives it, `headers` the parameter sets.
Result<EncoderSettings> x265_settings(const EncoderConfig& config, const x265_api& api, const x265_param& param,
                                      const std::vector<std::uint8_t>& headers);

// Refuses where x265 took something else than was asked for; `param` as for x265_settings.
Status check_x265_promises(const EncoderConfig& config, const x265_param& param, const EncoderSettings& settings);

}  // namespace jinsha
