"""Subtitles and data through a job: what goes in as PES packets comes out byte for byte, at the same time after the
first picture; where the output cannot carry it, that is said. Transport streams are read here by hand."""
import hashlib
from pathlib import Path

import e2e

PRIVATE = 0xBD


def pes_packets(path):
    """(stream id, PTS or None, payload) of every PES packet, in the order they end."""
    data = Path(path).read_bytes()
    open_packets, packets = {}, []
    for at in range(0, len(data) - 187, 188):
        packet = data[at:at + 188]
        pid = (packet[1] & 0x1F) << 8 | packet[2]
        if not packet[3] & 0x10:
            continue
        begin = 4 + (1 + packet[4] if packet[3] & 0x20 else 0)
        if packet[1] & 0x40:
            packets.append(open_packets.pop(pid, b""))
            open_packets[pid] = b""
        if pid in open_packets:
            open_packets[pid] += packet[begin:]
    found = []
    for packet in packets + list(open_packets.values()):
        if packet[:3] != b"\0\0\1" or len(packet) < 14:
            continue
        length = int.from_bytes(packet[4:6], "big")
        end = 6 + length if length else len(packet)
        pts = None
        if packet[7] & 0x80:
            b = packet[9:14]
            pts = (b[0] >> 1 & 7) << 30 | b[1] << 22 | (b[2] >> 1) << 15 | b[3] << 7 | b[4] >> 1
        found.append((packet[3], pts, packet[9 + packet[8]:end]))
    return found


def data_of(path):
    """What is data in a transport stream: time after the first picture in 90 kHz ticks, and payload."""
    packets = pes_packets(path)
    first = min(pts for stream, pts, _ in packets if stream >> 4 == 0xE and pts is not None)
    return [(pts - first, hashlib.sha256(payload).hexdigest()) for stream, pts, payload in packets if stream == PRIVATE]


class Data(e2e.JobTest):
    def check(self, source, codec, encoder, language=None, timed=True):
        kept = data_of(source)
        self.assertGreater(len(kept), 0)
        report = self.transcode(source, "out.ts", "--encoder", encoder, "--overwrite", *(["--speed", "ultrafast"] if encoder == "x265" else []))
        self.assertTrue(any(f"({codec}), as it is" in what for what in report["kept"]), report["kept"])
        found = data_of(self.path("out.ts"))
        self.assertEqual([payload for _, payload in found], [payload for _, payload in kept])
        for (now, _), (before, _) in zip(found, kept if timed else []):
            self.assertLessEqual(abs(now - before), 90, "more than a millisecond from its place")
        streams = self.ffprobe(self.path("out.ts"), "-show_streams")["streams"]
        stream = next(one for one in streams if one["codec_type"] in ("subtitle", "data"))
        self.assertEqual(stream["codec_name"], codec)
        if language:
            self.assertEqual(stream["tags"]["language"], language)

    def test_teletext_passes_through_encoding_and_copying(self):
        source = e2e.media("ts/teletext_720p25.ts")
        for encoder in ("x265", "copy"):
            with self.subTest(encoder):
                self.check(source, "dvb_teletext", encoder, "eng")

    def test_dvb_subtitles_pass_through(self):
        # In this clip they come five seconds behind their times.
        self.check(e2e.media("ts/dvbsub_at_video_start.ts"), "dvb_subtitle", "x265", timed=False)
        self.assertEqual([time for time, _ in data_of(self.path("out.ts"))][0], 0)

    def test_what_an_output_cannot_carry_is_named(self):
        source = e2e.media("ts/teletext_720p25.ts")
        report = self.transcode(source, "out.mp4", "--encoder", "copy")
        self.assertTrue(any("dvb_teletext" in what and "MPEG-TS does" in what for what in report["dropped"]), report["dropped"])
        self.transcode(e2e.media("ts/scte35_h264_aac.ts"), "cues.ts", "--encoder", "copy", "--strict", status=e2e.LOSSES)
        self.assertIn("scte_35", self.last.errors)


if __name__ == "__main__":
    e2e.main()
