#include "job/options.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "job/audio_words.h"
#include "job/parse.h"

// Over 400 lines: one table, one row an option; splitting it would hide what belongs together.

namespace jinsha {
namespace {

// Applies `parse` to the text and stores the value.
template <auto Member, auto Parse>
Status store(JobSpec& spec, std::string_view text) {
  JINSHA_ASSIGN(spec.*Member, Parse(text));
  return {};
}

template <auto Member>
Status store_text(JobSpec& spec, std::string_view text) {
  if (text.empty()) return make_error(ErrorCode::kUsage, "the value is empty");
  spec.*Member = std::string(text);
  return {};
}

template <auto Member, std::int64_t Low, std::int64_t High>
Status store_integer(JobSpec& spec, std::string_view text) {
  JINSHA_ASSIGN(const std::int64_t value, parse_integer(text, Low, High));
  using Field = std::remove_reference_t<decltype(spec.*Member)>;
  spec.*Member = static_cast<Field>(value);
  return {};
}

template <auto Member>
Status store_nits(JobSpec& spec, std::string_view text) {
  JINSHA_ASSIGN(spec.*Member, parse_number(text, 1, 10'000));
  return {};
}

template <typename T>
struct Choice {
  const char* name;
  T value;
};

// The value whose name is `text`, or kUsage listing the names.
template <typename T, std::size_t N>
Result<T> choose(const std::array<Choice<T>, N>& choices, std::string_view text) {
  std::string names;
  for (const Choice<T>& choice : choices) {
    if (choice.name == text) return choice.value;
    names += names.empty() ? choice.name : std::string(", ") + choice.name;
  }
  return make_error(ErrorCode::kUsage, "\"{}\" is not one of {}", text, names);
}

constexpr std::array kToneMaps{
    Choice<ToneMap>{"auto", ToneMap::kAuto},         Choice<ToneMap>{"bt2390", ToneMap::kBt2390},
    Choice<ToneMap>{"bt2446a", ToneMap::kBt2446A},   Choice<ToneMap>{"bt2446c", ToneMap::kBt2446C},
    Choice<ToneMap>{"bt2408", ToneMap::kBt2408},     Choice<ToneMap>{"hable", ToneMap::kHable},
    Choice<ToneMap>{"reinhard", ToneMap::kReinhard}, Choice<ToneMap>{"mobius", ToneMap::kMobius},
    Choice<ToneMap>{"clip", ToneMap::kClip}};
constexpr std::array kToneMapsOn{Choice<ToneMapOn>{"max-rgb", ToneMapOn::kMaxRgb},
                                 Choice<ToneMapOn>{"luminance", ToneMapOn::kLuminance},
                                 Choice<ToneMapOn>{"ictcp", ToneMapOn::kIctcp}};
constexpr std::array kDithers{
    Choice<DitherMode>{"auto", DitherMode::kAuto}, Choice<DitherMode>{"none", DitherMode::kNone},
    Choice<DitherMode>{"ordered", DitherMode::kOrdered}, Choice<DitherMode>{"blue-noise", DitherMode::kBlueNoise},
    Choice<DitherMode>{"tpdf", DitherMode::kTpdf}};
constexpr std::array kGamuts{Choice<GamutMap>{"clip", GamutMap::kClip},
                             Choice<GamutMap>{"compress", GamutMap::kCompress},
                             Choice<GamutMap>{"ictcp", GamutMap::kIctcp}};
constexpr std::array kMeasures{Choice<bool>{"off", false}, Choice<bool>{"first", true}};
constexpr std::array kFits{Choice<Fit>{"pad", Fit::kPad}, Choice<Fit>{"crop", Fit::kCrop},
                           Choice<Fit>{"stretch", Fit::kStretch}};
constexpr std::array kScaleFilters{
    Choice<ScaleFilter>{"bilinear", ScaleFilter::kBilinear}, Choice<ScaleFilter>{"bicubic", ScaleFilter::kBicubic},
    Choice<ScaleFilter>{"lanczos", ScaleFilter::kLanczos}, Choice<ScaleFilter>{"spline", ScaleFilter::kSpline}};
constexpr std::array kDeinterlaces{
    Choice<Deinterlace>{"auto", Deinterlace::kAuto}, Choice<Deinterlace>{"field", Deinterlace::kField},
    Choice<Deinterlace>{"frame", Deinterlace::kFrame}, Choice<Deinterlace>{"off", Deinterlace::kOff}};
constexpr std::array kDecoders{Choice<DecoderChoice>{"auto", DecoderChoice::kAuto},
                               Choice<DecoderChoice>{"cuda", DecoderChoice::kCuda}};
constexpr std::array kCodecs{Choice<Codec>{"hevc", Codec::kHevc}, Choice<Codec>{"av1", Codec::kAv1}};
constexpr std::array kTiers{Choice<Tier>{"main", Tier::kMain}, Choice<Tier>{"high", Tier::kHigh}};
constexpr std::array kChromas{Choice<Chroma>{"420", Chroma::k420}, Choice<Chroma>{"422", Chroma::k422},
                              Choice<Chroma>{"444", Chroma::k444}};
constexpr std::array kProgressStyles{
    Choice<ProgressStyle>{"auto", ProgressStyle::kAuto}, Choice<ProgressStyle>{"tty", ProgressStyle::kTty},
    Choice<ProgressStyle>{"json", ProgressStyle::kJson}, Choice<ProgressStyle>{"none", ProgressStyle::kNone}};
constexpr std::array kMetadataPolicies{Choice<bool>{"keep", true}, Choice<bool>{"drop", false}};

template <auto Member, const auto& Choices>
Status store_choice(JobSpec& spec, std::string_view text) {
  JINSHA_ASSIGN(spec.*Member, choose(Choices, text));
  return {};
}

// The colour shorthands: BT.709; BT.2100 PQ and HLG; BT.2020 SDR (colour values of ITU-T H.273,
// siting as broadcast uses it: HEVC type 2 for BT.2020 and BT.2100, type 0 for BT.709); cinema's DCDM; cameras, which
// say nothing of the matrix and the range.
struct ColorName {
  const char* name;
  ColorInfo color;
};
constexpr std::array kColorNames{
    ColorName{"keep", {}},
    ColorName{"pq", {Primaries::kBt2020, Transfer::kPq, Matrix::kBt2020Ncl, Range::kLimited, ChromaLocation::kTopLeft}},
    ColorName{"hlg",
              {Primaries::kBt2020, Transfer::kHlg, Matrix::kBt2020Ncl, Range::kLimited, ChromaLocation::kTopLeft}},
    ColorName{"sdr", {Primaries::kBt709, Transfer::kBt709, Matrix::kBt709, Range::kLimited, ChromaLocation::kLeft}},
    ColorName{
        "sdr-2020",
        {Primaries::kBt2020, Transfer::kBt2020Ten, Matrix::kBt2020Ncl, Range::kLimited, ChromaLocation::kTopLeft}},
    ColorName{"linear", {.transfer = Transfer::kLinear}},
    ColorName{"dcdm", {Primaries::kXyz, Transfer::kDcdm, Matrix::kIdentity, Range::kFull}},
    ColorName{"s-log3", {Primaries::kSGamut3, Transfer::kSLog3}},
    ColorName{"s-log3-cine", {Primaries::kSGamut3Cine, Transfer::kSLog3}},
    ColorName{"logc3", {Primaries::kArriWideGamut3, Transfer::kLogC3}},
    ColorName{"logc4", {Primaries::kArriWideGamut4, Transfer::kLogC4}},
    ColorName{"v-log", {Primaries::kVGamut, Transfer::kVLog}},
    ColorName{"canon-log3", {Primaries::kCanonCinemaGamut, Transfer::kCanonLog3}},
    ColorName{"acescct", {Primaries::kAcesAp1, Transfer::kAcesCct}},
};

template <auto Member>
Status store_color(JobSpec& spec, std::string_view text) {
  ColorOverride& color = spec.*Member;
  std::string names;
  for (const ColorName& row : kColorNames) {
    if (row.name == text) {
      const auto stated = [](auto value) {
        return value == decltype(value)::kUnspecified ? std::nullopt : std::optional(value);
      };
      color = {stated(row.color.primaries), stated(row.color.transfer), stated(row.color.matrix),
               stated(row.color.range), stated(row.color.chroma_location)};
      return {};
    }
    names += names.empty() ? row.name : std::string(", ") + row.name;
  }
  return make_error(ErrorCode::kUsage, "\"{}\" is not one of {}", text, names);
}

template <auto Member, auto Field, auto Parse, auto Names>
Status store_cicp(JobSpec& spec, std::string_view text) {
  const auto value = Parse(text);
  if (!value) return make_error(ErrorCode::kUsage, "\"{}\" is neither a code point nor one of {}", text, Names());
  spec.*Member.*Field = *value;
  return {};
}

Status store_crop(JobSpec& spec, std::string_view text) {
  spec.crop_auto = text == "auto";
  spec.crop.reset();
  if (spec.crop_auto) return {};
  JINSHA_ASSIGN(spec.crop, parse_rectangle(text));
  return {};
}

Status store_encoder_params(JobSpec& spec, std::string_view text) {
  while (!text.empty()) {
    // A ':' inside parentheses belongs to the value (x265's master-display has none, but be kind).
    const std::size_t end = std::min(text.find(':'), text.size());
    const std::string_view pair = text.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (pair.empty() || equals == 0) return make_error(ErrorCode::kUsage, "\"{}\" is not KEY=VALUE[:KEY=VALUE…]", text);
    if (equals == std::string_view::npos) {
      spec.encoder_params.emplace_back(std::string(pair), "");
    } else {
      spec.encoder_params.emplace_back(std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1)));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

Status store_audio(JobSpec& spec, std::string_view text) {
  JINSHA_ASSIGN(AudioRequest request, parse_audio_request(text));
  spec.audio.push_back(std::move(request));
  return {};
}

Status store_keyframes(JobSpec& spec, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    JINSHA_ASSIGN(const SourcePoint point, parse_point(text.substr(0, end)));
    spec.keyframes.push_back(point);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

Status store_range(JobSpec& spec, std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos || text.size() < 2) {
    return make_error(ErrorCode::kUsage, "\"{}\" is not a range: give FROM-TO, FROM- or -TO, each a time or #frame",
                      text);
  }
  if (dash > 0) {
    JINSHA_ASSIGN(spec.range_start, parse_point(text.substr(0, dash)));
  }
  if (dash + 1 < text.size()) {
    JINSHA_ASSIGN(spec.range_end, parse_point(text.substr(dash + 1)));
  }
  return {};
}

Status store_size(JobSpec& spec, std::string_view text) {
  JINSHA_ASSIGN(const auto size, parse_size(text));
  spec.width = size.first;
  spec.height = size.second;
  return {};
}

Status store_depth(JobSpec& spec, std::string_view text) {
  JINSHA_ASSIGN(const std::int64_t depth, parse_integer(text, 8, 16));
  if (depth != 8 && depth != 10 && depth != 12 && depth != 16)
    return make_error(ErrorCode::kUsage, "{} is not 8, 10, 12 or 16", depth);
  spec.depth = static_cast<int>(depth);
  return {};
}

Status store_peak_auto(JobSpec& spec, std::string_view text) {
  spec.source_peak_measured = text == "measure";
  if (text == "auto" || text == "measure") {
    spec.source_peak_nits.reset();
    return {};
  }
  return store_nits<&JobSpec::source_peak_nits>(spec, text);
}

Status store_lut(JobSpec& spec, std::string_view text) {
  spec.lut_place = LutPlace::kConversion;
  for (const auto& [suffix, place] : {std::pair{"@source", LutPlace::kSource}, {"@output", LutPlace::kOutput}}) {
    if (!text.ends_with(suffix)) continue;
    text.remove_suffix(std::string_view(suffix).size());
    spec.lut_place = place;
    break;
  }
  if (text.empty()) return make_error(ErrorCode::kUsage, "a .cube file is wanted");
  spec.lut = std::string(text);
  return {};
}

Status store_crf(JobSpec& spec, std::string_view text) {
  JINSHA_ASSIGN(spec.crf, parse_number(text, 0, 63));
  return {};
}

Status store_fragment(JobSpec& spec, std::string_view text) {
  JINSHA_ASSIGN(spec.fragment_s, parse_number(text, 0.1, 60));
  return {};
}

template <auto Member, int Value>
Status store_constant(JobSpec& spec, std::string_view text) {
  JINSHA_ASSIGN(const bool on, parse_flag(text));
  if (on) spec.*Member = Value;
  return {};
}

constexpr const char* kFiles = "Files";
constexpr const char* kEncoder = "Encoder";
constexpr const char* kPicture = "Picture and colour";
constexpr const char* kAudio = "Audio";
constexpr const char* kMux = "Container";
constexpr const char* kRange = "Part of the source";
constexpr const char* kRunning = "Running";

constexpr auto kTable = std::to_array<OptionRow>({
    {"input", "", kFiles, "INPUT", false, "",
     "What to read: a file, \"-\" for standard input, numbered pictures as shot.%06d.dpx@24 (a file of exactly this "
     "name "
     "comes first), or generate:WxH@FPS[,frames=N,…] for test pictures. On the command line it has no flag.",
     store_text<&JobSpec::input>},
    {"output", "o", kFiles, "FILE", false, "",
     "Where the result goes. The extension chooses the container: .ts .m2ts .mp4 .hevc .obu .ivf .y4m .yuv .png; "
     "\"null:\" decodes and converts only; \"-\" is standard output (give --format).",
     store_text<&JobSpec::output>},
    {"format", "", kFiles, "NAME", false, "from the extension",
     "Container when the name does not say: mpegts, mp4, hevc, obu, ivf, y4m, yuv, png, null.",
     store_text<&JobSpec::format>},
    {"preset", "", kFiles, "NAME", false, "",
     "Begin with the options of a preset (`jinsha presets`), or of a file whose name ends in .toml.",
     store_text<&JobSpec::preset>},
    {"overwrite", "", kFiles, "", false, "off", "Replace an existing output.", store<&JobSpec::overwrite, parse_flag>},
    {"input_format", "", kFiles, "PIXFMT:WxH@FPS", false, "",
     "The input holds bare frames of this format, e.g. yuv420p10le:7680x4320@50.",
     store<&JobSpec::input_format, parse_raw_format>},

    {"encoder", "", kEncoder, "NAME", false, "x265, svt-av1 for AV1",
     "Encoder back end: x265, svt-av1, nvenc (see `jinsha encoders`); or copy, which passes the HEVC, AVC or AV1 "
     "pictures of the source on as they are.",
     store_text<&JobSpec::encoder>},
    {"codec", "", kEncoder, "hevc|av1", false, "the encoder's", "Codec to write.",
     store_choice<&JobSpec::codec, kCodecs>},
    {"speed", "", kEncoder, "NAME", false, "the encoder's",
     "The encoder's own preset: ultrafast … placebo (x265), 0 … 13 (svt-av1), p1 … p7 (nvenc).",
     store_text<&JobSpec::speed>},
    {"tune", "", kEncoder, "NAME", false, "none", "The encoder's own tune, e.g. grain (x265).",
     store_text<&JobSpec::tune>},
    {"profile", "", kEncoder, "NAME", false, "from the picture format", "Profile, e.g. main10, main422-10.",
     store_text<&JobSpec::profile>},
    {"encoder_param", "", kEncoder, "K=V[:K=V…]", true, "",
     "Passed to the encoder verbatim and wins over everything else; unknown names are refused.", store_encoder_params},
    {"bitrate", "", kEncoder, "RATE", false, "",
     "Average bit rate, e.g. 80M. Without --crf, --qp or --bitrate the encoder's default CRF is used.",
     store<&JobSpec::bitrate_bits_per_s, parse_rate>},
    {"maxrate", "", kEncoder, "RATE", false, "--bitrate", "Cap of the rate over --bufsize (VBV, HRD bit rate).",
     store<&JobSpec::maxrate_bits_per_s, parse_rate>},
    {"bufsize", "", kEncoder, "BITS", false, "one second of --maxrate",
     "Decoder buffer (VBV, CPB) the rate is capped over.", store<&JobSpec::bufsize_bits, parse_rate>},
    {"crf", "", kEncoder, "N", false, "the encoder's",
     "Constant quality, in the encoder's scale; with --maxrate capped.", store_crf},
    {"qp", "", kEncoder, "N", false, "", "Constant quantiser.", store_integer<&JobSpec::qp, 0, 63>},
    {"cbr", "", kEncoder, "", false, "off",
     "Strict constant bit rate of --bitrate, padded with fillers (HRD cbr_flag 1).", store<&JobSpec::cbr, parse_flag>},
    {"passes", "", kEncoder, "1|2", false, "1",
     "2: look at all pictures before coding them, so that each gets its share of --bitrate; for masters. (SVT-AV1 "
     "before 1.5 looks twice.)",
     store_integer<&JobSpec::passes, 1, 2>},
    {"gop", "", kEncoder, "FRAMES|SECONDSs", false, "1s for MPEG-TS, 2s otherwise",
     "Fixed distance of key frames; GOPs are closed.", store<&JobSpec::gop, parse_gop>},
    {"level", "", kEncoder, "N.N", false, "the smallest that fits",
     "Level, e.g. 5.1; refused when the job does not fit it.", store_text<&JobSpec::level>},
    {"tier", "", kEncoder, "main|high", false, "main unless the rate needs high", "Tier.",
     store_choice<&JobSpec::tier, kTiers>},
    {"keyframes", "", kEncoder, "LIST", false, "", "Extra key frames: times or #frames, comma separated.",
     store_keyframes},

    {"size", "", kPicture, "WxH", false, "the source's", "Size of the output picture.", store_size},
    {"fit", "", kPicture, "pad|crop|stretch", false, "pad", "How another aspect ratio is fitted into --size.",
     store_choice<&JobSpec::fit, kFits>},
    {"scale_filter", "", kPicture, "bilinear|bicubic|lanczos|spline", false, "lanczos",
     "Filter that scales pictures, softest first: bilinear, bicubic (Mitchell-Netravali), spline (of six samples), "
     "lanczos (three lobes).",
     store_choice<&JobSpec::scale_filter, kScaleFilters>},
    {"crop", "", kPicture, "W:H:X:Y|auto", false, "the whole picture",
     "Rectangle of the picture (as displayed) that is used; auto: without the black bars found by looking into the "
     "pictures first, at places spread over the input.",
     store_crop},
    {"fps", "", kPicture, "RATE", false, "the source's",
     "Constant frame rate that pictures at varying times are put on, by repeating and leaving out, and the rate of "
     "input that states none.",
     store<&JobSpec::frame_rate, parse_frame_rate>},
    {"deinterlace", "", kPicture, "auto|field|frame|off", false, "auto",
     "Interlaced pictures: one from each field (1080i25 gives 50 a second), which auto does where they are interlaced; "
     "one from each frame; or passed on woven.",
     store_choice<&JobSpec::deinterlace, kDeinterlaces>},
    {"color", "", kPicture, "NAME", false, "keep",
     "Colour of the output: keep, pq (BT.2100 PQ), hlg (BT.2100 HLG), sdr (BT.709), sdr-2020, linear, dcdm (X'Y'Z' of "
     "12 bits); or what no stream can signal: s-log3 (S-Gamut3), s-log3-cine (S-Gamut3.Cine), logc3, logc4, v-log, "
     "canon-log3, acescct.",
     store_color<&JobSpec::output_color>},
    {"output_primaries", "", kPicture, "CICP", false, "from --color",
     "Colour primaries of the output, name or H.273 number.",
     store_cicp<&JobSpec::output_color, &ColorOverride::primaries, parse_primaries, primaries_names>},
    {"output_transfer", "", kPicture, "CICP", false, "from --color", "Transfer characteristics of the output.",
     store_cicp<&JobSpec::output_color, &ColorOverride::transfer, parse_transfer, transfer_names>},
    {"output_matrix", "", kPicture, "CICP", false, "from --color", "Matrix coefficients of the output.",
     store_cicp<&JobSpec::output_color, &ColorOverride::matrix, parse_matrix, matrix_names>},
    {"output_range", "", kPicture, "limited|full", false, "from --color", "Range of the output.",
     store_cicp<&JobSpec::output_color, &ColorOverride::range, parse_range, range_names>},
    {"output_chroma_loc", "", kPicture, "NAME", false, "from --color",
     "Chroma siting of a 4:2:0 output: left, center, topleft, top, bottomleft, bottom.",
     store_cicp<&JobSpec::output_color, &ColorOverride::chroma_location, parse_chroma_location, chroma_location_names>},
    {"input_color", "", kPicture, "NAME", false, "as signalled",
     "What the source really is, when its tags are missing or wrong, or it is a camera's: the names of --color.",
     store_color<&JobSpec::input_color>},
    {"input_primaries", "", kPicture, "CICP", false, "as signalled", "Colour primaries of the source.",
     store_cicp<&JobSpec::input_color, &ColorOverride::primaries, parse_primaries, primaries_names>},
    {"input_transfer", "", kPicture, "CICP", false, "as signalled", "Transfer characteristics of the source.",
     store_cicp<&JobSpec::input_color, &ColorOverride::transfer, parse_transfer, transfer_names>},
    {"input_matrix", "", kPicture, "CICP", false, "as signalled", "Matrix coefficients of the source.",
     store_cicp<&JobSpec::input_color, &ColorOverride::matrix, parse_matrix, matrix_names>},
    {"input_range", "", kPicture, "limited|full", false, "as signalled", "Range of the source.",
     store_cicp<&JobSpec::input_color, &ColorOverride::range, parse_range, range_names>},
    {"input_chroma_loc", "", kPicture, "NAME", false, "as signalled", "Chroma siting of the source.",
     store_cicp<&JobSpec::input_color, &ColorOverride::chroma_location, parse_chroma_location, chroma_location_names>},
    {"depth", "", kPicture, "8|10|12|16", false, "the source's, at least 10 for HDR", "Bits a sample of the output.",
     store_depth},
    {"chroma", "", kPicture, "420|422|444", false, "the source's where the encoder can", "Chroma format of the output.",
     store_choice<&JobSpec::chroma, kChromas>},
    {"tone_map", "", kPicture, "NAME", false, "auto: bt2390 down, bt2408 up",
     "Tone curve from a higher to a lower peak: bt2390, hable, reinhard, mobius, clip; HDR to SDR and back: bt2446a, "
     "bt2446c; SDR placed in HDR without expansion: bt2408.",
     store_choice<&JobSpec::tone_map, kToneMaps>},
    {"tone_map_on", "", kPicture, "max-rgb|luminance|ictcp", false, "max-rgb",
     "What the tone curve is applied to (BT.2390): the largest of R, G, B, which keeps hue; luminance, which keeps "
     "bright colours bright and cuts what rises above the peak; or I of ICtCp.",
     store_choice<&JobSpec::tone_map_on, kToneMapsOn>},
    {"gamut", "", kPicture, "clip|compress|ictcp", false, "clip",
     "Colours outside the output's primaries: clip cuts each component; compress keeps hue and detail by bringing them "
     "in along lines to grey; ictcp takes colour from them at constant intensity and hue of ICtCp until they are "
     "inside.",
     store_choice<&JobSpec::gamut, kGamuts>},
    {"lut", "", kPicture, "FILE[@source|@output]", false, "none",
     "Look-up table (.cube: curves, cube, or both) on R'G'B' signals: instead of the conversion to the output's "
     "colour, or "
     "on the source before it, or on the output after it.",
     store_lut},
    {"dither", "", kPicture, "NAME", false, "auto: blue-noise into 8 bits from more, else none",
     "Noise against bands where samples are rounded: none; by position and within half a step ordered (Bayer 16x16) or "
     "blue-noise; white within one step tpdf. Samples that are whole codes stay as they are.",
     store_choice<&JobSpec::dither, kDithers>},
    {"source_peak", "", kPicture, "auto|measure|NITS", false, "auto: MaxCLL, else mastering display, else 1000",
     "Peak luminance of the source for tone mapping, cd/m2; measure: that of each scene, found by reading the input "
     "once before.",
     store_peak_auto},
    {"measure", "", kPicture, "off|first", false, "off",
     "MaxCLL and MaxFALL of a PQ output: as the source states them, or (first) measured on the output's pictures, by "
     "going through them once before.",
     store_choice<&JobSpec::measure_first, kMeasures>},
    {"target_peak", "", kPicture, "NITS", false, "100 for SDR, 1000 for HLG, the source's for PQ",
     "Peak luminance of the output, cd/m2.", store_nits<&JobSpec::target_peak_nits>},
    {"hdr_metadata", "", kPicture, "keep|drop", false, "keep",
     "Mastering display and content light level of the source: keep where they still hold, or drop.",
     store_choice<&JobSpec::keep_hdr_metadata, kMetadataPolicies>},

    {"audio", "", kAudio, "auto|copy|none|CODEC[:RATE][@TRACK]", true,
     "auto: copy where the output may carry it, else encode",
     "What becomes of the sound. CODEC is aac, ac3 or eac3; RATE is like 192k (default by channels: 192k for two, 448k "
     "for 5.1, eac3 384k); @TRACK names one source track, counted from 1, else all are meant. Each --audio adds its "
     "tracks to the output; none@TRACK takes one out of \"all\". silence[:RATE] adds a silent stereo AAC track where "
     "the output would have no sound.",
     store_audio},
    {"audio_lang", "", kAudio, "LANG[,LANG…]", false, "every language",
     "Of the source's audio tracks only those in these languages (ISO 639-2, e.g. eng,deu), in this order. A track "
     "named with @TRACK is taken whatever its language.",
     store<&JobSpec::audio_languages, parse_languages>},

    {"mux.muxrate", "", kMux, "RATE", false, "with --cbr what the streams need, else variable",
     "Constant rate of the transport stream, null packets included.", store<&JobSpec::muxrate_bits_per_s, parse_rate>},
    {"mux.service_name", "", kMux, "TEXT", false, "Jinsha", "Service name in the SDT.",
     store_text<&JobSpec::service_name>},
    {"mux.service_provider", "", kMux, "TEXT", false, "Jinsha", "Service provider in the SDT.",
     store_text<&JobSpec::service_provider>},
    {"mux.service_id", "", kMux, "N", false, "1", "Service id (program number).",
     store_integer<&JobSpec::service_id, 1, 65535>},
    {"mux.pmt_pid", "", kMux, "PID", false, "0x1000", "PID of the program map table.",
     store_integer<&JobSpec::pmt_pid, 0x20, 0x1ffa>},
    {"mux.first_es_pid", "", kMux, "PID", false, "0x100", "PID of the video; audio follows.",
     store_integer<&JobSpec::first_es_pid, 0x20, 0x1ff0>},
    {"mux.fragment", "", kMux, "SECONDS", false, "2", "Shortest length of an MP4 fragment; one starts at a key frame.",
     store_fragment},

    {"video_track", "", kRange, "N", false, "the container's best",
     "Which video track is used, counted from 1 (see `jinsha probe`).", store_integer<&JobSpec::video_track, 1, 999>},
    {"program", "", kRange, "ID", false, "that of the best video",
     "Which program (service id) of a transport stream is used.", store_integer<&JobSpec::program, 1, 65535>},
    {"range", "", kRange, "FROM-TO", false, "everything", "Part of the source, times or #frames; TO is not included.",
     store_range},
    {"frames", "", kRange, "N", false, "all", "Stop after N frames.",
     store_integer<&JobSpec::frames, 1, std::int64_t{1} << 40>},

    {"decoder", "", kRunning, "auto|cuda", false, "auto",
     "What decodes the pictures: libavcodec's software decoders, or NVDEC on an NVIDIA GPU (not tested: no such "
     "machine "
     "was at hand).",
     store_choice<&JobSpec::decoder, kDecoders>},
    {"device", "", kRunning, "auto|cpu", false, "auto", "Where pixels are computed.",
     [](JobSpec& spec, std::string_view text) -> Status {
       if (text != "auto" && text != "cpu")
         return make_error(ErrorCode::kUsage, "\"{}\" is not one of auto, cpu (this build computes on the CPU)", text);
       spec.device = std::string(text);
       return {};
     }},
    {"threads", "", kRunning, "N", false, "the processors there are",
     "Threads for decoding, colour and the encoder's workers.", store_integer<&JobSpec::threads, 1, 1024>},
    {"max_mem", "", kRunning, "SIZE", false, "what the machine has",
     "Refuse the job when its memory sum is larger, e.g. 16G.", store<&JobSpec::max_memory_bytes, parse_bytes>},
    {"strict", "", kRunning, "", false, "off", "Losses and fallbacks end with exit status 7.",
     store<&JobSpec::strict, parse_flag>},
    {"dry_run", "", kRunning, "", false, "off", "Plan, print the plan, write nothing.",
     store<&JobSpec::dry_run, parse_flag>},
    {"report", "", kRunning, "FILE", false, "none", "Write a JSON report of the job.", store_text<&JobSpec::report>},
    {"progress", "", kRunning, "tty|json|none", false, "tty on a terminal, else json", "Progress on standard error.",
     store_choice<&JobSpec::progress, kProgressStyles>},
    {"quiet", "q", kRunning, "", false, "off", "Only errors.", store_constant<&JobSpec::verbosity, -1>},
    {"verbose", "v", kRunning, "", false, "off", "More detail.", store_constant<&JobSpec::verbosity, 1>},
    {"log_file", "", kRunning, "FILE", false, "none", "Also write the log to this file.",
     store_text<&JobSpec::log_file>},
});

std::string with_underscores(std::string_view name) {
  std::string key(name);
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t change = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::span<const OptionRow> option_table() { return kTable; }

std::string flag_of(const OptionRow& row) {
  std::string flag = "--" + std::string(row.key);
  std::replace(flag.begin() + 2, flag.end(), '_', '-');
  return flag;
}

std::string nearest_name(std::string_view name, std::span<const std::string> known) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : known) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

const OptionRow* find_option(std::string_view key) {
  const std::string name = with_underscores(key);
  for (const OptionRow& row : kTable) {
    if (row.key == name) return &row;
  }
  return nullptr;
}

std::string nearest_option(std::string_view key) {
  std::vector<std::string> names;
  for (const OptionRow& row : kTable) names.emplace_back(row.key);
  return nearest_name(with_underscores(key), names);
}

Status set_option(JobSpec& spec, std::string_view key, std::string_view value) {
  if (const OptionRow* row = find_option(key)) {
    const Status status = row->apply(spec, value);
    if (!status.ok()) return make_error(status.error().code, "{}: {}", flag_of(*row), status.error().message);
    return {};
  }
  std::string message = fmt::format("there is no option {}", key);
  if (const OptionRow* near = find_option(nearest_option(key)))
    message += fmt::format("; did you mean {}?", flag_of(*near));
  return Error{ErrorCode::kUsage, message + " (`jinsha help transcode` lists them)"};
}

}  // namespace jinsha
