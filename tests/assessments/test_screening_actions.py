from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.actions import duty
from assessments.actions import screenings as actions
from assessments.codes import code_index
from assessments.models import CoverageTicket, Screening, Sitting, SittingWord
from assessments.queries.duty import duty_of, is_guarded, on_duty
from assessments.queries.screenings import preview
from assessments.screening_flow import ScreeningRefused
from assessments.slips import gather, waiting
from tests.assessments.screening_world import approved_scales, decide, end_earlier, plan
from tests.assessments.sittings import check_in
from tests.cast import make_student
from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post
from xinyu.audit.models import AuditEntry
from xinyu.organisations.models import CalendarDay
from xinyu.students.models import Guardian

pytestmark = pytest.mark.django_db


def mother_of(student):
    return Guardian.objects.create(student=student, name="妈妈", relation="母亲")


def verbs(world):
    with acting_as(world.audit_admin):
        return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


def test_a_draft_has_scales_in_order_classes_and_a_key(here):
    scales = approved_scales(here)
    with acting_as(here.counselor):
        screening = plan(here, scales)
        assert screening.state == "draft" and screening.key.wrapped
        assert list(screening.scales.all()) == scales
        assert screening.chosen.count() == 2
    assert verbs(here)[-1] == "assessments.create_screening"


def test_nobody_plans_for_another_school_nor_with_its_classes(here, there):
    scales = approved_scales(here)
    with acting_as(there.counselor), pytest.raises(PermissionDenied):
        actions.create_screening(
            here.school,
            actor=there.counselor,
            title="x",
            opens_at=timezone.now(),
            closes_at=timezone.now() + timedelta(days=1),
            scales=scales,
            klasses=[here.klass],
        )
    with acting_as(here.counselor), pytest.raises(PermissionDenied):
        plan(here, scales, klasses=[here.klass, there.klass])


def test_invitations_follow_consent_and_only_the_counselor_learns_why(here):
    scales = approved_scales(here)
    agreed, refused, silent = here.students
    with acting_as(here.counselor):
        decide(agreed, "given", mother_of(agreed))
        decide(refused, "given", mother_of(refused))
        decide(refused, "refused", mother_of(refused))
        screening = plan(here, scales)
        counts = preview(screening)
        assert (counts.enrolled, counts.own_word, counts.conflict, counts.silent, counts.asked) == (3, 1, 1, 1, 1)
        done = actions.invite_students(screening, actor=here.counselor)
        assert (done.added, done.exempt) == (3, 2)
        states = dict(screening.sittings.values_list("student_id", "state"))
        assert states == {agreed.pk: "invited", refused.pk: "exempt", silent.pk: "exempt"}
        assert set(SittingWord.objects.values_list("student_id", "kind")) == {
            (refused.pk, "no_consent"),
            (silent.pk, "no_consent"),
        }
        mine = screening.sittings.get(student=agreed)
        assert (mine.sex, mine.grade_number, mine.klass_id) == ("F", 8, here.klass.pk)
        assert agreed.name not in mine.label and agreed.number[-2:] in mine.label
        assert CoverageTicket.objects.filter(screening=screening).count() == 1
    for eyes in (here.principal, here.homeroom):
        with acting_as(eyes):
            assert not SittingWord.objects.exists()


def test_on_the_basis_of_duty_silence_is_asked_and_refusal_never(here):
    scales = approved_scales(here)
    with acting_as(here.counselor):
        decide(here.students[1], "withdrawn", mother_of(here.students[1]))
        screening = plan(here, scales, legal_basis="duty")
        actions.invite_students(screening, actor=here.counselor)
        states = dict(screening.sittings.values_list("student_id", "state"))
        assert [states[s.pk] for s in here.students] == ["invited", "exempt", "invited"]


