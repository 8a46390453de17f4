"""What stands on disk after every kind of end: done, stopped, killed, disk full, reader gone."""
import os
import signal
import subprocess
import time
from pathlib import Path

import e2e


class Files(e2e.JobTest):
    timeout_s = 120

    # Long enough to be stopped on the way, cheap enough to plan at once.
    ENDLESS = "generate:640x360@50,frames=100000,color=sdr"

    def start(self, *arguments):
        process = subprocess.Popen([e2e.PROGRAM, "transcode", self.ENDLESS, "-o", self.path("out.ts"), "--bitrate", "2M", "--progress", "json",
                                    *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        # Until some frames are written.
        for _ in range(600):
            temporary = self.folder / ".out.ts.jinsha-tmp"
            if temporary.exists() and temporary.stat().st_size > 1_000_000:
                return process
            time.sleep(0.05)
        self.fail("nothing is written after 30 s")

    def test_done_leaves_the_output_alone(self):
        source = self.generate("source.y4m", frames=5)
        self.jinsha("transcode", source, "-o", self.path("out.ts"), "--progress", "none")
        self.assertEqual(self.files(), ["out.ts", "source.y4m"])

    def test_a_signal_leaves_one_playable_partial(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number):
                process = self.start()
                process.send_signal(number)
                errors = process.stderr.read().decode()
                self.assertEqual(process.wait(timeout=30), e2e.INTERRUPTED)
                self.assertEqual(self.files(), ["out.partial.ts"])
                self.assertIn("out.partial.ts", errors)
                stream = self.video_stream(self.path("out.partial.ts"))
                self.assertGreater(int(stream["nb_read_packets"]), 10)
                os.remove(self.path("out.partial.ts"))

    def test_after_sigkill_the_next_run_cleans_up(self):
        process = self.start()
        process.kill()
        process.wait(timeout=30)
        self.assertEqual(self.files(), [".out.ts.jinsha-tmp"])
        self.jinsha("transcode", "generate:320x180@50,frames=3", "-o", self.path("out.ts"), "--progress", "none")
        self.assertEqual(self.files(), ["out.ts"])

    def test_a_full_disk_keeps_what_was_written(self):
        if os.geteuid() != 0:
            self.skipTest("mounting a small tmpfs needs root")
        disk = self.folder / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], capture_output=True, check=False).returncode != 0:
            self.skipTest("no tmpfs can be mounted here")
        self.addCleanup(subprocess.run, ["umount", str(disk)], check=False)
        # CRF: how much will be written is not known beforehand, so it cannot be refused.
        result = self.jinsha("transcode", self.ENDLESS, "-o", str(disk / "out.ts"), "--crf", "10", "--progress", "none", status=e2e.OUTPUT)
        self.assertIn("No space left", result.errors)
        self.assertEqual([entry.name for entry in disk.iterdir()], ["out.partial.ts"])
        self.assertGreater((disk / "out.partial.ts").stat().st_size, 1_000_000)
        refused = self.jinsha("transcode", self.ENDLESS, "-o", str(disk / "more.ts"), "--bitrate", "20M", "--progress", "none",
                              status=e2e.NOT_POSSIBLE)
        self.assertIn("free", refused.errors)

    def test_a_reader_that_goes_away_is_an_output_error(self):
        process = subprocess.Popen([e2e.PROGRAM, "transcode", self.ENDLESS, "-o", "-", "--format", "mpegts", "--bitrate", "2M", "--progress",
                                    "none"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        process.stdout.read(100_000)
        process.stdout.close()
        errors = process.stderr.read().decode()
        self.assertEqual(process.wait(timeout=60), e2e.OUTPUT)
        self.assertIn("standard output", errors)

    def test_a_second_run_needs_leave_to_overwrite(self):
        source = self.generate("source.y4m", frames=3)
        self.jinsha("transcode", source, "-o", self.path("out.ts"), "--progress", "none")
        first = Path(self.path("out.ts")).stat().st_ino
        self.jinsha("transcode", source, "-o", self.path("out.ts"), status=e2e.USAGE)
        self.jinsha("transcode", source, "-o", self.path("out.ts"), "--overwrite", "--progress", "none")
        self.assertNotEqual(Path(self.path("out.ts")).stat().st_ino, first)


if __name__ == "__main__":
    e2e.main()
