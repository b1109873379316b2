"""`python -m tests.load.world COUNT`: a school with an open screening of 100 items; prints {sitting: code} as JSON.

In the database that the environment names, as the tests' log-in.
"""

import json
import os
import sys

KLASS_SIZE = 50


def build(count: int) -> dict[int, str]:
    """At least `count` students in classes of 50, all invited; the first `count` of their codes."""
    from assessments.codes import SittingOwner, open_code, screening_key
    from assessments.models import ScreeningKey
    from tests import cast
    from tests.bench import world
    from xinyu.access.actor import acting_as
    from xinyu.organisations.models import Klass

    here, klasses = world.build(), []
    with acting_as("system:demo"):
        for start in range(0, count, KLASS_SIZE):
            name = f"{start // KLASS_SIZE + 3}班"
            klasses.append(Klass.objects.create(school=here.school, grade=here.grade, name=name))
            for n in range(start, min(count, start + KLASS_SIZE)):
                cast.make_student(klasses[-1], f"2025{n:05d}", f"学生{n}", sex="FM"[n % 2])
    screening = world.open_screening(here, klasses)
    with acting_as(here.counselor):
        key = screening_key(screening.pk, ScreeningKey.objects.get(screening=screening).wrapped)
        rows = screening.sittings.order_by("pk").values_list("pk", "student_id", "code_sealed")[:count]
        return {pk: open_code(sealed, SittingOwner(screening.pk, student, key)) for pk, student, sealed in rows}


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinyu.settings")
    django.setup()
    json.dump(build(int(sys.argv[1])), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
