"""--encoder copy: coded pictures of other people's encoders and multiplexers, into every output that carries them.

What comes out must decode to the same pictures (ffmpeg's hashes), at the same times, and pass the judge.
"""
import json
import subprocess
from pathlib import Path

import e2e

PICTURES = 60
# Codec, how ffmpeg is to code it. Reordering, open groups, weighted prediction, fields.
CODINGS = {
    "hevc": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:keyint=20:bframes=4:b-pyramid=1:hrd=1:vbv-maxrate=2000:vbv-bufsize=2000"],
    "hevc-open": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:keyint=20:bframes=3:open-gop=1"],
    "avc": ["-c:v", "libx264", "-preset", "faster", "-g", "20", "-bf", "3", "-x264-params", "b-pyramid=normal:weightp=2:weightb=1"],
    "avc-open": ["-c:v", "libx264", "-preset", "faster", "-g", "20", "-bf", "2", "-x264-params", "open-gop=1"],
    "avc-baseline": ["-c:v", "libx264", "-profile:v", "baseline", "-g", "20"],
    "avc-interlaced": ["-c:v", "libx264", "-preset", "faster", "-g", "20", "-flags", "+ildct+ilme", "-x264-params", "tff=1"],
    "av1": ["-c:v", "libsvtav1", "-preset", "12", "-g", "20"],
}
CONTAINERS = {"hevc": ["mp4", "mkv", "ts", "hevc"], "avc": ["mp4", "mkv", "ts", "h264"], "av1": ["mp4", "mkv", "ivf", "obu"]}
OUTPUTS = {"hevc": ["ts", "mp4", "hevc"], "avc": ["ts", "mp4", "h264"], "av1": ["mp4", "ivf", "obu"]}


