"""`manage.py seasons --on DATE` or `--year 2027` [`--county CODE`]: who would be told of what, when, as JSON.

Exactly what sweeps deliver that run every day; after stopped days the first one delivers the newest of what was missed.
"""

import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from xinyu.access.actor import acting_as
from xinyu.organisations.models import County
from xinyu.reminders import gather
from xinyu.reminders.due import Due, plan_year, told
from xinyu.reminders.models import SeasonSetting
from xinyu.reminders.planning import due_on


class Command(BaseCommand):
    help = "打印一天或一年的时节提醒：谁、何时、因为什么；不指定县区则为全部县区。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--county", help="县区代码")
        parser.add_argument("--year", type=int, help="整年")
        parser.add_argument("--on", type=date.fromisoformat, help="只看这一天，YYYY-MM-DD")

    def handle(self, *args, county: str | None, year: int | None, on: date | None, **options) -> None:
        if on is None and year is None:
            raise CommandError("请用 --on 指定一天，或用 --year 指定一年。")
        if on is not None and year not in (None, on.year):
            raise CommandError("--on 的日期必须在 --year 这一年内。")
        with acting_as("system:reminders"):
            rows = list(County.objects.filter(code=county) if county else County.objects.all())
            if county and not rows:
                raise CommandError(f"没有代码为 {county} 的县区。")
            found = [
                one
                for row in rows
                for one in (due_on(gather.county_facts(row, on), row, on) if on else of_year(row, year or 0))
            ]
        self.stdout.write(json.dumps([as_json(one) for one in found], ensure_ascii=False, indent=1))


def of_year(county: County, year: int) -> list[Due]:
    """Grades change their marks on 1 September and new rules come into force: each stretch is planned on its own."""
    changes = SeasonSetting.objects.filter(county=county, in_force_from__year=year)
    starts = sorted({date(year, 1, 1), date(year, 9, 1), *changes.values_list("in_force_from", flat=True)})
    found: list[Due] = []
    for start, end in zip(starts, [*starts[1:], date(year + 1, 1, 1)], strict=True):
        facts = gather.county_facts(county, start)
        planned = plan_year(year, facts.setting, facts.facts, facts.people, facts.subjects, policy=facts.policy)
        found += [one for one in planned if start <= one.on < end]
    return told(found, county.pk)


def as_json(one: Due) -> dict:
    return {
        "key": one.key, "on": str(one.on), "user": one.person_id, "role": one.role, "season": one.season,
        "title": one.title, "place": one.place_title, "due_on": str(one.due_on), "reason": one.reason.code,
        "level": one.level, "version": one.version,
    }  # fmt: skip
