// What programs of others say of the outputs, where they are installed.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "mux/clip_helper.h"
#include "mux/muxer.h"

namespace jinsha::test {
namespace {

bool installed(const std::string& program) {
  return std::system(("command -v " + program + " > /dev/null 2>&1").c_str()) == 0;
}

// Everything a command prints, and its status in `status`.
std::string output_of(const std::string& command, int& status) {
  std::string text;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return text;
  std::array<char, 512> piece{};
  while (std::fgets(piece.data(), piece.size(), pipe) != nullptr) text += piece.data();
  status = pclose(pipe);
  return text;
}

struct Case {
  const char* name;
  ContainerKind kind;
  Codec codec;
};
class Tools : public testing::TestWithParam<Case> {
 protected:
  static std::vector<std::uint8_t> file() {
    const VideoClip clip =
        make_video({.codec = GetParam().codec, .frames = 50, .frame_rate = {60000, 1001}, .hdr10 = true});
    if (!container_row(GetParam().kind).audio) return mux_to_memory(config_for(GetParam().kind, clip), clip.packets);
    const AudioClip audio = make_audio("aac", 0.8);
    return mux_to_memory(config_for(GetParam().kind, clip, audio), clip.packets, audio.packets);
  }
};

TEST_P(Tools, FfmpegDecodesWithoutComplaint) {
  if (!installed("ffmpeg")) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFile temp(std::string("tool.") + GetParam().name, file());
  int status = -1;
  EXPECT_EQ(output_of("ffmpeg -v warning -xerror -i '" + temp.path() + "' -f null -", status), "");
  EXPECT_EQ(status, 0);
}

TEST_P(Tools, MediainfoSeesTheColour) {
  if (!installed("mediainfo")) GTEST_SKIP() << "mediainfo is not installed";
  const TempFile temp(std::string("info.") + GetParam().name, file());
  int status = -1;
  const std::string text = output_of(
      "mediainfo '--Inform=Video;%Format% %FrameRate_Num% %transfer_characteristics% %MaxCLL%' '" + temp.path() + "'",
      status);
  EXPECT_EQ(status, 0);
  const std::string format = GetParam().codec == Codec::kAv1 ? "AV1" : "HEVC";
  const std::string light = GetParam().kind == ContainerKind::kFragmentedMp4 ? "1234 cd/m2" : "";
  EXPECT_EQ(text, format + " 60000 PQ " + light + "\n");
}

INSTANTIATE_TEST_SUITE_P(Outputs, Tools,
                         testing::Values(Case{"ts", ContainerKind::kMpegTs, Codec::kHevc},
                                         Case{"mp4", ContainerKind::kFragmentedMp4, Codec::kHevc},
                                         Case{"av1_mp4", ContainerKind::kFragmentedMp4, Codec::kAv1}),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace jinsha::test
