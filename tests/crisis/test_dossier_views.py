"""档案 on screen: who gets what, both texts of a conflict, versions, the move, the draft after a time-out."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crisis.actions.dossier import write_section
from crisis.actions.levels import state_level
from crisis.models import EntryMove, SectionText
from xinyu.access.actor import acting_as
from xinyu.students.models import TypedDraft

from .cases import in_days, met, noted, opened, planned_item, second_counselor

pytestmark = pytest.mark.django_db
CANARY = "canary-只写在这一栏"


def url(name, *arguments):
    return reverse(f"crisis:{name}", args=arguments)


def written(world, case, section="risk", base=0, **texts):
    with acting_as(world.counselor):
        return write_section(case, section, texts or {"ideation": CANARY}, actor=world.counselor, base=base)


def test_counselor_reads_it_principal_reads_level_and_plan_nobody_else_anything(here, there, enter):
    with acting_as(here.counselor):
        state_level(here.case, actor=here.counselor, level="orange", reason="持续", until_on=in_days(20))
    written(here, here.case)
    noted(here, here.case, body=f"{CANARY}-谈话")
    planned_item(here, here.case, goal="恢复作息")
    met(here, here.case, level="orange", body=f"{CANARY}-纪要")
    page = url("case-dossier", here.case.pk)
    full = enter(here.counselor).get(page).content.decode()
    assert full.count(CANARY) == 3 and "恢复作息" in full and "甲家长" in full
    seen = enter(here.principal).get(page).content.decode()
    assert CANARY not in seen and "恢复作息" in seen and "canary-甲-interview" not in seen and "138****" not in seen
    assert "section-edit" not in seen and "/dossier/risk/" not in seen
    for role in ("homeroom", "grade_head", "teacher", "moral_head", "county_officer"):
        assert enter(here.users[role]).get(page).status_code == 403, role
    assert enter(there.counselor).get(page).status_code == 404
    for name in ("section-edit", "section-history"):
        assert enter(there.counselor).get(url(name, here.case.pk, "risk")).status_code == 404
        assert enter(here.principal).get(url(name, here.case.pk, "risk")).status_code == 403


def test_another_counselor_of_the_school_reads_sections_but_no_note(here, enter):
    written(here, here.case)
    page = enter(second_counselor(here)).get(url("case-dossier", here.case.pk)).content.decode()
    assert CANARY in page and "canary-甲-note" not in page


def test_depth_follows_the_level_and_keeps_what_was_written(here, enter):
    page = url("case-dossier", here.case.pk)
    written(here, here.case, "discovery", way="学生自述", noticed=CANARY)
    one = enter(here.counselor).get(page).content.decode()
    assert "为什么" in one and "下次联系" in one and 'id="risk"' not in one and "还缺的栏目" not in one
    with acting_as(here.counselor):
        state_level(here.case, actor=here.counselor, level="orange", reason="持续", until_on=in_days(20))
    full = enter(here.counselor).get(page).content.decode()
    assert CANARY in full and 'id="risk"' in full and "还缺的栏目" in full and "下次联系" not in full


def test_page_asks_as_much_for_one_row_as_for_three(here, enter):
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(page).status_code == 200
        return len(found)

    client, page = enter(here.counselor), url("case-dossier", here.case.pk)
    with acting_as(here.counselor):
        state_level(here.case, actor=here.counselor, level="red", reason="持续", until_on=in_days(20))
    written(here, here.case)
    planned_item(here, here.case)
    met(here, here.case, level="red")
    client.get(page)
    few = asked()
    for number in range(2):
        written(here, here.case, base=number + 1, ideation=f"第{number}次")
        planned_item(here, here.case)
        noted(here, here.case)
        met(here, here.case, level="red")
    assert asked() == few <= 70


def test_both_texts_stand_side_by_side_and_neither_is_lost(here, enter):
    other = second_counselor(here)
    written(here, here.case, ideation="甲看到的")
    form = url("section-edit", here.case.pk, "risk")
    answer = enter(other).post(form, {"base": 0, "ideation": "乙看到的"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "甲看到的" in page and "乙看到的" in page and "没有覆盖任何内容" in page
    with acting_as(other):
        assert SectionText.objects.count() == 1 and TypedDraft.objects.count() == 1
    again = enter(other).post(form, {"base": answer.context["form"]["base"].value(), "ideation": "甲看到的，乙看到的"})
    assert again.status_code == 302
    history = enter(here.counselor).get(url("section-history", here.case.pk, "risk")).content.decode()
    assert "第 2 版" in history and "甲看到的，乙看到的" in history and "第 1 版" in history
    with acting_as(other):
        assert not TypedDraft.objects.exists()


def test_typed_words_wait_for_the_next_log_in(here, client, enter):
    form = url("section-edit", here.case.pk, "risk")
    kid = here.students[0].pk
    page = enter(here.counselor).get(form).content.decode()
    assert f'data-draft="{kid}"' in page
    kept = reverse("students:typed", args=[kid]) + f"?path={form}"
    said = {"base": ["0"], "ideation": [CANARY]}
    assert client.post(kept, json.dumps(said), content_type="application/json").status_code == 200
    client.logout()
    assert client.get(form).status_code == 302
    assert enter(here.counselor).get(kept).json()["fields"] == said
    assert enter(second_counselor(here)).get(kept).json()["fields"] is None


def test_mistakes_stand_at_the_field_and_unknown_sections_are_not_there(here, enter):
    client = enter(here.counselor)
    form = url("section-edit", here.case.pk, "medical")
    answer = client.post(form, {"base": 0, "told_by": "别处", "conclusion": "见病历"})
    assert answer.status_code == 422 and "见病历" in answer.content.decode()
    assert client.post(form, {"told_by": "监护人转述"}).status_code == 422, "without a version nothing is added"
    for code in ("plan", "nothing"):
        assert client.get(url("section-edit", here.case.pk, code)).status_code == 404
    assert client.post(url("section-edit", here.case.pk, "risk"), {"base": 0}).status_code == 409, "nothing was typed"


def test_a_diagnosis_word_gets_a_hint_and_is_kept(here, enter):
    client = enter(here.counselor)
    answer = client.post(url("section-edit", here.case.pk, "risk"), {"base": 0, "history": "曾说有抑郁症"}, follow=True)
    page = answer.content.decode()
    assert "曾说有抑郁症" in page and "用词提示" in page
    values = {"base": 0, "told_by": "监护人转述", "conclusion": "抑郁症"}
    client.post(url("section-edit", here.case.pk, "medical"), values)
    assert "由监护人或医疗机构提供" in client.get(url("case-dossier", here.case.pk)).content.decode()


def test_a_note_is_moved_on_the_page_and_both_files_say_so(here, enter):
    goal = opened(here, here.students[1])
    note = noted(here, here.case, body=CANARY)
    client, form = enter(here.counselor), url("note-move", here.case.pk, note.pk)
    assert form in client.get(url("case-page", here.case.pk)).content.decode()
    assert CANARY in client.get(form).content.decode()
    assert client.post(form, {"to_case": goal.pk}).status_code == 422
    named = client.post(form, {"to_case": goal.pk, "reason": f"写成了{here.students[0].name}"})
    assert named.status_code == 422 and "不要写学生姓名" in named.content.decode()
    assert client.post(form, {"to_case": goal.pk, "reason": "选错了学生"}).status_code == 302
    assert client.get(form).status_code == 404
    wrong, right = (client.get(url("case-page", case.pk)).content.decode() for case in (here.case, goal))
    assert CANARY not in wrong and "写错学生，已移到正确的档案" in wrong and "选错了学生" in wrong
    assert CANARY in right and "写错学生，由其他档案移来" in right
    assert here.students[1].name not in wrong and here.students[0].name not in right
    assert "由其他档案移来" in client.get(url("case-dossier", goal.pk)).content.decode()


def test_a_section_is_moved_from_its_versions(here, enter):
    goal, row = opened(here, here.students[1]), written(here, here.case)
    client = enter(here.counselor)
    versions = url("section-history", here.case.pk, "risk")
    form = url("section-move", here.case.pk, "risk", row.pk)
    assert form in client.get(versions).content.decode()
    assert form not in enter(second_counselor(here)).get(versions).content.decode()
    answer = enter(here.counselor).post(form, {"to_case": goal.pk, "reason": "选错了学生"}, follow=True)
    page = answer.content.decode()
    assert CANARY not in page and "这里不再保留内容" in page and "写错学生，已移到正确的档案" in page
    assert CANARY in client.get(url("section-history", goal.pk, "risk")).content.decode()
    with acting_as(here.counselor):
        assert EntryMove.objects.count() == 2


def test_nobody_else_opens_the_move(here, there, enter):
    note, row = noted(here, here.case), written(here, here.case)
    pages = (url("note-move", here.case.pk, note.pk), url("section-move", here.case.pk, "risk", row.pk))
    for page in pages:
        assert enter(there.counselor).get(page).status_code == 404
        assert enter(here.principal).get(page).status_code == 403
    assert enter(second_counselor(here)).get(pages[0]).status_code == 404, "she reads no note of this case"


def test_an_unconfirmed_case_shows_the_leaders_nothing(here, enter):
    from crisis.actions.moves import move_case

    case = opened(here, here.students[1], level="red")
    with acting_as(here.counselor):
        case = move_case(case, "doubt", actor=here.counselor, reason="误报")
    with acting_as(here.vice_principal):
        case = move_case(case, "dismiss", actor=here.vice_principal)
    seen = enter(here.principal).get(url("case-dossier", case.pk)).content.decode()
    assert "未证实" in seen and "一级" not in seen and "红" not in seen
