#!/usr/bin/env python3
"""README.md and its translations say the same things: as many headings of each level, tables with as many rows,
the same code (comments may be translated), the same words in code spans, links to the same files that exist.

    readmes.py [ROOT]     exit status 0: they do; 1: the differences are listed
"""
import re
import sys
from collections import Counter
from pathlib import Path

TRANSLATIONS = ("docs/README.zh-CN.md",)


def blocks(text):
    """The fenced code blocks, without comments."""
    found = re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [(kind, re.sub(r"[ \t]+#.*$", "", body, flags=re.MULTILINE)) for kind, body in found]


def prose(text):
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def facts(path, root):
    text = path.read_text(encoding="utf-8")
    outside = prose(text)
    links = {(path.parent / target).resolve() for target in re.findall(r"\]\(([^)#:]+)\)", outside)}
    return {
        "headings": [len(marks) for marks in re.findall(r"^(#+) ", outside, re.MULTILINE)],
        "code blocks": blocks(text),
        "rows of tables": len(re.findall(r"^\|", outside, re.MULTILINE)),
        "code in the text": sorted(Counter(re.findall(r"`([^`\n]+)`", outside)).items()),
        "links": sorted(str(link.relative_to(root)) for link in links if not link.name.startswith("README")),
    }, [link for link in links if not link.exists()]


def main(argv):
    root = (Path(argv[1]) if len(argv) > 1 else Path(__file__).parents[2]).resolve()
    original, dead = facts(root / "README.md", root)
    problems = [f"README.md links to {link}, which does not exist" for link in dead]
    for name in TRANSLATIONS:
        translated, dead = facts(root / name, root)
        problems += [f"{name} links to {link}, which does not exist" for link in dead]
        for what, value in original.items():
            if translated[what] == value:
                continue
            problems.append(f"{name}: {what} differ from README.md")
            if isinstance(value, list):
                problems += [f"  only in README.md: {row}" for row in value if row not in translated[what]]
                problems += [f"  only in {name}: {row}" for row in translated[what] if row not in value]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
