"""`manage.py seasons --county CODE --year 2027 [--on DATE]`: who would be reminded of what, when, as JSON."""

import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from xinyu.access.actor import acting_as
from xinyu.organisations.models import County
from xinyu.reminders import gather
from xinyu.reminders.due import Due, due, plan_year


class Command(BaseCommand):
    help = "打印一个县区一年（或某一天）的时节提醒：谁、何时、因为什么。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--county", required=True, help="县区代码")
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--on", type=date.fromisoformat, help="只看这一天，YYYY-MM-DD")

    def handle(self, *args, county: str, year: int, on: date | None, **options) -> None:
        if on is not None and on.year != year:
            raise CommandError("--on 的日期必须在 --year 这一年内。")
        with acting_as("system:reminders"):
            row = County.objects.filter(code=county).first()
            if row is None:
                raise CommandError(f"没有代码为 {county} 的县区。")
            found = self.of_day(row, on) if on else self.of_year(row, year)
        self.stdout.write(json.dumps([as_json(one) for one in found], ensure_ascii=False, indent=1))

    def of_day(self, county: County, on: date) -> list[Due]:
        facts = gather.county_facts(county, on)
        return due(on, facts.facts, facts.windows, facts.calendar, facts.people, facts.subjects, policy=facts.policy)

    def of_year(self, county: County, year: int) -> list[Due]:
        """Grades change their marks on 1 September, so a year is planned in two halves."""
        found: list[Due] = []
        for on, months in ((date(year, 1, 1), range(1, 9)), (date(year, 9, 1), range(9, 13))):
            facts = gather.county_facts(county, on)
            planned = plan_year(year, facts.setting, facts.facts, facts.people, facts.subjects, policy=facts.policy)
            found += [one for one in planned if one.on.month in months]
        return found


def as_json(one: Due) -> dict:
    return {
        "key": one.key, "on": str(one.on), "user": one.person_id, "role": one.role, "season": one.season,
        "title": one.title, "place": one.place_title, "due_on": str(one.due_on), "reason": one.reason.code,
        "level": one.level, "version": one.version,
    }  # fmt: skip
