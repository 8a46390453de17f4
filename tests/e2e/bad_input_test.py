"""Bad input of every kind: a message a person can act on, the right exit status, nothing left behind
that should not be, no crash and no hang (every run has a time limit)."""
import os
import subprocess
from pathlib import Path

import e2e


class BadInput(e2e.JobTest):
    timeout_s = 120

    def refused(self, source, status, *arguments, words=()):
        before = self.files()
        result = self.jinsha("transcode", source, "-o", self.path("out.ts"), "--progress", "none", *arguments, status=status)
        for word in words:
            self.assertIn(word, result.errors)
        self.assertEqual(self.files(), before, "refused before the first packet: nothing is left")
        return result.errors

    def test_missing_empty_and_folder(self):
        self.refused(self.path("none.mp4"), e2e.INPUT, words=["none.mp4"])
        Path(self.path("empty.mp4")).touch()
        self.refused(self.path("empty.mp4"), e2e.INPUT, words=["empty"])
        self.refused(str(self.folder), e2e.INPUT)

    def test_text_renamed(self):
        for name in ("text.mp4", "text.ts", "text.y4m", "text.hevc", "text.mkv"):
            Path(self.path(name)).write_text("this is a shopping list\n" * 200, encoding="utf-8")
            self.refused(self.path(name), e2e.INPUT, words=[name])
            os.remove(self.path(name))

    def test_no_video(self):
        self.refused(e2e.media("ts/ac3_51.ts"), e2e.INPUT, words=["video"])

    def test_truncated_at_every_tenth(self):
        for name, arguments in (("source.mp4", ()), ("source.ts", ("--gop", "10")), ("source.y4m", ())):
            source = self.generate(name, *arguments)
            data = Path(source).read_bytes()
            for tenth in range(1, 10):
                with self.subTest(source=name, tenth=tenth):
                    cut = self.path("cut" + os.path.splitext(name)[1])
                    Path(cut).write_bytes(data[:len(data) * tenth // 10])
                    report = self.transcode(cut, "out.ts", "--overwrite", status=(e2e.DONE, e2e.INPUT))
                    if report["result"]["exit_status"] == e2e.DONE:
                        self.assertTrue(report["judge"]["passed"])
                        self.assertGreater(report["frames"], 0)

    def test_corrupt_packets_are_concealed_counted_and_reported(self):
        source = self.generate("source.ts", "--gop", "10", frames=60)
        # Every ninth transport packet of the middle is lost, as on a bad line: the continuity counters tell.
        data = Path(source).read_bytes()
        packets = [data[at:at + 188] for at in range(0, len(data), 188)]
        kept = [packet for index, packet in enumerate(packets) if not (len(packets) // 3 < index < len(packets) // 2 and index % 9 == 0)]
        Path(self.path("corrupt.ts")).write_bytes(b"".join(kept))
        report = self.transcode(self.path("corrupt.ts"), "out.ts")
        self.assertTrue(report["losses"], "damage is not silent")
        self.assertTrue(report["judge"]["passed"])
        self.transcode(self.path("corrupt.ts"), "strict.ts", "--strict", status=e2e.LOSSES)

    def test_no_key_frame_at_the_start(self):
        source = self.generate("source.hevc", "--gop", "15", frames=45)
        data = Path(source).read_bytes()
        # Cut inside the first GOP: what is left begins with pictures nothing can be predicted from.
        cut = data.index(b"\x00\x00\x01", len(data) // 6)
        Path(self.path("late.hevc")).write_bytes(data[cut:])
        report = self.transcode(self.path("late.hevc"), "out.ts", status=(e2e.DONE, e2e.INPUT))
        if report:
            self.assertTrue(report["judge"]["passed"])

    def test_wrong_requests_are_usage_errors(self):
        source = self.generate("source.y4m", frames=3)
        for arguments, words in ((["--bitrat", "5M"], ["--bitrate"]), (["--bitrate", "fast"], ["--bitrate", "fast"]),
                                 (["--encoder", "x266"], ["x266", "x265"]), (["--speed", "warp"], ["warp", "ultrafast"]),
                                 (["--color", "hdr"], ["hdr", "pq"]), (["--crf", "20", "--qp", "20"], ["--crf", "--qp"]),
                                 (["--encoder-param", "no-such-thing=1"], ["no-such-thing"]), (["--level", "9.9"], ["9.9"]),
                                 (["--cbr"], ["--bitrate"]), (["--size", "0x0"], ["0x0"])):
            with self.subTest(arguments=arguments):
                self.refused(source, (e2e.USAGE, e2e.NOT_POSSIBLE), *arguments, words=words)
        for arguments in ([], ["transcode"], ["transcode", "a", "b", "-o", "c.ts"], ["trancode"], ["probe"], ["transcode", source]):
            with self.subTest(arguments=arguments):
                result = subprocess.run([e2e.PROGRAM, *arguments], capture_output=True, timeout=20, check=False)
                self.assertEqual(result.returncode, e2e.USAGE)

    def test_output_that_cannot_be(self):
        source = self.generate("source.y4m", frames=3)
        self.jinsha("transcode", source, "-o", self.path("none/out.ts"), status=e2e.OUTPUT)
        self.jinsha("transcode", source, "-o", source, "--overwrite", "--format", "mpegts", status=e2e.USAGE)
        self.jinsha("transcode", source, "-o", self.path("out.avi"), status=e2e.USAGE)
        self.jinsha("transcode", source, "-o", str(self.folder), "--format", "mpegts", status=e2e.USAGE)
        Path(self.path("there.ts")).write_text("precious", encoding="utf-8")
        self.jinsha("transcode", source, "-o", self.path("there.ts"), status=e2e.USAGE)
        self.assertEqual(Path(self.path("there.ts")).read_text(encoding="utf-8"), "precious")
        if os.geteuid() != 0:
            locked = self.folder / "locked"
            locked.mkdir(mode=0o555)
            self.jinsha("transcode", source, "-o", str(locked / "out.ts"), status=e2e.OUTPUT)

    def ffmpeg(self, *arguments):
        self.need("ffmpeg")
        subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True, stdin=subprocess.DEVNULL, timeout=60)

    def test_tracks_of_other_lengths(self):
        """Sound of no length, ending early, ending late, beginning late: never a failure, always the length of the pictures."""
        pictures = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=2", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
        sounds = {
            "early": ["-f", "lavfi", "-i", "sine=d=0.7:r=48000"],
            "late": ["-f", "lavfi", "-i", "sine=d=4:r=48000"],
            "begins_late": ["-itsoffset", "1.2", "-f", "lavfi", "-i", "sine=d=0.8:r=48000"],
            "empty": ["-f", "lavfi", "-i", "sine=d=1:r=48000,atrim=start_sample=90000"],
        }
        for name, sound in sounds.items():
            source = self.path(f"{name}.mov")
            self.ffmpeg(*pictures[:4], *sound, *pictures[4:], "-c:a", "aac", "-map", "0:v", "-map", "1:a", source)
            for audio in ("copy", "ac3"):
                for output in ("out.ts", "out.mp4"):
                    with self.subTest(name=name, audio=audio, output=output):
                        report = self.transcode(source, output, "--speed", "ultrafast", "--audio", audio, "--overwrite")
                        self.assertTrue(report["judge"]["passed"])
                        self.assertAlmostEqual(report["judge"]["facts"]["duration_s"], 2, delta=0.05)

    def test_a_video_track_of_no_length(self):
        """A header that announces pictures, and none behind it."""
        source = Path(self.path("empty.mp4"))
        self.ffmpeg("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=1", "-c:v", "libx264", "-movflags", "+empty_moov+frag_keyframe", str(source))
        data, at = source.read_bytes(), 0
        while data[at + 4:at + 8] != b"moof":
            at += int.from_bytes(data[at:at + 4], "big")
        source.write_bytes(data[:at])
        self.transcode(str(source), "out.ts", status=e2e.INPUT)
        self.assertIn("empty.mp4", self.last.errors)

    def test_absurd_sizes(self):
        header = b"YUV4MPEG2 W%d H%d F25:1 C420jpeg\nFRAME\n"
        for width, height in ((10**9, 10**9), (65536, 65536), (0, 180), (10**30, 2), (-4, 4)):
            with self.subTest(size=(width, height)):
                Path(self.path("in.y4m")).write_bytes(header % (width, height) + bytes(1000))
                self.transcode(self.path("in.y4m"), "out.ts", status=(e2e.INPUT, e2e.NOT_POSSIBLE))
                self.assertEqual([name for name in self.files() if name.startswith("out")], [])
        self.generate("small.y4m", frames=1)
        self.transcode(self.path("small.y4m"), "out.ts", "--size", "100000x100000", status=(e2e.USAGE, e2e.NOT_POSSIBLE))

    def test_names_are_opened_literally(self):
        source = self.generate("source.y4m", frames=3)
        for name in ("with space.y4m", "a:b%d.y4m", "电影 8K.y4m", "quote'\".y4m", "new\nline.y4m", "-dash.y4m", "100%.y4m"):
            os.rename(source, self.path(name))
            source = self.path(name)
            self.transcode(source, "出:力 %03d.ts", "--overwrite")
            self.assertIn("出:力 %03d.ts", self.files())

    def test_real_broken_clips_end_with_a_message_or_a_judged_output(self):
        for clip in sorted(Path(e2e.media("broken")).iterdir()):
            with self.subTest(clip=clip.name):
                report = self.transcode(str(clip), "out.ts", "--overwrite", "--speed", "ultrafast", status=(e2e.DONE, e2e.INPUT, e2e.NOT_POSSIBLE))
                if report["result"]["exit_status"] == e2e.DONE:
                    self.assertTrue(report["judge"]["passed"])


if __name__ == "__main__":
    e2e.main()
