"""Doctor's advice, safety plan, the plan's completeness, tasks of the minutes, helpers, a school's own card texts."""

import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from assessments.models import Flag
from crisis.actions.card_texts import put_card_text
from crisis.actions.levels import state_level
from crisis.actions.medical import advise_hospital, answer_advice
from crisis.actions.moves import move_case
from crisis.actions.pairs import begin_pair, end_due_pairs, end_pair, log_contact
from crisis.actions.plan import PlanValues, add_plan_item, finish_plan_item
from crisis.actions.safety import write_safety_plan
from crisis.card_templates import CardTemplate
from crisis.models import AdviceDocument, Pair, PairContact, PlanItem, SafetyPlan
from crisis.pairing import load_silent_days, next_on, refuse_pair
from crisis.plan_check import PlanFacts, causes_left_out, is_complete, missing
from crisis.queries.card_texts import shown_templates, templates_of
from crisis.queries.facts import has_medical_opinion, is_plan_complete
from crisis.queries.helping import own_pairs, pairs_due
from crisis.refusals import CaseRefusedError, StaleVersionError
from crisis.safety_steps import STEPS
from crisis.safety_steps import missing as steps_missing
from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post
from xinyu.reminders.causes import silent_helpers

from .cases import in_days, met, opened, planned_item
from .test_guardians import photo

T = date(2026, 11, 2)


# --- pure


def facts(**values):
    base = {"cause": "心理", "has_goal": True, "has_action": True, "has_person": True, "has_due": True}
    return PlanFacts(**(base | values))


def test_a_plan_is_complete_when_every_problem_has_an_action_with_person_and_due():
    assert is_complete([facts()]) and not is_complete([])
    said = missing([facts(), facts(cause="社会", has_action=False, has_person=False)])
    assert said == ["第 2 项（社会）还缺：措施、在岗的负责人。"]
    assert is_complete([facts(has_person=False, is_done=True)]), "who did it may have left since"
    assert causes_left_out([facts()], ["生理", "心理", "社会"]) == ["生理", "社会"]


def test_a_helper_is_reminded_after_the_silent_days_of_the_level():
    days = load_silent_days().days
    assert list(days) == ["red", "orange", "yellow", "blue"] and sorted(days.values()) == list(days.values())
    assert next_on(T, None, 3) == date(2026, 11, 5) and next_on(T, date(2026, 11, 9), 7) == date(2026, 11, 16)
    assert refuse_pair(T, T, T) and refuse_pair(T, T + timedelta(days=300), T)
    assert refuse_pair(T, T + timedelta(days=90), T) is None


def test_the_six_steps_are_told_apart():
    assert len(STEPS) == 6 and steps_missing({"signs": "睡不着"}) == [step.title for step in STEPS[1:]]


# --- advice


@pytest.fixture
def case(here):
    return opened(here, here.students[1], level="orange")


def advised(world, case):
    with acting_as(world.counselor):
        now = timezone.now()
        return advise_hospital(case, actor=world.counselor, advised_at=now, reason="三周没有睡好", key=uuid4())


def url(name, *args):
    return reverse(f"crisis:{name}", args=args)


@pytest.mark.django_db
def test_the_list_shows_who_has_not_been_to_a_doctor_first(here, there, enter, case):
    first, second = advised(here, case), advised(here, opened(here, here.students[0]))
    with acting_as(here.counselor):
        values = {"actor": here.counselor, "on": timezone.localdate(), "words": ""}
        answer_advice(first, answer="refused", key=uuid4(), **values)
        answer_advice(first, answer="seen", hospital="市二医院", key=uuid4(), **values)
    client = enter(here.principal)
    shown = client.get(url("advice-list")).content.decode()
    assert "等待答复" in shown and "已就医" in shown and "拒绝" not in shown
    assert shown.index(here.students[0].name) < shown.index(here.students[1].name)
    for user in (here.homeroom, here.county_officer):
        assert enter(user).get(url("advice-list")).status_code == 403
    assert "同学" not in enter(there.counselor).get(url("advice-list")).content.decode()
    assert second.case_id != first.case_id


