"""Rounds for staff: planned and started by those who may, answered by the person, seen by the station alone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from assessments.actions import staff_answers, staff_rounds
from assessments.actions.staff_rounds import RoundRefused
from assessments.models import ScaleVersion, StaffAlert, StaffLook, StaffRound, StaffSitting
from assessments.queries.staff_rounds import battery_of, own_rounds, results_of, sheets_of
from tests.assessments.staff_world import (
    CALM,
    CLOSINGS,
    PHONE,
    WITH_ITEM_9,
    agreed,
    closed,
    handed_in,
    planned,
    saved,
    saved_inside,
    started,
)
from tests.cast import PLACE_OF_ROLE
from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post
from xinyu.audit.models import AuditEntry
from xinyu.reminders.bureau_causes import staff_alerts
from xinyu.vault.envelope import VaultError
from xinyu.vault.fields import reveal

pytestmark = pytest.mark.django_db
TABLES = ("assessments_staffsitting", "assessments_staffalert", "assessments_stafflook")


def seen(user, table: str) -> int:
    """Rows of a table that this person's own SQL shows."""
    with acting_as(user), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def log(verb: str) -> list[AuditEntry]:
    with acting_as("system:demo"):
        return list(AuditEntry.objects.filter(verb=f"assessments.{verb}"))


def test_the_station_or_an_officer_of_the_county_plans_and_nobody_else(here, there):
    row = planned(here)
    assert row.schools == {str(here.school.pk): 7}, "one person of each of the school's seven posts"
    assert planned(here, by=here.county_officer).by_id == here.county_officer.pk
    for other in (here.counselor, here.principal, here.city_officer, there.station_counselor):
        with pytest.raises(PermissionDenied):
            planned(here, by=other)
    with pytest.raises(RoundRefused, match="本县区有在岗"):
        planned(here, school_ids=[there.school.pk])


def test_a_scale_for_children_or_without_the_countys_word_is_refused(here):
    row = planned(here)
    with acting_as(here.station_counselor):
        for code in ("PHQ-A", "K10"):
            version = ScaleVersion.objects.get(code=code)
            with pytest.raises(RoundRefused, match=version.title.split("（")[0]):
                staff_rounds.plan_round(
                    here.county, actor=here.station_counselor, title="x", words="x", station="x", versions=[version],
                    school_ids=[here.school.pk], opens_on=row.opens_on, closes_on=row.closes_on,
                )  # fmt: skip


def test_without_anybody_at_the_station_it_does_not_start_and_is_not_answered(here):
    draft, running = planned(here, by=here.county_officer), started(here)
    sitting = agreed(here, running, here.teacher)
    with acting_as("system:demo"):
        Post.objects.filter(pk=here.post_station_counselor.pk).update(revoked_at=timezone.now())
    with acting_as(here.county_officer), pytest.raises(RoundRefused, match="没有在岗的辅导站心理教师"):
        staff_rounds.start_round(draft, actor=here.county_officer)
    with pytest.raises(RoundRefused, match="没有在岗"):
        agreed(here, running, here.homeroom)
    with pytest.raises(RoundRefused, match="没有在岗"):
        saved(sitting, here.teacher, "PHQ-9", CALM, is_last=False)


def test_it_starts_once_freezes_its_scales_and_ends(here):
    row = started(here)
    with acting_as(here.station_counselor):
        assert ScaleVersion.objects.filter(pk__in=row.version_ids, frozen_at=None).count() == 0
        with pytest.raises(RoundRefused, match="已经开始"):
            staff_rounds.start_round(row, actor=here.station_counselor)
        staff_rounds.end_round(row, actor=here.station_counselor)
        with pytest.raises(RoundRefused, match="已经结束"):
            staff_rounds.end_round(row, actor=here.station_counselor)
    with pytest.raises(RoundRefused, match="不能作答"):
        agreed(here, row, here.teacher)


