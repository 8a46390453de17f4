// Sample tables of an unfragmented file, ISO/IEC 14496-12 8.6 and 8.7.
#include <fmt/core.h>

#include <algorithm>

#include "verify/mp4_boxes.h"

namespace jinsha::verify::mp4 {
namespace {

struct Tables {
  ByteView stts, ctts, stsc, stsz, stco, stss;
  bool wide_offsets = false;
};

ByteView entries(ByteView body, std::size_t head, std::size_t size, std::uint32_t& count) {
  if (body.size() < head) {
    count = 0;
    return {};
  }
  const ByteView rest = body.subspan(head);
  count = std::min(be32(body.subspan(head - 4)), static_cast<std::uint32_t>(rest.size() / size));
  return rest;
}

}  // namespace

void parse_sample_table(ByteView stbl, std::size_t track, Mp4Track& log, std::vector<Sample>& samples,
                        const Damage& damage) {
  Tables tables;
  for_boxes(stbl, [&](const Box& box) {
    if (box.type == "stts") tables.stts = box.body;
    if (box.type == "ctts") tables.ctts = box.body;
    if (box.type == "stsc") tables.stsc = box.body;
    if (box.type == "stsz") tables.stsz = box.body;
    if (box.type == "stss") tables.stss = box.body;
    if (box.type == "stco" || box.type == "co64") tables.stco = box.body;
    if (box.type == "co64") tables.wide_offsets = true;
  });
  if (tables.stsz.size() < 12) return;
  const std::uint32_t constant = be32(tables.stsz.subspan(4));
  std::uint32_t total = be32(tables.stsz.subspan(8));
  const ByteView sizes = tables.stsz.subspan(12);
  if (constant == 0) total = std::min(total, static_cast<std::uint32_t>(sizes.size() / 4));
  log.stts_samples = total;
  if (total > kMaxTableSamples - std::min(samples.size(), kMaxTableSamples)) {
    damage(fmt::format("a sample table of {} samples", total));
    return;
  }

  const std::size_t first = samples.size();
  samples.resize(first + total);
  for (std::uint32_t i = 0; i < total; ++i) {
    samples[first + i].track = track;
    samples[first + i].size = constant != 0 ? constant : be32(sizes.subspan(std::size_t{4} * i));
    samples[first + i].sync = tables.stss.empty();
  }
  // Chunks: which samples lie behind each other.
  std::uint32_t chunks = 0, rows = 0;
  const std::size_t offset_bytes = tables.wide_offsets ? 8 : 4;
  const ByteView offsets = entries(tables.stco, 8, offset_bytes, chunks);
  const ByteView runs = entries(tables.stsc, 8, 12, rows);
  std::uint32_t placed = 0, row = 0;
  for (std::uint32_t chunk = 0; chunk < chunks && rows > 0 && placed < total; ++chunk) {
    while (row + 1 < rows && be32(runs.subspan(std::size_t{12} * (row + 1))) <= chunk + 1) ++row;
    const std::uint32_t in_chunk = be32(runs.subspan(std::size_t{12} * row + 4));
    const ByteView field = offsets.subspan(offset_bytes * chunk);
    const std::uint64_t raw = tables.wide_offsets ? be64(field) : be32(field);
    auto offset = static_cast<std::int64_t>(std::min(raw, kMaxTime));
    for (std::uint32_t i = 0; i < in_chunk && placed < total; ++i, ++placed) {
      samples[first + placed].offset = offset;
      offset += samples[first + placed].size;
    }
  }
  if (placed < total) damage(fmt::format("a sample table that places {} of {} samples", placed, total));

  std::uint32_t count = 0;
  ByteView table = entries(tables.stts, 8, 8, count);
  std::int64_t dts = 0;
  std::uint32_t at = 0;
  for (std::uint32_t i = 0; i < count && at < total; ++i) {
    const std::uint32_t repeat = be32(table.subspan(std::size_t{8} * i));
    const std::uint32_t delta = be32(table.subspan(std::size_t{8} * i + 4));
    for (std::uint32_t j = 0; j < repeat && at < total; ++j, ++at) {
      samples[first + at].dts = samples[first + at].pts = dts;
      samples[first + at].duration = delta;
      dts += delta;
    }
  }
  table = entries(tables.ctts, 8, 8, count);
  at = 0;
  for (std::uint32_t i = 0; i < count && at < total; ++i) {
    const std::uint32_t repeat = be32(table.subspan(std::size_t{8} * i));
    const auto offset = static_cast<std::int32_t>(be32(table.subspan(std::size_t{8} * i + 4)));
    for (std::uint32_t j = 0; j < repeat && at < total; ++j, ++at) samples[first + at].pts += offset;
  }
  if (tables.stss.empty()) return;
  table = entries(tables.stss, 8, 4, count);
  log.stss_samples = count;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t number = be32(table.subspan(std::size_t{4} * i));
    if (number >= 1 && number <= total) samples[first + number - 1].sync = true;
  }
}

}  // namespace jinsha::verify::mp4
