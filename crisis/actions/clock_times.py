"""A county sets how long each rung of the duty clock may take; runs that have begun keep the clock they began with."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from crisis.chain import Clock, Rung, duration, kept, load_clocks, parse_clocks
from crisis.refusals import CaseRefusedError
from xinyu.audit.entries import record
from xinyu.organisations.actions import change_setting
from xinyu.organisations.models import County

#: how many times the shipped limit a county may allow: a setting must not switch the alarm off
MOST = 4
#: (colour, rung code) → (minutes or days to acknowledge, to act)
Times = Mapping[tuple[str, str], tuple[int, int]]


def refuse_times(colour: str, rung: Rung, acknowledge: int, act: int) -> str | None:
    """Why a rung may not take so long, or None."""
    clock = load_clocks()[colour]
    usual = next((one for one in clock.rungs if one.code == rung.code), rung)
    if not 0 < acknowledge <= act:
        return f"“{rung.label}”：确认时限要大于 0，且不长于采取措施的时限。"
    for given, most in ((acknowledge, usual.acknowledge * MOST), (act, usual.act * MOST)):
        if given > most:
            return f"“{rung.label}”：{duration(given, clock.kind)}太长，最多 {duration(most, clock.kind)}。"
    return None


def with_times(clocks: Mapping[str, Clock], times: Times, version: str, source: str) -> dict[str, Clock]:
    """Raises CaseRefusedError, in the words of the rung, for a time that is none or far too long."""
    found = {}
    for colour, clock in clocks.items():
        rungs = []
        for rung in clock.rungs:
            acknowledge, act = times[colour, rung.code]
            if why := refuse_times(colour, rung, acknowledge, act):
                raise CaseRefusedError(why)
            rungs.append(replace(rung, acknowledge=acknowledge, act=act))
        found[colour] = replace(clock, rungs=tuple(rungs), version=version, source=source)
    return found


@transaction.atomic
def set_clock_times(county: County, clocks: Mapping[str, Clock], times: Times) -> str:
    """The new version. `clocks`: those that were looked at; from now on new runs go by the times."""

    def change(known: dict[str, Any] | None) -> dict[str, Any]:
        number = int((known or {}).get("number", 0)) + 1
        version, source = f"{county.code}-{number}"[:20], f"{county.name}设定"
        changed = with_times(clocks, times, version, source)
        rows = {colour: kept(clock)["clocks"][colour] for colour, clock in changed.items()}
        rules = {"version": version, "source": source, "number": number, "clocks": rows}
        parse_clocks(rules)
        return rules

    before = change_setting(county, "chain", change) or {}
    version = county.settings["chain"]["version"]
    record("crisis.set_clock_times", subject=county, detail={"version": version, "before": before.get("version", "")})
    return version
