// Other ways in and out of a job than files: what comes out equals what the same job makes of files.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <clocale>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "jinsha/jinsha.hpp"

namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr int kWidth = 128, kHeight = 96, kFrames = 12;

struct Memory {
  Bytes bytes;
  std::size_t at = 0;
  std::size_t fail_at = SIZE_MAX;
};

jinsha_reader reader_of(Memory& memory, bool seekable) {
  jinsha_reader reader{};
  reader.size = sizeof reader;
  reader.name = "memory";
  reader.user = &memory;
  reader.read = [](void* user, std::uint8_t* to, std::size_t count) -> std::int64_t {
    auto& from = *static_cast<Memory*>(user);
    if (from.at >= from.fail_at) return -1;
    const std::size_t part = std::min({count, from.bytes.size() - from.at, std::size_t{4096}});
    std::memcpy(to, from.bytes.data() + from.at, part);
    from.at += part;
    return static_cast<std::int64_t>(part);
  };
  if (seekable) {
    reader.seek = [](void* user, std::uint64_t position) {
      auto& from = *static_cast<Memory*>(user);
      if (position > from.bytes.size()) return 1;
      from.at = static_cast<std::size_t>(position);
      return 0;
    };
    reader.length = memory.bytes.size();
  }
  return reader;
}