def test_inviting_again_adds_newcomers_and_follows_later_decisions(here):
    scales = approved_scales(here)
    first, second, third = here.students
    with acting_as(here.counselor):
        guardian = mother_of(first)
        decide(first, "given", guardian)
        screening = plan(here, scales)
        actions.invite_students(screening, actor=here.counselor)
        before = Sitting.objects.get(screening=screening, student=second).code_index
        decide(first, "withdrawn", guardian)
        decide(second, "given", mother_of(second))
        newcomer = make_student(here.klass, "777", "新来的")
        done = actions.invite_students(screening, actor=here.counselor)
        assert (done.added, done.taken_out, done.taken_back) == (1, 1, 1)
        states = dict(screening.sittings.values_list("student_id", "state"))
        assert states == {
            first.pk: "exempt",
            second.pk: "invited",
            third.pk: "exempt",
            newcomer.pk: "exempt",
        }
        assert bytes(Sitting.objects.get(screening=screening, student=second).code_index) == bytes(before)
        screening.sittings.filter(student=third).update(state="started")
        assert actions.invite_students(screening, actor=here.counselor).taken_out == 0


def test_inviting_needs_few_statements_whatever_the_number_of_students(here):
    scales = approved_scales(here)
    counts = []
    with acting_as(here.counselor):
        for size in (3, 40):
            for n in range(size):
                make_student(here.klass, f"{size}-{n}", f"同学{size}{n}")
            screening = plan(here, scales, legal_basis="duty")
            with CaptureQueriesContext(
                connection,
            ) as caught:
                actions.invite_students(screening, actor=here.counselor)
            counts.append(len(caught))
            assert screening.sittings.count() == screening.sittings.values("code_index").distinct().count()
    assert counts[0] == counts[1] <= 25


def test_printed_codes_are_those_that_open_the_sitting(here):
    scales = approved_scales(here)
    with acting_as(here.counselor):
        screening = plan(here, scales, legal_basis="duty")
        actions.invite_students(screening, actor=here.counselor)
        sheet = gather(
            screening,
            here.klass.pk,
            "初二1班",
            waiting(screening, here.klass.pk, with_begun=True),
            "http://testserver/a/",
        )
        assert [slip.name for slip in sheet.slips] == [s.name for s in here.students[:2]]
        for slip, student in zip(sheet.slips, here.students, strict=False):
            sitting = screening.sittings.get(student=student)
            assert bytes(sitting.code_index) == code_index(slip.code) == code_index(slip.code.lower())
            assert slip.code.replace(" ", "").encode() not in bytes(sitting.code_sealed)


def test_opening_is_refused_without_approval_and_freezes_the_scales(here):
    scales = approved_scales(here, "WHO-5")
    end_earlier(here)
    from assessments.models import ScaleVersion

    phq = ScaleVersion.objects.get(code="PHQ-9")
    with acting_as(here.counselor):
        screening = plan(here, [phq], legal_basis="duty")
        actions.invite_students(screening, actor=here.counselor)
        with pytest.raises(ScreeningRefused, match="县区"):
            actions.move_screening(screening, "open", actor=here.counselor)
        assert Screening.objects.get(pk=screening.pk).state == "draft"
        actions.edit_screening(
            screening,
            actor=here.counselor,
            title="改名",
            opens_at=screening.opens_at,
            closes_at=screening.closes_at,
            scales=scales,
            klasses=[here.klass, here.other_klass],
            legal_basis="duty",
        )
        assert actions.move_screening(screening, "open", actor=here.counselor).state == "open"
        assert ScaleVersion.objects.get(code="WHO-5").frozen_at and not ScaleVersion.objects.get(code="PHQ-9").frozen_at
        for name in ("pause", "resume", "close"):
            actions.move_screening(screening, name, actor=here.counselor)
        assert Screening.objects.get(pk=screening.pk).closed_at
        with pytest.raises(ScreeningRefused):
            actions.invite_students(screening, actor=here.counselor)
    moved = [verb for verb in verbs(here) if verb.endswith("_screening")]
    assert moved[-4:] == [f"assessments.{name}_screening" for name in ("open", "pause", "resume", "close")]


def test_an_invited_class_can_not_be_dropped_and_a_running_screening_not_edited(here):
    scales = approved_scales(here)
    end_earlier(here)
    with acting_as(here.counselor):
        screening = plan(here, scales, legal_basis="duty")
        same = {
            "actor": here.counselor,
            "title": "x",
            "opens_at": screening.opens_at,
            "closes_at": screening.closes_at,
            "scales": scales,
            "legal_basis": "duty",
        }
        actions.edit_screening(screening, klasses=[here.klass], **same)
        actions.invite_students(screening, actor=here.counselor)
        with pytest.raises(ScreeningRefused, match="不能移除"):
            actions.edit_screening(screening, klasses=[here.other_klass], **same)
        actions.move_screening(screening, "open", actor=here.counselor)
        with pytest.raises(ScreeningRefused, match="不能再改"):
            actions.edit_screening(screening, klasses=[here.klass], **same)


