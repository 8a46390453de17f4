#!/usr/bin/env python3
"""clang-tidy over the sources of src/ and kernels/, with the flags of a configured build.

    tidy.py BUILD [JOBS] [NAME...]     only files whose path contains a NAME, when any is given
"""
import concurrent.futures
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# g++'s own options are unknown to clang; they are not what is checked here.
EXTRA = ["--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wno-ignored-optimization-argument"]


def sources(build, names):
    """Every source once, the largest first so that the last worker does not wait for it."""
    files = set()
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = Path(entry["file"]).resolve()
        if path.is_file() and ROOT in path.parents and path.relative_to(ROOT).parts[0] in ("src", "kernels"):
            files.add(path)
    chosen = [path for path in files if not names or any(name in str(path.relative_to(ROOT)) for name in names)]
    return sorted(chosen, key=lambda path: (-path.stat().st_size, path))


def main(argv):
    build = Path(argv[1])
    jobs = int(argv[2]) if len(argv) > 2 else 2
    tidy = shutil.which("clang-tidy-14") or shutil.which("clang-tidy")
    if not tidy:
        print("clang-tidy is not here: ./dev setup lint")
        return 1
    files = sources(build, argv[3:])
    if not files:
        print(f"{build}/compile_commands.json names no source of {ROOT}")
        return 1

    def run(path):
        command = [tidy, "-p", str(build), "--quiet", *EXTRA, str(path)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        # On stderr clang-tidy counts the warnings it suppressed; that is kept only with a failure.
        return path, done.returncode, done.stdout + (done.stderr if done.returncode else "")

    start = time.monotonic()
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for path, status, output in pool.map(run, files):
            if status:
                failed += 1
                print(f"-- {path.relative_to(ROOT)}\n{output}", flush=True)
    print(f"clang-tidy: {len(files)} files, {failed} with findings, {time.monotonic() - start:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
