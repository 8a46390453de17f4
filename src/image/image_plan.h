// From "this picture, that picture" to a program the executors run: the one place that knows
// transfer functions, matrices, tone curves and what they mean for tags and metadata.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "image/cube_lut.h"
#include "kernels/program.h"
#include "media/color.h"
#include "media/hdr_metadata.h"
#include "media/pixel_format.h"

namespace jinsha {

// kBt2446A and kBt2446C convert between HDR and SDR either way; kBt2408 places SDR in HDR as it is.
enum class ToneMap { kAuto, kBt2390, kBt2446A, kBt2446C, kBt2408, kHable, kReinhard, kMobius, kClip };
// What a tone curve is applied to, BT.2390-10 clause 5.4: the largest of R, G, B, which keeps hue and every component
// below the target's peak; luminance, which keeps bright colours bright and cuts what then rises above the peak; I of
// ICtCp, whose Ct and Cp fall with it. BT.2446 says for itself.
enum class ToneMapOn { kMaxRgb, kLuminance, kIctcp };
// What is added before rounding to fewer levels: kOrdered a 16x16 Bayer matrix, kBlueNoise ranks without low
// frequencies, both within half a step; kTpdf white noise of triangular density within one step. kAuto: kBlueNoise into
// 8 bits from more, or where light changes; else none.
enum class DitherMode { kAuto, kNone, kOrdered, kBlueNoise, kTpdf };
// Colours outside the output's primaries: kClip cuts each component; kCompress brings them inside along lines to grey,
// and makes room for them (ACES reference gamut compression); kIctcp takes colour from them at constant intensity and
// hue of ICtCp until they are inside.
enum class GamutMap { kClip, kCompress, kIctcp };
// Where a look-up table acts, on R'G'B' signals: instead of any conversion of light, or on the source's before it, or
// on the output's after it.
enum class LutPlace { kConversion, kSource, kOutput };
using ScaleFilter = kernels::ScaleProgram::Filter;
enum class Fit { kPad, kCrop, kStretch };

struct PictureSide {
  PixelFormat format;
  int width = 0;
  int height = 0;
  ColorInfo color;
  HdrMetadata hdr;
  Rational sample_aspect{1, 1};
};

// How the pictures are to be turned for display: clockwise by 0, 90, 180 or 270 degrees, then mirrored left to right.
struct Orientation {
  int rotation_degrees = 0;
  bool mirrored = false;
  friend bool operator==(const Orientation&, const Orientation&) = default;
};

// A rectangle of the turned picture, in samples.
struct Rectangle {
  int width = 0, height = 0, x = 0, y = 0;
  friend bool operator==(const Rectangle&, const Rectangle&) = default;
};

struct ImageRequest {
  PictureSide source;  // kUnspecified values are resolved by convention and noted
  Orientation orientation;
  std::optional<Rectangle> crop;  // what of the turned picture is used; empty: all
  // What is wanted; kUnspecified means: as the source (after resolution).
  PixelFormat format;
  int width = 0;  // a size given means square samples
  int height = 0;
  ColorInfo color;
  ToneMap tone_map = ToneMap::kAuto;
  ToneMapOn tone_map_on = ToneMapOn::kMaxRgb;
  std::optional<double> source_peak_nits;  // empty: MaxCLL, else mastering display, else 1000
  std::optional<double> target_peak_nits;  // empty: 100 for SDR, 1000 for HLG, source's for PQ
  GamutMap gamut = GamutMap::kClip;
  std::shared_ptr<const CubeLut> lut = {};  // null: none
  LutPlace lut_place = LutPlace::kConversion;
  DitherMode dither = DitherMode::kAuto;
  Fit fit = Fit::kPad;
  ScaleFilter scale_filter = ScaleFilter::kLanczos;
  bool keep_hdr_metadata = true;
  std::optional<ContentLight> measured_light = {};  // of the output's pictures: goes before any the source states
};

struct ImagePlan {
  kernels::PictureProgram program;  // no steps: bit-exact pass-through
  PictureSide source;               // with every colour property resolved
  PictureSide output;               // colour tags and metadata follow from the transform
  std::vector<std::string> notes;   // what was assumed and what is done, for log and report
  std::vector<std::string>
      converted;  // what changed meaning, e.g. "PQ BT.2020 to SDR BT.709, BT.2390 EETF 1000 to 100 cd/m2"
  std::vector<std::string> dropped;  // e.g. "mastering display metadata (the output is SDR)"
  double source_peak_nits = 0;
  double target_peak_nits = 0;
};

// kUsage where the crop does not fit the picture or its chroma; kUsage / kNotPossible when a conversion is asked for
// that does not exist (e.g. unknown matrix).
Result<ImagePlan> plan_image(const ImageRequest& request);

// R'G'B' signals of `pictures`, whose colour is resolved: their transfer and primaries, full range, 4:4:4 of `depth`
// bits.
Result<ImagePlan> plan_signals(const PictureSide& pictures, int depth);

// Name for options and reports: "bt2390".
const char* name_of(ToneMap tone_map);
const char* name_of(ToneMapOn on);
const char* name_of(DitherMode dither);  // "blue-noise"

}  // namespace jinsha
