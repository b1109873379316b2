"""A county says otherwise about its seasons: rules are data with a version, checked before they are stored."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from xinyu.accounts.models import User
from xinyu.audit.entries import record
from xinyu.organisations.models import County
from xinyu.reminders.models import SeasonSetting
from xinyu.reminders.season_book import PsychMonth, load_book, parse_season
from xinyu.reminders.steps import Policy

#: what rules may hold: own seasons, codes of shipped seasons switched off, own 心理健康月, days of reminding
PARTS = frozenset({"custom", "disabled", "psych_months", "policy"})


class SeasonRulesRefused(ValueError):
    """The rules cannot be read; the text names the part."""


def check_rules(rules: Mapping[str, Any]) -> None:
    """Raises SeasonRulesRefused. A county's own season may not take the code of a shipped one."""
    if unknown := set(rules) - PARTS:
        raise SeasonRulesRefused(f"时节规则中有无法识别的部分：{'、'.join(sorted(unknown))}")
    try:
        custom = [parse_season(row) for row in rules.get("custom", ())]
        _ = [PsychMonth(**row) for row in rules.get("psych_months", ())], Policy(**rules.get("policy", {}))
    except (KeyError, TypeError, ValueError) as error:
        raise SeasonRulesRefused(f"时节规则写法有误：{error}") from error
    shipped = {season.code for season in load_book().seasons}
    if taken := shipped & {season.code for season in custom}:
        raise SeasonRulesRefused(f"自定义时节的代码与内置时节重复：{'、'.join(sorted(taken))}")


@transaction.atomic
def add_season_setting(
    county: County, rules: Mapping[str, Any], by: User | None, *, in_force_from: date, version: str = ""
) -> SeasonSetting:
    """The newest rules in force replace the earlier ones whole; earlier rows stay as history."""
    check_rules(rules)
    number = SeasonSetting.objects.filter(county=county).count() + 1
    row = SeasonSetting.objects.create(
        county=county, version=version or f"{county.code}-{number}"[:20], in_force_from=in_force_from,
        rules=dict(rules), by=by,
    )  # fmt: skip
    record("reminders.add_season_setting", subject=row, detail={"county": county.pk, "version": row.version})
    return row
