"""Home as the source of harm: stop telling the guardian, report, and tell again only when the team has decided."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from crisis.duty import roles_at
from crisis.harm import WITHIN_MINUTES, Lifting, refuse_lifting
from crisis.models import Case, HomeHarm, MandatoryReport
from crisis.refusals import CaseRefusedError
from xinyu.audit.entries import record
from xinyu.students.models import ContactHold, Guardian
from xinyu.vault.fields import conceal

from .guardian_dues import restart_dues
from .home_question import settle_question
from .rows import lock_case

ALREADY = "这份个案的监护人告知已经暂停。"
NOT_HELD = "这份个案没有暂停监护人告知。"


def harm_in_force(case: Case) -> HomeHarm | None:
    return HomeHarm.objects.filter(case=case, ended_at__isnull=True).first()


@transaction.atomic
def suspend_guardian(
    case: Case, *, actor, guardian: Guardian | None, named: str, reason: str, known_at: datetime
) -> HomeHarm:
    """Stop the guardian clock and start the report's. `guardian` None: none of the student's guardians is told.

    Raises CaseRefusedError when it is stopped already or the guardian is another student's.
    """
    roles_at(case.school_id, "crisis.protect")
    locked = lock_case(case)
    if harm_in_force(locked):
        raise CaseRefusedError(ALREADY)
    if guardian is not None and guardian.student_id != locked.student_id:
        raise CaseRefusedError("这位监护人不是该学生的监护人。")
    hold = ContactHold.objects.create(student_id=locked.student_id, guardian=guardian, by=actor)
    harm = HomeHarm(
        case=locked, student_id=locked.student_id, guardian=guardian, by=actor, known_at=known_at, hold=hold
    )
    harm.report_due_at = known_at + timedelta(minutes=WITHIN_MINUTES)
    conceal(harm, named=named, reason=reason)
    harm.save()
    settle_question(locked, actor=actor, is_home=True, reason=reason)
    record("crisis.suspend_guardian", subject=harm, detail={"case": case.pk, "all": guardian is None})
    return harm


@dataclass(frozen=True)
class ReportValues:
    reported_at: datetime
    to: str
    office: str
    channel: str
    receipt: str
    content: str


@transaction.atomic
def report_harm(case: Case, values: ReportValues, *, actor, key=None) -> MandatoryReport:
    """Write down a mandatory report; the first stops the report's clock. `key`: a second click is the same report."""
    roles_at(case.school_id, "crisis.protect")
    locked = lock_case(case)
    before = MandatoryReport.objects.filter(vault_id=key, case=locked).first() if key else None
    if before is not None:
        return before
    report = MandatoryReport(
        case=locked,
        student_id=locked.student_id,
        reported_at=values.reported_at,
        to=values.to,
        office=values.office,
        channel=values.channel,
        receipt=values.receipt,
        by=actor,
        **({"vault_id": key} if key else {}),
    )
    conceal(report, content=values.content)
    report.save()
    HomeHarm.objects.filter(case=locked, reported_at__isnull=True).update(reported_at=values.reported_at)
    record("crisis.report_harm", subject=report, detail={"case": case.pk, "to": values.to, "channel": values.channel})
    return report


@transaction.atomic
def lift_suspension(case: Case, *, actor, decision: str, team_met_on: date) -> HomeHarm:
    """The team has decided in writing that guardians are told again; carried out by another hand than the first."""
    roles_at(case.school_id, "crisis.protect")
    locked = lock_case(case)
    harm = harm_in_force(locked)
    if harm is None:
        raise CaseRefusedError(NOT_HELD)
    asked = Lifting(harm.by_id, actor.pk, team_met_on, decision)
    set_on = timezone.localdate(harm.at)
    refused = refuse_lifting(asked, set_on=set_on, today=timezone.localdate(), is_reported=harm.reported_at is not None)
    if refused:
        raise CaseRefusedError(refused)
    now = timezone.now()
    harm.ended_at, harm.ended_by, harm.team_met_on = now, actor, team_met_on
    conceal(harm, decision=decision)
    harm.save(update_fields=["ended_at", "ended_by", "team_met_on", "decision"])
    ContactHold.objects.filter(pk=harm.hold_id).update(ended_at=now)
    restart_dues(locked)
    record("crisis.lift_suspension", subject=harm, detail={"case": case.pk})
    return harm
