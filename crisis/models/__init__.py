from .cards import ActionCard, CardAnswer, CardFeedback, SchoolCardTemplate
from .cases import LEADERS, AboutCase, Case, CaseHistory
from .chain import ChainStep, Guidance, Handover
from .conferences import Conference, MinutesCopy, Seat
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

__all__ = [
    "LEADERS",
    "AboutCase",
    "ActionCard",
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
    "ContactChannel",
    "ContactProof",
    "DueCause",
    "FollowUp",
    "GuardianContact",
    "GuardianDue",
    "Guidance",
    "Handover",
    "HomeHarm",
    "HomeQuestion",
    "LevelStatement",
    "LoweringRequest",
    "MandatoryReport",
    "MedicalAdvice",
    "MinutesCopy",
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
    "SafetyPlan",
    "SchoolCardTemplate",
    "Seat",
    "Stance",
    "TwoPersonRequest",
]
