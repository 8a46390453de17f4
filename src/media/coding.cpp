#include "media/coding.h"

namespace jinsha {

const char* name_of(Codec codec) {
  switch (codec) {
    case Codec::kUnknown: return "unknown";
    case Codec::kHevc: return "hevc";
    case Codec::kAv1: return "av1";
    case Codec::kAvc: return "h264";
    case Codec::kVp9: return "vp9";
    case Codec::kMpeg2: return "mpeg2video";
    case Codec::kProRes: return "prores";
    case Codec::kRaw: return "rawvideo";
    case Codec::kOther: return "other";
  }
  return "unknown";
}

const char* name_of(RateControl::Mode mode) {
  switch (mode) {
    case RateControl::Mode::kCrf: return "crf";
    case RateControl::Mode::kQp: return "qp";
    case RateControl::Mode::kVbr: return "vbr";
    case RateControl::Mode::kCbr: return "cbr";
  }
  return "crf";
}

}  // namespace jinsha
