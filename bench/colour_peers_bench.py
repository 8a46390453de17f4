#!/usr/bin/env python3
"""CPU time of one 8K 10-bit 4:2:0 frame on one thread: our conversions against those of FFmpeg's filters.

    colour_peers_bench.py [--pairs N] [--row NAME]

Ours are rows of colour_bench, which checks their answers; FFmpeg repeats one frame from memory, and two lengths of run
give the slope, so neither counts reading or starting. Exits with 1 where a ratio is above its bar.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import measure  # noqa: E402

SIDE = 65
HABLE = ("zscale=transfer=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable,"
         "zscale=t=bt709:m=bt709:r=tv,format=yuv420p")
ONE_PASS = "zscale=p=bt709:t=bt709:m=bt709:r=tv:npl=1000,format=yuv420p"
LUT = (f"zscale=m=gbr:r=pc,format=gbrp10le,lut3d={{lut}}:interp=tetrahedral,zscale=m=bt709:r=tv,format=yuv420p10le")
# Row of colour_bench, FFmpeg's chain, frames of its two runs, bar of the ratio ours / theirs.
ROWS = [
    ("pq_to_sdr_8k_10_to_8", HABLE, (2, 5), 1 / 8),
    ("pq_to_sdr_8k_10_to_8", ONE_PASS, (2, 12), 0.8),
    ("pq_to_hlg_8k", "zscale=t=arib-std-b67:npl=1000:agamma=0", (1, 3), 1 / 20),
    ("pq_to_hlg_8k", "zscale=t=arib-std-b67:npl=1000", (2, 12), 0.5),
    ("lut65_8k", LUT, (2, 5), 1 / 6),
]


def ours_ms(bench, row):
    """CPU milliseconds a frame, widest vectors, one thread."""
    command = [bench, f"--benchmark_filter=^{row}/target:0/threads:1/", "--benchmark_format=json", "--benchmark_min_time=0.5"]
    result = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["benchmarks"][0]
    if result.get("error_occurred"):
        sys.exit(f"{row}: {result['error_message']}")
    return result["cpu_ms"]


def theirs_ms(ffmpeg, source, chain, lengths):
    """The same of FFmpeg's filters: the slope between two lengths."""
    def cpu_s(frames):
        run = measure.run([ffmpeg, "-v", "error", "-nostdin", "-filter_threads", "1", "-f", "rawvideo", "-pix_fmt", "yuv420p10le",
                           "-s", "7680x4320", "-r", "50", "-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace",
                           "bt2020nc", "-color_range", "tv", "-i", source, "-vf", f"loop=loop={frames - 1}:size=1:start=0,{chain}",
                           "-f", "null", "-"])
        return run.user + run.system
    return (cpu_s(lengths[1]) - cpu_s(lengths[0])) / (lengths[1] - lengths[0]) * 1e3


def write_identity(path):
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"LUT_3D_SIZE {SIDE}\n")
        for index in range(SIDE ** 3):
            r, g, b = index % SIDE, index // SIDE % SIDE, index // SIDE ** 2
            file.write(f"{r / (SIDE - 1):.6f} {g / (SIDE - 1):.6f} {b / (SIDE - 1):.6f}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--row", default="", help="of colour_bench, as below; all if left out")
    arguments = parser.parse_args()
    ffmpeg = measure.tool("ffmpeg")
    bench = os.path.join(os.path.dirname(measure.program()), "bench", "colour_bench")
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    failed = False
    print(measure.machine())
    print(measure.version_of([ffmpeg, "-version"], r"ffmpeg version \S+"))
    with tempfile.TemporaryDirectory(prefix="jinsha-bench-", dir=memory) as folder:
        source, lut = f"{folder}/one.yuv", f"{folder}/identity.cube"
        # `generate` has the texture and grain of a picture.
        measure.run([measure.program(), "generate", source, "--size", "7680x4320", "--frames", "1", "--color", "pq", "--chroma", "420",
                     "--progress", "none"])
        write_identity(lut)
        for row, chain, lengths, bar in ROWS:
            if arguments.row not in ("", row):
                continue
            chain = chain.format(lut=lut)
            times = [(ours_ms(bench, row), theirs_ms(ffmpeg, source, chain, lengths)) for _ in range(arguments.pairs)]
            ratio = statistics.median(a / b for a, b in times)
            print(f"{row:22s} {statistics.median(t[0] for t in times):7.1f} ms   ffmpeg {statistics.median(t[1] for t in times):7.1f} ms   "
                  f"ratio {ratio:.3f} (bar {bar:.3f}) {chain}")
            failed |= ratio > bar
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
