// Kinds of output, by what is written.
#pragma once

namespace jinsha {

enum class ContainerKind { kMpegTs, kFragmentedMp4, kByteStream, kObu, kIvf, kY4m, kRawFrames, kPng, kNull };

}  // namespace jinsha
