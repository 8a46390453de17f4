"""The same pixels and, in CRF and CQP, the same coded bits for one plan: whatever the number of
threads and in every run. (tests/unit/encode compares with the encoders' own programs.)"""
import hashlib
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


if __name__ == "__main__":
    e2e.main()
