#!/usr/bin/env python3
"""What jinsha costs beyond the encoder: the encoder's own program against `jinsha transcode` on the
same raw pictures in memory, same parameters, CRF, no colour work. The coded bits must be identical.

    encoder_overhead_bench.py [--encoder x265|svt-av1] [--size 8k|4k] [--pairs N] [--frames N] [--speed S]

Targets: user CPU <= 1.02x; wall (median of >= 7 pairs) <= 1.05x at 8K and <= 1.03x at 4K; peak
memory <= +600 MB.
"""
import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import measure  # noqa: E402

# Enough frames that what is paid once (blocks touched for the first time) does not hide what is paid for each.
SIZES = {"8k": ("7680x4320", 40), "4k": ("3840x2160", 120)}
GOP = 50
THREADS = os.cpu_count()


def settings_of(source, output, folder, options):
    """What the encoder really does in such a job: the plan of a run of two frames."""
    report = f"{folder}/report.json"
    measure.run([measure.program(), "transcode", source, "-o", output, "--overwrite", "--frames", "2", "--report", report, "--progress", "none",
                 *options])
    return json.loads(Path(report).read_text(encoding="utf-8"))["plan"]["video"]["native"]


def x265_commands(source, frames, speed, folder):
    ours, theirs = f"{folder}/ours.hevc", f"{folder}/theirs.hevc"
    options = ["--encoder", "x265", "--speed", speed, "--crf", "28", "--gop", str(GOP), "--threads", str(THREADS)]
    native = settings_of(source, ours, folder, options)
    asm = ["--asm", "avx512"] if "avx512f" in Path("/proc/cpuinfo").read_text(encoding="utf-8") else []
    if not measure.version_of([measure.tool("x265"), "--version"], r"version \S+").startswith("version 3."):
        asm = []
    jinsha = [measure.program(), "transcode", source, "-o", ours, "--overwrite", "--progress", "none", *options]
    x265 = [measure.tool("x265"), "--input", source, "--output", theirs, "--preset", speed, "--crf", "28", "--keyint", str(GOP),
            "--min-keyint", str(GOP), "--no-scenecut", "--no-open-gop", "--repeat-headers", "--no-info", "--frame-threads",
            native["frame-threads"], "--lookahead-slices", native["lookahead-slices"], "--pools", str(max(4, THREADS)), "--frames", str(frames),
            "--sar", "1", "--no-progress", "--log-level", "none", "-D", "10"] + asm
    return jinsha, x265, lambda: (measure.coded_slices(ours), measure.coded_slices(theirs))


def svt_commands(source, frames, speed, folder):
    ours, theirs = f"{folder}/ours.ivf", f"{folder}/theirs.ivf"
    options = ["--encoder", "svt-av1", "--speed", speed, "--crf", "35", "--gop", str(GOP), "--threads", str(THREADS)]
    native = settings_of(source, ours, folder, options)
    jinsha = [measure.program(), "transcode", source, "-o", ours, "--overwrite", "--progress", "none", *options]
    svt = [measure.tool("SvtAv1EncApp"), "-i", source, "-b", theirs, "--preset", speed, "--rc", "0", "--crf", "35", "--keyint", str(GOP),
           "--irefresh-type", "2", "--lp", native["lp"], "--level", f"{native['level'][0]}.{native['level'][1]}", "-n", str(frames),
           "--progress", "0"]
    return jinsha, svt, lambda: (frames_of(ours), frames_of(theirs))


def frames_of(path):
    """The frames of an IVF file without sequence headers, which carry the colour tags."""
    return [[obu for kind, obu in measure.obus(unit) if kind in (3, 6)] for unit in measure.ivf_frames(path)]


def compare(encoder, size, pair_count, frames, speed):
    pixels, default_frames = SIZES[size]
    frames = frames or default_frames
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(prefix="jinsha-bench-", dir=memory) as folder:
        source = f"{folder}/source.y4m"
        measure.run([measure.program(), "generate", source, "--size", pixels, "--fps", "50", "--frames", str(frames),
                     "--color", "sdr", "--depth", "10", "--progress", "none"])
        make = x265_commands if encoder == "x265" else svt_commands
        ours_command, theirs_command, outputs = make(source, frames, speed, folder)
        ours, theirs = measure.pairs(ours_command, theirs_command, pair_count)
        our_bits, their_bits = outputs()
        same = our_bits == their_bits and len(our_bits) >= frames
    print(f"{encoder} {speed}, {pixels} 10-bit, {frames} frames, {pair_count} pairs")
    print(measure.describe("jinsha", ours))
    print(measure.describe(encoder, theirs))
    print(f"ratio        wall {measure.median_ratio(ours, theirs, 'wall'):.3f}   user {measure.median_ratio(ours, theirs, 'user'):.3f}   "
          f"peak memory {(measure.median(ours, 'rss') - measure.median(theirs, 'rss')) / 1e6:+.0f} MB   "
          f"coded bits {'identical' if same else 'DIFFERENT'} ({len(our_bits)} units)")
    return same


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", choices=["x265", "svt-av1"], action="append")
    parser.add_argument("--size", choices=list(SIZES), action="append")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--frames", type=int, default=0)
    parser.add_argument("--speed", default="")
    arguments = parser.parse_args()
    print(measure.machine())
    good = True
    for encoder in arguments.encoder or ["x265", "svt-av1"]:
        for size in arguments.size or list(SIZES):
            speed = arguments.speed or ("ultrafast" if encoder == "x265" else "12")
            good = compare(encoder, size, arguments.pairs, arguments.frames, speed) and good
    sys.exit(0 if good else "the coded bits differ")


if __name__ == "__main__":
    main()
