"""The verbs of a sitting, as the sitting itself, under row security."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.utils import timezone

from assessments.actions import answering as actions
from assessments.actions.closing import close_overdue_sittings, flag_idle_sittings
from assessments.actions.interviews import record_interview
from assessments.answers import Page, Sheet
from assessments.models import CoverageTicket, Flag, Result, SavedAnswers, Sitting, SittingWord, TimelineEntry
from assessments.queries.answering import desk
from tests.assessments.sittings import as_counselor, change, invite, open_screening, results, set_screening
from xinyu.access.actor import acting_as
from xinyu.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
KEY = UUID("0b6f2a52-0000-4000-8000-000000000001")
CALM, WORRIED = (0,) * 9, (3,) * 8 + (2,)


@pytest.fixture
def sitting(here):
    """A begun sitting of PHQ-9 alone."""
    open_screening(here, "PHQ-9")
    found, _ = invite(here, here.students[0])
    with acting_as(f"sitting:{found.pk}"):
        actions.begin_sitting(desk(found.pk))
    return found


def page(values, revision=1, scale="PHQ-9"):
    return Page(scale, revision, Sheet(tuple(values)))


def do(sitting, verb, *args):
    with acting_as(f"sitting:{sitting.pk}"):
        return verb(desk(sitting.pk), *args)


def test_handing_in_leaves_everything_at_once(here, sitting):
    receipt = do(sitting, actions.submit_sitting, page(WORRIED), KEY)
    assert receipt.is_new and len(receipt.code) == 12
    [result] = results(here, sitting)
    assert (result.scale, float(result.total), result.band_order, result.age) == ("PHQ-9", 26.0, 4, 14)
    assert (result.student_id, result.school_id) == (here.students[0].pk, here.school.pk)
    [flag] = as_counselor(here, Flag, sitting=sitting)
    assert (flag.level, flag.source, flag.scale, flag.item) == ("immediate", "item", "PHQ-9", 9)
    assert flag.due_at - flag.raised_at < timedelta(minutes=31) and flag.klass_id == here.klass.pk
    [entry] = as_counselor(here, TimelineEntry, source_sitting=sitting)
    assert (entry.title, entry.kind, entry.body) == ("完成《甲普测》", "screening", None)
    assert entry.student_id == here.students[0].pk and entry.source == f"assessments_sitting:{sitting.pk}:finished"
    with acting_as("system:demo"):
        [audit] = AuditEntry.objects.filter(verb="assessments.finish_sitting")
        assert audit.actor == f"sitting:{sitting.pk}" and audit.detail == {} and audit.school_id == here.school.pk
        assert CoverageTicket.objects.filter(screening=here.screening).count() == 2  # begun, finished
        row = Sitting.objects.get(pk=sitting.pk)
        assert row.state == "finished" and row.submit_key == KEY and row.receipt == receipt.code


def counts():
    with acting_as("system:demo"):
        return [
            model.objects.count() for model in (Result, Flag, TimelineEntry, CoverageTicket, AuditEntry, SavedAnswers)
        ]


def test_the_same_submit_gets_the_same_receipt_and_nothing_twice(here, sitting):
    first = do(sitting, actions.submit_sitting, page(WORRIED), KEY)
    before = counts()
    again = do(sitting, actions.submit_sitting, page(WORRIED), KEY)
    assert again.code == first.code and not again.is_new and counts() == before


@pytest.mark.parametrize(("values", "key"), [(CALM, KEY), (WORRIED, uuid4())])
def test_any_other_submit_after_the_end_changes_nothing(here, sitting, values, key):
    do(sitting, actions.submit_sitting, page(WORRIED), KEY)
    before = counts()
    with pytest.raises(actions.SittingOver):
        do(sitting, actions.submit_sitting, page(values, 2), key)
    assert counts() == before and float(results(here, sitting)[0].total) == 26.0


def test_saving_is_idempotent_and_an_older_revision_never_overwrites(here, sitting):
    assert do(sitting, actions.save_page, page((1,) + (None,) * 8, 2)) == 2
    assert do(sitting, actions.save_page, page((1,) + (None,) * 8, 2)) == 2
    with pytest.raises(actions.OlderRevision) as older:
        do(sitting, actions.save_page, page((3,) + (None,) * 8, 1))
    assert older.value.stored == 2
    with pytest.raises(actions.OlderRevision):
        do(sitting, actions.save_page, page((3,) + (None,) * 8, 2))
    with acting_as(f"sitting:{sitting.pk}"):
        at = desk(sitting.pk)
        assert at.sheets["PHQ-9"].values[0] == 1 and at.revision == 2
    with pytest.raises(actions.OlderRevision):
        do(sitting, actions.submit_sitting, page(CALM, 1), KEY)


def test_a_page_that_lost_the_race_is_not_written_over_the_winner(here, sitting):
    with acting_as(f"sitting:{sitting.pk}"):
        stale = desk(sitting.pk)
        actions.save_page(stale, page(CALM, 5))
        with pytest.raises(actions.OlderRevision):
            actions.save_page(stale, page(WORRIED, 6))  # read before the other one was written
        assert desk(sitting.pk).sheets["PHQ-9"].values == CALM


def test_nothing_is_saved_after_the_end(here, sitting):
    do(sitting, actions.submit_sitting, page(CALM), KEY)
    with pytest.raises(actions.SittingOver):
        do(sitting, actions.save_page, page(WORRIED, 9))


def test_a_critical_answer_on_an_incomplete_sheet_is_flagged(here, sitting):
    do(sitting, actions.submit_sitting, page((None,) * 8 + (1,)), KEY)
    [result] = results(here, sitting)
    assert not result.is_complete and result.total is None
    assert [flag.level for flag in as_counselor(here, Flag, sitting=sitting)] == ["same_day"]


def test_declining_keeps_no_result_but_looks_for_what_cannot_wait(here, sitting):
    do(sitting, actions.save_page, page((None,) * 8 + (3,)))
    do(sitting, actions.decline_sitting, None)
    assert not results(here, sitting) and not as_counselor(here, TimelineEntry, source_sitting=sitting)
    assert [word.kind for word in as_counselor(here, SittingWord, sitting=sitting)] == ["declined"]
    assert [(f.level, f.item) for f in as_counselor(here, Flag, sitting=sitting)] == [("immediate", 9)]
    with acting_as(here.homeroom):  # sees that it is over, not why
        assert Sitting.objects.get(pk=sitting.pk).state == "finished" and not SittingWord.objects.exists()
    with acting_as("system:demo"):
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert not any("declin" in verb or "talk" in verb for verb in verbs)


def test_declining_at_once_leaves_a_word_and_no_flag(here, sitting):
    do(sitting, actions.decline_sitting, page((None,) * 9))
    assert not as_counselor(here, Flag, sitting=sitting)
    assert [word.kind for word in as_counselor(here, SittingWord, sitting=sitting)] == ["declined"]
    do(sitting, actions.decline_sitting, None)
    with acting_as("system:demo"):
        assert AuditEntry.objects.filter(verb="assessments.finish_sitting").count() == 1


def test_asking_to_talk_is_one_word_and_one_flag_also_after_the_end(here, sitting):
    do(sitting, actions.ask_to_talk)
    do(sitting, actions.submit_sitting, page(CALM), KEY)
    do(sitting, actions.ask_to_talk)
    assert [(f.level, f.source) for f in as_counselor(here, Flag, sitting=sitting)] == [("talk", "talk")]
    assert len(as_counselor(here, SittingWord, sitting=sitting)) == 1


def test_whoever_asks_again_after_the_talk_waits_again(here, sitting):
    do(sitting, actions.ask_to_talk)
    with acting_as(here.counselor):
        flags = list(Flag.objects.filter(sitting=sitting))
        record_interview(
            here.students[0], actor=here.counselor, at=timezone.now(), outcome="no_concern", summary="聊过了",
            flag_ids=[flag.pk for flag in flags],
        )  # fmt: skip
    do(sitting, actions.ask_to_talk)
    do(sitting, actions.ask_to_talk)
    assert len(as_counselor(here, Flag, sitting=sitting, handled_at=None)) == 1
    assert len(as_counselor(here, SittingWord, sitting=sitting)) == 1


@pytest.mark.parametrize("ending", ["submit", "decline", "close"])
@pytest.mark.django_db(transaction=True)
def test_a_page_that_arrives_while_the_sitting_ends_is_read_or_refused(here, ending, monkeypatch):
    """Held at the worst moment: after the answers were read, before the end was written."""
    open_screening(here, "PHQ-9")
    sitting, _ = invite(here, here.students[0], state="started")
    do(sitting, actions.save_page, page((1,) + (None,) * 8, 1))
    looked, saved, said = Event(), Event(), []

    def save():
        try:
            looked.wait(10)
            with acting_as(f"sitting:{sitting.pk}"):
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '400ms'")
                said.append(actions.save_page(desk(sitting.pk), page((None,) * 8 + (3,), 2)))
        except (actions.SittingOver, OperationalError):
            said.append("refused")
        finally:
            saved.set()
            connection.close()

    def slow_desk(*args, **words):
        found = read(*args, **words)
        if not looked.is_set():
            looked.set()
            saved.wait(10)
        return found

    read = actions.desk
    monkeypatch.setattr(actions, "desk", slow_desk)
    set_screening(here, state="closed", closed_at=timezone.now() - timedelta(minutes=3))
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(save)
        if ending == "close":
            close_overdue_sittings(timezone.now())
        elif ending == "decline":
            do(sitting, actions.decline_sitting, None)
        else:
            with acting_as(f"sitting:{sitting.pk}"):
                seen = slow_desk(sitting.pk)
                with pytest.raises(actions.OlderRevision):
                    actions.submit_sitting(seen, page((1,) + (0,) * 8, 2), KEY)
        running.result()
    with acting_as(here.counselor):
        state = Sitting.objects.get(pk=sitting.pk).state
    flagged = [flag.item for flag in as_counselor(here, Flag, sitting=sitting)]
    # handed in: the newer page stands, the sitting goes on; ended by others: the page was refused, its device keeps it
    assert (state, said) == (("started", [2]) if ending == "submit" else ("finished", ["refused"])), (state, said)
    assert not flagged


def test_a_sitting_writes_only_about_itself_and_reads_no_result(here, there, sitting):
    open_screening(there, "PHQ-9")
    other, _ = invite(there, there.students[0], state="started")
    with acting_as(f"sitting:{sitting.pk}"):
        assert desk(other.pk) is None
        mine = desk(sitting.pk)
        stolen = actions.scored_ending(mine, {"PHQ-9": Sheet(WORRIED)}, mine.battery, title="x")
        assert actions.run(*actions.finish_statement(actions.replace(stolen, sitting_id=other.pk))) == 0
        for table in ("assessments_result", "assessments_flag", "assessments_timelineentry"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(f"SELECT count(*) FROM {table}")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute("SELECT door_sitting('x')")
    assert not results(there, other)


def test_no_answer_can_be_read_in_the_database(here, sitting):
    do(sitting, actions.submit_sitting, page((0, 1, 2, 3, 0, 1, 2, 3, 1)), KEY)
    with acting_as("system:demo"), connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM assessments_savedanswers WHERE sitting_id = %s", [sitting.pk])
        sealed = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT row_to_json(r)::text FROM assessments_result r WHERE sitting_id = %s", [sitting.pk])
        text = cursor.fetchone()[0]
    assert b"PHQ" not in sealed and b"[0,1,2" not in sealed and len(sealed) < 200
    assert "flags" not in json.loads(text)["sheet"] and "0, 1, 2, 3" not in text and "0,1,2,3" not in text
    change(Sitting, sitting.pk, state="started", submit_key=None)
    with acting_as("system:demo"):
        twin = SavedAnswers.objects.get(sitting=sitting)
    second, _ = invite(here, here.students[1], state="started")
    with acting_as("system:demo"):
        SavedAnswers.objects.create(sitting=second, revision=1, answers=bytes(twin.answers))
    with acting_as(f"sitting:{second.pk}"), pytest.raises(Exception, match="moved or changed"):
        _ = desk(second.pk).sheets


@pytest.mark.parametrize(
    ("screening", "expected"),
    [
        ({"state": "paused"}, "paused"),
        ({"state": "closed"}, "closed"),
        ({"state": "draft"}, "not_open_yet"),
        ({"opens_at": timezone.now() + timedelta(days=1)}, "not_open_yet"),
        ({"closes_at": timezone.now() - timedelta(hours=1)}, "closed"),
    ],
)
def test_the_door_is_shut_and_says_why(here, screening, expected):
    open_screening(here, "PHQ-9")
    found, _ = invite(here, here.students[0])
    set_screening(here, **screening)
    with pytest.raises(actions.DoorShut) as shut:
        do(found, actions.begin_sitting)
    assert shut.value.state == expected
    with acting_as(here.counselor):
        assert Sitting.objects.get(pk=found.pk).state == "invited"


def test_without_a_duty_person_only_scales_without_critical_items_open(here):
    open_screening(here, "PHQ-9", guarded=False)
    found, _ = invite(here, here.students[0])
    with pytest.raises(actions.DoorShut, match="unguarded"):
        do(found, actions.begin_sitting)
    set_screening(here, unguarded_by=here.principal, unguarded_reason="放学前统一作答，校长在场")
    do(found, actions.begin_sitting)
    with acting_as(here.counselor):
        assert Sitting.objects.get(pk=found.pk).state == "started"


def test_a_scale_without_critical_items_needs_nobody_on_duty(here):
    open_screening(here, "GAD-7", guarded=False)
    found, _ = invite(here, here.students[0])
    do(found, actions.begin_sitting)
    with acting_as(here.counselor):
        assert Sitting.objects.get(pk=found.pk).started_at is not None


def test_what_is_in_flight_when_the_screening_stops_still_arrives(here, sitting):
    set_screening(here, state="paused")
    do(sitting, actions.save_page, page(WORRIED))
    assert do(sitting, actions.submit_sitting, page(WORRIED, 2), KEY).is_new


def test_closing_scores_what_was_saved_as_incomplete_and_checks_what_cannot_wait(here, sitting):
    do(sitting, actions.save_page, page((1, None, None, None, None, None, None, None, 2)))
    silent, _ = invite(here, here.students[1])
    now = timezone.now()
    assert close_overdue_sittings(now) == 0
    set_screening(here, state="closed", closed_at=now - timedelta(minutes=3))
    assert close_overdue_sittings(now) == 1 and close_overdue_sittings(now) == 0
    [result] = results(here, sitting)
    assert not result.is_complete and result.total is None
    assert [(f.level, f.item) for f in as_counselor(here, Flag, sitting=sitting)] == [("immediate", 9)]
    assert "未交卷" in as_counselor(here, TimelineEntry, source_sitting=sitting)[0].title
    with acting_as(here.counselor):
        assert Sitting.objects.get(pk=sitting.pk).state == "finished"
        assert Sitting.objects.get(pk=silent.pk).state == "invited"
    with acting_as("system:demo"):
        assert AuditEntry.objects.get(verb="assessments.finish_sitting").actor == "system:triage"


def test_a_critical_answer_of_a_student_who_walked_away_does_not_wait_for_the_end(here, sitting):
    do(sitting, actions.save_page, page((None,) * 8 + (2,)))
    now = timezone.now()
    assert flag_idle_sittings(now) == 0
    later = now + timedelta(minutes=31)
    assert flag_idle_sittings(later) == 1 and flag_idle_sittings(later) == 0
    assert [(f.level, f.item) for f in as_counselor(here, Flag, sitting=sitting)] == [("immediate", 9)]
    assert do(sitting, actions.submit_sitting, page(CALM, 2), KEY).is_new  # the sitting itself was left open


def test_a_sitting_that_was_opened_and_left_blank_closes_without_a_result(here, sitting):
    set_screening(here, closes_at=timezone.now() - timedelta(hours=1))
    assert close_overdue_sittings(timezone.now()) == 1
    assert not results(here, sitting) and not as_counselor(here, TimelineEntry, source_sitting=sitting)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keys", [(KEY, KEY), (KEY, uuid4())])
def test_two_submits_at_once_are_one(here, keys):
    open_screening(here, "PHQ-9")
    found, _ = invite(here, here.students[0], state="started")

    def submit(key):
        try:
            with acting_as(f"sitting:{found.pk}"):
                at = desk(found.pk)
                gate.wait(timeout=10)
                return actions.submit_sitting(at, page(WORRIED), key).code
        except actions.SittingOver:
            return "over"
        finally:
            connection.close()

    gate = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(submit, keys))
    assert len(results(here, found)) == 1 and len(as_counselor(here, Flag, sitting=found)) == 1
    if keys[0] == keys[1]:
        assert said[0] == said[1] != "over"
    else:
        assert sorted(text == "over" for text in said) == [False, True]
