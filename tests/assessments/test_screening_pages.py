import re
from datetime import timedelta

import pytest
import qrcode
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.actions import screenings as actions
from assessments.models import Screening, Sitting
from assessments.slips import qr_svg
from tests.assessments.screening_world import approved_scales, end_earlier, plan
from tests.cast import make_student
from tests.reports.paper import text_of
from xinyu.access.actor import acting_as
from xinyu.audit.models import AccessEntry, AuditEntry
from xinyu.organisations.models import Klass

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"assessments:{name}", args=args)


@pytest.fixture
def running(here):
    scales = approved_scales(here)
    end_earlier(here)
    with acting_as(here.counselor):
        screening = plan(here, scales, legal_basis="duty")
        actions.invite_students(screening, actor=here.counselor)
        return actions.move_screening(screening, "open", actor=here.counselor)


def pages(world, screening):
    return [
        url("screening-detail", screening.pk),
        url("screening-board", screening.pk),
        url("screening-klass", screening.pk, world.klass.pk),
        url("screening-slips", screening.pk, world.klass.pk),
        url("screening-edit", screening.pk),
    ]


def test_the_counselor_of_another_school_finds_nothing(here, there, running, enter):
    outsider = enter(there.counselor)
    for page in pages(here, running):
        assert outsider.get(page).status_code == 404, page
    assert running.title not in outsider.get(url("screening-list")).content.decode()
    sitting = running.sittings.model.objects.none()
    with acting_as(here.counselor):
        sitting = Sitting.objects.filter(screening=running).first()
    for post in (
        url("screening-invite", running.pk),
        url("screening-move", running.pk, "close"),
        url("sitting-free", sitting.pk),
        url("duty-check-in", running.pk),
    ):
        assert outsider.post(post, {"until": "23:00"}).status_code == 404, post
    with acting_as(here.counselor):
        assert Screening.objects.get(pk=running.pk).state == "open"


@pytest.mark.parametrize("role", ["teacher", "county_officer", "city_officer", "system_admin", "nobody", "revoked"])
def test_who_has_no_business_here_gets_403(here, running, enter, role):
    assert enter(here.users[role]).get(url("screening-detail", running.pk)).status_code == 403


def test_a_homeroom_teacher_sees_and_prints_her_own_class_only(here, running, enter):
    client = enter(here.homeroom)
    page = client.get(url("screening-detail", running.pk)).content.decode()
    assert "1班" in page and "2班" not in page and "人数核对" not in page and "结束测评" not in page
    assert client.get(url("screening-klass", running.pk, here.other_klass.pk)).status_code == 404
    assert client.get(url("screening-slips", running.pk, here.other_klass.pk)).status_code == 404
    assert client.get(url("screening-slips", running.pk, here.klass.pk)).status_code == 200
    assert client.post(url("screening-move", running.pk, "close")).status_code == 403
    with acting_as(here.audit_admin):
        entry = AuditEntry.objects.get(verb="assessments.print_slips")
        assert entry.detail == {"klass": here.klass.pk, "slips": 2} and entry.actor == f"user:{here.homeroom.pk}"


def test_reasons_are_on_the_counselors_page_alone_and_her_look_is_recorded(here, running, enter):
    kid = here.students[0]
    with acting_as(here.counselor):
        sitting = Sitting.objects.get(screening=running, student=kid)
        sitting.words.create(kind="declined")
    klass = url("screening-klass", running.pk, here.klass.pk)
    for role in ("principal", "grade_head", "homeroom"):
        page = enter(here.users[role]).get(klass).content.decode()
        assert kid.name in page and "不想作答" not in page
    with acting_as(here.counselor):
        assert not AccessEntry.objects.filter(what="screening_reasons").exists()
    assert "不想作答" in enter(here.counselor).get(klass).content.decode()
    with acting_as(here.counselor):
        assert [e.student_id for e in AccessEntry.objects.filter(what="screening_reasons")] == [kid.pk]


def test_the_slips_can_be_read_back(here, running, enter):
    answer = enter(here.counselor).get(url("screening-slips", running.pk, here.klass.pk))
    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]
    text = text_of(answer.content)
    for words in (here.students[0].name, here.students[1].name, "12356", "不想答可以不答", "http://testserver/a/"):
        assert words in text
    assert here.students[2].name not in text


