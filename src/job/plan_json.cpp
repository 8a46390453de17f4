#include "job/plan_json.h"

#include <nlohmann/json.hpp>

#include "job/level_text.h"

// nlohmann-json finds these overloads by argument-dependent lookup, so they live in our namespace.
// Enumerations are written as the words people use.
namespace nlohmann {

template <>
struct adl_serializer<jinsha::Rational> {
  static void to_json(json& j, const jinsha::Rational& value) { j = fmt::format("{}/{}", value.num, value.den); }
  static void from_json(const json& j, jinsha::Rational& value) {
    const auto text = j.get<std::string>();
    const std::size_t slash = text.find('/');
    if (slash == std::string::npos)
      throw json::type_error::create(302, "a rational must be written \"num/den\"", nullptr);
    value = {std::stoll(text.substr(0, slash)), std::stoll(text.substr(slash + 1))};
  }
};

template <typename T>
struct adl_serializer<std::optional<T>> {
  static void to_json(json& j, const std::optional<T>& value) {
    if (value) {
      j = *value;
    } else {
      j = nullptr;
    }
  }
  static void from_json(const json& j, std::optional<T>& value) {
    if (j.is_null()) {
      value.reset();
    } else {
      value = j.get<T>();
    }
  }
};

template <>
struct adl_serializer<jinsha::Bytes> {
  static void to_json(json& j, const jinsha::Bytes& value) {
    std::string hex;
    if (value) {
      for (const std::uint8_t byte : *value) hex += fmt::format("{:02x}", byte);
    }
    j = hex;
  }
  static void from_json(const json& j, jinsha::Bytes& value) {
    const auto hex = j.get<std::string>();
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
      bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    value = bytes.empty() ? nullptr : jinsha::make_bytes(std::move(bytes));
  }
};

}  // namespace nlohmann

namespace jinsha {

using nlohmann::json;

NLOHMANN_JSON_SERIALIZE_ENUM(Codec, {{Codec::kUnknown, "unknown"},
                                     {Codec::kHevc, "hevc"},
                                     {Codec::kAv1, "av1"},
                                     {Codec::kAvc, "h264"},
                                     {Codec::kVp9, "vp9"},
                                     {Codec::kMpeg2, "mpeg2video"},
                                     {Codec::kProRes, "prores"},
                                     {Codec::kRaw, "rawvideo"},
                                     {Codec::kOther, "other"}})
NLOHMANN_JSON_SERIALIZE_ENUM(
    Chroma, {{Chroma::k420, "420"}, {Chroma::k422, "422"}, {Chroma::k444, "444"}, {Chroma::k400, "400"}})
NLOHMANN_JSON_SERIALIZE_ENUM(Tier, {{Tier::kMain, "main"}, {Tier::kHigh, "high"}})
NLOHMANN_JSON_SERIALIZE_ENUM(RateControl::Mode, {{RateControl::Mode::kCrf, "crf"},
                                                 {RateControl::Mode::kQp, "qp"},
                                                 {RateControl::Mode::kVbr, "vbr"},
                                                 {RateControl::Mode::kCbr, "cbr"}})
NLOHMANN_JSON_SERIALIZE_ENUM(ContainerKind, {{ContainerKind::kMpegTs, "mpegts"},
                                             {ContainerKind::kFragmentedMp4, "mp4"},
                                             {ContainerKind::kByteStream, "hevc"},
                                             {ContainerKind::kObu, "obu"},
                                             {ContainerKind::kIvf, "ivf"},
                                             {ContainerKind::kY4m, "y4m"},
                                             {ContainerKind::kRawFrames, "yuv"},
                                             {ContainerKind::kPng, "png"},
                                             {ContainerKind::kNull, "null"}})
NLOHMANN_JSON_SERIALIZE_ENUM(PlanNote::Kind, {{PlanNote::Kind::kKept, "kept"},
                                              {PlanNote::Kind::kConverted, "converted"},
                                              {PlanNote::Kind::kDropped, "dropped"},
                                              {PlanNote::Kind::kAssumed, "assumed"}})

// Colour code points as their CICP numbers' names; the parsers accept what name_of() writes.
static void to_json(json& j, const ColorInfo& color) {
  j = json{{"primaries", name_of(color.primaries)},
           {"transfer", name_of(color.transfer)},
           {"matrix", name_of(color.matrix)},
           {"range", name_of(color.range)},
           {"chroma_location", name_of(color.chroma_location)}};
}
static void from_json(const json& j, ColorInfo& color) {
  color.primaries = parse_primaries(j.at("primaries").get<std::string>()).value_or(Primaries::kUnspecified);
  color.transfer = parse_transfer(j.at("transfer").get<std::string>()).value_or(Transfer::kUnspecified);
  color.matrix = parse_matrix(j.at("matrix").get<std::string>()).value_or(Matrix::kUnspecified);
  color.range = parse_range(j.at("range").get<std::string>()).value_or(Range::kUnspecified);
  color.chroma_location =
      parse_chroma_location(j.at("chroma_location").get<std::string>()).value_or(ChromaLocation::kUnspecified);
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PixelFormat, chroma, depth)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MasteringDisplay, primaries_rgb, white_point, max_luminance, min_luminance)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ContentLight, max_cll_nits, max_fall_nits)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(HdrMetadata, mastering_display, content_light)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RateControl, mode, crf, qp, bitrate_bits_per_s, maxrate_bits_per_s, bufsize_bits)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(EncoderConfig, encoder, codec, format, width, height, frame_rate, sample_aspect,
                                   color, hdr, rate, speed, tune, profile, level_idc, tier, gop_frames, keyframes,
                                   access_unit_delimiters, hrd, repeat_headers, threads, total_frames, passes, params)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(EncoderSettings, version, codec, profile, level_idc, tier, rate, hrd, cbr_flag,
                                   fillers, access_unit_delimiters, closed_gop, gop_frames, fixed_gop, b_frames,
                                   keyframes, color, hdr, format, width, height, frame_rate, sample_aspect,
                                   max_held_frames, memory_bytes, native)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AudioStreamInfo, codec, codec_id, sample_rate, channels, layout, frame_size,
                                   bitrate_bits_per_s, block_align, bits_per_coded_sample, time_base, language,
                                   is_default, headers)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MemoryItem, what, bytes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PlanNote, kind, what)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PlannedAudio, info, source_track, encoded, first_channel, picked_channels,
                                   priming_samples)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DataStreamInfo, codec, codec_id, bitrate_bits_per_s, time_base, language, headers)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PlannedData, info, source_track)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SceneLight, first_frame, peak_nits)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Plan, input, first_frame, frame_limit, frame_count, exact_frame_count, output, kind,
                                   coded, copied, encoder, video, audio, data, captions, muxrate_bits_per_s,
                                   service_name, service_provider, service_id, pmt_pid, first_es_pid, fragment_s,
                                   threads, decode_threads, scenes, input_frames, output_frames, memory, memory_bytes,
                                   notes, warnings)

