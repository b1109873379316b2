"""The people around the cases: guardians who were told and have signed, a doctor's paper, a safety plan, helpers, and
one student whose home is not told for now. A case without a plan has just been opened: its clock still runs."""

import io
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone
from PIL import Image, ImageDraw

from crisis.actions.guardians import ContactValues, ProofValues, confirm_contact, record_contact
from crisis.actions.home_harm import ReportValues, report_harm, suspend_guardian
from crisis.actions.medical import advise_hospital, answer_advice, keep_document
from crisis.actions.pairs import begin_pair, log_contact
from crisis.actions.safety import write_safety_plan
from crisis.models import Case
from xinyu.access.actor import acting_as
from xinyu.access.uploads import Kept, checked_paper
from xinyu.accounts.models import User
from xinyu.students.models import Guardian

from ..stage import Stage
from ..words import ADVICE, GUARDIAN_ANSWER, GUARDIAN_TOLD, HOME_REASON, HOME_REPORT, PAIR_SEEN, PAIRS, SAFETY_PLAN
from ..world import SEED

SPACE = UUID(int=20260901)


def surround_cases(stage: Stage) -> None:
    for place, one in enumerate(stage.world.schools):
        code = one.school.code
        counselor, homeroom = stage.first(code, "counselor"), stage.first(code, "homeroom")
        with acting_as(counselor):
            rows = Case.objects.filter(school=stage.schools[code], closed_at=None).order_by("pk")
            cases = list(rows.select_related("student__klass__grade"))
            for case in cases:
                if case.state != "open":
                    _tell(case, counselor, homeroom)
        if place == 0 and len(cases) >= 4:
            _first_school(stage, code, cases, counselor)


def _key(*names: object) -> UUID:
    return uuid5(SPACE, "/".join(map(str, names)))


def _tell(case: Case, counselor: User, homeroom: User, **values: Any) -> None:
    """Face to face with two of the school; the guardian has signed on the screen."""
    guardian = Guardian.objects.filter(student=case.student_id).first()
    if guardian is None:
        return
    at = timezone.now() - timedelta(hours=3)
    said: dict[str, Any] = {
        "content": GUARDIAN_TOLD,
        "answer": GUARDIAN_ANSWER,
        "stance": "agrees",
        "about_situation": True,
    } | values
    told = ContactValues(guardian, at, "in_person", True, counselor.pk, homeroom.pk, **said)
    contact = record_contact(case, told, actor=counselor, key=_key("contact", case.pk, *values))
    proof = ProofValues("drawn", at, "in_person", file=_signature(case.pk))
    confirm_contact(contact, proof, actor=counselor, key=_key("proof", contact.pk))


def _signature(seed: int) -> Kept:
    """A line as a hand draws it; nobody's."""
    dice, picture = Random(f"{SEED}{seed}sign"), Image.new("RGB", (600, 200), "white")  # noqa: S311 - a play
    dots = [(40 + 26 * n, dice.randint(50, 150)) for n in range(20)]
    ImageDraw.Draw(picture).line(dots, fill=(16, 36, 43), width=5, joint="curve")
    return _stored(picture)


def _stored(picture: Image.Image) -> Kept:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return checked_paper(out.getvalue())


def _paper() -> Kept:
    """A page with lines where a hospital's words would be: the demo invents no finding."""
    picture = Image.new("RGB", (620, 877), "white")
    pen = ImageDraw.Draw(picture)
    for row in range(12):
        pen.line([(60, 120 + 50 * row), (560 - 40 * (row % 3), 120 + 50 * row)], fill=(150, 160, 165), width=3)
    return _stored(picture)


def _first_school(stage: Stage, code: str, cases: list[Case], counselor: User) -> None:
    planned, seen, home, fresh = cases[:4]
    with acting_as(counselor):
        _safety_plan(planned, counselor, stage.first(code, "homeroom"))
        _doctor(seen, counselor)
        _advise(fresh, counselor)
        _home(home, counselor)
    _helpers(stage, code, planned, counselor)


def _safety_plan(case: Case, counselor: User, homeroom: User) -> None:
    today = timezone.localdate()
    plan = write_safety_plan(
        case, actor=counselor, words=SAFETY_PLAN, written_on=today, after=0, key=_key("safety", case.pk)
    )
    _tell(case, counselor, homeroom, about_situation=False, safety_plan=plan)


def _advise(case: Case, counselor: User):
    at = timezone.now() - timedelta(hours=2)
    return advise_hospital(case, actor=counselor, advised_at=at, reason=ADVICE, key=_key("advice", case.pk))


def _doctor(case: Case, counselor: User) -> None:
    """Told, gone to the hospital, and the hospital's paper brought by the mother."""
    advice, today = _advise(case, counselor), timezone.localdate()
    guardian = Guardian.objects.filter(student=case.student_id).first()
    if guardian is None:
        return
    told = ContactValues(guardian, timezone.now(), "phone", True, counselor.pk, None, ADVICE, advice=advice)
    record_contact(case, told, actor=counselor, key=_key("told", advice.pk))
    values: dict[str, Any] = {"actor": counselor, "on": today, "words": "", "hospital": "云川市第二人民医院"}
    answer_advice(advice, answer="seen", key=_key("answer", advice.pk), **values)
    names: dict[str, Any] = {
        "title": "门诊病历（示例）",
        "hospital": "云川市第二人民医院",
        "brought_by": guardian.relation,
    }
    names |= {"advice": advice, "received_on": today, "key": _key("paper", advice.pk)}
    keep_document(advice.case, _paper(), actor=counselor, **names)


def _home(case: Case, counselor: User) -> None:
    """Home is named: nobody there is told, and the report was made within the hour."""
    known = timezone.now() - timedelta(hours=5)
    suspend_guardian(case, actor=counselor, guardian=None, named="同住的亲戚", reason=HOME_REASON, known_at=known)
    values = ReportValues(
        known + timedelta(minutes=20), "police", "城东派出所 值班民警", "phone", "演示-017", HOME_REPORT
    )
    report_harm(case, values, actor=counselor, key=_key("report", case.pk))


def _helpers(stage: Stage, code: str, case: Case, counselor: User) -> None:
    today, pairs = timezone.localdate(), []
    with acting_as(counselor):
        for role, aim in PAIRS:
            helper, until = stage.first(code, role), today + timedelta(days=80)
            began = today - timedelta(days=12)
            values: dict[str, Any] = {"helper_id": helper.pk, "aim": aim, "from_on": began, "until_on": until}
            pairs.append((begin_pair(case, actor=counselor, **values), helper))
    pair, helper = pairs[0]
    with acting_as(helper):
        for days, answer, words in PAIR_SEEN:
            said: dict[str, Any] = {
                "kind": "talk",
                "answer": answer,
                "words": words,
                "on": today - timedelta(days=days),
            }
            log_contact(pair, actor=helper, key=_key("seen", pair.pk, days), **said)
