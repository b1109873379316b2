"""Results as pages show them: a signal with the source of its band, critical answers by item, never a diagnosis."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from django.db.models import Prefetch
from django.utils import timezone

from assessments.answer_vault import open_answers
from assessments.answers import Sheet, places_of
from assessments.choices import VERDICT_LOOK, Verdict
from assessments.models import Flag, Result, ResultReading, SavedAnswers, ScaleVersion, ScreeningKey, Sitting
from assessments.outcome import ResultDraft
from assessments.scoring import Definition, parse_definition
from xinyu.students.models import Student
from xinyu.ui.charts import Chart, Series
from xinyu.ui.frame import Fact

from .interviews import fact_of_level
from .quality import Again, invitations, why_void
from .sealed import texts_of

SIGNAL = "筛查信号，不是诊断。"


def plain(number: Decimal | float | None) -> str:
    """As people write it: no trailing zeros, a dash for nothing."""
    return "—" if number is None else f"{Decimal(str(number)).normalize():f}"


def _drawn(number: Decimal | float | str) -> int | float:
    """For a chart and the table beside it: a whole number without a point."""
    value = round(float(number), 2)
    return int(value) if value.is_integer() else value


def shown_total(result: Result | ResultDraft) -> str:
    """After the scale's own multiplier where it has one."""
    shown = result.sheet.get("display_total")
    return plain(shown if shown is not None else result.total)


@dataclass(frozen=True)
class CriticalItem:
    """A critical answer: the item's number and text, and how soon to talk; the answer itself is not here."""

    number: int
    text: str
    fact: Fact


@dataclass(frozen=True)
class ResultView:
    """One scale of one sitting."""

    result: Result
    critical: tuple[CriticalItem, ...] = ()
    #: what the counselor holds of it; None: a proposal
    reading: ResultReading | None = None
    again: Again | None = None
    #: the words of the reading, only where its page asks for them
    note: str = ""

    @property
    def standing(self) -> Fact | None:
        """Whether somebody stands for what the bands suggest; a sheet that is void or suggests nothing needs nobody."""
        if not self.result.is_valid:
            return None
        if self.reading is None:
            return Fact("提议，待确认", "circle-dashed", "neutral") if self.suggests else None
        icon, tone = VERDICT_LOOK[Verdict(self.reading.verdict)]
        return Fact(self.reading.get_verdict_display(), icon, tone)

    @property
    def suggests(self) -> bool:
        """Whether a band of the total or of a factor asks for attention."""
        sheet = self.result.sheet
        bands = [sheet.get("band"), *(sheet.get("bands") or {}).values()]
        bands += [factor.get("band") for factor in (sheet.get("factors") or {}).values()]
        return bool(self.result.band_order) or any(band and band.get("concern", 0) > 0 for band in bands)

    @property
    def why_void(self) -> str:
        return why_void(self.result)

    @property
    def norms(self) -> list[tuple[str, str, str]]:
        """[(measure, "T 分 62", "source, year")] of the standard scores."""
        names = {code: row["title"] for code, row in (self.result.sheet.get("factors") or {}).items()}
        found = []
        for norm in self.result.sheet.get("norms") or []:
            year = f"，{norm['year']} 年" if norm.get("year") else ""
            kind = {"T": "T 分", "percentile": "百分位", "standard": "标准分"}[norm["kind"]]
            value = f"{kind} {plain(norm['value'])}"
            found.append((names.get(norm["on"], "总分"), value, f"{norm['source']}{year}"))
        return found

    @property
    def title(self) -> str:
        return self.result.version.title

    @property
    def total(self) -> str:
        return shown_total(self.result)

    @property
    def band_source(self) -> str:
        return (self.result.sheet.get("band") or {}).get("source", "")

    @property
    def state(self) -> Fact:
        if not self.result.is_valid:
            return Fact("不作解释", "help-circle", "notice")
        return (
            Fact("完整", "circle-check", "neutral")
            if self.result.is_complete
            else Fact("有空题", "circle-dashed", "info")
        )

    @property
    def factors(self) -> list[tuple[str, str, str]]:
        """[(title, value, band)] of the scale's factors."""
        rows = (self.result.sheet.get("factors") or {}).values()
        return [(row["title"], plain(row["value"]), (row.get("band") or {}).get("label", "")) for row in rows]

    @property
    def rules(self) -> list[tuple[str, str]]:
        """[(what the band says, source)] of every table on the total or a count; none for a void sheet."""
        if not self.result.is_valid:
            return []
        sheet = self.result.sheet  # one that was scored by an earlier version names its one band alone
        bands = list((sheet.get("bands") or {}).values()) or [sheet["band"]] * bool(sheet.get("band"))
        return [(band["label"], band["source"]) for band in bands]

    @property
    def chart(self) -> Chart | None:
        """Factors as a drawing and a table; None below two factors with a value."""
        rows = [row for row in (self.result.sheet.get("factors") or {}).values() if row["value"] is not None]
        if len(rows) < 2:
            return None
        values = [_drawn(row["value"]) for row in rows]
        return Chart(
            f"factors-{self.result.pk}", f"{self.title}：各因子", "barh", [row["title"] for row in rows],
            [Series("得分", values)], "分", "因子", f"各因子的原始得分，题数不同，不能互相比高低。{SIGNAL}",
        )  # fmt: skip

    @property
    def factor_sources(self) -> list[str]:
        """Where the bands of the factors are from, each source once."""
        rows = (self.result.sheet.get("factors") or {}).values()
        return list(dict.fromkeys((row.get("band") or {}).get("source", "") for row in rows if row.get("band")))

    @property
    def remarks(self) -> list[str]:
        return [remark["text_zh"] for remark in self.result.sheet.get("quality") or []]


