"""jinsha compare as a user runs it: scores against those of FFmpeg's filters, other colours, other lengths, bad input."""
import json
import re
import struct
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import e2e


def y4m(width, height, frames, depth=8):
    """A y4m file of grey pictures; `frames` are their luma codes."""
    chroma = ((width + 1) // 2) * ((height + 1) // 2) * 2
    sample = "B" if depth == 8 else "<H"
    body = b"".join(b"FRAME\n" + struct.pack(sample, luma) * (width * height) + struct.pack(sample, 1 << (depth - 1)) * chroma for luma in frames)
    return f"YUV4MPEG2 W{width} H{height} F25:1 C420{'' if depth == 8 else f'p{depth}'}\n".encode() + body


class Page(HTMLParser):
    """Tags opened and closed in order; what a page would load."""

    VOID = {"meta"}

    def __init__(self):
        super().__init__()
        self.open, self.problems, self.count, self.text = [], [], {}, ""

    def handle_starttag(self, tag, attrs):
        self.count[tag] = self.count.get(tag, 0) + 1
        if tag not in self.VOID:
            self.open.append(tag)
        self.problems += [f"{tag} {name}={value}" for name, value in attrs if name in ("src", "href")]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> without <{tag}>")

    def handle_data(self, data):
        self.text += data


class Compare(e2e.JobTest):
    def write(self, name, data):
        Path(self.path(name)).write_bytes(data)
        return self.path(name)

    def compare(self, a, b, *arguments, **options):
        result = self.jinsha("compare", a, b, "--json", "--progress", "none", *arguments, **options)
        return json.loads(result.text) if result.text else result

    def overall(self, report):
        return {metric["name"]: metric["overall"] for metric in report["metrics"]}

    def test_a_lower_crf_scores_better_and_as_ffmpeg_says(self):
        source = self.generate("source.y4m", size="640x360", frames=20)
        scores = []
        for crf in (20, 34):
            self.transcode(source, f"crf{crf}.mp4", "--input-color", "pq", "--crf", crf, "--speed", "ultrafast")
            scores.append(self.overall(self.compare(source, self.path(f"crf{crf}.mp4"))))
        good, bad = scores
        self.assertEqual(len(good), 11)
        for name in good:
            if name.startswith("delta_e"):
                self.assertLess(good[name], bad[name], name)
            else:
                self.assertGreater(good[name], bad[name], name)

        self.need("ffmpeg")
        # Where tags differ FFmpeg 7 converts one side before it compares.
        plain = "setparams=range=tv:color_primaries=unknown:color_trc=unknown:colorspace=unknown,split"
        graph = f"[0:v]{plain}[a][c];[1:v]{plain}[b][d];[a][b]psnr;[c][d]ssim"
        for crf, score in zip((20, 34), scores):
            files = ["-i", self.path(f"crf{crf}.mp4"), "-i", source]
            said = subprocess.run(["ffmpeg", "-hide_banner", *files, "-lavfi", graph, "-f", "null", "-"],
                                  capture_output=True, check=True).stderr.decode()
            psnr = re.search(r"PSNR y:([\d.]+) u:([\d.]+) v:([\d.]+)", said)
            for name, value in zip(("psnr_y", "psnr_cb", "psnr_cr"), psnr.groups()):
                self.assertAlmostEqual(score[name], float(value), delta=0.01, msg=name)
            self.assertAlmostEqual(score["ssim_y"], float(re.search(r"SSIM Y:([\d.]+)", said).group(1)), delta=0.002)

    def test_hlg_and_pq_of_one_picture_differ_little(self):
        source = self.generate("hlg.mp4", "--crf", "4", "--speed", "ultrafast", color="hlg", frames=5)
        reports = []
        for color in ("pq", "sdr"):
            self.transcode(source, f"{color}.mp4", "--color", color, "--chroma", "444", "--depth", "12", "--speed", "ultrafast",
                           "--encoder-param", "lossless=1")
            reports.append(self.compare(source, self.path(f"{color}.mp4")))
        pq, sdr = reports
        self.assertEqual([metric["name"] for metric in pq["metrics"]], ["delta_e_itp_mean", "delta_e_itp_p99", "delta_e_itp_max"])
        self.assertIn("transfer characteristics (A arib-std-b67, B smpte2084)", pq["not_measured"][0])
        self.assertIsNone(pq["frames_identical"])
        # What 12 bits round: no pixel differs by what could be seen.
        self.assertLess(self.overall(pq)["delta_e_itp_max"], 0.7)
        # Highlights are gone there.
        self.assertGreater(self.overall(sdr)["delta_e_itp_mean"], 5)

    def test_the_page_and_the_heat_map(self):
        a = self.generate("a.y4m", frames=4)
        b = self.generate("b <i>.y4m", "--seed", "2", frames=4)
        said = self.jinsha("compare", a, b, "--html", self.path("page.html"), "--heatmap", self.path("map.png")).text
        self.assertRegex(said, r"PSNR Y +\d+\.\d+ +\d+\.\d+  frame \d, 0\.\d+ s \(dB\)")
        self.assertRegex(said, r"heat map of frame \d: ")
        page = Page()
        page.feed(Path(self.path("page.html")).read_text(encoding="utf-8"))
        self.assertEqual((page.open, page.problems), ([], []))
        self.assertEqual((page.count["svg"], page.count["polyline"]), (4, 11))
        self.assertNotIn("script", page.count)
        self.assertIn("b <i>.y4m", page.text)
        picture = self.ffprobe(self.path("map.png"), "-show_streams")["streams"][0]
        self.assertEqual((picture["codec_name"], picture["width"], picture["height"]), ("png", 320, 180))

    def test_the_heat_map_shows_where(self):
        self.need("ffmpeg")
        rows = [bytes([126] * 64) for _ in range(64)]
        rows[10] = rows[10][:20] + bytes([180] * 8) + rows[10][28:]
        chroma = bytes([128] * 2048)
        header = b"YUV4MPEG2 W64 H64 F25:1 C420jpeg\nFRAME\n"
        a = self.write("a.y4m", header + bytes([126]) * 4096 + chroma)
        b = self.write("b.y4m", header + b"".join(rows) + chroma)
        self.compare(a, b, "--heatmap", self.path("map.png"), "--frame", "0")
        pixels = subprocess.run(["ffmpeg", "-v", "error", "-i", self.path("map.png"), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                                capture_output=True, check=True).stdout
        for y in range(64):
            for x in range(64):
                at = 3 * (64 * y + x)
                self.assertEqual(pixels[at:at + 3], bytes([255] * 3) if y == 10 and 20 <= x < 28 else bytes(3), (x, y))

    def test_equal_files_are_valid_json(self):
        source = self.write("a.y4m", y4m(16, 16, [50, 60]))
        report = self.compare(source, source)
        self.assertEqual(self.overall(report), {"psnr_y": 100, "psnr_cb": 100, "psnr_cr": 100, "psnr_611": 100, "ssim_y": 1, "xpsnr_y": 100,
                                                "xpsnr_cb": 100, "xpsnr_cr": 100, "delta_e_itp_mean": 0, "delta_e_itp_p99": 0,
                                                "delta_e_itp_max": 0})
        self.assertEqual(report["frames_identical"], 2)

    def test_one_pixel(self):
        a, b = self.write("a.y4m", y4m(1, 1, [50])), self.write("b.y4m", y4m(1, 1, [55]))
        scores = self.overall(self.compare(a, b, "--heatmap", self.path("map.png")))
        self.assertAlmostEqual(scores["psnr_y"], 34.151, places=3)
        self.assertEqual(scores["psnr_cb"], 100)
        self.assertGreater(scores["delta_e_itp_max"], 0)

    def test_a_shorter_file(self):
        a, b = self.write("a.y4m", y4m(16, 16, [50, 60, 70])), self.write("b.y4m", y4m(16, 16, [50, 60]))
        for first, second, lengths in ((a, b, (3, 2)), (b, a, (2, 3))):
            report = self.compare(first, second)
            self.assertEqual((report["frames"], report["same_length"]), (2, False))
            self.assertEqual((report["reference"]["frames"], report["other"]["frames"]), lengths)
            self.assertEqual(report["frames_identical"], 2)
            self.assertIn("LENGTHS DIFFER", self.jinsha("compare", first, second).text)
        self.assertTrue(self.compare(a, b, "--frames", "1")["same_length"])

    def test_what_cannot_be_compared(self):
        good = self.write("good.y4m", y4m(16, 16, [50]))
        small = self.write("small.y4m", y4m(16, 8, [50]))
        text = self.write("text.ts", b"a shopping list\n" * 100)
        result = self.compare(good, small, status=e2e.INPUT)
        self.assertIn("16x16", result.errors)
        self.assertIn("16x8", result.errors)
        self.assertIn("--size", result.errors)
        for other in (text, self.path("none.ts"), str(self.folder)):
            for pair in ((good, other), (other, good)):
                self.assertIn(other, self.compare(*pair, status=e2e.INPUT).errors)
        for arguments in ((), (good,), (good, good, good), (good, good, "--frame", "0"), (good, good, "--frames", "0"),
                          (good, good, "--frames", "1x"), (good, good, "--progress", "loud"), (good, good, "--crf", "3"),
                          (good, good, "--heatmap", good), (good, good, "--heatmap", self.path("map.png"), "--frame", "1")):
            self.jinsha("compare", *arguments, status=e2e.USAGE)
        result = self.compare(good, good, "--heatmap", self.path("no folder/map.png"), status=e2e.OUTPUT)
        self.assertIn("no folder", result.errors)
        self.assertEqual(self.files(), ["good.y4m", "small.y4m", "text.ts"])

    def test_other_depths_leave_light(self):
        a = self.write("a.y4m", y4m(16, 16, [50]))
        b = self.write("b.y4m", y4m(16, 16, [200], depth=10))
        report = self.compare(a, b)
        self.assertIn("sample format (A 4:2:0 8-bit, B 4:2:0 10-bit)", report["not_measured"][0])
        self.assertEqual(self.overall(report)["delta_e_itp_max"], 0)

    def test_full_and_limited_range_show_the_same_light(self):
        report = self.compare(e2e.media("range/ramp_full.mp4"), e2e.media("range/ramp_tv.mp4"))
        self.assertIn("range (A full, B limited)", report["not_measured"][0])
        self.assertLess(self.overall(report)["delta_e_itp_mean"], 2)

    def test_a_damaged_clip_says_so(self):
        clip = self.generate("clip.ts", "--crf", "20", "--speed", "ultrafast", frames=40)
        data = bytearray(Path(clip).read_bytes())
        data = data[: len(data) * 3 // 4]
        data[len(data) // 2:len(data) // 2 + 9000] = bytes(9000)
        broken = self.write("broken.ts", data)
        report = self.compare(clip, broken)
        self.assertFalse(report["same_length"])
        self.assertGreater(report["frames"], 0)
        self.assertEqual(report["other"]["frames"], report["frames"])
        self.assertEqual(report["reference"]["damage"], [])
        self.assertNotEqual(report["other"]["damage"], [])
        self.assertIn(report["other"]["damage"][0], self.jinsha("compare", clip, broken, "--progress", "none").text)
        self.assertLess(self.overall(report)["psnr_y"], 100)


if __name__ == "__main__":
    e2e.main()