@pytest.mark.django_db
def test_what_the_hospital_says_exists_as_its_paper_only(here, enter, case):
    advice, client = advised(here, case), enter(here.counselor)
    diagnosed = {"answer": "seen", "on": timezone.localdate().isoformat(), "words": "诊断为抑郁症", "key": str(uuid4())}
    answer = client.post(url("advice-answer", case.pk, advice.pk), diagnosed)
    assert answer.status_code == 422 and "由医疗机构提供" in answer.content.decode()
    with acting_as(here.counselor):
        assert not has_medical_opinion(case)
    post = {"title": "门诊病历", "hospital": "市二医院", "brought_by": "母亲", "key": str(uuid4())}
    post |= {"received_on": timezone.localdate().isoformat()}
    page = url("document-new", case.pk, advice.pk)
    wrong = client.post(page, post | {"paper": SimpleUploadedFile("a.pdf", b"<html>")})
    assert wrong.status_code == 422 and "打不开这个文件" in wrong.content.decode()
    assert client.post(page, post | {"paper": SimpleUploadedFile("a.jpg", photo())}).status_code == 302
    with acting_as(here.counselor):
        row = AdviceDocument.objects.get()
        assert has_medical_opinion(case)
    shown = client.get(url("document-file", case.pk, row.pk))
    assert shown["Content-Type"] == "image/jpeg" and "no-store" in shown["Cache-Control"]
    assert "由医疗机构提供：市二医院" in client.get(url("case-home", case.pk)).content.decode()
    client = enter(here.principal)
    assert client.get(url("document-file", case.pk, row.pk)).status_code == 403
    assert "门诊病历" not in client.get(url("case-home", case.pk)).content.decode()
    with acting_as(here.principal):
        assert has_medical_opinion(case) and not AdviceDocument.objects.exists()


@pytest.mark.django_db
def test_a_paper_that_answers_no_advice_stands_among_the_attachments(here, there, enter, case):
    page, client = url("attachment-new", case.pk), enter(here.counselor)
    post = {"title": "返校承诺书", "hospital": "监护人", "brought_by": "母亲", "key": str(uuid4())}
    post |= {"received_on": timezone.localdate().isoformat()}
    assert client.post(page, post).status_code == 422
    paper = {"paper": SimpleUploadedFile("a.jpg", photo())}
    assert client.post(page, post | paper).status_code == 302
    with acting_as(here.counselor):
        row = AdviceDocument.objects.get()
        assert (row.advice_id, row.is_medical, row.school_id) == (None, False, here.school.pk)
        assert not has_medical_opinion(case)
    shown = client.get(url("case-dossier", case.pk)).content.decode()
    assert "返校承诺书" in shown and url("document-file", case.pk, row.pk) in shown
    assert client.get(url("document-file", case.pk, row.pk))["Content-Type"] == "image/jpeg"
    again = {
        "paper": SimpleUploadedFile("a.jpg", photo()),
        "title": "出院小结",
        "is_medical": "on",
        "key": str(uuid4()),
    }
    assert client.post(page, post | again).status_code == 302
    with acting_as(here.counselor):
        assert has_medical_opinion(case)
    for user in (here.principal, here.homeroom):
        assert enter(user).get(page).status_code == 403
    assert enter(there.counselor).get(page).status_code == 404
    assert enter(there.counselor).get(url("document-file", case.pk, row.pk)).status_code == 404


# --- the safety plan


def written(world, case, after=0, **words):
    with acting_as(world.counselor):
        said = {"signs": "整夜睡不着", "people": "外婆"} | words
        today = timezone.localdate()
        return write_safety_plan(case, actor=world.counselor, words=said, written_on=today, after=after, key=uuid4())


@pytest.mark.django_db
def test_each_version_is_a_row_of_its_own_and_none_is_written_over(here, case):
    first = written(here, case)
    assert written(here, case, after=1, coping="听歌").version == 2
    with pytest.raises(StaleVersionError):
        written(here, case, after=1)
    with pytest.raises(CaseRefusedError, match="至少"):
        written(here, case, after=2, signs=" ", people="")
    with acting_as(here.counselor), pytest.raises(DatabaseError), transaction.atomic():
        SafetyPlan.objects.filter(pk=first.pk).update(words=None)