def test_staff_see_a_round_of_their_school_once_it_has_started(here, there):
    draft, running = planned(here), started(here)
    for user, found in ((here.teacher, {running.pk}), (here.county_officer, {draft.pk, running.pk})):
        with acting_as(user):
            assert set(StaffRound.objects.values_list("pk", flat=True)) == found
    for user in (there.teacher, there.station_counselor, here.city_officer, here.revoked):
        with acting_as(user):
            assert not StaffRound.objects.exists()
    with pytest.raises(RoundRefused, match="没有邀请您所在的学校"), acting_as(there.teacher):
        staff_answers.decline(running, actor=there.teacher)


def test_what_was_started_can_not_be_changed_by_anybody(here):
    row = started(here)
    stays = pytest.raises(ProgrammingError, match="stays as it is")
    with acting_as(here.station_counselor), stays, transaction.atomic():
        StaffRound.objects.filter(pk=row.pk).update(closes_on=row.closes_on + timedelta(days=30))


def test_answers_are_the_persons_and_after_handing_in_the_stations(here, there):
    row = started(here)
    sitting = agreed(here, row, here.teacher)
    saved(sitting, here.teacher, "PHQ-9", CALM, is_last=False)
    assert seen(here.station_counselor, TABLES[0]) == 0, "not handed in yet"
    saved(sitting, here.teacher, "GAD-7", (1,) * 7, is_last=True)
    assert seen(here.station_counselor, TABLES[0]) == seen(here.teacher, TABLES[0]) == 1
    with acting_as(here.station_counselor):
        found = StaffSitting.objects.get()
        staff_rounds.look_at(found, actor=here.station_counselor)
        totals = [one.result.total for one in results_of(found, battery_of(row))]
    assert totals == [0, 7]
    assert b'"sheets"' not in bytes(found.answers), "sealed in the row"


def test_nobody_of_the_school_or_the_bureau_finds_a_row_by_sql(here, there):
    row = started(here)
    sitting = handed_in(here, row, here.teacher, WITH_ITEM_9)
    with acting_as(here.station_counselor):
        staff_rounds.look_at(sitting, actor=here.station_counselor)
    for table in TABLES:
        assert seen(here.station_counselor, table) == 1 and seen(here.teacher, table) == 1, table
        for role in {*PLACE_OF_ROLE} - {"station_counselor", "teacher"}:
            assert seen(here.users[role], table) == 0, f"{table} to {role}"
        for role in ("station_counselor", "counselor", "county_officer", "teacher"):
            assert seen(there.users[role], table) == 0, f"{table} to {role} of another county"


def test_nothing_in_the_log_of_the_school_tells_who_took_part(here):
    row = started(here)
    sitting = handed_in(here, row, here.teacher, WITH_ITEM_9)
    with acting_as(here.station_counselor):
        staff_rounds.look_at(sitting, actor=here.station_counselor)
    verbs = ("agree_to_staff_round", "hand_in_staff_part", "alert_station", "see_staff_result")
    assert all(len(log(verb)) == 1 for verb in verbs)
    for reader in (here.counselor, here.principal):
        with acting_as(reader):
            assert not AuditEntry.objects.filter(verb__in=[f"assessments.{verb}" for verb in verbs]).exists()


def test_the_person_reads_who_looked_and_only_the_station_may(here, there):
    row = started(here)
    sitting = handed_in(here, row, here.teacher)
    with acting_as(here.station_counselor):
        staff_rounds.look_at(sitting, actor=here.station_counselor)
    with acting_as(here.teacher):
        assert [look.by for look in StaffLook.objects.all()] == [here.station_counselor]
    for other in (there.station_counselor, here.county_officer, here.teacher):
        with acting_as(other), pytest.raises(PermissionDenied):
            staff_rounds.look_at(sitting, actor=other)
    with acting_as(here.station_counselor), pytest.raises(ProgrammingError), transaction.atomic():
        StaffLook.objects.all().delete()


