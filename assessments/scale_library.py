"""The scale library: documents become versions, a version is frozen once used, the county approves a version."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from assessments.models import ScaleApproval, ScaleRevision, ScaleVersion, TextBinding
from assessments.scoring import Definition, definition_hash, load_documents, parse_definition
from assessments.text_binding import BoundItem, TextRefused, bound_document, next_version
from xinyu.access.actor import DOOR, acting_as, current
from xinyu.access.permissions import roles_for
from xinyu.access.posts import live_posts
from xinyu.audit.entries import record
from xinyu.organisations.models import County


class ScaleFrozen(Exception):
    """A version that has been used can not be changed: give the document a new version."""


@lru_cache(maxsize=64)
def parsed(digest: str, version_id: int) -> Definition:
    """The checked definition of the version with this digest, read once per process."""
    return parse_definition(ScaleVersion.objects.only("definition").get(pk=version_id).definition)


def definition_of(version: ScaleVersion) -> Definition:
    """The checked definition of a stored version; the same object every time, so that its compiled key is cached."""
    return parsed(version.digest, version.pk)


@transaction.atomic
def load_library() -> list[ScaleVersion]:
    """Store the shipped documents. Returns new and changed versions only; raises DefinitionError and ScaleFrozen."""
    changed = []
    for document in load_documents().values():
        definition, digest = parse_definition(document), definition_hash(document)
        known = ScaleVersion.objects.filter(code=definition.code, version=definition.version).first()
        if known and known.digest == digest:
            continue
        if known and (known.frozen_at or known.approvals.exists()):
            raise ScaleFrozen(f"{known} 已经用于测评或已批准，内容不能再改；请在文件中写一个新的版本号。")
        changed.append(store_version(known or ScaleVersion(), definition, document))
    return changed


def store_version(version: ScaleVersion, definition: Definition, document: dict[str, Any]) -> ScaleVersion:
    """Write a checked document into a version, new or still a draft."""
    version.code, version.version = definition.code, definition.version
    version.title, version.definition = definition.title_zh, document
    version.digest, version.source = definition.digest, definition.source[:200]
    version.licence, version.text_status = definition.licence.licence[:200], definition.text_status
    version.save()
    with acting_as(current() or DOOR):  # the operator's command has no log-in of its own
        record("assessments.load_scale", subject=version, detail={"digest": version.digest})
    return version


def freeze(versions: list[ScaleVersion]) -> None:
    """Called when a screening opens: results must keep pointing at the text that was shown."""
    ids = [version.pk for version in versions]
    ScaleVersion.objects.filter(pk__in=ids, frozen_at=None).update(frozen_at=timezone.now())


@transaction.atomic
def approve_scale(version: ScaleVersion, county: County, *, actor, note: str) -> ScaleApproval:
    """A county officer has compared this text with the official form and stands for it by name (3-scales C0.7)."""
    own = {post.county_id for post in live_posts() if post.role in roles_for("assessments.approve_scale")}
    of_another = ScaleRevision.objects.filter(version=version).exclude(Q(county=None) | Q(county=county)).exists()
    if county.pk not in own or of_another:
        raise PermissionDenied("assessments.approve_scale")
    try:
        with transaction.atomic():
            approval = ScaleApproval.objects.create(county=county, version=version, by=actor, note=note)
    except IntegrityError:  # two officers at once: the first one stands
        return ScaleApproval.objects.get(county=county, version=version)
    record(
        "assessments.approve_scale",
        subject=version,
        detail={"county": county.pk, "digest": version.digest, "text_status": version.text_status},
    )
    return approval


@dataclass(frozen=True)
class Entitlement:
    """Who may use the words, and by what."""

    entitled: str
    document: str
    licence_number: str = ""
    licence_until: date | None = None


@transaction.atomic
def bind_text(
    base: ScaleVersion,
    items: Sequence[BoundItem],
    entitlement: Entitlement,
    *,
    actor,
    form: str,
    role: str,
    confirmed: Collection[int],
) -> ScaleVersion:
    """A new version with these words; the base and its results stay as they are. A county has to approve it.

    Raises TextRefused without a licence where one is needed, or while a critical item is not confirmed by eye.
    """
    scale = definition_of(base)
    chosen = scale.form(form)
    if chosen is None or role not in scale.roles:
        raise TextRefused("没有这种题序或填写人。")
    until = entitlement.licence_until
    if scale.needs_licence and not (entitlement.licence_number and until and until >= timezone.localdate()):
        raise TextRefused("权利人不允许未经许可的电子使用：请填写许可编号和仍在有效期内的日期。")
    critical = {rule.test.item for rule in scale.critical}
    if critical - set(confirmed):
        raise TextRefused("还有关键条目没有逐一核对。")
    taken = ScaleVersion.objects.select_for_update().filter(code=base.code).values_list("version", flat=True)
    document = bound_document(base.definition, scale, chosen, role, items, next_version(base.version, list(taken)))
    version = store_version(ScaleVersion(), parse_definition(document), document)
    TextBinding.objects.create(version=version, base=base, by=actor, confirmed=sorted(critical), **vars(entitlement))
    record("assessments.bind_text", subject=version, detail={"base": base.pk, "digest": version.digest})
    return version
