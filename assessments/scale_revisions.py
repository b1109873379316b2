"""Cut-offs and norms that a bureau sets: a draft version, seen old beside new, then approved by a county."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assessments.models import ScaleRevision, ScaleVersion
from assessments.scale_library import store_version
from assessments.scoring import parse_definition
from assessments.text_binding import next_version
from xinyu.access.permissions import roles_for
from xinyu.access.posts import live_posts
from xinyu.audit.entries import record

VERB = "assessments.edit_bands"


class RevisionRefused(Exception):
    """Nothing was stored; the sentence says why."""


def revising_county() -> int | None:
    """The county that the acting officer revises for; None for the city. Raises PermissionDenied for anybody else."""
    posts = [post for post in live_posts() if post.role in roles_for(VERB)]
    if not posts:
        raise PermissionDenied(VERB)
    return next((post.county_id for post in posts if post.county_id), None)


def is_draft(version: ScaleVersion) -> bool:
    """A revision that nobody has approved and nothing has used may still be changed."""
    made = ScaleRevision.objects.filter(version=version).exists()
    return made and version.frozen_at is None and not version.approvals.exists()


@transaction.atomic
def revise(base: ScaleVersion, document: dict[str, Any], *, actor, reason: str) -> ScaleVersion:
    """Store the changed document: into the draft itself where `base` is the officer's own draft, else as a new version.

    What exists stays as it is: every result keeps the version it was made with. Raises RevisionRefused when nothing
    differs, DefinitionError for a contradiction.
    """
    county_id = revising_county()
    base = ScaleVersion.objects.select_for_update().get(pk=base.pk)
    own = ScaleRevision.objects.filter(version=base).first()
    own = own if own is not None and own.county_id == county_id else None
    document = document | {"version": base.version}
    if document == base.definition:
        raise RevisionRefused("没有任何改动。")
    if own is not None and is_draft(base):
        version = store_version(base, parse_definition(document), document)
        own.reason, own.by = reason, actor
        own.save(update_fields=["reason", "by", "at"])
    else:
        taken = ScaleVersion.objects.select_for_update().filter(code=base.code).values_list("version", flat=True)
        document = document | {"version": next_version(base.version, list(taken))}
        version = store_version(ScaleVersion(), parse_definition(document), document)
        ScaleRevision.objects.create(version=version, base=base, county_id=county_id, reason=reason, by=actor)
    record(
        "assessments.revise_scale",
        subject=version,
        detail={"base": base.pk, "county": county_id, "digest": version.digest},
    )
    return version
