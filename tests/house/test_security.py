"""What leaves the platform beside its pages: headers, cookies, logs, sessions, addresses, temporary files; and what
somebody with posts at two places may do at each of them."""

import logging
import tempfile
import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.codes import code_index
from assessments.models import Flag, Sitting
from assessments.queries import door
from crisis.models import Case
from tests.assessments.sittings import invite, open_screening
from tests.cast import add_post, make_user
from tests.house.every_url import pages
from tests.house.test_every_url import INNER_LIFE, NAMES, ask, client_of
from xinyu.access.actor import acting_as, looking_through
from xinyu.access.permissions import VERBS
from xinyu.accounts.tasks import forget_ended_sessions
from xinyu.audit.models import AccessEntry, AuditEntry
from xinyu.lib.addresses import without_codes
from xinyu.reminders.models import Notice
from xinyu.students.drafts import keep_draft
from xinyu.students.models import RosterDraft, Student
from xinyu.students.tasks import drop_expired_drafts

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_posts(here, there):
    """Counselor of the other school and homeroom teacher of a class here."""
    with acting_as("system:demo"):
        user = make_user("two-posts")
        for role, world, place in (("counselor", there, there.school), ("homeroom", here, here.klass)):
            add_post(user, role, place, granter=world.granter, approver=world.approver)
    return user


@pytest.mark.parametrize("role", ["counselor", "homeroom", "principal", "county_officer", "audit_admin"])
def test_no_page_stays_on_the_machine_that_asked(here, role):
    client, kept, bare = client_of(here.users[role]), [], []
    for page in pages():
        response = client.get(page.url(here))
        kept += [] if "no-store" in response.headers.get("Cache-Control", "") else [page.name]
        wanted = {"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Request-ID"}
        bare += [f"{page.name}: {name}" for name in wanted if name not in response.headers]
    assert kept == []
    assert bare == []


def test_what_one_post_allows_is_not_done_at_the_place_of_the_other(here, there, two_posts):
    kid, client = here.students[0], client_of(two_posts)
    assert client.get(f"/students/{kid.pk}/").status_code == 200
    for url in (
        f"/students/{kid.pk}/edit/",
        f"/reports/students/{kid.pk}/growth-file/",
        f"/students/{kid.pk}/who-sees/",
    ):
        assert client.get(url).status_code == 404, url
    assert client.post(f"/students/{kid.pk}/id-number/").status_code == 404
    assert client.get(f"/students/{there.students[0].pk}/edit/").status_code == 200
    assert client.get(f"/students/{kid.pk}/attention/").status_code == 200  # a homeroom teacher's own work


def test_looking_through_some_posts_ends_with_its_block(here, there, two_posts):
    with acting_as(two_posts):
        both = Student.objects.count()
        with looking_through({"counselor"}):
            assert set(Student.objects.values_list("school_id", flat=True)) == {there.school.pk}
            with acting_as(here.counselor):
                assert Student.objects.filter(school=here.school).count() == 3
            assert not Student.objects.filter(school=here.school).exists()
        assert Student.objects.count() == both == 5


def test_an_upload_never_touches_the_disk(here, tmp_path, monkeypatch, settings):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = []
    original = tempfile.NamedTemporaryFile
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", lambda *a, **k: made.append(k) or original(*a, **k))
    big = SimpleUploadedFile("名册.csv", b"x" * (settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 50_000))
    response = client_of(here.counselor).post("/students/import/", {"school": here.school.pk, "file": big})
    assert response.status_code == 422 and "MB" in response.text
    assert made == [] and list(tmp_path.iterdir()) == []


