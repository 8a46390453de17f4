#!/usr/bin/env python3
"""Holds every #include of src/, kernels/, include/ and tests/reference/ against the layers of docs/architecture.md.

    layers.py [ROOT]     exit status 0: every include is allowed; 1: the others are listed
"""
import re
import sys
from pathlib import Path

# Folder -> the folders it may include, besides itself. "file.h" entries open one header only.
# A row here and the LAYERS of that folder's CMakeLists.txt say the same thing.
LAYERS = {
    "base": [],
    "media": ["base"],
    "kernels": [],
    "libav": ["media", "base"],
    "hdr": ["media", "base"],
    "input": ["hdr", "libav", "media", "base"],
    "encode": ["hdr", "libav", "media", "base"],
    "audio": ["libav", "media", "base"],
    "mux": ["hdr", "libav", "media", "base"],
    "image": ["kernels/program.h", "media", "base"],
    "compute": ["kernels/program.h", "kernels/executor.h", "kernels/targets.h", "kernels/planes.h", "media", "base"],
    "compare": ["input", "mux", "image", "kernels/program.h", "media", "base"],
    "job": ["input", "encode", "audio", "mux", "image", "compute", "kernels/program.h", "hdr", "media", "base"],
    # The judge shares no code with what wrote the stream.
    "verify": ["job/plan.h", "media", "base/result.h", "base/log.h", "base/time.h"],
    "pipeline": ["job", "input", "encode", "audio", "mux", "image", "compute", "kernels/program.h", "hdr", "media", "base"],
    "api": ["jinsha", "pipeline", "verify", "compare", "job", "input", "encode", "audio", "mux", "image", "media", "base"],
    # The program is a client of the public interface.
    "cli": ["jinsha"],
    # include/jinsha: the public headers.
    "jinsha": [],
    # tests/reference: what the formulas are held against shares nothing with them.
    "reference": [],
}

# Headers of other projects -> the folders that may name them. One place each.
FOREIGN = [
    (r"libav(codec|format|util|filter|device)/|libsw(scale|resample)/", ["libav", "input", "encode", "audio", "mux"]),
    (r"(OpenEXR|Imath)/|Imf\w+\.h|half\.h$", ["input"]),
    (r"x265\.h$", ["encode"]),
    (r"(svt-av1/)?EbSvtAv1.*", ["encode"]),
    (r"zimg(\+\+)?\.h(pp)?$", ["compute"]),
    (r"hwy/", ["kernels"]),
    (r"ffnvcodec/", ["encode", "compute"]),
    (r"cuda.*", ["compute", "kernels"]),
    (r"spdlog/", ["base"]),
    (r"fmt/", ["base", "media", "libav", "hdr", "input", "encode", "audio", "mux", "image", "compute", "compare", "job",
               "verify", "pipeline", "api", "cli"]),
    (r"nlohmann/", ["job", "api", "cli"]),
    (r"toml\+\+/", ["job"]),
    (r"CLI/", ["cli"]),
]

# Per-pixel code has no libm: its results differ between C libraries (docs/architecture.md, "Pixels").
FORBIDDEN = {"kernels": {"cmath", "math.h", "complex", "random", "numbers"}}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def folder_of(path):
    """The layer a source file belongs to; None where the rules do not reach."""
    parts = path.parts
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    if parts[0] == "kernels":
        return "kernels"
    if parts[:2] == ("include", "jinsha"):
        return "jinsha"
    if parts[:2] == ("tests", "reference"):
        return "reference"
    return None


def is_system(header):
    """Standard and operating system headers: no folder in front, or one of the system's own."""
    return "/" not in header or re.match(r"(sys|linux|net|netinet|arpa|asm|bits)/", header) is not None


def check_include(layer, bracket, header):
    """Why this include is wrong; None when it is not."""
    if header in FORBIDDEN.get(layer, ()):
        return f"<{header}> is not for {layer}/: pixels are computed without libm"
    for pattern, owners in FOREIGN:
        if re.match(pattern, header):
            return None if layer in owners else f"{header} belongs to {', '.join(owners)}, not to {layer}/"
    target = header.split("/")[0] if "/" in header else None
    if target in LAYERS:
        if target == layer or target in LAYERS[layer] or header in LAYERS[layer]:
            return None
        return f"{layer}/ may not include {header}; it may include {', '.join(LAYERS[layer]) or 'nothing'}"
    if bracket == "<" and is_system(header):
        return None
    if bracket == '"' and "/" not in header:
        return f'"{header}" has no folder: write "{layer}/{header}"'
    return f"{header} is in no row of LAYERS or FOREIGN (tests/lint/layers.py)"


def strip_comments(text):
    return re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.DOTALL)


def check_files(root):
    for top in ("src", "kernels", "include", "tests/reference"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in (".h", ".hpp", ".cpp", ".c", ".cu", ".cuh", ".inc"):
                continue
            relative = path.relative_to(root)
            layer = folder_of(relative)
            if layer not in LAYERS:
                yield f"{relative}: {layer or 'this folder'} is not a layer (tests/lint/layers.py, LAYERS)"
                continue
            text = strip_comments(path.read_text(encoding="utf-8"))
            for match in INCLUDE.finditer(text):
                reason = check_include(layer, match.group(1), match.group(2))
                if reason:
                    line = text.count("\n", 0, match.start(2)) + 1
                    yield f"{relative}:{line}: {reason}"


def check_cmake(root):
    """The link lines name no folder that the table does not allow."""
    call = re.compile(r"jinsha_layer\(\s*(\w+)([^)]*)\)")
    for path in sorted(root.glob("src/*/CMakeLists.txt")) + sorted(root.glob("kernels/CMakeLists.txt")):
        relative = path.relative_to(root)
        for match in call.finditer(re.sub(r"#.*", "", path.read_text(encoding="utf-8"))):
            name, arguments = match.group(1), match.group(2)
            linked = re.search(r"\bLAYERS\b(.*?)(\bLIBRARIES\b|$)", arguments, re.DOTALL)
            allowed = {row.split("/")[0] for row in LAYERS.get(name, [])}
            for layer in linked.group(1).split() if linked else []:
                if layer not in allowed:
                    yield f"{relative}: {name} links {layer}, which it may not include"


def main(argv):
    root = Path(argv[1]) if len(argv) > 1 else Path(__file__).resolve().parents[2]
    problems = list(check_files(root)) + list(check_cmake(root))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
