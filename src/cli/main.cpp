// jinsha: the command line. A client of include/jinsha/jinsha.hpp and nothing else of the project.
#include <cstdio>
#include <string>
#include <vector>

#include "cli/command.h"
#include "jinsha/jinsha.hpp"

namespace jinsha::cli {

const std::vector<Command>& commands() {
  static const std::vector<Command> table{
      {"transcode", "INPUT -o OUTPUT [options]", "decode, convert, encode, multiplex and judge",
       "  jinsha transcode master.mov -o channel.ts --color hlg --bitrate 80M --gop 1s\n"
       "  jinsha transcode film.mkv -o film.mp4 --encoder svt-av1 --crf 30 --color sdr --size 3840x2160\n"
       "  jinsha transcode in.ts -o check.png --range 00:01:30- --color sdr\n"
       "  cat film.y4m | jinsha transcode - -o - --format mpegts --bitrate 20M > film.ts\n",
       run_transcode},
      {"run", "JOB.toml|JOB.json [options]", "run a job document; options given here win over it",
       "  jinsha run channel.toml\n"
       "  jinsha run channel.toml -o other.ts --preset dvb-uhd-hevc --bitrate 20M\n",
       run_document},
      {"probe", "INPUT [--json] [--input-format PIXFMT:WxH@FPS]", "what an input holds",
       "  jinsha probe master.mov\n  jinsha probe master.mov --json\n", run_probe},
      {"verify", "FILE [--json]", "judge a stream by itself", "  jinsha verify channel.ts\n", run_verify},
      {"compare",
       "A B [--json] [--html FILE] [--heatmap FILE.png] [--frame N] [--frames N] [--threads N] "
       "[--progress tty|json|none]",
       "the quality of picture B against the reference A: PSNR, SSIM, XPSNR, Delta E ITP",
       "  jinsha compare master.mov channel.ts\n"
       "  jinsha compare master.mov channel.ts --json --frames 500 > quality.json\n"
       "  jinsha compare hdr.mov sdr.mp4 --html quality.html --heatmap worst.png\n",
       run_compare},
      {"generate", "OUTPUT [--size WxH] [--fps R] [--frames N] [--color pq|hlg|sdr] [--seed N] [encoder options]",
       "make a moving, textured test source with audio",
       "  jinsha generate source.mp4 --size 7680x4320 --fps 50 --frames 50 --color pq\n"
       "  jinsha generate source.y4m --size 1920x1080 --fps 59.94 --frames 120 --color hlg\n",
       run_generate},
      {"encoders", "[--json]", "the encoder back ends and what they can do here", "  jinsha encoders\n", run_encoders},
      {"presets", "[NAME|FILE.toml] [--json]", "the presets, or what one of them sets and why",
       "  jinsha presets\n  jinsha presets iptv-8k-hevc-hlg\n"
       "  jinsha transcode master.mov -o channel.ts --preset iptv-8k-hevc-hlg --bitrate 100M --maxrate 100M "
       "--mux.muxrate 110M\n",
       run_presets},
      {"help", "[COMMAND]", "this text, or one command's options", "  jinsha help transcode\n", run_help},
  };
  return table;
}

const Command* find_command(const std::string& name) {
  for (const Command& command : commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

int usage_error(const std::string& message) {
  std::fprintf(stderr, "jinsha: %s\n", message.c_str());
  return jinsha_exit_status(JINSHA_USAGE);
}

namespace {

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    run_help({});
    return jinsha_exit_status(JINSHA_USAGE);
  }
  const std::string& first = arguments.front();
  if (first == "--version" || first == "-V") {
    std::printf("%s\n", jinsha_build_info());
    return 0;
  }
  if (first == "--help" || first == "-h") return run_help({});
  const Command* command = find_command(first);
  if (!command) return usage_error("there is no command \"" + first + "\" (`jinsha help` lists them)");
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  for (const std::string& argument : rest) {
    if (argument == "--help" || argument == "-h") return run_help({first});
  }
  return command->run(rest);
}

}  // namespace
}  // namespace jinsha::cli

int main(int argc, char** argv) {
  const int status = jinsha::cli::run(std::vector<std::string>(argv + 1, argv + argc));
  // Text that could not be printed (a full disk behind the shell's redirection) is a failure too.
  if (std::fflush(stdout) != 0 && status == 0) return jinsha_exit_status(JINSHA_OUTPUT);
  return status;
}
