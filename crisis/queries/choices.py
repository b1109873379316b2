"""What the acting person could do with a case now, and what stands in the way."""

from dataclasses import dataclass

from crisis.actions.moves import verb_of
from crisis.duty import roles_in
from crisis.models import Case
from crisis.workflow import ActorFacts, Move, moves_from, refusal
from xinyu.access.permissions import roles_for

from .facts import case_facts, is_guardian_told, is_plan_complete
from .requirements import Requirement, requirements


@dataclass(frozen=True)
class Choice:
    """A move that is this person's, with the sentence that stands in its way ('' when nothing does)."""

    move: Move
    refused: str


def choices_for(case: Case, actor) -> list[Choice]:
    """In the order of the workflow; moves of other posts are left out."""
    here = roles_in(case.school_id)
    out = []
    for move in moves_from(case.state):
        roles = sorted(here & move.roles & roles_for(verb_of(move.name)))
        said = [
            refusal(case_facts(case, actor.pk, role), move.name, ActorFacts(actor.pk, role, True, "…"))
            for role in roles
        ]
        if roles:
            out.append(Choice(move, "" if None in said else next(filter(None, said), "")))
    return out


def requirements_of(case: Case) -> list[Requirement]:
    """What the level asks for, done or not (for readers of notes)."""
    return requirements(case, is_guardian_told(case), is_plan_complete(case))
