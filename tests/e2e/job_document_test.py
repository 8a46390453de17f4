"""Job documents and presets as a user runs them: the same job from TOML, JSON and the command line, and who
wins over whom."""
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import e2e

SOURCE = "generate:640x360@50,frames=25,color=pq"

TOML = f"""
input = "{SOURCE}"
output = "out.ts"
color = "hlg"
speed = "ultrafast"
crf = 30
gop = 10
report = "report.json"
encoder_param = ["aq-mode=1", "ref=1"]
[mux]
service_name = "8K 频道"
service_id = 801
"""


class JobDocument(e2e.JobTest):
    def write(self, name, text):
        Path(self.path(name)).write_text(text, encoding="utf-8")
        return name

    def run_document(self, name, *arguments, status=e2e.DONE):
        result = self.jinsha("run", name, "--progress", "none", *arguments, status=status, cwd=self.folder)
        report = Path(self.path("report.json"))
        return result, json.loads(report.read_text(encoding="utf-8")) if report.exists() else None

    def test_toml_json_and_command_line_give_the_same_stream(self):
        self.write("job.toml", TOML)
        self.write("job.json", json.dumps({
            "input": SOURCE, "output": "json.ts", "color": "hlg", "speed": "ultrafast", "crf": 30, "gop": 10, "report": "report.json",
            "encoder_param": ["aq-mode=1", "ref=1"], "mux": {"service_name": "8K 频道", "service_id": 801}}))
        _, report = self.run_document("job.toml")
        self.assertTrue(report["judge"]["passed"])
        self.run_document("job.json")
        self.jinsha("transcode", SOURCE, "-o", "shell.ts", "--color", "hlg", "--speed", "ultrafast", "--crf", "30", "--gop", "10",
                    "--encoder-param", "aq-mode=1", "--encoder-param", "ref=1", "--mux.service-name", "8K 频道",
                    "--mux.service-id", "801", "--progress", "none", cwd=self.folder)
        video = {name: Path(self.path(name)).read_bytes() for name in ("out.ts", "json.ts", "shell.ts")}
        self.assertEqual(video["out.ts"], video["json.ts"])
        self.assertEqual(video["out.ts"], video["shell.ts"])
        found = self.ffprobe(self.path("out.ts"), "-show_programs")
        self.assertEqual(found["programs"][0]["program_id"], 801)
        self.assertEqual(found["programs"][0]["tags"]["service_name"], "8K 频道")

    def test_the_command_line_wins_over_the_document(self):
        self.write("job.toml", TOML)
        self.run_document("job.toml", "-o", "other.ts", "--mux.service-id", "7", "--color", "sdr")
        self.assertIn("other.ts", self.files())
        self.assertNotIn("out.ts", self.files())
        self.assertEqual(self.video_stream(self.path("other.ts"))["color_transfer"], "bt709")

    def test_what_a_document_says_about_the_run_holds(self):
        self.write("job.toml", TOML + "\n")
        self.write("quiet.toml", TOML.replace("crf = 30", "crf = 30\nquiet = true\nprogress = \"none\""))
        result = self.jinsha("run", "quiet.toml", cwd=self.folder)
        self.assertEqual(result.errors, "")
        self.write("dry.toml", TOML.replace("crf = 30", "crf = 30\ndry_run = true").replace("out.ts", "dry.ts"))
        result, _ = self.run_document("dry.toml")
        self.assertIn("HLG", result.text.upper())
        self.assertNotIn("dry.ts", self.files())

    def test_a_preset_is_run(self):
        source = "generate:1920x1080@50,frames=10,color=pq"
        self.write("job.toml", f'input = "{source}"\noutput = "hd.ts"\npreset = "hd-sdr"\nspeed = "ultrafast"\nreport = "report.json"\n')
        _, report = self.run_document("job.toml")
        self.assertTrue(report["judge"]["passed"])
        found = self.video_stream(self.path("hd.ts"))
        self.assertEqual((found["profile"], found["level"], found["color_transfer"], found["pix_fmt"]), ("Main", 123, "bt709", "yuv420p"))

    def test_a_preset_works_from_a_copied_program_and_a_preset_file_beside_it(self):
        copied = self.path("copy")
        shutil.copy(e2e.PROGRAM, copied)
        self.write("house.toml", 'inherits = "web-4k-av1-hdr"\nsize = "640x360"\nspeed = "12"\nmaxrate = "2M"\n')
        result = subprocess.run([copied, "transcode", SOURCE, "-o", "house.mp4", "--preset", "house.toml", "--progress", "none"],
                                cwd=self.folder, capture_output=True, timeout=120, check=False, env={"PATH": os.environ["PATH"]})
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        found = self.video_stream(self.path("house.mp4"))
        self.assertEqual((found["codec_name"], found["width"], found["color_transfer"]), ("av1", 640, "smpte2084"))

    def test_mistakes_name_file_and_place_and_leave_nothing(self):
        cases = (
            ("bad.toml", TOML.replace("801", "70000"), ["bad.toml:12: mux.service_id: 70000 is outside 1…65535"]),
            ("bad.toml", TOML.replace("crf", "crv"), ["bad.toml:6: crv: there is no such key; did you mean crf?"]),
            ("bad.toml", TOML.replace('"hlg"', "hlg"), ["bad.toml:4: this is not TOML"]),
            ("bad.json", '{\n"crf": 20,\n}', ["bad.json:3: this is not JSON"]),
            ("bad.json", '{"mux": {"service_id": 0}}', ["bad.json: /mux/service_id: 0 is outside 1…65535"]),
            ("bad.toml", 'preset = "hd-sd"\n', ["bad.toml:1: preset: there is no preset", "hd-sdr"]),
            ("bad.toml", TOML + 'muxrate = "5M"\n', ["--mux.muxrate 5M is from bad.toml:13"]),
        )
        for name, text, words in cases:
            with self.subTest(words=words):
                self.write(name, text)
                before = self.files()
                result = self.jinsha("run", name, status=e2e.USAGE, cwd=self.folder)
                for word in words:
                    self.assertIn(word, result.errors)
                # The report of a job that was refused while planning is written, nothing else.
                self.assertEqual([file for file in self.files() if file != "report.json"], before)
        for arguments in (["run"], ["run", "none.toml"], ["run", str(self.folder)], ["run", "bad.toml", "bad.json"], ["presets", "none"]):
            with self.subTest(arguments=arguments):
                self.jinsha(*arguments, status=e2e.USAGE, cwd=self.folder)

    def test_the_examples_are_good_but_for_their_files(self):
        examples = sorted((Path(__file__).parents[2] / "configs/examples").iterdir())
        self.assertGreaterEqual(len(examples), 3)
        for example in examples:
            with self.subTest(example=example.name):
                result = self.jinsha("run", example, "--dry-run", status=e2e.INPUT, cwd=self.folder)
                self.assertIn("there is no file", result.errors)
                text = example.read_text(encoding="utf-8")
                for name in ("master.mov", "channel.ts"):
                    text = re.sub(rf'("?input"?\s*[:=]\s*)"{name}"', r'\1"generate:3840x2160@50,frames=9000,color=pq"', text)
                self.write(example.name, text)
                self.jinsha("run", example.name, "--dry-run", "--max-mem", "200G", cwd=self.folder)


if __name__ == "__main__":
    e2e.main()
