"""Image sequences and stills as a user gives them: names, rates, holes, damage, depths, both encoders."""
import os
import struct
import subprocess
from pathlib import Path

import e2e


def flat_dpx(width, height, rgb):
    """DPX of 8-bit R, G, B; header fields that are not needed are undefined."""
    header = bytearray(b"\xff" * 2048)
    body = bytes(rgb) * (width * height)
    header[0:4] = b"SDPX"
    struct.pack_into(">I8sI", header, 4, 2048, b"V1.0", 0)
    struct.pack_into(">I", header, 16, 2048 + len(body))
    struct.pack_into(">HHII", header, 768, 0, 1, width, height)
    struct.pack_into(">I", header, 780, 0)
    header[800:804] = bytes((50, 6, 6, 8))
    struct.pack_into(">HHI", header, 804, 0, 0, 2048)
    struct.pack_into(">II", header, 1628, 1, 1)
    return bytes(header) + body


class Sequences(e2e.JobTest):
    width, height = 128, 96

    def sequence(self, first, last, name="shot.{:06}.dpx"):
        for number in range(first, last + 1):
            grey = 40 + number % 100
            Path(self.path(name.format(number))).write_bytes(flat_dpx(self.width, self.height, (grey, 128, 200)))
        return self.path("shot.%06d.dpx@24")

    def reds(self, source, *arguments, **options):
        """The value of the R plane of each picture, through a file of bare pictures."""
        self.transcode(source, "out.yuv", "--overwrite", *arguments, **options)
        data = Path(self.path("out.yuv")).read_bytes()
        plane = self.width * self.height
        self.assertEqual(len(data) % (3 * plane), 0)
        return [data[at + 2 * plane] for at in range(0, len(data), 3 * plane)]

    def make(self, pattern, pixel_format, *arguments, size="98x54", frames=5):
        self.need("ffmpeg")
        command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=192x108:rate=25", "-frames:v", str(frames),
                   "-vf", f"format=gbrp16le,scale={size.replace('x', ':')},format={pixel_format}", *arguments, self.path(pattern)]
        subprocess.run(command, check=True)
        return self.path(pattern) + "@25"

    def test_every_picture_in_order(self):
        source = self.sequence(998, 1020)
        self.assertEqual(self.reds(source, "--threads", "3"), [40 + n % 100 for n in range(998, 1021)])
        self.assertEqual(self.reds(source, "--range", "#3-#6"), [40 + n % 100 for n in range(1001, 1004)])
        probe = self.jinsha("probe", source).text
        self.assertIn("image sequence", probe)
        self.assertIn("frames       23", probe)

    def test_rate(self):
        source = self.sequence(1, 4)
        self.transcode(source[:-3] + "@24000/1001", "out.mp4")
        self.assertEqual(self.video_stream(self.path("out.mp4"))["r_frame_rate"], "24000/1001")
        self.transcode(source[:-3], "out.mp4", "--overwrite", "--fps", "50")
        self.assertEqual(self.video_stream(self.path("out.mp4"))["r_frame_rate"], "50/1")
        self.jinsha("transcode", source, "-o", self.path("no.ts"), "--fps", "50", status=e2e.USAGE)

    def test_missing_and_damaged_pictures_are_counted(self):
        source = self.sequence(1, 12)
        os.remove(self.path("shot.000005.dpx"))
        Path(self.path("shot.000008.dpx")).write_bytes(flat_dpx(self.width, self.height, (9, 9, 9))[:3000])
        report = self.transcode(source, "out.ts")
        self.assertEqual(report["frames"], 12)
        self.assertTrue(report["judge"]["passed"])
        losses = " ".join(report["losses"])
        self.assertIn("shot.000005.dpx", losses)
        self.assertIn("1 frames that could not be decoded", losses)
        self.assertEqual(self.reds(source)[4], 44)
        self.assertEqual(self.reds(source)[7], 47)
        self.transcode(source, "strict.ts", "--strict", status=e2e.LOSSES)

    def test_what_cannot_be_used(self):
        source = self.sequence(1, 3)
        Path(self.path("empty.000001.dpx")).touch()
        Path(self.path("text.000001.dpx")).write_text("a shopping list\n" * 100, encoding="utf-8")
        for name, words in (("none.%06d.dpx@24", "none.%06d.dpx"), ("shot.%04d.dpx", "shot.000001.dpx"), ("shot.%s.dpx", "%06d"),
                            ("shot.####.dpx", "%06d"), ("empty.%06d.dpx", "empty"), ("text.%06d.dpx", "text.000001.dpx"),
                            ("no folder/s.%d.dpx", "no folder"), ("shot.000001.dpx.%03d.%03d", "one number")):
            with self.subTest(name=name):
                status = e2e.USAGE if words == "one number" else e2e.INPUT
                result = self.jinsha("transcode", self.path(name), "-o", self.path("out.ts"), status=status)
                self.assertIn(words, result.errors)
                self.assertNotIn("out.ts", self.files())
        huge = bytearray(Path(self.path("shot.000001.dpx")).read_bytes())
        struct.pack_into(">II", huge, 772, 900000, 900000)
        Path(self.path("huge.dpx")).write_bytes(huge)
        self.assertIn("900000x900000", self.jinsha("probe", self.path("huge.dpx"), status=e2e.INPUT).errors)
        if os.geteuid() != 0:
            locked = self.folder / "locked"
            locked.mkdir(mode=0o111)
            self.assertIn("locked", self.jinsha("probe", str(locked / "s.%d.dpx"), status=e2e.INPUT).errors)
        self.assertEqual(len(self.reds(source)), 3)

    def test_names(self):
        for name in ("with space {:03}.dpx", "quote'\" {:03}.dpx", "电影{:03}.dpx", "new\nline{:03}.dpx", "a:b{:03}.dpx"):
            with self.subTest(name=name):
                self.sequence(1, 2, name)
                self.assertEqual(self.reds(self.path(name.replace("{:03}", "%03d")) + "@24"), [41, 42])
        # A file of exactly this name is that file.
        Path(self.path("shot.%06d.dpx")).write_bytes(flat_dpx(self.width, self.height, (7, 7, 7)))
        self.sequence(1, 2)
        self.assertEqual(self.reds(self.path("shot.%06d.dpx")), [7])

    def test_kinds_depths_and_odd_sizes_through_both_encoders(self):
        for pattern, pixel_format, depth in (("a.%03d.dpx", "gbrp10le", 10), ("b.%03d.dpx", "gbrp12le", 12), ("c.%03d.tiff", "rgb48le", 12),
                                             ("d.%03d.png", "rgb48be", 12), ("e.%03d.png", "rgb24", 8), ("f.%03d.jpg", "yuvj444p", 8),
                                             ("g.%03d.jp2", "rgb24", 8), ("h.%03d.exr", "gbrpf32le", 12)):
            with self.subTest(pattern=pattern):
                source = self.make(pattern, pixel_format, size="99x55")
                report = self.transcode(source, "out.ts", "--overwrite", "--speed", "ultrafast")
                self.assertTrue(report["judge"]["passed"])
                stream = self.video_stream(self.path("out.ts"))
                self.assertEqual((stream["width"], stream["height"], int(stream["nb_read_packets"])), (99, 55, 5))
                self.assertIn(str(depth) if depth > 8 else "p", stream["pix_fmt"])
                report = self.transcode(source, "out.mp4", "--overwrite", "--encoder", "svt-av1", "--speed", "12", "--size", "128x72")
                self.assertTrue(report["judge"]["passed"])
                self.assertTrue(self.video_stream(self.path("out.mp4"))["pix_fmt"].startswith("yuv420p"))

    def test_a_picture_survives_the_way_exactly(self):
        self.need("ffmpeg")
        for pattern, pixel_format, raw in (("a.%d.dpx", "gbrp10le", "gbrp10le"), ("b.%d.tiff", "rgb48le", "gbrp16le"),
                                           ("c.%d.png", "rgb48be", "gbrp16le"), ("d.%d.jp2", "rgb24", "gbrp")):
            with self.subTest(pattern=pattern):
                source = self.make(pattern, pixel_format, frames=2)
                self.transcode(source, "out.yuv", "--overwrite")
                command = ["ffmpeg", "-v", "error", "-y", "-i", self.path(pattern), "-pix_fmt", raw, "-f", "rawvideo", self.path("ref.yuv")]
                subprocess.run(command, check=True)
                self.assertEqual(Path(self.path("out.yuv")).read_bytes(), Path(self.path("ref.yuv")).read_bytes())

    def test_a_still_is_one_frame(self):
        self.sequence(1, 1)
        report = self.transcode(self.path("shot.000001.dpx") + "@30", "out.mp4")
        self.assertEqual(report["frames"], 1)
        self.assertEqual(self.video_stream(self.path("out.mp4"))["r_frame_rate"], "30/1")


