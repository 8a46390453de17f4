// EncoderConfig -> EbSvtAv1EncConfiguration, and back into EncoderSettings.
#pragma once

#include <svt-av1/EbSvtAv1Enc.h>

#include <memory>
#include <vector>

#include "base/result.h"
#include "encode/encoder.h"

namespace jinsha {

struct SvtClose {
  bool started = false;  // svt_av1_enc_init was called
  bool fed = false;      // a picture was sent
  int width = 0;
  int height = 0;
  int depth = 8;
  void operator()(EbComponentType* handle) const;
};
using SvtHandle = std::unique_ptr<EbComponentType, SvtClose>;

// A configured encoder that has not allocated its pictures and threads yet: cheap even at 8K.
struct SvtSession {
  std::vector<std::uint8_t> stats;  // what the pass before found; the library uses them in place
  SvtHandle handle;
  EbSvtAv1EncConfiguration native{};
  bool looks_only = false;  // a pass that is not the last
  EncoderSettings settings;
  Bytes headers;  // the sequence header OBU; null until started
};

// Every refusal happens here.
Result<SvtSession> configure_svt(const EncoderConfig& config);

// Allocates and starts it, reads the sequence header back and holds it against the settings: before
// that the library cannot write one.
Status start_svt(SvtSession& session);

// How often the library codes the pictures for an average rate with foresight.
int svt_passes();
// Writes what a pass that is not the last found, after its last picture.
Status write_svt_stats(const SvtSession& session, const std::string& file);

// Estimate of the heap of an encoder with this configuration at its peak, when so many pictures are
// sent; 0: unknown.
std::uint64_t svt_memory_bytes(const EbSvtAv1EncConfiguration& native, std::int64_t pictures);

// The number the library's own way of counting threads gets for this many.
std::uint32_t svt_parallelism(int threads);
// That number where a configuration has it: the field changed its name and meaning with 2.3.
std::uint32_t svt_asked_parallelism(const EbSvtAv1EncConfiguration& native);

}  // namespace jinsha
