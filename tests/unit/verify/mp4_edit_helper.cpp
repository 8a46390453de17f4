#include <algorithm>
#include <map>

#include "verify/stream_edit_helper.h"

namespace jinsha::verify_test {
namespace {

std::string_view type_at(const Data& file, std::size_t at) {
  return {reinterpret_cast<const char*>(file.data()) + at + 4, 4};
}

std::vector<BoxPlace> boxes_in(const Data& file, std::size_t from, std::size_t to) {
  std::vector<BoxPlace> out;
  for (std::size_t at = from; at + 8 <= to;) {
    const std::size_t size = get32(file, at);
    if (size < 8 || size > to - at) break;
    out.push_back({at, 8, size});
    at += size;
  }
  return out;
}

// Bytes between the header of a box and the boxes in it.
std::size_t fields_before_boxes(std::string_view type) {
  if (type == "stsd") return 8;
  if (type == "hvc1" || type == "hev1" || type == "av01") return 78;
  if (type == "mp4a" || type == "ac-3" || type == "ec-3") return 28;
  return 0;
}

std::optional<BoxPlace> child(const Data& file, const BoxPlace& parent, std::string_view type) {
  const std::size_t skip = fields_before_boxes(type_at(file, parent.at));
  for (const BoxPlace& box : boxes_in(file, parent.body() + skip, parent.at + parent.size)) {
    // "*" stands for any sample entry.
    if (type == "*" || type_at(file, box.at) == type) return box;
  }
  return std::nullopt;
}

std::string_view handler_of(const Data& file, const BoxPlace& trak) {
  const auto mdia = child(file, trak, "mdia");
  const auto hdlr = mdia ? child(file, *mdia, "hdlr") : std::nullopt;
  if (!hdlr) return {};
  return {reinterpret_cast<const char*>(file.data()) + hdlr->body() + 8, 4};
}

void append32(Data& data, std::uint32_t value) {
  data.resize(data.size() + 4);
  put32(data, data.size() - 4, value);
}

Data box(std::string_view type, const Data& body) {
  Data out;
  append32(out, static_cast<std::uint32_t>(body.size() + 8));
  out.insert(out.end(), type.begin(), type.end());
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

void append(Data& data, const Data& more) { data.insert(data.end(), more.begin(), more.end()); }

struct Defaults {
  std::uint32_t duration = 0, size = 0, flags = 0;
};

bool read_run(const Data& file, const BoxPlace& traf, std::size_t moof_at, const Defaults& defaults, Mp4Run& run) {
  const auto tfhd = child(file, traf, "tfhd");
  const auto tfdt = child(file, traf, "tfdt");
  const auto trun = child(file, traf, "trun");
  if (!tfhd || !tfdt || !trun) return false;
  Defaults values = defaults;
  const std::uint32_t head = get32(file, tfhd->body()) & 0xFFFFFFU;
  std::size_t at = tfhd->body() + 8;
  if ((head & 0x1) != 0) return false;
  if ((head & 0x2) != 0) at += 4;
  for (const auto& [flag, value] : {std::pair{0x8U, &values.duration}, {0x10U, &values.size}, {0x20U, &values.flags}}) {
    if ((head & flag) == 0) continue;
    *value = get32(file, at);
    at += 4;
  }
  run.time = get32(file, tfdt->body() + 4);
  if ((get32(file, tfdt->body()) >> 24) == 1) run.time = (run.time << 32) | get32(file, tfdt->body() + 8);
  const std::uint32_t flags = get32(file, trun->body()) & 0xFFFFFFU;
  const std::uint32_t count = get32(file, trun->body() + 4);
  at = trun->body() + 8;
  if ((flags & 0x1) == 0) return false;
  std::size_t data = moof_at + get32(file, at);
  at += 4;
  std::uint32_t first_flags = 0;
  if ((flags & 0x4) != 0) {
    first_flags = get32(file, at);
    at += 4;
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    Mp4Sample sample{values.duration, values.flags, 0, {}};
    std::uint32_t size = values.size;
    if (i == 0 && (flags & 0x4) != 0) sample.flags = first_flags;
    for (const auto& [flag, value] : {std::pair{0x100U, &sample.duration},
                                      {0x200U, &size},
                                      {0x400U, &sample.flags},
                                      {0x800U, &sample.composition}}) {
      if ((flags & flag) == 0) continue;
      *value = get32(file, at);
      at += 4;
    }
    if (data + size > file.size()) return false;
    sample.bytes.assign(file.begin() + static_cast<std::ptrdiff_t>(data),
                        file.begin() + static_cast<std::ptrdiff_t>(data + size));
    data += size;
    run.samples.push_back(std::move(sample));
  }
  return true;
}

}  // namespace

std::vector<BoxPlace> top_boxes(const Data& file) { return boxes_in(file, 0, file.size()); }

std::optional<BoxPlace> find_box(const Data& file, std::string_view path, std::string_view handler) {
  std::vector<BoxPlace> level = top_boxes(file);
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view type = path.substr(0, slash);
    std::optional<BoxPlace> found;
    for (const BoxPlace& candidate : level) {
      if (type != "*" && type_at(file, candidate.at) != type) continue;
      if (type == "trak" && !handler.empty() && handler_of(file, candidate) != handler) continue;
      found = candidate;
      break;
    }
    if (!found || slash == std::string_view::npos) return found;
    path.remove_prefix(slash + 1);
    level = boxes_in(file, found->body() + fields_before_boxes(type_at(file, found->at)), found->at + found->size);
  }
}

std::optional<Data> remove_box(const Data& file, std::string_view path, std::string_view handler) {
  const auto place = find_box(file, path, handler);
  if (!place) return std::nullopt;
  Data out = file;
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
    const auto parent = find_box(file, path.substr(0, slash), handler);
    put32(out, parent->at, static_cast<std::uint32_t>(parent->size - place->size));
  }
  out.erase(out.begin() + static_cast<std::ptrdiff_t>(place->at),
            out.begin() + static_cast<std::ptrdiff_t>(place->at + place->size));
  return out;
}

