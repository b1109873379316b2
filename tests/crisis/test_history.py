import pytest

from crisis.models import Case
from crisis.queries.history import history_of
from xinyu.access.actor import acting_as

pytestmark = pytest.mark.django_db


def test_the_panel_says_what_changed_and_not_to_another_school(here, there):
    with acting_as(here.counselor):
        case = Case.objects.get()
        case.level = "orange"
        case.save(update_fields=["level"])
        case.owner = here.principal
        case.save(update_fields=["owner"])
        titles = [moment.title for moment in history_of(case)]
    assert titles == ["责任人：甲counselor → 甲principal", "级别：黄色（三级） → 橙色（二级）", "建档"]
    with acting_as(there.counselor):
        assert history_of(case) == []


def test_the_case_page_shows_the_panel_to_counselor_and_principal(here, enter):
    for role in ("counselor", "principal"):
        page = enter(here.users[role]).get(f"/cases/{here.case.pk}/")
        assert page.status_code == 200 and "修改记录" in page.text and "建档" in page.text
