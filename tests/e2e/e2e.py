"""What the end-to-end tests share: the program under test, a folder of its own for each test, small
generated sources, and other people's tools to look at the results with."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = os.environ.get("JINSHA_TEST_PROGRAM", "")
MEDIA = os.environ.get("JINSHA_MEDIA", "")

# Exit statuses (README.md).
DONE, USAGE, INPUT, NOT_POSSIBLE, OUTPUT, REJECTED, LOSSES, INTERRUPTED = 0, 2, 3, 4, 5, 6, 7, 130


class JobTest(unittest.TestCase):
    """A test with an empty folder; `self.path("x.ts")` names a file in it."""

    timeout_s = 240

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="jinsha-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, name):
        return str(self.folder / name)

    def files(self):
        return sorted(entry.name for entry in self.folder.iterdir())

    def jinsha(self, *arguments, status=DONE, **options):
        """Runs the program; its exit status must be `status`. Gives stdout and stderr as text."""
        result = self.run_program([PROGRAM, *map(str, arguments)], **{"stdin": subprocess.DEVNULL, **options})
        errors = result.stderr.decode(errors="replace")
        wanted = status if isinstance(status, tuple) else (status,)
        self.assertIn(result.returncode, wanted, f"jinsha {' '.join(map(str, arguments))}\n{errors}")
        if result.returncode != DONE:
            self.assertIn("jinsha: ", errors, "a failure must say why")
        result.text = result.stdout.decode(errors="replace")
        result.errors = errors
        return result

    def run_program(self, command, **options):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options) as process:
            try:
                out, errors = process.communicate(timeout=self.timeout_s)
            except subprocess.TimeoutExpired:
                stuck = threads_of(process.pid)
                process.kill()
                _, errors = process.communicate()
                self.fail(f"{' '.join(command)}\nstill ran after {self.timeout_s} s:\n{stuck}\n{errors.decode(errors='replace')}")
        return subprocess.CompletedProcess(command, process.returncode, out, errors)

    def transcode(self, source, output, *arguments, status=DONE, **options):
        """Transcodes into `output` (a name in the folder) and gives the report of the run."""
        report = self.path("report.json")
        if os.path.exists(report):
            os.remove(report)
        self.last = self.jinsha("transcode", source, "-o", self.path(output), "--report", report, "--progress", "none", *arguments,
                                status=status, **options)
        return json.loads(Path(report).read_text(encoding="utf-8")) if os.path.exists(report) else None

    def generate(self, name, *arguments, size="320x180", fps="50", frames=25, color="pq"):
        output = self.path(name)
        self.jinsha("generate", output, "--size", size, "--fps", fps, "--frames", frames, "--color", color, "--progress", "none", *arguments)
        return output

    def ffprobe(self, path, *entries, count=False):
        """ffprobe's JSON for a file; the test is skipped where there is no ffprobe."""
        tool = shutil.which("ffprobe")
        if not tool:
            self.skipTest("ffprobe is not installed")
        command = [tool, "-v", "error", *(["-count_packets"] if count else []), *entries, "-of", "json", path]
        return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)

    def video_stream(self, path):
        return self.ffprobe(path, "-show_streams", "-select_streams", "v", count=True)["streams"][0]

    def need(self, *tools):
        for tool in tools:
            if not shutil.which(tool):
                self.skipTest(f"{tool} is not installed")


def threads_of(pid):
    """What each thread of a process waits in: a stack where there is gdb, else what the kernel says."""
    if shutil.which("gdb"):
        found = subprocess.run(["gdb", "-p", str(pid), "-batch", "-ex", "thread apply all bt 20"], capture_output=True, check=False)
        return found.stdout.decode(errors="replace")[-20000:]
    lines = []
    for task in sorted(Path(f"/proc/{pid}/task").iterdir()):
        words = []
        for what in ("comm", "wchan", "syscall", "schedstat"):
            try:
                words.append((task / what).read_text(encoding="utf-8", errors="replace").strip())
            except OSError as error:
                words.append(f"({what}: {error.strerror})")
        lines.append(f"{task.name}: {' | '.join(words)}")
    return "\n".join(lines)


def media(name):
    """A real clip; the test is skipped where there is none."""
    if not MEDIA:
        raise unittest.SkipTest("JINSHA_MEDIA is not set: no real clips")
    path = Path(MEDIA) / name
    if not path.exists():
        raise unittest.SkipTest(f"JINSHA_MEDIA has no {name}")
    return str(path)


def check(report, name):
    """The judge's check of this property in a report; None when it did not apply."""
    return next((row for row in report["judge"]["checks"] if row["property"] == name), None)


def main():
    if not os.access(PROGRAM, os.X_OK):
        sys.exit("JINSHA_TEST_PROGRAM must name the program under test")
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    unittest.main(verbosity=1)
