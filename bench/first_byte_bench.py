#!/usr/bin/env python3
"""Time to the first written byte: 4K HEVC in through jinsha, minus what the x265 program needs on
the decoded pictures. Both write into a pipe whose first byte is timed; alternating runs.

    first_byte_bench.py [--pairs N]

Target: <= 1 s more.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import measure  # noqa: E402


MEMORY = 3 << 30  # more than either takes


def first_byte_s(command):
    measure.touch_memory(MEMORY)
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        started = time.monotonic()
        first = process.stdout.read(1)
        taken = time.monotonic() - started
        process.stdout.read()
        messages = process.stderr.read()
    if process.returncode != 0 or not first:
        sys.exit(f"{' '.join(command)}\nended with {process.returncode}:\n{messages.decode(errors='replace')}")
    return taken


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=7)
    arguments = parser.parse_args()
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(prefix="jinsha-bench-", dir=memory) as folder:
        coded, raw = f"{folder}/source.hevc", f"{folder}/source.y4m"
        measure.run([measure.program(), "generate", coded, "--size", "3840x2160", "--fps", "50", "--frames", "60", "--color", "pq",
                     "--bitrate", "40M", "--progress", "none"])
        measure.run([measure.program(), "transcode", coded, "-o", raw, "--progress", "none"])
        jinsha = [measure.program(), "transcode", coded, "-o", "-", "--format", "hevc", "--speed", "medium", "--crf", "28",
                  "--gop", "50", "--progress", "none"]
        x265 = [measure.tool("x265"), "--input", raw, "--output", "-", "--preset", "medium", "--crf", "28", "--keyint", "50",
                "--min-keyint", "50", "--no-open-gop", "--repeat-headers", "-D", "10", "--frame-threads", "3", "--log-level", "none",
                "--no-progress"]
        for command in (jinsha, x265):
            first_byte_s(command)
        times = [(first_byte_s(jinsha), first_byte_s(x265)) for _ in range(arguments.pairs)]
    print(measure.machine())
    print(f"first byte, 4K HEVC in, x265 medium: jinsha {statistics.median(t[0] for t in times):.2f} s, "
          f"x265 {statistics.median(t[1] for t in times):.2f} s, "
          f"difference {statistics.median(t[0] - t[1] for t in times):+.2f} s ({arguments.pairs} pairs)")


if __name__ == "__main__":
    main()