def test_a_critical_answer_alerts_when_it_is_saved_whatever_the_total(here):
    row = started(here)
    sitting = agreed(here, row, here.teacher)
    saved(sitting, here.teacher, "PHQ-9", WITH_ITEM_9, is_last=False)
    saved(sitting, here.teacher, "PHQ-9", WITH_ITEM_9, is_last=False)
    with acting_as(here.station_counselor):
        alert = StaffAlert.objects.get()
        assert (alert.user, alert.level, reveal(alert, "contact")) == (here.teacher, "same_day", PHONE)
    saved(sitting, here.teacher, "PHQ-9", (0,) * 8 + (3,), is_last=False)
    with acting_as(here.station_counselor):
        assert set(StaffAlert.objects.values_list("level", flat=True)) == {"same_day", "immediate"}
        assert not StaffSitting.objects.exists(), "the rest is not handed in"


@pytest.mark.parametrize("how", CLOSINGS)
def test_a_critical_answer_alerts_also_when_the_round_closed_under_her_hands(here, how):
    row = started(here)
    sitting = agreed(here, row, here.teacher)
    saved(sitting, here.teacher, "GAD-7", (0,) * 7, is_last=False)
    closed(here, row, how)
    with acting_as(here.teacher):  # around the refusals, as a request is: what goes wrong with it is undone
        for _ in range(2):
            with pytest.raises(RoundRefused, match="没有保存"):
                saved_inside(sitting, here.teacher, "PHQ-9", (0,) * 8 + (3,), is_last=True)
        alert, kept = StaffAlert.objects.get(), StaffSitting.objects.get()
        assert (alert.level, reveal(alert, "contact")) == ("immediate", PHONE)
        assert set(sheets_of(kept)) == {"GAD-7"} and not kept.is_handed_in and kept.finished_at is None


def test_a_round_that_closed_alerts_for_nothing_else_and_for_nobody_who_withdrew(here):
    row = started(here)
    sitting = agreed(here, row, here.teacher)
    closed(here, row, "ended")
    with acting_as(here.teacher):
        with pytest.raises(RoundRefused, match="没有保存"):
            saved_inside(sitting, here.teacher, "PHQ-9", (3,) * 8 + (0,), is_last=True)
        staff_answers.withdraw(sitting, actor=here.teacher)
        with pytest.raises(RoundRefused, match="撤回"):
            saved_inside(sitting, here.teacher, "PHQ-9", WITH_ITEM_9, is_last=True)
    assert seen(here.teacher, TABLES[1]) == 0


def dealt_with(here) -> None:
    with acting_as(here.station_counselor):
        for alert in StaffAlert.objects.filter(handled_at=None):
            staff_rounds.handle_alert(alert, actor=here.station_counselor, outcome="talked")


def rung() -> set[str]:
    """Keys of what the sweep sends now; each is sent once."""
    with acting_as("system:reminders"):
        return {draft.key for draft in staff_alerts(timezone.localdate())}


def test_a_new_critical_answer_rings_again_after_an_alert_of_its_urgency_was_dealt_with(here):
    row = started(here)
    sitting = agreed(here, row, here.teacher)
    saved(sitting, here.teacher, "PHQ-9", (0,) * 8 + (2,), is_last=False)
    first = rung()
    dealt_with(here)
    saved(sitting, here.teacher, "PHQ-9", (1,) * 8 + (2,), is_last=False)
    assert len(first) == 1 and rung() == set(), "the same answer was talked about"
    saved(sitting, here.teacher, "PHQ-9", (1,) * 8 + (3,), is_last=False)
    assert len(rung()) == 1 and not rung() & first


def test_an_answer_that_was_taken_back_and_given_again_rings_again(here):
    row = started(here)
    sitting = agreed(here, row, here.teacher)
    saved(sitting, here.teacher, "PHQ-9", (0,) * 8 + (2,), is_last=False)
    dealt_with(here)
    saved(sitting, here.teacher, "PHQ-9", CALM, is_last=False)
    assert rung() == set()
    for value in (2, 3):
        saved(sitting, here.teacher, "PHQ-9", (0,) * 8 + (value,), is_last=False)
    assert len(rung()) == 1, "one open alert of an urgency is enough"
    with acting_as(here.teacher):
        twin = StaffAlert.objects.get(handled_at=None)
        twin.pk, twin.vault_id = None, uuid4()
        with pytest.raises(IntegrityError, match="staff_alert_once"), transaction.atomic():
            twin.save(force_insert=True)


