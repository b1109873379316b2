from .approvals import ScreeningApproval
from .concerns import ConcernEntry, ConcernReport
from .consent_links import ConsentLink
from .growth import GrowthFile, TimelineEntry
from .help import HelpDoor, HelpKnock
from .interviews import Flag, Interview
from .scales import ScaleApproval, ScaleVersion, ScreenerText, TextBinding
from .screenings import DutyCheckIn, Screening, ScreeningKey, ScreeningKlass, ScreeningScale
from .sittings import CoverageTicket, Result, SavedAnswers, Sitting, SittingWord
from .watch import RoomWatch
from .waves import ScreeningWave

__all__ = [
    "ConcernEntry",
    "ConcernReport",
    "ConsentLink",
    "CoverageTicket",
    "DutyCheckIn",
    "Flag",
    "GrowthFile",
    "HelpDoor",
    "HelpKnock",
    "Interview",
    "Result",
    "RoomWatch",
    "SavedAnswers",
    "ScaleApproval",
    "ScaleVersion",
    "ScreenerText",
    "Screening",
    "ScreeningApproval",
    "ScreeningKey",
    "ScreeningKlass",
    "ScreeningScale",
    "ScreeningWave",
    "Sitting",
    "SittingWord",
    "TextBinding",
    "TimelineEntry",
]
