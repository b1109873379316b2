"""A county chooses the scheme of its levels; what was stated before keeps the words it was stated in."""

from datetime import date

from django.db import transaction

from crisis.levels import scheme_named
from crisis.models import SchemeChoice
from crisis.refusals import CaseRefusedError
from xinyu.audit.entries import record
from xinyu.organisations.models import County


@transaction.atomic
def choose_scheme(county: County, *, actor, key: str, from_on: date, today: date) -> SchemeChoice:
    """From `from_on` on, new statements of the county's schools use the scheme. Raises CaseRefusedError."""
    if from_on < today:
        raise CaseRefusedError("起用日不能早于今天：已经作出的定级不追改。")
    try:
        scheme = scheme_named(key)
    except KeyError as error:
        raise CaseRefusedError("没有这个方案。") from error
    row = SchemeChoice.objects.create(
        county=county, scheme=scheme.code, version=scheme.version, from_on=from_on, by=actor
    )
    record("crisis.choose_scheme", subject=row, detail={"scheme": scheme.key, "from": str(from_on)})
    return row
