// The judge over any bytes: it must end with a verdict, in bounded memory, and the same one however
// the bytes are cut into pieces.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>

#include "verify/judge.h"

namespace {

constexpr std::size_t kMaxBytes = 256 * 1024;

std::string verdict_of(std::span<const std::uint8_t> bytes, std::optional<jinsha::ContainerKind> kind,
                       std::size_t piece) {
  const auto judge = jinsha::verify::open_judge(kind);
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    judge->feed(bytes.subspan(at, std::min(piece, bytes.size() - at)));
  }
  const jinsha::verify::Verdict verdict = judge->finish(nullptr, nullptr);
  std::string text = verdict.facts.container + " " + std::to_string(verdict.facts.frames);
  for (const jinsha::verify::Check& check : verdict.checks) {
    // The words of a finding may count pieces, and its place is that of a start code's visible part.
    if (!check.passed) text += std::string("\n") + jinsha::verify::name_of(check.property);
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using jinsha::ContainerKind;
  constexpr ContainerKind kKinds[] = {ContainerKind::kMpegTs, ContainerKind::kFragmentedMp4, ContainerKind::kByteStream,
                                      ContainerKind::kObu, ContainerKind::kIvf};
  const std::span<const std::uint8_t> bytes(data, std::min(size, kMaxBytes));
  const std::string whole = verdict_of(bytes, std::nullopt, std::max<std::size_t>(bytes.size(), 1));
  // Pieces of an odd size that follows from the input, so that a failure repeats.
  const std::size_t piece = 1 + bytes.size() % 1021;
  if (verdict_of(bytes, std::nullopt, piece) != whole) std::abort();
  // What the bytes are not: the parser of another container.
  verdict_of(bytes, kKinds[bytes.size() % std::size(kKinds)], 4096);
  return 0;
}
