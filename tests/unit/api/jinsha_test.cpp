// The C interface as an automation uses it: several jobs, cancelling, progress, errors, sized structs.
#include "jinsha/jinsha.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>

#include "jinsha/jinsha.hpp"

namespace jinsha {
namespace {

using namespace std::chrono_literals;

std::string temporary(const char* name) {
  return ::testing::TempDir() + "jinsha_api_" + std::to_string(getpid()) + "_" + name;
}

void set_small_job(Job& job, const std::string& output, const char* frames) {
  ASSERT_TRUE(job.set("input", std::string("generate:320x180@50,frames=") + frames + ",color=pq").ok());
  ASSERT_TRUE(job.set("output", output).ok());
  ASSERT_TRUE(job.set("speed", "ultrafast").ok());
  ASSERT_TRUE(job.set("bitrate", "2M").ok());
  ASSERT_TRUE(job.set("overwrite", "").ok());
}

TEST(Api, AJobRunsAndReports) {
  const std::string output = temporary("done.ts");
  Job job;
  std::string log;
  job.on_log([&](jinsha_log_level, const char* message) { log += message; });
  set_small_job(job, output, "25");
  ASSERT_TRUE(job.plan().ok());
  EXPECT_NE(job.plan_json().find("\"encoder\": \"x265\""), std::string::npos);
  ASSERT_TRUE(job.start().ok());
  const Outcome outcome = job.wait();
  ASSERT_TRUE(outcome.ok()) << outcome.message;
  EXPECT_NE(job.report().find("\"passed\": true"), std::string::npos);
  EXPECT_EQ(job.progress()->frames, 25);
  EXPECT_EQ(access(output.c_str(), R_OK), 0);
  std::string verdict;
  EXPECT_TRUE(verify(output, verdict).ok());
  std::string source;
  EXPECT_TRUE(probe(output, "", source).ok());
  EXPECT_NE(source.find("\"hevc\""), std::string::npos);
  unlink(output.c_str());
}

TEST(Api, TwoJobsAtOnceDoNotMeet) {
  Job first;
  Job second;
  const std::string a = temporary("a.ts");
  const std::string b = temporary("b.ts");
  set_small_job(first, a, "40");
  set_small_job(second, b, "20");
  ASSERT_TRUE(first.start().ok());
  ASSERT_TRUE(second.start().ok());
  EXPECT_TRUE(first.wait().ok());
  EXPECT_TRUE(second.wait().ok());
  EXPECT_EQ(first.progress()->frames, 40);
  EXPECT_EQ(second.progress()->frames, 20);
  unlink(a.c_str());
  unlink(b.c_str());
}

TEST(Api, CancellingFromAnotherThreadEndsAnEndlessJob) {
  const std::string output = temporary("cancelled.ts");
  Job job;
  set_small_job(job, output, "1000000");
  ASSERT_TRUE(job.start().ok());
  std::thread canceller([&] {
    while (!job.progress() || job.progress()->frames < 5) std::this_thread::sleep_for(5ms);
    job.cancel();
    job.cancel();
  });
  const Outcome outcome = job.wait();
  canceller.join();
  EXPECT_EQ(outcome.code, JINSHA_INTERRUPTED);
  EXPECT_EQ(outcome.exit_status(), 130);
  EXPECT_NE(outcome.message.find(".partial."), std::string::npos);
  unlink(temporary("cancelled.partial.ts").c_str());
}

TEST(Api, FreeingARunningJobStopsIt) {
  const std::string output = temporary("freed.ts");
  {
    Job job;
    set_small_job(job, output, "1000000");
    ASSERT_TRUE(job.start().ok());
  }
  unlink(temporary("freed.partial.ts").c_str());
  EXPECT_NE(access(output.c_str(), R_OK), 0);
}

TEST(Api, ErrorsCarryCodeMessageAndExitStatus) {
  jinsha_job* job = jinsha_job_new();
  jinsha_error* error = nullptr;
  EXPECT_EQ(jinsha_job_set(job, "crf", "high", &error), JINSHA_USAGE);
  EXPECT_EQ(jinsha_error_code(error), JINSHA_USAGE);
  EXPECT_NE(std::string(jinsha_error_message(error)).find("--crf"), std::string::npos);
  jinsha_error_free(error);
  // No error object wanted, and arguments that are missing.
  EXPECT_EQ(jinsha_job_set(job, "crf", "high", nullptr), JINSHA_USAGE);
  EXPECT_EQ(jinsha_job_set(nullptr, "crf", "1", nullptr), JINSHA_USAGE);
  EXPECT_EQ(jinsha_job_wait(job, nullptr), JINSHA_USAGE);
  EXPECT_EQ(jinsha_job_plan(job, nullptr), JINSHA_USAGE);
  EXPECT_EQ(jinsha_job_plan_json(job), nullptr);
  EXPECT_EQ(jinsha_job_report(job), nullptr);
  EXPECT_EQ(jinsha_job_running(job), 0);
  jinsha_job_free(job);
  jinsha_job_free(nullptr);
  jinsha_error_free(nullptr);
  EXPECT_EQ(jinsha_exit_status(JINSHA_REJECTED), 6);
  char* json = nullptr;
  EXPECT_EQ(jinsha_probe("/no/such/file", nullptr, &json, nullptr), JINSHA_INPUT);
  EXPECT_EQ(json, nullptr);
  EXPECT_EQ(jinsha_verify("/no/such/file", &json, nullptr), JINSHA_INPUT);
}

TEST(Api, OptionsCannotChangeOnceAJobIsPlanned) {
  Job job;
  set_small_job(job, temporary("never.ts"), "3");
  ASSERT_TRUE(job.plan().ok());
  EXPECT_EQ(job.set("crf", "20").code, JINSHA_USAGE);
}

TEST(Api, ADocumentIsReadAndWhatIsSetWinsOverIt) {
  const std::string name = temporary("job.toml");
  std::ofstream(name) << "preset = \"hd-sdr\"\nbitrate = \"5M\"\ncolor = \"hlg\"\n";
  Job job;
  ASSERT_TRUE(job.set("color", "pq").ok());
  ASSERT_TRUE(job.load_file(name).ok());
  EXPECT_EQ(job.get("color"), "pq");
  EXPECT_EQ(job.get("bitrate"), "5M");
  EXPECT_EQ(job.get("size"), "1920x1080");
  EXPECT_EQ(job.get("crf"), std::nullopt);
  EXPECT_EQ(job.load_file(name).code, JINSHA_USAGE) << "one document for a job";
  std::remove(name.c_str());
  EXPECT_EQ(Job().load_file(name).code, JINSHA_USAGE);
  EXPECT_EQ(jinsha_job_load_file(nullptr, "x", nullptr), JINSHA_USAGE);
  EXPECT_EQ(jinsha_job_get(nullptr, "x"), nullptr);
}

TEST(Api, PresetsAreListedAndExplained) {
  EXPECT_NE(presets().find("\"iptv-8k-hevc-hlg\""), std::string::npos);
  std::string json;
  ASSERT_TRUE(preset("web-4k-av1-hdr", json).ok());
  EXPECT_NE(json.find("3840x2160"), std::string::npos);
  EXPECT_EQ(json.find("7680x4320"), std::string::npos) << "replaced by the preset that inherits";
  EXPECT_EQ(preset("none", json).code, JINSHA_USAGE);
}

// A client compiled against an older, smaller struct must not be written beyond its end.
TEST(Api, SizedStructsAreFilledNoFurtherThanTheirSize) {
  struct {
    jinsha_option option;
    char guard[16];
  } box;
  std::memset(&box, 0x55, sizeof box);
  box.option.size = offsetof(jinsha_option, group);
  ASSERT_EQ(jinsha_option_at(0, &box.option), 1);
  EXPECT_STREQ(box.option.key, "input");
  unsigned char untouched[sizeof(void*)];
  std::memset(untouched, 0x55, sizeof untouched);
  EXPECT_EQ(std::memcmp(&box.option.group, untouched, sizeof untouched), 0);
  EXPECT_EQ(jinsha_option_at(jinsha_option_count(), &box.option), 0);
}

}  // namespace
}  // namespace jinsha
