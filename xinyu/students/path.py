"""Abstract rows about one student: where they stand is filled by the database from the parent (access/compile.py)."""

from django.db import models


def _place(to: str) -> models.ForeignKey:
    return models.ForeignKey(to, models.PROTECT, editable=False, db_default=models.Value(0), related_name="+")


class InSchool(models.Model):
    """A row that belongs to a school, read by people with a post at the school."""

    school = _place("organisations.School")

    class Meta:
        abstract = True


class OnPath(InSchool):
    """A row that also knows grade and class, for homeroom teachers and grade heads; follows a change of class."""

    grade = _place("organisations.Grade")
    klass = _place("organisations.Klass")

    class Meta:
        abstract = True