def test_an_alert_reaches_every_station_counselor_and_late_the_officer_without_a_name(here, there):
    row = started(here)
    saved(agreed(here, row, here.teacher), here.teacher, "PHQ-9", WITH_ITEM_9, is_last=False)
    today = timezone.localdate()
    with acting_as("system:reminders"):
        [draft] = staff_alerts(today)
        assert draft.to == here.station_counselor.pk and draft.is_urgent
    with acting_as("system:demo"):
        Post.objects.filter(pk=here.post_station_counselor.pk).update(revoked_at=timezone.now())
    with acting_as("system:reminders"):
        [draft] = staff_alerts(today)
    said = draft.title + draft.why + draft.body
    assert draft.to == here.county_officer.pk and here.teacher.name not in said and here.school.name not in said


def test_an_alert_is_dealt_with_once_by_somebody_else_at_the_station(here, there):
    row = started(here)
    saved(agreed(here, row, here.teacher), here.teacher, "PHQ-9", WITH_ITEM_9, is_last=False)
    with acting_as(here.station_counselor):
        alert = StaffAlert.objects.get()
    for other in (here.county_officer, there.station_counselor, here.teacher):
        with acting_as(other), pytest.raises(PermissionDenied):
            staff_rounds.handle_alert(alert, actor=other, outcome="talked")
    with acting_as(here.teacher), pytest.raises(ProgrammingError), transaction.atomic():
        StaffAlert.objects.update(handled_at=timezone.now())
    with acting_as(here.station_counselor):
        staff_rounds.handle_alert(alert, actor=here.station_counselor, outcome="talked")
        with pytest.raises(RoundRefused, match="已经有人处理"):
            staff_rounds.handle_alert(alert, actor=here.station_counselor, outcome="with")


def test_withdrawing_destroys_the_key_and_leaves_the_alert(here):
    row = started(here)
    sitting = handed_in(here, row, here.teacher, WITH_ITEM_9)
    with acting_as(here.teacher):
        before = StaffSitting.objects.get(pk=sitting.pk)
        gone = staff_answers.withdraw(before, actor=here.teacher)
        assert (gone.wrapped, gone.answers, gone.contact) == (None, None, None)
        before.wrapped = None
        with pytest.raises(VaultError):
            sheets_of(before)
        with pytest.raises(RoundRefused):
            staff_answers.withdraw(gone, actor=here.teacher)
        [own] = own_rounds(here.teacher.pk, {here.school.pk}, timezone.localdate())
        assert not own.is_waiting
    assert seen(here.station_counselor, TABLES[0]) == 0
    with acting_as(here.station_counselor):
        assert reveal(StaffAlert.objects.get(), "contact") == PHONE


def test_a_no_is_for_good_and_nobody_learns_of_it(here):
    row = started(here)
    with acting_as(here.teacher):
        staff_answers.decline(row, actor=here.teacher)
        [own] = own_rounds(here.teacher.pk, {here.school.pk}, timezone.localdate())
        assert not own.is_waiting
    with pytest.raises(RoundRefused, match="已经对这一轮作过选择"):
        agreed(here, row, here.teacher)
    assert seen(here.station_counselor, TABLES[0]) == 0


def test_after_handing_in_nothing_changes_and_nobody_writes_for_another(here):
    row = started(here)
    sitting = handed_in(here, row, here.teacher)
    with pytest.raises(RoundRefused, match="不能再改"):
        saved(sitting, here.teacher, "PHQ-9", WITH_ITEM_9, is_last=True)
    with acting_as(here.station_counselor), pytest.raises(ProgrammingError), transaction.atomic():
        StaffSitting.objects.filter(pk=sitting.pk).update(is_handed_in=False)
    with acting_as(here.homeroom), pytest.raises(ProgrammingError), transaction.atomic():
        StaffSitting.objects.create(round=row, user=here.teacher, school=here.school, is_handed_in=False)
