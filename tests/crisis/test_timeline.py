"""The paper of a run: what had happened by then, signed; without names where it leaves the school."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pypdf import PdfReader

from crisis.actions.chain import answer_step, climb_chains
from crisis.actions.timeline import print_timeline
from crisis.models import Case, ChainStep, LevelStatement, TimelineCopy
from crisis.queries.timeline import timeline
from crisis.timeline import Step, as_of, events, without_names, words
from tests.crisis.cases import opened
from xinyu.access.actor import acting_as
from xinyu.audit.models import AccessEntry, Signature
from xinyu.audit.signing import digest_of, verify_signature
from xinyu.reminders.actions.sweeping import sweep_causes
from xinyu.reminders.models import Notice
from xinyu.reminders.notices import read_notice

AT = datetime(2026, 11, 27, 16, 50, tzinfo=ZoneInfo("Asia/Shanghai"))
MINUTE = timedelta(minutes=1)
STEP = Step(0, "学校", "分管副校长", 7, "王一", True, AT + 15 * MINUTE, AT + 120 * MINUTE, told_at=AT)
DONE = Step(0, "班级", "班主任", 8, "李二", False, AT + 15 * MINUTE, AT + 120 * MINUTE, AT, read_at=AT + 2 * MINUTE)


# --- pure


def test_what_happened_later_is_not_on_the_paper():
    moved = Step(**(vars(STEP) | {"moved_up_at": AT + 16 * MINUTE, "acknowledged_at": AT + 20 * MINUTE}))
    later = Step(**(vars(STEP) | {"rung": 1, "told_at": AT + 16 * MINUTE}))
    assert as_of([moved, later], AT + 10 * MINUTE) == [STEP]
    assert len(as_of([moved, later], AT + 30 * MINUTE)) == 2


def test_events_stand_in_order_and_a_late_answer_says_so():
    late = Step(**(vars(STEP) | {"moved_up_at": AT + 15 * MINUTE, "acknowledged_at": AT + 20 * MINUTE}))
    found = [(event.at - AT, event.who, event.what, event.is_late) for event in events([late, DONE])]
    assert found == [
        (0 * MINUTE, "李二（班主任）", "告知", False),
        (0 * MINUTE, "王一（分管副校长）", "告知", False),
        (2 * MINUTE, "李二（班主任）", "阅读消息", False),
        (15 * MINUTE, "学校", "超过时限，上移到下一级", False),
        (20 * MINUTE, "王一（分管副校长）", "确认知晓", True),
    ]


def test_the_copy_that_leaves_the_school_names_posts_and_signs_the_same():
    plain = without_names([STEP, DONE])
    assert [step.name for step in plain] == ["分管副校长", "班主任"]
    assert digest_of(words(plain, a=1)) == digest_of(words([STEP, DONE], a=1))
    assert digest_of(words([STEP], a=1)) != digest_of(words([STEP, DONE], a=1))


# --- rows and paper


@pytest.fixture
def run(here, there):
    """A red run that moved up to the principal, who has read the message."""
    case = opened(here, here.students[1], level="red", reason="canary-reason")
    with acting_as("system:demo"):  # a quarter of an hour passes
        ChainStep.objects.filter(case=case).update(acknowledge_by=timezone.now())
    climb_chains()
    sweep_causes()
    with acting_as("system:triage"):
        step = ChainStep.objects.get(case=case, role="principal")
    with acting_as(here.principal):
        read_notice(Notice.objects.get(key=f"chain/{step.pk}/{here.principal.pk}"))
        answer_step(step, actor=here.principal, has_acted=False)
    return case


def paper_of(world, case, *, outside):
    with acting_as(world.counselor):
        statement = LevelStatement.objects.get(case=case)
        pdf = print_timeline(
            Case.objects.select_related("student").get(pk=case.pk), statement,
            actor=world.counselor, purpose="检查用", is_redacted=outside,
        )  # fmt: skip
        return pdf, Signature.objects.get(purpose="timeline"), TimelineCopy.objects.get()


def text_of(pdf, tmp_path):
    path = tmp_path / "run.pdf"
    path.write_bytes(pdf)
    return "".join("".join(page.extract_text().split()) for page in PdfReader(path).pages)


def test_the_paper_says_who_was_told_what_they_did_and_its_code(here, run, tmp_path):
    pdf, signature, _ = paper_of(here, run, outside=False)
    said = text_of(pdf, tmp_path)
    for word in (
        here.students[1].name,
        "甲principal（校长）",
        "确认知晓",
        "阅读消息",
        "上移到下一级",
        signature.code,
        signature.digest,
    ):
        assert "".join(word.split()) in said, word
    assert "canary-reason" not in said and "高危" not in said


def test_outside_the_school_it_names_nobody(here, run, tmp_path):
    pdf, signature, _ = paper_of(here, run, outside=True)
    said = text_of(pdf, tmp_path)
    assert here.students[1].name not in said and here.klass.name_on(timezone.localdate()) not in said
    assert not any(user.name in said for role, user in here.users.items() if role != "counselor")
    assert "分管副校长" in said and "不含姓名" in said and signature.code in said


def test_the_signature_holds_while_the_run_goes_on_and_breaks_when_a_row_is_changed(here, there, run):
    _, signature, copy = paper_of(here, run, outside=False)
    climb_chains(timezone.now() + timedelta(hours=5))
    with acting_as(here.vice_principal):
        step = ChainStep.objects.get(case=run, role="vice_principal")
        answer_step(step, actor=here.vice_principal, has_acted=True)
        assert verify_signature(signature).is_unchanged
        assert len(timeline(TimelineCopy.objects.get(pk=copy.pk)).steps) == 4
    with acting_as("system:demo"):
        ChainStep.objects.filter(pk=step.pk).update(told_at=timezone.now() - timedelta(hours=9))
    with acting_as(here.vice_principal):
        assert verify_signature(signature).is_unchanged is False
    with acting_as(there.counselor):
        assert not TimelineCopy.objects.exists() and not Signature.objects.filter(purpose="timeline").exists()


def test_who_may_print_and_what_is_kept_of_it(here, there, run, enter):
    with acting_as(here.counselor):
        url = f"/cases/{run.pk}/clock/{LevelStatement.objects.get(case=run).pk}/paper/"
    client = enter(here.vice_principal)
    assert client.get(url).status_code == 200
    assert client.post(url, {"purpose": "", "where": "outside"}).status_code == 422
    answer = client.post(url, {"purpose": "教育局检查", "where": "outside"})
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    with acting_as("system:demo"):
        entry = AccessEntry.objects.get(what="timeline")
    assert (entry.user_id, entry.student_id, entry.purpose) == (here.vice_principal.pk, run.student_id, "教育局检查")
    assert enter(there.counselor).get(url).status_code == 404
    assert enter(here.homeroom).get(url).status_code == enter(here.county_officer).get(url).status_code == 403