json plan_to_json(const Plan& plan) {
  json j = plan;
  if (plan.coded && !plan.copied) j["video"]["level"] = level_text(plan.video.codec, plan.video.level_idc);
  if (!plan.coded || plan.copied) j.erase("encoder");
  if (!plan.coded) j.erase("video");
  return j;
}

Result<Plan> plan_from_json(const json& value) {
  json j = value;
  try {
    if (!j.contains("encoder")) j["encoder"] = EncoderConfig{};
    if (!j.contains("video")) j["video"] = EncoderSettings{};
    return j.get<Plan>();
  } catch (const std::exception& error) {
    return make_error(ErrorCode::kUsage, "this is not a plan: {}", error.what());
  }
}

json source_to_json(const SourceInfo& source) {
  const SourceVideo& video = source.video;
  json audio = json::array();
  for (const SourceAudio& track : source.audio) {
    json row = track.info;
    row.erase("headers");
    row["source_index"] = track.source_index;
    row["default"] = track.default_track;
    audio.push_back(std::move(row));
  }
  json data = json::array();
  for (const SourceData& stream : source.data) {
    json row = stream.info;
    row.erase("headers");
    row["source_index"] = stream.source_index;
    data.push_back(std::move(row));
  }
  json other = json::array();
  for (const SourceOther& stream : source.other) {
    other.push_back({{"source_index", stream.source_index}, {"kind", stream.kind}, {"codec", stream.codec}});
  }
  return json{{"path", source.path},
              {"container", source.container},
              {"duration_s", source.duration_s},
              {"video",
               {{"codec", video.codec_name},
                {"profile", video.profile},
                {"width", video.width},
                {"height", video.height},
                {"format", video.format},
                {"coded_format", video.coded_format},
                {"frame_rate", video.frame_rate},
                {"variable_rate", video.variable_rate},
                {"sample_aspect", video.sample_aspect},
                {"interlaced", video.interlaced},
                {"rotation_degrees", video.rotation_degrees},
                {"mirrored", video.mirrored},
                {"color", video.color},
                {"hdr", video.hdr},
                {"dynamic_metadata", video.dynamic_metadata},
                {"conflicts", video.conflicts},
                {"frame_count", video.frame_count},
                {"exact_frame_count", video.exact_frame_count}}},
              {"audio", std::move(audio)},
              {"data", std::move(data)},
              {"other", std::move(other)},
              {"converted", source.converted},
              {"losses", source.losses},
              {"warnings", source.warnings}};
}

json counters_to_json(const SourceCounters& counters) {
  return json{{"frames_decoded", counters.frames_decoded},     {"frames_delivered", counters.frames_delivered},
              {"frames_concealed", counters.frames_concealed}, {"frames_undecodable", counters.frames_undecodable},
              {"packets_corrupt", counters.packets_corrupt},   {"frames_repeated", counters.frames_repeated},
              {"frames_dropped", counters.frames_dropped},     {"timestamp_jumps", counters.timestamp_jumps},
              {"frames_captioned", counters.frames_captioned}, {"frames_before_key", counters.frames_before_key},
              {"first_damage", counters.first_damage},         {"late_losses", counters.late_losses}};
}

std::string plan_hash(const Plan& plan) {
  Plan copy = plan;
  copy.output.clear();
  copy.decode_threads = 0;
  copy.memory.clear();
  copy.memory_bytes = 0;
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : plan_to_json(copy).dump(-1, ' ', false, json::error_handler_t::replace)) {
    hash ^= static_cast<std::uint8_t>(c);
    hash *= 0x100000001b3;
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace jinsha
