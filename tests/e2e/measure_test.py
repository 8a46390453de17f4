"""Light measured before the job: one curve a scene, true MaxCLL and MaxFALL."""
import json
import struct
import subprocess

import e2e

WIDTH, HEIGHT = 320, 180
RAW = f"yuv420p10le:{WIDTH}x{HEIGHT}@25"
PQ = ("--input-color", "pq", "--input-format", RAW)


def pq_code(nits):
    """Luma of 10 bits, limited range."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    y = (nits / 10000) ** m1
    return round(64 + 876 * ((c1 + c2 * y) / (1 + c3 * y)) ** m2)


class Measure(e2e.JobTest):
    def scenes(self, name, peaks, frames=8):
        """Grey pictures: the left half the scene's peak, the upper right quarter 203 cd/m2, the rest 5."""
        with open(self.path(name), "wb") as file:
            for peak in peaks:
                rows = [[peak] * (WIDTH // 2) + [203 if y < HEIGHT // 2 else 5] * (WIDTH // 2) for y in range(HEIGHT)]
                luma = b"".join(struct.pack(f"<{WIDTH}H", *map(pq_code, row)) for row in rows)
                file.write((luma + struct.pack("<H", 512) * (WIDTH * HEIGHT // 2)) * frames)
        return self.path(name)

    def lumas(self, name, x, y):
        """One luma sample of every picture, 10 bits."""
        self.need("ffmpeg")
        raw = subprocess.run(["ffmpeg", "-v", "error", "-i", self.path(name), "-f", "rawvideo", "-pix_fmt", "yuv420p10le", "-"],
                             capture_output=True, check=True, timeout=self.timeout_s).stdout
        samples = memoryview(raw).cast("H")
        return [samples[i + y * WIDTH + x] for i in range(0, len(samples), WIDTH * HEIGHT * 3 // 2)]

    def content_light(self, name):
        self.need("ffprobe")
        text = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-read_intervals", "%+#1", "-show_frames", "-of",
                               "json", self.path(name)], capture_output=True, check=True, timeout=self.timeout_s).stdout
        for side in json.loads(text)["frames"][0].get("side_data_list", []):
            if side["side_data_type"] == "Content light level metadata":
                return side["max_content"], side["max_average"]
        return None

    def test_the_curve_changes_exactly_at_the_cut(self):
        source = self.scenes("a.yuv", (100, 1000, 4000))
        report = self.transcode(source, "a.y4m", *PQ, "--color", "sdr", "--depth", "10", "--source-peak", "measure")
        scenes = report["plan"]["scenes"]
        self.assertEqual([scene["first_frame"] for scene in scenes], [0, 8, 16])
        for scene, peak in zip(scenes, (203, 1000, 4000)):  # the first one's brightest is its grey
            self.assertAlmostEqual(scene["peak_nits"], peak, delta=0.01 * peak)
        grey = self.lumas("a.y4m", WIDTH - 20, 20)
        for at in range(0, 24, 8):
            self.assertEqual(len(set(grey[at:at + 8])), 1, grey)
        self.assertEqual(len(set(grey)), 3, grey)
        # Each scene as a job of its own; among others its peak may count a step higher.
        for name, peak in (("b", 1000), ("c", 4000)):
            self.transcode(self.scenes(f"{name}.yuv", (peak,)), f"{name}.y4m", *PQ, "--color", "sdr", "--depth", "10",
                           "--source-peak", "measure")
        alone = self.lumas("b.y4m", WIDTH - 20, 20) + self.lumas("c.y4m", WIDTH - 20, 20)
        self.assertLessEqual(max(abs(a - b) for a, b in zip(grey[8:], alone)), 1, (grey, alone))
        # The scene's peak is white, within the step that curves are made for.
        for code in self.lumas("a.y4m", 20, 20)[8:]:
            self.assertGreaterEqual(code, 925)
            self.assertLessEqual(code, 940)

    def test_content_light_is_true(self):
        source = self.scenes("a.yuv", (100, 1000))
        self.transcode(source, "a.mp4", *PQ, "--color", "pq", "--measure", "first", "--speed", "ultrafast")
        most, mean = self.content_light("a.mp4")
        self.assertAlmostEqual(most, 1000, delta=5)
        self.assertAlmostEqual(mean, 1000 / 2 + 203 / 4 + 5 / 4, delta=3)
        # Through a curve it is the light behind it.
        report = self.transcode(source, "b.ts", *PQ, "--color", "pq", "--target-peak", "600", "--source-peak", "measure",
                                "--measure", "first", "--speed", "ultrafast")
        most, mean = self.content_light("b.ts")
        self.assertAlmostEqual(most, 600, delta=6)
        self.assertLess(mean, 600 / 2 + 203 / 4 + 5)
        self.assertGreater(report["timing"]["measuring_s"], 0)
        self.transcode(source, "c.mp4", *PQ, "--color", "pq", "--speed", "ultrafast")
        self.assertIsNone(self.content_light("c.mp4"))

    def test_what_cannot_be_measured(self):
        source = self.scenes("a.yuv", (100,), frames=2)
        for arguments, words in (
                (("--input-color", "sdr", "--source-peak", "measure"), "peak follows from its definition"),
                (("--input-color", "hlg", "--color", "sdr", "--source-peak", "measure"), "peak follows from its definition"),
                (("--input-color", "pq", "--color", "sdr", "--measure", "first"), "belong to PQ"),
                (("--input-color", "pq", "--measure", "second"), "off, first")):
            with self.subTest(arguments=arguments):
                result = self.jinsha("transcode", source, "-o", self.path("x.mp4"), "--input-format", RAW, *arguments, status=2)
                self.assertIn(words, result.stderr.decode())
        with open(source, "rb") as file:
            result = subprocess.run([e2e.PROGRAM, "transcode", "-", "-o", self.path("x.mp4"), *PQ, "--measure", "first"],
                                    stdin=file, capture_output=True, timeout=self.timeout_s, check=False)
        self.assertEqual(result.returncode, 2)
        self.assertIn("can be read only once", result.stderr.decode())


if __name__ == "__main__":
    e2e.main()
