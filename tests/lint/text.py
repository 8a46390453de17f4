#!/usr/bin/env python3
"""Rules about the text of every source file: length, head, unfinished work, stray characters.

    text.py [ROOT]     exit status 0: all hold; 1: the breaches are listed
"""
import re
import sys
from pathlib import Path

MAX_LINES = 400
FOLDERS = (".ci", "bench", "cmake", "configs", "docs", "include", "kernels", "packaging", "src", "tests")
TOP_FILES = ("CMakeLists.txt", "CMakePresets.json", "README.md", "dev")
SOURCE = (".h", ".hpp", ".cpp", ".c", ".cu", ".cuh", ".py", ".sh")
TEXT = SOURCE + (".md", ".txt", ".cmake", ".json", ".toml", ".map", "")
# A longer file says why in a comment line of its own.
REASON = re.compile(r"(//|#|/\*) Over 400 lines: \S.{10,}")

# Spelt in two halves so that this file does not break its own rule.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")


def text_files(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix in TEXT and "corpus" not in path.parts and "__pycache__" not in path.parts:
                yield path.relative_to(root)
    for name in TOP_FILES:
        if (root / name).is_file():
            yield Path(name)


def check_head(path, lines):
    """C and C++ files begin with a comment that says what they are for."""
    if path.suffix in (".h", ".hpp", ".cpp", ".c", ".cu", ".cuh") and path.parts[0] in ("src", "kernels", "include"):
        first = lines[0] if lines else ""
        if path.suffix in (".h", ".hpp", ".cuh") and not first.startswith(("//", "/*")):
            yield f"{path}:1: a header begins with a comment: purpose, and the clause of the standard if there is one"
    if path.suffix in (".h", ".hpp") and path.parts[0] == "src" and "#pragma once" not in lines:
        yield f"{path}: no #pragma once"


def check(root):
    for path in text_files(root):
        try:
            text = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            yield f"{path}: not UTF-8: {error}"
            continue
        lines = text.splitlines()
        for number, line in enumerate(lines, 1):
            if UNFINISHED.search(line):
                yield f"{path}:{number}: unfinished work: do it, or write it down as an issue"
            if line != line.rstrip() and path.suffix != ".md":
                yield f"{path}:{number}: spaces at the end of the line"
        if text and not text.endswith("\n"):
            yield f"{path}: no line end at the end of the file"
        if path.suffix in SOURCE:
            yield from check_head(path, lines)
            reason = any(REASON.match(line) for line in lines)
            if len(lines) > MAX_LINES and not reason:
                yield f"{path}: {len(lines)} lines, more than {MAX_LINES}: split it, or say why: // Over 400 lines: ..."
            if len(lines) <= MAX_LINES and reason:
                yield f"{path}: no longer over {MAX_LINES} lines: remove the comment that excuses it"


def main(argv):
    root = Path(argv[1]) if len(argv) > 1 else Path(__file__).resolve().parents[2]
    problems = list(check(root))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
