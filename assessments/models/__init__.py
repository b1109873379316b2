from .approvals import ScreeningApproval
from .concerns import ConcernEntry, ConcernReport
from .consent_links import ConsentLink
from .earlier import EarlierBatch, EarlierResult
from .growth import GrowthFile, TimelineEntry
from .help import HelpDoor, HelpKnock
from .informant_links import InformantLink
from .interviews import Flag, Interview
from .readings import InformantSheet, OwnResult, ResultReading
from .scales import ScaleApproval, ScaleRevision, ScaleVersion, ScreenerText, TextBinding
from .screenings import DutyCheckIn, Screening, ScreeningKey, ScreeningKlass, ScreeningPerson, ScreeningScale
from .sittings import CoverageTicket, Result, Retest, SavedAnswers, Sitting, SittingWord
from .staff_rounds import StaffAlert, StaffLook, StaffRound, StaffSitting
from .watch import RoomWatch
from .waves import ScreeningWave

__all__ = [
    "ConcernEntry",
    "ConcernReport",
    "ConsentLink",
    "CoverageTicket",
    "DutyCheckIn",
    "EarlierBatch",
    "EarlierResult",
    "Flag",
    "GrowthFile",
    "HelpDoor",
    "HelpKnock",
    "InformantLink",
    "InformantSheet",
    "Interview",
    "OwnResult",
    "Result",
    "ResultReading",
    "Retest",
    "RoomWatch",
    "SavedAnswers",
    "ScaleApproval",
    "ScaleRevision",
    "ScaleVersion",
    "ScreenerText",
    "Screening",
    "ScreeningApproval",
    "ScreeningKey",
    "ScreeningKlass",
    "ScreeningPerson",
    "ScreeningScale",
    "ScreeningWave",
    "Sitting",
    "SittingWord",
    "StaffAlert",
    "StaffLook",
    "StaffRound",
    "StaffSitting",
    "TextBinding",
    "TimelineEntry",
]