@pytest.mark.django_db
def test_the_plan_is_written_with_the_student_and_printed_on_one_page(here, there, enter, case):
    client, page = enter(here.counselor), url("safety-plan-new", case.pk)
    post = {"signs": "整夜睡不着", "people": "外婆", "written_on": timezone.localdate().isoformat(), "after": "0"}
    post |= {"key": str(uuid4())}
    refused = client.post(page, post)
    assert (
        refused.status_code == 422
        and "不要代写" in refused.content.decode()
        and "整夜睡不着" in refused.content.decode()
    )
    assert client.post(page, post | {"is_with_student": "on"}).status_code == 302
    with acting_as(here.counselor):
        plan = SafetyPlan.objects.get()
    paper = url("safety-plan-paper", case.pk, plan.pk)
    reader = PdfReader(io.BytesIO(client.get(paper).content))
    text = reader.pages[0].extract_text().replace("\n", "")
    assert len(reader.pages) == 1 and "整夜睡不着" in text and "12356" in text and "橙色" not in text
    assert "还没有写" in client.get(url("case-home", case.pk)).content.decode()
    stale = client.post(page, post | {"is_with_student": "on", "key": str(uuid4())})
    assert stale.status_code == 409 and "整夜睡不着" in stale.content.decode()
    assert enter(there.counselor).get(paper).status_code == 404
    assert enter(here.homeroom).get(paper).status_code == 403


# --- plan and tasks


@pytest.mark.django_db
def test_the_case_page_says_what_the_plan_still_wants(here, enter, case):
    planned_item(here, case, action="")
    with acting_as(here.counselor):
        assert not is_plan_complete(case)
    assert "第 1 项（心理）还缺：措施" in enter(here.counselor).get(url("case-page", case.pk)).content.decode()
    with acting_as("system:demo"):
        Post.objects.filter(user=here.teacher).update(valid_to=timezone.localdate())
    with acting_as(here.counselor):
        values = PlanValues("social", "同伴", "同桌陪伴", here.teacher.pk, in_days(20))
        add_plan_item(case, values, actor=here.counselor)
    assert "第 2 项（社会）还缺：在岗的负责人" in enter(here.principal).get(url("case-page", case.pk)).content.decode()


@pytest.mark.django_db
def test_a_task_of_the_minutes_stands_on_the_persons_own_page_and_is_done_there(here, enter, case):
    meeting = met(here, case, level="orange", present=[here.homeroom])
    client = enter(here.counselor)
    assert url("task-new", case.pk, meeting.pk) in client.get(url("case-team", case.pk)).content.decode()
    post = {"cause": "social", "goal": "同伴支持", "action": "canary-安排同桌", "person_id": here.homeroom.pk}
    post |= {"due_on": in_days(5).isoformat()}
    assert client.post(url("task-new", case.pk, meeting.pk), post).status_code == 302
    with acting_as(here.counselor):
        item = PlanItem.objects.get()
    assert item.conference_id == meeting.pk
    client = enter(here.homeroom)
    assert "方案里由您负责的任务 1 项" in client.get("/").content.decode()
    shown = client.get(url("helping")).content.decode()
    assert "canary-安排同桌" in shown and case.student.name in shown and "橙色" not in shown
    assert enter(here.grade_head).post(url("task-done", item.pk)).status_code == 404
    assert enter(here.homeroom).post(url("task-done", item.pk)).status_code == 302
    with acting_as(here.counselor):
        assert PlanItem.objects.get().done_at is not None
    assert "方案里由您负责" not in enter(here.homeroom).get("/").content.decode()


@pytest.mark.django_db
def test_the_end_of_a_case_takes_its_tasks_and_pairs_along_and_reopening_brings_the_tasks_back(here, case):
    paired(here, case, here.teacher)
    with acting_as(here.counselor):
        add_plan_item(case, PlanValues("social", "x", "y", here.teacher.pk, in_days(3)), actor=here.counselor)
        move_case(case, "doubt", actor=here.counselor, reason="误会")
    with acting_as(here.vice_principal):
        move_case(case, "dismiss", actor=here.vice_principal, reason="同意")
    with acting_as(here.teacher):
        item = PlanItem.objects.get()
        assert item.called_off_at is not None and not Pair.objects.exists()
        with pytest.raises(CaseRefusedError, match="取消"):
            finish_plan_item(item, actor=here.teacher)
    with acting_as(here.counselor):
        move_case(case, "reopen", actor=here.counselor, reason="又有担心")
        assert PlanItem.objects.get().called_off_at is None


# --- helpers


def paired(world, case, helper, began=0):
    with acting_as(world.counselor):
        values = {"aim": "每周聊一次", "from_on": in_days(began), "until_on": in_days(60)}
        return begin_pair(case, actor=world.counselor, helper_id=helper.pk, **values)


