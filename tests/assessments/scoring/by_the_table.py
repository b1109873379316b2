"""A second scorer, written from the published tables as one reads them and sharing no code with the engine.

Each entry is the table of one scale: the values of its options, its reversed items, its factors with the starts of
their bands, the starts of the bands of its total, its critical answers. Numbers are exact fractions throughout.
"""

from dataclasses import dataclass, field
from fractions import Fraction

SAME_DAY, IMMEDIATE, TALK = "same_day", "immediate", "talk"
NINE = {9: {1: SAME_DAY, 2: IMMEDIATE, 3: IMMEDIATE}}


@dataclass(frozen=True)
class Table:
    """`steps`: starts of the main table's bands; `strict`: starts that a value must exceed. `blanks`: how many may be
    filled in with the mean. `factors`: code → (items, steps). `of`: total = sum of these factors."""

    items: int
    values: tuple[int, ...]
    steps: tuple[float, ...] = ()
    reverse: tuple[int, ...] = ()
    mean: bool = False
    times: Fraction = Fraction(1)
    cut_down: bool = False
    shown: bool = False
    blanks: int = 0
    factors: dict[str, tuple] = field(default_factory=dict)
    factor_mean: bool = False
    factor_times: int = 1
    factor_blanks: int = 0
    of: tuple[str, ...] = ()
    lie: tuple[int, ...] = ()
    lie_cut: int = 0
    no_total: bool = False
    strict: bool = False
    critical: dict[int, dict[int, str]] = field(default_factory=dict)
    extra: tuple[tuple[int, ...], ...] = ()


def span(first, last):
    return tuple(range(first, last + 1))


