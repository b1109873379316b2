"""What the pages of the scale library show."""

from dataclasses import dataclass

from assessments.models import ScaleApproval, ScaleVersion
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

    @property
    def fact(self) -> Fact:
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


def library() -> list[ScaleLine]:
    """Every version, with the approval of a county of the acting person."""
    own = {a.version_id: a for a in ScaleApproval.objects.filter(county_id__in=own_counties()).select_related("by")}
    return [ScaleLine(v, definition_of(v), own.get(v.pk)) for v in ScaleVersion.objects.order_by("code", "version")]


def line_of(version: ScaleVersion) -> ScaleLine:
    own = ScaleApproval.objects.filter(county_id__in=own_counties(), version=version).first()
    return ScaleLine(version, definition_of(version), own)


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
