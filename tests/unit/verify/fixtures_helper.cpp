#include "verify/fixtures_helper.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace jinsha::verify_test {
namespace {

const HdrMetadata kHdr10 = {
    MasteringDisplay{{{{34000, 16000}, {13250, 34500}, {7500, 3000}}}, {15635, 16450}, 10000000, 1},
    ContentLight{1000, 400}};
constexpr ColorInfo kPq = {Primaries::kBt2020, Transfer::kPq, Matrix::kBt2020Ncl, Range::kLimited,
                           ChromaLocation::kTopLeft};
constexpr ColorInfo kSdr = {Primaries::kBt709, Transfer::kBt709, Matrix::kBt709, Range::kLimited,
                            ChromaLocation::kUnspecified};

Data read(const std::string& name) {
  std::ifstream file(std::string(JINSHA_TEST_DATA) + "/verify/" + name, std::ios::binary);
  EXPECT_TRUE(file.good()) << name;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

PlannedAudio audio(const std::string& codec, int channels, const std::string& language) {
  PlannedAudio out;
  out.info.codec = codec;
  out.info.sample_rate = 48000;
  out.info.channels = channels;
  out.info.language = language;
  return out;
}

Fixture hdr10_cbr(const std::string& name, ContainerKind container) {
  Fixture out;
  out.name = name;
  out.kind = {container, Codec::kHevc};
  out.bytes = read(name);
  out.plan.kind = container;
  out.plan.encoder.repeat_headers = true;
  EncoderSettings& video = out.plan.video;
  video.codec = Codec::kHevc;
  video.profile = "main10";
  video.level_idc = 63;
  video.rate = {RateControl::Mode::kCbr, 0, 0, 160000, 160000, 48000};
  video.hrd = video.cbr_flag = video.fillers = true;
  video.access_unit_delimiters = true;
  video.gop_frames = 24;
  video.keyframes = {30};
  video.color = kPq;
  video.hdr = kHdr10;
  video.format = {Chroma::k420, 10};
  video.width = 256;
  video.height = 144;
  video.frame_rate = {60000, 1001};
  out.run.frames = 60;
  out.run.forced_keys = {30};
  if (container != ContainerKind::kByteStream) {
    out.plan.audio = {audio("aac", 2, "eng"), audio("ac3", 2, "zho")};
    out.run.audio_packets = {40, 26};
  }
  if (container == ContainerKind::kMpegTs) {
    out.plan.muxrate_bits_per_s = 500000;
    out.plan.service_name = "Jinsha 测试";
    out.plan.service_provider = "Jinsha";
    out.plan.service_id = 7;
  }
  return out;
}

Fixture sdr_vbv() {
  Fixture out;
  out.name = "hevc_sdr_vbv.hevc";
  out.kind = {ContainerKind::kByteStream, Codec::kHevc};
  out.bytes = read(out.name);
  out.plan.kind = ContainerKind::kByteStream;
  EncoderSettings& video = out.plan.video;
  video.codec = Codec::kHevc;
  video.profile = "main";
  video.level_idc = 60;
  video.rate = {RateControl::Mode::kCrf, 38, 0, 0, 200000, 200000};
  video.gop_frames = 25;
  video.color = kSdr;
  video.format = {Chroma::k420, 8};
  video.width = 320;
  video.height = 180;
  video.frame_rate = {50, 1};
  out.run.frames = 50;
  return out;
}

Fixture av1_hdr10(const std::string& name, ContainerKind container) {
  Fixture out;
  out.name = name;
  out.kind = {container, Codec::kAv1};
  out.bytes = read(name);
  out.plan.kind = container;
  EncoderSettings& video = out.plan.video;
  video.codec = Codec::kAv1;
  video.profile = "main";
  video.level_idc = 0;
  video.rate = {RateControl::Mode::kCrf, 55, 0, 0, 0, 0};
  video.gop_frames = 24;
  video.color = kPq;
  video.hdr = kHdr10;
  video.format = {Chroma::k420, 10};
  video.width = 256;
  video.height = 144;
  video.frame_rate = {50, 1};
  out.run.frames = 50;
  if (container == ContainerKind::kFragmentedMp4) {
    out.plan.audio = {audio("aac", 1, "")};
    out.run.audio_packets = {48};
  }
  return out;
}

}  // namespace

const std::vector<Fixture>& fixtures() {
  static const std::vector<Fixture> all = {
      hdr10_cbr("hevc_hdr10_cbr.ts", ContainerKind::kMpegTs),
      hdr10_cbr("hevc_hdr10_cbr.mp4", ContainerKind::kFragmentedMp4),
      hdr10_cbr("hevc_hdr10_cbr.hevc", ContainerKind::kByteStream),
      sdr_vbv(),
      av1_hdr10("av1_hdr10.mp4", ContainerKind::kFragmentedMp4),
      av1_hdr10("av1_hdr10.ivf", ContainerKind::kIvf),
      av1_hdr10("av1_hdr10.obu", ContainerKind::kObu),
  };
  return all;
}

const Fixture& fixture(std::string_view name) {
  const auto& all = fixtures();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Fixture& one) { return one.name == name; });
  EXPECT_NE(found, all.end()) << name;
  return found == all.end() ? all.front() : *found;
}

verify::Verdict judge(const Data& bytes, std::optional<ContainerKind> kind, const Plan* plan,
                      const verify::RunFacts* run, std::size_t piece) {
  const auto judge = verify::open_judge(kind);
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    judge->feed(std::span(bytes).subspan(at, std::min(piece, bytes.size() - at)));
  }
  return judge->finish(plan, run);
}

std::string failures_text(const verify::Verdict& verdict) {
  std::string text;
  for (const std::string& failure : verdict.failures()) text += failure + "\n";
  return text;
}

const verify::Check* find_check(const verify::Verdict& verdict, verify::Property property) {
  const auto found = std::find_if(verdict.checks.begin(), verdict.checks.end(),
                                  [&](const verify::Check& check) { return check.property == property; });
  return found == verdict.checks.end() ? nullptr : &*found;
}

bool failed(const verify::Verdict& verdict, verify::Property property) {
  const verify::Check* check = find_check(verdict, property);
  return check != nullptr && !check->passed;
}

}  // namespace jinsha::verify_test
