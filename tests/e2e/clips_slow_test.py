"""Every real clip, with both encoders, into MPEG-TS and fragmented MP4: a table of what must come out.

AV1 has no mapping into MPEG-TS here, so svt-av1 goes into MP4 only. The pictures counted are those on the
constant-rate grid: two for each interlaced frame, repeats where times vary.
"""
from pathlib import Path

import e2e

# Clip, pictures, size as displayed, frame rate, --frames (0: the whole clip).
CLIPS = [
    ("hdr/cosmos_444_10bit_p3pq_full.y4m", 1, "1024x428", "25", 0),
    ("hdr/dovi_p5_ipt_360p5994.mp4", 361, "640x360", "60000/1001", 0),
    ("hdr/dovi_p84_hlg_iphone_720p.mov", 4, "720x1280", "30", 0),
    ("hdr/dovi_p8_hdr10_256x144.mkv", 259, "256x144", "24000/1001", 0),
    ("hdr/dovi_p8_pq_360p5994.mp4", 361, "640x360", "60000/1001", 0),
    ("hdr/h264_8bit_hlg_tagged_720x720p60.ts", 100, "720x720", "60", 100),
    ("hdr/hdr10_av1_1080p5994_mdcv_clli.mp4", 60, "1920x1080", "60000/1001", 0),
    ("hdr/hdr10_av1_720x1280_phone.mp4", 127, "720x1280", "30000/1001", 0),
    ("hdr/hdr10_hevc_1080p_1frame_chart.mp4", 1, "1920x1080", "25", 0),
    ("hdr/hdr10plus_1080p30_phone.mp4", 31, "1920x1080", "30", 0),
    ("hdr/hdr10plus_tos_1920x800_a.h265", 6, "1920x800", "24", 0),
    ("hdr/hdr10plus_tos_1950x816.h265", 9, "1950x816", "24", 0),
    ("hdr/hdrvivid_pq_2160p50.h265", 8, "3840x2160", "50", 8),
    ("hdr/hevc_8k_pq_header_2frames.ts", 4, "7680x4320", "50", 4),
    ("hdr/hlg_1080p_colorchart.mp4", 9, "1920x1080", "30", 0),
    ("hdr/pq_hevc_640x360_no_sei.mp4", 84, "640x360", "30000/1001", 0),
    ("hdr/raw_p010_1280x720_hdr.p010", 1, "1280x720", "25", 0),
    ("uhd/4k24_j2k_12bit_p3pq.mxf", 4, "3840x2160", "24000/1001", 4),
    ("uhd/4k30_hevc_natural.ts", 8, "3840x2160", "30", 8),
    ("uhd/8k24_hevc_phone.mp4", 4, "7680x4320", "24", 4),
    ("sdr/avc422_10bit_720p50_1080p25_landscape.mp4", 25, "1920x1080", "25", 25),
    ("sdr/mpeg2_1080p25_natural.ts", 50, "1920x1080", "25", 50),
    ("sdr/vmaf_dis_sparks_480x270_yuv420p10le.yuv", 5, "480x270", "25", 0),
    ("sdr/vmaf_ref_sparks_480x270_yuv420p10le.yuv", 5, "480x270", "25", 0),
    ("ts/captions_608_708_sd.ts", 690, "256x192", "24000/1001", 0),
    ("ts/captions_708_1080p.ts", 60, "1920x1080", "30000/1001", 60),
    ("ts/dvbsub_at_video_start.ts", 30, "128x96", "5", 0),
    ("ts/eac3_51_h264_720p25.ts", 150, "1280x720", "25", 0),
    ("ts/h264_1080p30_mp2_pcr.ts", 60, "1920x1080", "30", 60),
    ("ts/hevc_1080p24_aac51_topleft.ts", 60, "1920x1080", "24", 60),
    ("ts/mpeg2_422_1080i2997_dtshd_hdmv.ts", 10, "1920x1080", "60000/1001", 0),
    ("ts/pts_rollover_1fps.ts", 20, "128x72", "1", 0),
    ("ts/pts_wrap_h264_aac.ts", 82, "640x360", "30000/1001", 0),
    ("ts/scte35_h264_aac.ts", 466, "640x360", "25", 0),
    ("ts/teletext_720p25.ts", 100, "1280x720", "25", 100),
    ("interlaced/avchd_1080i25_sony.mts", 26, "1920x1080", "50", 0),
    ("interlaced/d10_imx50_608line.mxf", 4, "720x608", "50", 0),
    ("interlaced/dv_ntsc_bff.mov", 50, "720x480", "50", 0),
    ("interlaced/xdcam_ex_1080i25.mov", 20, "1920x1080", "50", 20),
    ("interlaced/xdcam_ex_1080i_60preset_25fps.mov", 20, "1920x1080", "50", 20),
    ("mezzanine/dpx_10bit_rgb.dpx", 1, "512x512", "25", 0),
    ("mezzanine/exr_rec709_chromaticities.exr", 1, "610x406", "25", 0),
    ("mezzanine/exr_xyz_chromaticities.exr", 1, "610x406", "25", 0),
    ("mezzanine/exr_seq/beachball.%04d.exr", 3, "2048x1556", "24", 0),
    ("mezzanine/prores_422.mov", 25, "320x240", "25", 0),
    ("mezzanine/prores_422_hq.mov", 25, "320x240", "25", 0),
    ("mezzanine/prores_422_lt.mov", 25, "320x240", "25", 0),
    ("mezzanine/prores_422_proxy.mov", 25, "320x240", "25", 0),
    ("mezzanine/prores_4444_12bit.mov", 2, "512x512", "25", 0),
    ("mezzanine/prores_natural_48p.mov", 40, "180x144", "48000/1001", 0),
    ("vfr_rotate/phone_rotated_vfr.mp4", 75, "480x640", "30", 0),
    ("vfr_rotate/rotate_and_reflect.mp4", 30, "720x1080", "30000/1001", 0),
    ("vfr_rotate/rotated_bbb_51.mp4", 45, "1080x1920", "24", 0),
    ("vfr_rotate/vfr_cursed.mp4", 60, "3026x1386", "30", 60),
    ("range/full_range_bt709.mp4", 30, "1280x720", "30", 0),
    ("range/hevc_422_12bit.mp4", 1, "456x300", "25", 0),
    ("range/hevc_444_10bit.mp4", 1, "456x300", "25", 0),
    ("range/hevc_full_center_icc.mp4", 60, "1920x1080", "30", 60),
    ("range/ramp_full.mp4", 125, "920x250", "25", 0),
    ("range/ramp_tv.mp4", 125, "920x250", "25", 0),
    ("range/resolution_change.h264", 1200, "640x380", "60", 0),
    ("fmp4/hevc_captions_fragmented.mp4", 61, "416x234", "30000/1001", 0),
    ("fmp4/sample_fragmented_seekable.mp4", 30, "1080x720", "30000/1001", 0),
    ("audio/eac3_71_h264_pal.mp4", 100, "720x576", "25", 100),
]

