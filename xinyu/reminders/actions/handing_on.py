"""Open duties of whoever is away or has left go to somebody who is there (xinyu/reminders/duty_functions.py)."""

from django.db import connection

from xinyu.access.actor import acting_as
from xinyu.access.posts import live_posts
from xinyu.audit.entries import record
from xinyu.reminders.delivery.rows import Absence

SYSTEM = "system:reminders"
HAND_ON = "SELECT access_duties_hand_on(%s, %s, %s, %s)"


def hand_on_now(absence: Absence) -> int:
    """The leave has begun: the acting person's own duties at every school of hers; how many went. Same transaction."""
    moved = 0
    for school_id in sorted({post.school_id for post in live_posts() if post.school_id}):
        with connection.cursor() as cursor:
            cursor.execute(HAND_ON, [absence.user_id, school_id, absence.deputy_id, "leave"])
            moved += cursor.fetchone()[0]
    if moved:
        record("reminders.hand_on", subject=absence, detail={"duties": moved})
    return moved


def hand_on_duties() -> int:
    """The sweep: a leave begins by its date, a post runs out by its date; how many duties went to somebody else."""
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT person, at_school, deputy, reason FROM access_duties_of_absent()")
        absent = cursor.fetchall()
    moved = 0
    for person, school_id, deputy, reason in absent:
        with acting_as(SYSTEM), connection.cursor() as cursor:
            cursor.execute(HAND_ON, [person, school_id, deputy, reason])
            count = cursor.fetchone()[0]
            if count:
                record(
                    "reminders.hand_on",
                    subject=f"accounts_user:{person}",
                    school_id=school_id,
                    detail={"duties": count, "why": reason},
                )
            moved += count
    return moved