std::optional<Mp4File> split_mp4(const Data& file) {
  Mp4File out;
  const auto moov = find_box(file, "moov");
  if (!moov) return std::nullopt;
  std::map<std::uint32_t, Defaults> defaults;
  for (const BoxPlace& part : boxes_in(file, moov->body(), moov->at + moov->size)) {
    if (type_at(file, part.at) == "trak" && handler_of(file, part) == "vide" && out.video_track == 0) {
      const auto tkhd = child(file, part, "tkhd");
      out.video_track = get32(file, tkhd->body() + ((file[tkhd->body()] == 1) ? 20 : 12));
      const auto entry = find_box(file, "moov/trak/mdia/minf/stbl/stsd/*", "vide");
      if (entry) out.codec = type_at(file, entry->at) == "av01" ? Codec::kAv1 : Codec::kHevc;
    }
    if (type_at(file, part.at) != "mvex") continue;
    for (const BoxPlace& trex : boxes_in(file, part.body(), part.at + part.size)) {
      if (type_at(file, trex.at) != "trex") continue;
      defaults[get32(file, trex.body() + 4)] = {get32(file, trex.body() + 12), get32(file, trex.body() + 16),
                                                get32(file, trex.body() + 20)};
    }
  }
  for (const BoxPlace& top : top_boxes(file)) {
    if (type_at(file, top.at) != "moof") continue;
    if (out.head.empty()) out.head.assign(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(top.at));
    Mp4Fragment fragment;
    for (const BoxPlace& part : boxes_in(file, top.body(), top.at + top.size)) {
      if (type_at(file, part.at) == "mfhd") fragment.sequence_number = get32(file, part.body() + 4);
      if (type_at(file, part.at) != "traf") continue;
      const auto tfhd = child(file, part, "tfhd");
      if (!tfhd) return std::nullopt;
      Mp4Run run;
      run.track = get32(file, tfhd->body() + 4);
      run.video = run.track == out.video_track;
      if (!read_run(file, part, top.at, defaults[run.track], run)) return std::nullopt;
      fragment.runs.push_back(std::move(run));
    }
    out.fragments.push_back(std::move(fragment));
  }
  if (out.fragments.empty() || out.codec == Codec::kUnknown) return std::nullopt;
  return out;
}

Data join_mp4(const Mp4File& file) {
  Data out = file.head;
  for (const Mp4Fragment& fragment : file.fragments) {
    Data media;
    // Twice: the size of the moof is needed for the offsets in it and does not depend on them.
    std::size_t moof_size = 0;
    Data moof;
    for (int pass = 0; pass < 2; ++pass) {
      media.clear();
      Data body;
      append(body, box("mfhd", {0, 0, 0, 0, static_cast<std::uint8_t>(fragment.sequence_number >> 24),
                                static_cast<std::uint8_t>(fragment.sequence_number >> 16),
                                static_cast<std::uint8_t>(fragment.sequence_number >> 8),
                                static_cast<std::uint8_t>(fragment.sequence_number)}));
      for (const Mp4Run& run : fragment.runs) {
        Data tfhd, tfdt, trun;
        append32(tfhd, 0x020000);
        append32(tfhd, run.track);
        append32(tfdt, 0x01000000);
        append32(tfdt, static_cast<std::uint32_t>(run.time >> 32));
        append32(tfdt, static_cast<std::uint32_t>(run.time));
        append32(trun, 0x01000F01);
        append32(trun, static_cast<std::uint32_t>(run.samples.size()));
        append32(trun, static_cast<std::uint32_t>(moof_size + 8 + media.size()) +
                           static_cast<std::uint32_t>(run.offset_error));
        for (const Mp4Sample& sample : run.samples) {
          append32(trun, sample.duration);
          append32(trun, static_cast<std::uint32_t>(sample.bytes.size()));
          append32(trun, sample.flags);
          append32(trun, sample.composition);
          append(media, sample.bytes);
        }
        Data traf = box("tfhd", tfhd);
        append(traf, box("tfdt", tfdt));
        append(traf, box("trun", trun));
        append(body, box("traf", traf));
      }
      moof = box("moof", body);
      moof_size = moof.size();
    }
    append(out, moof);
    append(out, box("mdat", media));
  }
  return out;
}

}  // namespace jinsha::verify_test
