"""The main job: HDR source in, broadcast stream out, judged, reported; looked at with ffprobe too."""
import hashlib
import os
import subprocess
from pathlib import Path

import e2e
from e2e import check


class Transcode(e2e.JobTest):
    def test_hdr10_to_transport_stream_keeps_picture_and_metadata(self):
        source = self.generate("source.mp4")
        report = self.transcode(source, "out.ts", "--bitrate", "2M", "--gop", "10", "--mux.service-name", "Channel 8K")
        self.assertEqual(report["result"]["exit_status"], e2e.DONE)
        self.assertTrue(report["judge"]["passed"])
        self.assertEqual(report["judge"]["facts"]["frames"], 25)
        for name in ("frame-count", "timestamps", "color", "mastering-display", "content-light", "hrd", "level-tier"):
            self.assertTrue(check(report, name)["passed"], name)
        stream = self.video_stream(self.path("out.ts"))
        self.assertEqual((stream["codec_name"], stream["pix_fmt"], stream["width"]), ("hevc", "yuv420p10le", 320))
        self.assertEqual((stream["color_primaries"], stream["color_transfer"], stream["color_space"]), ("bt2020", "smpte2084", "bt2020nc"))
        self.assertEqual(stream["nb_read_packets"], "25")
        frame = self.ffprobe(self.path("out.ts"), "-show_frames", "-select_streams", "v", "-read_intervals", "%+#1")["frames"][0]
        kinds = [data["side_data_type"] for data in frame["side_data_list"]]
        self.assertIn("Mastering display metadata", kinds)
        self.assertIn("Content light level metadata", kinds)
        program = self.ffprobe(self.path("out.ts"), "-show_programs")["programs"][0]
        self.assertEqual(program["tags"]["service_name"], "Channel 8K")
        self.assertEqual([s["codec_type"] for s in program["streams"]].count("audio"), 1)

    def test_every_colour_target_is_tagged_by_the_transform(self):
        source = self.generate("source.y4m", frames=4)
        expected = {"pq": ("bt2020", "smpte2084", "bt2020nc"), "hlg": ("bt2020", "arib-std-b67", "bt2020nc"),
                    "sdr": ("bt709", "bt709", "bt709"), "sdr-2020": ("bt2020", "bt2020-10", "bt2020nc")}
        for color, tags in expected.items():
            for encoder, output in (("x265", "out.ts"), ("x265", "out.mp4"), ("svt-av1", "out.mp4")):
                with self.subTest(color=color, encoder=encoder, output=output):
                    report = self.transcode(source, output, "--input-color", "pq", "--color", color, "--encoder", encoder, "--overwrite")
                    stream = self.video_stream(self.path(output))
                    self.assertEqual((stream["color_primaries"], stream["color_transfer"], stream["color_space"]), tags)
                    self.assertTrue(check(report, "color")["passed"])
                    sides = [data["side_data_type"] for data in stream.get("side_data_list", [])]
                    if color != "pq":
                        self.assertNotIn("Mastering display metadata", sides)

    def test_odd_sizes_lose_their_last_row_and_column_with_a_word(self):
        source = self.path("odd.y4m")
        picture = b"FRAME\n" + bytes(range(181)) * 321 + bytes([128]) * (161 * 91 * 2)
        Path(source).write_bytes(b"YUV4MPEG2 W321 H181 F25:1 Ip A1:1 C420mpeg2\n" + picture * 3)
        for encoder, output in (("x265", "out.ts"), ("x265", "out.mp4"), ("svt-av1", "out.mp4")):
            report = self.transcode(source, output, "--encoder", encoder, "--overwrite")
            stream = self.video_stream(self.path(output))
            self.assertEqual((stream["width"], stream["height"]), (320, 180))
            self.assertTrue(any("column and row of 321x181" in what for what in report["dropped"]), report["dropped"])
        self.transcode(source, "whole.mp4", "--chroma", "444")
        self.assertEqual(self.video_stream(self.path("whole.mp4"))["width"], 321)

    def test_black_bars_are_found_and_cropped(self):
        # Six seconds, so that it is searched at several places, and frames that are counted instead of sought.
        source = "generate:160x90@25,frames=150,color=sdr"
        for name in ("box.mp4", "box.y4m"):
            with self.subTest(name):
                self.transcode(source, name, "--size", "160x160", "--overwrite")
                report = self.transcode(self.path(name), "out.mp4", "--crop", "auto", "--overwrite")
                stream = self.video_stream(self.path("out.mp4"))
                self.assertEqual((stream["width"], stream["height"]), (160, 90))
                self.assertIn("cropped from 160x160 to 160x90 at 0,34", " ".join(report["converted"]))
        self.transcode(source, "whole.mp4", "--crop", "auto")
        self.assertEqual(self.video_stream(self.path("whole.mp4"))["height"], 90)
        self.transcode("-", "pipe.mp4", "--crop", "auto", status=e2e.USAGE)
        self.assertIn("give --crop W:H:X:Y", self.last.errors)

    def test_nvdec_that_is_not_there_is_refused_with_a_reason(self):
        source = self.generate("source.mp4", frames=2)
        prores = e2e.media("mezzanine/prores_natural_48p.mov") if e2e.MEDIA else None
        cases = [(self.generate("source.y4m", frames=2), "is y4m"), (prores, "NVDEC does not decode prores")]
        if not os.path.exists("/dev/nvidiactl"):
            cases.append((source, "no NVIDIA driver with a video decoder"))
        for path, words in cases:
            if path:
                self.transcode(path, "out.mp4", "--decoder", "cuda", status=e2e.NOT_POSSIBLE)
                self.assertIn(words, self.last.errors)
                self.assertIn("leave --decoder out", self.last.errors)
        self.assertNotIn("out.mp4", self.files())
        self.transcode(source, "out.mp4", "--decoder", "auto")

    def test_dnxhr_in_its_containers(self):
        self.need("ffmpeg")
        profiles = (("dnxhr_sq", "yuv422p", 8), ("dnxhr_hqx", "yuv422p10le", 10), ("dnxhr_444", "yuv444p10le", 10))
        for profile, pixels, depth in profiles:
            for container in ("mov", "mxf"):
                with self.subTest(profile=profile, container=container):
                    clip = self.path(f"{profile}.{container}")
                    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=0.4", "-c:v", "dnxhd", "-profile:v", profile,
                                    "-pix_fmt", pixels, clip], check=True, stdin=subprocess.DEVNULL)
                    report = self.transcode(clip, f"{profile}-{container}.ts", "--speed", "ultrafast")
                    video = report["source"]["video"]
                    self.assertEqual((video["codec"], video["format"]["depth"], report["frames"]), ("dnxhd", depth, 10))
                    self.assertFalse(video["interlaced"])

    def test_a_crop_and_a_size_go_together(self):
        source = self.generate("source.y4m", frames=2)
        self.transcode(source, "out.mp4", "--crop", "320:120:0:30", "--size", "640x240")
        stream = self.video_stream(self.path("out.mp4"))
        self.assertEqual((stream["width"], stream["height"], stream["sample_aspect_ratio"]), (640, 240, "1:1"))

    def test_hdr10_metadata_is_dropped_with_a_word_when_the_output_is_sdr(self):
        source = self.generate("source.mp4", frames=4)
        report = self.transcode(source, "out.ts", "--color", "sdr")
        self.assertTrue(any("astering" in what for what in report["dropped"]), report["dropped"])
        self.assertTrue(any("2390" in what for what in report["converted"]), report["converted"])
        self.assertTrue(check(report, "mastering-display")["passed"])
        self.transcode(source, "strict.ts", "--color", "sdr", "--strict", status=e2e.LOSSES)
        self.assertTrue(Path(self.path("strict.ts")).exists(), "a job with losses still delivers")

    def test_mastering_display_without_content_light(self):
        whole = self.generate("source.mp4", frames=10)
        self.transcode(whole, "bare.mp4", "--encoder-param", "cll=0")
        bare = self.path("bare.mp4")
        for encoder, output in (("x265", "out.ts"), ("x265", "out.mp4"), ("x265", "out.hevc"), ("svt-av1", "out.mp4"), ("svt-av1", "out.ivf")):
            with self.subTest(encoder=encoder, output=output):
                report = self.transcode(bare, output, "--encoder", encoder, "--overwrite")
                self.assertIsNone(report["plan"]["video"]["hdr"]["content_light"])
                for name in ("mastering-display", "content-light"):
                    self.assertTrue(check(report, name)["passed"], name)
        report = self.transcode(whole, "params.mp4", "--encoder-param", "max-cll=700,300", "--encoder-param", "colorprim=smpte432")
        self.assertEqual(report["plan"]["video"]["hdr"]["content_light"]["max_cll_nits"], 700)
        self.transcode(whole, "params.mp4", "--encoder", "svt-av1", "--encoder-param", "content-light=700,300", "--overwrite")

    def test_content_light_of_zero_is_unknown(self):
        clip = e2e.media("hdr/dovi_p8_pq_360p5994.mp4")
        for encoder, output in (("x265", "out.ts"), ("x265", "out.mp4"), ("svt-av1", "out.mp4")):
            with self.subTest(encoder=encoder, output=output):
                report = self.transcode(clip, output, "--encoder", encoder, "--frames", "20", "--overwrite")
                self.assertIsNone(report["plan"]["video"]["hdr"]["content_light"])

    def test_av1_in_fragmented_mp4(self):
        source = self.generate("source.mp4")
        report = self.transcode(source, "out.mp4", "--encoder", "svt-av1", "--speed", "12", "--crf", "40", "--gop", "10")
        stream = self.video_stream(self.path("out.mp4"))
        self.assertEqual((stream["codec_name"], stream["codec_tag_string"], stream["nb_read_packets"]), ("av1", "av01", "25"))
        self.assertTrue(check(report, "mastering-display")["passed"])
        self.assertTrue(check(report, "key-frame-distance")["passed"])
        self.jinsha("transcode", source, "-o", self.path("out.ts"), "--encoder", "svt-av1", status=(e2e.USAGE, e2e.NOT_POSSIBLE))
        self.assertNotIn("out.ts", self.files())

    def test_hevc_in_fragmented_mp4(self):
        source = self.generate("source.mp4", fps="59.94")
        report = self.transcode(source, "out.mp4", "--crf", "30")
        stream = self.video_stream(self.path("out.mp4"))
        self.assertEqual((stream["codec_name"], stream["codec_tag_string"], stream["r_frame_rate"]), ("hevc", "hvc1", "60000/1001"))
        self.assertTrue(report["judge"]["passed"])
        sides = [data["side_data_type"] for data in stream["side_data_list"]]
        self.assertIn("Mastering display metadata", sides)

    def test_strict_cbr_is_padded_and_flagged(self):
        source = self.generate("source.mp4", frames=100)
        report = self.transcode(source, "out.ts", "--bitrate", "1500k", "--cbr", "--bufsize", "1500k")
        self.assertTrue(report["plan"]["video"]["cbr_flag"])
        self.assertTrue(check(report, "hrd")["passed"])
        self.assertGreater(report["plan"]["muxrate_bits_per_s"], 1_500_000)
        capped = self.transcode(source, "capped.ts", "--bitrate", "1500k", "--maxrate", "2M")
        self.assertFalse(capped["plan"]["video"]["cbr_flag"])

    def test_8k60_is_level_6_1_and_a_lower_one_is_refused(self):
        source = "generate:7680x4320@59.94,frames=60,color=pq"
        plan = self.jinsha("transcode", source, "-o", self.path("out.ts"), "--bitrate", "80M", "--dry-run", "--max-mem", "64G").text
        self.assertIn("level 6.1", plan)
        refused = self.jinsha("transcode", source, "-o", self.path("out.ts"), "--bitrate", "80M", "--level", "5.1", "--max-mem", "64G",
                              status=e2e.NOT_POSSIBLE)
        self.assertIn("6.1", refused.errors)
        self.assertEqual(self.files(), [])

    def test_scaling_and_depth(self):
        source = self.generate("source.y4m", size="640x360", frames=4, color="sdr")
        self.transcode(source, "out.mp4", "--size", "320x180", "--depth", "8")
        stream = self.video_stream(self.path("out.mp4"))
        self.assertEqual((stream["width"], stream["height"], stream["pix_fmt"]), (320, 180, "yuv420p"))
        self.transcode(source, "wide.mp4", "--size", "320x320", "--chroma", "422", "--depth", "12")
        stream = self.video_stream(self.path("wide.mp4"))
        self.assertEqual((stream["width"], stream["height"], stream["pix_fmt"], stream["sample_aspect_ratio"]), (320, 320, "yuv422p12le", "1:1"))

    def test_range_and_frames_take_the_part_that_was_asked_for(self):
        source = self.generate("source.y4m", frames=50, color="sdr")
        whole = self.path("whole.yuv")
        self.jinsha("transcode", source, "-o", whole, "--progress", "none")
        part = self.path("part.yuv")
        self.jinsha("transcode", source, "-o", part, "--range", "#10-0.5", "--progress", "none")
        size = Path(whole).stat().st_size // 50
        self.assertEqual(Path(part).read_bytes(), Path(whole).read_bytes()[10 * size:25 * size])

    def test_forced_key_frames_are_where_they_were_asked_for(self):
        source = self.generate("source.y4m", frames=40)
        report = self.transcode(source, "out.ts", "--gop", "20", "--keyframes", "#7,0.5")
        self.assertEqual(report["plan"]["encoder"]["keyframes"], [7, 25])
        self.assertTrue(check(report, "key-frame-distance")["passed"])
        packets = self.ffprobe(self.path("out.ts"), "-show_packets", "-select_streams", "v")["packets"]
        keys = [index for index, packet in enumerate(sorted(packets, key=lambda p: int(p["pts"]))) if "K" in packet["flags"]]
        for index in (0, 7, 25):
            self.assertIn(index, keys)

    def test_pass_through_is_bit_exact(self):
        source = self.generate("source.y4m", frames=5)
        self.jinsha("transcode", source, "-o", self.path("copy.y4m"), "--progress", "none")
        self.assertEqual(Path(source).read_bytes(), Path(self.path("copy.y4m")).read_bytes())

    def test_pipes_on_both_sides(self):
        source = self.generate("source.y4m")
        with open(source, "rb") as pipe:
            result = self.jinsha("transcode", "-", "-o", "-", "--format", "mpegts", "--bitrate", "2M", "--progress", "none", stdin=pipe)
        Path(self.path("piped.ts")).write_bytes(result.stdout)
        self.assertEqual(self.video_stream(self.path("piped.ts"))["nb_read_packets"], "25")
        self.jinsha("verify", self.path("piped.ts"))

    def test_progress_is_json_lines_where_there_is_no_terminal(self):
        source = self.generate("source.y4m")
        errors = self.jinsha("transcode", source, "-o", self.path("out.ts")).errors
        lines = [line for line in errors.splitlines() if line.startswith("{")]
        self.assertTrue(lines)
        last = __import__("json").loads(lines[-1])
        self.assertEqual((last["frames"], last["total_frames"]), (25, 25))

    def test_a_dry_run_plans_and_writes_nothing(self):
        source = self.generate("source.y4m")
        before = self.files()
        text = self.jinsha("transcode", source, "-o", self.path("out.ts"), "--dry-run").text
        self.assertIn("together", text)
        self.assertEqual(self.files(), before)

    def test_memory_limit_refuses_with_the_sum(self):
        result = self.jinsha("transcode", "generate:7680x4320@50,frames=10", "-o", self.path("out.ts"), "--max-mem", "1G", status=e2e.NOT_POSSIBLE)
        self.assertIn("together", result.errors)
        self.assertIn("--max-mem", result.errors)

    def test_decoded_pixels_equal_ffmpegs(self):
        self.need("ffmpeg")
        for name in ("hdr/hlg_1080p_colorchart.mp4", "hdr/hdr10_av1_1080p5994_mdcv_clli.mp4", "range/hevc_444_10bit.mp4",
                     "mezzanine/prores_422_hq.mov"):
            with self.subTest(clip=name):
                clip = e2e.media(name)
                self.jinsha("transcode", clip, "-o", self.path("ours.yuv"), "--frames", "5", "--overwrite", "--progress", "none")
                theirs = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", clip, "-map", "0:v:0", "-frames:v", "5", "-f", "rawvideo", "-"],
                                        capture_output=True, check=True).stdout
                self.assertEqual(hashlib.sha256(Path(self.path("ours.yuv")).read_bytes()).hexdigest(), hashlib.sha256(theirs).hexdigest())


if __name__ == "__main__":
    e2e.main()