def logged(world, pair, answer="usual", words="", key=None):
    with acting_as(pair.helper):
        today = timezone.localdate()
        values = {"kind": "talk", "answer": answer, "words": words, "on": today, "key": key or uuid4()}
        return log_contact(pair, actor=pair.helper, **values)


@pytest.mark.django_db
def test_a_subject_teacher_helps_without_seeing_roster_level_or_case(here, enter, case):
    pair = paired(here, case, here.teacher)
    with pytest.raises(CaseRefusedError, match="已经在帮扶"):
        paired(here, case, here.teacher)
    client = enter(here.teacher)
    shown = client.get(url("helping")).content.decode()
    assert case.student.name in shown and "每周聊一次" in shown and "橙色" not in shown and case.code not in shown
    assert client.get(url("case-page", case.pk)).status_code == 403
    page = url("pair-log", pair.pk)
    assert page in shown and client.get(page).status_code == 200
    post = {"kind": "talk", "answer": "changed", "words": "canary-不吃饭", "on": timezone.localdate().isoformat()}
    post |= {"key": str(uuid4())}
    for _ in range(2):
        assert client.post(page, post).url == url("helping")
    with acting_as(here.counselor):
        assert PairContact.objects.count() == 1
    shown = enter(here.counselor).get(url("case-team", case.pk)).content.decode()
    assert "canary-不吃饭" in shown and "有变化" in shown
    assert "canary-不吃饭" not in enter(here.principal).get(url("case-team", case.pk)).content.decode()


@pytest.mark.django_db
def test_silent_days_put_the_student_on_the_helpers_today_and_a_contact_takes_it_off(here, enter, case):
    pair = paired(here, case, here.teacher)
    assert pair.every_days == load_silent_days().days["orange"]
    with acting_as(here.teacher):
        assert pairs_due(here.teacher.pk, in_days(2)) == [] and pairs_due(here.teacher.pk, in_days(3)) == [in_days(3)]
    with acting_as(here.counselor):
        state_level(case, actor=here.counselor, level="red", reason="有计划", until_on=in_days(30))
    with acting_as(here.teacher):
        assert pairs_due(here.teacher.pk, in_days(1)) == [in_days(1)]
    logged(here, pair)
    with acting_as(here.teacher):
        assert own_pairs(here.teacher.pk, timezone.localdate())[0].due_on == in_days(1)
    late = paired(here, opened(here, here.students[0]), here.teacher, began=-9)
    assert "请联系您帮扶的学生 1 人" in enter(here.teacher).get("/").content.decode()
    with acting_as("system:reminders"):
        drafts = list(silent_helpers(timezone.localdate()))
    assert [draft.to for draft in drafts] == [here.teacher.pk] and "同学" not in drafts[0].title + drafts[0].why
    logged(here, late)
    assert "请联系您帮扶的学生" not in enter(here.teacher).get("/").content.decode()


@pytest.mark.django_db
def test_urgent_rings_at_once_and_others_log_nothing(here, case):
    pair = paired(here, case, here.teacher)
    logged(here, pair, answer="urgent", words="说不想活")
    with acting_as(here.counselor):
        flag = Flag.objects.get(student=case.student, level="immediate")
        assert flag.raised_by is None and flag.school_id == here.school.pk
        with pytest.raises(CaseRefusedError, match="本人"):
            log_contact(pair, actor=here.counselor, kind="talk", answer="usual", words="", on=T, key=uuid4())


@pytest.mark.django_db
def test_a_pair_ends_with_the_post_of_the_helper_and_with_its_day(here, case):
    pair, other = paired(here, case, here.teacher), paired(here, case, here.homeroom)
    assert end_due_pairs() == 0
    with acting_as("system:demo"):
        Post.objects.filter(user=here.teacher).update(valid_to=timezone.localdate())
    with acting_as(here.teacher):
        assert not Pair.objects.exists(), "out of sight in the same moment"
    assert end_due_pairs() == 1
    with acting_as(here.counselor):
        assert Pair.objects.get(pk=pair.pk).ended_because == "post"
        end_pair(other, actor=here.counselor)
        assert Pair.objects.filter(ended_at=None).count() == 0
    with acting_as(here.homeroom):
        assert not Pair.objects.exists()


