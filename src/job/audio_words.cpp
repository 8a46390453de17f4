#include "job/audio_words.h"

#include <algorithm>
#include <array>

#include "audio/codec_table.h"
#include "job/language.h"
#include "job/parse.h"

namespace jinsha {
namespace {

constexpr int kMostTracks = 1000;

struct Word {
  std::string_view text;
  AudioRequest::Kind kind;
  bool rate;   // may be followed by ":RATE"
  bool track;  // or by "@TRACK"
};
constexpr std::array kWords{
    Word{"auto", AudioRequest::Kind::kAuto, false, true},
    Word{"copy", AudioRequest::Kind::kCopy, false, true},
    Word{"none", AudioRequest::Kind::kNone, false, true},
    Word{"silence", AudioRequest::Kind::kSilence, true, false},
};

// ISO 639-2: bibliographic code, terminological code.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kTwins{
    {{"alb", "sqi"}, {"arm", "hye"}, {"baq", "eus"}, {"bur", "mya"}, {"chi", "zho"}, {"cze", "ces"}, {"dut", "nld"},
     {"fre", "fra"}, {"geo", "kat"}, {"ger", "deu"}, {"gre", "ell"}, {"ice", "isl"}, {"mac", "mkd"}, {"mao", "mri"},
     {"may", "msa"}, {"per", "fas"}, {"rum", "ron"}, {"slo", "slk"}, {"tib", "bod"}, {"wel", "cym"}}};

std::string_view terminological(std::string_view code) {
  const auto* const twin = std::find_if(kTwins.begin(), kTwins.end(), [&](const auto& t) { return t.first == code; });
  return twin == kTwins.end() ? code : twin->second;
}

}  // namespace

Result<AudioRequest> parse_audio_request(std::string_view text) {
  AudioRequest request;
  std::string_view rest = text;
  if (const std::size_t at = rest.find('@'); at != std::string_view::npos) {
    const auto track = parse_integer(rest.substr(at + 1), 1, kMostTracks);
    if (!track.ok())
      return make_error(ErrorCode::kUsage, "\"{}\": after the @ stands the number of a source track, 1 to {}", text,
                        kMostTracks);
    request.track = static_cast<int>(*track);
    rest = rest.substr(0, at);
  }
  std::string_view rate;
  if (const std::size_t colon = rest.find(':'); colon != std::string_view::npos) {
    rate = rest.substr(colon + 1);
    JINSHA_ASSIGN(request.bitrate_bits_per_s, parse_rate(rate));
    rest = rest.substr(0, colon);
  }
  const auto* const word = std::find_if(kWords.begin(), kWords.end(), [&](const Word& w) { return w.text == rest; });
  if (word != kWords.end()) {
    request.kind = word->kind;
    if (!rate.empty() && !word->rate)
      return make_error(ErrorCode::kUsage, "\"{}\": {} takes no rate, only a codec does", text, word->text);
    if (request.track > 0 && !word->track)
      return make_error(ErrorCode::kUsage, "\"{}\": {} belongs to no source track", text, word->text);
    return request;
  }
  request.kind = AudioRequest::Kind::kEncode;
  request.codec = std::string(rest);
  if (find_audio_codec(request.codec) == nullptr) {
    return make_error(ErrorCode::kUsage, "\"{}\" is not one of auto, copy, none, silence, {}", rest,
                      audio_codec_names());
  }
  return request;
}

Result<std::vector<std::string>> parse_languages(std::string_view text) {
  std::vector<std::string> list;
  for (;;) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string code = language_code(std::string(text.substr(0, end)));
    if (code.empty())
      return make_error(ErrorCode::kUsage,
                        "\"{}\" is no language: give codes of three letters (ISO 639-2), e.g. eng,deu",
                        text.substr(0, end));
    list.push_back(code);
    if (end == text.size()) return list;
    text.remove_prefix(end + 1);
  }
}

bool same_language(const std::string& a, const std::string& b) { return terminological(a) == terminological(b); }

}  // namespace jinsha
