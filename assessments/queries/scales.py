"""What the pages of the scale library show."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessments.models import ScaleApproval, ScaleRevision, ScaleVersion, TextBinding
from assessments.scale_gate import TEXT_STATUS_NAMES, whom
from assessments.scale_library import definition_of
from assessments.scoring import Definition
from assessments.scoring.definition import Critical
from xinyu.access.permissions import roles_for
from xinyu.access.posts import live_posts
from xinyu.organisations.models import County, School
from xinyu.ui.frame import Fact

LEVEL_NAMES = {"immediate": "立即访谈", "same_day": "当日访谈", "talk": "想聊聊"}


@dataclass(frozen=True)
class ScaleLine:
    """A version as a list shows it. `approval` is the own county's, or None."""

    version: ScaleVersion
    definition: Definition
    approval: ScaleApproval | None
    revision: ScaleRevision | None = None
    #: the version that took its place in the own county, if any
    replaced_by: str = ""

    @property
    def fact(self) -> Fact:
        if self.replaced_by:
            return Fact(f"已由第 {self.replaced_by} 版接替", "history", "neutral")
        if self.revision and not self.approval:
            return Fact("改过界值或常模，待启用", "pencil", "notice")
        if self.approval:
            return Fact("本县区已批准", "circle-check", "good")
        if self.definition.text_status == "official":
            return Fact(TEXT_STATUS_NAMES["official"], "certificate", "info")
        if self.definition.text_status == "none":
            return Fact(TEXT_STATUS_NAMES["none"], "ban", "neutral")
        return Fact("自拟文本，待县区核对", "alert-circle", "notice")

    @property
    def whom(self) -> str:
        return whom(self.definition)

    @property
    def text_status(self) -> str:
        return TEXT_STATUS_NAMES[self.definition.text_status]


def own_counties() -> set[int]:
    """Counties above the live posts of the acting person."""
    posts = live_posts()
    schools = {post.school_id for post in posts if post.school_id}
    found = set(School.objects.filter(pk__in=schools).values_list("county_id", flat=True))
    return found | {post.county_id for post in posts if post.county_id}


def counties_to_approve(version: ScaleVersion) -> list[County]:
    """Own counties of an officer that have not approved the version yet."""
    role = roles_for("assessments.approve_scale")
    own = {post.county_id for post in live_posts() if post.role in role and post.county_id}
    done = ScaleApproval.objects.filter(version=version).values("county_id")
    return list(County.objects.filter(pk__in=own).exclude(pk__in=done))


def approvals(version: ScaleVersion):
    return ScaleApproval.objects.filter(version=version).select_related("county", "by").order_by("at")


def replaced_in(counties: Collection[int]) -> dict[int, str]:
    """Version id → the version that took its place, once each of these counties had approved a revision of it."""
    found: dict[int, str] = {}
    for one in ScaleRevision.objects.select_related("version").order_by("version_id"):
        approved = ScaleApproval.objects.filter(version=one.version_id, county_id__in=counties)
        if counties and approved.count() >= len(set(counties)):
            found[one.base_id] = one.version.version
    return found


def _of_own(own: Collection[int]) -> Q:
    """Versions that concern these counties: what ships, what was bound, and their own and the city's revisions."""
    return Q(revision=None) | Q(revision__county=None) | Q(revision__county__in=own)


def offered(county_id: int) -> QuerySet[ScaleVersion]:
    """What a screening of this county may choose from: with words, no draft of a revision, not replaced."""
    in_force = Q(revision=None) | Q(pk__in=ScaleApproval.objects.filter(county=county_id).values("version"))
    versions = ScaleVersion.objects.filter(in_force).exclude(text_status="none")
    return versions.exclude(pk__in=replaced_in([county_id]))


def keys_in_force(county_id: int) -> QuerySet[ScaleVersion]:
    """What a paper sheet of this county may be scored by: what ships and what the county approved, not replaced.

    Nobody's draft, and no text that was bound and not yet compared. The one that counts most comes last: the county's
    own word before what ships, then the newer one.
    """
    own = ScaleApproval.objects.filter(county=county_id, version=OuterRef("pk"))
    versions = ScaleVersion.objects.annotate(is_approved=Exists(own))
    in_force = Q(is_approved=True) | Q(revision=None, binding=None)
    return versions.filter(in_force).exclude(pk__in=replaced_in([county_id])).order_by("is_approved", "pk")


def out_of_force(versions: Iterable[ScaleVersion], county_id: int, day: date) -> tuple[str, ...]:
    """Why versions that a plan chose earlier must not be opened any more: replaced here, or the licence has run out."""
    out, replaced = [], replaced_in([county_id])
    for version in versions:
        if version.pk in replaced:
            out.append(
                f"“{version.title}”第 {version.version} 版已由第 {replaced[version.pk]} 版接替，请改选新的版本。"
            )
        binding = binding_of(version) if definition_of(version).needs_licence else None
        if binding and binding.licence_until and binding.licence_until < day:
            out.append(f"“{version.title}”的使用许可已于 {binding.licence_until:%Y-%m-%d} 到期，续期并重新录入后再用。")
    return tuple(out)


def library() -> list[ScaleLine]:
    """Every version that concerns the acting person, with the approval of a county of hers."""
    counties = own_counties()
    own = {a.version_id: a for a in ScaleApproval.objects.filter(county_id__in=counties).select_related("by")}
    replaced = replaced_in(counties)
    versions = ScaleVersion.objects.order_by("code", "version").select_related("revision")
    if counties:
        versions = versions.filter(_of_own(counties))
    return [
        ScaleLine(v, definition_of(v), own.get(v.pk), getattr(v, "revision", None), replaced.get(v.pk, ""))
        for v in versions
    ]


def line_of(version: ScaleVersion) -> ScaleLine:
    counties = own_counties()
    own = ScaleApproval.objects.filter(county_id__in=counties, version=version).first()
    revision = ScaleRevision.objects.select_related("base", "by", "county").filter(version=version).first()
    return ScaleLine(version, definition_of(version), own, revision, replaced_in(counties).get(version.pk, ""))


def binding_of(version: ScaleVersion) -> TextBinding | None:
    """Where the words come from: a revision keeps the words of what it was made from."""
    for _ in range(50):  # revisions of revisions: never a circle, the base is older
        binding = TextBinding.objects.filter(version=version).select_related("by").first()
        revision = ScaleRevision.objects.filter(version=version).select_related("base").first()
        if binding is not None or revision is None:
            return binding
        version = revision.base
    return None


def critical_rules(definition: Definition) -> list[tuple[str, str]]:
    """[("第 9 题 ≥ 2", "立即访谈")] in words."""
    return [(f"第 {rule.test.item} 题 {_bound(rule)}", LEVEL_NAMES[rule.level]) for rule in definition.critical]


def critical_rules_of(definition: Definition) -> dict[int, str]:
    """Item number → "= 1：当日访谈；≥ 2：立即访谈"."""
    found: dict[int, list[str]] = {}
    for rule in definition.critical:
        found.setdefault(rule.test.item, []).append(f"{_bound(rule)}：{LEVEL_NAMES[rule.level]}")
    return {item: "；".join(rules) for item, rules in found.items()}


def _bound(rule: Critical) -> str:
    low, high = rule.test.low, rule.test.high
    return f"= {low}" if low == high else f"≥ {low}" if high is None else f"{low}—{high}"
