"""Nothing stays with somebody who is away or has left: asked of the database, then both sides are told."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Flag
from crisis.actions.acute import chase_acute_talks
from crisis.actions.passing import pass_case
from crisis.models import Case, DutyHandOn
from crisis.refusals import CaseRefusedError
from xinyu.access.actor import acting_as
from xinyu.accounts.actions import revoke_post, set_active
from xinyu.accounts.models import Post
from xinyu.reminders.actions.handing_on import hand_on_duties
from xinyu.reminders.actions.sweeping import sweep_causes
from xinyu.reminders.delivery.actions import add_absence, end_absence
from xinyu.reminders.models import Notice

from .cases import opened, planned_item, second_counselor
from .test_acute import acute_talk, enter
from .test_note_readers import notes_seen_by

pytestmark = pytest.mark.django_db
HELD = """SELECT
  (SELECT count(*) FROM crisis_case WHERE owner_id = %(who)s AND closed_at IS NULL),
  (SELECT count(*) FROM assessments_flag WHERE owner_id = %(who)s AND handled_at IS NULL),
  (SELECT count(*) FROM crisis_planitem AS item JOIN crisis_case AS kept ON kept.id = item.case_id
    WHERE person_id = %(who)s AND done_at IS NULL AND kept.closed_at IS NULL),
  (SELECT count(*) FROM crisis_followup AS due JOIN crisis_case AS kept ON kept.id = due.case_id
    WHERE kept.owner_id = %(who)s AND held_at IS NULL AND called_off_at IS NULL),
  (SELECT count(*) FROM crisis_acutecall WHERE person_id = %(who)s AND ended_at IS NULL)"""


def held_by(user) -> list[int]:
    with acting_as("system:demo"), connection.cursor() as cursor:
        cursor.execute(HELD, {"who": user.pk})
        return list(cursor.fetchone())


@pytest.fixture
def busy(here):
    """The counselor has a case with a plan and a follow-up, a flag that she took, an acute talk without a level."""
    case = opened(here, here.students[1])
    planned_item(here, case)
    acute_talk(here, here.students[2], minutes=0)
    chase_acute_talks()
    with acting_as(here.counselor):
        Flag.objects.filter(handled_at=None).update(owner=here.counselor)
    assert all(held_by(here.counselor)), held_by(here.counselor)
    return case


def absence(world, deputy, *, starts: int = 0):
    today = timezone.localdate()
    with acting_as(world.counselor):
        first = today + timedelta(days=starts)
        return add_absence(world.counselor, deputy.pk, first, first + timedelta(days=5), today=today)


def test_a_leave_hands_everything_to_the_named_deputy_in_its_own_transaction(here, busy):
    second = second_counselor(here)
    before = held_by(here.counselor)
    with acting_as(here.counselor), pytest.raises(RuntimeError), transaction.atomic():
        today = timezone.localdate()
        add_absence(here.counselor, second.pk, today, today, today=today)
        raise RuntimeError
    assert held_by(here.counselor) == before, "a leave that was not saved hands nothing on"
    absence(here, second)
    assert held_by(here.counselor) == [0, 0, 0, 0, 0] and held_by(second) == before
    assert notes_seen_by(second) >= 1, "notes go with the case"
    sweep_causes()
    for user, words in ((second, "转到您名下"), (here.counselor, "已转出")):
        with acting_as(user):
            assert Notice.objects.filter(to=user, key__startswith="handed/", title__contains=words).count() == 1
    with acting_as(here.principal):
        assert {row.why for row in DutyHandOn.objects.all()} == {"leave"}


def test_a_leave_that_begins_later_hands_on_with_the_sweep_of_its_day(here, busy):
    second = second_counselor(here)
    row = absence(here, second, starts=1)
    assert hand_on_duties() == 0 and held_by(second)[0] == 0
    with acting_as("system:demo"):
        type(row).objects.filter(pk=row.pk).update(from_on=timezone.localdate())
    assert hand_on_duties() > 0 and held_by(here.counselor) == [0, 0, 0, 0, 0]
    assert hand_on_duties() == 0
    with acting_as(here.counselor):
        end_absence(row, actor=here.counselor)
    assert held_by(second)[0], "back at work she asks for what she wants back"


def test_a_deputy_who_is_away_herself_gets_nothing(here, busy):
    second = second_counselor(here)
    with acting_as(second):
        today = timezone.localdate()
        add_absence(second, here.counselor.pk, today, today, today=today)
    absence(here, second)
    assert held_by(second) == [0, 0, 0, 0, 0] and held_by(here.counselor) == [0, 0, 0, 0, 0]
    assert held_by(here.vice_principal)[0] == 2, "no counselor is there: a leader keeps the cases"
    assert notes_seen_by(here.vice_principal) == 0, "and reads no note"
    with acting_as("system:triage"):
        assert not Flag.objects.filter(school=here.school, handled_at=None, owner__isnull=False).exists()


def test_the_end_of_a_post_hands_on_whoever_ends_it(here, busy):
    second, administrator = second_counselor(here), here.security_admin
    with acting_as(administrator):
        post = Post.objects.get(user=here.counselor)
        revoke_post(post, actor=administrator)
    assert held_by(here.counselor) == [0, 0, 0, 0, 0] and held_by(second)[0] == 2
    with acting_as(second):
        assert {row.why for row in DutyHandOn.objects.all()} == {"exit"}


def test_a_closed_account_and_a_post_that_runs_out_hand_on(here, busy):
    second = second_counselor(here)
    with acting_as(here.system_admin):
        set_active(here.counselor, False, actor=here.system_admin)
    assert held_by(here.counselor) == [0, 0, 0, 0, 0]
    with acting_as("system:posts"):
        Post.objects.filter(user=second).update(valid_to=timezone.localdate())
    assert hand_on_duties() > 0 and held_by(second) == [0, 0, 0, 0, 0]


def test_nobody_hands_on_what_is_another_persons(here, busy):
    second = second_counselor(here)
    sql = "SELECT access_duties_hand_on(%s, %s, %s, 'leave')"
    with pytest.raises(ProgrammingError, match="own duties"), acting_as(second), connection.cursor() as cursor:
        cursor.execute(sql, [here.counselor.pk, here.school.pk, second.pk])
    assert all(held_by(here.counselor))


def test_the_owner_or_a_leader_passes_a_case_on(here, there, busy, client):
    second, page = second_counselor(here), reverse("crisis:case-pass", args=[busy.pk])
    with acting_as(second), pytest.raises(CaseRefusedError, match="只有现在的责任人"):
        pass_case(busy, actor=second, to_id=second.pk)
    assert enter(client, there.counselor).get(page).status_code == 404
    assert enter(client, here.counselor).post(page, {"to_id": there.counselor.pk}).status_code == 422
    assert enter(client, here.principal).post(page, {"to_id": second.pk}).status_code == 302
    with acting_as(second):
        assert Case.objects.get(pk=busy.pk).owner_id == second.pk
        assert DutyHandOn.objects.get(kind="case", subject_id=busy.pk).by_id == here.principal.pk