# Nothing in them is a picture that can be decoded.
NO_PICTURES = [
    "ts/ac3_51.ts",
    "ts/dvbsub_graphics_only_no_psi.ts",
    "ts/eac3_51_system_b.ts",
    "ts/smpte2038_anc_pid.ts",
    "ts/two_programs_pat_pmt_change.ts",
    "mezzanine/pcm51_24bit.mxf",
    "fmp4/eac3_51_fragmented.mp4",
    "audio/ac3_51_channel_id.ac3",
    "audio/eac3_joc_atmos.mp4",
]

# Broken clip, exit status, pictures.
BROKEN = [
    ("broken/bad_fragment_uuid.mp4", 3, 0),
    ("broken/corrupt_hevc_pes.ts", 3, 0),
    ("broken/corrupt_packets_lost_sync.ts", 3, 0),
    ("broken/duplicate_packets.ts", 3, 0),
    ("broken/junk_between_packets.bin", 0, 3),
    ("broken/mdat_too_long.mp4", 0, 30),
    ("broken/missing_sei_and_pes.ts", 0, 12),
    ("broken/mkv_block_beyond_cluster.mkv", 0, 1),
    ("broken/negative_timescale.mp4", 3, 0),
    ("broken/truncated_1080p24.ts", 0, 9),
    ("broken/vp9_invalid_bitstream.webm", 3, 0),
]

