#!/usr/bin/env python3
"""readmes.py finds what it is there for."""
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Readmes(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        (self.root / "docs").mkdir()

    def check(self, original, translated):
        (self.root / "README.md").write_text(original, encoding="utf-8")
        (self.root / "docs/README.zh-CN.md").write_text(translated, encoding="utf-8")
        return subprocess.run([sys.executable, ROOT / "tests/lint/readmes.py", self.root], capture_output=True, check=False).returncode

    def test_same(self):
        self.assertEqual(self.check("# A\n\n`x` is\n\n```sh\nrun  # now\n```\n", "# 甲\n\n就是 `x`\n\n```sh\nrun  # 现在\n```\n"), 0)

    def test_differences(self):
        for original, translated in (("# A\n## B\n", "# 甲\n"), ("```sh\nrun a\n```\n", "```sh\nrun b\n```\n"), ("`x`\n", "`y`\n"),
                                     ("| a |\n| b |\n", "| a |\n"), ("[a](none.md)\n", "[a](../none.md)\n")):
            self.assertEqual(self.check(original, translated), 1, original)


if __name__ == "__main__":
    unittest.main()
