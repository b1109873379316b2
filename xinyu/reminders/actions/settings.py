"""A county says otherwise about its seasons: rules are data with a version, checked before they are stored."""

from collections.abc import Callable, Mapping
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


def newest_setting(county: County) -> SeasonSetting | None:
    """The last word of the county, in force or yet to come."""
    return SeasonSetting.objects.filter(county=county).order_by("-in_force_from", "-id").first()


@transaction.atomic
def change_rules(
    county: County,
    change: Callable[[dict[str, Any]], dict[str, Any]],
    by: User,
    *,
    base: int,
    from_on: date,
    today: date,
) -> SeasonSetting:
    """Rules with one thing changed, as a new version from `from_on` on. `base`: the version looked at, 0 for none.

    Raises SeasonRulesRefused when somebody else has changed them meanwhile, or for a day that has passed or lies before
    what is decided already.
    """
    County.objects.select_for_update(no_key=True).get(pk=county.pk)  # two officers at once: one after the other
    newest = newest_setting(county)
    if base != (newest.pk if newest else 0):
        raise SeasonRulesRefused("刚才有人改过时节设定。请先看现在的设定，再改一次；您填写的内容还在下面。")
    if from_on < today:
        raise SeasonRulesRefused("生效日期不能早于今天。")
    if newest is not None and from_on < newest.in_force_from:
        raise SeasonRulesRefused(f"已有一份从 {newest.in_force_from} 起生效的设定，请从那一天或更晚的一天起生效。")
    rules = change(dict(newest.rules) if newest else {})
    return add_season_setting(county, rules, by, in_force_from=from_on)


def with_season(code: str, season: Mapping[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Add a season of the county's own, or put it in the place of the one of that code."""

    def change(rules: dict[str, Any]) -> dict[str, Any]:
        others = [row for row in rules.get("custom", []) if row["code"] != code]
        return rules | {"custom": [*others, dict(season)]}

    return change


def without_season(code: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def change(rules: dict[str, Any]) -> dict[str, Any]:
        return rules | {"custom": [row for row in rules.get("custom", []) if row["code"] != code]}

    return change


def with_switch(code: str, *, is_on: bool) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Switch a season off, or on again."""

    def change(rules: dict[str, Any]) -> dict[str, Any]:
        off = set(rules.get("disabled", []))
        return rules | {"disabled": sorted(off - {code} if is_on else off | {code})}

    return change


def with_habits(policy: Mapping[str, int], month: Mapping[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Days of reminding, and the 心理健康月 from a year on; months of earlier years keep theirs."""

    def change(rules: dict[str, Any]) -> dict[str, Any]:
        earlier = rules.get("psych_months") or [vars(month) for month in load_book().psych_months]
        kept = [row for row in earlier if row["from_year"] < month["from_year"]]
        return rules | {"policy": dict(policy), "psych_months": [*kept, dict(month)]}

    return change


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
