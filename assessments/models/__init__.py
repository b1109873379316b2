from .concerns import ConcernEntry, ConcernReport
from .growth import GrowthFile, TimelineEntry
from .interviews import Flag, Interview
from .scales import ScaleApproval, ScaleVersion, TextBinding
from .screenings import DutyCheckIn, Screening, ScreeningKey, ScreeningKlass, ScreeningScale
from .sittings import CoverageTicket, Result, SavedAnswers, Sitting, SittingWord

__all__ = [
    "ConcernEntry",
    "ConcernReport",
    "CoverageTicket",
    "DutyCheckIn",
    "Flag",
    "GrowthFile",
    "Interview",
    "Result",
    "SavedAnswers",
    "ScaleApproval",
    "ScaleVersion",
    "Screening",
    "ScreeningKey",
    "ScreeningKlass",
    "ScreeningScale",
    "Sitting",
    "SittingWord",
    "TextBinding",
    "TimelineEntry",
]
