"""排查表, 台账 and 重点关注尚未建档: from what is known, named inside the school alone."""

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from assessments.models import Flag
from crisis.ledger import CHECK, LEDGERS, REGISTER
from crisis.queries.ledgers import ledger_cases, ledger_lines, uncased
from crisis.uncased import Signal, Talk, undecided
from tests.cast import make_student
from tests.crisis.cases import noted, opened, planned_item, talk
from tests.crisis.test_guardians import phoned
from tests.crisis.test_helping import advised, paired
from xinyu.access.actor import acting_as
from xinyu.audit.models import AccessEntry, AuditEntry
from xinyu.students.models import Guardian
from xinyu.ui.printing import STYLESHEET
from xinyu.vault.fields import conceal

AT = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = timedelta(days=1)
FLAG = Signal(AT, "紧急提示")
VERB = "crisis.print_papers"
SHEET = {"ledger": "register", "kind": "xlsx", "purpose": "迎检自查"}


# --- pure


@pytest.mark.parametrize(
    ("flags", "talks", "cases", "found"),
    [
        ([FLAG], [], [], FLAG),
        ([FLAG], [], [(AT - DAY, None)], None),  # a case is open
        ([FLAG], [], [(AT + DAY, AT + 9 * DAY)], None),  # opened since, closed again
        ([FLAG], [], [(AT - 9 * DAY, AT - DAY)], FLAG),  # an old case says nothing of today's flag
        ([FLAG], [Talk(AT + DAY, "watch", False)], [], None),
        ([FLAG], [Talk(AT - DAY, "watch", False)], [], FLAG),  # decided before the flag
        ([FLAG], [Talk(AT + DAY, "support", True)], [], FLAG),  # not to be left alone: that settles nothing
        ([], [Talk(AT, "refer", False)], [], Signal(AT, "访谈：建议就医评估")),
        ([], [Talk(AT, "case", False), Talk(AT + DAY, "no_concern", False)], [], None),
        ([], [Talk(AT, "no_concern", False)], [], None),
    ],
)
def test_who_waits_for_a_decision(flags, talks, cases, found):
    assert undecided(flags, talks, cases) == found


def test_the_print_style_has_a_rule_for_every_width():
    style = STYLESHEET.read_text("utf-8")
    assert [w for one in LEDGERS.values() for w in one.widths() if f"col.w{w} " not in style] == []


# --- rows


@pytest.fixture
def case(here, there):
    with acting_as("system:demo"):
        guardian = Guardian(student=here.students[1], name="甲妈妈", relation="母亲")
        conceal(guardian, phone="13812345678")
        guardian.save()
    case = opened(here, here.students[1], level="red", reason="canary-signs")
    planned_item(here, case)
    noted(here, case)
    noted(here, case, kind="guardian", body="canary-note")
    return case


def lines_for(user):
    with acting_as(user):
        return ledger_lines(ledger_cases(VERB), timezone.localdate())


def test_a_line_says_what_is_known_and_no_word_of_a_note(here, case):
    today = timezone.localdate()
    for reader in (here.counselor, here.principal):  # the principal reads no notes, and counts and days all the same
        line = next(one for one in lines_for(reader) if one.code == case.code)
        assert (line.name, line.colour, line.has_plan, line.talks) == ("甲同学2", "red", True, 1)
        assert (line.told_on, line.last_on, line.medical, line.proof) == (today, today, "", "")
        assert (line.guardians, line.signs) == ("甲妈妈 13812345678", "canary-signs")
        assert "canary-note" not in "".join(REGISTER.rows([line])[0])
    assert CHECK.rows([line])[0][5:8] == ["重大", "是", "甲妈妈 13812345678"]


def test_a_line_takes_in_what_others_wrote_about_home_hospital_and_helpers(here, case):
    phoned(here, case)
    paired(here, case, here.teacher)
    advised(here, case)
    line = next(one for one in lines_for(here.vice_principal) if one.code == case.code)
    assert (line.told_on, line.pairs, line.medical) == (timezone.localdate(), here.teacher.name, "已建议就医")
    assert "canary-告知内容" not in "".join(REGISTER.rows([line])[0])


