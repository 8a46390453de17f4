#include "compare/sides.h"

#include <fmt/core.h>

#include "image/primaries.h"
#include "image/resolve.h"
#include "image/transfer.h"
#include "image/ycbcr.h"

namespace jinsha::compare {
namespace {

Side side_of(const SourceInfo& source, const FrameLayout& layout) {
  return {source.path,   source.container,        source.video.codec_name,    layout.format,     layout.width,
          layout.height, source.video.frame_rate, source.video.variable_rate, source.video.color};
}

// What one file does not say (y4m says next to nothing) is what the other one does: they show the same picture.
void take_unstated(Side& side, const Side& from, const char* name, const char* from_name,
                   std::vector<std::string>& notes) {
  const auto take = [&](auto& value, const auto& stated, const char* what) {
    using T = std::decay_t<decltype(value)>;
    if (value != T::kUnspecified || stated == T::kUnspecified) return;
    value = stated;
    notes.push_back(fmt::format("{}: {} not stated: taken from {}, {}", name, what, from_name, name_of(stated)));
  };
  take(side.color.primaries, from.color.primaries, "colour primaries");
  take(side.color.transfer, from.color.transfer, "transfer characteristics");
  take(side.color.matrix, from.color.matrix, "matrix coefficients");
  take(side.color.range, from.color.range, "range");
  if (side.format.chroma == Chroma::k420 && from.format.chroma == Chroma::k420) {
    take(side.color.chroma_location, from.color.chroma_location, "chroma sample location");
  }
}

void resolve(Side& side, const char* name, std::vector<std::string>& notes) {
  std::vector<std::string> assumed;
  PictureSide picture;
  picture.format = side.format;
  picture.width = side.width;
  picture.height = side.height;
  picture.color = side.color;
  side.color = image::resolve_source(picture, assumed);
  for (const std::string& note : assumed) notes.push_back(fmt::format("{}: {}", name, note));
}

// How the pictures are to be turned for display, which is not done here; empty where both are alike.
std::string difference_of_orientation(const SourceVideo& a, const SourceVideo& b) {
  if (a.rotation_degrees == b.rotation_degrees && a.mirrored == b.mirrored) return "";
  return fmt::format("pictures are compared as coded, but for display A is turned by {} degrees{}, B by {}{}",
                     a.rotation_degrees, a.mirrored ? " and mirrored" : "", b.rotation_degrees,
                     b.mirrored ? " and mirrored" : "");
}

std::string difference_of_codes(const Side& a, const Side& b) {
  std::string text;
  const auto differ = [&](bool same, const char* what, const std::string& of_a, const std::string& of_b) {
    if (!same) text += fmt::format("{}{} (A {}, B {})", text.empty() ? "" : ", ", what, of_a, of_b);
  };
  differ(a.format == b.format, "sample format", describe(a.format), describe(b.format));
  differ(a.color.range == b.color.range, "range", name_of(a.color.range), name_of(b.color.range));
  differ(image::same_matrix(a.color.matrix, b.color.matrix), "matrix", name_of(a.color.matrix),
         name_of(b.color.matrix));
  differ(image::same_transfer(a.color.transfer, b.color.transfer), "transfer characteristics",
         name_of(a.color.transfer), name_of(b.color.transfer));
  differ(image::same_primaries(a.color.primaries, b.color.primaries), "colour primaries", name_of(a.color.primaries),
         name_of(b.color.primaries));
  if (text.empty()) return text;
  return fmt::format(
      "PSNR, SSIM and XPSNR compare code values, which mean different things here: {} {}; convert one side first, e.g. "
      "jinsha transcode A -o a.y4m with --color, --depth and --chroma as B has them",
      text, text.find("), ") == std::string::npos ? "differs" : "differ");
}

}  // namespace

Result<Sides> match_sides(const SourceInfo& reference, const FrameLayout& reference_layout, const SourceInfo& other,
                          const FrameLayout& other_layout) {
  Sides sides{side_of(reference, reference_layout), side_of(other, other_layout), {}, {}, {}, {}};
  Side &a = sides.reference, &b = sides.other;
  const std::string turned = difference_of_orientation(reference.video, other.video);
  if (a.width != b.width || a.height != b.height) {
    return make_error(ErrorCode::kInput,
                      "the pictures have different sizes: {} has {}x{}, {} has {}x{}; scale one of them first, e.g. "
                      "jinsha transcode A -o a.y4m --size {}x{}{}",
                      a.path, a.width, a.height, b.path, b.width, b.height, b.width, b.height,
                      turned.empty() ? "" : "; " + turned);
  }
  if (!turned.empty()) sides.notes.push_back(turned);
  for (const auto& [name, source] : {std::pair{"A", &reference}, std::pair{"B", &other}}) {
    for (const std::string& text : source->converted) sides.notes.push_back(fmt::format("{}: {}", name, text));
    for (const std::string& text : source->losses) sides.notes.push_back(fmt::format("{}: {}", name, text));
  }
  const Side stated_a = a;
  take_unstated(a, b, "A", "B", sides.notes);
  take_unstated(b, stated_a, "B", "A", sides.notes);
  resolve(a, "A", sides.notes);
  resolve(b, "B", sides.notes);
  if (!(a.frame_rate == b.frame_rate)) {
    sides.notes.push_back(
        fmt::format("frame rates differ: A {:.6g}, B {:.6g} a second; pictures are compared by their number",
                    a.frame_rate.to_double(), b.frame_rate.to_double()));
  }
  if (a.format == b.format && a.color.chroma_location != b.color.chroma_location) {
    sides.notes.push_back(
        fmt::format("chroma samples lie elsewhere: A {}, B {}; PSNR and XPSNR of chroma compare them as they are",
                    name_of(a.color.chroma_location), name_of(b.color.chroma_location)));
  }
  sides.no_code_values = difference_of_codes(a, b);
  for (const auto& [side, layout, name] :
       {std::tuple{&a, &reference_layout, "A"}, std::tuple{&b, &other_layout, "B"}}) {
    Result<ItpDecoder> decoder = ItpDecoder::create(*layout, side->color);
    if (decoder) {
      sides.decoders.push_back(std::move(*decoder));
      continue;
    }
    sides.no_light = fmt::format("Delta E ITP compares light: {}: {}", name, decoder.error().message);
    sides.decoders.clear();
    break;
  }
  if (!sides.no_code_values.empty() && !sides.no_light.empty()) {
    return make_error(ErrorCode::kInput, "{} and {} cannot be compared. {}. {}", a.path, b.path, sides.no_code_values,
                      sides.no_light);
  }
  return sides;
}

}  // namespace jinsha::compare
