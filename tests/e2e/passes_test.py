"""--passes 2: an average rate that is met because the pictures were looked at before."""
import json
import os
import signal
import subprocess
import time

import e2e

SECONDS, RATE = 6, 600_000
# Encoder, speed, how near to the rate it comes: SVT-AV1 2.3 stays below it on such short clips.
ENCODERS = [("x265", "veryfast", 0.08), ("svt-av1", "10", 0.25)]


class Passes(e2e.JobTest):
    def setUp(self):
        super().setUp()
        self.temporary = self.path("tmp")
        os.mkdir(self.temporary)
        self.environment = {**os.environ, "TMPDIR": self.temporary}

    def two_passes(self, output, encoder, speed, *arguments, **options):
        return self.transcode(self.path("in.y4m"), output, "--encoder", encoder, "--speed", speed, "--passes", "2", "--bitrate", RATE,
                              *arguments, env=self.environment, **options)

    def test_the_rate_is_met(self):
        self.generate("in.y4m", size="640x360", fps="25", frames=25 * SECONDS, color="sdr")
        for encoder, speed, near in ENCODERS:
            with self.subTest(encoder=encoder):
                report = self.two_passes(f"{encoder}.mp4", encoder, speed)
                self.assertTrue(report["judge"]["passed"])
                self.assertEqual(report["judge"]["facts"]["frames"], 25 * SECONDS)
                self.assertAlmostEqual(report["judge"]["facts"]["video_bits_per_s"] / RATE, 1, delta=near)
                self.assertEqual(os.listdir(self.temporary), [])
                self.assertEqual(sorted(name for name in self.files() if name.startswith(f".{encoder}")), [])

    def test_progress_names_the_pass(self):
        self.generate("in.y4m", size="640x360", fps="25", frames=100, color="sdr")
        self.transcode(self.path("in.y4m"), "out.mp4", "--speed", "slower", "--passes", "2", "--bitrate", RATE, "--progress", "json",
                       env=self.environment)
        lines = [json.loads(line) for line in self.last.errors.splitlines() if line.startswith("{")]
        self.assertEqual(lines[-1]["pass"], 2)
        self.assertEqual({line["passes"] for line in lines}, {2})

    def test_stopped_in_the_first_pass_nothing_is_left(self):
        self.generate("in.y4m", size="1280x720", fps="25", frames=100, color="sdr")
        command = [e2e.PROGRAM, "transcode", self.path("in.y4m"), "-o", self.path("out.mp4"), "--speed", "veryslow", "--passes", "2",
                   "--bitrate", "1M", "--progress", "none"]
        with subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL) as job:
            while not os.listdir(self.temporary):
                self.assertIsNone(job.poll())
                time.sleep(0.02)
            job.send_signal(signal.SIGINT)
            self.assertEqual(job.wait(timeout=60), e2e.INTERRUPTED)
        self.assertEqual(os.listdir(self.temporary), [])
        self.assertEqual([name for name in self.files() if "out" in name], [])

    def test_refusals(self):
        source = self.generate("in.y4m", frames=2)
        for arguments, status, words in [
            (["--passes", "2"], e2e.USAGE, "--bitrate"),
            (["--passes", "2", "--crf", "20"], e2e.USAGE, "--bitrate"),
            (["--passes", "2", "--bitrate", "1M", "--cbr"], e2e.USAGE, "--cbr"),
            (["--passes", "3", "--bitrate", "1M"], e2e.USAGE, "1…2"),
            (["--passes", "2", "--bitrate", "1M", "--encoder-param", "pass=1"], e2e.USAGE, "--passes"),
        ]:
            with self.subTest(arguments=arguments):
                self.transcode(source, "out.mp4", *arguments, status=status)
                self.assertIn(words, self.last.errors)
        with open(source, "rb") as piped:
            self.jinsha("transcode", "-", "-o", self.path("out.mp4"), "--passes", "2", "--bitrate", "1M", status=e2e.USAGE, stdin=piped)
        self.environment["TMPDIR"] = self.path("nowhere")
        self.two_passes("out.mp4", "x265", "ultrafast", status=e2e.NOT_POSSIBLE)
        self.assertIn("TMPDIR", self.last.errors)


if __name__ == "__main__":
    e2e.main()