def test_a_guardian_whom_nothing_reaches_is_not_in_the_ledger(here, case):
    from xinyu.students.models import ContactHold

    with acting_as("system:demo"):
        ContactHold.objects.create(student=here.students[1], guardian=None, by=here.counselor)
    line = next(one for one in lines_for(here.counselor) if one.code == case.code)
    assert "甲妈妈" not in line.guardians and "138" not in line.guardians


def test_only_the_school_itself_gets_lines(here, there, case):
    names = {one.name for user in (there.counselor, there.principal) for one in lines_for(user)}
    assert here.students[1].name not in names
    for user in (here.homeroom, here.county_officer, here.moral_head):
        assert lines_for(user) == []


def test_uncased_lists_who_waits_and_not_who_was_decided(here, there):
    now = timezone.now()
    with acting_as("system:demo"):
        for student in here.students:
            Flag.objects.create(student=student, level="immediate", source="item", due_at=now)
    talk(here, here.students[2], outcome="watch")
    with acting_as(here.counselor):
        found = [row.student for row in uncased("crisis.confirm_level", timezone.now())]
    assert found == [here.students[1]]  # the first one is a case already
    with acting_as(there.counselor):
        assert here.students[1] not in [row.student for row in uncased("crisis.confirm_level", timezone.now())]


# --- pages


def test_the_sheet_has_names_and_the_page_has_numbers(here, there, case, enter):
    client = enter(here.counselor)
    page = client.get("/cases/ledgers/").content.decode()
    assert here.students[1].name not in page and "高危" not in page
    assert client.post("/cases/ledgers/", SHEET | {"purpose": ""}).status_code == 422
    answer = client.post("/cases/ledgers/", SHEET)
    book = load_workbook(io.BytesIO(answer.content))
    cells = [cell for row in book["台账"].iter_rows(values_only=True) for cell in row]
    assert here.students[1].name in cells and there.students[0].name not in cells
    assert "迎检自查" in book["说明"]["A4"].value
    with acting_as("system:demo"):
        shown = set(AccessEntry.objects.filter(what="ledger").values_list("student_id", "purpose"))
        assert AuditEntry.objects.get(verb="crisis.print_ledger").detail == {"rows": 2, "format": "xlsx"}
    assert shown == {(student.pk, "迎检自查") for student in here.students[:2]}


@pytest.mark.parametrize(("ledger", "heading"), [("check", "心理高危学生排查表"), ("register", "心理高危学生工作台账")])
def test_the_paper_carries_the_bureaus_heading_and_a_watermark(here, case, enter, ledger, heading):
    answer = enter(here.principal).post("/cases/ledgers/", SHEET | {"ledger": ledger, "kind": "pdf"})
    said = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert heading in said and here.students[1].name in said and here.principal.name in said


def test_who_may_open_what(here, there, case, enter):
    for user, ledgers, waiting in (
        (here.counselor, 200, 200), (here.principal, 200, 403), (here.homeroom, 403, 403),
        (here.county_officer, 403, 403), (here.expert, 403, 403),
    ):  # fmt: skip
        client = enter(user)
        assert client.get("/cases/ledgers/").status_code == ledgers, user.name
        assert client.get("/cases/ledgers/uncased/").status_code == waiting, user.name


def test_queries_do_not_grow_with_cases(here, enter):
    client, counts = enter(here.counselor), []
    now = timezone.now()
    with acting_as("system:demo"):
        kids = [make_student(here.klass, f"K{n}", f"某同学{n}") for n in range(6)]
    client.get("/cases/ledgers/")
    for number in range(2):
        for kid in kids[number : 1 + number * 2]:
            planned_item(here, opened(here, kid, level="orange"))
        with acting_as("system:demo"):
            for kid in kids[3 + number : 4 + number * 2]:
                Flag.objects.create(student=kid, level="immediate", source="item", due_at=now)
        pages = []
        for method, url, data in (("post", "/cases/ledgers/", SHEET), ("get", "/cases/ledgers/uncased/", None)):
            with CaptureQueriesContext(connection) as caught:
                assert getattr(client, method)(url, data).status_code == 200
            pages.append(len(caught))
        counts.append(pages)
    assert counts[0] == counts[1]
