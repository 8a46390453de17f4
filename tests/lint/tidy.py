#!/usr/bin/env python3
"""clang-tidy over the sources of src/ and kernels/, with the flags of a configured build.

    tidy.py BUILD [JOBS] [NAME...]     only files whose path contains a NAME, when any is given

A file that passed is not checked again until its preprocessed text, the checks or clang-tidy change;
what passed is remembered in ~/.cache/jinsha/clang-tidy.
"""
import concurrent.futures
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# g++'s own options are unknown to clang; they are not what is checked here.
EXTRA = ["--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wno-ignored-optimization-argument"]


CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jinsha" / "clang-tidy"
KEPT_DAYS = 30


def sources(build, names):
    """The compile command of every source, the largest file first so that no worker waits for it alone."""
    entries = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = Path(entry["file"]).resolve()
        if path.is_file() and ROOT in path.parents and path.relative_to(ROOT).parts[0] in ("src", "kernels"):
            if not names or any(name in str(path.relative_to(ROOT)) for name in names):
                entries[path] = entry
    return sorted(entries.items(), key=lambda item: (-item[0].stat().st_size, item[0]))


def key_of(entry, checker):
    """Hash of everything the result depends on, the same in every clone; None when it cannot be computed."""
    words = shlex.split(entry["command"])
    if words and Path(words[0]).name == "ccache":
        words = words[1:]
    if "-o" in words:
        at = words.index("-o")
        del words[at:at + 2]
    preprocess = [word for word in words if word not in ("-c", "-MD")] + ["-E", "-C"]
    done = subprocess.run(preprocess, cwd=entry["directory"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        return None
    text = done.stdout.replace(str(ROOT).encode(), b"")
    flags = "\0".join(words).replace(str(ROOT), "")
    return hashlib.sha256(b"\0".join([checker, flags.encode(), text])).hexdigest()


def forget_old(now):
    for path in CACHE.glob("*"):
        if path.stat().st_mtime < now - KEPT_DAYS * 86400:
            path.unlink(missing_ok=True)


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

    version = subprocess.run([tidy, "--version"], capture_output=True, check=True).stdout
    checker = version + (ROOT / ".clang-tidy").read_bytes() + " ".join(EXTRA).encode()
    CACHE.mkdir(parents=True, exist_ok=True)
    forget_old(time.time())

    def run(item):
        path, entry = item
        key = key_of(entry, checker)
        if key and (CACHE / key).exists():
            (CACHE / key).touch()
            return path, 0, None
        command = [tidy, "-p", str(build), "--quiet", *EXTRA, str(path)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        # On stderr clang-tidy counts the warnings it suppressed; that is kept only with a failure.
        if key and done.returncode == 0:
            (CACHE / key).touch()
        return path, done.returncode, done.stdout + (done.stderr if done.returncode else "")

    start = time.monotonic()
    failed = known = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for path, status, output in pool.map(run, files):
            known += output is None
            if status:
                failed += 1
                print(f"-- {path.relative_to(ROOT)}: status {status}\n{output}", flush=True)
    print(f"clang-tidy: {len(files)} files, {failed} with findings, {known} known from before, {time.monotonic() - start:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
