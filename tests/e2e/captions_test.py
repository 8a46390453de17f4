"""CEA-608/708 captions through a job, read back by FFmpeg's own caption decoder: what a viewer would read is what the
source says, in both codecs and both containers."""
import subprocess

import e2e
from e2e import check


class Captions(e2e.JobTest):
    def text_of(self, path):
        """The captions of an MPEG-2 file as SubRip text, in the decoder's own words."""
        self.need("ffmpeg")
        graph = f"movie={path}[out+subcc]"
        command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", graph, "-map", "0:s", "-f", "srt", "-"]
        return subprocess.run(command, capture_output=True, check=True, timeout=self.timeout_s).stdout.decode()

    def text_through_mpeg2(self, path):
        """The same of HEVC and AV1, whose captions FFmpeg 7.1 reads this way only in part (HEVC): it codes the pictures
        as MPEG-2 first, with the captions that it found on them."""
        copy = self.path("mpeg2.ts")
        command = ["ffmpeg", "-v", "error", "-y", "-i", path, "-an", "-c:v", "mpeg2video", "-q:v", "20", "-bf", "0", copy]
        subprocess.run(command, check=True, timeout=self.timeout_s)
        return self.text_of(copy)

    def captioned(self, path):
        frames = self.ffprobe(path, "-select_streams", "v", "-show_frames", "-show_entries", "frame=side_data_list")["frames"]
        return sum(any("A53" in one.get("side_data_type", "") for one in frame.get("side_data_list", [])) for frame in frames)

    def reads_av1_captions(self):
        """FFmpeg 5.1 loses them where a picture is shown that was decoded before."""
        version = subprocess.run(["ffmpeg", "-version"], capture_output=True, check=True).stdout.split()[2]
        return int(version.split(b".")[0]) >= 7

    def test_they_are_what_the_source_says(self):
        source = e2e.media("ts/captions_608_708_sd.ts")
        text = self.text_of(source)
        self.assertIn("ESTIRAMITO", text)
        for encoder, speed, output in (("x265", "ultrafast", "x265.ts"), ("x265", "ultrafast", "x265.mp4"), ("svt-av1", "12", "svt.mp4")):
            with self.subTest(output=output):
                report = self.transcode(source, output, "--encoder", encoder, "--speed", speed)
                self.assertIn("CEA-608/708 captions", report["kept"])
                self.assertEqual(report["source_counters"]["frames_captioned"], 690)
                self.assertTrue(check(report, "streams")["passed"])
                if encoder == "svt-av1" and not self.reads_av1_captions():
                    continue
                self.assertEqual(self.captioned(self.path(output)), 690)
                self.assertEqual(self.text_through_mpeg2(self.path(output)), text)

    def test_a_part_of_the_source_has_its_own(self):
        source = e2e.media("ts/captions_708_1080p.ts")
        self.transcode(source, "part.mp4", "--range", "#100-#150", "--size", "320x180", "--speed", "ultrafast")
        self.assertEqual(self.captioned(self.path("part.mp4")), 50)

    def test_copied_pictures_keep_theirs(self):
        source = e2e.media("ts/captions_708_1080p.ts")
        self.transcode(source, "copy.mp4", "--encoder", "copy")
        self.assertEqual(self.captioned(self.path("copy.mp4")), self.captioned(source))

    def test_a_constant_rate_holds_with_them(self):
        source = e2e.media("ts/captions_608_708_sd.ts")
        report = self.transcode(source, "cbr.ts", "--bitrate", "2M", "--cbr", "--speed", "ultrafast", "--frames", "200")
        self.assertTrue(check(report, "hrd")["passed"])
        self.assertEqual(self.captioned(self.path("cbr.ts")), 200)


if __name__ == "__main__":
    e2e.main()
