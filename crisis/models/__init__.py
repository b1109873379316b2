from .acute import AcuteCall
from .cards import ActionCard, CardAnswer, CardFeedback
from .cases import LEADERS, AboutCase, Case, CaseHistory
from .chain import ChainStep, Guidance, Handover, KeptClock, TimelineCopy
from .conferences import Conference, MinutesCopy, Seat
from .duties import DutyHandOn, DutyKind, HandReason
from .experts import Expert, ExpertAccess, Visit, VisitWay
from .follow_ups import FollowUp
from .home_harm import HomeHarm, MandatoryReport, ReportChannel, ReportTo
from .levels import LevelStatement, LoweringRequest
from .note_readers import NoteReader
from .notes import CaseNote, NoteKind
from .plan import Cause, PlanItem
from .requests import ClosingKind, ClosingRequest, TwoPersonRequest
from .schemes import SchemeChoice

__all__ = [
    "LEADERS",
    "AboutCase",
    "ActionCard",
    "AcuteCall",
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
    "DutyHandOn",
    "DutyKind",
    "Expert",
    "ExpertAccess",
    "FollowUp",
    "Guidance",
    "HandReason",
    "Handover",
    "HomeHarm",
    "KeptClock",
    "LevelStatement",
    "LoweringRequest",
    "MandatoryReport",
    "MinutesCopy",
    "NoteKind",
    "NoteReader",
    "PlanItem",
    "ReportChannel",
    "ReportTo",
    "SchemeChoice",
    "Seat",
    "TimelineCopy",
    "TwoPersonRequest",
    "Visit",
    "VisitWay",
]
