"""Which level scheme counts where, on a day."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from crisis.levels import LevelScheme, load_scheme, scheme_named
from crisis.models import SchemeChoice
from xinyu.organisations.models import County, School


def choices_of(county: County) -> QuerySet[SchemeChoice]:
    """Every choice the county has made, the latest to come into force first."""
    return SchemeChoice.objects.filter(county=county).select_related("by")


def scheme_of_county(county_id: int, on: date) -> LevelScheme:
    """The scheme in force; 红橙黄蓝 where the county has chosen nothing."""
    row = SchemeChoice.objects.filter(county_id=county_id, from_on__lte=on).first()
    return scheme_named(f"{row.scheme}/{row.version}") if row else load_scheme()


def scheme_at(school_id: int, on: date | None = None) -> LevelScheme:
    """What a new statement at the school is made in."""
    county_id = School.objects.values_list("county_id", flat=True).get(pk=school_id)
    return scheme_of_county(county_id, on or timezone.localdate())
