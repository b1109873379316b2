"""What a county has decided about its seasons, beside what ships."""

from dataclasses import dataclass
from datetime import date

from xinyu.organisations.choices import Stage
from xinyu.organisations.models import County
from xinyu.reminders import gather
from xinyu.reminders.forms.rules import GRADES
from xinyu.reminders.models import SeasonSetting
from xinyu.reminders.season_book import Who, load_book, parse_season
from xinyu.reminders.seasons import SeasonWindow, seasons_in
from xinyu.reminders.steps import Policy
from xinyu.ui.frame import Fact

ON = Fact("使用中", "circle-check", "good")
OFF = Fact("已停用", "circle-dashed", "neutral")


@dataclass(frozen=True)
class RuleLine:
    """One season as the county has it; `windows` of this year, none when it is switched off or falls elsewhere."""

    code: str
    title: str
    is_own: bool
    fact: Fact
    who: str
    windows: tuple[SeasonWindow, ...]
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class Month:
    start: date
    end: date


@dataclass(frozen=True)
class CountyRules:
    """The newest decision, in force or yet to come, and every one before it."""

    seasons: tuple[RuleLine, ...]
    policy: Policy
    month: Month | None
    history: tuple[SeasonSetting, ...]
    today: date

    @property
    def coming(self) -> SeasonSetting | None:
        """A decision whose day has not come yet: the page shows it, people are still reminded by the one before."""
        newest = self.history[0] if self.history else None
        return newest if newest and newest.in_force_from > self.today else None


def county_rules(county: County, today: date) -> CountyRules:
    history = SeasonSetting.objects.filter(county=county).select_related("by").order_by("-in_force_from", "-id")
    rows = tuple(history[:20])
    rules = rows[0].rules if rows else gather.NO_RULES
    setting = gather.setting_of(county, rules)
    windows = seasons_in(today.year, setting)
    off = set(rules.get("disabled", ()))
    own = [parse_season(row) for row in rules.get("custom", ())]
    lines = [
        RuleLine(
            season.code, season.title, season in own, OFF if season.code in off else ON, _who(season.who),
            tuple(window for window in windows if window.code == season.code),
            tuple(one.title for one in season.obligations),
        )
        for season in (*own, *load_book().seasons)
    ]  # fmt: skip
    months = [w.span for w in windows if w.code == "psych_month"]
    month = Month(months[0].start, months[0].end) if months else None
    return CountyRules(tuple(lines), Policy(**rules.get("policy", {})), month, rows, today)


def _who(who: Who) -> str:
    stages = "、".join(Stage(stage).label for stage in Stage.values if stage in who.stages) or "全部学段"
    return stages if who.grades == "all" else f"{stages} · {dict(GRADES)[who.grades]}"
