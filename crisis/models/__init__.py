from .acute import AcuteCall
from .cards import ActionCard, CardAnswer, CardFeedback, SchoolCardTemplate
from .cases import LEADERS, AboutCase, Case, CaseHistory
from .chain import ChainStep, Guidance, Handover, KeptClock, TimelineCopy
from .conferences import Conference, MinutesCopy, Seat
from .dossier import EntryMove, MoveSide, SectionText
from .duties import DutyHandOn, DutyKind, HandReason
from .experts import Expert, ExpertAccess, Visit, VisitWay
from .follow_ups import FollowUp
from .guardians import ContactChannel, ContactProof, DueCause, GuardianContact, GuardianDue, ProofKind, Stance
from .home_harm import HomeHarm, HomeQuestion, MandatoryReport, ReportChannel, ReportTo
from .levels import LevelStatement, LoweringRequest
from .medical import AdviceAnswer, AdviceDocument, Answer, MedicalAdvice
from .note_readers import NoteReader
from .notes import CaseNote, NoteKind
from .pairs import Pair, PairContact, PairContactKind, PairEnd
from .plan import Cause, PlanItem
from .requests import ClosingKind, ClosingRequest, TwoPersonRequest
from .safety import SafetyPlan
from .schemes import SchemeChoice

__all__ = [
    "LEADERS",
    "AboutCase",
    "ActionCard",
    "AcuteCall",
    "AdviceAnswer",
    "AdviceDocument",
    "Answer",
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
    "ContactChannel",
    "ContactProof",
    "DueCause",
    "EntryMove",
    "FollowUp",
    "GuardianContact",
    "GuardianDue",
    "Guidance",
    "HandReason",
    "Handover",
    "HomeHarm",
    "KeptClock",
    "HomeQuestion",
    "LevelStatement",
    "LoweringRequest",
    "MandatoryReport",
    "MedicalAdvice",
    "MinutesCopy",
    "MoveSide",
    "NoteKind",
    "NoteReader",
    "Pair",
    "PairContact",
    "PairContactKind",
    "PairEnd",
    "PlanItem",
    "ProofKind",
    "ReportChannel",
    "ReportTo",
    "SchemeChoice",
    "Seat",
    "TimelineCopy",
    "SafetyPlan",
    "SchoolCardTemplate",
    "Seat",
    "Stance",
    "SectionText",
    "TwoPersonRequest",
    "Visit",
    "VisitWay",
]
