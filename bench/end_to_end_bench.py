#!/usr/bin/env python3
"""8K HEVC HDR10 to 8K SDR, whole jobs: `jinsha transcode` against ffmpeg with zscale, tonemap and
libx265 at ultrafast or libsvtav1 at preset 12, alternating. The outputs are checked: frame
count, size, colour tags, no HDR metadata left over.

    end_to_end_bench.py [--encoder x265|svt-av1] [--pairs N] [--frames N]

Targets: wall <= 0.62x of ffmpeg with x265, <= 0.58x with SVT-AV1.
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


def x265_commands(ours, theirs):
    ours += ["--encoder", "x265", "--speed", "ultrafast", "--bitrate", "80M", "--maxrate", "80M", "--gop", "60"]
    theirs += ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
               "bitrate=80000:vbv-maxrate=80000:vbv-bufsize=80000:keyint=60:log-level=none", "-f", "hevc"]
    return ours, theirs, "hevc"


def svt_commands(ours, theirs):
    ours += ["--encoder", "svt-av1", "--speed", "12", "--crf", "35", "--gop", "60"]
    theirs += ["-c:v", "libsvtav1", "-preset", "12", "-crf", "35", "-g", "60", "-f", "ivf"]
    return ours, theirs, "ivf"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", choices=["x265", "svt-av1"], default="x265")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--frames", type=int, default=24)
    arguments = parser.parse_args()
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(prefix="jinsha-bench-", dir=memory) as folder:
        source = f"{folder}/source.hevc"
        measure.run([measure.program(), "generate", source, "--size", "7680x4320", "--fps", "50", "--frames", str(arguments.frames),
                     "--color", "pq", "--bitrate", "80M", "--progress", "none"])
        make = x265_commands if arguments.encoder == "x265" else svt_commands
        jinsha, ffmpeg, kind = make(
            [measure.program(), "transcode", source, "--overwrite", "--color", "sdr", "--tone-map", "hable", "--progress", "none"],
            [measure.tool("ffmpeg"), "-nostdin", "-v", "error", "-y", "-i", source, "-vf", HABLE])
        ours, theirs = f"{folder}/ours.{kind}", f"{folder}/theirs.{kind}"
        jinsha += ["-o", ours]
        ffmpeg += [theirs]
        our_runs, their_runs = measure.pairs(jinsha, ffmpeg, arguments.pairs)
        wrong = {**check(ours, arguments.frames), **check(theirs, arguments.frames)}
    print(measure.machine())
    print(measure.version_of([measure.tool("ffmpeg"), "-version"], r"ffmpeg version \S+"))
    print(f"8K HDR10 HEVC to 8K SDR, {arguments.encoder}, {arguments.frames} frames, {arguments.pairs} pairs")
    print(measure.describe("jinsha", our_runs))
    print(measure.describe("ffmpeg", their_runs))
    print(f"ratio        wall {measure.median_ratio(our_runs, their_runs, 'wall'):.3f}   user {measure.median_ratio(our_runs, their_runs, 'user'):.3f}")
    if wrong:
        sys.exit(f"the output is wrong: {wrong}")


if __name__ == "__main__":
    main()
