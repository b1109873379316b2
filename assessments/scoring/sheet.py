"""What comes out of scoring one answer sheet."""

from dataclasses import asdict, dataclass
from typing import Any

from .definition import Band


@dataclass(frozen=True, slots=True)
class Flag:
    """A critical answer. `item` is the scale's own number, `position` the place on the form that was filled in;
    `value` the raw value; `level` talk | same_day | immediate is how soon to talk, never a risk level."""

    item: int
    position: int
    value: int
    level: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A doubt about how the sheet was filled in."""

    code: str
    text_zh: str


@dataclass(frozen=True, slots=True)
class NormScore:
    """`kind` T | percentile | standard; `year` is when the norm group was measured, None where unknown."""

    on: str
    kind: str
    value: float
    source: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class FactorScore:
    """`value` is None when too many of the factor's items are blank or the sheet failed its validity scale."""

    code: str
    title_zh: str
    value: float | None
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """One scored answer sheet.

    `total` is the scale's own sum or mean, `display_total` the same after the scale's multiplier (WHO-5 index, SDS
    standard score); both None when `valid` is false or the scale has no total. `invalid_because` holds "missing"
    and/or "validity". `answered` counts scored items, `missing` lists their numbers. `prorated`: blanks were filled
    in by the scale's published rule. `bands` are those of the total, the main one first; `flags` never depend on them.
    """

    scale: str
    version: str
    digest: str
    form: str
    role: str
    complete: bool
    valid: bool
    invalid_because: tuple[str, ...]
    answered: int
    missing: tuple[int, ...]
    prorated: bool
    total: float | None
    display_total: float | None
    bands: tuple[Band, ...]
    factors: tuple[FactorScore, ...]
    counts: tuple[tuple[str, int], ...]
    norms: tuple[NormScore, ...]
    flags: tuple[Flag, ...]
    quality: tuple[Remark, ...]

    @property
    def band(self) -> Band | None:
        return self.bands[0] if self.bands else None

    @property
    def band_source(self) -> str | None:
        return self.bands[0].source if self.bands else None

    def band_in(self, table: str) -> Band | None:
        """The band of the total in one named table, e.g. "screen"."""
        return next((band for band in self.bands if band.table == table), None)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON. Factors are keyed by code; bands by table, the main one again under `band`."""
        return {
            "scale": self.scale,
            "version": self.version,
            "digest": self.digest,
            "form": self.form,
            "role": self.role,
            "complete": self.complete,
            "valid": self.valid,
            "invalid_because": list(self.invalid_because),
            "answered": self.answered,
            "missing": list(self.missing),
            "prorated": self.prorated,
            "total": self.total,
            "display_total": self.display_total,
            "band": _band(self.band),
            "bands": {band.table: _band(band) for band in self.bands},
            "factors": {factor.code: _factor(factor) for factor in self.factors},
            "counts": dict(self.counts),
            "norms": [asdict(norm) for norm in self.norms],
            "flags": [asdict(flag) for flag in self.flags],
            "quality": [asdict(remark) for remark in self.quality],
        }


def _band(band: Band | None) -> dict[str, Any] | None:
    if band is None:
        return None
    return {
        "code": band.code,
        "label": band.label_zh,
        "concern": band.concern,
        "above" if band.exclusive else "from": band.start,
        "on": band.on,
        "source": band.source,
    }


def _factor(factor: FactorScore) -> dict[str, Any]:
    return {
        "title": factor.title_zh,
        "value": factor.value,
        "band": _band(factor.bands[0] if factor.bands else None),
        "bands": {band.table: _band(band) for band in factor.bands},
    }
