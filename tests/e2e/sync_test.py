"""Sound stays with the pictures and the picture keeps its shape, whatever the source's clocks and samples."""
import subprocess

import e2e


class Sync(e2e.JobTest):
    def ffmpeg(self, name, *arguments):
        self.need("ffmpeg")
        output = self.path(name)
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments, output], check=True)
        return output

    def packets(self, path, kind):
        rows = self.ffprobe(path, "-select_streams", kind, "-show_packets", "-show_entries", "packet=pts_time")["packets"]
        return sorted(float(row["pts_time"]) for row in rows)

    def test_audio_that_starts_late_keeps_its_offset(self):
        source = self.generate("source.mp4", frames=100)
        for container in ("mkv", "ts"):
            late = self.ffmpeg("late." + container, "-i", source, "-itsoffset", "1.5", "-i", source, "-map", "0:v", "-map", "1:a", "-c", "copy")
            for output in ("out.ts", "out.mp4"):
                with self.subTest(container=container, output=output):
                    report = self.transcode(late, output, "--speed", "ultrafast", "--overwrite")
                    self.assertTrue(e2e.check(report, "duration")["passed"])
                    self.assertEqual(report["losses"], [])
                    before = self.packets(late, "a")[0] - self.packets(late, "v")[0]
                    after = self.packets(self.path(output), "a")[0] - self.packets(self.path(output), "v")[0]
                    self.assertAlmostEqual(before, after, delta=0.005)

    def test_sound_after_a_pause_is_where_it_was(self):
        for container in ("mkv", "ts"):
            with self.subTest(container=container):
                source = self.ffmpeg("pause." + container, "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=20", "-f", "lavfi", "-i", "sine=d=20", "-af",
                                     "aselect='not(between(t,2,16))'", "-c:v", "mpeg2video", "-c:a", "mp2")
                self.transcode(source, "out.ts", "--speed", "ultrafast", "--overwrite")
                before, after = ([time - self.packets(path, "v")[0] for time in self.packets(path, "a")]
                                 for path in (source, self.path("out.ts")))
                self.assertEqual(len(before), len(after))
                self.assertGreater(max(b - a for a, b in zip(before, before[1:])), 13)
                self.assertLess(max(abs(a - b) for a, b in zip(before, after)), 0.005)

    def test_anamorphic_pictures_keep_their_shape(self):
        # 4:3 samples: 1440 wide are shown 1920 wide, so nothing is left over on a 16:9 picture.
        source = self.ffmpeg("anamorphic.mkv", "-f", "lavfi", "-i", "color=white:s=288x216:r=25:d=0.2,setsar=4/3", "-c:v", "ffv1")
        report = self.transcode(source, "out.y4m", "--size", "384x216")
        self.assertIn("samples of 4:3 to square", " ".join(report["converted"]))
        data = (self.folder / "out.y4m").read_bytes()
        header, _, body = data.partition(b"\n")
        self.assertIn(b"A1:1", header)
        row = body[len(b"FRAME\n") + 100 * 384:][:384]
        self.assertGreater(min(row), 200, "black at the sides of a picture that fills the frame")
        # Without a size the samples stay what they are.
        self.transcode(source, "same.y4m")
        self.assertIn(b"A4:3", (self.folder / "same.y4m").read_bytes()[:200])


if __name__ == "__main__":
    e2e.main()
