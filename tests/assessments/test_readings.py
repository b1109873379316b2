"""Beside a result: a private second try, the counselor's reading, other informants, own words, earlier platforms."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assessments.actions.readings import NotNow, let_have, record_informant
from assessments.actions.retests import RetestRefused, invite_again
from assessments.earlier_rows import HEADER, EarlierRefused, read_earlier
from assessments.models import (
    EarlierResult,
    Flag,
    InformantSheet,
    OwnResult,
    Result,
    ResultReading,
    Retest,
    ScaleVersion,
    Screening,
    Sitting,
)
from assessments.own_words import own_parts
from assessments.queries.informants import forms_for_others, side_by_side
from assessments.queries.quality import quality_of
from assessments.scale_library import Entitlement, approve_scale
from assessments.scale_revisions import revise
from assessments.slips import gather, waiting
from tests.assessments.screening_world import decide
from tests.assessments.sittings import change, invite, open_screening, page, send
from tests.assessments.sittings import enter as sit_down
from tests.assessments.test_text_binding import bind, items_of
from xinyu.access.actor import acting_as
from xinyu.dashboard.counting import recount_everything
from xinyu.dashboard.models import Coverage
from xinyu.lib.sheets_out import OutSheet, write_workbook

ROOT = Path(settings.BASE_DIR)
TODAY = date(2026, 9, 1)
LICENSED = Entitlement("甲中学", "许可书", licence_number="X-1", licence_until=date(2099, 1, 1))


def test_nothing_on_screen_or_paper_calls_a_student_a_liar():
    pages = [
        *ROOT.glob("templates/**/*.html"),
        *ROOT.glob("assessments/**/*.py"),
        *ROOT.glob("assessments/scales/*.json"),
    ]
    assert [str(path) for path in pages if re.search("说谎|撒谎|测谎|不诚实|造假", path.read_text())] == []


def test_own_words_name_no_number_no_band_and_no_scale():
    said = own_parts([("近两周情绪状况（PHQ-9）", 4, True), ("近两周幸福感（WHO-5）", 0, True), ("问卷", None, True),
                      ("学习与生活适应问卷（MHT）", None, False)])  # fmt: skip
    assert [part.about for part in said] == ["近两周情绪状况", "近两周幸福感", "学习与生活适应问卷"]
    assert not re.search(r"\d|重|度|抑郁|焦虑|PHQ", "".join(part.words for part in said))


def read(client, name, pk, extra="") -> str:
    """The page of this name as text."""
    return client.get(reverse(f"assessments:{name}", args=[pk]) + extra).content.decode()


KNOWN = {"20260101": (7, "欧阳晓 明")}


def earlier(**said):
    row = {
        "学号": "20260101",
        "姓名": "欧阳晓明",
        "测评日期": "2025/3/4",
        "量表": "SCL-90",
        "得分": 165.0,
        "结果说明": "轻度",
    }
    return [(row | said)[title] for title in HEADER]


def test_a_line_of_another_platform_is_read_as_it_stands():
    (row,) = read_earlier([list(HEADER), earlier()], (), KNOWN, TODAY)
    assert (row.student_id, row.on, row.scale, row.score, row.said) == (7, date(2025, 3, 4), "SCL-90", "165", "轻度")


@pytest.mark.parametrize(("said", "sentence"), [
    ({"学号": "9"}, "A2 本校名册里没有学号"), ({"姓名": "王一"}, "B2 学号 20260101 的姓名与名册不符"),
    ({"测评日期": "2027-01-01"}, "C2 测评日期"), ({"量表": ""}, "D2 缺量表"),
    ({"得分": "", "结果说明": ""}, "E2 得分和结果说明"), ({"结果说明": "长" * 201}, "F2 最多 200"),
])  # fmt: skip
def test_a_line_that_cannot_be_right_refuses_the_file_by_cell(said, sentence):
    with pytest.raises(EarlierRefused, match=sentence):
        read_earlier([list(HEADER), earlier(), earlier(**said)][::2], (), KNOWN, TODAY)


def test_the_same_line_twice_and_a_formula_are_named():
    with pytest.raises(EarlierRefused) as refused:
        read_earlier([list(HEADER), earlier(), earlier()], {(1, 4)}, KNOWN, TODAY)
    assert refused.value.errors == ("E2 是公式，请粘贴为数值后再上传。", "A3 与第 2 行完全相同。")


@pytest.fixture
def void(here):
    """A sheet of GAD-7 with blanks, handed in: not interpreted."""
    open_screening(here, "GAD-7")
    student = here.students[0]
    with acting_as(here.counselor):
        decide(student, "given", here.guardian)
        decide(student, "given")
    sitting, code = invite(here, student)
    send(sit_down(code), "/a/1/", page("GAD-7", [1, 1, 1], key="7f9d9b1e-0000-4000-8000-000000000001"))
    with acting_as(here.counselor):
        return Result.objects.select_related("sitting").get(sitting=sitting)


@pytest.mark.django_db
def test_a_void_sheet_leads_to_a_private_second_try(here, there, void, enter):
    sitting, url = void.sitting, reverse("assessments:result-detail", args=[void.sitting_id])
    assert not void.is_valid
    shown = enter(here.counselor).get(url).content.decode()
    assert "本次结果不作解释（空着的题较多）" in shown and "约学生再答一次" in shown
    again = reverse("assessments:result-again", args=[sitting.pk])
    said = {"result": void.pk, "until": str(timezone.localdate() + timedelta(days=7))}
    assert enter(there.counselor).post(again, said).status_code == 404
    assert enter(here.counselor).post(again, said | {"until": "2020-01-01"}).status_code == 302
    with acting_as(here.counselor):
        assert not Retest.objects.exists()
    enter(here.counselor).post(again, said)
    with acting_as(here.counselor):
        retest = Retest.objects.select_related("again__screening").get()
        private = retest.again.screening
        assert [version.code for version in private.scales.all()] == ["GAD-7"]
        sittings = waiting(private, retest.again.klass_id, with_begun=True)
        slip = gather(private, retest.again.klass_id, "1班", sittings, "http://x/a/").slips[0]
        with pytest.raises(RetestRefused, match="已经约过"):
            invite_again(void, actor=here.counselor, until=timezone.localdate())
    # nobody else learns of it: neither the row nor a count nor the list of screenings
    for role in ("principal", "homeroom", "grade_head", "moral_head"):
        with acting_as(here.users[role]):
            assert not Screening.objects.filter(pk=private.pk).exists()
            assert not Sitting.objects.filter(pk=retest.again_id).exists()
            assert role == "moral_head" or Sitting.objects.filter(pk=sitting.pk).exists()
    with acting_as("system:statistics"):
        recount_everything()
        assert not Coverage.objects.filter(screening_id=private.pk).exists()
    assert private.title not in enter(here.counselor).get(reverse("assessments:screening-list")).content.decode()
    # the new code opens this one scale, and its result stands by itself
    client = sit_down(slip.code.replace(" ", ""))
    send(client, "/a/1/", page("GAD-7", [1] * 7, key="7f9d9b1e-0000-4000-8000-000000000002"))
    with acting_as(here.counselor):
        assert Result.objects.get(sitting=retest.again).is_valid
        (line,) = quality_of(here.screening)
    assert (line.sheets, line.void, line.missing) == (1, 1, 1)
    assert "看再答的结果" in enter(here.counselor).get(url).content.decode()
    listed = (
        enter(here.counselor).get(reverse("assessments:screening-quality", args=[here.screening.pk])).content.decode()
    )
    assert "已再答" in listed and "甲同学1" in listed
    assert (
        "答卷质量"
        in enter(here.counselor).get(reverse("assessments:screening-detail", args=[here.screening.pk])).content.decode()
    )
    assert (
        "答卷质量"
        not in enter(here.principal)
        .get(reverse("assessments:screening-detail", args=[here.screening.pk]))
        .content.decode()
    )


@pytest.mark.django_db
def test_no_second_try_against_a_refusal_or_of_a_sheet_that_can_be_read(here, void):
    with acting_as(here.counselor):
        decide(here.students[0], "refused", here.guardian)
        with pytest.raises(RetestRefused, match="不同意"):
            invite_again(void, actor=here.counselor, until=timezone.localdate())
        assert not Screening.objects.filter(is_listed=False).exists()
        void.is_valid = True
        with pytest.raises(RetestRefused, match="可以解释"):
            invite_again(void, actor=here.counselor, until=timezone.localdate())


@pytest.fixture
def found(here):
    """PHQ-9 handed in with item 9 above zero: a valid result and a flag."""
    open_screening(here, "PHQ-9")
    sitting, code = invite(here, here.students[0])
    with acting_as(here.counselor):
        decide(here.students[0], "given", here.guardian)
        decide(here.students[0], "given")
    body = page("PHQ-9", [2] * 6 + [0, 0, 1], key="7f9d9b1e-0000-4000-8000-000000000003")
    send(sit_down(code), "/a/1/", body)
    with acting_as(here.counselor):
        return Result.objects.select_related("sitting").get(sitting=sitting)


@pytest.mark.django_db
def test_a_band_is_a_proposal_until_the_counselor_has_said_what_she_holds_of_it(here, there, found, enter):
    url, said_at = (reverse(f"assessments:result-{name}", args=[found.sitting_id]) for name in ("detail", "read"))
    assert "提议，待确认" in enter(here.counselor).get(url).content.decode()
    refused = enter(here.counselor).post(said_at, {"result": found.pk, "verdict": "not"})
    assert refused.status_code == 422 and "请写一句依据" in refused.content.decode()
    said = {"result": found.pk, "verdict": "not", "note": "当天刚考完试，谈过后看法不同"}
    assert enter(there.counselor).post(said_at, said).status_code == 404
    enter(here.counselor).post(said_at, said)
    page_now = enter(here.counselor).get(url).content.decode()
    assert "未证实" in page_now and "提议，待确认" not in page_now and "刚考完试" in page_now
    with acting_as(here.counselor):
        assert b"\xe8\x80\x83" not in bytes(ResultReading.objects.get().note)
    growth = enter(here.counselor).get(
        reverse("assessments:growth-file", args=[here.students[0].pk]) + "?section=screening"
    )
    assert "未证实" in growth.content.decode()


@pytest.mark.django_db
def test_own_words_wait_for_the_talk_and_for_the_counselors_decision(here, found, enter):
    own, paper = (reverse(f"assessments:own-result{end}", args=[found.sitting_id]) for end in ("", "-print"))
    client = enter(here.counselor)
    assert client.get(paper).status_code == 404 and client.get(own).status_code == 200
    refused = client.post(own, {"words": "慢慢来"})
    assert refused.status_code == 409 and "先当面谈过" in refused.content.decode()
    with acting_as(here.counselor):
        flag = Flag.objects.get(sitting=found.sitting)
    change(Flag, flag.pk, handled_at=timezone.now(), interview=here.interview)
    assert client.post(own, {"words": "慢慢来"}).status_code == 302
    sheet = client.get(paper).content.decode()
    assert "慢慢来" in sheet and "12356" in sheet and not re.search("分数|PHQ|提示情绪|12 分", sheet)
    with acting_as(here.principal):
        assert not OwnResult.objects.exists()
    empty, _ = invite(here, here.students[1])
    with acting_as(here.counselor), pytest.raises(NotNow, match="没有形成结果"):
        let_have(empty, actor=here.counselor)


@pytest.mark.django_db
def test_what_a_parent_and_a_teacher_filled_in_stands_beside_the_students_own(here, there, enter):
    open_screening(here)
    version, kid = ScaleVersion.objects.get(code="SDQ"), here.students[0]
    url = reverse("assessments:informant-new", args=[kid.pk])
    assert enter(there.counselor).get(url).status_code == 404
    paper = f"{url}?paper={version.pk}:A:parent"
    first = enter(here.counselor).get(paper).content.decode()
    assert "（纸面第 25 题）" in first
    said = {f"a{n}": "1" for n in range(1, 26)} | {"who": "母亲", "filled_on": "2026-01-05", "a3": "", "a8": "2"}
    assert enter(here.counselor).post(paper, {"who": "母亲", "filled_on": "2026-01-05"}).status_code == 422
    assert enter(here.counselor).post(paper, said).status_code == 302
    with acting_as(here.counselor):
        sheet = InformantSheet.objects.get()
        assert (sheet.role, sheet.is_complete, sheet.total, sheet.sheet["missing"]) == ("parent", False, 21, [3])
        record_informant(
            kid, version, [0] * 25, actor=here.counselor, role="teacher", form="A", who="班主任", filled_on=TODAY
        )
        (beside,) = side_by_side(kid)
    assert [voice.who for voice in beside.voices] == ["家长（母亲）", "教师（班主任）"]
    rows = dict(beside.rows)
    assert rows["总分"][0][0] == "21" and rows["总分"][1][0] == "10"
    shown = read(enter(here.counselor), "growth-file", kid.pk)
    assert "几方填写并排" in shown and len(beside.sources) >= 1
    for source in beside.sources:
        assert f"划分依据：{source}" in shown
    with acting_as(there.counselor):
        assert not InformantSheet.objects.exists()


@pytest.mark.django_db
def test_paper_is_scored_by_what_the_county_has_approved_never_by_a_draft(here, there, enter):
    open_screening(here)
    base, kid = ScaleVersion.objects.get(code="SDQ"), here.students[0]
    with acting_as(there.county_officer):
        draft = revise(base, base.definition | {"intro_zh": "乙县的说明"}, actor=there.county_officer, reason="试用")
    bound = bind(here, base, items_of("SDQ"), (), role="parent", form="A", entitlement=LICENSED)
    own = bind(here, base, items_of("SDQ"), (), role="self", form="A", entitlement=LICENSED)

    def key_of(world):
        said = [paper.split(":") for paper, words in forms_for_others(world.county.pk) if "SDQ" in words]
        return {role: int(pk) for pk, _, role in said}

    def approve(world, version):
        with acting_as(world.county_officer):
            approve_scale(version, world.county, actor=world.county_officer, note="逐项对照，一致")

    assert key_of(here) == key_of(there) == {"parent": base.pk, "teacher": base.pk}
    url = reverse("assessments:informant-new", args=[kid.pk])
    assert enter(here.counselor).get(f"{url}?paper={draft.pk}:A:parent").status_code == 422
    approve(here, own)  # for students alone: the others' forms stay
    assert key_of(here) == {"parent": base.pk, "teacher": base.pk}
    approve(here, bound)
    approve(there, draft)
    assert key_of(here) == {"parent": bound.pk, "teacher": base.pk}
    assert key_of(there) == {"parent": draft.pk, "teacher": draft.pk}
    assert enter(here.counselor).get(f"{url}?paper={bound.pk}:A:parent").status_code == 200
    assert ScaleVersion.objects.get(pk=base.pk).frozen_at is None
    with acting_as(here.counselor):
        record_informant(
            kid, base, [0] * 25, actor=here.counselor, role="teacher", form="A", who="班主任", filled_on=TODAY
        )
    assert ScaleVersion.objects.get(pk=base.pk).frozen_at is not None


@pytest.mark.django_db
def test_results_of_an_earlier_platform_are_shown_as_imported_and_taken_back_as_one(here, there, enter):
    url, kid = reverse("assessments:earlier-list"), here.students[0]

    def upload(*rows):
        data = write_workbook([OutSheet("结果", list(HEADER), rows)])
        return enter(here.counselor).post(url, {"platform": "某测评系统", "file": SimpleUploadedFile("old.xlsx", data)})

    line = earlier(学号=kid.number, 姓名=kid.name, 测评日期=str(timezone.localdate()), 结果说明="重度")
    refused = upload(line, earlier(学号=here.students[1].number, 姓名=kid.name))
    assert refused.status_code == 422 and "B3 学号" in refused.content.decode()
    with acting_as(here.counselor):
        assert not EarlierResult.objects.exists()
        flags = Flag.objects.count()
    assert upload(line).status_code == 302
    with acting_as(here.counselor):
        kept = EarlierResult.objects.select_related("batch").get()
        assert Flag.objects.count() == flags and not Result.objects.filter(student=kid).exists()
        assert "重度".encode() not in bytes(kept.said)
    shown = read(enter(here.counselor), "growth-file", kid.pk)
    assert "其他平台的结果（导入）" in shown and "某测评系统" in shown and "重度" in shown
    assert enter(here.homeroom).get(url).status_code == 403
    withdraw = reverse("assessments:earlier-withdraw", args=[kept.batch_id])
    assert enter(there.counselor).post(withdraw).status_code == 404
    enter(here.counselor).post(withdraw)
    assert "某测评系统" not in read(enter(here.counselor), "growth-file", kid.pk)


@pytest.mark.django_db
def test_own_words_never_say_all_is_well_where_an_item_has_raised_a_flag(here, enter):
    """One point on item 9 alone: the lowest band, and all the same somebody to talk with."""
    open_screening(here)
    sitting, code = invite(here, here.students[0])
    with acting_as(here.counselor):
        decide(here.students[0], "given", here.guardian)
        decide(here.students[0], "given")
    client = sit_down(code)
    send(client, "/a/1/", page("PHQ-9", [0] * 8 + [1]))
    send(client, "/a/2/", page("GAD-7", [0] * 7, 2, key="7f9d9b1e-0000-4000-8000-000000000004"))
    words = read(enter(here.counselor), "own-result", sitting.pk)
    emotional, calm = words.index("近两周情绪状况"), words.index("近两周紧张不安状况")
    assert "想聊一聊的话" in words[emotional:calm] and "没有看到需要特别留意" not in words[emotional:calm]
    assert "没有看到需要特别留意" in words[calm:]
