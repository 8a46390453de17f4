// Drives a fuzzer without libFuzzer: every file of the corpus folder, then mutations of them drawn
// from a fixed seed, so that a failure here repeats; how many of each may be said. A crash writes the input that caused
// it to NAME.replay in the current folder.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// Of the sanitizers' run time, where there is one: they end the program without a signal.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

using Input = std::vector<std::uint8_t>;
constexpr std::uint32_t kSeed = 1;
constexpr int kMutationsPerFile = 2000;  // unless said

// What is running now, for the handlers below.
const Input* running = nullptr;
std::string dump_name;

void dump() {
  const int file = open(dump_name.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || !running) return;
  const ssize_t written = write(file, running->data(), running->size());
  close(file);
  constexpr char kText[] = "the input is in the .replay file of this folder\n";
  if (written >= 0 && write(STDERR_FILENO, kText, sizeof kText - 1) < 0) _exit(1);
}

void on_crash(int signal_number) {
  std::signal(signal_number, SIG_DFL);
  dump();
  std::raise(signal_number);
}

// Runs one input from memory of exactly its size, so that a sanitizer sees a read past the end.
void run(const Input& input) {
  const Input exact(input);
  running = &exact;
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
  running = nullptr;
}

Input mutate(Input input, const std::vector<Input>& corpus, std::mt19937& random) {
  const auto below = [&](std::size_t limit) { return limit == 0 ? 0 : random() % limit; };
  for (std::size_t round = 1 + below(8); round > 0; --round) {
    const std::size_t at = below(input.size());
    const auto place = input.begin() + static_cast<std::ptrdiff_t>(at);
    switch (below(6)) {
      case 0:  // flip a bit
        if (!input.empty()) input[at] = static_cast<std::uint8_t>(input[at] ^ (1U << below(8)));
        break;
      case 1:  // set a byte, extremes more often than others
        if (!input.empty()) input[at] = static_cast<std::uint8_t>(below(2) ? below(256) : below(2) * 255);
        break;
      case 2:  // cut the end off
        input.resize(at);
        break;
      case 3:  // take a piece out
        if (!input.empty()) input.erase(place, place + static_cast<std::ptrdiff_t>(below(input.size() - at)));
        break;
      case 4:  // double a piece
        if (!input.empty()) {
          const Input piece(place,
                            place + static_cast<std::ptrdiff_t>(below(std::min<std::size_t>(input.size() - at, 4096))));
          input.insert(input.begin() + static_cast<std::ptrdiff_t>(below(input.size())), piece.begin(), piece.end());
        }
        break;
      default:  // go on with the tail of another file
        const Input& other = corpus[below(corpus.size())];
        input.resize(at);
        input.insert(input.end(), other.begin() + static_cast<std::ptrdiff_t>(below(other.size())), other.end());
        break;
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  const int mutations = argc == 3 ? std::atoi(argv[2]) : kMutationsPerFile;
  if (argc < 2 || argc > 3 || mutations < 0) {
    std::fprintf(stderr, "usage: %s CORPUS_FOLDER [MUTATIONS_OF_EACH]\n", argv[0]);
    return 2;
  }
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1], error)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Input> corpus;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (corpus.empty()) {
    std::fprintf(stderr, "%s holds no input\n", argv[1]);
    return 1;
  }

  dump_name = std::filesystem::path(argv[0]).filename().string() + ".replay";
  for (const int signal_number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(signal_number, on_crash);
  if (__sanitizer_set_death_callback) __sanitizer_set_death_callback(dump);
  std::mt19937 random(kSeed);
  run({});
  for (const Input& input : corpus) {
    run(input);
    for (int i = 0; i < mutations; ++i) run(mutate(input, corpus, random));
  }
  std::printf("%zu inputs, %d mutations of each\n", corpus.size(), mutations);
  return 0;
}
