"""Runs commands in turn and compares what they cost: user CPU, wall time, peak memory.

Two programs are compared in alternating pairs, after a warm-up of each, because a shared machine
drifts: the ratio of neighbours is steady where single times are not.
"""
import mmap
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path


class Run:
    """One finished command: seconds and bytes as the kernel accounted them to it."""

    def __init__(self, wall, user, system, rss):
        self.wall, self.user, self.system, self.rss = wall, user, system, rss


def run(command, stdin=None):
    """Runs `command` (a list) to its end; a failing one ends the benchmark with its messages."""
    with subprocess.Popen(command, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as process:
        started = time.monotonic()
        messages = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with {process.returncode}:\n{messages.decode(errors='replace')}")
    return Run(wall, usage.ru_utime, usage.ru_stime, usage.ru_maxrss * 1024)


def touch_memory(size):
    """Takes and gives back `size` bytes. A virtual machine that gave idle memory back to its host gets it again at a
    hundredth of the speed of memory, which would be counted to whichever program comes first. In a process of its own:
    the peak of this one would be counted to every program started from it."""
    child = os.fork()
    if child != 0:
        os.waitpid(child, 0)
        return
    with mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as block:
        block.madvise(mmap.MADV_HUGEPAGE)
        with memoryview(block) as view:
            view[::mmap.PAGESIZE] = bytes(len(range(0, size, mmap.PAGESIZE)))
    os._exit(0)


def pairs(first, second, count):
    """`count` alternating runs of both after one warm-up each, on memory that is there."""
    results = ([], [])
    peak = 1 << 30
    for index in range(count + 1):
        for command, kept in zip((first, second), results):
            touch_memory(peak)
            result = run(command)
            peak = max(peak, result.rss)
            if index > 0:
                kept.append(result)
    return results


def median_ratio(ours, theirs, field):
    return statistics.median(getattr(a, field) / getattr(b, field) for a, b in zip(ours, theirs))


def median(results, field):
    return statistics.median(getattr(result, field) for result in results)


def describe(name, results):
    return (f"{name:12s} wall {median(results, 'wall'):7.2f} s   user {median(results, 'user'):7.2f} s   "
            f"system {median(results, 'system'):6.2f} s   peak {median(results, 'rss') / 1e6:7.0f} MB")


def machine():
    """One line on where this was measured."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"))
    release = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    return f"{os.cpu_count()} x {model}, {int(memory[1]) // 1024} MiB, {release}"


def program():
    """The jinsha to measure."""
    path = os.environ.get("JINSHA_PROGRAM") or str(Path(__file__).parent.parent / "build/release/jinsha")
    if not os.access(path, os.X_OK):
        sys.exit(f"{path} is not there: run `./dev build` first")
    return path


def tool(name):
    path = shutil.which(name)
    if not path:
        sys.exit(f"{name} is not installed: run `./dev setup bench`")
    return path


def version_of(command, pattern):
    text = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(pattern, text.stdout + text.stderr)
    return found[0] if found else "unknown version"


def nal_units(path):
    """The NAL units of an Annex B stream, start codes and trailing zeros removed."""
    data = Path(path).read_bytes()
    starts = [match.end() for match in re.finditer(b"\x00\x00\x01", data)]
    ends = [start - 3 for start in starts[1:]] + [len(data)]
    return [data[start:end].rstrip(b"\x00") for start, end in zip(starts, ends)]


def coded_slices(path):
    """The slices (VCL NAL units, types 0 to 31 of H.265 table 7-1) of an HEVC stream."""
    return [unit for unit in nal_units(path) if unit and (unit[0] >> 1) & 0x3F < 32]


def ivf_frames(path):
    """The payloads of an IVF file."""
    data = Path(path).read_bytes()
    frames, at = [], 32
    while at + 12 <= len(data):
        size = int.from_bytes(data[at:at + 4], "little")
        frames.append(data[at + 12:at + 12 + size])
        at += 12 + size
    return frames


def obus(unit):
    """(type, bytes) of every OBU of a temporal unit in the low-overhead format (AV1 5.2, 5.3)."""
    at = 0
    while at < len(unit):
        start, header = at, unit[at]
        at += 2 if header & 4 else 1
        size = shift = 0
        while True:
            byte = unit[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        at += size
        yield (header >> 3) & 15, unit[start:at]
