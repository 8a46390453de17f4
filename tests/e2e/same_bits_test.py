"""The same pixels and, in CRF and CQP, the same coded bits for one plan: whatever the number of
threads, in every run, and as the encoder's own program writes them."""
import hashlib
import subprocess
from pathlib import Path

import e2e


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


class SameBits(e2e.JobTest):
    def test_coded_bits_do_not_depend_on_threads_or_runs(self):
        source = self.generate("source.y4m", frames=30)
        for encoder, output in (("x265", "out.hevc"), ("svt-av1", "out.ivf")):
            for rate in (("--crf", "30"), ("--qp", "30")):
                with self.subTest(encoder=encoder, rate=rate):
                    seen = set()
                    for threads in ("1", "2", "5", "2"):
                        self.transcode(source, output, "--encoder", encoder, *rate, "--threads", threads, "--overwrite")
                        seen.add(digest(self.path(output)))
                    self.assertEqual(len(seen), 1)

    def test_pixels_do_not_depend_on_threads(self):
        source = self.generate("source.y4m", size="642x362", frames=3)
        for arguments in (("--color", "sdr"), ("--color", "hlg"), ("--size", "320x180"), ("--color", "sdr", "--size", "322x182", "--depth", "8")):
            with self.subTest(arguments=arguments):
                seen = set()
                for threads in ("1", "2", "7"):
                    self.jinsha("transcode", source, "-o", self.path("out.yuv"), "--input-color", "pq", *arguments, "--threads", threads,
                                "--overwrite", "--progress", "none")
                    seen.add(digest(self.path("out.yuv")))
                self.assertEqual(len(seen), 1)

    def test_a_whole_transport_stream_repeats(self):
        source = self.generate("source.mp4")
        seen = set()
        for _ in range(2):
            self.transcode(source, "out.ts", "--crf", "30", "--overwrite")
            seen.add(digest(self.path("out.ts")))
        self.assertEqual(len(seen), 1)

    def test_generated_sources_repeat_and_differ_by_seed(self):
        self.assertEqual(digest(self.generate("a.y4m", "--seed", "1", frames=3)), digest(self.generate("b.y4m", "--seed", "1", frames=3)))
        self.assertNotEqual(digest(self.path("a.y4m")), digest(self.generate("c.y4m", "--seed", "2", frames=3)))

    def test_svt_av1_writes_what_its_own_program_writes(self):
        self.need("SvtAv1EncApp")
        source = self.generate("source.y4m", frames=30)
        self.transcode(source, "ours.ivf", "--encoder", "svt-av1", "--speed", "12", "--crf", "35", "--gop", "10", "--threads", "2")
        theirs = self.path("theirs.ivf")
        subprocess.run(["SvtAv1EncApp", "-i", source, "-b", theirs, "--preset", "12", "--rc", "0", "--crf", "35", "--keyint", "9", "--irefresh-type",
                        "2", "--lp", "2", "-n", "30"], capture_output=True, check=True)
        self.assertEqual(self.payload(self.path("ours.ivf")), self.payload(theirs))

    @staticmethod
    def payload(path):
        """The frames of an IVF file, sequence headers (which carry the colour tags) left out."""
        data, frames, at = Path(path).read_bytes(), [], 32
        while at + 12 <= len(data):
            size = int.from_bytes(data[at:at + 4], "little")
            frames.append([obu for kind, obu in obus(data[at + 12:at + 12 + size]) if kind in (3, 6)])
            at += 12 + size
        return frames


def obus(unit):
    """(type, bytes) of every OBU of a temporal unit (AV1 5.3)."""
    at = 0
    while at < len(unit):
        start, header = at, unit[at]
        at += 2 if header & 4 else 1
        size = shift = 0
        while True:
            byte = unit[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        at += size
        yield (header >> 3) & 15, unit[start:at]


if __name__ == "__main__":
    e2e.main()
