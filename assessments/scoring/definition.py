"""A scale as frozen facts: what is asked, how it is added up, what the sums suggest, who owns the words.

Built only by `parse.parse_definition`, which refuses contradictions; nothing here checks again. Item numbers are the
numbers of the scale's own key (1-based); a `Form` may print the same items in another order.
"""

from dataclasses import dataclass

TEXT_STATUSES = ("project_wording", "official", "none")
STAGES = ("primary", "junior", "senior", "vocational")
ROLES = ("self", "parent", "teacher", "interviewer")
SEXES = ("F", "M")
NORM_KINDS = ("T", "percentile", "standard")
LEVELS = ("talk", "same_day", "immediate")  # ascending urgency; a flag's due time, never a risk level


@dataclass(frozen=True, slots=True)
class Licence:
    """Who owns the words; `allowed` names the uses they allow; `checked_on` is the ISO date somebody looked."""

    owner: str
    licence: str
    notice_zh: str
    allowed: tuple[str, ...]
    checked_on: str
    url: str


@dataclass(frozen=True, slots=True)
class Option:
    label_zh: str
    value: int


@dataclass(frozen=True, slots=True)
class ItemTest:
    """True when the raw (unreversed) value of `item` lies within [low, high]; None leaves that side open."""

    item: int
    low: int | None
    high: int | None

    def holds(self, value: int) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Item:
    """`ask_if` unmet means the item is not asked and counts as the raw value `otherwise` (interview skip rules)."""

    number: int
    text_zh: str
    options: tuple[Option, ...]
    unscored: bool
    ask_if: ItemTest | None
    otherwise: int | None


@dataclass(frozen=True, slots=True)
class Measure:
    """The total or one factor: a sum or mean of `items`, or of earlier factors named in `parts`.

    With at most `up_to` blanks a sum is prorated (mean of the answered × number of items, rounded half up) and a mean
    is taken over the answered; with more the measure has no value. Aggregate "none" means there is no such number.
    """

    code: str
    title_zh: str
    items: tuple[int, ...]
    parts: tuple[str, ...]
    aggregate: str
    multiply: float
    floor: bool
    up_to: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many of `items` have a scored (after reversal) value of at least `low`."""

    code: str
    title_zh: str
    items: tuple[int, ...]
    low: int


@dataclass(frozen=True, slots=True)
class Validity:
    """A lie or validity scale: a sum of `items` reaching `cut` makes the sheet invalid (never its critical answers)."""

    title_zh: str
    items: tuple[int, ...]
    cut: int


@dataclass(frozen=True, slots=True)
class Form:
    """One printed order: `order[p]` is the item number printed at place p + 1."""

    code: str
    title_zh: str
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Critical:
    test: ItemTest
    level: str


@dataclass(frozen=True, slots=True)
class When:
    """A condition on the person: inclusive ranges of age (years) and grade (1-12). An unknown fact never matches."""

    age: tuple[int, int] | None
    grade: tuple[int, int] | None
    sex: str | None
    role: str | None

    @property
    def is_open(self) -> bool:
        return self.age is None and self.grade is None and self.sex is None and self.role is None

    def matches(self, role: str, sex: str | None, grade: int | None, age: int | None) -> bool:
        return (
            (self.role is None or self.role == role)
            and (self.sex is None or self.sex == sex)
            and (self.grade is None or (grade is not None and self.grade[0] <= grade <= self.grade[1]))
            and (self.age is None or (age is not None and self.age[0] <= age <= self.age[1]))
        )


@dataclass(frozen=True, slots=True)
class Band:
    """One row of a band table, complete enough to be handed out as the result of a look-up.

    Covers from `start` (from just above it where `exclusive`) to the next row. `concern` orders bands by how much they
    ask for attention (0 = none) whichever way the scale points.
    """

    table: str
    on: str
    code: str
    label_zh: str
    concern: int
    start: float
    exclusive: bool
    source: str


@dataclass(frozen=True, slots=True)
class BandTable:
    """Bands on `on`: "total", "display", a factor code, "norm:" + one of these, or "count:" + the code of a count. Of
    one name the first match wins."""

    name: str
    on: str
    when: When
    bands: tuple[Band, ...]
    edges: tuple[tuple[float, int], ...]


@dataclass(frozen=True, slots=True)
class Norm:
    """Standard scores for one group: `points` (raw, standard) ascending, or T = 50 + 10 (x - mean) / sd.

    `year` is when the group was measured, None where the source does not say."""

    on: str
    kind: str
    when: When
    source: str
    year: int | None
    points: tuple[tuple[float, float], ...]
    mean: float | None
    sd: float | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Answers that do not go together when every test holds."""

    tests: tuple[ItemTest, ...]
    text_zh: str


@dataclass(frozen=True, slots=True)
class Screen:
    """How a screen shows the scale: `per_page` items at once (0: all of them), `young_per_page` of them for the grades
    that read in large type, whether one may go back, and whether an item may be left out. Nobody is held: declining is
    possible on each page whatever stands here."""

    per_page: int
    young_per_page: int
    back: bool
    skip: bool


@dataclass(frozen=True, slots=True)
class QualityRules:
    """When to doubt how a sheet was filled in. Remarks only: they change no total and hide no flag."""

    min_seconds_per_item: float | None
    straight_line_items: int | None
    straight_line_except: tuple[int, ...]
    pattern_items: int | None
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """One version of one scale. Compared by identity, so that a compiled key is cached per definition; two documents
    with the same content share `digest` (SHA-256 of their canonical JSON)."""

    code: str
    version: str
    title_zh: str
    source: str
    licence: Licence
    text_status: str
    needs_licence: bool
    ages: tuple[int, int | None]
    stages: tuple[str, ...]
    roles: tuple[str, ...]
    recall_zh: str
    intro_zh: str
    items: tuple[Item, ...]
    reverse: frozenset[int]
    factors: tuple[Measure, ...]
    partition: bool
    total: Measure
    total_range: tuple[float, float] | None
    higher_is_better: bool
    band_tables: tuple[BandTable, ...]
    norms: tuple[Norm, ...]
    counts: tuple[Count, ...]
    validity: Validity | None
    forms: tuple[Form, ...]
    critical: tuple[Critical, ...]
    quality: QualityRules
    screen: Screen
    digest: str

    @property
    def scored_items(self) -> tuple[int, ...]:
        return tuple(item.number for item in self.items if not item.unscored)

    @property
    def printed(self) -> str:
        """The order in which the platform itself shows the items: its own sheets are scored by this form."""
        return self.forms[0].code

    def form(self, code: str) -> Form | None:
        return next((form for form in self.forms if form.code == code), None)

    def suits(self, *, stage: str, age: int | None = None) -> bool:
        """Whether a screening may offer the scale to this stage and, where known, this age in years."""
        low, high = self.ages
        return stage in self.stages and (age is None or (age >= low and (high is None or age <= high)))
