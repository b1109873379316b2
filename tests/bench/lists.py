"""Lists under row security beside the same statement without: the backup's log-in bypasses row security."""

from contextlib import closing
from typing import Any

import psycopg2

from assessments.models import Sitting
from tests import databases
from tests.bench.measure import line, median_ms, timed
from tests.cast import World
from xinyu.access.actor import acting_as
from xinyu.ops import accounts, envfile, paths
from xinyu.organisations.models import School
from xinyu.students.models import Student
from xinyu.students.queries import student_list

TIMES = 40
FILL = """INSERT INTO students_student (vault_id, klass_id, number, name, pinyin, initials, sex, birth_on, is_boarding)
SELECT gen_random_uuid(), %s, 'N' || %s || '-' || id, name, pinyin, initials, sex, birth_on, is_boarding
FROM students_student WHERE school_id = %s LIMIT %s"""


def bypassing() -> str:
    """The backup's address; the owner's where set-up wrote none down (a policy that is always true stays then)."""
    admin = envfile.read(paths.servers(accounts.unprivileged()) / "admin.env")
    return admin.get("BACKUP_URL") or envfile.read(paths.env_file())["XINYU_DATABASE_OWNER"]


def fill(world: World, owner: str, total: int) -> None:
    """More schools with students of invented twins, until the table has `total` rows; then fresh statistics."""
    with acting_as("system:demo"):
        here = Student.objects.count()
        klasses = []
        for n in range(1, max(1, -(-(total - here) // 10_000)) + 1):
            school = School.objects.create(
                county=world.county, city=world.city, code=f"F-{n}", name=f"第{n}中学", kind="junior", locality="urban"
            )
            grade = world.grade.__class__.objects.create(school=school, stage="junior", entry_year=2025)
            klasses.append(world.klass.__class__.objects.create(school=school, grade=grade, name="1班"))
    for klass in klasses:
        databases.ask(owner, FILL, klass.pk, klass.pk, world.school.pk, 10_000)
    databases.ask(owner, "ANALYZE")


def queries(world: World, klass_id: int, screening_id: int) -> dict[str, Any]:
    schools = [world.school.pk]
    return {
        "a class": student_list({"klass": klass_id}, schools).order_by("number"),
        "first page of the school": student_list({}, schools).order_by("klass_id", "number")[:50],
        "search by pinyin": student_list({"q": "zh"}, schools).order_by("pinyin")[:50],
        "open sittings of a screening": Sitting.objects.filter(
            school_id__in=schools, screening_id=screening_id, state="invited"
        ).order_by("id")[:50],
    }


def measure(world: World, url: str, database: str, klass_id: int, screening_id: int) -> dict[str, Any]:
    with acting_as(world.counselor):
        texts = {name: query.query.sql_with_params() for name, query in queries(world, klass_id, screening_id).items()}
    actor = (
        f"SELECT set_config('role', 'xinyu_staff', true), set_config('app.actor', 'user:{world.counselor.pk}', true)"
    )
    free = databases.elsewhere(bypassing(), database)
    found = {}
    for name, (text, values) in texts.items():
        ours, mine = _median(url, text, values, actor)
        limit, everybody = _median(free, text, values, "")
        assert mine == everybody, f"{name}: other rows under row security"
        found[name] = line(ours, limit, "ms", rows=mine)
    with acting_as("system:statistics"):
        students = Student.objects.count()
    worst = max(found.values(), key=lambda one: one["ratio"])
    return worst | {"students": students, "lists": found, "limit_is": "the same statement without row security"}


def _median(url: str, text: str, values: tuple, actor: str) -> tuple[float, int]:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        if actor:
            cursor.execute(actor)

        def run() -> int:
            cursor.execute(text, values)
            return len(cursor.fetchall())

        return median_ms(run, TIMES), timed(run).result
