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

    def start_into_pipe(self, bitrate):
        """A job whose standard output is a pipe of which some has been read."""
        process = subprocess.Popen([e2e.PROGRAM, "transcode", self.ENDLESS, "-o", "-", "--format", "mpegts", "--bitrate", bitrate, "--progress",
                                    "none"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        process.stdout.read(100_000)
        return process

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
        process = self.start_into_pipe("2M")
        process.stdout.close()
        errors = process.stderr.read().decode()
        self.assertEqual(process.wait(timeout=60), e2e.OUTPUT)
        self.assertIn("standard output", errors)

    def test_a_reader_that_stalls_does_not_hold_up_a_stop(self):
        process = self.start_into_pipe("20M")
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=30), e2e.INTERRUPTED)

    def test_two_jobs_do_not_write_one_output(self):
        first = self.start()
        second = self.jinsha("transcode", "generate:320x180@50,frames=3", "-o", self.path("out.ts"), "--progress", "none", status=e2e.OUTPUT)
        self.assertIn("another job", second.errors)
        first.send_signal(signal.SIGTERM)
        first.stderr.read()
        first.wait(timeout=30)
        self.assertEqual(self.files(), ["out.partial.ts"])

    def test_a_report_that_cannot_be_written_is_found_while_planning(self):
        source = self.generate("source.y4m", frames=3)
        for report, status, word in ((self.path("no/such/folder/r.json"), e2e.OUTPUT, "--report"), (source, e2e.USAGE, "input"),
                                     (self.path("out.ts"), e2e.USAGE, "output"), (str(self.folder), e2e.USAGE, "folder")):
            with self.subTest(report=report):
                refused = self.jinsha("transcode", source, "-o", self.path("out.ts"), "--report", report, status=status)
                self.assertIn(word, refused.errors)
                self.assertEqual(self.files(), ["source.y4m"])
        # A refused job's report says so; none of an earlier run is left to be taken for its own.
        report = self.transcode(source, "out.ts", "--level", "1", status=e2e.NOT_POSSIBLE)
        self.assertEqual(report["result"]["exit_status"], e2e.NOT_POSSIBLE)

    def test_flags_take_a_value(self):
        source = self.generate("source.y4m", frames=3)
        self.transcode(source, "out.ts")
        self.jinsha("transcode", source, "-o", self.path("out.ts"), "--overwrite=false", status=e2e.USAGE)
        self.transcode(source, "out.ts", "--overwrite=true")

    def test_an_empty_range_is_an_error(self):
        source = self.generate("source.hevc", frames=5)
        for name in ("out.png", "out.y4m", "out.ts"):
            with self.subTest(output=name):
                self.jinsha("transcode", source, "-o", self.path(name), "--range", "#10-", status=(e2e.INPUT, e2e.USAGE))
                self.assertEqual(self.files(), ["source.hevc"])

    def test_elementary_outputs_hold_their_codec(self):
        source = self.generate("source.y4m", frames=5)
        self.jinsha("transcode", source, "-o", self.path("out.obu"), "--speed", "12", "--progress", "none")
        self.assertIn("av1", self.jinsha("verify", self.path("out.obu")).text)
        self.jinsha("transcode", source, "-o", self.path("out.hevc"), "--encoder", "svt-av1", status=e2e.NOT_POSSIBLE)
        piped = self.jinsha("transcode", source, "-o", "-", "--format", "hevc", "--progress", "none")
        self.assertEqual(piped.stdout[:4], b"\0\0\0\1")

    def test_a_second_run_needs_leave_to_overwrite(self):
        source = self.generate("source.y4m", frames=3)
        self.jinsha("transcode", source, "-o", self.path("out.ts"), "--progress", "none")
        first = Path(self.path("out.ts")).stat().st_ino
        self.jinsha("transcode", source, "-o", self.path("out.ts"), status=e2e.USAGE)
        self.jinsha("transcode", source, "-o", self.path("out.ts"), "--overwrite", "--progress", "none")
        self.assertNotEqual(Path(self.path("out.ts")).stat().st_ino, first)


if __name__ == "__main__":
    e2e.main()
