// A process that runs one job after another, as automation does: its memory must not grow.
#include <gtest/gtest.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "jinsha/jinsha.hpp"

namespace {

constexpr int kJobs = 100;
constexpr int kWarmUp = 30;          // libraries load, allocators find their sizes
constexpr double kTolerance = 0.05;  // of the resident memory, which has the allocator's holes in it
constexpr double kHeapTolerance = 0.001;

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  long total = 0, resident = 0;
  file >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// What is allocated and not freed, in all arenas.
double heap_bytes() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

void run_job(const std::string& input, const std::string& output, const std::string& encoder,
             const std::string& speed) {
  jinsha::Job job;
  for (const auto& [key, value] : {std::pair<std::string, std::string>{"input", input},
                                   {"output", output},
                                   {"encoder", encoder},
                                   {"speed", speed},
                                   {"color", "sdr"},
                                   {"overwrite", "yes"}}) {
    if (value.empty()) continue;
    ASSERT_TRUE(job.set(key, value).ok());
  }
  const jinsha::Outcome planned = job.plan();
  ASSERT_TRUE(planned.ok()) << planned.message;
  ASSERT_TRUE(job.start().ok());
  const jinsha::Outcome done = job.wait();
  ASSERT_TRUE(done.ok()) << done.message;
}

struct Kind {
  const char* name;
  const char* encoder;
  const char* speed;
  const char* extension;
  double known_leak_bytes;  // of the encoder's library, a job
};

class ManyJobs : public testing::TestWithParam<Kind> {};

TEST_P(ManyJobs, LeaveNothingBehind) {
  const Kind& kind = GetParam();
  const std::string stem = testing::TempDir() + "jinsha-many-" + std::to_string(getpid());
  const std::string source = stem + "-source.mp4", output = stem + kind.extension;
  run_job("generate:320x180@25,frames=8,color=pq", source, "x265", "ultrafast");
  // The least of a stretch: what single jobs leave in the allocator's arenas comes and goes.
  double before = 1e18, after = 1e18, heap_before = 1e18, heap_after = 1e18;
  for (int i = 0; i < kJobs && !HasFatalFailure(); ++i) {
    run_job(source, output, kind.encoder, kind.speed);
    if (i >= kWarmUp && i < 2 * kWarmUp) {
      before = std::min(before, resident_bytes());
      heap_before = std::min(heap_before, heap_bytes());
    }
    if (i >= kJobs - kWarmUp) {
      after = std::min(after, resident_bytes());
      heap_after = std::min(heap_after, heap_bytes());
    }
  }
  const double leaked = kind.known_leak_bytes * (kJobs - kWarmUp);
  EXPECT_LE(after, before * (1 + kTolerance) + leaked)
      << before / 1e6 << " MB after " << kWarmUp << " jobs, " << after / 1e6 << " MB after " << kJobs;
  EXPECT_LE(heap_after, heap_before * (1 + kHeapTolerance) + leaked)
      << heap_before / 1e6 << " MB allocated after " << kWarmUp << " jobs, " << heap_after / 1e6 << " MB after "
      << kJobs;
  RecordProperty("heap_before", std::to_string(heap_before));
  RecordProperty("heap_after", std::to_string(heap_after));
  unlink(source.c_str());
  unlink(output.c_str());
}

// x265 3.5 loses the SAO tables of every encoder it closes: 20 kB at this size, two encoders a job (valgrind), and the
// pages they lie in.
INSTANTIATE_TEST_SUITE_P(Kinds, ManyJobs,
                         testing::Values(Kind{"x265", "x265", "ultrafast", ".ts", 150'000},
                                         Kind{"svt_av1", "svt-av1", "12", ".mp4", 0},
                                         Kind{"uncompressed", "", "", ".y4m", 0}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
