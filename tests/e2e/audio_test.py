"""Sound that is coded again: it stays with the pictures to a few milliseconds, its channels stay in their
places, and what becomes of every track is said."""
import array
import math
import struct
import subprocess
import unittest

import e2e

RATE = 48000
ENCODES = ("aac", "ac3", "eac3")
# Black with a white frame at every second from the first on, and a beep that begins with each.
FLASHES = "color=black:s=160x96:r=25:d=6,drawbox=enable='eq(mod(n\\,25)\\,0)*gt(n\\,0)':color=white:t=fill"
BEEPS = "aevalsrc='if(gt(t\\,0.5)*lt(mod(t\\,1)\\,0.1)\\,0.7*sin(2*PI*1000*t)\\,0)':s=48000:d=6"


class Audio(e2e.JobTest):
    def ffmpeg(self, name, *arguments):
        self.need("ffmpeg")
        output = self.path(name)
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments, output], check=True)
        return output

    def codec(self, path, track):
        return self.ffprobe(path, "-show_streams", "-select_streams", f"a:{track}")["streams"][0]["codec_name"]

    def decoded(self, path, track=0, channels=1, rate=RATE):
        """Time of the first sample and the samples of every channel, as a player has them: priming cut off
        where the container says so."""
        # The dynamic range control of an AC-3 source is the listener's.
        decoder = ["-drc_scale", "0"] if self.codec(path, track) in ("ac3", "eac3") else []
        frames = self.ffprobe(path, "-select_streams", f"a:{track}", "-show_frames", "-show_entries", "frame=pts_time", "-read_intervals", "%+#2")["frames"]
        raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", *decoder, "-i", path, "-map", f"0:a:{track}", "-af", f"aresample={rate}", "-f", "f32le",
                              "-ac", str(channels), "-c:a", "pcm_f32le", "-"], check=True, capture_output=True).stdout
        samples = array.array("f", raw)
        return float(frames[0]["pts_time"]), [samples[c::channels] for c in range(channels)]

    def beeps(self, path, track=0):
        start, (samples,) = self.decoded(path, track)
        times, quiet = [], RATE
        for index, value in enumerate(samples):
            if abs(value) > 0.2:
                if quiet > RATE // 4:
                    times.append(start + index / RATE)
                quiet = 0
            else:
                quiet += 1
        return times

    def flashes(self, path):
        packets = self.ffprobe(path, "-select_streams", "v", "-show_packets", "-show_entries", "packet=pts_time")["packets"]
        times = sorted(float(packet["pts_time"]) for packet in packets)
        levels = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-vf", "scale=1:1,format=gray", "-fps_mode", "passthrough",
                                 "-f", "rawvideo", "-"], check=True, capture_output=True).stdout
        self.assertEqual(len(times), len(levels))
        return [time for time, level in zip(times, levels) if level > 128]

    def offset(self, path):
        """How far the beeps of a source stand from its flashes on average: codecs that do not state their delay."""
        flashes = self.flashes(path)
        offsets = [min((beep - flash for flash in flashes), key=abs) for beep in self.beeps(path)]
        return sum(offsets) / len(offsets)

    def assert_in_sync(self, path, track=0, expected=5, own=0.0):
        """Every flash has its beep within 5 ms of where the source has it; `expected` of them."""
        flashes, beeps = self.flashes(path), self.beeps(path, track)
        self.assertEqual(len(beeps), expected, beeps)
        for beep in beeps:
            offset = min((beep - flash for flash in flashes), key=abs) - own
            self.assertLess(abs(offset), 0.005, f"beep {beep:.4f} s, flashes {flashes}")

    def clip(self, name, *codecs, sound=BEEPS):
        return self.ffmpeg(name, "-f", "lavfi", "-i", FLASHES, "-f", "lavfi", "-i", sound, "-c:v", "mpeg2video", "-q:v", "4", *codecs)

    def outputs(self, source, *choices, expected=5, names=("out.ts", "out.mp4"), own=0.0):
        for choice in choices:
            for output in names:
                with self.subTest(source=source, audio=choice, output=output):
                    arguments = ["--audio", choice] if choice != "auto" else []
                    report = self.transcode(source, output, "--speed", "ultrafast", "--overwrite", *arguments)
                    self.assert_in_sync(self.path(output), expected=expected, own=own)
                    self.last_report = report

    def test_beeps_stay_with_flashes(self):
        self.outputs(self.clip("pcm.mov", "-c:a", "pcm_s24le"), "auto", *ENCODES)
        self.outputs(self.clip("aac.mp4", "-c:a", "aac"), "copy", *ENCODES)

    def test_sources_of_every_kind(self):
        self.outputs(self.clip("pcm.mxf", "-c:a", "pcm_s24le"), "auto", names=("out.ts",))
        self.outputs(self.clip("mp2.ts", "-c:a", "mp2"), "aac", names=("out.mp4",))
        self.outputs(self.clip("ac3.mkv", "-c:a", "ac3"), "aac", "eac3", names=("out.mp4",))
        self.outputs(self.clip("flac.mkv", "-c:a", "flac"), "auto", names=("out.ts",))
        for source in (self.clip("dts.mkv", "-c:a", "dca", "-strict", "-2"), self.clip("opus.mkv", "-c:a", "libopus")):
            self.outputs(source, "aac", names=("out.ts",), own=self.offset(source))
        self.outputs(self.clip("rate.mov", "-c:a", "pcm_s16le", "-ar", "96000"), "auto", "ac3", names=("out.ts",))
        self.outputs(self.clip("low.mov", "-c:a", "pcm_s16le", "-ar", "22050"), "aac", "ac3", names=("out.mp4",))

    def test_late_and_early_sound(self):
        source = self.clip("source.mov", "-c:a", "pcm_s16le")
        for container in ("mkv", "ts"):
            codec = ["-c:v", "copy", "-c:a", "pcm_s16le" if container == "mkv" else "mp2"]
            # The first beeps are cut away, and the stream begins 1.5 s after the pictures.
            late = self.ffmpeg("late." + container, "-i", source, "-ss", "1.5", "-copyts", "-i", source, "-map", "0:v", "-map", "1:a", *codec)
            self.outputs(late, *ENCODES, expected=4)
            self.assertEqual(self.last_report["losses"], [])
            # Pictures that begin 1.5 s after the sound.
            early = self.ffmpeg("early." + container, "-ss", "1.5", "-copyts", "-i", source, "-i", source, "-map", "0:v", "-map", "1:a",
                                "-c:v", "mpeg2video", "-q:v", "4", *codec[2:])
            self.outputs(early, "aac", "ac3", expected=4)

    def test_a_hole_is_silence(self):
        hole = BEEPS[:-len(":s=48000:d=6")] + ":s=48000:d=6,aselect='not(between(t,2.5,3.5))'"
        for name, codec in (("hole.mkv", "pcm_s16le"), ("hole.ts", "mp2")):
            source = self.clip(name, "-c:a", codec, sound=hole)
            self.outputs(source, *ENCODES, expected=4)
            audio = self.last_report["audio"][0]
            self.assertEqual(audio["gaps_filled"], 1)
            self.assertAlmostEqual(audio["silence_samples"] / RATE, 1.0, delta=0.06)

    def test_a_long_pause_does_not_hold_the_stream(self):
        sound = BEEPS.replace("d=6", "d=20") + ",aselect='not(between(t,2.5,16.5))'"
        flashes = FLASHES.replace("d=6", "d=20")
        source = self.ffmpeg("pause.mkv", "-f", "lavfi", "-i", flashes, "-f", "lavfi", "-i", sound, "-c:v", "mpeg2video", "-c:a", "pcm_s16le")
        self.outputs(source, "aac", "ac3", expected=5)
        self.assertEqual(self.last_report["audio"][0]["gaps_filled"], 1)
        self.assertEqual(self.last_report["losses"], [])

    def test_a_part_of_the_source(self):
        source = self.clip("aac.mp4", "-c:a", "aac")
        for choice in ("aac", "ac3"):
            self.transcode(source, "part.mp4", "--speed", "ultrafast", "--audio", choice, "--range", "1.5-4.5", "--overwrite")
            self.assert_in_sync(self.path("part.mp4"), expected=3)

    # A tone of its own frequency in every channel: what comes out where.
    TONES = (300, 500, 700, 60, 900, 1100, 1300, 1500)

    def tones(self, layout, count):
        sources = "|".join(f"0.4*sin(2*PI*{f}*t)" for f in self.TONES[:count])
        return f"aevalsrc='{sources}':c={layout}:s=48000:d=2"

    @staticmethod
    def power(samples, frequency):
        step = 2 * math.pi * frequency / RATE
        part = samples[RATE // 2: RATE // 2 + 9600]
        re = sum(value * math.cos(step * i) for i, value in enumerate(part))
        im = sum(value * math.sin(step * i) for i, value in enumerate(part))
        return 2 * math.hypot(re, im) / len(part)

    def assert_tone(self, samples, frequency, level=0.4):
        self.assertAlmostEqual(self.power(samples, frequency), level, delta=0.06)

    def test_channels_keep_their_places(self):
        for layout, count in (("mono", 1), ("stereo", 2), ("5.1", 6), ("5.1(side)", 6)):
            source = self.clip("tones.mkv", "-c:a", "pcm_s16le", sound=self.tones(layout, count))
            for choice in ENCODES:
                for output in ("out.ts", "out.mp4"):
                    with self.subTest(layout=layout, audio=choice, output=output):
                        self.transcode(source, output, "--speed", "ultrafast", "--audio", choice, "--overwrite")
                        _, channels = self.decoded(self.path(output), channels=count)
                        for samples, frequency in zip(channels, self.TONES):
                            self.assert_tone(samples, frequency)

    def test_seven_one(self):
        source = self.clip("tones.mkv", "-c:a", "flac", sound=self.tones("7.1", 8))
        report = self.transcode(source, "out.mp4", "--speed", "ultrafast", "--audio", "aac")
        self.assertIn("7.1 at 48000 Hz", " ".join(report["converted"]))
        stream = self.ffprobe(self.path("out.mp4"), "-show_streams", "-select_streams", "a")["streams"][0]
        self.assertEqual((stream["channels"], stream["channel_layout"]), (8, "7.1"))
        _, channels = self.decoded(self.path("out.mp4"), channels=8)
        for samples, frequency in zip(channels, self.TONES):
            self.assert_tone(samples, frequency)
        # A transport stream ends at 5.1, said so; the back and the side pair share the surrounds.
        for arguments, codec in (([], "ac3"), (["--audio", "eac3"], "eac3"), (["--audio", "aac"], "aac")):
            report = self.transcode(source, "out.ts", "--speed", "ultrafast", "--overwrite", *arguments)
            self.assertIn("7.1 mixed down to 5.1", " ".join(report["converted"]))
            self.assertEqual(report["plan"]["audio"][0]["info"]["codec"], codec)
            _, channels = self.decoded(self.path("out.ts"), channels=6)
            for samples, frequency in list(zip(channels, self.TONES))[:4]:
                self.assert_tone(samples, frequency)
            for samples, pair in ((channels[4], (900, 1300)), (channels[5], (1100, 1500))):
                for frequency in pair:
                    self.assert_tone(samples, frequency, 0.4 * math.sqrt(0.5))

    def test_unlabelled_channels_become_pairs(self):
        report = self.transcode(e2e.media("interlaced/d10_imx50_608line.mxf"), "out.ts", "--speed", "ultrafast")
        self.assertEqual([track["info"]["layout"] for track in report["plan"]["audio"]], ["stereo", "stereo"])
        self.assertIn("taken as pairs", " ".join(report["assumed"]))

    def test_real_surround_keeps_its_order(self):
        """The loudness of every channel over time is that of the source."""
        # The channel identification has no pictures of its own.
        spoken = self.ffmpeg("spoken.mkv", "-f", "lavfi", "-i", "color=gray:s=160x96:r=25:d=12", "-i", e2e.media("audio/ac3_51_channel_id.ac3"), "-c:v",
                             "mpeg2video", "-c:a", "copy", "-t", "12")
        for source in (spoken, e2e.media("ts/eac3_51_h264_720p25.ts")):
            for choice, output in (("aac", "out.mp4"), ("aac", "out.ts"), ("ac3", "out.ts")):
                with self.subTest(source=source, audio=choice, output=output):
                    self.transcode(source, output, "--speed", "ultrafast", "--size", "160x96", "--audio", choice, "--overwrite")
                    before, after = (self.from_first_picture(path) for path in (source, self.path(output)))
                    for index, (a, b) in enumerate(zip(before, after)):
                        self.assertGreater(self.alike(a, b), 0.98, f"channel {index}")

    def from_first_picture(self, path):
        packets = self.ffprobe(path, "-select_streams", "v", "-show_packets", "-show_entries", "packet=pts_time")["packets"]
        zero = min(float(packet["pts_time"]) for packet in packets)
        start, channels = self.decoded(path, channels=6)
        early = round((zero - start) * RATE)
        return [samples[early:] if early >= 0 else array.array("f", bytes(-4 * early)) + samples for samples in channels]

    @staticmethod
    def alike(a, b):
        """Correlation of the energies of pieces of 50 ms; 1 where both are silent."""
        piece = RATE // 20
        count = min(len(a), len(b)) // piece
        rows = [[sum(v * v for v in x[i * piece:(i + 1) * piece]) for i in range(count)] for x in (a, b)]
        if max(rows[0]) < 1e-3 * piece * 0.01 and max(rows[1]) < 1e-3 * piece * 0.01:
            return 1.0
        dot = sum(p * q for p, q in zip(*rows))
        return dot / math.sqrt(sum(p * p for p in rows[0]) * sum(q * q for q in rows[1]))

    def tracks(self):
        return self.ffmpeg("tracks.mkv", "-f", "lavfi", "-i", FLASHES, "-f", "lavfi", "-i", BEEPS, "-f", "lavfi", "-i", self.tones("5.1", 6), "-map", "0:v",
                           "-map", "1:a", "-map", "2:a", "-map", "1:a", "-c:v", "mpeg2video", "-c:a:0", "pcm_s16le", "-c:a:1", "flac", "-c:a:2", "ac3",
                           "-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=ger", "-metadata:s:a:2", "language=fra",
                           "-disposition:a:0", "0", "-disposition:a:1", "default", "-disposition:a:2", "0")

    def planned(self, source, output, *arguments):
        report = self.transcode(source, output, "--speed", "ultrafast", "--overwrite", *arguments)
        return [(track["info"]["codec"], track["info"]["channels"], track["info"]["language"]) for track in report["plan"]["audio"]]

    def test_tracks_are_chosen_and_keep_their_language(self):
        source = self.tracks()
        self.assertEqual(self.planned(source, "out.ts"), [("aac", 1, "eng"), ("ac3", 6, "ger"), ("ac3", 1, "fra")])
        self.assertEqual(self.planned(source, "out.mp4"), [("aac", 1, "eng"), ("flac", 6, "ger"), ("ac3", 1, "fra")])
        defaults = [stream["disposition"]["default"] for stream in self.ffprobe(self.path("out.mp4"), "-show_streams", "-select_streams", "a")["streams"]]
        self.assertEqual(defaults, [0, 1, 0])
        self.assertEqual(self.planned(source, "out.ts", "--audio-lang", "fre,deu"), [("ac3", 1, "fra"), ("ac3", 6, "ger")])
        self.assertEqual(self.planned(source, "out.ts", "--audio", "eac3:192k@2", "--audio", "copy@3"), [("eac3", 6, "ger"), ("ac3", 1, "fra")])
        self.assertEqual(self.planned(source, "out.ts", "--audio", "none@2"), [("aac", 1, "eng"), ("ac3", 1, "fra")])
        self.assertEqual(self.planned(source, "out.ts", "--audio", "copy@3", "--audio", "aac@3"), [("ac3", 1, "fra"), ("aac", 1, "fra")])
        self.assertEqual(self.planned(source, "out.ts", "--audio", "none"), [])
        for arguments, words in ((["--audio", "aac@4"], "there is no track 4"), (["--audio-lang", "jpn"], "it has: eng, ger, fra"),
                                 (["--audio", "ac3:100k"], "has only"), (["--audio", "none", "--audio", "aac"], "excludes"),
                                 (["--audio", "aac:9M"], "takes"), (["--audio", "mp3"], "is not one of")):
            self.jinsha("transcode", source, "-o", self.path("no.ts"), *arguments, status=e2e.USAGE)
            self.assertIn(words, self.jinsha("transcode", source, "-o", self.path("no.ts"), *arguments, status=e2e.USAGE).errors)

    def test_silence_on_request(self):
        source = self.ffmpeg("mute.mkv", "-f", "lavfi", "-i", FLASHES, "-c:v", "mpeg2video")
        for output in ("out.ts", "out.mp4"):
            report = self.transcode(source, output, "--speed", "ultrafast", "--audio", "silence")
            self.assertIn("silent stereo", " ".join(report["converted"]))
            start, (left, right) = self.decoded(self.path(output), channels=2)
            self.assertEqual(max(map(abs, (*left, *right))), 0)
            video = self.flashes(self.path(output))[0] - 1.0
            self.assertLessEqual(start, video + 0.001)
            self.assertAlmostEqual(start + len(left) / RATE, video + 6, delta=0.05)
        sounding = self.clip("pcm.mov", "-c:a", "pcm_s16le")
        self.assertEqual(self.planned(sounding, "out.ts", "--audio", "silence"), [("aac", 1, "")])

    def dialogue_level(self, path):
        raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:a", "-c", "copy", "-f", "data", "-"], check=True,
                             capture_output=True).stdout
        self.assertEqual(raw[:2], b"\x0b\x77")
        bits = int.from_bytes(raw[:12], "big")

        def field(at, count):
            return bits >> (96 - at - count) & ((1 << count) - 1)

        if field(40, 5) > 10:
            return field(45, 5)
        mode, at = field(48, 3), 51
        at += 2 * (mode & 1 and mode != 1) + 2 * (mode >> 2 & 1) + 2 * (mode == 2) + 1
        return field(at, 5)

    def test_dialogue_level_is_carried(self):
        for codec in ("ac3", "eac3"):
            source = self.clip("source.mkv", "-c:a", codec, "-dialnorm", "-24")
            self.assertEqual(self.dialogue_level(source), 24)
            for choice in ("ac3:128k", "eac3:128k"):
                report = self.transcode(source, "out.ts", "--speed", "ultrafast", "--audio", choice, "--overwrite")
                self.assertEqual(self.dialogue_level(self.path("out.ts")), 24)
                self.assertIn("dialogue level as the source", " ".join(report["converted"]))
        report = self.transcode(self.clip("pcm.mov", "-c:a", "pcm_s16le"), "out.ts", "--speed", "ultrafast", "--audio", "ac3", "--overwrite")
        self.assertEqual(self.dialogue_level(self.path("out.ts")), 31)
        self.assertIn("-31 dB", " ".join(report["assumed"]))

    def test_damaged_sound_is_survived(self):
        source = self.clip("ac3.ts", "-c:a", "ac3")
        data = bytearray((self.folder / "ac3.ts").read_bytes())
        # Every fifth audio packet loses its middle.
        audio = [at for at in range(0, len(data), 188) if struct.unpack(">H", data[at + 1:at + 3])[0] & 0x1FFF == 0x101]
        for at in audio[10::5]:
            data[at + 60:at + 150] = bytes(90)
        (self.folder / "bad.ts").write_bytes(data)
        for output in ("out.ts", "out.mp4"):
            report = self.transcode(self.path("bad.ts"), output, "--speed", "ultrafast", "--audio", "aac", "--overwrite")
            self.assertTrue(e2e.check(report, "audio")["passed"])
            self.assertTrue(report["losses"])
        self.transcode(source, "strict.ts", "--speed", "ultrafast", "--audio", "aac", "--strict")

    def test_sound_alone_is_no_source(self):
        self.jinsha("transcode", e2e.media("audio/ac3_51_channel_id.ac3"), "-o", self.path("out.ts"), status=e2e.INPUT)


if __name__ == "__main__":
    unittest.TestCase.longMessage = True
    e2e.main()