MHT_STEPS, SSRC_STEPS, SCL_STEPS = (0, 4, 8), (1, 2, 3, 4, 5), (1, 2, 3)
TABLES = {
    "PHQ-9": Table(9, span(0, 3), (0, 5, 10, 15, 20), blanks=2, critical=NINE),
    "PHQ-A": Table(
        9, span(0, 3), (0, 5, 10, 15, 20), blanks=2, critical=NINE | {12: {1: IMMEDIATE}, 13: {1: IMMEDIATE}},
        extra=((0, 1), span(0, 3), (0, 1), (0, 1)),
    ),
    "GAD-7": Table(7, span(0, 3), (0, 5, 10, 15)),
    "K6": Table(6, span(0, 4), (0, 5, 13)),
    "K10": Table(10, span(1, 5), (10, 20, 25, 30)),
    "CES-D": Table(
        20, span(0, 3), (0, 16, 20), reverse=(4, 8, 12, 16), blanks=4,
        factors={
            "depressed_affect": ((3, 6, 9, 10, 14, 17, 18), ()), "positive_affect": ((4, 8, 12, 16), ()),
            "somatic": ((1, 2, 5, 7, 11, 13, 20), ()), "interpersonal": ((15, 19), ()),
        },
    ),
    "CES-DC": Table(20, span(0, 3), (0, 15), reverse=(4, 8, 12, 16)),
    "DASS-21": Table(
        21, span(0, 3), no_total=True, factor_times=2,
        factors={
            "depression": ((3, 5, 10, 13, 16, 17, 21), (0, 10, 14, 21, 28)),
            "anxiety": ((2, 4, 7, 9, 15, 19, 20), (0, 8, 10, 15, 20)),
            "stress": ((1, 6, 8, 11, 12, 14, 18), (0, 15, 19, 26, 34)),
        },
        critical={21: {2: TALK, 3: TALK}},
    ),
    "RSES": Table(10, span(0, 3), (0, 15, 26), reverse=(2, 5, 6, 8, 9)),
    "UCLA-3": Table(3, span(1, 3), (3, 6)),
    "WHO-5": Table(5, span(0, 5), (0, 8, 13), times=Fraction(4)),
    "MHT": Table(
        100, (0, 1), (0, 65), lie=tuple(range(82, 101, 2)), lie_cut=7,
        factors={
            "study": (span(1, 15), MHT_STEPS), "people": (span(16, 25), MHT_STEPS), "lonely": (span(26, 35), MHT_STEPS),
            "blame": (span(36, 45), MHT_STEPS), "sensitive": (span(46, 55), MHT_STEPS),
            "body": (span(56, 70), MHT_STEPS), "fear": (span(71, 80), MHT_STEPS),
            "impulse": ((81, 83, 85, 87, 89, 91, 93, 95, 97, 99), MHT_STEPS),
        },
        critical={85: {1: SAME_DAY}, 97: {1: SAME_DAY}},
    ),
    "MSSMHS": Table(
        60, span(1, 5), SSRC_STEPS, mean=True, factor_mean=True,
        factors={
            "compulsion": ((3, 10, 12, 22, 23, 48), SSRC_STEPS), "paranoia": ((11, 20, 24, 26, 47, 49), SSRC_STEPS),
            "hostility": ((19, 21, 25, 50, 52, 58), SSRC_STEPS), "sensitivity": ((4, 17, 18, 45, 51, 59), SSRC_STEPS),
            "depression": ((5, 13, 14, 16, 44, 57), SSRC_STEPS), "anxiety": ((6, 15, 34, 43, 46, 56), SSRC_STEPS),
            "study": ((31, 33, 36, 38, 40, 55), SSRC_STEPS), "adaptation": ((1, 8, 9, 29, 39, 41), SSRC_STEPS),
            "unstable": ((2, 7, 27, 32, 35, 53), SSRC_STEPS), "imbalance": ((28, 30, 37, 42, 54, 60), SSRC_STEPS),
        },
        critical={57: {2: SAME_DAY, 3: IMMEDIATE, 4: IMMEDIATE, 5: IMMEDIATE}, 52: {4: SAME_DAY, 5: SAME_DAY}},
    ),
    "SCL-90": Table(
        90, span(1, 5), (90, 160), strict=True, factor_mean=True,
        factors={
            "somatization": ((1, 4, 12, 27, 40, 42, 48, 49, 52, 53, 56, 58), SCL_STEPS),
            "compulsion": ((3, 9, 10, 28, 38, 45, 46, 51, 55, 65), SCL_STEPS),
            "sensitivity": ((6, 21, 34, 36, 37, 41, 61, 69, 73), SCL_STEPS),
            "depression": ((5, 14, 15, 20, 22, 26, 29, 30, 31, 32, 54, 71, 79), SCL_STEPS),
            "anxiety": ((2, 17, 23, 33, 39, 57, 72, 78, 80, 86), SCL_STEPS),
            "hostility": ((11, 24, 63, 67, 74, 81), SCL_STEPS), "phobia": ((13, 25, 47, 50, 70, 75, 82), SCL_STEPS),
            "paranoia": ((8, 18, 43, 68, 76, 83), SCL_STEPS),
            "psychoticism": ((7, 16, 35, 62, 77, 84, 85, 87, 88, 90), SCL_STEPS),
            "other": ((19, 44, 59, 60, 64, 66, 89), SCL_STEPS),
        },
        critical={15: {2: SAME_DAY, 3: IMMEDIATE, 4: IMMEDIATE, 5: IMMEDIATE}, 59: dict.fromkeys((3, 4, 5), SAME_DAY)},
    ),
    "SCARED": Table(
        41, span(0, 2), (0, 25),
        factors={
            "panic": ((1, 6, 9, 12, 15, 18, 19, 22, 24, 27, 30, 34, 38), (0, 7)),
            "generalized": ((5, 7, 14, 21, 23, 28, 33, 35, 37), (0, 9)),
            "separation": ((4, 8, 13, 16, 20, 25, 29, 31), (0, 5)),
            "social": ((3, 10, 26, 32, 39, 40, 41), (0, 8)), "school": ((2, 11, 17, 36), (0, 3)),
        },
    ),
    "PSC-17": Table(
        17, span(0, 2), (0, 15), blanks=3,
        factors={
            "internalizing": ((2, 6, 9, 11, 15), (0, 5)), "attention": ((1, 3, 7, 13, 17), (0, 7)),
            "externalizing": ((4, 5, 8, 10, 12, 14, 16), (0, 7)),
        },
    ),
    "SDS": Table(
        20, span(1, 4), (25, 53, 63, 73), reverse=(2, 5, 6, 11, 12, 14, 16, 17, 18, 20), times=Fraction(5, 4),
        cut_down=True, shown=True, critical={19: {2: SAME_DAY, 3: IMMEDIATE, 4: IMMEDIATE}},
    ),
    "SAS": Table(
        20, span(1, 4), (25, 50, 60, 70), reverse=(5, 9, 13, 17, 19), times=Fraction(5, 4), cut_down=True, shown=True
    ),
    "PSS-10": Table(10, span(0, 4), (0, 14, 27), reverse=(4, 5, 7, 8)),
    "CRIES-8": Table(
        8, (0, 1, 3, 5), (0, 17), factors={"intrusion": ((1, 3, 6, 7), ()), "avoidance": ((2, 4, 5, 8), ())}
    ),
    "CRIES-13": Table(
        13, (0, 1, 3, 5), (0, 30),
        factors={
            "intrusion": ((1, 4, 8, 9), ()), "avoidance": ((2, 6, 7, 10), ()), "arousal": ((3, 5, 11, 12, 13), ()),
            "core": ((1, 2, 4, 6, 7, 8, 9, 10), (0, 17)),
        },
    ),
    "RCADS-25": Table(
        25, span(0, 3),
        factors={
            "depression": ((1, 4, 8, 10, 13, 15, 16, 19, 21, 24), ()),
            "anxiety": ((2, 3, 5, 6, 7, 9, 11, 12, 14, 17, 18, 20, 22, 23, 25), ()),
        },
        critical={18: {2: SAME_DAY, 3: SAME_DAY}},
    ),
    "DSRSC": Table(
        18, span(0, 2), (0, 15), reverse=(1, 2, 4, 7, 8, 9, 11, 12, 13, 16),
        critical={10: {1: SAME_DAY, 2: IMMEDIATE}, 5: {2: TALK}},
    ),
    "MPAI": Table(
        17, span(1, 5),
        factors={"control": (span(1, 7), ()), "withdrawal": (span(8, 11), ()), "escape": (span(12, 14), ()),
                 "inefficiency": (span(15, 17), ())},
    ),
    "SDQ": Table(
        25, span(0, 2), (0, 16, 20), reverse=(7, 11, 14, 21, 25), factor_blanks=2,
        of=("emotional", "conduct", "hyperactivity", "peer"),
        factors={
            "emotional": ((3, 8, 13, 16, 24), (0, 6, 7)), "conduct": ((5, 7, 12, 18, 22), (0, 4, 5)),
            "hyperactivity": ((2, 10, 15, 21, 25), (0, 6, 7)), "peer": ((6, 11, 14, 19, 23), (0, 4, 6)),
            "prosocial": ((1, 4, 9, 17, 20), (0, 5, 6)),
        },
    ),
    "ISI": Table(7, span(0, 4), (0, 8, 15, 22)),
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    valid: bool
    total: Fraction | None
    display: Fraction | None
    band_start: float | None
    factors: dict[str, tuple[Fraction | None, float | None]]
    flags: list[tuple[int, str]]


def band_start(steps, value, strict=False):
    """The start of the step on which a value stands; `strict`: above the first step a value must exceed a start."""
    if value is None or not steps:
        return None
    reached = [s for n, s in enumerate(steps) if (value > s if strict and n == 1 else value >= s)]
    return reached[-1]


def add_up(values, blanks, mean):
    known = [v for v in values if v is not None]
    if len(values) - len(known) > blanks:
        return None
    average = Fraction(sum(known), len(known))
    if mean:
        return average
    if len(known) == len(values):
        return Fraction(sum(known))
    whole = average * len(values)
    return Fraction(int(whole + Fraction(1, 2)))


def second_score(code: str, answers) -> Found:
    table = TABLES[code]
    low, high = min(table.values), max(table.values)
    turned = {
        n: (low + high - a if n in table.reverse else a) if a is not None else None
        for n, a in enumerate(answers[: table.items], 1)
    }
    factors = {}
    for name, (items, steps) in table.factors.items():
        value = add_up([turned[n] for n in items], table.factor_blanks, table.factor_mean)
        value = None if value is None else value * table.factor_times
        factors[name] = (value, band_start(steps, value, strict=table.strict))
    if table.of:
        parts = [factors[name][0] for name in table.of]
        total = None if None in parts else sum(parts)
    else:
        scored = [value for n, value in turned.items() if n not in table.lie]
        total = None if table.no_total else add_up(scored, table.blanks, table.mean)
    known = [turned[n] for n in table.lie if turned[n] is not None]
    lied = bool(table.lie) and sum(known) >= table.lie_cut
    unsure = not lied and bool(table.lie) and sum(known) + (len(table.lie) - len(known)) >= table.lie_cut
    gone = all(value is None for value, _ in factors.values()) if table.no_total else total is None
    valid = not (gone or lied or unsure)
    total = total if valid else None
    if lied:
        factors = dict.fromkeys(factors, (None, None))
    display = None if total is None else total * table.times
    display = Fraction(int(display)) if table.cut_down and display is not None else display
    flags = [
        (item, table.critical[item][answers[item - 1]])
        for item in sorted(table.critical)
        if answers[item - 1] in table.critical[item]
    ]
    shown = display if table.shown else total
    return Found(valid, total, display, band_start(table.steps, shown, strict=table.strict), factors, flags)


#: whoever fills in the SDQ has cuts of his own: informant → name → (first, second cut)
SDQ_CUTS = {
    "self": {"total": (16, 20), "emotional": (6, 7), "conduct": (4, 5), "hyperactivity": (6, 7), "peer": (4, 6)},
    "parent": {"total": (14, 17), "emotional": (4, 5), "conduct": (3, 4), "hyperactivity": (6, 7), "peer": (3, 4)},
    "teacher": {"total": (12, 16), "emotional": (5, 6), "conduct": (3, 4), "hyperactivity": (6, 7), "peer": (4, 5)},
}
#: the second order of a form: which item of the key is printed at each place
SECOND_ORDERS = {
    "PSC-17": ("B", (2, 6, 9, 11, 15, 1, 3, 7, 13, 17, 4, 5, 8, 10, 12, 14, 16)),
}


def cesd_screen(total: int, sex: str | None, age: int | None) -> str:
    """Roberts 1991 for 11 to 18 where the sex is known, else Radloff's 16."""
    teens = age is not None and 11 <= age <= 18
    cut = {"M": 22, "F": 24}.get(sex or "", 16) if teens else 16
    return "at_cut" if total >= cut else "below"
