"""`manage.py score` from outside: its own process, with every database address pointing at a closed port."""

import io
import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessments.scoring import load_documents, load_scales, score

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


def called(*words, **more):
    out = io.StringIO()
    call_command("score", *words, stdout=out, **more)
    return json.loads(out.getvalue())


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
    sheet = called("phq-9", "--answers", ",,,,,,,,1", "--role", "self")
    assert (sheet["valid"], sheet["total"], sheet["band"]) == (False, None, None)
    assert [(flag["item"], flag["level"]) for flag in sheet["flags"]] == [(9, "same_day")]


def test_score_understands_chinese_commas_and_sex():
    sheet = called("WHO-5", "--answers", "5，4， 3,2,1", "--sex", "女", "--age", "14")
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
    with pytest.raises(CommandError) as refused:
        called(*words)
    assert sentence in str(refused.value) and refused.value.returncode == 2


def test_a_refusal_leaves_nothing_on_standard_output():
    done = run("PHQ-7", "--answers", "0")
    assert done.returncode == 2 and done.stdout == ""
    assert "没有量表“PHQ-7”" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("code", sorted(load_scales()))
def test_score_covers_every_form_role_sex_and_grade_of_every_scale(code):
    scale = load_scales()[code]
    answers = [item.options[0].value for item in scale.items]
    typed = ",".join(str(value) for value in answers)
    for form, role, sex, grade in product(scale.forms, scale.roles, ("F", "M"), (5, 8, 11)):
        words = ["--form", form.code, "--role", role, "--sex", sex, "--grade", str(grade), "--age", str(grade + 6)]
        sheet = called(code, "--answers", typed, *words)
        about = {"form": form.code, "role": role, "sex": sex, "grade": grade, "age": grade + 6}
        assert sheet == json.loads(json.dumps(score(scale, answers, **about).as_dict()))
        assert (sheet["scale"], sheet["form"], sheet["role"], sheet["complete"]) == (code, form.code, role, True)


def test_score_takes_a_definition_with_norms_of_the_bureau_and_a_pile_of_sheets(tmp_path):
    """The county's own norms: each group of sex and grade by its table, everybody else without."""
    document = load_documents()["RCADS-25"] | {"version": "1.1"}
    document["norms"] = [
        {"on": "depression", "kind": "T", "when": {"sex": sex, "grade": [7, 9]}, "source": "甲县 2025", "year": 2025,
         "mean": mean, "sd": 5}
        for sex, mean in (("F", 10), ("M", 8))
    ]  # fmt: skip
    own, pile = tmp_path / "own.json", tmp_path / "pile.txt"
    own.write_text(json.dumps(document), encoding="utf-8")
    pile.write_text("\n".join([",".join(["1"] * 25), ",".join(["2"] * 25)]), encoding="utf-8")
    values = {
        (sex, grade): [[n["value"] for n in sheet["norms"]] for sheet in called(
            "RCADS-25", "--definition", str(own), "--file", str(pile), "--sex", sex, "--grade", str(grade))]
        for sex, grade in product("FM", (8, 11))
    }  # fmt: skip
    assert values == {("F", 8): [[50], [70]], ("M", 8): [[54], [74]], ("F", 11): [[], []], ("M", 11): [[], []]}
    pile.write_text(",".join(["1"] * 25) + "\n" + ",".join(["9"] * 25), encoding="utf-8")
    with pytest.raises(CommandError, match="第 2 份：第 1 题的答案“9”"):
        called("RCADS-25", "--file", str(pile))
    with pytest.raises(CommandError, match="可用：RCADS-25"):
        called("PHQ-9", "--definition", str(own), "--answers", "1")
