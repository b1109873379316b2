"""Pages about students: who gets what, searched, corrected, tagged, decided, and every look recorded."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import make_student
from xinyu.access.actor import acting_as
from xinyu.audit.models import AccessEntry
from xinyu.students.models import Attention, AttentionGroup, GuardianDecision, Student
from xinyu.students.notices import digest_of
from xinyu.students.sight import eyes_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def kid(here):
    return here.students[0]


def looks(kid):
    with acting_as("system:demo"):
        return list(AccessEntry.objects.filter(student_id=kid.pk).values_list("what", flat=True))


@pytest.mark.parametrize(
    ("role", "names"), [("counselor", "123"), ("homeroom", "12"), ("grade_head", "123"), ("principal", "123")]
)
def test_each_role_lists_its_own_students(here, there, enter, role, names):
    page = enter(here.users[role]).get("/students/").text
    assert [n for n in "123" if f"甲同学{n}" in page] == list(names) and "乙同学" not in page


@pytest.mark.parametrize("role", ["teacher", "county_officer", "city_officer", "system_admin", "revoked", "nobody"])
def test_roles_without_the_verb_get_403(here, kid, enter, role):
    client = enter(here.users[role])
    assert client.get("/students/").status_code == 403 and client.get(f"/students/{kid.pk}/").status_code == 403


@pytest.mark.parametrize("text", ["单雄", "shanxiong", "sxx", "S9"])
def test_search_by_beginning_of_name_pinyin_initials_and_number(here, enter, text):
    with acting_as("system:demo"):
        make_student(here.klass, "S900", "单雄信", pinyin="shanxiongxin", initials="sxx")
    page = enter(here.counselor).get("/students/", {"q": text}).text
    assert "单雄信" in page and "甲同学1" not in page


def test_filters_by_class_and_pages_of_fifty_with_constant_questions(here, enter):
    client = enter(here.counselor)
    assert "甲同学3" not in client.get("/students/", {"klass": here.klass.pk}).text
    with CaptureQueriesContext(connection) as few:
        client.get("/students/")
    with acting_as("system:demo"):
        for number in range(60):
            make_student(here.klass, f"9{number:03d}", "很多同学")
    with CaptureQueriesContext(connection) as many:
        page = client.get("/students/")
    assert len(many) == len(few) and page.text.count("很多同学") <= 50 and "第 1 / 2 页" in page.text


def test_one_student_is_shown_with_a_header_and_the_look_recorded(here, there, kid, enter):
    page = enter(here.counselor).get(f"/students/{kid.pk}/").text
    assert "甲家长" in page and "138****0000" in page and "13800000000" not in page
    assert 'aria-label="当前学生"' in page and looks(kid) == ["学生资料"]
    assert enter(there.counselor).get(f"/students/{kid.pk}/").status_code == 404


def test_a_whole_number_is_opened_one_at_a_time_and_recorded(here, there, kid, enter):
    url = f"/students/guardians/{here.guardian.pk}/phone/"
    assert "13800000000" in enter(here.homeroom).post(url, headers={"HX-Request": "true"}).text
    assert looks(kid) == ["监护人电话"]
    assert enter(there.counselor).post(url).status_code == 404
    assert enter(here.homeroom).post(f"/students/{kid.pk}/id-number/").status_code == 403


def test_basics_are_corrected_by_the_counselor(here, kid, enter):
    client = enter(here.counselor)
    data = {"klass": here.klass.pk, "number": "777", "name": "单 晓", "sex": "F", "birth_on": "2012-05-01"}
    bad = client.post(f"/students/{kid.pk}/edit/", data | {"id_number": "123", "number": here.students[1].number})
    assert bad.status_code == 422 and "应为 18 位" in bad.text and "已有学生使用" in bad.text
    assert client.post(f"/students/{kid.pk}/edit/", data).status_code == 302
    with acting_as(here.counselor):
        found = Student.objects.get(pk=kid.pk)
        assert (found.name, found.pinyin, found.number) == ("单晓", "shanxiao", "777")
    assert enter(here.homeroom).get(f"/students/{kid.pk}/edit/").status_code == 403


def test_attention_groups_are_added_reviewed_and_ended(here, there, kid, enter):
    client, group = enter(here.homeroom), AttentionGroup.objects.get(code="left_behind")
    url, today = f"/students/{kid.pk}/attention/", timezone.localdate()
    data = {"group": group.pk, "from_on": today, "source": "家访"}
    assert client.post(url, data | {"source": ""}).status_code == 422
    assert client.post(url, data).status_code == 302
    assert client.post(url, data).status_code == 422
    with acting_as(here.counselor):
        row = Attention.objects.get()
    assert enter(there.homeroom).post(f"/students/attention/{row.pk}/end/").status_code == 404
    client = enter(here.homeroom)
    client.post(f"/students/attention/{row.pk}/review/")
    client.post(f"/students/attention/{row.pk}/end/")
    with acting_as(here.counselor):
        row.refresh_from_db()
    assert row.reviewed_on == row.to_on == today


def test_decisions_are_added_and_the_newest_counts(here, kid, enter):
    client, url = enter(here.counselor), f"/students/{kid.pk}/decision/"
    data = {
        "guardian": here.guardian.pk, "purpose": "screening", "decision": "given", "channel": "paper",
        "notice_version": "2026-1", "decided_at": "2026-01-05T08:00",
    }  # fmt: skip
    assert client.post(url, data).status_code == 302
    assert client.post(url, data | {"decision": "withdrawn", "decided_at": "2026-02-05T08:00"}).status_code == 302
    assert client.post(url, data | {"decided_at": "2126-02-05T08:00"}).status_code == 422
    assert client.post(url, data | {"channel": "code"}).status_code == 422
    assert client.post(url, data | {"notice_version": "2026.1"}).status_code == 422
    page = client.get(f"/students/{kid.pk}/").text
    assert "撤回同意（" in page and "全部 2 条" in page
    with acting_as(here.counselor):
        assert GuardianDecision.objects.count() == 2
        assert {row.notice_hash for row in GuardianDecision.objects.all()} == {digest_of("2026-1")}


def test_who_sees_a_student_and_why_follows_the_live_posts(here, there, kid, enter):
    with acting_as(here.counselor):
        eyes = {eye.name: eye for eye in eyes_on(kid)}
        assert not {name for name in eyes if name.startswith(("revoked", "expired", "乙"))}
        assert eyes["甲counselor"].parts == ("名册", "监护人", "测评进度", "测评结果", "个案", "辅导记录")
        assert "名册" in eyes["甲homeroom"].parts and "辅导记录" not in eyes["甲homeroom"].parts
        assert "甲teacher" not in eyes and "甲county_officer" not in eyes
    with acting_as(there.counselor):
        assert not eyes_on(kid)
    client = enter(here.counselor)
    client.get(f"/students/{kid.pk}/")
    page = client.get(f"/students/{kid.pk}/who-sees/").text
    assert "甲homeroom" in page and "学生资料" in page
    assert enter(there.counselor).get(f"/students/{kid.pk}/who-sees/").status_code == 404
    assert enter(here.homeroom).get(f"/students/{kid.pk}/who-sees/").status_code == 403


def test_a_decision_needs_somebody_who_decided(here, enter):
    url = f"/students/{here.students[0].pk}/decision/"
    values = {
        "purpose": "screening", "decision": "refused", "channel": "paper", "notice_version": "2026-1",
        "decided_at": "2026-09-01T08:00",
    }  # fmt: skip
    client = enter(here.counselor)
    bad = client.post(url, values | {"guardian": ""})
    assert bad.status_code == 422 and "请选择" in bad.text
    assert client.post(url, values | {"guardian": "student"}).status_code == 302
    with acting_as(here.counselor):
        assert GuardianDecision.objects.get().guardian is None
