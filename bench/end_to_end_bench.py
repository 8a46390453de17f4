#!/usr/bin/env python3
"""8K HEVC HDR10 to 8K SDR HEVC, whole jobs: `jinsha transcode` against ffmpeg with zscale, tonemap
and libx265, both at ultrafast, alternating. The outputs are checked: frame count, size, colour tags,
no HDR metadata left over.

    end_to_end_bench.py [--pairs N] [--frames N]

Target: wall <= 0.9x of ffmpeg.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import measure  # noqa: E402

HABLE = ("zscale=transfer=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable,"
         "zscale=t=bt709:m=bt709:r=tv,format=yuv420p10le")


def check(path, frames):
    """Size, depth, colour and number of frames of an output, as ffprobe sees them."""
    text = subprocess.run([measure.tool("ffprobe"), "-v", "error", "-count_packets", "-select_streams", "v", "-show_entries",
                           "stream=width,height,pix_fmt,color_transfer,color_primaries,nb_read_packets", "-of", "json", path],
                          capture_output=True, text=True, check=True).stdout
    stream = json.loads(text)["streams"][0]
    expected = {"width": 7680, "height": 4320, "pix_fmt": "yuv420p10le", "color_transfer": "bt709",
                "color_primaries": "bt709", "nb_read_packets": str(frames)}
    return {name: (stream.get(name), value) for name, value in expected.items() if stream.get(name) != value}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--frames", type=int, default=24)
    arguments = parser.parse_args()
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(prefix="jinsha-bench-", dir=memory) as folder:
        source, ours, theirs = f"{folder}/source.hevc", f"{folder}/ours.hevc", f"{folder}/theirs.hevc"
        measure.run([measure.program(), "generate", source, "--size", "7680x4320", "--fps", "50", "--frames", str(arguments.frames),
                     "--color", "pq", "--bitrate", "80M", "--progress", "none"])
        jinsha = [measure.program(), "transcode", source, "-o", ours, "--overwrite", "--color", "sdr", "--tone-map", "hable",
                  "--speed", "ultrafast", "--bitrate", "80M", "--maxrate", "80M", "--gop", "60", "--progress", "none"]
        ffmpeg = [measure.tool("ffmpeg"), "-nostdin", "-v", "error", "-y", "-i", source, "-vf", HABLE, "-c:v", "libx265",
                  "-preset", "ultrafast", "-x265-params", "bitrate=80000:vbv-maxrate=80000:vbv-bufsize=80000:keyint=60:log-level=none",
                  "-f", "hevc", theirs]
        our_runs, their_runs = measure.pairs(jinsha, ffmpeg, arguments.pairs)
        wrong = {**check(ours, arguments.frames), **check(theirs, arguments.frames)}
    print(measure.machine())
    print(measure.version_of([measure.tool("ffmpeg"), "-version"], r"ffmpeg version \S+"))
    print(f"8K HDR10 HEVC to 8K SDR HEVC ultrafast, {arguments.frames} frames, {arguments.pairs} pairs")
    print(measure.describe("jinsha", our_runs))
    print(measure.describe("ffmpeg", their_runs))
    print(f"ratio        wall {measure.median_ratio(our_runs, their_runs, 'wall'):.3f}   user {measure.median_ratio(our_runs, their_runs, 'user'):.3f}")
    if wrong:
        sys.exit(f"the output is wrong: {wrong}")


if __name__ == "__main__":
    main()
