// GeneratorScene: picture n of the generator, drawn into a frame.
#pragma once

#include "input/generator_canvas.h"
#include "input/generator_look.h"
#include "media/frame.h"

namespace jinsha {

class GeneratorScene {
 public:
  explicit GeneratorScene(const GeneratorSpec& spec);

  const GeneratorLook& look() const { return look_; }
  std::uint64_t memory_bytes() const { return canvas_.bytes() + ramp_.size(); }
  // Metadata that is true of frames 0..frames-1.
  const HdrMetadata& hdr() const { return hdr_; }

  // `frame` has the layout of a 4:2:0 picture of the spec's size and depth.
  void draw(std::int64_t index, FrameMut& frame) const;

 private:
  struct Place {
    int x = 0, y = 0;
  };
  template <typename Sample>
  void draw_as(std::int64_t index, FrameMut& frame) const;
  template <typename Sample>
  void draw_highlight(FrameMut& frame, Place centre, int radius) const;
  template <typename Sample>
  void draw_shape(FrameMut& frame, Place centre, int radius, int colour, bool diamond) const;
  template <typename Sample>
  void draw_counter(FrameMut& frame, std::uint32_t number) const;
  void draw_ramp(FrameMut& frame) const;
  template <typename Sample>
  void make_ramp();
  void state_light_levels();

  Place pan(std::int64_t index) const;
  Place bounce(std::int64_t index, std::uint32_t which, int radius) const;
  std::int64_t glint_weight(std::int64_t squared_distance) const;
  int highlight_radius() const;
  int shape_radius() const;
  int ramp_height() const;

  GeneratorSpec spec_;
  GeneratorLook look_;
  GeneratorCanvas canvas_;
  std::vector<std::byte> ramp_;  // one luma row
  HdrMetadata hdr_;
};

}  // namespace jinsha
