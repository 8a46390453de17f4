#!/usr/bin/env python3
"""Puts mdcv and clli boxes (ISO/IEC 14496-12 12.1.6, 12.1.7) into the first visual sample entry of a
fragmented MP4, which the ffmpeg program of Debian 12 cannot be told to write.

The moov box grows; fragments are relative to their moof, so only an mfra index at the end would be
wrong: it is left out."""
import struct
import sys

MDCV = struct.pack(">4sHHHHHHHHII", b"mdcv", 13250, 34500, 7500, 3000, 34000, 16000, 15635, 16450, 10000000, 1)
CLLI = struct.pack(">4sHH", b"clli", 1000, 400)
EXTRA = b"".join(struct.pack(">I", len(body) + 4) + body for body in (MDCV, CLLI))
CONTAINERS = {b"moov": 0, b"trak": 0, b"mdia": 0, b"minf": 0, b"stbl": 0, b"stsd": 8}


def boxes(data):
    at = 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        yield kind, data[at + 8 : at + size]
        at += size


def rewrite(kind, body):
    if kind in (b"hvc1", b"av01"):
        body += EXTRA
    elif kind in CONTAINERS:
        head = CONTAINERS[kind]
        body = body[:head] + b"".join(rewrite(k, b) for k, b in boxes(body[head:]))
    return struct.pack(">I4s", len(body) + 8, kind) + body


source = open(sys.argv[1], "rb").read()
with open(sys.argv[2], "wb") as out:
    out.write(b"".join(rewrite(k, b) for k, b in boxes(source) if k != b"mfra"))