class Streaming : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("jinsha-streaming-" + std::to_string(::getpid()) + "-" +
                                                        testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  static Bytes bytes_of(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  static void expect_ok(const jinsha::Outcome& outcome) { EXPECT_TRUE(outcome.ok()) << outcome.message; }
  static void set(jinsha::Job& job, const std::vector<std::pair<const char*, std::string>>& options) {
    for (const auto& [key, value] : options) expect_ok(job.set(key, value));
  }
  static void expect_good(jinsha::Job& job) {
    expect_ok(job.start());
    expect_ok(job.wait());
  }

  // A clip with sound, made once a test.
  std::string clip() {
    const std::string file = path("clip.mp4");
    if (std::filesystem::exists(file)) return file;
    jinsha::Job job;
    set(job, {{"input", "generate:" + std::to_string(kWidth) + "x" + std::to_string(kHeight) +
                            "@25,frames=" + std::to_string(kFrames)},
              {"output", file},
              {"speed", "ultrafast"}});
    expect_good(job);
    return file;
  }
  // Its pictures, bare.
  std::string bare() {
    const std::string file = path("clip.yuv");
    jinsha::Job job;
    set(job, {{"input", clip()}, {"output", file}, {"depth", "10"}});
    expect_good(job);
    return file;
  }
  Bytes encoded(const std::string& input, const std::string& output,
                const std::vector<std::pair<const char*, std::string>>& more = {}) {
    jinsha::Job job;
    set(job, {{"input", input}, {"output", path(output)}, {"speed", "ultrafast"}, {"qp", "30"}, {"overwrite", ""}});
    set(job, more);
    expect_good(job);
    return bytes_of(path(output));
  }

  static constexpr const char* kFormat = "yuv420p10le:128x96@25";
  // Pushes the pictures of `bare`, the last `strides` bytes of each row being padding; whether all were taken.
  static bool push_all(jinsha::Job& job, const Bytes& bare) {
    constexpr std::size_t kPadding = 34;
    const std::size_t luma_row = kWidth * 2, chroma_row = kWidth;
    const std::size_t picture = luma_row * kHeight + 2 * chroma_row * (kHeight / 2);
    for (std::size_t at = 0; at + picture <= bare.size(); at += picture) {
      std::vector<Bytes> planes;
      std::size_t from = at;
      for (const auto& [row, rows] :
           {std::pair{luma_row, kHeight}, {chroma_row, kHeight / 2}, {chroma_row, kHeight / 2}}) {
        Bytes plane((row + kPadding) * static_cast<std::size_t>(rows), 0xEE);
        for (int y = 0; y < rows; ++y, from += row)
          std::memcpy(plane.data() + static_cast<std::size_t>(y) * (row + kPadding), bare.data() + from, row);
        planes.push_back(std::move(plane));
      }
      const jinsha::Outcome pushed =
          job.push_frame({planes[0].data(), planes[1].data(), planes[2].data()},
                         {luma_row + kPadding, chroma_row + kPadding, chroma_row + kPadding});
      if (!pushed.ok()) return false;
    }
    return true;
  }

  std::filesystem::path folder_;
};

TEST_F(Streaming, ReadsFromFunctionsWithAndWithoutSeeking) {
  const Bytes expected = encoded(clip(), "file.ts");
  for (const bool seekable : {true, false}) {
    Memory memory{bytes_of(clip())};
    jinsha::Job job;
    set(job, {{"output", path("memory.ts")}, {"speed", "ultrafast"}, {"qp", "30"}, {"overwrite", ""}});
    const jinsha_reader reader = reader_of(memory, seekable);
    expect_ok(job.set_reader(reader));
    expect_good(job);
    EXPECT_EQ(bytes_of(path("memory.ts")), expected);
  }
}

TEST_F(Streaming, CopiesFromFunctions) {
  Memory memory{bytes_of(clip())};
  jinsha::Job job;
  set(job, {{"output", path("copy.ts")}, {"encoder", "copy"}});
  const jinsha_reader reader = reader_of(memory, true);
  expect_ok(job.set_reader(reader));
  expect_good(job);
}

TEST_F(Streaming, NamesTheReaderThatFails) {
  const std::string source = bare();
  for (const std::size_t fail_at : {std::size_t{0}, std::size_t{200'000}}) {
    Memory memory{.bytes = bytes_of(source), .at = 0, .fail_at = fail_at};
    jinsha::Job job;
    set(job, {{"output", path("out.ts")}, {"input_format", kFormat}, {"speed", "ultrafast"}});
    const jinsha_reader reader = reader_of(memory, false);
    expect_ok(job.set_reader(reader));
    jinsha::Outcome outcome = job.start();
    if (outcome.ok()) outcome = job.wait();
    EXPECT_EQ(outcome.code, JINSHA_INPUT);
    EXPECT_NE(outcome.message.find("memory"), std::string::npos) << outcome.message;
  }
}

TEST_F(Streaming, WritesThroughAFunction) {
  const Bytes expected = encoded(clip(), "file.ts");
  Bytes written;
  jinsha::Job job;
  set(job, {{"input", clip()}, {"format", "mpegts"}, {"speed", "ultrafast"}, {"qp", "30"}});
  expect_ok(job.set_writer([&](const std::uint8_t* bytes, std::size_t count) {
    written.insert(written.end(), bytes, bytes + count);
    return true;
  }));
  expect_good(job);
  EXPECT_EQ(written, expected);
  EXPECT_NE(job.report().find("\"passed\": true"), std::string::npos) << "judged as it leaves";

  jinsha::Job failing;
  set(failing, {{"input", clip()}, {"format", "mpegts"}, {"speed", "ultrafast"}});
  expect_ok(failing.set_writer([](const std::uint8_t*, std::size_t) { return false; }));
  expect_ok(failing.start());
  EXPECT_EQ(failing.wait().code, JINSHA_OUTPUT);
}

TEST_F(Streaming, TakesPushedPictures) {
  const Bytes pictures = bytes_of(bare());
  const Bytes expected = encoded(path("clip.yuv"), "file.ts", {{"input_format", kFormat}});
  jinsha::Job job;
  set(job, {{"output", path("pushed.ts")}, {"input_format", kFormat}, {"speed", "ultrafast"}, {"qp", "30"}});
  expect_ok(job.push_frames());
  expect_ok(job.start());
  EXPECT_TRUE(push_all(job, pictures));
  expect_ok(job.push_end());
  expect_ok(job.wait());
  EXPECT_EQ(bytes_of(path("pushed.ts")), expected);
}

TEST_F(Streaming, RefusesPicturesThatAreNone) {
  jinsha::Job without;
  set(without, {{"output", path("out.ts")}});
  expect_ok(without.push_frames());
  EXPECT_EQ(without.plan().code, JINSHA_USAGE) << "no input_format";

  jinsha::Job job;
  set(job, {{"output", path("out.ts")}, {"input_format", kFormat}, {"speed", "ultrafast"}});
  expect_ok(job.push_frames());
  const Bytes plane(kWidth * 2 * kHeight);
  EXPECT_EQ(job.push_frame({plane.data()}, {kWidth * 2}).code, JINSHA_USAGE) << "not started";
  expect_ok(job.start());
  EXPECT_EQ(job.push_frame({plane.data()}, {kWidth * 2}).code, JINSHA_USAGE) << "planes are missing";
  EXPECT_EQ(job.push_frame({plane.data(), nullptr, plane.data()}, {256, 128, 128}).code, JINSHA_USAGE);
  EXPECT_EQ(job.push_frame({plane.data(), plane.data(), plane.data()}, {255, 128, 128}).code, JINSHA_USAGE);
  expect_ok(job.push_end());
  EXPECT_EQ(job.wait().code, JINSHA_INPUT) << "no picture came";
}

TEST_F(Streaming, GivesPackets) {
  const Bytes expected = encoded(clip(), "file.hevc");
  jinsha::Job job;
  set(job, {{"input", clip()}, {"format", "hevc"}, {"speed", "ultrafast"}, {"qp", "30"}});
  expect_ok(job.pull_packets());
  expect_ok(job.start());
  Bytes joined;
  std::int64_t last_dts = INT64_MIN;
  int packets = 0;
  for (jinsha_packet packet{};; ++packets) {
    expect_ok(job.pull_packet(packet));
    if (packet.end != 0) break;
    EXPECT_EQ(packet.stream, 0);
    EXPECT_STREQ(packet.codec, "hevc");
    EXPECT_EQ(packet.key != 0, packets == 0);
    EXPECT_GT(packet.dts, last_dts);
    EXPECT_EQ(packet.time_den, 25 * packet.time_num);
    EXPECT_GT(packet.header_bytes, 0U);
    last_dts = packet.dts;
    joined.insert(joined.end(), packet.data, packet.data + packet.bytes);
  }
  EXPECT_EQ(packets, kFrames);
  expect_ok(job.wait());
  EXPECT_EQ(joined, expected);
}

TEST_F(Streaming, GivesSoundAsWell) {
  jinsha::Job job;
  set(job, {{"input", clip()}, {"format", "mpegts"}, {"speed", "ultrafast"}});
  expect_ok(job.pull_packets());
  expect_ok(job.start());
  int video = 0, sound = 0;
  for (jinsha_packet packet{};;) {
    expect_ok(job.pull_packet(packet));
    if (packet.end != 0) break;
    (packet.stream == 0 ? video : sound) += 1;
    if (packet.stream == 1) {
      EXPECT_STREQ(packet.codec, "aac");
    }
  }
  expect_ok(job.wait());
  EXPECT_EQ(video, kFrames);
  EXPECT_GT(sound, 10);
}

TEST_F(Streaming, PushesAndPullsAtOnce) {
  const Bytes pictures = bytes_of(bare());
  const Bytes expected =
      encoded(path("clip.yuv"), "file.obu", {{"input_format", kFormat}, {"encoder", "svt-av1"}, {"speed", "12"}});
  jinsha::Job job;
  set(job, {{"input_format", kFormat}, {"format", "obu"}, {"encoder", "svt-av1"}, {"speed", "12"}, {"qp", "30"}});
  expect_ok(job.push_frames());
  expect_ok(job.pull_packets());
  expect_ok(job.start());
  std::jthread pusher([&] {
    EXPECT_TRUE(push_all(job, pictures));
    (void)job.push_end();
  });
  int packets = 0;
  for (jinsha_packet packet{};; ++packets) {
    expect_ok(job.pull_packet(packet));
    if (packet.end != 0) break;
  }
  expect_ok(job.wait());
  EXPECT_EQ(packets, kFrames);
}

TEST_F(Streaming, CancellingWakesWhoeverWaits) {
  const Bytes pictures = bytes_of(bare());
  jinsha::Job pushing;
  set(pushing, {{"output", path("out.ts")}, {"input_format", kFormat}, {"speed", "ultrafast"}});
  expect_ok(pushing.push_frames());
  expect_ok(pushing.start());
  std::atomic<bool> refused = false;
  std::jthread pusher([&] {
    while (push_all(pushing, pictures)) {
    }
    refused = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  pushing.cancel();
  pusher.join();
  EXPECT_TRUE(refused);
  EXPECT_EQ(pushing.wait().code, JINSHA_INTERRUPTED);

  jinsha::Job pulling;  // nobody pushes: there is nothing to pull
  set(pulling, {{"input_format", kFormat}, {"format", "hevc"}, {"speed", "ultrafast"}});
  expect_ok(pulling.push_frames());
  expect_ok(pulling.pull_packets());
  expect_ok(pulling.start());
  std::jthread puller([&] {
    jinsha_packet packet{};
    expect_ok(pulling.pull_packet(packet));
    EXPECT_NE(packet.end, 0);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  pulling.cancel();
  puller.join();
  EXPECT_EQ(pulling.wait().code, JINSHA_INTERRUPTED);

  jinsha::Job stuck;  // nobody pulls
  set(stuck, {{"input", "generate:128x96@25,frames=500"}, {"format", "hevc"}, {"speed", "ultrafast"}});
  expect_ok(stuck.pull_packets());
  expect_ok(stuck.start());
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
}  // freeing it cancels

// The decode thread waits for a picture while the output fails: nobody pushes, nobody cancels.
TEST_F(Streaming, AFailingOutputEndsAJobThatWaitsForPictures) {
  const Bytes pictures = bytes_of(bare());
  jinsha::Job job;
  set(job, {{"input_format", kFormat},
            {"format", "hevc"},
            {"speed", "ultrafast"},
            {"encoder_param", "bframes=0:rc-lookahead=1"}});
  expect_ok(job.push_frames());
  expect_ok(job.set_writer([](const std::uint8_t*, std::size_t) { return false; }));
  expect_ok(job.start());
  push_all(job, pictures);
  EXPECT_EQ(job.wait().code, JINSHA_OUTPUT);
}

TEST_F(Streaming, TwoJobsAtOnceAreTwoJobs) {
  const Bytes hevc = encoded(clip(), "one.ts");
  const Bytes av1 = encoded(clip(), "one.mp4", {{"encoder", "svt-av1"}, {"speed", "12"}});
  jinsha::Job first, second;
  set(first, {{"input", clip()}, {"output", path("both.ts")}, {"speed", "ultrafast"}, {"qp", "30"}});
  set(second, {{"input", clip()}, {"output", path("both.mp4")}, {"encoder", "svt-av1"}, {"speed", "12"}, {"qp", "30"}});
  expect_ok(first.start());
  expect_ok(second.start());
  expect_ok(first.wait());
  expect_ok(second.wait());
  EXPECT_EQ(bytes_of(path("both.ts")), hevc);
  EXPECT_EQ(bytes_of(path("both.mp4")), av1);
}

TEST_F(Streaming, LeavesTheProcessAlone) {
  const auto handlers = [] {
    std::vector<void (*)(int)> list;
    for (int number = 1; number < NSIG; ++number) {
      struct sigaction action {};
      list.push_back(sigaction(number, nullptr, &action) == 0 ? action.sa_handler : nullptr);
    }
    return list;
  };
  const auto before = handlers();
  const std::string locale = std::setlocale(LC_ALL, nullptr);
  encoded(clip(), "out.mp4");
  EXPECT_EQ(handlers(), before);
  EXPECT_EQ(std::setlocale(LC_ALL, nullptr), locale);
}

}  // namespace
