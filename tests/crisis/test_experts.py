"""Experts of a bureau: only the hand-over that was given, until its hour; what they write, and who reads it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crisis.actions.experts import ExpertValues, add_expert, assign_expert, change_expert, end_access, write_visit
from crisis.actions.handover import acknowledge, hand_back, hand_over
from crisis.models import Case, Expert, ExpertAccess, Handover, Visit
from crisis.refusals import CaseRefusedError
from tests.cast import add_post, make_user
from tests.crisis.cases import in_days, opened
from xinyu.access.actor import acting_as
from xinyu.audit.models import AccessEntry
from xinyu.audit.signing import signatures_of, verify_signature
from xinyu.students.models import StudentKey
from xinyu.students.sight import eyes_on
from xinyu.vault.envelope import VaultError
from xinyu.vault.fields import reveal

TABLES = ("crisis_handover", "crisis_expertaccess", "crisis_visit")
HIDDEN = ("crisis_case", "students_student", "crisis_casenote", "crisis_levelstatement", "crisis_chainstep")


def text(response):
    return response.content.decode()


def handed(world, student, level="red"):
    case = opened(world, student, level=level, reason="canary-reason")
    with acting_as(world.principal):
        row = hand_over(Case.objects.get(pk=case.pk), actor=world.principal, reason="canary-asked")
    return case, row


def entered(world, user=None, until=60):
    values = ExpertValues("青少年抑郁", "市第三医院", "canary-contact", in_days(until))
    with acting_as(world.county_officer):
        return add_expert(values, actor=world.county_officer, user_id=(user or world.expert).pk)


def given(world, row, expert, days=7):
    with acting_as(world.county_officer):
        acknowledge(Handover.objects.get(pk=row.pk), actor=world.county_officer)
        return assign_expert(row, actor=world.county_officer, expert=expert, until_on=in_days(days), ask="请评估")


def visited(world, access):
    values = {"visited_at": timezone.now(), "way": "met", "body": "canary-visit", "advice": "canary-advice"}
    with acting_as(world.expert):
        access = ExpertAccess.objects.select_related("handover").get(pk=access.pk)
        return write_visit(access, actor=world.expert, key=uuid4(), **values)


@pytest.fixture
def scene(here, there):
    """(case, hand-over, assignment): formally handed over, signed for, one expert asked."""
    case, row = handed(here, here.students[1])
    handed(here, here.students[2])
    return case, row, given(here, row, entered(here))


def ids(user, table):
    with acting_as(user), connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table}")
        return [row[0] for row in cursor.fetchall()]


def seen(user):
    return [len(ids(user, table)) for table in TABLES]


def test_an_expert_sees_the_one_hand_over_and_nothing_of_the_file(here, there, scene):
    _, row, access = scene
    visited(here, access)
    assert (ids(here.expert, "crisis_handover"), seen(here.expert)) == ([row.pk], [1, 1, 1])
    for table in HIDDEN:
        assert ids(here.expert, table) == []
    assert seen(there.expert) == seen(there.counselor) == seen(there.county_officer) == [0, 0, 0]
    with acting_as(here.expert):
        assert here.students[1].name in reveal(Handover.objects.get(), "identity")


#: an hour back: before the transaction of the test began, whose time row security compares with
OVER = {
    "its hour has come": lambda a: ExpertAccess.objects.filter(pk=a.pk).update(
        open_until=timezone.now() - timedelta(hours=1)
    ),
    "the hand-over's hour has come": lambda a: Handover.objects.filter(pk=a.handover_id).update(
        open_until=timezone.now() - timedelta(hours=1)
    ),
    "the term is over": lambda a: Expert.objects.filter(pk=a.expert_id).update(active_until=in_days(-1)),
}


@pytest.mark.parametrize("why", OVER)
def test_afterwards_plain_sql_finds_nothing_and_writes_nothing(here, scene, why):
    *_, access = scene
    visit = visited(here, access)
    with acting_as("system:demo"):
        OVER[why](access)
    assert seen(here.expert) == [0, 0, 0]
    copied = f"INSERT INTO crisis_visit (vault_id, handover_id, access_id, visited_at, way, by_id, at) VALUES \
        (gen_random_uuid(), {visit.handover_id}, {access.pk}, now(), 'met', {here.expert.pk}, now())"
    with pytest.raises(ProgrammingError), transaction.atomic(), acting_as(here.expert):
        connection.cursor().execute(copied)
    for change in (f"UPDATE crisis_visit SET way = 'home' WHERE id = {visit.pk}",):
        with pytest.raises(ProgrammingError), transaction.atomic(), acting_as(here.expert):
            connection.cursor().execute(change)
    with acting_as(here.expert), connection.cursor() as cursor:
        cursor.execute(f"UPDATE crisis_expertaccess SET open_until = now() + interval '9 days' WHERE id = {access.pk}")
        assert cursor.rowcount == 0


def test_ended_by_the_officer_or_with_the_post_the_sight_is_gone(here, scene):
    *_, access = scene
    with acting_as("system:demo"):
        here.post_expert.valid_to = timezone.localdate()
        here.post_expert.save(update_fields=["valid_to"])
    assert seen(here.expert) == [0, 0, 0]
    with acting_as("system:demo"):
        here.post_expert.valid_to = None
        here.post_expert.save(update_fields=["valid_to"])
    assert seen(here.expert)[:2] == [1, 1]
    with acting_as(here.county_officer):
        end_access(ExpertAccess.objects.get(pk=access.pk), actor=here.county_officer)
    assert seen(here.expert) == [0, 0, 0]


def test_what_was_handed_back_is_over_for_the_expert_and_stays_with_the_school(here, scene):
    case, row, access = scene
    visited(here, access)
    with acting_as(here.county_officer):
        assert reveal(Visit.objects.get(), "body") == "canary-visit"
        hand_back(row, actor=here.county_officer)
    assert seen(here.expert) == [0, 0, 0]
    with acting_as(here.principal):
        assert reveal(Visit.objects.get(handover__case=case), "advice") == "canary-advice"
        assert "专家" not in [eye.role for eye in eyes_on(here.students[1])]


def test_nobody_else_writes_in_the_experts_place(here, scene):
    *_, access = scene
    with acting_as(here.county_officer), pytest.raises(ProgrammingError), transaction.atomic():
        Visit.objects.create(
            handover=access.handover, access=access, by=here.county_officer, visited_at=timezone.now(), way="met"
        )


@pytest.mark.parametrize(("days", "said"), [(-1, "不能早于今天"), (90, "专家的聘期")])
def test_days_that_make_no_sense_are_refused(here, there, days, said):
    _, row = handed(here, here.students[1])
    with pytest.raises(CaseRefusedError, match=said):
        given(here, row, entered(here), days)
    assert ids(here.county_officer, "crisis_expertaccess") == []


def test_an_assignment_ends_with_the_hand_over_at_the_latest_and_is_made_once(here, scene):
    _, row, access = scene
    with acting_as(here.county_officer):
        access = ExpertAccess.objects.get(pk=access.pk)
        assert access.open_until <= Handover.objects.get(pk=row.pk).open_until
        with pytest.raises(CaseRefusedError, match="已经在看"):
            assign_expert(row, actor=here.county_officer, expert=access.expert, until_on=in_days(2), ask="再看")


def test_before_the_officer_has_signed_nobody_is_sent(here, there):
    _, row = handed(here, here.students[1])
    expert = entered(here)
    with acting_as(here.county_officer), pytest.raises(CaseRefusedError, match="签收"):
        assign_expert(row, actor=here.county_officer, expert=expert, until_on=in_days(2), ask="请评估")


def test_only_who_holds_the_post_of_an_expert_gets_into_the_directory(here, there):
    with pytest.raises(CaseRefusedError, match="专家岗位"):
        entered(here, there.expert)
    with pytest.raises(CaseRefusedError, match="专家岗位"):
        entered(here, here.counselor)
    expert = entered(here)
    with acting_as(here.county_officer):
        changed = change_expert(
            expert, ExpertValues("哀伤", "县医院", "canary-new", in_days(9)), actor=here.county_officer
        )
        assert (changed.speciality, reveal(changed, "contact")) == ("哀伤", "canary-new")
    assert ids(there.county_officer, "crisis_expert") == ids(here.principal, "crisis_expert") == []
    with pytest.raises(CaseRefusedError, match="县区教育局专干"), acting_as(here.city_officer):
        change_expert(expert, ExpertValues("x", "x", "x", in_days(9)), actor=here.city_officer)


def test_both_hands_sign_for_a_hand_over_and_a_changed_word_shows(here, scene):
    _, row, _ = scene
    with acting_as(here.county_officer):
        both = list(signatures_of(Handover.objects.get(pk=row.pk)))
        assert [(one.purpose, one.name) for one in both] == [
            ("handover", here.principal.name), ("handover_receipt", here.county_officer.name)
        ]  # fmt: skip
        assert all(verify_signature(one).is_genuine and verify_signature(one).is_unchanged for one in both)
    with acting_as("system:demo"):
        Handover.objects.filter(pk=row.pk).update(level="yellow")
    with acting_as(here.county_officer):
        assert verify_signature(both[0]).is_unchanged is False


def test_erasing_a_student_takes_what_the_bureau_holds_along(here, scene):
    _, row, access = scene
    visited(here, access)
    with acting_as("system:demo"):
        StudentKey.objects.filter(student=here.students[2]).update(wrapped=None)
        assert Handover.objects.get(pk=row.pk).wrapped is not None
        StudentKey.objects.filter(student=here.students[1]).update(wrapped=None)
        row = Handover.objects.get(pk=row.pk)
        assert row.wrapped is None
        for one, field in ((row, "identity"), (Visit.objects.get(), "body"), (ExpertAccess.objects.get(), "ask")):
            with pytest.raises(VaultError):
                reveal(one, field)


# --- pages


def test_the_bureau_keeps_its_directory_and_sends_an_expert(here, there, enter):
    _, row = handed(here, here.students[1])
    client, url = enter(here.county_officer), f"/cases/handovers/{row.pk}/"
    page = text(client.get(url))
    assert not any(word in page for word in (here.students[1].name, "canary-asked"))  # nobody has signed for it
    assert client.post(f"{url}acknowledge/").status_code == 302
    page = text(client.get(url))
    assert here.students[1].name in page and "canary-asked" in page
    assert client.post("/cases/experts/new/", {"user_id": here.expert.pk}).status_code == 422
    values = {"speciality": "抑郁", "organisation": "市三院", "contact": "0000", "active_until": str(in_days(60))}
    assert client.post("/cases/experts/new/", values | {"user_id": here.expert.pk}).status_code == 302
    with acting_as(here.county_officer):
        expert = Expert.objects.get()
    assert "市三院" in text(client.get("/cases/experts/"))
    assert client.post(f"/cases/experts/{expert.pk}/", values | {"organisation": "市四院"}).status_code == 302
    late = {"expert_id": expert.pk, "until_on": str(in_days(99)), "ask": "请评估"}
    assert client.post(f"{url}expert/", late).status_code == 409
    assert client.post(f"{url}expert/", late | {"until_on": str(in_days(7))}).status_code == 302
    assert "市四院" in text(client.get(url))
    with acting_as(here.county_officer):
        access = ExpertAccess.objects.get()
    assert client.post(f"{url}experts/{access.pk}/end/").status_code == 302
    assert "已结束" in text(client.get(url))
    other = enter(there.county_officer)
    assert other.get(f"{url}expert/").status_code == other.post(f"{url}experts/{access.pk}/end/").status_code == 404
    assert other.get(f"/cases/experts/{expert.pk}/").status_code == 404
    assert enter(here.principal).get("/cases/experts/").status_code == 403


def test_the_expert_writes_a_visit_that_school_and_bureau_read(here, there, scene, enter):
    case, row, access = scene
    client, url = enter(here.expert), f"/cases/assignments/{access.pk}/"
    assert "请评估" in text(client.get("/cases/assignments/"))
    page = text(client.get(url))
    assert here.students[1].name in page and here.students[2].name not in page and "canary-reason" not in page
    key, at = uuid4(), timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    assert client.post(url, {"key": key, "visited_at": at, "way": "met", "body": "x"}).status_code == 422
    values = {"key": key, "visited_at": at, "way": "met", "body": "canary-visit", "advice": "canary-advice"}
    assert client.post(url, values | {"visited_at": "2030-01-01T08:00"}).status_code == 409
    for _ in range(2):  # a double click
        assert client.post(url, values).status_code == 302
    assert text(client.get(url)).count("canary-visit") == 1
    assert "canary-advice" in text(enter(here.county_officer).get(f"/cases/handovers/{row.pk}/"))
    assert "canary-advice" in text(enter(here.counselor).get(f"/cases/{case.pk}/clock/"))
    assert enter(there.expert).get(url).status_code == 404
    assert enter(here.county_officer).get(url).status_code == 403
    with acting_as("system:demo"):
        looks = set(AccessEntry.objects.filter(what="handover").values_list("user_id", "student_id"))
    assert looks == {(user.pk, here.students[1].pk) for user in (here.expert, here.county_officer)}


def test_a_name_is_asked_for_again_before_it_is_signed_or_shown(here, scene):
    case, row, access = scene
    with acting_as("system:demo"):
        Handover.objects.filter(pk=row.pk).update(received_at=None)
    tries = (
        (here.principal, "get", f"/cases/{case.pk}/handover/"),
        (here.county_officer, "post", f"/cases/handovers/{row.pk}/acknowledge/"),
        (here.expert, "get", f"/cases/assignments/{access.pk}/"),
    )
    for user, method, url in tries:
        user.set_password("quiet-river-42")
        user.save(update_fields=["password"])
        client = Client()
        client.post("/account/login/", {"login": user.username, "password": "quiet-river-42"})
        answer = getattr(client, method)(url)
        assert answer.status_code == 302 and answer.url.startswith("/account/reauthenticate/"), url
    with acting_as("system:demo"):
        assert Handover.objects.get(pk=row.pk).received_at is None


def test_the_access_list_names_the_expert_while_she_may_look(here, scene):
    *_, access = scene
    with acting_as(here.principal):
        eye = next(eye for eye in eyes_on(here.students[1]) if eye.role == "危机干预专家")
    assert eye.name == here.expert.name and "移交内容" in eye.parts[0]


def caught(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_queries_do_not_grow_with_rows(here, there, enter):
    with acting_as("system:demo"):
        more = [make_user(f"expert-{n}", f"专家{n}") for n in range(2)]
        for user in more:
            add_post(user, "expert", here.county, granter=here.granter, approver=here.approver)
    case, row = handed(here, here.students[1])
    experts = [entered(here)]
    pages = [
        (here.county_officer, "/cases/experts/"), (here.county_officer, "/cases/handovers/"),
        (here.county_officer, f"/cases/handovers/{row.pk}/"), (here.expert, "/cases/assignments/"),
        (here.counselor, f"/cases/{case.pk}/clock/"),
    ]  # fmt: skip
    visited(here, given(here, row, experts[0]))
    one = [caught(enter(user), url) for user, url in pages]
    experts += [entered(here, user) for user in more]
    for expert in experts[1:]:
        given(here, row, expert)
    for student in (here.students[0], here.students[2]):
        given(here, handed(here, student)[1], experts[0])
    assert [caught(enter(user), url) for user, url in pages] == one
