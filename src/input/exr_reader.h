// ExrReader: OpenEXR pictures as 16-bit 4:4:4 PQ. The only place that names OpenEXR's library.
//
// Scene light 1.0 becomes 203 cd/m2 (scene_light.h), the file's primaries become those of BT.2020, the ones BT.2100
// defines PQ with: a tone curve then does the same whichever primaries a file was written in. The picture is the
// display window: what the data window lacks of it is black, what it has beyond is cut off. Of several parts the first
// with R, G, B (or Y) is taken.
#pragma once

#include <cstdint>
#include <vector>

#include "input/input_file.h"
#include "input/picture_reader.h"

namespace jinsha {

class ExrReader {
 public:
  // As PictureReader::read; without a target only the headers are read.
  Result<ReadPicture> read(InputFile file, const PictureTarget* target);

 private:
  std::vector<std::uint8_t> strip_;  // rows of the channels taken, one channel after another
};

}  // namespace jinsha
