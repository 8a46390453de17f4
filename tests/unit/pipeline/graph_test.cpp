#include "pipeline/graph.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace jinsha {
namespace {

using namespace std::chrono_literals;

Packet packet_of(std::int64_t pts) {
  Packet packet;
  packet.pts = pts;
  return packet;
}

// Emits each packet `copies` times; fails at `fail_at`; holds the last one back until flush().
class TestStage final : public Stage {
 public:
  TestStage(std::vector<std::int64_t>* seen, std::int64_t fail_at = -1, std::chrono::microseconds delay = 0us)
      : seen_(seen), fail_at_(fail_at), delay_(delay) {}
  const char* name() const override { return "test"; }
  Status process(Item item, const Emit& emit) override {
    const auto* packet = std::get_if<Packet>(&item);
    if (!packet) return emit(std::move(item));
    if (packet->pts == fail_at_) return make_error(ErrorCode::kOutput, "packet {} failed", packet->pts);
    if (delay_ > 0us) std::this_thread::sleep_for(delay_);
    if (seen_) seen_->push_back(packet->pts);
    if (held_) {
      const Status status = emit(std::move(*held_));
      if (!status.ok()) return status;
    }
    held_ = std::move(item);
    return {};
  }
  Status flush(const Emit& emit) override { return held_ ? emit(std::move(*held_)) : Status(); }

 private:
  std::vector<std::int64_t>* seen_;
  std::int64_t fail_at_;
  std::chrono::microseconds delay_;
  std::optional<Item> held_;
};

Graph::Pull counting_source(std::int64_t count) {
  return [count, next = std::int64_t{0}]() mutable -> Result<Item> {
    if (next == count) return Item(EndOfStream{});
    return Item(packet_of(next++));
  };
}

TEST(Graph, EveryItemPassesEveryStageInOrderAndHeldOnesAreFlushed) {
  std::vector<std::int64_t> last;
  std::vector<std::unique_ptr<Stage>> stages;
  stages.push_back(std::make_unique<TestStage>(nullptr));
  stages.push_back(std::make_unique<TestStage>(nullptr, -1, 20us));
  stages.push_back(std::make_unique<TestStage>(&last));
  Graph graph("source", counting_source(1000), std::move(stages), std::stop_source());
  ASSERT_TRUE(graph.run().ok());
  ASSERT_EQ(last.size(), 1000U);
  for (std::int64_t i = 0; i < 1000; ++i) ASSERT_EQ(last[static_cast<std::size_t>(i)], i);
  for (const auto& meter : graph.meters()) EXPECT_EQ(meter->frames, 1000) << meter->name;
}

TEST(Graph, TheFirstErrorStopsEveryThreadAndIsReturned) {
  for (const std::size_t failing : {0U, 1U, 2U}) {
    std::vector<std::unique_ptr<Stage>> stages;
    for (std::size_t i = 0; i < 3; ++i) stages.push_back(std::make_unique<TestStage>(nullptr, i == failing ? 300 : -1));
    Graph graph("source", counting_source(std::int64_t{1} << 60), std::move(stages), std::stop_source());
    const Status status = graph.run();
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::kOutput);
    EXPECT_EQ(status.error().message, "packet 300 failed");
  }
}

TEST(Graph, AnErrorOfTheSourceIsReturned) {
  std::vector<std::unique_ptr<Stage>> stages;
  stages.push_back(std::make_unique<TestStage>(nullptr));
  Graph graph(
      "source", []() -> Result<Item> { return make_error(ErrorCode::kInput, "broken"); }, std::move(stages),
      std::stop_source());
  EXPECT_EQ(graph.run().error().code, ErrorCode::kInput);
}

TEST(Graph, AStopEndsARunThatWouldNeverEnd) {
  std::vector<std::unique_ptr<Stage>> stages;
  stages.push_back(std::make_unique<TestStage>(nullptr));
  stages.push_back(std::make_unique<TestStage>(nullptr, -1, 100us));
  std::stop_source stop;
  Graph graph("source", counting_source(std::int64_t{1} << 60), std::move(stages), stop);
  std::jthread canceller([&] {
    std::this_thread::sleep_for(30ms);
    stop.request_stop();
  });
  const Status status = graph.run();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kInterrupted);
}

}  // namespace
}  // namespace jinsha
