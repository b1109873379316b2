import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse

from assessments import scale_library
from assessments.models import ScaleApproval, ScaleVersion
from assessments.scale_gate import Asked, reasons_against
from assessments.scale_library import ScaleFrozen, approve_scale, definition_of, freeze, load_library
from assessments.scoring import find_scale, load_documents, parse_definition
from xinyu.access.actor import acting_as
from xinyu.audit.models import AuditEntry

JUNIOR_2, PRIMARY_5 = Asked("junior", 13, "初二"), Asked("primary", 10, "五年级")


@pytest.fixture
def scales(here):
    with acting_as("system:demo"):
        load_library()
        return {version.code: version for version in ScaleVersion.objects.all()}


def with_changes(code, **changes):
    document = json.loads(json.dumps(load_documents()[code]))
    return parse_definition(document | changes)


def test_own_wording_needs_the_county_and_then_may_be_opened():
    phq = find_scale("PHQ-9")
    [reason] = reasons_against(phq, [JUNIOR_2], is_approved=False)
    assert "自拟文本" in reason and "县区" in reason
    assert reasons_against(phq, [JUNIOR_2], is_approved=True) == ()


def test_a_scale_outside_its_stage_or_age_is_refused_by_name_even_when_approved():
    phq = find_scale("PHQ-9")
    [reason] = reasons_against(phq, [JUNIOR_2, PRIMARY_5], is_approved=True)
    assert "五年级" in reason and "初二" not in reason
    young = Asked("junior", 11, "初一")
    assert "初一" in reasons_against(phq, [young], is_approved=True)[0]


def test_a_suicide_item_never_reaches_a_primary_school_without_approval():
    asq_like = with_changes("PHQ-9", text_status="official", stages=["primary"], ages={"min": 8})
    unread, reason = reasons_against(asq_like, [PRIMARY_5], is_approved=False)
    assert "县区核对" in unread and "不得用于小学" in reason
    assert reasons_against(asq_like, [PRIMARY_5], is_approved=True) == ()


def test_what_others_fill_in_and_small_children_are_refused():
    parents = with_changes("WHO-5", roles=["parent"])
    [reason] = reasons_against(parents, [PRIMARY_5], is_approved=True)
    assert "不能作为学生自评" in reason
    small = with_changes("WHO-5", ages={"min": 6})
    [reason] = reasons_against(small, [Asked("primary", 8, "三年级"), PRIMARY_5], is_approved=True)
    assert reason.startswith("三年级不做学生自评")


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_a_used_version_is_kept(scales, monkeypatch):
    with acting_as("system:demo"):
        assert load_library() == []
        assert {"PHQ-9", "GAD-7", "WHO-5"} <= set(scales)
        assert definition_of(scales["PHQ-9"]) is definition_of(ScaleVersion.objects.get(code="PHQ-9"))
        documents = load_documents()
        documents["PHQ-9"]["source"] = "another edition"
        monkeypatch.setattr(scale_library, "load_documents", lambda: documents)
        [changed] = load_library()
        assert changed.pk == scales["PHQ-9"].pk and changed.source == "another edition"
        freeze([changed])
        documents["PHQ-9"]["source"] = "a third edition"
        with pytest.raises(ScaleFrozen, match="新的版本号"):
            load_library()


@pytest.mark.django_db
def test_the_command_needs_nobody_logged_in(here, capsys):
    call_command("load_scales")
    assert f"更新 {len(load_documents())} 个量表版本" in capsys.readouterr().out
    call_command("load_scales")
    assert "更新 0 个量表版本" in capsys.readouterr().out


@pytest.mark.django_db
def test_an_officer_approves_for_her_own_county_once_and_by_name(here, there, scales):
    phq = scales["PHQ-9"]
    with acting_as(here.county_officer):
        first = approve_scale(phq, here.county, actor=here.county_officer, note="与官方版逐题比对")
        again = approve_scale(phq, here.county, actor=here.county_officer, note="再点一次")
        assert first == again and first.by == here.county_officer
        with pytest.raises(PermissionDenied):
            approve_scale(phq, there.county, actor=here.county_officer, note="别的县")
    with acting_as(here.counselor), pytest.raises(PermissionDenied):
        approve_scale(phq, here.county, actor=here.counselor, note="不是专干")
    with acting_as(here.audit_admin):
        assert AuditEntry.objects.filter(verb="assessments.approve_scale").count() == 1


@pytest.mark.django_db
def test_pages_show_the_rules_and_only_the_officer_can_approve(here, scales, enter):
    url = reverse("assessments:scale-detail", args=[scales["PHQ-9"].pk])
    page = enter(here.counselor).get(url).content.decode()
    for text in ("第 9 题 ≥ 2：立即访谈", "Kroenke", "平台自拟文本", "公有领域", "还没有县区批准"):
        assert text in page
    assert "批准使用" not in page
    approve = reverse("assessments:scale-approve", args=[scales["PHQ-9"].pk])
    assert enter(here.counselor).post(approve, {"note": "与官方版逐题比对"}).status_code == 403
    officer = enter(here.county_officer)
    refused = officer.post(approve, {"note": "看过"})
    assert refused.status_code == 422 and "看过" in refused.content.decode()
    assert not ScaleApproval.objects.exists()
    assert officer.post(approve, {"note": "与官方版逐题比对，措辞一致"}).status_code == 302
    assert "措辞一致" in officer.get(url).content.decode()
    assert "本县区已批准" in officer.get(reverse("assessments:scale-list")).content.decode()