class RealPictures(e2e.JobTest):
    def test_exr_of_two_primaries_gives_one_sdr_picture(self):
        pictures = []
        for kind in ("rec709", "xyz"):
            self.transcode(e2e.media(f"mezzanine/exr_{kind}_chromaticities.exr"), f"{kind}.yuv", "--color", "sdr", "--depth", "8")
            pictures.append(Path(self.path(f"{kind}.yuv")).read_bytes())
        off = [abs(a - b) for a, b in zip(*pictures, strict=True)]
        self.assertGreater(len(off), 700_000)
        # Both files hold rounded half floats, and XYZ's small components are differences of large ones.
        self.assertLess(sum(off) / len(off), 0.1)
        self.assertGreater(sum(1 for each in off if each <= 2) / len(off), 0.99)
        self.assertLessEqual(max(off), 12)

    def test_windows_and_channels_of_a_real_sequence(self):
        source = str(Path(e2e.media("mezzanine/exr_seq/beachball.0001.exr")).parent / "beachball.%04d.exr@24")
        report = self.transcode(source, "out.ts", "--speed", "ultrafast", "--color", "hlg")
        self.assertEqual(report["frames"], 3)
        self.assertIn("disparityL.x", " ".join(report["losses"]))
        stream = self.video_stream(self.path("out.ts"))
        self.assertEqual((stream["width"], stream["height"], stream["color_primaries"]), (2048, 1556, "bt2020"))
        self.transcode(source, "strict.ts", "--strict", "--speed", "ultrafast", status=e2e.LOSSES)

    def test_photographs(self):
        for clip in sorted(Path(e2e.media("stills")).glob("*.jpg")):
            with self.subTest(clip=clip.name):
                report = self.transcode(str(clip), "out.mp4", "--overwrite", "--speed", "ultrafast", "--size", "1920x1080")
                self.assertEqual(report["frames"], 1)
                self.assertTrue(report["judge"]["passed"])


if __name__ == "__main__":
    e2e.main()
