// The functions behind the rows of kEncoderBackends; one group a back end.
#pragma once

#include "encode/encoder.h"

namespace jinsha {

Result<std::string> x265_available();
EncoderCapabilities x265_capabilities();
Result<EncoderSettings> x265_plan(const EncoderConfig& config);
Result<std::unique_ptr<Encoder>> x265_open(const EncoderConfig& config, const Log& log);

Result<std::string> svt_available();
EncoderCapabilities svt_capabilities();
Result<EncoderSettings> svt_plan(const EncoderConfig& config);
Result<std::unique_ptr<Encoder>> svt_open(const EncoderConfig& config, const Log& log);

Result<std::string> nvenc_available();
EncoderCapabilities nvenc_capabilities();
Result<EncoderSettings> nvenc_plan(const EncoderConfig& config);
Result<std::unique_ptr<Encoder>> nvenc_open(const EncoderConfig& config, const Log& log);

}  // namespace jinsha
