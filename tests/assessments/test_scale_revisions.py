"""Cut-offs and norms of the bureau: a draft version, old beside new, in force by approval; used versions stay."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.urls import reverse

from assessments.band_editing import EditTable, Row, differences, tables_of, with_tables
from assessments.forms.scale_bands import BandsForm
from assessments.models import ScaleRevision, ScaleVersion
from assessments.norm_tables import HEADER, NormsRefused, read_norms, template_rows
from assessments.queries.scales import library, offered, out_of_force
from assessments.scale_library import definition_of, load_library
from assessments.scoring import load_documents, parse_definition, score
from tests.assessments.screening_world import approved_scales, plan
from xinyu.access.actor import acting_as
from xinyu.lib.sheets_out import OutSheet, write_workbook

DOCUMENTS = load_documents()


@pytest.mark.parametrize("code", sorted(DOCUMENTS))
def test_what_is_not_changed_comes_back_as_it_was(code):
    document = DOCUMENTS[code]
    same = with_tables(document, {table.key: table for table in tables_of(document)})
    assert same == document and differences(document, same) == []


def raised(document, start=12, source="本市 2025 年研究，第 3 表"):
    table = next(table for table in tables_of(document) if table.key == "t0")
    rows = tuple(Row(start if row.start == 10 else row.start, row.above, row.label, row.concern, row.code)
                 for row in table.rows)  # fmt: skip
    return with_tables(document, {"t0": EditTable(table.key, table.title, source, rows)})


def test_a_moved_cut_is_one_difference_and_moves_the_band():
    old, new = DOCUMENTS["GAD-7"], raised(DOCUMENTS["GAD-7"])
    (change,) = differences(old, new)
    assert [(a, b) for a, b, differs in change.lines if differs] == [
        ("达到 10：" + old["bands"][0]["rows"][2]["label_zh"], "达到 12：" + old["bands"][0]["rows"][2]["label_zh"])
    ]
    before, after = (score(parse_definition(one), [2, 2, 2, 2, 2, 0, 0]).band.code for one in (old, new))
    assert (before, after) == ("moderate", "mild")


def typed(document, **changes):
    """What the page would send, unchanged but for `changes` ("t0-2-start" as t0_2_start)."""
    form = BandsForm(document=document)
    said = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    said = {name: "" if value is None else value for name, value in said.items()}
    return said | {"reason": "本市 2025 年研究"} | {name.replace("_", "-"): value for name, value in changes.items()}


@pytest.mark.parametrize(("code", "changes", "sentence"), [
    ("GAD-7", {"t0_2_start": 12}, "请写明新的依据"),
    ("GAD-7", {"t0_2_start": 99, "t0_source": "新来源一二"}, "由低到高"),
    ("GAD-7", {"t0_3_start": 40, "t0_source": "新来源一二"}, "达不到最高一级"),
    ("GAD-7", {"t0_2_label": ""}, "分数和提示要一起填"),
    ("GAD-7", {"t0_2_start": "十"}, "输入一个数"),
    ("GAD-7", {"reason": "好"}, "至少 6 个字"),
])  # fmt: skip
def test_a_table_that_cannot_be_right_is_refused_at_its_field(code, changes, sentence):
    form = BandsForm(typed(DOCUMENTS[code], **changes), document=DOCUMENTS[code])
    assert not form.is_valid() and sentence in str(form.errors)


def test_a_band_may_be_added_taken_away_and_the_validity_cut_moved():
    document = DOCUMENTS["MHT"]
    changes = {"f0t0_3_start": 12, "f0t0_3_label": "学习焦虑：很高", "f0t0_3_concern": 2,
               "f0t0_source": "本市研究 2025",
               "f1t0_1_start": "", "f1t0_1_label": "", "f1t0_source": "本市研究 2025", "cut": 8}  # fmt: skip
    form = BandsForm(typed(document, **changes), document=document)
    assert form.is_valid(), form.errors
    scale = parse_definition(form.made)
    seven = [0] * 81 + [1, 0] * 7 + [0] * 5
    assert score(scale, seven).valid and not score(parse_definition(document), seven).valid
    tables = {table.key: len(table.rows) for table in tables_of(form.made)}
    assert (tables["f0t0"], tables["f1t0"]) == (4, 2)


def norm_row(**said):
    row = {"分数": "总分", "类型": "T 分", "来源": "甲县 2025 年研究", "年份": 2025} | said
    return [row.get(title, "") for title in HEADER]


@pytest.mark.parametrize(("row", "sentence"), [
    ({"分数": "抑郁", "原始分": 1, "标准分": 50}, "A2 没有“抑郁”这个分数，可用：总分"),
    ({"性别": "F", "原始分": 1, "标准分": 50}, "B2 性别应写男、女"),
    ({"年级从": 9, "年级到": 7, "原始分": 1, "标准分": 50}, "C2 年级应是 1—12"),
    ({"类型": "Z", "原始分": 1, "标准分": 50}, "G2 类型应是"),
    ({"平均数": 5, "标准差": 0}, "I2 标准差应大于 0"),
    ({"平均数": 5, "标准差": 2, "原始分": 3}, "H2 一行只写一种"),
    ({"原始分": "三", "标准分": 50}, "J2 “原始分”应是数字，收到“三”"),
    ({"原始分": 3}, "K2 “标准分”应是数字"),
    ({"来源": "", "原始分": 3, "标准分": 50}, "L2 请写明常模的来源"),
    ({"年份": 25, "原始分": 3, "标准分": 50}, "M2 年份应是四位数"),
])  # fmt: skip
def test_a_norm_that_does_not_fit_is_refused_by_cell(row, sentence):
    with pytest.raises(NormsRefused, match=sentence):
        read_norms(DOCUMENTS["GAD-7"], [list(HEADER), norm_row(**row)])


def test_norms_by_sex_and_grade_score_each_by_their_own_and_go_out_as_they_came_in():
    rows = [norm_row(平均数=6, 标准差=4)]
    rows += [norm_row(性别="女", 年级从=7, 年级到=9, 原始分=raw, 标准分=t) for raw, t in ((10, 70), (0, 40), (5, 55))]
    document = DOCUMENTS["GAD-7"] | {"norms": read_norms(DOCUMENTS["GAD-7"], [list(HEADER), *rows])}
    scale = parse_definition(document)
    found = [score(scale, [1] * 7, sex=sex, grade=8).norms[0] for sex in "FM"]
    assert [(norm.value, norm.year) for norm in found] == [(55, 2025), (52.5, 2025)]
    again = read_norms(document, [list(HEADER), *template_rows(document)])
    assert again == document["norms"]
    twice = [
        norm_row(原始分=1, 标准分=40),
        norm_row(原始分=1, 标准分=41),
        norm_row(来源="另一份研究", 原始分=2, 标准分=50),
    ]
    with pytest.raises(NormsRefused) as refused:
        read_norms(DOCUMENTS["GAD-7"], [list(HEADER), *twice])
    assert len(refused.value.errors) == 2 and "J3 原始分 1 写了两次" in refused.value.errors[0]


@pytest.mark.django_db
def test_from_the_editor_past_the_comparison_into_force(here, there, enter):
    (base,) = approved_scales(here, "GAD-7")
    url = reverse("assessments:scale-bands", args=[base.pk])
    assert enter(here.counselor).get(url).status_code == 403
    county = enter(here.county_officer)
    refused = county.post(url, typed(base.definition, t0_2_start=12))
    assert refused.status_code == 422 and "请写明新的依据" in refused.content.decode()
    done = county.post(url, typed(base.definition, t0_2_start=12, t0_source="甲县 2025 年研究"))
    made = ScaleVersion.objects.get(code="GAD-7", version="1.1")
    assert done.url == reverse("assessments:scale-changes", args=[made.pk])
    # the draft is changed in place, by its own county alone; schools still use the old one
    again = reverse("assessments:scale-bands", args=[made.pk])
    assert county.post(again, typed(made.definition, t0_2_start=11, t0_source="甲县 2025 年研究第二稿")).url == done.url
    assert enter(there.county_officer).get(done.url).status_code == 404
    with acting_as(here.counselor):
        assert list(offered(here.county.pk).filter(code="GAD-7")) == [base]
    page = enter(here.county_officer).get(done.url).content.decode()
    assert "达到 10" in page and "达到 11" in page and "甲县 2025 年研究第二稿" in page and "还没有启用" in page
    approve = reverse("assessments:scale-approve", args=[made.pk])
    assert county.post(approve, {"note": ""}).status_code == 422
    assert county.post(approve, {"note": "逐项对照，一致"}).status_code == 302
    with acting_as(here.counselor):
        assert list(offered(here.county.pk).filter(code="GAD-7")) == [ScaleVersion.objects.get(pk=made.pk)]
        facts = {line.version.version: line.fact.label for line in library() if line.version.code == "GAD-7"}
    assert facts == {"1": "已由第 1.1 版接替", "1.1": "本县区已批准"}
    with acting_as(here.counselor):
        (reason,) = out_of_force([base], here.county.pk, date(2026, 9, 1))
        assert "第 1 版已由第 1.1 版接替" in reason
    with acting_as(there.counselor):
        assert out_of_force([base], there.county.pk, date(2026, 9, 1)) == ()
        assert list(offered(there.county.pk).filter(code="GAD-7")) == [base]
    # approved: changing it again makes the next one
    assert (
        "1.2"
        in enter(here.city_officer)
        .post(again, typed(made.definition, t0_2_start=12, t0_source="全市研究 2026"), follow=True)
        .content.decode()
    )
    assert ScaleRevision.objects.get(version__version="1.2").county_id is None


@pytest.mark.django_db
def test_the_database_keeps_what_was_used_or_approved_and_a_result_its_version(here):
    base, other = approved_scales(here, "GAD-7", "PHQ-9")
    with acting_as(here.counselor):
        plan(here, [base])
    for version in (base, other):
        with (
            acting_as(here.county_officer),
            pytest.raises(ProgrammingError, match="used or approved"),
            transaction.atomic(),
        ):
            ScaleVersion.objects.filter(pk=version.pk).update(definition=version.definition | {"version": "x"})
    with acting_as("system:demo"):
        assert load_library() == []
        assert definition_of(base).digest == base.digest


@pytest.mark.django_db
def test_norms_come_from_a_file_and_errors_name_their_cells(here, enter):
    (base,) = approved_scales(here, "GAD-7")
    client, url = enter(here.county_officer), reverse("assessments:scale-norms", args=[base.pk])
    assert client.get(reverse("assessments:scale-norms-template", args=[base.pk])).content[:2] == b"PK"

    def send(*rows):
        data = write_workbook([OutSheet("常模", list(HEADER), rows)])
        return client.post(url, {"file": SimpleUploadedFile("n.xlsx", data), "reason": "甲县 2025 年常模研究"})

    wrong = send(norm_row(性别="女生", 原始分=1, 标准分=50))
    assert wrong.status_code == 422 and "B2 性别应写男、女" in wrong.content.decode()
    done = send(norm_row(性别="女", 平均数=5, 标准差=3))
    made = ScaleVersion.objects.get(code="GAD-7", version="1.1")
    assert "总分（女）：平均数 5，标准差 3；来源 甲县 2025 年研究，2025 年" in client.get(done.url).content.decode()
    assert score(definition_of(made), [1] * 7, sex="F").norms[0].value == 56.7
    # bands on the norm score are added in the editor
    bands = reverse("assessments:scale-bands", args=[made.pk])
    rows = {"n:total-0-start": 0, "n:total-0-label": "常见范围", "n:total-1-start": 65,
            "n:total-1-label": "建议进一步了解",
            "n:total-1-concern": 1, "n:total-source": "甲县 2025 年研究"}  # fmt: skip
    assert client.post(bands, typed(made.definition) | rows).status_code == 302
    sheet = score(definition_of(ScaleVersion.objects.get(pk=made.pk)), [2] * 7, sex="F")
    assert sheet.band_in("norm").label_zh == "建议进一步了解"
