from .cards import ActionCard, CardAnswer, CardFeedback
from .cases import LEADERS, AboutCase, Case, CaseHistory
from .chain import ChainStep, Guidance, Handover
from .conferences import Conference, MinutesCopy, Seat
from .dossier import EntryMove, MoveSide, SectionText
from .follow_ups import FollowUp
from .home_harm import HomeHarm, MandatoryReport, ReportChannel, ReportTo
from .levels import LevelStatement, LoweringRequest
from .note_readers import NoteReader
from .notes import CaseNote, NoteKind
from .plan import Cause, PlanItem
from .requests import ClosingKind, ClosingRequest, TwoPersonRequest

__all__ = [
    "LEADERS",
    "AboutCase",
    "ActionCard",
    "CardAnswer",
    "CardFeedback",
    "Case",
    "CaseHistory",
    "CaseNote",
    "Cause",
    "ChainStep",
    "ClosingKind",
    "ClosingRequest",
    "Conference",
    "EntryMove",
    "FollowUp",
    "Guidance",
    "Handover",
    "HomeHarm",
    "LevelStatement",
    "LoweringRequest",
    "MandatoryReport",
    "MinutesCopy",
    "MoveSide",
    "NoteKind",
    "NoteReader",
    "PlanItem",
    "ReportChannel",
    "ReportTo",
    "Seat",
    "SectionText",
    "TwoPersonRequest",
]
