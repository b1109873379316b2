"""Abstract rows about one student: where they stand is filled by the database from the parent (access/compile.py)."""

from django.db import models


def _place(to: str, *, is_checked: bool = True) -> models.ForeignKey:
    return models.ForeignKey(
        to,
        models.PROTECT,
        editable=False,
        db_default=models.Value(0),
        db_constraint=is_checked,
        db_index=is_checked,
        related_name="+",
    )


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


class Beside(models.Model):
    """As OnPath, for rows that an import writes beside each student (Seal.bulk).

    The database has compared the place with the student's own, whose foreign keys hold; checking the copies as well
    doubled what an import pays for foreign keys.
    """

    school = _place("organisations.School", is_checked=False)
    grade = _place("organisations.Grade", is_checked=False)
    klass = _place("organisations.Klass", is_checked=False)

    class Meta:
        abstract = True
