#!/usr/bin/env python3
"""What a job on a file of two frames takes beyond its encoder: HEVC through jinsha, judged, against the
encoder's own program on the decoded pictures. The coded bits must be identical.

    short_job_bench.py [--encoder x265|svt-av1] [--size 4k|8k] [--pairs N]

Target: < 0.5 s more.
"""
import argparse
import os
import statistics
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import encoder_overhead_bench  # noqa: E402
import measure  # noqa: E402

SIZES = {"4k": "3840x2160", "8k": "7680x4320"}
FRAMES = 2


def compare(encoder, size, pair_count):
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(prefix="jinsha-bench-", dir=memory) as folder:
        coded, raw = f"{folder}/source.hevc", f"{folder}/source.y4m"
        measure.run([measure.program(), "generate", coded, "--size", SIZES[size], "--fps", "50", "--frames", str(FRAMES),
                     "--color", "sdr", "--depth", "10", "--speed", "medium", "--bitrate", "80M", "--progress", "none"])
        measure.run([measure.program(), "transcode", coded, "-o", raw, "--progress", "none"])
        make, speed = ((encoder_overhead_bench.x265_commands, "ultrafast") if encoder == "x265" else
                       (encoder_overhead_bench.svt_commands, "12"))
        ours_command, theirs_command, outputs = make(raw, FRAMES, speed, folder)
        ours_command[ours_command.index(raw)] = coded
        ours, theirs = measure.pairs(ours_command, theirs_command, pair_count)
        our_bits, their_bits = outputs()
        same = our_bits == their_bits and len(our_bits) >= FRAMES
    more = statistics.median(a.wall - b.wall for a, b in zip(ours, theirs))
    print(f"{encoder:8s} {size}  jinsha {measure.median(ours, 'wall'):.2f} s   {encoder} {measure.median(theirs, 'wall'):.2f} s   "
          f"difference {more:+.2f} s   coded bits {'identical' if same else 'DIFFERENT'}")
    return same


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", choices=["x265", "svt-av1"], action="append")
    parser.add_argument("--size", choices=list(SIZES), action="append")
    parser.add_argument("--pairs", type=int, default=7)
    arguments = parser.parse_args()
    print(measure.machine())
    print(f"{FRAMES} frames, 10-bit HEVC in, {arguments.pairs} pairs")
    good = True
    for encoder in arguments.encoder or ["x265", "svt-av1"]:
        for size in arguments.size or list(SIZES):
            good = compare(encoder, size, arguments.pairs) and good
    sys.exit(0 if good else "the coded bits differ")


if __name__ == "__main__":
    main()