@dataclass(frozen=True)
class SheetView:
    """All scales of one sitting side by side."""

    sitting: Sitting
    results: tuple[ResultView, ...]

    @property
    def at(self):
        return self.sitting.finished_at or self.sitting.started_at


def _critical(result: Result, flags: Sequence[Flag]) -> tuple[CriticalItem, ...]:
    texts = {item["number"]: item["text_zh"] for item in result.version.definition.get("items", [])}
    return tuple(
        CriticalItem(flag.item, texts.get(flag.item, ""), fact_of_level(flag.level))
        for flag in sorted(flags, key=lambda flag: flag.item or 0)
        if flag.scale == result.scale and flag.item is not None
    )


def with_notes(shown: Sequence[SheetView], student_id: int) -> list[SheetView]:
    """The same with the words of each reading opened; one look for the key."""
    views = iter(noted([view for sheet in shown for view in sheet.results], student_id))
    return [replace(sheet, results=tuple(next(views) for _ in sheet.results)) for sheet in shown]


def noted(views: Sequence[ResultView], student_id: int) -> list[ResultView]:
    """These with the words of their readings opened; one look for the key."""
    read = [view.reading for view in views if view.reading]
    texts = texts_of(read, "note", student_id) if read else {}
    return [replace(view, note=texts[view.reading.pk]) if view.reading else view for view in views]


def sheets(sittings: Sequence[Sitting]) -> list[SheetView]:
    """The results of these sittings (in their order) with their critical items, readings and invitations to answer
    again; four queries however many there are."""
    results = list(
        Result.objects.filter(sitting__in=[sitting.pk for sitting in sittings]).select_related("version").order_by("pk")
    )
    flags = list(Flag.objects.filter(sitting__in=[sitting.pk for sitting in sittings]))
    read, again = readings_of(results), invitations({row.sitting_id for row in results if not row.is_valid})
    return [
        SheetView(
            sitting,
            tuple(
                ResultView(
                    result,
                    _critical(result, [flag for flag in flags if flag.sitting_id == sitting.pk]),
                    read.get(result.pk),
                    again.get((sitting.pk, result.scale)),
                )
                for result in results
                if result.sitting_id == sitting.pk
            ),
        )
        for sitting in sittings
    ]


def readings_of(results: Sequence[Result]) -> dict[int, ResultReading]:
    """Result id → the newest reading; one query."""
    rows = (
        ResultReading.objects.filter(result__in=[row.pk for row in results]).select_related("by").order_by("at", "pk")
    )
    return {row.result_id: row for row in rows}


def results_of(student: Student, since=None) -> list[ResultView]:
    """Every result of a student, newest first; `since` (date) leaves out earlier ones."""
    rows = Result.objects.filter(student=student).select_related("version")
    if since is not None:
        rows = rows.filter(at__date__gte=since)
    rows = rows.prefetch_related(Prefetch("sitting", Sitting.objects.select_related("screening")))
    found = list(rows.order_by("-at", "pk"))
    read = readings_of(found)
    return [ResultView(row, reading=read.get(row.pk)) for row in found]


def _point(view: ResultView) -> int | float | None:
    if not view.result.is_valid or view.result.total is None:
        return None
    return _drawn(view.total)


def trends(views: Sequence[ResultView]) -> list[Chart]:
    """A line per scale with at least two points, oldest first; sheets that are not interpreted are gaps."""
    charts = []
    ordered = sorted(views, key=lambda view: (view.result.scale, view.result.at))
    for scale, group in groupby(ordered, key=lambda view: view.result.scale):
        rows = list(group)
        values = [_point(row) for row in rows]
        if sum(value is not None for value in values) < 2:
            continue
        days = [f"{timezone.localtime(row.result.at):%Y年%-m月%-d日}" for row in rows]
        title = f"{rows[-1].title}：历次得分"
        definition = f"每次测评的得分，{SIGNAL}不作解释的测评不画点。"
        charts.append(
            Chart(f"trend-{scale.lower()}", title, "line", days, [Series("得分", values)], "分", "日期", definition)
        )
    return charts


@dataclass(frozen=True)
class AnswerLine:
    number: int
    text: str
    answer: str


def raw_answers(sitting: Sitting) -> list[tuple[str, list[AnswerLine]]]:
    """[(scale title, lines)] as the student typed them, blanks as 未作答; [] when nothing was saved.

    Raises VaultError when the screening's key was destroyed.
    """
    saved = SavedAnswers.objects.filter(sitting=sitting).first()
    if saved is None:
        return []
    wrapped = ScreeningKey.objects.values_list("wrapped", flat=True).get(screening_id=sitting.screening_id)
    key = None if wrapped is None else bytes(wrapped)
    typed = open_answers(bytes(saved.answers), sitting_id=sitting.pk, screening_id=sitting.screening_id, wrapped=key)
    versions = ScaleVersion.objects.filter(screenings=sitting.screening_id).order_by("screeningscale__order")
    definitions = [parse_definition(version.definition) for version in versions]
    return [(scale.title_zh, _lines(scale, typed[scale.code])) for scale in definitions if scale.code in typed]


def _lines(scale: Definition, sheet: Sheet) -> list[AnswerLine]:
    places = places_of(scale, sheet)
    return [
        AnswerLine(
            item.number,
            item.text_zh,
            item.options[places[item.number]].label_zh if item.number in places else "未作答",
        )
        for item in scale.items
    ]
