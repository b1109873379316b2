"""Every URL × every role of the cast: nobody gets a page that the role does not carry, or a word of another school."""

import pytest
from django.test import Client

from tests.cast import PLACE_OF_ROLE, add_post, make_user
from tests.house.every_url import THINGS, Page, pages
from tests.house.rows_everywhere import EXTRA
from xinyu.access.actor import acting_as
from xinyu.access.permissions import VERBS

pytestmark = pytest.mark.django_db
GONE = ("revoked", "expired", "future", "unapproved", "nobody")
#: words that only people of the school may read; and of them the ones that only its counselor may
NAMES = ("甲同学", "甲家长")
INNER_LIFE = ("canary-甲-note", "canary-甲-interview")


@pytest.fixture(autouse=True)
def plain_rendering(monkeypatch):
    """Django's tests copy the context of every template that is drawn; nobody looks at thousands of them here."""
    from django.template import Template
    from django.test.utils import _TestState

    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)


def client_of(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def ask(client: Client, page: Page, url: str):
    """GET, or an empty POST where the page takes nothing else."""
    response = client.get(url)
    return client.post(url) if response.status_code == 405 else response


def text_of(response) -> str:
    return response.content.decode("utf-8", "replace") if not response.streaming else ""


def test_every_page_declares_who_it_is_for():
    silent = [page.name for page in pages() if page.declares is None]
    assert silent == []


def test_every_argument_names_a_thing_of_the_cast(here):
    unknown = {
        (page.name, name) for page in pages() for name in page.arguments if name not in THINGS and name not in EXTRA
    }
    assert unknown == set()


def test_a_role_without_the_verb_is_refused(here):
    wrong = []
    for role in (*PLACE_OF_ROLE, *GONE):
        client = client_of(here.users[role])
        for page in pages():
            if page.declares in VERBS and (role in GONE or role not in VERBS[page.declares]):
                status = ask(client, page, page.url(here)).status_code
                wrong += [] if status in (403, 404) else [f"{page.name} ({page.declares}): {status} to {role}"]
    assert wrong == []


def test_the_outsider_gets_nothing_of_this_school(here, there):
    about_one = {"student_id", "sitting_id", "case_id", "interview_id", "flag_id", "guardian_id", "screening_id"}
    wrong = []
    for role in ("counselor", "principal", "homeroom", "county_officer", "station_counselor", "expert", "doctor"):
        client = client_of(there.users[role])
        for page in pages():
            response = ask(client, page, page.url(here))
            found = [word for word in (*NAMES, *INNER_LIFE) if word in text_of(response)]
            is_let_in = bool(about_one & set(page.arguments)) and response.status_code not in (403, 404)
            if found or is_let_in or response.status_code >= 500:
                wrong.append(f"{page.name}: {response.status_code} {found} to {role}")
    assert wrong == []


SEE_NAMES = ("counselor", "homeroom", "grade_head", "moral_head", "vice_principal", "principal")


def what_is_wrong(page: Page, response, role: str) -> str:
    body = text_of(response)
    if response.status_code >= 500:
        return "breaks"
    if role != "counselor" and any(word in body for word in INNER_LIFE):
        return "shows an inner life"
    if role not in SEE_NAMES and any(word in body for word in NAMES):
        return "shows a name"
    return "shows another school's student" if "乙同学" in body else ""


def test_no_page_breaks_or_tells_more_than_the_role_may_know(here, there):
    wrong = []
    for role in (*PLACE_OF_ROLE, "nobody"):  # the others without a post are refused above
        client = client_of(here.users[role])
        for page in pages():
            verdict = what_is_wrong(page, client.get(page.url(here)), role)
            wrong += [f"{page.name} {verdict} to {role}"] if verdict else []
    assert wrong == []


def test_a_homeroom_teacher_finds_no_student_of_another_class(here):
    with acting_as("system:demo"):
        other = make_user("homeroom-2")
        add_post(other, "homeroom", here.other_klass, granter=here.granter, approver=here.approver)
    client = client_of(other)
    wrong = []
    for page in pages():
        response = ask(client, page, page.url(here))
        if "甲同学1" in text_of(response) or (
            "student_id" in page.arguments and response.status_code not in (403, 404)
        ):
            wrong.append(f"{page.name}: {response.status_code}")
    assert wrong == []


def test_without_a_log_in_there_is_only_the_door(here):
    client, wrong = Client(raise_request_exception=False), []
    for page in pages():
        response = ask(client, page, page.url(here))
        is_open = (page.declares or "").startswith("anyone")
        if response.status_code == 200 and not is_open:
            wrong.append(f"{page.name} answered 200")
        if any(word in text_of(response) for word in (*NAMES, *INNER_LIFE)):
            wrong.append(f"{page.name} shows a name")
    assert wrong == []
