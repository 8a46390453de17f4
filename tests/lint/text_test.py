#!/usr/bin/env python3
"""text.py must find what it is there to find, and nothing else."""
import tempfile
import unittest
from pathlib import Path

import text


class TextTest(unittest.TestCase):
    def problems(self, files):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, content in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(content.encode() if isinstance(content, str) else content)
            return list(text.check(root))

    def assert_one(self, files, words):
        found = self.problems(files)
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def test_clean_files(self):
        self.assertEqual(self.problems({"src/base/a.h": "// Purpose.\n#pragma once\n", "src/base/a.cpp": "int a;\n"}), [])

    def test_unfinished_work(self):
        self.assert_one({"src/base/a.cpp": "int a;  // TO" "DO: more\n"}, "src/base/a.cpp:1: unfinished")
        self.assert_one({"docs/a.md": "FIX" "ME\n"}, "unfinished")

    def test_length(self):
        long = "int a;\n" * (text.MAX_LINES + 1)
        self.assert_one({"src/base/a.cpp": long}, "401 lines")
        self.assertEqual(self.problems({"src/base/a.cpp": "int a;\n" * text.MAX_LINES}), [])
        self.assertEqual(self.problems({"src/base/a.cpp": "// Over 400 lines: one table of a standard.\n" + long}), [])
        self.assert_one({"src/base/a.cpp": "// Over 400 lines:\n" + long}, "402 lines")

    def test_stale_reason(self):
        self.assert_one({"src/base/a.cpp": "// Over 400 lines: one table of a standard.\n"}, "no longer over")

    def test_head(self):
        self.assert_one({"src/base/a.h": "#pragma once\n"}, "begins with a comment")
        self.assert_one({"src/base/a.h": "// Purpose.\n"}, "no #pragma once")

    def test_characters(self):
        self.assert_one({"src/base/a.cpp": "int a; \n"}, "spaces at the end")
        self.assert_one({"src/base/a.cpp": "int a;"}, "no line end")
        self.assert_one({"src/base/a.cpp": b"// \xff\n"}, "not UTF-8")


if __name__ == "__main__":
    unittest.main()
