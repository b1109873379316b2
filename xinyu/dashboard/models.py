"""What a bureau reads: counts that a job wrote. The bureau never holds a row of a student."""

from django.db import models

from xinyu.access.seal import Seal

BUREAU_EYES = "county_officer city_officer counselor principal vice_principal moral_head"


class Counted(models.Model):
    """A count of one school, with the county and city it belongs to."""

    school = models.ForeignKey("organisations.School", models.PROTECT, related_name="+")
    county = models.ForeignKey(
        "organisations.County", models.PROTECT, editable=False, db_default=models.Value(0), related_name="+"
    )
    city = models.ForeignKey(
        "organisations.City", models.PROTECT, editable=False, db_default=models.Value(0), related_name="+"
    )

    class Meta:
        abstract = True


class Coverage(Counted):
    """Invited, started, finished, exempt of one screening in one grade; fresh within seconds."""

    screening_id = models.BigIntegerField()
    title = models.CharField(max_length=60)
    opens_on = models.DateField()
    grade_id = models.BigIntegerField()
    grade_name = models.CharField(max_length=20)
    invited = models.PositiveIntegerField()
    started = models.PositiveIntegerField()
    finished = models.PositiveIntegerField()
    exempt = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    seal = Seal(BUREAU_EYES, systems="statistics demo", path="school", may="SELECT, INSERT, UPDATE, DELETE")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["screening_id", "grade_id"], name="coverage_once")]
        indexes = [
            models.Index(fields=["county", "screening_id"]),
            models.Index(fields=["school", "screening_id"]),
            models.Index(fields=["city", "screening_id"]),
        ]


class ScreeningFigure(Counted):
    """The report of a screening that is over, for the leaders of its school: by grade, small groups hidden, frozen."""

    screening_id = models.BigIntegerField(unique=True)
    published_at = models.DateTimeField(auto_now_add=True)
    #: [report_shapes.ScaleTable as a dict]
    tables = models.JSONField(default=list)

    seal = Seal("principal vice_principal moral_head", systems="statistics demo", path="school", may="SELECT, INSERT")

    class Meta:
        indexes = [models.Index(fields=["school"])]


class SignalTotal(Counted):
    """Nightly version: students of a school with an open interview queue entry or case; shown only suppressed."""

    version = models.DateField()
    students = models.PositiveIntegerField()
    cases = models.PositiveIntegerField()

    seal = Seal("counselor principal", systems="statistics demo", path="school", may="SELECT, INSERT, UPDATE, DELETE")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "version"], name="signal_total_once")]
        indexes = [models.Index(fields=["county", "version"])]


class SuppressedTotal(models.Model):
    """A published number of a county × school lattice; NULL: hidden, as a small cell or as the complement of one."""

    version = models.DateField()
    city = models.ForeignKey("organisations.City", models.PROTECT, related_name="+")
    county = models.ForeignKey("organisations.County", models.PROTECT, null=True, related_name="+")
    school = models.ForeignKey("organisations.School", models.PROTECT, null=True, related_name="+")
    measure = models.CharField(max_length=20)
    value = models.PositiveIntegerField(null=True)

    seal = Seal("county_officer city_officer", systems="statistics demo", may="SELECT, INSERT, UPDATE, DELETE")

    class Meta:
        indexes = [models.Index(fields=["county", "version"]), models.Index(fields=["city", "version"])]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "city", "county", "school", "measure"],
                name="suppressed_total_once_a_city",
                nulls_distinct=False,
            )
        ]
