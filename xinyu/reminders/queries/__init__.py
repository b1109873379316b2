"""Nouns of the season pages and the inbox."""

from xinyu.reminders.queries.inbox import inbox
from xinyu.reminders.queries.rules import CountyRules, RuleLine, county_rules
from xinyu.reminders.queries.seasons import (
    COMING,
    FIGURES,
    KlassLine,
    Owed,
    ReportLine,
    SchoolLine,
    SeasonLine,
    agenda,
    klass_lines,
    open_season,
    receipts,
    records_of,
    report_lines,
    school_lines,
    season_year,
    zero_report,
)

__all__ = [
    "COMING",
    "FIGURES",
    "CountyRules",
    "KlassLine",
    "Owed",
    "ReportLine",
    "RuleLine",
    "SchoolLine",
    "SeasonLine",
    "agenda",
    "county_rules",
    "inbox",
    "klass_lines",
    "open_season",
    "receipts",
    "records_of",
    "report_lines",
    "school_lines",
    "season_year",
    "zero_report",
]
