"""谁能看到这名学生，为什么: from the same seals that the database enforces, and from the posts that count today."""

import re
from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.utils import timezone

from xinyu.access.roles import ROLES
from xinyu.access.seal import Seal, seal_of
from xinyu.access.sql import LIVE_POST
from xinyu.accounts.models import User

from .models import Student

#: part of a student's record → models that hold it, as "app_label.model"
PARTS = {
    "名册": ("students.student",),
    "监护人": ("students.guardian",),
    "测评进度": ("assessments.sitting",),
    "测评结果": ("assessments.result",),
    "个案": ("crisis.case",),
    "辅导记录": ("crisis.casenote", "assessments.interview"),
}


@dataclass(frozen=True)
class Eye:
    """One post that sees something of the student."""

    name: str
    role: str
    place: str
    since: object
    parts: tuple[str, ...]
    why: str


def parts_of(role: str) -> tuple[str, ...]:
    """The parts that a live post of `role` covering the student shows, by the seals of their models."""
    found = []
    for part, labels in PARTS.items():
        for label in labels:
            seal = seal_of(apps.get_model(label))
            words = seal.roles.split() if isinstance(seal, Seal) else []
            if any(word.partition("@")[0].partition("[")[0] == role for word in words):
                found.append(part)
                break
    return tuple(found)


def eyes_on(student: Student) -> list[Eye]:
    """Every live post that covers the student's class, grade or school and shows any part, most local first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access_posts_on(%s)", [student.pk])
        rows = cursor.fetchall()
    names = dict(User.objects.filter(pk__in=[row[1] for row in rows]).values_list("pk", "name"))
    klass = student.klass.name_on(timezone.localdate())
    found = []
    for role, holder, since in rows:
        parts = parts_of(role)
        if parts:
            level = ROLES[role].level
            place = {"klass": klass, "grade": "本年级", "school": "本校"}[level]
            found.append(Eye(names[holder], ROLES[role].label, place, since, parts, f"岗位范围是{place}，包括这名学生"))
    return [*found, *_bureau_eyes(student)]


def _bureau_eyes(student: Student) -> list[Eye]:
    """Officers of the bureau while something of the student is handed over to them: that packet, nothing else."""
    rows = apps.get_model("crisis.handover")._default_manager.filter(student=student, open_until__gt=timezone.now())
    found = []
    for row in rows.select_related("county", "city"):
        what = "移交内容（含姓名、班级）" if row.identity else "移交内容（没有学生身份）"
        why = f"四级联动或学校移交，可见至 {timezone.localtime(row.open_until):%Y-%m-%d %H:%M}"
        for place, role in ((row.county, "county_officer"), (row.city, "city_officer")):
            if place is not None:
                label = ROLES[role].label
                since = timezone.localdate(row.at)
                found.append(Eye(f"{place.name}教育局", label, place.name, since, (what,), why))
    return [*found, *_expert_eyes(rows)]


def _expert_eyes(handovers) -> list[Eye]:
    """Experts whom the bureau has asked, until their hour."""
    rows = apps.get_model("crisis.expertaccess")._default_manager.filter(
        handover__in=handovers, ended_at=None, open_until__gt=timezone.now()
    )
    return [
        Eye(
            row.assignee.name,
            ROLES["expert"].label,
            row.organisation,
            timezone.localdate(row.assigned_at),
            ("移交内容（专家支持）",),
            f"{row.assigned_by.name}邀请，可见至 {timezone.localtime(row.open_until):%Y-%m-%d %H:%M}",
        )
        for row in rows.select_related("assignee", "assigned_by")
    ]


#: A counselor does not see the posts of her school; about a student in sight she may ask who else sees.
#: SECURITY DEFINER as the reader of posts; it answers only where the caller's own post covers the student.
OWN_POST = re.sub(r"\b(approved_at|revoked_at|valid_from|valid_to)\b", r"own.\1", LIVE_POST)
SIGHT_SQL = [
    f"""CREATE OR REPLACE FUNCTION access_posts_on(wanted bigint) RETURNS TABLE (role text, holder bigint, since date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT p.role::text, p.user_id, p.valid_from FROM students_student AS s
    JOIN accounts_post AS p ON p.school_id = s.school_id
      AND (p.klass_id IS NULL OR p.klass_id = s.klass_id) AND (p.grade_id IS NULL OR p.grade_id = s.grade_id)
    JOIN accounts_user AS u ON u.id = p.user_id AND u.is_active
    WHERE s.id = wanted AND {LIVE_POST}
      AND EXISTS (SELECT FROM accounts_post AS own WHERE own.user_id = access_user() AND own.school_id = s.school_id
        AND own.role IN ('counselor', 'principal') AND {OWN_POST})
    ORDER BY p.klass_id NULLS LAST, p.grade_id NULLS LAST, p.role, p.user_id;
END $$""",  # noqa: S608 - constant names
    "REVOKE ALL ON FUNCTION access_posts_on(bigint) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION access_posts_on(bigint) TO xinyu_staff",
]
