// FileSink, PipeSink, TeeSink: what they write, and how they fail.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "mux/clip_helper.h"
#include "mux/file_sink.h"

namespace jinsha::test {
namespace {

std::vector<std::uint8_t> pattern(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 251);
  return bytes;
}

std::vector<std::uint8_t> content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string fresh_path(const char* name) {
  const std::string path = testing::TempDir() + "jinsha-sink-" + std::to_string(getpid()) + "-" + name;
  std::remove(path.c_str());
  return path;
}

TEST(FileSink, WritesPiecesOfEverySize) {
  const std::string path = fresh_path("pieces");
  const std::vector<std::uint8_t> all = pattern(5'000'000);
  auto sink = FileSink::create(path, FileSink::Existing::kRefuse);
  ASSERT_TRUE(sink.ok());
  std::size_t at = 0;
  for (std::size_t size = 1; at < all.size(); size = size * 3 % 2'500'001 + 1) {
    const std::size_t piece = std::min(size, all.size() - at);
    ASSERT_TRUE((*sink)->write(std::span(all).subspan(at, piece)).ok());
    at += piece;
    EXPECT_EQ((*sink)->bytes_written(), static_cast<std::int64_t>(at));
  }
  ASSERT_TRUE((*sink)->finish().ok());
  EXPECT_EQ(content(path), all);
  EXPECT_FALSE((*sink)->write(all).ok()) << "after finish()";
  std::remove(path.c_str());
}

TEST(FileSink, FlushMakesBytesVisible) {
  const std::string path = fresh_path("flush");
  auto sink = FileSink::create(path, FileSink::Existing::kRefuse);
  ASSERT_TRUE(sink.ok());
  const std::vector<std::uint8_t> bytes = pattern(100);
  ASSERT_TRUE((*sink)->write(bytes).ok());
  EXPECT_TRUE(content(path).empty());
  ASSERT_TRUE((*sink)->flush().ok());
  EXPECT_EQ(content(path), bytes);
  std::remove(path.c_str());
}

TEST(FileSink, RefusesOrReplacesWhatExists) {
  const std::string path = fresh_path("existing");
  std::ofstream(path) << "something longer than the replacement";
  const auto refused = FileSink::create(path, FileSink::Existing::kRefuse);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kOutput);
  EXPECT_NE(refused.error().message.find(path), std::string::npos);
  EXPECT_NE(refused.error().message.find("File exists"), std::string::npos);
  auto sink = FileSink::create(path, FileSink::Existing::kTruncate);
  ASSERT_TRUE(sink.ok());
  ASSERT_TRUE((*sink)->write(pattern(3)).ok());
  ASSERT_TRUE((*sink)->finish().ok());
  EXPECT_EQ(content(path), pattern(3));
  std::remove(path.c_str());
}

TEST(FileSink, SaysThatTheDiskIsFull) {
  if (access("/dev/full", W_OK) != 0) GTEST_SKIP() << "/dev/full is missing";
  auto sink = FileSink::create("/dev/full", FileSink::Existing::kTruncate);
  ASSERT_TRUE(sink.ok());
  EXPECT_TRUE((*sink)->write(pattern(1000)).ok()) << "buffered";
  const Status status = (*sink)->finish();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kOutput);
  EXPECT_EQ(status.error().message, "/dev/full: writing failed at byte 0: No space left on device");
  const Status large = (*sink)->write(pattern(3'000'000));
  EXPECT_FALSE(large.ok());
}

TEST(FileSink, MissingFolder) {
  const auto sink = FileSink::create("/nonexistent/folder/x.ts", FileSink::Existing::kRefuse);
  ASSERT_FALSE(sink.ok());
  EXPECT_NE(sink.error().message.find("No such file or directory"), std::string::npos);
}

// Counts SIGPIPEs; the default action would end the test program.
int sigpipes = 0;

TEST(PipeSink, ReaderThatGoesIsAnErrorAndNoSignal) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  struct sigaction count {};
  count.sa_handler = [](int) { ++sigpipes; };
  struct sigaction before {};
  ASSERT_EQ(sigaction(SIGPIPE, &count, &before), 0);
  PipeSink sink(ends[1], "standard output");
  EXPECT_TRUE(sink.write(pattern(100)).ok());
  close(ends[0]);
  const Status status = sink.write(pattern(100));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kOutput);
  EXPECT_EQ(status.error().message, "standard output: the reader closed it after 100 bytes");
  sigset_t pending;
  sigpending(&pending);
  EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
  EXPECT_EQ(sigpipes, 0);
  // Our own signal still arrives: the thread's mask is as it was.
  raise(SIGPIPE);
  EXPECT_EQ(sigpipes, 1);
  sigaction(SIGPIPE, &before, nullptr);
  close(ends[1]);
}

TEST(PipeSink, WaitsForASlowReaderOfANonBlockingPipe) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_NONBLOCK), 0);
  fcntl(ends[0], F_SETFL, 0);
  const std::vector<std::uint8_t> all = pattern(1'000'000);
  std::vector<std::uint8_t> received;
  std::thread reader([&] {
    std::vector<std::uint8_t> piece(10'000);
    ssize_t count = 0;
    while ((count = read(ends[0], piece.data(), piece.size())) > 0) {
      received.insert(received.end(), piece.begin(), piece.begin() + count);
      if (received.size() < 100'000) usleep(1000);
    }
  });
  PipeSink sink(ends[1], "a pipe");
  EXPECT_TRUE(sink.write(all).ok());
  close(ends[1]);
  reader.join();
  close(ends[0]);
  EXPECT_EQ(received, all);
}

TEST(TeeSink, ObserverSeesWhatTheSinkTook) {
  FullSink full(10);
  std::vector<std::uint8_t> seen;
  TeeSink tee(full, [&](std::span<const std::uint8_t> bytes) { seen.insert(seen.end(), bytes.begin(), bytes.end()); });
  EXPECT_TRUE(tee.write(pattern(8)).ok());
  EXPECT_FALSE(tee.write(pattern(8)).ok());
  EXPECT_EQ(seen, pattern(8));
}

}  // namespace
}  // namespace jinsha::test
