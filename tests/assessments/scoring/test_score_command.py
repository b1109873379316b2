"""`manage.py score` from outside: its own process, with every database address pointing at a closed port."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# The command alone, with settings that hold nothing but a database nobody answers at: it must not notice.
PROGRAM = """
import sys
from django.conf import settings
settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": "1"}})
import django
django.setup()
from assessments.management.commands.score import Command
Command().run_from_argv(["manage.py", "score", *sys.argv[1:]])
"""


def run(*words):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-c", PROGRAM, *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=60
    )


def test_score_prints_a_sheet_without_a_database():
    done = run("PHQ-9", "--answers", "0,1,,3,0,0,0,0,2", "--sex", "F", "--grade", "8", "--age", "14", "--form", "A")
    sheet = json.loads(done.stdout)
    assert done.returncode == 0 and done.stderr == ""
    assert {"scale", "version", "complete", "valid", "total", "factors", "band", "flags"} <= sheet.keys()
    assert (sheet["scale"], sheet["complete"], sheet["valid"], sheet["missing"]) == ("PHQ-9", False, True, [3])
    assert sheet["total"] == 7  # 6 / 8 × 9 = 6.75
    assert [(flag["item"], flag["level"]) for flag in sheet["flags"]] == [(9, "immediate")]
    assert "提示情绪困扰程度：轻" in done.stdout


def test_score_flags_an_almost_empty_sheet():
    sheet = json.loads(run("phq-9", "--answers", ",,,,,,,,1", "--role", "self").stdout)
    assert (sheet["valid"], sheet["total"], sheet["band"]) == (False, None, None)
    assert [(flag["item"], flag["level"]) for flag in sheet["flags"]] == [(9, "same_day")]


def test_score_understands_chinese_commas_and_sex():
    sheet = json.loads(run("WHO-5", "--answers", "5，4， 3,2,1", "--sex", "女", "--age", "14").stdout)
    assert (sheet["total"], sheet["display_total"], sheet["band"]["concern"]) == (15, 60, 0)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("PHQ-7", "--answers", "0"), "没有量表“PHQ-7”"),
        (("PHQ-9", "--answers", "0,1"), "PHQ-9 共 9 题，收到 2 个答案"),
        (("PHQ-9", "--answers", "0,0,0,0,0,0,0,0,4"), "第 9 题的答案“4”不在选项（0、1、2、3）之内"),
        (("GAD-7", "--answers", "0,0,是,0,0,0,0"), "第 3 题的答案“是”不是整数"),
        (("GAD-7", "--answers", "0,0,1.5,0,0,0,0"), "第 3 题的答案“1.5”不是整数"),
        (("GAD-7",), "请用 --answers 给出答案"),
        (("WHO-5", "--answers", "0,0,0,0,0", "--sex", "X"), "--sex 应为 F 或 M"),
        (("WHO-5", "--answers", "0,0,0,0,0", "--grade", "13"), "--grade 应是 1—12 的整数"),
        (("WHO-5", "--answers", "0,0,0,0,0", "--age", "十四"), "--age 应是 3—120 的整数"),
        (("WHO-5", "--answers", "0,0,0,0,0", "--role", "parent"), "没有由“parent”填写的版本"),
        (("WHO-5", "--answers", "0,0,0,0,0", "--form", "B"), "WHO-5 没有题序“B”"),
    ],
)
def test_score_refuses_bad_input_in_chinese(words, sentence):
    done = run(*words)
    assert done.returncode == 2 and done.stdout == ""
    assert sentence in done.stderr and "Traceback" not in done.stderr
