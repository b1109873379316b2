"""Binding the words of an official form to a key: the file, the eye on critical items, the licence, the new version."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assessments.models import ScaleVersion, TextBinding
from assessments.queries.scales import out_of_force
from assessments.scale_gate import Asked, reasons_against
from assessments.scale_library import Entitlement, approve_scale, bind_text, definition_of, load_library
from assessments.scoring import find_scale, score
from assessments.text_binding import TextRefused, header_of, next_version, read_text, template_rows
from xinyu.access.actor import acting_as
from xinyu.audit.models import AuditEntry
from xinyu.lib.sheets_out import OutSheet, write_workbook
from xinyu.lib.spreadsheets import read_workbook

OURS = Entitlement("甲县教育局", "购买合同 2026-017")


def rows_for(scale, form=None, **changes):
    """The filled template; `r5=(1, "…")` replaces cell 1 of file row 5."""
    rows = [header_of(scale), *template_rows(scale, scale.form(form or scale.printed))]
    for place, row in enumerate(rows[1:], 1):
        row[1] = f"官方第{place}题"
    for name, (column, value) in changes.items():
        rows[int(name[1:]) - 1][column] = value
    return rows


def items_of(code, form=None):
    scale = find_scale(code)
    return read_text(scale, scale.form(form or scale.printed), rows_for(scale, form), ())


def test_the_template_comes_back_from_a_workbook_as_it_went_out():
    scale = find_scale("CRIES-8")
    head, *rows = rows_for(scale)
    sheet = read_workbook(write_workbook([OutSheet("题目", head, rows)]), "a.xlsx").sheets[0]
    items = read_text(scale, scale.forms[0], sheet.rows, sheet.formulas)
    assert [item.options for item in items] == [((0, "从不"), (1, "很少"), (3, "有时"), (5, "经常"))] * 8


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"r3": (0, "3")}, "A4 第 3 题出现了两次"),
    ({"r3": (0, "19")}, "A3 题号“19”不在 1—18"),
    ({"r3": (1, "")}, "B3 第 2 题的题目"),
    ({"r3": (2, "")}, "第 3 行：第 2 题应有 3 个选项，缺 0 分"),
    ({"r3": (2, "有时")}, "第 2 题有两个选项的文字相同"),
    ({"r1": (0, "序号")}, "表头"),
])  # fmt: skip
def test_a_file_that_does_not_fit_is_refused_by_cell(changes, sentence):
    scale = find_scale("DSRSC")
    with pytest.raises(TextRefused, match=sentence):
        read_text(scale, scale.forms[0], rows_for(scale, **changes), ())


def test_a_missing_item_and_a_formula_are_named():
    scale = find_scale("DSRSC")
    with pytest.raises(TextRefused, match="缺第 18 题"):
        read_text(scale, scale.forms[0], rows_for(scale)[:-1], ())
    with pytest.raises(TextRefused, match="B5 是公式"):
        read_text(scale, scale.forms[0], rows_for(scale), {(4, 1)})


def test_items_with_options_of_their_own_take_only_these():
    scale = find_scale("PHQ-A")
    assert [value for value, _ in items_of("PHQ-A")[11].options] == [0, 1]
    with pytest.raises(TextRefused, match="第 12 题没有 3 分的选项"):
        read_text(scale, scale.forms[0], rows_for(scale, r13=(5, "多余")), ())


def test_versions_of_our_own_never_meet_those_of_an_update():
    assert next_version("1", ["1"]) == "1.1" and next_version("1.1", ["1", "1.1", "2"]) == "1.2"


@pytest.fixture
def library(here):
    with acting_as("system:demo"):
        load_library()
        return {version.code: version for version in ScaleVersion.objects.all()}


def bind(world, base, items, confirmed, entitlement=OURS, form=None, role="self"):
    with acting_as(world.county_officer):
        form = form or definition_of(base).printed
        return bind_text(
            base, items, entitlement, actor=world.county_officer, form=form, role=role, confirmed=confirmed
        )


@pytest.mark.django_db
def test_binding_makes_a_version_that_counts_the_same_and_waits_for_approval(here, library):
    made = bind(here, library["DSRSC"], items_of("DSRSC"), {5, 10})
    scale = definition_of(made)
    assert (made.version, made.text_status, scale.items[9].text_zh) == ("2.1", "official", "官方第10题")
    assert [flag.level for flag in score(scale, [0] * 9 + [2] + [0] * 8).flags] == ["immediate"]
    assert definition_of(library["DSRSC"]).text_status == "none"
    asked = [Asked("primary", 10, "五年级")]
    assert "县区核对" in reasons_against(scale, asked, is_approved=False)[0]
    assert reasons_against(scale, asked, is_approved=True) == ()
    with acting_as(here.county_officer):
        approve_scale(made, here.county, actor=here.county_officer, note="与纸面逐题比对")
        load_library_again = ScaleVersion.objects.get(pk=made.pk)
    assert load_library_again.digest == made.digest
    with acting_as(here.audit_admin):
        assert AuditEntry.objects.filter(verb="assessments.bind_text").count() == 1


@pytest.mark.django_db
def test_each_critical_item_must_have_been_looked_at(here, library):
    with pytest.raises(TextRefused, match="关键条目"):
        bind(here, library["DSRSC"], items_of("DSRSC"), {10})
    assert not TextBinding.objects.exists() and not ScaleVersion.objects.filter(version__contains=".").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("days", [None, -1])
def test_a_licence_gated_scale_needs_a_living_licence(here, library, days):
    until = None if days is None else timezone.localdate() + timedelta(days=days)
    with pytest.raises(TextRefused, match="许可"):
        bind(here, library["ISI"], items_of("ISI"), (), Entitlement("甲县教育局", "授权书", "M-1", until))
    living = Entitlement("甲县教育局", "授权书", "M-1", timezone.localdate() + timedelta(days=30))
    made = bind(here, library["ISI"], items_of("ISI"), (), living)
    assert made.binding.licence_number == "M-1"
    with acting_as(here.counselor):
        assert out_of_force([made], here.county.pk, living.licence_until) == ()
        (reason,) = out_of_force([made], here.county.pk, living.licence_until + timedelta(days=1))
    assert "许可已于" in reason


@pytest.mark.django_db
def test_the_order_on_paper_decides_which_item_a_line_is(here, library):
    made = bind(here, library["PSC-17"], items_of("PSC-17", "B"), (), form="B", role="self")
    scale = definition_of(made)
    assert scale.items[1].text_zh == "官方第1题" and scale.roles == ("self",) and scale.printed == "B"
    sheet = score(scale, [2] * 5 + [0] * 12)
    assert {factor.code: factor.value for factor in sheet.factors}["internalizing"] == 10


@pytest.mark.django_db
def test_pages_lead_from_the_file_past_the_eye_to_the_version(here, library, enter):
    base = library["DSRSC"]
    client, url = enter(here.counselor), reverse("assessments:scale-text", args=[base.pk])
    assert "录入题目文本" in client.get(reverse("assessments:scale-detail", args=[base.pk])).content.decode()
    assert client.get(reverse("assessments:scale-text-template", args=[base.pk])).content[:2] == b"PK"
    head, *rows = rows_for(find_scale("DSRSC"))
    said = {"entitled": "甲县教育局", "document": "购买合同 2026-017"}
    file = SimpleUploadedFile("a.xlsx", write_workbook([OutSheet("题目", head, rows[:-1])]))
    refused = client.post(url, said | {"file": file})
    assert refused.status_code == 422 and "缺第 18 题" in refused.content.decode()
    file = SimpleUploadedFile("a.xlsx", write_workbook([OutSheet("题目", head, rows)]))
    preview = client.post(url, said | {"file": file}).content.decode()
    assert "官方第10题" in preview and "= 1：当日访谈；≥ 2：立即访谈" in preview
    sealed = re.search(r'name="sealed" value="([^"]+)"', preview)[1]
    confirm = reverse("assessments:scale-text-confirm", args=[base.pk])
    missed = client.post(confirm, {"sealed": sealed, "seen": ["10"]})
    assert missed.status_code == 422 and "没有逐一核对" in missed.content.decode()
    other = enter(here.county_officer).post(confirm, {"sealed": sealed, "seen": ["5", "10"]})
    assert other.status_code == 302 and not TextBinding.objects.exists()
    done = enter(here.counselor).post(confirm, {"sealed": sealed, "seen": ["5", "10"]})
    made = ScaleVersion.objects.get(code="DSRSC", version="2.1")
    assert done.url == reverse("assessments:scale-detail", args=[made.pk])
    assert "购买合同 2026-017" in enter(here.counselor).get(done.url).content.decode()
    assert enter(here.principal).get(url).status_code == 403