def test_the_code_of_somebody_who_has_begun_is_printed_for_the_counselor_alone_and_recorded(here, running, enter):
    begun, waits = here.students[0], here.students[1]
    with acting_as("system:demo"):
        Sitting.objects.filter(screening=running, student=begun).update(state="started")
    slips = url("screening-slips", running.pk, here.klass.pk)

    def printed(user):
        return text_of(enter(user).get(slips).content)

    text = printed(here.homeroom)
    assert waits.name in text and begun.name not in text
    with acting_as(here.counselor):
        assert not AccessEntry.objects.filter(what="answers").exists()
    assert begun.name in printed(here.counselor)
    with acting_as(here.counselor):
        assert [entry.student_id for entry in AccessEntry.objects.filter(what="answers")] == [begun.pk]


def test_bad_input_comes_back_as_typed_and_nothing_is_written(here, enter):
    approved_scales(here)
    with acting_as(here.counselor):
        before = Screening.objects.count()
    answer = enter(here.counselor).post(
        url("screening-create"),
        {"title": "打好的标题", "opens_at": "2027-09-02T08:00", "closes_at": "2027-09-01T08:00", "legal_basis": "duty",
         "klasses": [here.klass.pk]},
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "打好的标题" in page and "结束时间应晚于开始时间" in page
    assert f'value="{here.klass.pk}" checked' in page
    with acting_as(here.counselor):
        assert Screening.objects.count() == before


def test_a_screening_is_planned_in_the_browser_form(here, there, enter):
    scales = approved_scales(here)
    start = timezone.localtime() + timedelta(days=1)
    typed = {
        "title": "初二普测",
        "opens_at": f"{start:%Y-%m-%dT%H:%M}",
        "closes_at": f"{start + timedelta(days=2):%Y-%m-%dT%H:%M}",
        "legal_basis": "consent",
        "scales": [scale.pk for scale in scales],
        "klasses": [here.klass.pk],
    }
    client = enter(here.counselor)
    assert client.post(url("screening-create"), typed | {"klasses": [there.klass.pk]}).status_code == 422
    answer = client.post(url("screening-create"), typed)
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "初二普测" in page and "生成作答名单" in page and "需要作答" in page
    assert f'value="{here.klass.pk}" checked' in client.get(answer["Location"] + "edit/").content.decode()
    opened = client.post(answer["Location"] + "do/open/")
    assert opened.status_code == 409 and "还没有生成作答名单" in opened.content.decode()


def test_duty_form_keeps_what_was_typed(here, running, enter):
    client = enter(here.counselor)
    wrong = client.post(url("duty-check-in", running.pk), {"until": "半夜"})
    assert wrong.status_code == 422 and "半夜" in wrong.content.decode()
    early = client.post(url("duty-check-in", running.pk), {"until": "00:00"})
    assert early.status_code == 409 and "值守结束时间" in early.content.decode()
    assert enter(here.homeroom).post(url("duty-check-in", running.pk), {"until": "23:58"}).status_code == 403
    short = enter(here.principal).post(url("screening-allow-unguarded", running.pk), {"reason": "急"})
    assert short.status_code == 422 and "至少 5 个字" in short.content.decode()


def test_the_board_counts_and_needs_the_same_statements_for_one_class_and_for_three(here, enter):
    scales = approved_scales(here)
    found = []
    for number in (1, 3):
        with acting_as("system:demo"):
            klasses = [
                Klass.objects.create(school=here.school, grade=here.grade, name=f"{number}{n}班") for n in range(number)
            ]
            for klass in klasses:
                make_student(klass, f"q{klass.pk}", "某同学")
        with acting_as(here.counselor):
            screening = plan(here, scales, klasses=klasses, legal_basis="duty")
            actions.invite_students(screening, actor=here.counselor)
        client = enter(here.counselor)
        client.get(url("screening-detail", screening.pk))
        for page in ("screening-detail", "screening-board"):
            with CaptureQueriesContext(connection) as caught:
                html = client.get(url(page, screening.pk)).content.decode()
            found.append(len(caught))
            assert html.count("打印") == number
    assert found[:2] == found[2:]


def test_the_printed_square_is_the_code_of_the_address():
    address = "http://127.0.0.1:8000/a/?c=ABCDE23456"
    code = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(address)
    drawn = set()
    for x, y, width in re.findall(r"M(\d+),(\d+)h(\d+)v1", qr_svg(address)):
        drawn |= {(int(x) + n, int(y)) for n in range(int(width))}
    assert drawn == {(x, y) for y, row in enumerate(code.get_matrix()) for x, dark in enumerate(row) if dark}
