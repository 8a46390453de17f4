#include "image/resolve.h"

#include <fmt/core.h>

namespace jinsha::image {
namespace {

// Table of BT.709-6, BT.601-7, BT.2020-2 practice: which matrix goes with which primaries.
Matrix usual_matrix(Primaries primaries, bool hdr) {
  switch (primaries) {
    case Primaries::kBt2020: return Matrix::kBt2020Ncl;
    case Primaries::kBt470Bg: return Matrix::kBt470Bg;
    case Primaries::kSmpte170M: return Matrix::kSmpte170M;
    case Primaries::kSmpte240M: return Matrix::kSmpte240M;
    case Primaries::kXyz: return Matrix::kIdentity;
    default: return hdr ? Matrix::kBt2020Ncl : Matrix::kBt709;
  }
}

ColorInfo convention_of_size(int width, int height) {
  ColorInfo color;
  if (width > 1024 || height > 576) {
    color.primaries = Primaries::kBt709;
    color.transfer = Transfer::kBt709;
    color.matrix = Matrix::kBt709;
  } else {
    const bool lines_625 = height > 486;
    color.primaries = lines_625 ? Primaries::kBt470Bg : Primaries::kSmpte170M;
    color.transfer = Transfer::kSmpte170M;
    color.matrix = lines_625 ? Matrix::kBt470Bg : Matrix::kSmpte170M;
  }
  return color;
}

template <typename T>
void assume(T& value, T assumed, const char* what, std::vector<std::string>& notes) {
  if (value != T::kUnspecified) return;
  value = assumed;
  notes.push_back(fmt::format("{} not stated in the source: assumed {}", what, name_of(assumed)));
}

}  // namespace

ColorInfo resolve_source(const PictureSide& source, std::vector<std::string>& notes) {
  ColorInfo color = source.color;
  const bool hdr = is_hdr(color.transfer);
  const bool rgb = color.matrix == Matrix::kIdentity;
  // One plane of grey is luma, however its file calls it.
  if (source.format.chroma == Chroma::k400 && rgb) color.matrix = Matrix::kBt709;
  ColorInfo usual = convention_of_size(source.width, source.height);
  if (rgb) {
    usual.primaries = Primaries::kBt709;
    usual.transfer = Transfer::kBt709;
  }
  if (hdr || color.primaries == Primaries::kBt2020 || color.matrix == Matrix::kBt2020Ncl) {
    usual.primaries = Primaries::kBt2020;
    usual.transfer = Transfer::kBt2020Ten;
  }
  assume(color.primaries, usual.primaries, "colour primaries", notes);
  assume(color.transfer, usual.transfer, "transfer characteristics", notes);
  assume(color.matrix, usual_matrix(color.primaries, is_hdr(color.transfer)), "matrix coefficients", notes);
  assume(color.range, rgb ? Range::kFull : Range::kLimited, "range", notes);
  if (source.format.chroma == Chroma::k420) {
    assume(color.chroma_location, is_hdr(color.transfer) ? ChromaLocation::kTopLeft : ChromaLocation::kLeft,
           "chroma sample location", notes);
  }
  return color;
}

ColorInfo resolve_target(const ImageRequest& request, const ColorInfo& source, const PixelFormat& format) {
  ColorInfo color = request.color;
  const auto take = [](auto& value, auto from) {
    if (value == decltype(from)::kUnspecified) value = from;
  };
  take(color.transfer, source.transfer);
  if (color.matrix == Matrix::kUnspecified) {
    const Primaries primaries = color.primaries == Primaries::kUnspecified ? source.primaries : color.primaries;
    const bool keeps = primaries == source.primaries && is_hdr(color.transfer) == is_hdr(source.transfer);
    const bool subsampled_rgb = source.matrix == Matrix::kIdentity && format.chroma != Chroma::k444;
    color.matrix = keeps && !subsampled_rgb ? source.matrix : usual_matrix(primaries, is_hdr(color.transfer));
  }
  take(color.primaries, source.primaries);
  // R'G'B' is full and Y'CbCr limited unless somebody said otherwise.
  const bool same_kind = (color.matrix == Matrix::kIdentity) == (source.matrix == Matrix::kIdentity);
  take(color.range, same_kind ? source.range : color.matrix == Matrix::kIdentity ? Range::kFull : Range::kLimited);
  if (format.chroma != Chroma::k420) {
    color.chroma_location = ChromaLocation::kUnspecified;
  } else {
    take(color.chroma_location, source.chroma_location);
    take(color.chroma_location, is_hdr(color.transfer) ? ChromaLocation::kTopLeft : ChromaLocation::kLeft);
  }
  return color;
}

}  // namespace jinsha::image
