// Mutators of MP4 and IVF.
#include <algorithm>

#include "verify/mutators_helper.h"

namespace jinsha::verify_test {
namespace {

using verify::Property;
using P = Property;
using Apply = std::function<std::optional<Data>(const Data&, const StreamKind&)>;

Apply on_mp4(std::function<std::optional<Data>(const Data&)> edit) {
  return [edit = std::move(edit)](const Data& stream, const StreamKind& kind) -> std::optional<Data> {
    if (kind.container != ContainerKind::kFragmentedMp4) return std::nullopt;
    return edit(stream);
  };
}
Apply on_runs(std::function<bool(Mp4File&)> edit) {
  return on_mp4([edit = std::move(edit)](const Data& stream) -> std::optional<Data> {
    auto file = split_mp4(stream);
    if (!file || !edit(*file)) return std::nullopt;
    return join_mp4(*file);
  });
}
Apply on_ivf(std::function<bool(Data&)> edit) {
  return [edit = std::move(edit)](const Data& stream, const StreamKind& kind) -> std::optional<Data> {
    if (kind.container != ContainerKind::kIvf) return std::nullopt;
    Data out = stream;
    if (!edit(out)) return std::nullopt;
    return out;
  };
}

const std::string kEntry = "moov/trak/mdia/minf/stbl/stsd/*";

// XORs a byte of the body of a box below the video (or another) track.
Apply change_box(const std::string& path, std::size_t at, std::uint8_t bits, const char* handler = "vide") {
  return on_mp4([=](const Data& stream) -> std::optional<Data> {
    const auto box = find_box(stream, path, handler);
    if (!box || box->header + at >= box->size) return std::nullopt;
    Data out = stream;
    out[box->body() + at] ^= bits;
    return out;
  });
}
Apply rename_box(const std::string& path, const std::string& type, const char* handler = "vide") {
  return on_mp4([=](const Data& stream) -> std::optional<Data> {
    const auto box = find_box(stream, path, handler);
    if (!box) return std::nullopt;
    Data out = stream;
    std::copy(type.begin(), type.end(), out.begin() + static_cast<std::ptrdiff_t>(box->at) + 4);
    return out;
  });
}
Apply without_box(const std::string& path) {
  return on_mp4([=](const Data& stream) { return remove_box(stream, path, "vide"); });
}

// The runs of the video or of the first audio track, in order.
std::vector<Mp4Run*> runs(Mp4File& file, bool video) {
  std::vector<Mp4Run*> out;
  for (Mp4Fragment& fragment : file.fragments) {
    for (Mp4Run& run : fragment.runs) {
      if (run.video == video && (video || out.empty() || out.front()->track == run.track)) out.push_back(&run);
    }
  }
  return out;
}

bool wrong_profile_entry(Data& out, const BoxPlace& hvcc) {
  out[hvcc.body() + 1] ^= 1;
  return true;
}

}  // namespace

void add_mp4_mutators(std::vector<Mutator>& table) {
  const auto add = [&](Property property, const char* name, std::vector<Property> also, Apply apply) {
    table.push_back({property, name, std::move(also), std::move(apply)});
  };

  add(P::kContainer, "end with half a box header", {}, on_mp4([](const Data& stream) -> std::optional<Data> {
        Data out = stream;
        out.insert(out.end(), {0, 0, 0, 20});
        return out;
      }));
  add(P::kContainer, "end inside a box", {}, on_mp4([](const Data& stream) -> std::optional<Data> {
        Data out = stream;
        out.insert(out.end(), {0, 0, 0, 20, 'f', 'r', 'e', 'e', 0});
        return out;
      }));
  add(P::kContainer, "rename mvhd", {}, rename_box("moov/mvhd", "xvhd"));
  add(P::kContainer, "repeat a sequence number", {}, on_runs([](Mp4File& file) {
        if (file.fragments.size() < 2) return false;
        file.fragments[1].sequence_number = file.fragments[0].sequence_number;
        return true;
      }));
  add(P::kContainer, "put samples outside the media data",
      {P::kAudio, P::kFrameCount, P::kDuration, P::kTimestamps, P::kKeyFrameDistance, P::kHrd, P::kParameterSets,
       P::kMasteringDisplay, P::kContentLight, P::kBitrate, P::kAccessUnitDelimiter},
      on_runs([](Mp4File& file) {
        file.fragments.back().runs.back().offset_error = 1 << 20;
        return true;
      }));

  add(P::kStreams, "change the sample entry", {}, on_mp4([](const Data& stream) -> std::optional<Data> {
        const auto box = find_box(stream, kEntry, "vide");
        if (!box || stream[box->at + 4] != 'h') return std::nullopt;
        Data out = stream;
        std::copy_n("hev1", 4, out.begin() + static_cast<std::ptrdiff_t>(box->at) + 4);
        return out;
      }));
  add(P::kStreams, "change the audio's language", {},
      [](const Data& stream, const StreamKind& kind) -> std::optional<Data> {
        if (kind.container != ContainerKind::kFragmentedMp4) return std::nullopt;
        const auto box = find_box(stream, "moov/trak/mdia/mdhd", "soun");
        if (!box) return std::nullopt;
        const std::size_t at = box->body() + (stream[box->body()] == 1 ? 32 : 20);
        if (get16(stream, at) == 0x55C4) return std::nullopt;  // "und": not planned, not judged
        Data out = stream;
        out[at + 1] ^= 1;
        return out;
      });
  add(P::kStreams, "make the audio something else", {P::kAudio, P::kDuration},
      on_mp4([](const Data& stream) -> std::optional<Data> {
        const auto box = find_box(stream, "moov/trak/mdia/hdlr", "soun");
        if (!box) return std::nullopt;
        Data out = stream;
        std::copy_n("text", 4, out.begin() + static_cast<std::ptrdiff_t>(box->body()) + 8);
        return out;
      }));

  add(P::kStreams, "change the audio's sample rate", {}, change_box(kEntry, 24, 1, "soun"));

  add(P::kDuration, "shift all audio by five seconds", {}, on_runs([](Mp4File& file) {
        for (Mp4Run* run : runs(file, false)) run->time += 5 * 48000;
        return !runs(file, false).empty();
      }));

  // mehd says ten seconds.
  add(P::kDuration, "declare a wrong duration", {}, on_mp4([](const Data& stream) -> std::optional<Data> {
        const auto moov = find_box(stream, "moov");
        const auto mvhd = find_box(stream, "moov/mvhd");
        const auto mvex = find_box(stream, "moov/mvex");
        if (!moov || !mvhd || !mvex) return std::nullopt;
        Data out = stream;
        Data mehd = {0, 0, 0, 16, 'm', 'e', 'h', 'd', 0, 0, 0, 0, 0, 0, 0, 0};
        const std::size_t timescale = mvhd->body() + (stream[mvhd->body()] == 1 ? 20 : 12);
        put32(mehd, 12, get32(stream, timescale) * 10);
        put32(out, moov->at, static_cast<std::uint32_t>(moov->size + mehd.size()));
        put32(out, mvex->at, static_cast<std::uint32_t>(mvex->size + mehd.size()));
        out.insert(out.begin() + static_cast<std::ptrdiff_t>(mvex->body()), mehd.begin(), mehd.end());
        return out;
      }));
  add(P::kFrameCount, "put two pictures into one sample",
      {P::kTimestamps, P::kKeyFrameDistance, P::kHrd, P::kDuration, P::kBitrate, P::kMasteringDisplay, P::kContentLight,
       P::kParameterSets},
      [](const Data& stream, const StreamKind& kind) -> std::optional<Data> {
        if (kind.container != ContainerKind::kFragmentedMp4 && kind.container != ContainerKind::kIvf)
          return std::nullopt;
        return edit_video(stream, kind, [](std::vector<Unit>& units) {
          const std::size_t i = units.size() / 2 + 1;
          units[i].parts.insert(units[i].parts.end(), units[i + 1].parts.begin(), units[i + 1].parts.end());
          units[i + 1].dropped = true;
          return true;
        });
      });
  add(P::kTimestamps, "leave a gap between fragments", {P::kDuration}, on_runs([](Mp4File& file) {
        const auto video = runs(file, true);
        if (video.size() < 2) return false;
        for (std::size_t i = 1; i < video.size(); ++i) video[i]->time += 3000;
        return true;
      }));
  add(P::kTimestamps, "swap two PTS", {}, on_runs([](Mp4File& file) {
        for (Mp4Run* run : runs(file, true)) {
          for (std::size_t i = run->samples.size() / 2; i + 1 < run->samples.size(); ++i) {
            Mp4Sample& a = run->samples[i];
            Mp4Sample& b = run->samples[i + 1];
            const std::uint32_t pts_a = a.composition, pts_b = a.duration + b.composition;
            if (pts_b < a.duration || pts_a < a.duration) continue;
            a.composition = pts_b;
            b.composition = pts_a - a.duration;
            return true;
          }
        }
        return false;
      }));
  add(P::kTimestamps, "change the duration of a sample", {P::kDuration}, on_runs([](Mp4File& file) {
        auto& samples = runs(file, true).front()->samples;
        if (samples.size() < 4) return false;
        samples[2].duration += 5;
        return true;
      }));

  add(P::kAudio, "drop an audio sample", {}, on_runs([](Mp4File& file) {
        const auto audio = runs(file, false);
        if (audio.empty() || audio.front()->samples.size() < 4) return false;
        auto& samples = audio.front()->samples;
        samples[1].duration += samples[2].duration;
        samples.erase(samples.begin() + 2);
        return true;
      }));
  add(P::kAudio, "leave a gap in the audio", {}, on_runs([](Mp4File& file) {
        const auto audio = runs(file, false);
        if (audio.size() < 2) return false;
        for (std::size_t i = 1; i < audio.size(); ++i) audio[i]->time += 4000;
        return true;
      }));
  add(P::kAudio, "repeat an audio timestamp", {}, on_runs([](Mp4File& file) {
        const auto audio = runs(file, false);
        if (audio.empty() || audio.front()->samples.size() < 4) return false;
        auto& samples = audio.front()->samples;
        samples[3].duration += samples[2].duration;
        samples[2].duration = 0;
        return true;
      }));

  add(P::kKeyFrameDistance, "clear the sync mark of a key frame", {}, on_runs([](Mp4File& file) {
        const auto video = runs(file, true);
        if (video.size() < 2) return false;
        video[1]->samples.front().flags |= 0x10000;
        return true;
      }));
  add(P::kKeyFrameDistance, "set the sync mark of another frame", {}, on_runs([](Mp4File& file) {
        Mp4Sample& sample = runs(file, true).front()->samples.at(2);
        if ((sample.flags & 0x10000) == 0) return false;
        sample.flags &= ~std::uint32_t{0x10000};
        return true;
      }));

  add(P::kParameterSets, "leave parameter sets out of the configuration", {},
      on_mp4([](const Data& stream) -> std::optional<Data> {
        const auto box = find_box(stream, kEntry + "/hvcC", "vide");
        if (!box) return std::nullopt;
        Data out = stream;
        out[box->body() + 22] = 2;  // numOfArrays
        return out;
      }));
  add(P::kParameterSets, "leave the sequence header out of the configuration", {},
      on_mp4([](const Data& stream) -> std::optional<Data> {
        const auto box = find_box(stream, kEntry + "/av1C", "vide");
        if (!box || box->size < 14) return std::nullopt;
        Data out = stream;
        out[box->body() + 4] = static_cast<std::uint8_t>((out[box->body() + 4] & 0x87) | (15 << 3));  // padding OBU
        return out;
      }));

  add(P::kPictureFormat, "change the width in the sample entry", {}, change_box(kEntry, 25, 2));
  add(P::kPictureFormat, "change the pixel aspect ratio", {}, change_box(kEntry + "/pasp", 3, 2));
  add(P::kPictureFormat, "change the depth in hvcC", {}, change_box(kEntry + "/hvcC", 17, 1));
  add(P::kPictureFormat, "change the chroma format in hvcC", {}, change_box(kEntry + "/hvcC", 16, 3));
  add(P::kPictureFormat, "change the profile in hvcC", {}, on_mp4([](const Data& stream) -> std::optional<Data> {
        const auto box = find_box(stream, kEntry + "/hvcC", "vide");
        Data out = stream;
        if (!box || !wrong_profile_entry(out, *box)) return std::nullopt;
        return out;
      }));
  add(P::kPictureFormat, "change the depth in av1C", {}, change_box(kEntry + "/av1C", 2, 0x40));
  add(P::kPictureFormat, "change the width in the IVF header", {}, on_ivf([](Data& stream) {
        stream[12] ^= 2;
        return true;
      }));

  // The time base of everything changes with it.
  add(P::kFrameRate, "change the media timescale", {P::kTimestamps, P::kDuration},
      on_mp4([](const Data& stream) -> std::optional<Data> {
        const auto box = find_box(stream, "moov/trak/mdia/mdhd", "vide");
        if (!box) return std::nullopt;
        Data out = stream;
        const std::size_t at = box->body() + (stream[box->body()] == 1 ? 20 : 12);
        put32(out, at, get32(out, at) + 1000);
        return out;
      }));
  add(P::kFrameRate, "change the rate in the IVF header", {P::kTimestamps, P::kDuration}, on_ivf([](Data& stream) {
        stream[16] = static_cast<std::uint8_t>(stream[16] + 1);
        return true;
      }));

  add(P::kLevelTier, "change the level in hvcC", {}, change_box(kEntry + "/hvcC", 12, 3));
  add(P::kLevelTier, "change the tier in hvcC", {}, change_box(kEntry + "/hvcC", 1, 0x20));
  add(P::kLevelTier, "change the level in av1C", {}, change_box(kEntry + "/av1C", 1, 1));

  add(P::kColor, "change the primaries in colr", {}, change_box(kEntry + "/colr", 5, 8));
  add(P::kColor, "change the transfer in colr", {}, change_box(kEntry + "/colr", 7, 2));
  add(P::kColor, "change the matrix in colr", {}, change_box(kEntry + "/colr", 9, 8));
  add(P::kColor, "change the range in colr", {}, change_box(kEntry + "/colr", 10, 0x80));
  add(P::kColor, "remove colr", {}, without_box(kEntry + "/colr"));
  add(P::kMasteringDisplay, "change mdcv", {}, change_box(kEntry + "/mdcv", 3, 1));
  add(P::kMasteringDisplay, "remove mdcv", {}, without_box(kEntry + "/mdcv"));
  add(P::kContentLight, "change clli", {}, change_box(kEntry + "/clli", 1, 1));
  add(P::kContentLight, "remove clli", {}, without_box(kEntry + "/clli"));

  add(P::kContainer, "declare another count of frames in the IVF header", {}, on_ivf([](Data& stream) {
        if (stream[24] == 0) return false;
        stream[24] ^= 1;
        return true;
      }));
  add(P::kContainer, "end inside an IVF frame header", {}, on_ivf([](Data& stream) {
        stream.insert(stream.end(), 5, 0);
        return true;
      }));
  add(P::kTimestamps, "change a timestamp in IVF", {P::kDuration}, on_ivf([](Data& stream) {
        const std::size_t second =
            32 + 12 + (stream[32] | (std::size_t{stream[33]} << 8) | (std::size_t{stream[34]} << 16));
        if (second + 12 > stream.size()) return false;
        stream[second + 4] ^= 4;
        return true;
      }));
  add(P::kStreams, "change the codec of the IVF header",
      {P::kFrameCount, P::kKeyFrameDistance, P::kParameterSets, P::kColor}, on_ivf([](Data& stream) {
        stream[11] = '2';
        return true;
      }));
}

}  // namespace jinsha::verify_test