# Copied as they are coded: clip, pictures, status of .ts, .mp4 and the elementary stream. 6: MPEG-TS needs its clock
# more often than these pictures come.
COPIED = [
    ("hdr/dovi_p5_ipt_360p5994.mp4", 361, (0, 0, 0)),
    ("hdr/dovi_p84_hlg_iphone_720p.mov", 5, (0, 0, 0)),
    ("hdr/dovi_p8_hdr10_256x144.mkv", 259, (0, 0, 0)),
    ("hdr/dovi_p8_pq_360p5994.mp4", 361, (0, 0, 0)),
    ("hdr/h264_8bit_hlg_tagged_720x720p60.ts", None, (0, 0, 0)),
    ("hdr/hdr10_av1_1080p5994_mdcv_clli.mp4", 60, (4, 0, 0)),
    ("hdr/hdr10_av1_720x1280_phone.mp4", None, (4, 0, 0)),
    ("hdr/hdr10_hevc_1080p_1frame_chart.mp4", 1, (0, 0, 0)),
    ("hdr/hdr10plus_1080p30_phone.mp4", None, (0, 0, 0)),
    ("hdr/hdr10plus_tos_1920x800_a.h265", 6, (0, 0, 0)),
    ("hdr/hdr10plus_tos_1950x816.h265", 9, (0, 0, 0)),
    ("hdr/hdrvivid_pq_2160p50.h265", 1500, (0, 0, 0)),
    ("hdr/hevc_8k_pq_header_2frames.ts", None, (0, 0, 0)),
    ("hdr/hlg_1080p_colorchart.mp4", 9, (0, 0, 0)),
    ("hdr/pq_hevc_640x360_no_sei.mp4", 84, (0, 0, 0)),
    ("uhd/4k30_hevc_natural.ts", None, (0, 0, 0)),
    ("uhd/8k24_hevc_phone.mp4", None, (0, 0, 0)),
    ("sdr/avc422_10bit_720p50_1080p25_landscape.mp4", None, (0, 0, 0)),
    ("ts/captions_708_1080p.ts", None, (0, 0, 0)),
    ("ts/eac3_51_h264_720p25.ts", 150, (0, 0, 0)),
    ("ts/h264_1080p30_mp2_pcr.ts", None, (0, 0, 0)),
    ("ts/hevc_1080p24_aac51_topleft.ts", None, (0, 0, 0)),
    ("ts/pts_rollover_1fps.ts", 20, (2, 0, 0)),
    ("ts/pts_wrap_h264_aac.ts", 82, (0, 0, 0)),
    ("ts/scte35_h264_aac.ts", 465, (0, 0, 0)),
    ("ts/teletext_720p25.ts", None, (0, 0, 0)),
    ("interlaced/avchd_1080i25_sony.mts", 13, (0, 0, 0)),
    ("vfr_rotate/phone_rotated_vfr.mp4", None, (6, 0, 0)),
    ("vfr_rotate/rotated_bbb_51.mp4", None, (0, 0, 0)),
    ("vfr_rotate/vfr_cursed.mp4", None, (6, 0, 0)),
    ("fmp4/hevc_captions_fragmented.mp4", 61, (0, 0, 0)),
    ("fmp4/sample_fragmented_seekable.mp4", 30, (0, 0, 0)),
    ("audio/eac3_71_h264_pal.mp4", None, (0, 0, 0)),
]

# Bare frames state nothing.
FORMATS = {".p010": "p010le:1280x720@25", ".yuv": "yuv420p10le:480x270@25"}
# FFmpeg's generations find different grids for these times.
VARYING = {"vfr_rotate/phone_rotated_vfr.mp4": "30"}
JOBS = [("x265", "ultrafast", "out.ts"), ("x265", "ultrafast", "out.mp4"), ("svt-av1", "12", "out.mp4")]


class Clips(e2e.JobTest):
    def options_for(self, clip, frames):
        options = ["--overwrite"]
        if Path(clip).suffix in FORMATS:
            options += ["--input-format", FORMATS[Path(clip).suffix]]
        if frames:
            options += ["--frames", frames]
        if clip in VARYING:
            options += ["--fps", VARYING[clip]]
        return options

    def source_of(self, clip):
        """The clip; for a sequence its pattern with a rate."""
        if "%" not in clip:
            return e2e.media(clip)
        e2e.media(clip % 1)
        return f"{e2e.MEDIA}/{clip}@24"

    def test_every_clip_gives_a_correct_job(self):
        for clip, pictures, size, rate, frames in CLIPS:
            for encoder, speed, output in JOBS:
                with self.subTest(clip=clip, encoder=encoder, output=output):
                    report = self.transcode(self.source_of(clip), output, "--encoder", encoder, "--speed", speed,
                                            *self.options_for(clip, frames))
                    self.assertTrue(report["judge"]["passed"])
                    self.assertEqual(report["judge"]["facts"]["frames"], pictures)
                    stream = self.video_stream(self.path(output))
                    self.assertEqual(f"{stream['width']}x{stream['height']}", size)
                    self.assertEqual(stream["nb_read_packets"], str(pictures))
                    if pictures > 2:  # fewer leave ffprobe guessing
                        self.assertEqual(stream["r_frame_rate"], rate if "/" in rate else f"{rate}/1")

    def test_coded_pictures_are_copied(self):
        for clip, pictures, statuses in COPIED:
            elementary = "out.obu" if "av1" in clip else "out.hevc"
            for output, status in zip(["out.ts", "out.mp4", elementary], statuses):
                with self.subTest(clip=clip, output=output):
                    report = self.transcode(e2e.media(clip), output, "--encoder", "copy", "--overwrite", status=status)
                    if status == e2e.DONE and pictures:
                        self.assertEqual(report["judge"]["facts"]["frames"], pictures)

    def test_clips_without_pictures_are_refused_with_a_reason(self):
        for clip in NO_PICTURES:
            with self.subTest(clip=clip):
                self.transcode(e2e.media(clip), "out.ts", status=e2e.INPUT)
                self.assertIn(Path(clip).name, self.last.errors)
                self.assertEqual([name for name in self.files() if name.startswith("out")], [])

    def test_broken_clips_end_with_their_status(self):
        for clip, status, pictures in BROKEN:
            for encoder, speed, output in JOBS:
                with self.subTest(clip=clip, encoder=encoder, output=output):
                    report = self.transcode(e2e.media(clip), output, "--encoder", encoder, "--speed", speed, "--overwrite", status=status)
                    if status == e2e.DONE:
                        self.assertEqual(report["judge"]["facts"]["frames"], pictures)


if __name__ == "__main__":
    e2e.main()
