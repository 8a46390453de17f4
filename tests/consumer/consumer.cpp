// A C++ client of an installed Jinsha: a job document with a preset, run and judged.
#include <jinsha/jinsha.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  jinsha::Job job;
  jinsha::Outcome outcome = job.load_file(argv[1]);
  if (outcome.ok()) outcome = job.set("output", argv[2]);
  if (outcome.ok()) outcome = job.start();
  if (outcome.ok()) outcome = job.wait();
  if (!outcome.ok()) {
    std::fprintf(stderr, "%s\n", outcome.message.c_str());
    return outcome.exit_status();
  }
  std::string verdict;
  outcome = jinsha::verify(argv[2], verdict);
  std::printf("%s\n", job.summary().c_str());
  return outcome.exit_status();
}
