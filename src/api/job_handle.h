// What jinsha_job is.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstring>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "api/job_run.h"
#include "jinsha/jinsha.h"

struct jinsha_job {
  jinsha::JobRun run;
  std::jthread thread;
  std::atomic<bool> running{false};
  bool started = false;
  jinsha::Status result;
  std::string value;  // what jinsha_job_get() gave out
  std::string plan_json;
  std::string plan_text;
  std::string report;
  std::string summary;
  // What jinsha_job_pull_packet() gave out, and the stream it belongs to.
  jinsha::Packet pulled;
  jinsha::VideoStreamInfo pulled_video;
  // Recent (time, frames) pairs, for the rate over the last seconds.
  std::mutex rate_mutex;
  std::deque<std::pair<double, std::int64_t>> recent;
};

namespace jinsha::api {

// Copies `from` into the caller's struct, no further than the caller's size.
template <typename T>
void copy_sized(const T& from, T* to) {
  const std::size_t size = std::min(to->size, sizeof(T));
  std::memcpy(reinterpret_cast<char*>(to) + sizeof(std::size_t),
              reinterpret_cast<const char*>(&from) + sizeof(std::size_t), size - sizeof(std::size_t));
}

}  // namespace jinsha::api
