"""The files made from the tables, used as they are meant to be: the schema by a validator, the completion by a
bash, the man page by groff. That they are current is the test lint.generated_docs."""
import json
import os
import pty
import select
import shutil
import subprocess
import time
import tomllib
import unittest
from pathlib import Path

import e2e

ROOT = Path(__file__).resolve().parents[2]
COMPLETION = ROOT / "packaging/jinsha.bash"


def read(path):
    text = path.read_text(encoding="utf-8")
    return tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)


class Schema(e2e.JobTest):
    def setUp(self):
        super().setUp()
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        schema = json.loads((ROOT / "configs/job.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft7Validator.check_schema(schema)
        self.validator = jsonschema.Draft7Validator(schema)

    def test_the_examples_and_presets_are_valid(self):
        examples = sorted((ROOT / "configs/examples").iterdir())
        self.assertGreaterEqual(len(examples), 3)
        for path in examples:
            self.assertEqual([error.message for error in self.validator.iter_errors(read(path))], [], path)
        for path in sorted((ROOT / "configs/presets").iterdir()):
            options = {key: value for key, value in read(path).items() if key not in ("inherits", "source")}
            self.assertEqual([error.message for error in self.validator.iter_errors(options)], [], path)

    def test_schema_and_program_agree(self):
        job = {"input": "generate:320x180@50,frames=3,color=pq", "output": "out.ts", "dry_run": True}
        taken = ({"crf": 20}, {"crf": "20.5"}, {"bitrate": 2000000}, {"bitrate": "2M"}, {"depth": 10}, {"depth": "10"}, {"chroma": 420},
                 {"encoder_param": "ref=1"}, {"encoder_param": ["ref=1", "aq-mode=1"]}, {"keyframes": ["#1", "#2"]}, {"strict": True},
                 {"strict": "no"}, {"output_transfer": 16}, {"output_transfer": "smpte2084"}, {"mux": {"pmt_pid": "0x200"}},
                 {"mux": {"service_name": "x"}}, {"source_peak": 400}, {"source_peak": "auto"}, {"gop": 25}, {"gop": "1s"}, {"level": 5.1})
        refused = ({"crv": 20}, {"crf": True}, {"crf": "high"}, {"bitrate": "fast"}, {"depth": 9}, {"chroma": "411"}, {"crf": [20, 21]},
                   {"strict": 7}, {"strict": ""}, {"mux": {"pmt": 1}}, {"mux": 5}, {"color": "hdr"}, {"size": "big"}, {"crf": None},
                   {"encoder_param": [["ref=1"]]}, {"tier": "middle"})
        for rows, valid in ((taken, True), (refused, False)):
            for row in rows:
                with self.subTest(row=row):
                    Path(self.path("job.json")).write_text(json.dumps({**job, **row}), encoding="utf-8")
                    self.jinsha("run", "job.json", status=e2e.DONE if valid else e2e.USAGE, cwd=self.folder)
                    self.assertEqual(self.validator.is_valid({**job, **row}), valid)


class Completion(unittest.TestCase):
    def offered(self, *words, folder="/"):
        script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _jinsha; '
                  'if [[ ${#COMPREPLY[@]} -gt 0 ]]; then printf "%s\\n" "${COMPREPLY[@]}"; fi')
        return subprocess.run(["bash", "--norc", "-c", script, "bash", str(COMPLETION), "jinsha", *words], capture_output=True,
                              text=True, check=True, cwd=folder).stdout.split("\n")[:-1]

    def test_names_and_values(self):
        self.assertEqual(self.offered("tr"), ["transcode"])
        self.assertEqual(self.offered("transcode", "--tone-m"), ["--tone-map", "--tone-map-on"])
        self.assertEqual(self.offered("transcode", "a.mov", "--mux.service-n"), ["--mux.service-name"])
        self.assertIn("bt2390", self.offered("transcode", "--tone-map", ""))
        self.assertEqual(self.offered("run", "job.toml", "--preset", "iptv-8"), ["iptv-8k-hevc-hlg"])
        self.assertEqual(self.offered("presets", "hd"), ["hd-sdr"])
        self.assertEqual(self.offered("generate", "--se"), ["--seed"])
        self.assertEqual(self.offered("verify", "--"), ["--json"])
        self.assertIn("probe", self.offered("help", ""))
        self.assertEqual(self.offered("transcode", "--crf", ""), [], "a number is not completed")

    def test_every_option_of_the_program_is_offered(self):
        help_text = subprocess.run([e2e.PROGRAM, "help", "transcode"], capture_output=True, text=True, check=True).stdout
        flags = {word for line in help_text.splitlines() if line.startswith("  -") for word in line.split() if word.startswith("--")}
        self.assertEqual(set(self.offered("transcode", "--")), flags)

    def test_files(self):
        self.assertIn("README.md", self.offered("transcode", "READ", folder=str(ROOT)))
        self.assertIn("README.md", self.offered("transcode", "a.mov", "-o", "READ", folder=str(ROOT)))

    def test_the_tab_key_in_an_interactive_shell(self):
        try:
            child, terminal = pty.fork()
        except OSError as error:
            self.skipTest(f"no terminal to be had here: {error}")
        if child == 0:
            os.environ.update(PS1="$ ", TERM="dumb", HISTFILE="/dev/null", INPUTRC="/dev/null")
            os.execlp("bash", "bash", "--norc", "--noprofile", "-i")
        seen = b""
        try:
            os.write(terminal, f"source '{COMPLETION}'\n".encode())
            os.write(terminal, b"jinsha transcode --gam\tcomp\t")
            end = time.monotonic() + 20
            while b"--gamut compress " not in seen and time.monotonic() < end:
                if select.select([terminal], [], [], 0.2)[0]:
                    seen += os.read(terminal, 4096)
        finally:
            os.close(terminal)
            os.waitpid(child, 0)
        self.assertIn(b"--gamut compress ", seen)

    def test_shellcheck(self):
        if not shutil.which("shellcheck"):
            self.skipTest("shellcheck is not installed")
        subprocess.run(["shellcheck", "--severity=style", str(COMPLETION)], check=True)


class ManPage(unittest.TestCase):
    def test_groff_has_no_warning(self):
        if not shutil.which("groff"):
            self.skipTest("groff is not installed")
        for device in ("utf8", "ascii", "ps"):
            result = subprocess.run(["groff", "-man", "-ww", f"-T{device}", "packaging/jinsha.1"], capture_output=True, check=True, cwd=ROOT)
            self.assertEqual(result.stderr.decode(), "", device)
        text = subprocess.run(["groff", "-man", "-Tascii", "-P-cbou", "packaging/jinsha.1"], capture_output=True, check=True, cwd=ROOT)
        for words in (b"NAME", b"--mux.muxrate", b"jinsha run JOB.toml|JOB.json", b"the judge rejected the output"):
            self.assertIn(words, text.stdout)


if __name__ == "__main__":
    e2e.main()
