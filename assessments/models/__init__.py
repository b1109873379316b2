from .concerns import ConcernEntry, ConcernReport
from .earlier import EarlierBatch, EarlierResult
from .growth import GrowthFile, TimelineEntry
from .help import HelpDoor, HelpKnock
from .interviews import Flag, Interview
from .readings import InformantSheet, OwnResult, ResultReading
from .scales import ScaleApproval, ScaleRevision, ScaleVersion, ScreenerText, TextBinding
from .screenings import DutyCheckIn, Screening, ScreeningKey, ScreeningKlass, ScreeningScale
from .sittings import CoverageTicket, Result, Retest, SavedAnswers, Sitting, SittingWord

__all__ = [
    "ConcernEntry",
    "ConcernReport",
    "CoverageTicket",
    "DutyCheckIn",
    "EarlierBatch",
    "EarlierResult",
    "Flag",
    "GrowthFile",
    "HelpDoor",
    "HelpKnock",
    "InformantSheet",
    "Interview",
    "OwnResult",
    "Result",
    "ResultReading",
    "Retest",
    "SavedAnswers",
    "ScaleApproval",
    "ScaleRevision",
    "ScaleVersion",
    "ScreenerText",
    "Screening",
    "ScreeningKey",
    "ScreeningKlass",
    "ScreeningScale",
    "Sitting",
    "SittingWord",
    "TextBinding",
    "TimelineEntry",
]
