"""Cameras' logarithms and cinema's X'Y'Z' through jobs."""
import json
import subprocess

import e2e


class Camera(e2e.JobTest):
    def grey_card(self, code):
        """A second of a grey card: Y' of 10 bits, limited range, neutral chroma."""
        path = self.path(f"card{code}.yuv")
        luma, chroma = code.to_bytes(2, "little") * (320 * 180), (512).to_bytes(2, "little") * (160 * 180)
        with open(path, "wb") as file:
            for _ in range(5):
                file.write(luma + chroma + chroma)
        return path

    def colour_of(self, name):
        self.need("ffprobe")
        fields = "pix_fmt,color_range,color_space,color_transfer,color_primaries"
        text = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", f"stream={fields}", "-of",
                               "json", self.path(name)], capture_output=True, check=True, timeout=self.timeout_s).stdout
        return json.loads(text)["streams"][0]

    def luma(self, name):
        """The middle sample of the first picture, 10 bits."""
        self.need("ffmpeg")
        raw = subprocess.run(["ffmpeg", "-v", "error", "-i", self.path(name), "-frames:v", "1", "-pix_fmt", "yuv422p10le",
                              "-f", "rawvideo", "-"], capture_output=True, check=True, timeout=self.timeout_s).stdout
        return memoryview(raw).cast("H")[90 * 320 + 160]

    # Mid-grey of every camera is light of 0.18 * 203 cd/m2: PQ 0.4108, code 424.
    def test_mid_grey_is_one_light(self):
        for camera, code in (("s-log3", 420), ("s-log3-cine", 420), ("logc3", 64 + round(876 * 0.3910)),
                             ("logc4", 64 + round(876 * 0.2784)), ("v-log", 433), ("canon-log3", 351),
                             ("acescct", 64 + round(876 * 0.4136))):
            with self.subTest(camera=camera):
                report = self.transcode(self.grey_card(code), f"{camera}.mp4", "--input-format", "yuv422p10le:320x180@25",
                                        "--input-color", camera, "--input-matrix", "bt709", "--input-range", "limited",
                                        "--color", "pq", "--chroma", "422", "--crf", "0")
                self.assertTrue(any("scene white at 203 cd/m2" in text for text in report["converted"]), report["converted"])
                self.assertAlmostEqual(self.luma(f"{camera}.mp4"), 424, delta=1)
                self.assertEqual(self.colour_of(f"{camera}.mp4")["color_transfer"], "smpte2084")

    def test_what_no_stream_can_say_is_lost_and_said(self):
        report = self.transcode(self.grey_card(420), "kept.mp4", "--input-format", "yuv422p10le:320x180@25",
                                "--input-color", "s-log3", "--input-matrix", "bt709", "--crf", "0", "--chroma", "422")
        lost = " ".join(report["dropped"])
        self.assertIn("transfer characteristics s-log3 (H.273", lost)
        self.assertIn("colour primaries s-gamut3 (H.273", lost)
        self.assertNotIn("color_transfer", {k: v for k, v in self.colour_of("kept.mp4").items() if v != "unknown"})
        self.assertEqual(self.luma("kept.mp4"), 420)
        result = self.jinsha("transcode", self.grey_card(420), "-o", self.path("strict.mp4"), "--input-format",
                             "yuv422p10le:320x180@25", "--input-color", "s-log3", "--strict", status=7)
        self.assertIn("s-log3", result.stderr.decode())

    def test_dcdm_and_back(self):
        self.need("ffmpeg")
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "smptehdbars=s=320x180", "-frames:v", "2", "-pix_fmt",
                        "yuv444p12le", "-strict", "-1", self.path("a.y4m")], check=True, timeout=self.timeout_s)
        self.transcode(self.path("a.y4m"), "dcdm.mp4", "--color", "dcdm", "--crf", "0",
                       "--input-color", "sdr")
        self.assertEqual(self.colour_of("dcdm.mp4"), {"pix_fmt": "gbrp12le", "color_range": "pc", "color_space": "gbr",
                                                      "color_transfer": "smpte428", "color_primaries": "smpte428"})
        self.transcode(self.path("dcdm.mp4"), "back.y4m", "--color", "sdr")
        scores = json.loads(self.jinsha("compare", self.path("a.y4m"), self.path("back.y4m"), "--json", "--progress", "none").stdout)
        self.assertLess(next(m["overall"] for m in scores["metrics"] if m["name"] == "delta_e_itp_mean"), 1)


if __name__ == "__main__":
    e2e.main()
