"""The station asks the staff of its county how they are; some have answered, one of them so that she is called."""

from datetime import timedelta

from assessments.actions import staff_answers, staff_rounds
from assessments.answers import Page, Sheet
from assessments.models import StaffRound
from assessments.queries.staff_rounds import adult_versions
from xinyu.access.actor import acting_as
from xinyu.accounts.models import User

from ..stage import Stage
from ..world import Member

SCALES = ("PHQ-9", "GAD-7")
WORDS = "期中前后大家都很忙。这份自测帮您看看自己最近的状态，愿意的话，辅导站可以陪您聊一聊。"
STATION = "县教师发展中心三楼，周二、周四 14:00—17:00，0731-88120012"
#: the answers of whoever takes part, one after the other: PHQ-9 and GAD-7; the third has item 9 above zero
SAID = (
    ((0, 1, 0, 1, 0, 0, 1, 0, 0), (1, 0, 1, 0, 0, 1, 0)),
    ((1, 1, 2, 2, 1, 1, 1, 0, 0), (2, 1, 2, 1, 1, 2, 1)),
    ((1, 2, 2, 2, 1, 1, 1, 0, 1), (1, 1, 2, 1, 1, 1, 0)),
    ((0, 0, 1, 0, 0, 0, 0, 0, 0), (0, 0, 1, 0, 0, 0, 0)),
    ((0, 0, 0, 1, 0, 0, 0, 0, 0), (0, 0, 0, 0, 0, 1, 0)),
    ((1, 0, 1, 1, 0, 0, 1, 0, 0), (1, 1, 0, 0, 1, 0, 0)),
)


def ask_staff(stage: Stage) -> None:
    """In the first county. Who takes part: homeroom teachers, so that `teacher1` and the leaders find it unanswered."""
    code, people = next(iter(stage.world.county_staff.items()))
    station = stage.users[next(member.username for member in people if member.role == "station_counselor")]
    schools = [one for one in stage.world.schools if one.school.county == code]
    today, county = stage.world.today, stage.counties[code]
    with acting_as(station):
        by_code = {version.code: version for version in adult_versions(county.pk)}
        row = staff_rounds.plan_round(
            county, actor=station, title="秋季学期教职工心理自测", words=WORDS, station=STATION,
            versions=[by_code[scale] for scale in SCALES], opens_on=today - timedelta(days=3),
            closes_on=today + timedelta(days=11), school_ids=[stage.schools[one.school.code].pk for one in schools],
        )  # fmt: skip
        row = staff_rounds.start_round(row, actor=station)
    taking: list[Member] = [member for one in schools for member in one.staff if member.role == "homeroom"]
    for n, (member, said) in enumerate(zip(taking[1:], SAID, strict=False)):
        _answer(row, stage.users[member.username], said, f"1391234{n:04d}")


def _answer(row: StaffRound, user: User, said: tuple[tuple[int, ...], ...], phone: str) -> None:
    with acting_as(user):
        sitting = staff_answers.agree(row, actor=user, contact=phone)
        for place, (scale, values) in enumerate(zip(SCALES, said, strict=True), 1):
            page = Page(scale, 1, Sheet(values))
            staff_answers.save_part(sitting, page, actor=user, is_last=place == len(SCALES))
