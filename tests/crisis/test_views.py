"""Who gets what on the case pages, a fixed number of queries, and no note on another role's page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crisis.models import Case, CaseNote, PlanItem
from tests.cast import make_student
from xinyu.access.actor import acting_as
from xinyu.vault.fields import reveal

from .cases import REASON, in_days, met, noted, opened, planned_item, second_counselor, talk

pytestmark = pytest.mark.django_db

CANARY = "canary-note-of-the-counselor"


def url(name, *args):
    return reverse(f"crisis:{name}", args=args)


@pytest.fixture
def case(here):
    made = opened(here, here.students[1])
    noted(here, made, body=CANARY)
    planned_item(here, made)
    return made


def level_post(**values):
    return {"level": "red", "reason": REASON, "until_on": in_days(20).isoformat()} | values


def test_the_counselor_confirms_a_level_beside_what_the_talk_found(here, enter):
    interview = talk(here, here.students[1], summary="谈到睡眠与学业压力")
    page = url("level-confirm", interview.pk)
    client = enter(here.counselor)
    shown = client.get(page).content.decode()
    assert "谈到睡眠与学业压力" in shown and here.students[1].number in shown
    answer = client.post(page, level_post())
    with acting_as(here.counselor):
        made = Case.objects.get(interview=interview)
    assert answer.status_code == 302 and answer.url == url("case-page", made.pk)
    assert "红色（一级）" in client.get(answer.url).content.decode()


def test_what_was_typed_stays_when_the_form_is_refused(here, enter):
    interview = talk(here, here.students[1])
    answer = enter(here.counselor).post(url("level-confirm", interview.pk), level_post(until_on="", reason="写了一半"))
    assert answer.status_code == 422 and "写了一半" in answer.content.decode()


def test_a_diagnosis_word_gets_a_hint(here, enter):
    interview = talk(here, here.students[1])
    client = enter(here.counselor)
    answer = client.post(url("level-confirm", interview.pk), level_post(reason="孩子有双相"))
    assert answer.status_code == 422 and "由医疗机构提供" in answer.content.decode()


def test_a_refusal_is_409_with_its_reason(here, enter, case):
    client = enter(here.counselor)
    answer = client.post(url("level-confirm", case.interview_id), level_post())
    assert answer.status_code == 409 and "已经定级" in answer.content.decode()
    part = client.post(url("case-move", case.pk, "follow_up"), {"reason": "x"}, headers={"HX-Request": "true"})
    assert part.status_code == 409 and "<html" not in part.content.decode() and "不能转入随访" in part.content.decode()


def test_the_principal_sees_level_and_plan_and_no_note(here, enter, case):
    shown = enter(here.principal).get(url("case-page", case.pk)).content.decode()
    assert "黄色（三级）" in shown and "恢复规律作息" in shown and REASON in shown
    assert CANARY not in shown and "过程记录" not in shown
    assert CANARY in enter(here.counselor).get(url("case-page", case.pk)).content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [("homeroom", 403), ("grade_head", 403), ("moral_head", 403), ("county_officer", 403), ("system_admin", 403)],
)
def test_whose_job_it_is_not_gets_403(here, enter, case, role, status):
    client = enter(here.users[role])
    for page in (url("case-list"), url("case-page", case.pk)):
        answer = client.get(page)
        assert answer.status_code == status and CANARY not in answer.content.decode()


def test_a_counselor_of_another_school_gets_404_everywhere(here, there, enter, case):
    with acting_as(here.counselor):
        item = PlanItem.objects.get(case=case)
    client = enter(there.counselor)
    pages = [
        url("case-page", case.pk),
        url("level-confirm", case.interview_id),
        url("level-change", case.pk),
        url("lowering-new", case.pk),
        url("case-move", case.pk, "plan"),
        url("note-new", case.pk),
        url("plan-new", case.pk),
        url("plan-edit", case.pk, item.pk),
    ]
    assert {client.get(page).status_code for page in pages} == {404}
    assert client.post(url("plan-done", case.pk, item.pk)).status_code == 404
    assert case.code not in client.get(url("case-list")).content.decode()


@pytest.mark.parametrize("page", ["level-change", "lowering-new", "note-new", "plan-new"])
def test_the_principal_does_not_do_the_counselors_work(here, enter, case, page):
    assert enter(here.principal).get(url(page, case.pk)).status_code == 403


def test_every_look_is_written_down(here, enter, case):
    enter(here.principal).get(url("case-page", case.pk))
    with acting_as(here.counselor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM audit_accessentry WHERE student_id = %s AND user_id = %s AND what = 'case'",
            [case.student_id, here.principal.pk],
        )
        assert cursor.fetchone() == (1,)


def queries_of(client, page):
    client.get(page)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(page).status_code == 200
    return len(seen)


def test_one_case_and_three_cost_the_same(here, enter):
    client = enter(here.counselor)
    opened(here, here.students[1])
    talk(here, here.students[0])
    before = queries_of(client, url("case-list"))
    with acting_as(here.counselor):
        more = [make_student(here.klass, f"n{n}", f"新同学{n}") for n in range(4)]
    for student in more[:2]:
        opened(here, student)
    for student in more[2:]:
        talk(here, student)
    assert queries_of(client, url("case-list")) == before


def test_notes_and_plan_lines_cost_the_same(here, enter, case):
    client = enter(here.counselor)
    before = queries_of(client, url("case-page", case.pk))
    for _ in range(2):
        noted(here, case)
        planned_item(here, case)
    assert queries_of(client, url("case-page", case.pk)) == before


def test_the_list_filters_by_state_and_level(here, enter):
    red, blue = opened(here, here.students[1], level="red"), opened(here, here.students[2], level="blue")
    client = enter(here.counselor)
    shown = client.get(url("case-list"), {"state": "open", "level": "red"}).content.decode()
    assert red.code in shown and blue.code not in shown
    assert red.code not in client.get(url("case-list"), {"state": "closed"}).content.decode()
    part = client.get(url("case-list"), {"state": "all"}, headers={"HX-Request": "true"}).content.decode()
    assert red.code in part and "<html" not in part


def test_two_counselors_see_both_texts(here, enter, case):
    with acting_as(here.counselor):
        item = PlanItem.objects.get(case=case)
    page = url("plan-edit", case.pk, item.pk)
    values = {"cause": "social", "action": "家校联系", "person_id": here.counselor.pk, "due_on": in_days(5).isoformat()}
    values["version"] = "1"
    assert enter(here.counselor).post(page, values | {"goal": "第一人写的"}).status_code == 302
    answer = enter(second_counselor(here)).post(page, values | {"goal": "第二人写的"})
    shown = answer.content.decode()
    assert answer.status_code == 409 and "第一人写的" in shown and "第二人写的" in shown
    assert 'name="version" value="2"' in shown


def test_the_second_signature_by_the_principal_on_screen(here, enter, case):
    values = {"level": "blue", "reason": "研判会意见", "until_on": in_days(30).isoformat()}
    values["team_met_on"] = timezone.localdate().isoformat()
    assert enter(here.counselor).post(url("lowering-new", case.pk), values).status_code == 409  # no 研判会 yet
    met(here, case, level="blue")
    assert enter(here.counselor).post(url("lowering-new", case.pk), values).status_code == 302
    with acting_as(here.counselor):
        request = Case.objects.get(pk=case.pk).loweringrequests.get()
    decide = url("lowering-decide", case.pk, request.pk)
    assert enter(here.counselor).post(decide, {"decision": "accept"}).status_code == 409
    client = enter(here.principal)
    assert "同意并签字" in client.get(url("case-page", case.pk)).content.decode()
    assert client.post(decide, {"decision": "accept"}).status_code == 302
    with acting_as(here.counselor):
        assert Case.objects.get(pk=case.pk).level == "blue"


def test_a_note_is_not_written_before_it_happens_and_once_only(here, enter, case):
    client = enter(here.counselor)
    values = {"kind": "home_visit", "body": "到家里坐了坐", "key": "3f0c9c0e-0f7c-4b8e-9a36-0c8e0f7d2b11"}
    later = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(url("note-new", case.pk), values | {"happened_at": later}).status_code == 422
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    for _ in range(2):
        assert client.post(url("note-new", case.pk), values | {"happened_at": now}).status_code == 302
    with acting_as(here.counselor):
        assert CaseNote.objects.filter(case=case, kind="home_visit").count() == 1


def test_a_refused_level_keeps_the_typing_and_takes_the_new_version(here, enter, case):
    client = enter(here.counselor)
    values = level_post(reason="两人同时确认", version="7")
    answer = client.post(url("level-change", case.pk), values)
    shown = answer.content.decode()
    assert answer.status_code == 409 and "两人同时确认" in shown and 'name="version" value="1"' in shown
    assert client.post(url("level-change", case.pk), values | {"version": "1"}).status_code == 302


def test_a_diagnosis_that_comes_from_a_hospital_carries_its_source(here, enter, case):
    values = level_post(reason="医院诊断为抑郁症", is_from_hospital="on", version="1")
    assert enter(here.counselor).post(url("level-change", case.pk), values).status_code == 302
    with acting_as(here.counselor):
        statement = case.levelstatements.first()
        assert statement.level == "red" and "由医疗机构提供" in reveal(statement, "reason")