def test_a_teacher_logs_in_where_a_student_has_just_answered(here, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    here.counselor.set_password("quiet-river-42")
    here.counselor.save(update_fields=["password"])
    client = Client(raise_request_exception=False)
    session = client.session
    session["actor"] = f"sitting:{here.sitting.pk}"
    session.save()
    before = session.session_key
    assert client.get("/account/login/").status_code == 200
    answer = client.post("/account/login/", {"login": here.counselor.username, "password": "quiet-river-42"})
    assert answer.status_code == 302
    page = client.get("/")
    assert page.status_code == 200 and client.session.session_key != before
    assert "actor" not in client.session and not Session.objects.filter(session_key=before).exists()


def carried(response) -> str:
    """What an answer leaves in the browser and in addresses beside its own page."""
    cookies = " ".join(morsel.OutputString() for morsel in response.cookies.values())
    return f"{response.headers.get('Location', '')} {cookies.encode().decode('unicode_escape', 'replace')}"


def test_no_name_leaves_by_a_side_door(here, caplog):
    caplog.set_level(logging.DEBUG)
    words, found = (*NAMES, *INNER_LIFE), []
    for role in ("counselor", "homeroom", "principal"):
        client = client_of(here.users[role])
        for page in pages():
            url = page.url(here)
            for response in (ask(client, page, url), client.post(url)):
                found += [f"{page.name}: {word}" for word in words if word in carried(response)]
    said = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    found += [f"log: {line}" for line in said if any(word in line for word in words)]
    with acting_as("system:demo"):
        rows = [*AuditEntry.objects.values_list(), *AccessEntry.objects.values_list()]
    with acting_as("system:reminders"):
        rows += Notice.objects.values_list()
    rows += [session.get_decoded() for session in Session.objects.all()]
    found += [f"row: {row}" for row in rows if any(word in str(row) for word in words)]
    assert found == []
    assert len(said) > 0 and len(rows) > 50


def test_every_code_in_the_address_of_an_open_page_is_masked():
    coded = [page for page in pages() if page.declares not in VERBS and {"code", "token"} & set(page.arguments)]
    assert {"assessments:consent-say", "assessments:help-ask", "reminders:feed"} <= {page.name for page in coded}
    for page in coded:
        url = reverse(page.name, kwargs=dict.fromkeys(page.arguments, "ABCDE23456"))
        assert "ABCDE23456" not in without_codes(f"Not Found: {url}"), page.name
    assert "ABCDE23456" not in without_codes(f"{reverse('assessments:answer-door')}?c=ABCDE23456")


def test_nothing_about_a_person_stands_in_the_name_of_a_row(here):
    with acting_as(here.counselor):
        assert [str(Case.objects.get()), repr(Flag.objects.get())] == ["甲-1", f"<Flag: Flag object ({here.flag.pk})>"]
        rows = (here.sitting, here.note, here.interview, here.guardian, here.students[0])
        assert "同学" not in f"{rows!r}" and "家长" not in f"{rows!r}"


def test_definer_functions_are_for_whom_they_name():
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
            AND has_function_privilege('public', oid, 'EXECUTE') ORDER BY proname"""
        )
        assert cursor.fetchall() == []


def test_an_uploaded_roster_and_an_ended_session_do_not_lie_about(here):
    late = timezone.now() - timedelta(minutes=1)
    with acting_as(here.counselor):
        old = keep_draft(here.school, b"x", "a.csv", creates_klasses=False, actor=here.counselor)
        RosterDraft.objects.filter(pk=old.pk).update(expires_at=late)
    with acting_as(here.principal):
        fresh = keep_draft(here.school, b"x", "b.csv", creates_klasses=False, actor=here.principal)
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=late)
    assert (drop_expired_drafts(), forget_ended_sessions()) == (1, 1)
    with acting_as("system:demo"):
        assert [draft.pk for draft in RosterDraft.objects.all()] == [fresh.pk]


def test_administrators_need_a_second_factor_too(here, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    for role in ("system_admin", "security_admin", "audit_admin"):
        assert client_of(here.users[role]).get("/posts/").url.endswith("/2fa/totp/activate/"), role


def test_nonsense_at_the_door_shuts_nobody_else_out(here, monkeypatch):
    monkeypatch.setattr(door, "MOST_WRONG", 2)
    cache.delete("door-wrong:10.9.8.7")
    with acting_as("system:demo"):
        Sitting.objects.filter(pk=here.sitting.pk).update(code_index=code_index("ABCDEFGHJ2"))
    for refusal in (door.CodeUnknown, door.CodeUnknown, door.TooManyWrong):
        with pytest.raises(refusal):
            door.sitting_with("ABCDEFGHJK", "10.9.8.7")
    assert door.sitting_with("ABCDEFGHJ2", "10.9.8.7") == here.sitting.pk


#: addresses that show something of a student's inner life, each also when it is asked for by an empty POST
INNER = (
    "/interviews/student/{kid}/new/",
    "/interviews/{interview}/",
    "/results/{sitting}/",
    "/results/{sitting}/answers/",
    "/growth/{kid}/",
    "/cases/{case}/",
    "/cases/interviews/{interview}/level/",
)


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_look_at_an_inner_life_goes_unrecorded(here, method):
    client, silent, shown = client_of(here.counselor), [], 0
    about = {
        "kid": here.students[0].pk,
        "interview": here.interview.pk,
        "sitting": here.sitting.pk,
        "case": here.case.pk,
    }
    for pattern in INNER:
        with acting_as("system:demo"):
            before = AccessEntry.objects.filter(student_id=about["kid"]).count()
        answer = getattr(client, method)(pattern.format(**about))
        with acting_as("system:demo"):
            added = AccessEntry.objects.filter(student_id=about["kid"]).count() - before
        if answer.status_code in (200, 409, 422):
            shown += 1
            silent += [] if added else [pattern]
    assert silent == []
    assert shown >= {"get": 6, "post": 3}[method]


def test_a_session_tells_nothing_of_the_answers(here):
    open_screening(here)
    _, code = invite(here, here.students[0])
    client = Client()
    client.post("/a/", {"code": code})
    client.post("/a/begin/")
    assert (
        client.post("/a/1/", {"scale": "PHQ-9", "revision": "0", "key": str(uuid.uuid4()), "1": "2"}).status_code == 302
    )
    kept = str(client.session.items())
    assert "题" not in kept and "2、3" not in kept
    assert "第 2、3、4、5、6、7、8、9 题还没有选" in client.get("/a/1/").text
    assert "还没有选" not in client.get("/a/1/").text


def test_the_growth_file_leads_to_who_may_see_the_student(here):
    kid = here.students[0].pk
    assert f"/students/{kid}/who-sees/" in client_of(here.counselor).get(f"/growth/{kid}/").text
    assert "who-sees" not in client_of(here.homeroom).get(f"/growth/{kid}/").text
