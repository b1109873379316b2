"""How a case has changed, for its history panel."""

from datetime import date

from crisis.looks import level_fact, state_fact
from crisis.models import Case, CaseHistory
from xinyu.accounts.models import User
from xinyu.audit.history import Version, versions
from xinyu.ui.frame import Moment
from xinyu.ui.wording import day

from .dossier import move_words, moves_of

FIELDS = {
    "state": ("状态", lambda code: state_fact(code).label),
    "level": ("级别", lambda code: level_fact(code).label),
    "level_until": ("级别有效至", lambda on: day(on) if isinstance(on, date) else "—"),
    "owner_id": ("责任人", lambda pk: str(User.objects.filter(pk=pk).values_list("name", flat=True).first() or "—")),
}


def history_of(case: Case) -> list[Moment]:
    """Newest first; row sight of the history table is that of the case."""
    found = versions(CaseHistory.objects.filter(pgh_obj_id=case.pk).order_by("pgh_id"), FIELDS)
    names = dict(User.objects.filter(pk__in={step.user_id for step in found if step.user_id}).values_list("pk", "name"))
    steps = [(step.at, _moment(step, names)) for step in found]
    steps += [
        (row.at, Moment(row.at, move_words(row), f"理由：{reason}", row.by.name, "arrows-exchange"))
        for row, reason in moves_of(case)
    ]
    return [moment for _, moment in sorted(steps, key=lambda pair: pair[0], reverse=True)]


def _moment(step: Version, names: dict[int, str]) -> Moment:
    title = "；".join(f"{label}：{old} → {new}" for label, old, new in step.lines) or "建档"
    return Moment(step.at, title, who=names.get(step.user_id or 0, "系统"), icon="history")
