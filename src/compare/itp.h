// From code values to ICtCp of the light a display shows (ITU-R BT.2100-2 Table 7, PQ), for colour differences.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "image/chroma_filter.h"
#include "image/matrix3.h"
#include "media/color.h"
#include "media/frame.h"

namespace jinsha::compare {

// I, T = 0.5 Ct and P = Cp (ITU-R BT.2124-0) of one colour.
struct Itp {
  double i, t, p;
};

// ICtCp of light in cd/m2, R, G, B of BT.2020, by the formulas; the decoder below uses tables of them.
Itp itp_of_light(const image::Vec3& bt2020_nits);

// One side's pictures. Immutable; any thread.
class ItpDecoder {
 public:
  // `color` is resolved: every member specified. kNotPossible where it means no light that is known here; the message
  // names the property and is the end of a sentence.
  static Result<ItpDecoder> create(const FrameLayout& layout, const ColorInfo& color);

  struct Scratch {
    std::array<std::vector<double>, 3> codes;
    std::vector<double> chroma_row;
  };
  // Row `y` of `frame`, as many colours as it is wide. Chroma is interpolated to full resolution by its siting.
  void row(const Frame& frame, int y, Scratch& scratch, std::vector<Itp>& out) const;

 private:
  struct Tables;
  ItpDecoder() = default;
  void read_codes(const Frame& frame, int y, Scratch& scratch) const;

  image::Affine to_rgb_;  // code values to R'G'B'
  image::Mat3 to_lms_;    // display light of the side's own primaries to L, M, S
  double highest_signal_ = 1;
  bool hlg_ = false;
  image::Vec3 luminance_{};  // weights of HLG's OOTF
  double neutral_code_ = 0;  // of grey's missing chroma
  kernels::ChromaAxis chroma_x_, chroma_y_;
  std::shared_ptr<const Tables> tables_;
};

}  // namespace jinsha::compare