@pytest.mark.django_db
def test_a_helper_changes_nothing_of_the_pair_and_nobody_the_helper(here, case):
    pair = paired(here, case, here.teacher)
    with acting_as(here.teacher):
        assert Pair.objects.filter(pk=pair.pk).update(every_days=90) == 0
    for user, change in ((here.counselor, {"helper": here.homeroom}), (here.principal, {"from_on": T})):
        with acting_as(user), pytest.raises(DatabaseError), transaction.atomic():
            Pair.objects.filter(pk=pair.pk).update(**change)


@pytest.mark.django_db
def test_more_pairs_and_tasks_ask_no_more_questions(here, enter, case):
    client, seen = enter(here.homeroom), []
    paired(here, case, here.homeroom)
    with acting_as(here.counselor):
        add_plan_item(case, PlanValues("social", "x", "y", here.homeroom.pk, in_days(3)), actor=here.counselor)
    client.get(url("helping"))
    for more in (0, 2):
        for _ in range(more):
            with acting_as(here.counselor):
                add_plan_item(case, PlanValues("social", "x", "y", here.homeroom.pk, in_days(3)), actor=here.counselor)
        with CaptureQueriesContext(connection) as found:
            client.get(url("helping"))
        seen.append(len(found))
    assert seen[0] == seen[1]


@pytest.mark.django_db
def test_the_outsider_finds_nothing(here, there, enter, case):
    pair, advice = paired(here, case, here.teacher), advised(here, case)
    client = enter(there.counselor)
    names = ("pair-new", "advice-new", "safety-plan-new")
    paths = [url(name, case.pk) for name in names] + [url("pair-log", pair.pk)]
    paths += [url("advice-answer", case.pk, advice.pk), url("document-new", case.pk, advice.pk)]
    assert {client.get(path).status_code for path in paths} == {404}
    assert client.post(url("pair-end", case.pk, pair.pk)).status_code == 404
    assert case.student.name not in client.get(url("helping")).content.decode()


@pytest.mark.django_db
def test_the_written_case_shows_the_people_around_it(here, enter, case):
    advice, pair = advised(here, case), paired(here, case, here.teacher)
    logged(here, pair, words="canary-打球")
    written(here, case, signs="canary-整夜睡不着")
    with acting_as(here.counselor):
        values = {"answer": "considering", "words": "canary-想等期末", "key": uuid4()}
        answer_advice(advice, actor=here.counselor, on=timezone.localdate(), **values)
    shown = enter(here.counselor).get(url("case-dossier", case.pk)).content.decode()
    for word in ("三周没有睡好", "canary-想等期末", "canary-打球", "canary-整夜睡不着"):
        assert word in shown, word


# --- a school's own card texts


@pytest.mark.django_db
def test_a_school_words_a_card_its_own_way_and_the_origin_stays(here, there, enter, case):
    client = enter(here.counselor)
    page = url("card-text-edit", "quiet")
    assert "留意什么" in client.get(page).content.decode()
    post = {
        "title": "话少",
        "watch": "canary-本校写法",
        "say": "先听",
        "call": "找心理教师",
        "is_shown": "on",
        "after": "0",
    }
    assert client.post(page, post).status_code == 302
    stale = client.post(page, post | {"watch": "另一种"})
    assert stale.status_code == 409 and "另一种" in stale.content.decode()
    shown = client.get(url("card-give", case.pk) + "?template=quiet").content.decode()
    assert "canary-本校写法" in shown
    shown = client.get(page).content.decode()
    assert "平台原文" in shown and "本校第 1 版" in shown
    hidden = {name: value for name, value in post.items() if name != "is_shown"} | {"after": "1"}
    assert client.post(page, hidden).status_code == 302
    with acting_as(here.counselor):
        assert "quiet" not in [text.code for text in shown_templates(here.school.pk)]
        assert next(line for line in templates_of(here.school.pk) if line.text.code == "quiet").version == 2
    with acting_as(there.counselor):
        assert "quiet" in [text.code for text in shown_templates(there.school.pk)]
        assert not any("canary" in line.text.watch for line in templates_of(here.school.pk))
    assert client.post(url("card-text-edit", "new"), post | {"title": "新的一种"}).status_code == 302
    assert "新的一种" in client.get(url("card-text-list")).content.decode()
    assert enter(here.principal).get(page).status_code == 403


@pytest.mark.django_db
def test_another_school_has_no_say_in_the_texts(here, there):
    text = CardTemplate("quiet", "a", "b", "c", "d")
    with acting_as(there.counselor), pytest.raises(Exception, match="岗位"):
        put_card_text(here.school.pk, text, actor=there.counselor, after=0)
