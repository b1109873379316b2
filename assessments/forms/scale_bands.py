"""The bureau's editor of cut-offs: a form grown from the tables of one scale's document; and the file of norms."""

from typing import Any

from django import forms

from assessments.band_editing import CONCERNS, EditTable, Row, plain, tables_of, with_tables
from assessments.scoring import DefinitionError, parse_definition

#: an empty line to add a band; a table that is still to be made gets room for several
SPARE, SPARE_NEW = 1, 4
CONCERN_WORDS = ("0 · 不需要特别留意", "1 · 建议进一步了解", "2 · 建议尽早了解", "3 · 当日了解", "4 · 当日了解")
STARTS = (("min", "达到"), ("above", "高于"))


def reason_field() -> forms.CharField:
    return forms.CharField(
        label="依据与理由", max_length=200, min_length=6, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如：依据本市 2025 年常模研究第 3 表；或教育局某号文件。核对和批准的人会看到。",
        error_messages={"min_length": "请写清楚依据，至少 6 个字。"},
    )  # fmt: skip


class BandsForm(forms.Form):
    """`made` after is_valid(): the changed document, checked as a whole."""

    reason = reason_field()

    def __init__(self, *args, document: dict[str, Any], **kwargs):
        super().__init__(*args, **kwargs)
        self.document, self.tables = document, tables_of(document)
        self.made: dict[str, Any] = {}
        self.lengths = {table.key: len(table.rows) + (SPARE if table.rows else SPARE_NEW) for table in self.tables}
        for table in self.tables:
            self._add(table)
        if document.get("validity"):
            self.fields["cut"] = forms.IntegerField(
                label="效度分达到多少不作解释", min_value=1, initial=document["validity"]["cut"],
                help_text="达到这个分数的答卷不作解释；关键条目照样提示。",
            )  # fmt: skip

    def _add(self, table: EditTable) -> None:
        self.fields[f"{table.key}-source"] = forms.CharField(
            label="来源", max_length=200, initial=table.source, required=bool(table.rows)
        )
        levels = list(zip(CONCERNS, CONCERN_WORDS, strict=True))
        for n in range(self.lengths[table.key]):
            row = table.rows[n] if n < len(table.rows) else None
            name, words = f"{table.key}-{n}", f"{table.title}第 {n + 1} 级"
            made: dict[str, forms.Field] = {
                "kind": forms.ChoiceField(choices=STARTS, initial="above" if row and row.above else "min"),
                "start": forms.FloatField(required=False, initial=plain(row.start) if row else None),
                "label": forms.CharField(required=False, max_length=60, initial=row.label if row else ""),
                "concern": forms.TypedChoiceField(
                    choices=levels,
                    coerce=int,
                    initial=row.concern if row else 0,
                ),
            }
            for part, what in (("kind", "起点"), ("start", "分数"), ("label", "提示"), ("concern", "关注程度")):
                made[part].label = f"{words}的{what}"
                made[part].widget.attrs["aria-label"] = made[part].label
                self.fields[f"{name}-{part}"] = made[part]

    @property
    def sections(self) -> list[tuple[EditTable, Any, list[tuple[Any, ...]], bool]]:
        """[(table, field of its source, rows of bound fields, whether something is wrong in it)]."""
        found = []
        for table in self.tables:
            rows = [
                tuple(self[f"{table.key}-{n}-{part}"] for part in ("kind", "start", "label", "concern"))
                for n in range(self.lengths[table.key])
            ]
            source = self[f"{table.key}-source"]
            found.append(
                (table, source, rows, any(field.errors for row in rows for field in row) or bool(source.errors))
            )
        return found

    def clean(self):
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        edited = {table.key: self._table(table, cleaned) for table in self.tables}
        if self.errors:
            return cleaned
        made = with_tables(self.document, edited, cleaned.get("cut"))
        try:
            parse_definition(made)
        except DefinitionError as wrong:
            self.add_error(self._field_for(wrong), str(wrong))
        self.made = made
        return cleaned

    def _table(self, table: EditTable, cleaned: dict[str, Any]) -> EditTable:
        rows = []
        for n in range(self.lengths[table.key]):
            name = f"{table.key}-{n}"
            start, label = cleaned[f"{name}-start"], cleaned[f"{name}-label"]
            if start is None and not label:
                continue
            if start is None or not label:
                part = "start" if start is None else "label"
                self.add_error(f"{name}-{part}", "分数和提示要一起填；两格都空着就是去掉这一级。")
                continue
            code = table.rows[n].code if n < len(table.rows) else ""
            rows.append(Row(start, cleaned[f"{name}-kind"] == "above", label, cleaned[f"{name}-concern"], code))
        source = cleaned[f"{table.key}-source"]
        if table.rows and not rows:
            self.add_error(f"{table.key}-source", "一张分级表至少要留一级。")
        if rows and not source:
            self.add_error(f"{table.key}-source", "请写明这张分级表的来源。")
        if table.rows and tuple(rows) != table.rows and source == table.source:
            self.add_error(f"{table.key}-source", "分级改了，来源还是原来的：请写明新的依据。")
        return EditTable(table.key, table.title, source, tuple(rows))

    def _field_for(self, wrong: DefinitionError) -> str | None:
        """The source field of the only table that a complaint like "bands.severity.total" can mean; else the form."""
        on = wrong.where.rpartition(".")[2]
        factors = [factor["code"] for factor in self.document.get("factors", ())]
        keys = [t.key for t in self.tables if t.key.startswith(f"f{factors.index(on)}t")] if on in factors else []
        keys += [t.key for t in self.tables if on == "total" and t.key.startswith("t")]
        return f"{keys[0]}-source" if len(keys) == 1 else None


class NormsForm(forms.Form):
    file = forms.FileField(
        label="常模文件",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text="请用本页的模板。文件里是这一版的全部常模：没有写进去的就不再使用。",
        error_messages={"required": "请选择常模文件。", "empty": "文件是空的，没有任何内容。"},
    )
    reason = reason_field()
