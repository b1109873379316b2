"""Several people about one student, side by side: never added up, never averaged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from assessments.models import InformantLink, InformantSheet, Result, ScaleApproval, ScaleVersion
from assessments.queries.results import plain
from assessments.queries.scales import keys_in_force, offered, out_of_force
from assessments.scale_gate import ROLE_NAMES
from assessments.scale_library import definition_of
from xinyu.students.models import Student
from xinyu.ui.frame import Fact

#: whoever fills in a paper form about a student
OTHERS = ("parent", "teacher")


@dataclass(frozen=True)
class Voice:
    """One column: who, when, and the score sheet (or None where it is not interpreted)."""

    who: str
    on: date
    sheet: dict | None

    def cell(self, code: str) -> tuple[str, str]:
        """(value, what its band says) of "total" or a factor."""
        if self.sheet is None:
            return "—", "不作解释" if code == "total" else ""
        if code == "total":
            shown = self.sheet.get("display_total")
            value = shown if shown is not None else self.sheet.get("total")
            return plain(value), (self.sheet.get("band") or {}).get("label", "")
        factor = (self.sheet.get("factors") or {}).get(code) or {}
        return plain(factor.get("value")), (factor.get("band") or {}).get("label", "")


@dataclass(frozen=True)
class SideBySide:
    title: str
    voices: tuple[Voice, ...]
    measures: tuple[tuple[str, str], ...]

    @property
    def sources(self) -> list[str]:
        """Where the bands of these sheets are from, each source once."""
        sheets = [voice.sheet for voice in self.voices if voice.sheet]
        bands = [band for sheet in sheets for band in (sheet.get("band"), *_bands(sheet)) if band]
        return list(dict.fromkeys(band["source"] for band in bands))

    @property
    def rows(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return [(name, [voice.cell(code) for voice in self.voices]) for code, name in self.measures]


def _bands(sheet: dict) -> list[dict | None]:
    return [factor.get("band") for factor in (sheet.get("factors") or {}).values()]


def side_by_side(student: Student) -> list[SideBySide]:
    """Per scale that somebody else filled in: the newest own sheet and the newest of each informant."""
    sheets = list(InformantSheet.objects.filter(student=student).select_related("version").order_by("filled_on", "pk"))
    by_scale: dict[str, dict[str, InformantSheet]] = {}
    for sheet in sheets:
        by_scale.setdefault(sheet.scale, {})[f"{sheet.role}:{sheet.who}"] = sheet
    own = Result.objects.filter(student=student, scale__in=by_scale).order_by("at", "pk")
    newest = {result.scale: result for result in own}
    return [_beside(newest.get(scale), list(others.values())) for scale, others in by_scale.items()]


def _beside(own: Result | None, others: Sequence[InformantSheet]) -> SideBySide:
    voices = [_voice(sheet) for sheet in others]
    if own is not None:
        voices.insert(0, Voice("学生本人", timezone.localdate(own.at), own.sheet if own.is_valid else None))
    factors = {factor.code: factor.title_zh for factor in definition_of(others[0].version).factors}
    has_total = any(voice.sheet and voice.sheet.get("total") is not None for voice in voices)
    measures = ((("total", "总分"),) if has_total else ()) + tuple(factors.items())
    return SideBySide(others[0].version.title, tuple(voices), measures or (("total", "总分"),))


def _voice(sheet: InformantSheet) -> Voice:
    return Voice(f"{ROLE_NAMES[sheet.role]}（{sheet.who}）", sheet.filled_on, sheet.sheet if sheet.is_valid else None)


def forms_for_others(county_id: int) -> list[tuple[str, str]]:
    """[("version:order:role", words)] of the forms that guardians or teachers fill in.

    For each scale and informant the version that counts in the county; a text bound for students alone leaves the
    other informants' key as it was.
    """
    chosen: dict[tuple[str, str], ScaleVersion] = {}
    for version in keys_in_force(county_id):
        chosen |= {(version.code, role): version for role in definition_of(version).roles if role in OTHERS}
    found = []
    for (_, role), version in sorted(chosen.items(), key=lambda one: (one[1].title, OTHERS.index(one[0][1]))):
        forms = definition_of(version).forms
        for form in forms:
            order = f"，{form.title_zh or form.code}" if len(forms) > 1 else ""
            found.append((f"{version.pk}:{form.code}:{role}", f"{version.title} · {ROLE_NAMES[role]}{order}"))
    return found


def versions_to_send(county_id: int) -> list[tuple[ScaleVersion, str]]:
    """[(version, informant)] of what somebody may answer on a phone: with words and approved by the county."""
    approved = ScaleApproval.objects.filter(county=county_id).values("version")
    versions = offered(county_id).filter(pk__in=approved).order_by("title", "-pk")
    usable = [one for one in versions if not out_of_force([one], county_id, timezone.localdate())]
    return [(one, role) for one in usable for role in definition_of(one).roles if role in OTHERS]


def links_of(student: Student) -> list[tuple[InformantLink, Fact]]:
    """Codes that were given out about a student, newest first, and how each stands."""
    rows = InformantLink.objects.filter(student=student).select_related("version")
    return [(row, _standing(row)) for row in rows]


def _standing(link: InformantLink) -> Fact:
    if link.used_at is not None:
        return Fact("已填写", "circle-check", "good")
    if link.expires_at <= timezone.now():
        return Fact("已停用", "clock", "neutral")
    return Fact("等待填写", "hourglass", "info")
