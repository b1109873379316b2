"""A school words a card's text its own way; what was there before stays as an older version."""

from django.db import IntegrityError, transaction

from crisis.card_templates import CardTemplate
from crisis.duty import roles_at
from crisis.models import SchoolCardTemplate
from crisis.refusals import STALE, StaleVersionError
from xinyu.audit.entries import record


@transaction.atomic
def put_card_text(
    school_id: int, text: CardTemplate, *, actor, after: int, is_shown: bool = True
) -> SchoolCardTemplate:
    """The next version of the text `text.code`; `after` is the version that the writer had before her (0: none).

    Raises StaleVersionError when somebody has written one meanwhile.
    """
    roles_at(school_id, "crisis.card_templates")
    rows = SchoolCardTemplate.objects.filter(school=school_id, code=text.code)
    newest = rows.order_by("-version").values_list("version", flat=True).first() or 0
    if newest != after:
        raise StaleVersionError(STALE)
    row = SchoolCardTemplate(
        school_id=school_id,
        code=text.code,
        version=newest + 1,
        title=text.title,
        watch=text.watch,
        say=text.say,
        call=text.call,
        is_shown=is_shown,
        by=actor,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise StaleVersionError(STALE) from error
    record("crisis.put_card_text", subject=row, detail={"code": text.code, "version": row.version})
    return row