def test_a_locked_code_is_freed_and_audited(here, there):
    with acting_as(here.homeroom):
        sitting = Sitting.objects.get()
    Sitting_id = sitting.pk
    with acting_as("system:demo"):
        Sitting.objects.filter(pk=Sitting_id).update(wrong_tries=8, locked_at=timezone.now())
    with acting_as(there.homeroom):
        assert not Sitting.objects.filter(pk=Sitting_id).exists()
    with acting_as(here.homeroom):
        actions.free_sitting(sitting, actor=here.homeroom)
        sitting.refresh_from_db()
        assert (sitting.wrong_tries, sitting.locked_at) == (0, None)
    assert verbs(here)[-1] == "assessments.free_sitting"


def test_somebody_on_duty_guards_the_school_until_she_leaves(here, there):
    now = timezone.now()
    with acting_as(here.counselor):
        CalendarDay.objects.create(county=here.county, on=timezone.localdate() + timedelta(days=1), kind="on_site")
        until = min(now + timedelta(minutes=30), timezone.localtime(now).replace(hour=23, minute=59, second=0))
        if until <= now:
            pytest.fail("run a minute later: the day is ending")
        assert not is_guarded(here.school.pk, now)
        with pytest.raises(ScreeningRefused):
            duty.check_in(here.school.pk, actor=here.counselor, until=now - timedelta(minutes=1))
        duty.check_in(here.school.pk, actor=here.counselor, until=until)
        duty.check_in(here.school.pk, actor=here.counselor, until=until)
        found = duty_of(here.school.pk, here.counselor, timezone.now())
        assert found.is_guarded and found.mine and len(found.people) == 1
        with pytest.raises(PermissionDenied):
            duty.check_in(there.school.pk, actor=here.counselor, until=until)
    with acting_as(f"sitting:{here.sitting.pk}"):
        assert is_guarded(here.school.pk, timezone.now())
        assert not is_guarded(there.school.pk, timezone.now())
        assert not is_guarded(here.school.pk, until + timedelta(minutes=1))
    with acting_as(here.counselor):
        duty.check_out(here.school.pk, actor=here.counselor)
        assert not is_guarded(here.school.pk, timezone.now() + timedelta(seconds=1))


def test_a_check_in_ends_with_the_post_that_it_was_made_with(here, there):
    check_in(here, here.moral_head)
    with acting_as(f"sitting:{here.sitting.pk}"):
        assert is_guarded(here.school.pk, timezone.now())
    with acting_as(there.counselor):
        assert on_duty(here.school.pk, timezone.now()) == []
    with acting_as("system:demo"):
        Post.objects.filter(user=here.moral_head).update(revoked_at=timezone.now(), revoked_by=here.granter)
    with acting_as(f"sitting:{here.sitting.pk}"):
        assert not is_guarded(here.school.pk, timezone.now())
    with acting_as(here.counselor):
        assert duty_of(here.school.pk, here.counselor, timezone.now()).people == ()


def test_the_principals_exception_carries_her_name(here):
    with acting_as(here.counselor), pytest.raises(PermissionDenied):
        duty.allow_unguarded(here.screening, actor=here.counselor, reason="我替校长说")
    with acting_as(here.principal):
        duty.allow_unguarded(here.screening, actor=here.principal, reason="值守老师在隔壁")
        assert Screening.objects.get(pk=here.screening.pk).unguarded_by == here.principal


def test_a_refusal_between_list_and_opening_counts_from_the_first_minute(here):
    scales = approved_scales(here)
    end_earlier(here)
    with acting_as(here.counselor):
        screening = plan(here, scales, legal_basis="duty")
        actions.invite_students(screening, actor=here.counselor)
        decide(here.students[0], "refused", mother_of(here.students[0]))
        make_student(here.klass, "778", "刚转来")
        found = preview(screening)
        assert (found.refused_since, found.newcomers) == (1, 1)
        actions.move_screening(screening, "open", actor=here.counselor)
        assert screening.sittings.get(student=here.students[0]).state == "exempt"
        assert screening.sittings.count() == 4
        found = preview(screening)
        assert (found.refused_since, found.newcomers) == (0, 0)