class Copy(e2e.JobTest):
    def ffmpeg(self, *arguments):
        self.need("ffmpeg")
        result = subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], capture_output=True, check=False)
        self.assertEqual(result.returncode, 0, result.stderr.decode(errors="replace"))
        return result.stdout

    def source(self, name, coding, *options, rate="30000/1001", sound=False):
        tone = ["-f", "lavfi", "-i", "sine=f=440:r=48000:d=3", "-c:a", "aac", "-shortest"] if sound else []
        self.ffmpeg("-f", "lavfi", "-i", f"testsrc2=s=320x240:r={rate}", *tone, "-frames:v", PICTURES, "-pix_fmt", "yuv420p", *coding,
                    *options, self.path(name))
        return self.path(name)

    def pictures(self, path):
        return self.ffmpeg("-i", path, "-map", "v:0", "-fps_mode", "passthrough", "-f", "md5", "-")

    def times(self, path):
        packets = self.ffprobe(path, "-show_packets", "-select_streams", "v")["packets"]
        times = sorted(float(packet["pts_time"]) for packet in packets)
        return [round(time - times[0], 3) for time in times]

    def test_every_coding_out_of_and_into_every_container(self):
        for coding, options in CODINGS.items():
            codec = coding.split("-")[0]
            for container in CONTAINERS[codec]:
                source = self.source(f"{coding}.{container}", options)
                expected = self.pictures(source)
                for output in OUTPUTS[codec]:
                    with self.subTest(coding=coding, source=container, output=output):
                        arguments = ["--fps", "30000/1001"] if container in ("hevc", "h264", "obu") else []
                        report = self.transcode(source, f"out.{output}", "--encoder", "copy", "--overwrite", *arguments)
                        self.assertTrue(report["judge"]["passed"])
                        self.assertEqual(report["judge"]["facts"]["frames"], PICTURES)
                        self.assertEqual(self.pictures(self.path(f"out.{output}")), expected)
                        if output in ("ts", "mp4"):
                            grid = [round(k * 1001 / 30000, 3) for k in range(PICTURES)]
                            for time, wanted in zip(self.times(self.path(f"out.{output}")), grid):
                                self.assertAlmostEqual(time, wanted, delta=0.0011)

    def test_sound_stays_with_the_pictures(self):
        source = self.source("in.mp4", CODINGS["avc"], sound=True)
        before = self.ffprobe(source, "-show_streams")["streams"]
        self.transcode(source, "out.ts", "--encoder", "copy")
        after = self.ffprobe(self.path("out.ts"), "-show_streams")["streams"]
        self.assertEqual([stream["codec_name"] for stream in after], ["h264", "aac"])
        apart = [float(streams[1]["start_time"]) - float(streams[0]["start_time"]) for streams in (before, after)]
        self.assertAlmostEqual(apart[0], apart[1], delta=0.03)  # the priming packet before the first picture stays out

    def test_a_stream_joined_in_the_middle_begins_at_what_can_be_decoded(self):
        for coding in ("hevc-open", "avc-open"):
            with self.subTest(coding=coding):
                source = Path(self.source(f"{coding}.ts", CODINGS[coding]))
                bytes_ = source.read_bytes()
                cut = self.path("cut.ts")
                Path(cut).write_bytes(bytes_[len(bytes_) // 3 // 188 * 188:])
                report = self.transcode(cut, "out.ts", "--encoder", "copy", "--overwrite")
                self.assertGreater(report["source_counters"]["frames_before_key"], 0)
                self.assertLess(report["judge"]["facts"]["frames"], PICTURES)
                self.assertEqual(self.ffmpeg("-i", self.path("out.ts"), "-f", "null", "-"), b"")  # no message of the decoder
                self.transcode(cut, "strict.ts", "--encoder", "copy", "--strict", "--overwrite", status=e2e.LOSSES)

    def test_times_that_vary_are_kept(self):
        source = self.path("vfr.mkv")
        self.ffmpeg("-f", "lavfi", "-i", "testsrc2=s=320x240:r=50", "-vf", "select='not(mod(n,3))+not(mod(n,5))'", "-fps_mode", "passthrough",
                    "-frames:v", PICTURES, "-pix_fmt", "yuv420p", *CODINGS["avc"], source)
        self.transcode(source, "out.mp4", "--encoder", "copy")
        self.assertEqual(self.pictures(self.path("out.mp4")), self.pictures(source))
        for time, wanted in zip(self.times(self.path("out.mp4")), self.times(source)):
            self.assertAlmostEqual(time, wanted, delta=0.0011)

    def test_a_fixed_mux_rate_is_kept_or_refused(self):
        source = self.source("in.mp4", CODINGS["avc"])
        self.transcode(source, "out.ts", "--encoder", "copy", "--mux.muxrate", "8M")
        rate = float(self.ffprobe(self.path("out.ts"), "-show_format")["format"]["bit_rate"])
        self.assertAlmostEqual(rate / 8e6, 1, delta=0.05)
        self.transcode(source, "low.ts", "--encoder", "copy", "--mux.muxrate", "100k", status=(e2e.OUTPUT, e2e.USAGE, e2e.NOT_POSSIBLE))

    def test_what_asks_for_other_pictures_is_refused(self):
        source = self.source("in.mp4", CODINGS["avc"])
        for options in (["--size", "160x120"], ["--crf", "20"], ["--color", "pq"], ["--frames", "5"], ["--gop", "10"], ["--depth", "10"],
                        ["--hdr-metadata", "drop"], ["--speed", "fast"], ["--fps", "25"]):
            with self.subTest(options=options):
                self.transcode(source, "out.ts", "--encoder", "copy", *options, status=e2e.USAGE)
                self.assertIn(options[0], self.last.errors)
        self.transcode(source, "out.y4m", "--encoder", "copy", status=e2e.USAGE)
        self.transcode(source, "out.ivf", "--encoder", "copy", status=e2e.NOT_POSSIBLE)

    def test_what_is_not_coded_so_is_refused(self):
        self.generate("in.y4m", frames=2)
        self.transcode(self.path("in.y4m"), "out.ts", "--encoder", "copy", status=e2e.INPUT)
        self.assertIn("choose an encoder", self.last.errors)
        self.source("in.ts", ["-c:v", "mpeg2video"])
        self.transcode(self.path("in.ts"), "out.ts", "--encoder", "copy", status=e2e.INPUT)
        self.assertIn("mpeg2video", self.last.errors)
        self.assertEqual([name for name in self.files() if name.startswith("out")], [])

    def verdict(self, path, status=e2e.REJECTED):
        """What the judge finds wrong with a file by itself: names of properties."""
        facts = json.loads(self.jinsha("verify", path, "--json", status=status).text)
        return {row["property"] for row in facts["checks"] if not row["passed"]}

    def test_the_judge_reads_avc(self):
        source = self.source("in.mp4", CODINGS["avc"])
        self.transcode(source, "good.h264", "--encoder", "copy")
        self.transcode(source, "good.ts", "--encoder", "copy")
        stream = Path(self.path("good.h264")).read_bytes()
        self.assertEqual(self.verdict(self.path("good.h264"), e2e.DONE), set())
        sps = stream.index(b"\0\0\1\x67")
        pps = stream.index(b"\0\0\1\x68")
        bad = {
            # 320x240 has more macroblocks than level 1.
            "level-tier": stream[:sps + 6] + bytes([10]) + stream[sps + 7:],
            "parameter-sets": stream[:sps] + stream[pps:],
        }
        for wrong, mutated in bad.items():
            with self.subTest(wrong=wrong):
                Path(self.path("bad.h264")).write_bytes(mutated)
                self.assertIn(wrong, self.verdict(self.path("bad.h264")))

        packets = bytearray(Path(self.path("good.ts")).read_bytes())
        starts = [at for at in range(0, len(packets), 188) if packets[at + 1] & 0x5F == 0x41 and packets[at + 2] == 0]
        marks = [at + 4 + (1 + packets[at + 4] if packets[at + 3] & 0x20 else 0) + 9 for at in starts]
        both = [mark for mark in marks if packets[mark - 2] & 0xC0 == 0xC0]  # PTS and DTS
        a, b = both[3], both[4]
        packets[a:a + 5], packets[b:b + 5] = packets[b:b + 5], packets[a:a + 5]
        Path(self.path("bad.ts")).write_bytes(packets)
        self.assertEqual(self.verdict(self.path("good.ts"), e2e.DONE), set())
        self.assertIn("timestamps", self.verdict(self.path("bad.ts")))

    def test_damage_is_counted_and_never_a_crash(self):
        source = Path(self.source("in.mp4", CODINGS["avc"]))
        whole = source.read_bytes()
        cut = self.path("cut.mkv")
        self.ffmpeg("-i", source, "-c", "copy", cut)
        Path(cut).write_bytes(Path(cut).read_bytes()[:len(whole) // 2])
        self.transcode(cut, "out.ts", "--encoder", "copy", "--overwrite", status=(e2e.DONE, e2e.REJECTED))
        broken = bytearray(whole)
        for at in range(len(broken) // 3, len(broken) // 2, 97):
            broken[at] ^= 0xFF
        Path(self.path("broken.mp4")).write_bytes(broken)
        self.transcode(self.path("broken.mp4"), "out.ts", "--encoder", "copy", "--overwrite", status=(e2e.DONE, e2e.INPUT, e2e.REJECTED))


if __name__ == "__main__":
    e2e.main()
