#!/usr/bin/env python3
"""layers.py must find what it is there to find, and nothing else."""
import tempfile
import unittest
from pathlib import Path

import layers


class LayersTest(unittest.TestCase):
    def problems(self, files):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            return list(layers.check_files(root)) + list(layers.check_cmake(root))

    def assert_refused(self, path, include, words):
        found = self.problems({path: f"// head\n#include {include}\n"})
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(f"{path}:2: "), found[0])
        self.assertIn(words, found[0])

    def assert_allowed(self, path, include):
        self.assertEqual(self.problems({path: f"#include {include}\n"}), [])

    def test_upward_include(self):
        self.assert_refused("src/base/a.h", '"media/frame.h"', "base/ may not include media/frame.h")
        self.assert_refused("src/encode/a.cpp", '"job/plan.h"', "encode/ may not include job/plan.h")

    def test_neighbour_include(self):
        self.assert_refused("src/mux/a.cpp", '"encode/encoder.h"', "mux/ may not include")
        self.assert_refused("src/image/a.cpp", '"compute/device.h"', "image/ may not include")

    def test_judge_is_independent(self):
        for header in ("mux/muxer.h", "libav/error.h", "hdr/sei.h", "base/bits.h", "job/options.h"):
            self.assert_refused("src/verify/a.cpp", f'"{header}"', "verify/ may not include")
        self.assert_refused("src/verify/a.cpp", "<libavformat/avformat.h>", "belongs to")
        for header in ("job/plan.h", "media/frame.h", "base/result.h", "verify/judge.h"):
            self.assert_allowed("src/verify/a.cpp", f'"{header}"')

    def test_only_one_header_of_kernels(self):
        self.assert_allowed("src/image/a.cpp", '"kernels/program.h"')
        self.assert_refused("src/image/a.cpp", '"kernels/ops.h"', "image/ may not include")

    def test_foreign_header_in_its_place(self):
        self.assert_allowed("src/encode/a.cpp", "<x265.h>")
        self.assert_refused("src/pipeline/a.cpp", "<x265.h>", "belongs to encode")
        self.assert_refused("src/job/a.cpp", "<spdlog/spdlog.h>", "belongs to base")

    def test_no_libm_in_kernels(self):
        self.assert_refused("kernels/a.cpp", "<cmath>", "without libm")
        self.assert_allowed("src/image/a.cpp", "<cmath>")

    def test_reference_shares_nothing(self):
        for header in ("image/transfer.h", "kernels/program.h", "media/color.h", "base/result.h"):
            self.assert_refused("tests/reference/a.h", f'"{header}"', "reference/ may not include")
        self.assert_refused("tests/reference/a.h", '"compute/picture_helper.h"', "reference/ may not include")
        self.assert_allowed("tests/reference/a.h", '"reference/linear.h"')
        self.assert_allowed("tests/reference/a.h", "<cmath>")

    def test_program_is_a_client(self):
        self.assert_allowed("src/cli/a.cpp", '"jinsha/jinsha.h"')
        self.assert_refused("src/cli/a.cpp", '"job/plan.h"', "cli/ may not include")

    def test_unknown_header_and_folder(self):
        self.assert_refused("src/base/a.h", "<boost/asio.hpp>", "in no row")
        self.assert_refused("src/base/a.h", '"result.h"', 'write "base/result.h"')
        self.assertEqual(len(self.problems({"src/misc/a.h": ""})), 1)

    def test_comment_is_no_include(self):
        self.assertEqual(self.problems({"src/base/a.h": '/*\n#include "media/frame.h"\n*/\n'}), [])

    def test_link_line(self):
        found = self.problems({"src/media/CMakeLists.txt": "jinsha_layer(media LAYERS base mux LIBRARIES x265)\n"})
        self.assertEqual(found, ["src/media/CMakeLists.txt: media links mux, which it may not include"])


if __name__ == "__main__":
    unittest.main()
