"""Asking guardians: the notice of a screening, a code for each guardian who has yet to answer, and what she says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from assessments.actions.screenings import PLAN
from assessments.codes import LinkOwner, link_index, new_code, screening_key, seal_code
from assessments.models import ConsentLink, Screening, ScreeningKey
from assessments.models.consent_links import LinkWay
from assessments.queries.screenings import Standing, require_school
from assessments.screening_flow import CLOSED, DRAFT, ScreeningRefused
from xinyu.audit.entries import record
from xinyu.lib.masking import masked_label
from xinyu.students.actions.decisions import hash_of
from xinyu.students.models import Guardian, GuardianNotice
from xinyu.students.notices import digest_of_text

#: a code is short-lived; the screening's own end may come sooner
LASTS = timedelta(days=7)


@transaction.atomic
def write_notice(screening: Screening, *, actor, text: str, topics: list[str]) -> GuardianNotice:
    """The screening's own notice in a new version. A yes to an earlier text does not count for it, a no does.

    Raises ScreeningRefused once it has started: what guardians agreed to stays what they read.
    """
    require_school(PLAN, screening.school_id)
    screening = Screening.objects.select_for_update(no_key=True).get(pk=screening.pk)
    if screening.state != DRAFT:
        raise ScreeningRefused("测评已经开始，告知书不能再改。")
    digest = digest_of_text(text, topics)
    known = GuardianNotice.objects.filter(version=screening.notice_version, digest=digest).first()
    if known is not None:
        return known
    number = GuardianNotice.objects.filter(version__startswith=f"S{screening.pk}-").count() + 1
    row = GuardianNotice.objects.create(
        school_id=screening.school_id, version=f"S{screening.pk}-{number}", title=screening.title, text=text,
        topics=topics, digest=digest, by=actor,
    )  # fmt: skip
    screening.notice_version = row.version
    screening.save(update_fields=["notice_version"])
    record("assessments.write_notice", subject=screening, detail={"version": row.version, "digest": digest})
    return row


@dataclass(frozen=True)
class Issued:
    """One code, in plain: for the sheet that is printed now."""

    link: ConsentLink
    guardian: Guardian
    code: str


@transaction.atomic
def issue_links(
    screening: Screening, standings: Iterable[Standing], *, actor, way: LinkWay, address: str
) -> list[Issued]:
    """A fresh code for every guardian who has yet to answer and has a telephone on the roster; earlier ones end.

    Nobody is asked after a no, and nobody to whom nothing goes for now: `standings` says who is left. `address`: of the
    page, without the code. Raises ScreeningRefused when the screening is over.
    """
    require_school(PLAN, screening.school_id)
    if screening.state == CLOSED or screening.closes_at <= timezone.now():
        raise ScreeningRefused("测评已经结束，不再征求同意。")
    key = screening_key(screening.pk, ScreeningKey.objects.get(screening=screening).wrapped)
    now, until = timezone.now(), min(timezone.now() + LASTS, screening.closes_at)
    digest, made = hash_of(screening.notice_version), []
    for one in standings:
        for guardian in one.remind:
            if guardian.phone_index is None:
                continue
            code = new_code()
            made.append(
                Issued(
                    ConsentLink(
                        student=one.student, guardian=guardian, screening=screening, way=way, index=link_index(code),
                        code_sealed=seal_code(code, LinkOwner(screening.pk, guardian.pk, key)),
                        label=masked_label(one.student.name, one.student.number),
                        phone_index=guardian.phone_index if way == LinkWay.SLIP else None,
                        notice_version=screening.notice_version, notice_hash=digest, address=address,
                        issued_by=actor, expires_at=until, next_try_at=now if way == LinkWay.CODE else None,
                    ),
                    guardian, code,
                )
            )  # fmt: skip
    asked = [issued.guardian.pk for issued in made]
    ConsentLink.objects.filter(
        screening=screening, guardian__in=asked, way=way, used_at=None, expires_at__gt=now
    ).update(expires_at=now, code_sealed=None)
    ConsentLink.objects.bulk_create([issued.link for issued in made])
    record("assessments.ask_guardians", subject=screening, detail={"way": str(way), "count": len(made)})
    return made


def find_link(code: str) -> int:
    """The id of the link with this code, 0 for none. Call as the door."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_consent(%s)", [link_index(code)])
        return cursor.fetchone()[0]


def link_state() -> str:
    """open, used or gone. Call as the link."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_consent_state()")
        return cursor.fetchone()[0]


@transaction.atomic
def say(link: ConsentLink, decision: str, phone: bytes | None) -> str:
    """One guardian's yes or no. done, wrong (another telephone), used, gone. Call as the link."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_consent_say(%s, %s)", [decision, phone])
        state = cursor.fetchone()[0]
    if state in ("done", "wrong"):
        detail = {"decision": decision if state == "done" else "", "way": link.way, "state": state}
        record("assessments.guardian_said", subject=link, student_id=link.student_id, detail=detail)
    return state
