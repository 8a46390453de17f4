"""Look-up tables through jobs, against FFmpeg's lut3d."""
import subprocess

import e2e


class Lut(e2e.JobTest):
    def frame(self, *arguments):
        """The samples of one frame as 16-bit numbers."""
        self.need("ffmpeg")
        raw = subprocess.run(["ffmpeg", "-v", "error", *arguments, "-frames:v", "1", "-f", "rawvideo", "-"],
                             capture_output=True, check=True, timeout=self.timeout_s).stdout
        return memoryview(raw).cast("H")

    def look(self, size):
        """A cube that mixes and bends the components."""
        path = self.path("a look: 100%.cube")
        with open(path, "w") as file:
            file.write(f"LUT_3D_SIZE {size}\n")
            for b in range(size):
                for g in range(size):
                    for r in range(size):
                        x, y, z = (v / (size - 1) for v in (r, g, b))
                        file.write(f"{x * x * 0.8 + 0.1 * z:.6f} {0.9 * y + 0.1 * x * z:.6f} {z ** 0.5:.6f}\n")
        return path

    def test_the_same_samples_as_ffmpeg(self):
        self.jinsha("generate", self.path("a.mp4"), "--size", "320x180", "--frames", "1", "--color", "pq", "--chroma", "444",
                    "--progress", "none")
        look = self.look(33)
        report = self.transcode(self.path("a.mp4"), "ours.png", "--lut", look, "--color", "sdr", "--depth", "16")
        self.assertIn(f"look-up table '{look}' instead of a conversion", report["converted"])
        ours = self.frame("-i", self.path("ours.png"), "-pix_fmt", "gbrp16le")
        # The same R'G'B' without a table, through FFmpeg's.
        self.transcode(self.path("a.mp4"), "plain.png", "--output-matrix", "gbr", "--output-range", "full", "--depth", "16")
        subprocess.run(["cp", look, self.path("look.cube")], check=True)
        theirs = self.frame("-i", self.path("plain.png"), "-vf",
                            f"format=gbrp16le,lut3d={self.path('look.cube')}:interp=tetrahedral", "-pix_fmt", "gbrp16le")
        self.assertEqual(len(ours), len(theirs))
        # FFmpeg's table gets whole codes, which the root spreads near black.
        self.assertLessEqual(max(abs(a - b) for a, b in zip(ours, theirs)), 6)

    def test_on_the_source_and_on_the_output(self):
        self.jinsha("generate", self.path("a.mp4"), "--size", "320x180", "--frames", "2", "--color", "pq", "--progress", "none")
        for place in ("source", "output"):
            with self.subTest(place=place):
                report = self.transcode(self.path("a.mp4"), f"{place}.mp4", "--lut", f"{self.look(5)}@{place}",
                                        "--color", "sdr", "--speed", "ultrafast")
                self.assertTrue(any(text.endswith(f"on the {place}") for text in report["converted"]))
                self.assertTrue(any("tone curve" in text for text in report["converted"]))

    def test_tables_that_are_none(self):
        self.jinsha("generate", self.path("a.mp4"), "--size", "320x180", "--frames", "1", "--progress", "none")
        with open(self.path("short.cube"), "w") as file:
            file.write("LUT_3D_SIZE 2\n0 0 0\n")
        for name, words in (("short.cube", "after 1 of 8 entries"), ("none.cube", "cannot be read"), ("a.mp4", "LUT ")):
            with self.subTest(name=name):
                result = self.jinsha("transcode", self.path("a.mp4"), "-o", self.path("x.mp4"), "--lut", self.path(name), status=2)
                self.assertIn(words, result.stderr.decode())


if __name__ == "__main__":
    e2e.main()
