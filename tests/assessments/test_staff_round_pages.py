"""The pages of a round for staff: the person's own, the station's, and what everybody else is refused."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import StaffAlert, StaffLook, StaffRound, StaffSitting
from tests.assessments.staff_world import (
    CALM,
    CLOSINGS,
    PHONE,
    WITH_ITEM_9,
    agreed,
    answer_all,
    closed,
    form_of,
    handed_in,
    planned,
    saved,
    started,
    teachers,
)
from tests.cast import add_post
from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post
from xinyu.organisations.models import County

pytestmark = pytest.mark.django_db


def at(name: str, *args) -> str:
    return reverse(f"assessments:{name}", args=args)


def test_today_asks_each_member_of_staff_in_one_line_until_she_says_no(here, there, enter):
    row = started(here)
    for user in (here.teacher, here.counselor, here.principal):
        assert f'href="{at("self-round", row.pk)}"' in enter(user).get("/").text
    assert row.title not in enter(there.teacher).get("/").text
    assert row.title not in enter(here.county_officer).get("/").text
    client = enter(here.teacher)
    assert client.post(at("self-decline", row.pk)).status_code == 302
    assert row.title not in client.get("/").text and "给您自己" not in client.get("/").text
    assert "这次不参加" in client.get(at("self-list")).text


def test_she_reads_who_sees_what_and_agrees_before_anything_is_asked(here, enter):
    row, client = started(here), enter(here.teacher)
    page = client.get(at("self-round", row.pk)).text
    for words in (
        "自愿参加",
        "只有本县区辅导站心理教师能看到",
        "学校领导只看到参加人数",
        "一保存就会提醒",
        "撤回",
        "12356",
    ):
        assert words in page
    assert client.get(at("self-page", row.pk, 1)).status_code == 302, "nothing is asked before"
    answer = client.post(at("self-round", row.pk), {"contact": "12", "is_agreed": ""})
    assert answer.status_code == 422 and "请先勾选" in answer.text and 'value="12"' in answer.text
    with acting_as(here.teacher):
        assert not StaffSitting.objects.exists(), "nothing half-written"
    answer = client.post(at("self-round", row.pk), {"contact": "139 1234 5678", "is_agreed": "on"})
    assert answer.url == at("self-page", row.pk, 1)


def test_each_part_is_saved_and_she_goes_on_where_she_stopped(here, enter):
    row, client = started(here), enter(here.teacher)
    agreed(here, row, here.teacher)
    page = client.get(at("self-page", row.pk, 1)).text
    assert "1/2" in page and "老师聊聊" not in page and "PHQ" not in page.replace('value="PHQ-9"', "")
    assert client.post(at("self-page", row.pk, 1), form_of("PHQ-9", CALM)).url == at("self-page", row.pk, 2)
    assert client.get(at("self-round", row.pk)).url == at("self-page", row.pk, 2)
    assert 'name="1" value="0" checked' in client.get(at("self-page", row.pk, 1)).text
    assert client.get(at("self-page", row.pk, 3)).status_code == 404
    assert client.post(at("self-page", row.pk, 2), {"scale": "GAD-7", "revision": "0", "1": "9"}).status_code == 422


def test_a_question_left_out_is_named_once_and_is_no_duty(here, enter):
    row, client = started(here, "GAD-7"), enter(here.teacher)
    agreed(here, row, here.teacher)
    some = {key: value for key, value in form_of("GAD-7", (0,) * 7).items() if key != "3"}
    asked = client.post(at("self-page", row.pk, 1), some)
    assert asked.status_code == 200 and "第 3 题还没有选" in asked.text
    assert client.post(at("self-page", row.pk, 1), some | {"again": "1"}).url == at("self-result", row.pk)


def test_her_own_result_is_in_words_and_says_where_help_is(here, enter):
    row, client = started(here), enter(here.teacher)
    assert answer_all(client, row).url == at("self-result", row.pk)
    page = client.get(at("self-result", row.pk)).text
    assert "没有看到需要特别留意" in page and "提示情绪困扰程度" in page and "0731-88712345" in page and "12356" in page
    assert "请不要一个人扛着" not in page and "不是诊断" in page and "还没有人看过" in page
    assert client.get(at("self-round", row.pk)).url == at("self-result", row.pk), "later, too"


def test_item_9_above_zero_says_where_help_is_now_and_is_on_top_of_the_stations_page(here, enter):
    row = started(here)
    client = enter(here.teacher)
    client.post(at("self-round", row.pk), {"contact": PHONE, "is_agreed": "on"})
    client.post(at("self-page", row.pk, 1), form_of("PHQ-9", WITH_ITEM_9))
    assert "会尽快打给您" in client.get(at("self-page", row.pk, 2)).text, "also for whoever stops here"
    client.post(at("self-page", row.pk, 2), form_of("GAD-7", (0,) * 7))
    page = client.get(at("self-result", row.pk)).text
    assert page.count("没有看到需要特别留意") == 1, "the questionnaire with that answer does not soothe"
    assert "请不要一个人扛着" in page and "会尽快打给您" in page and 'href="tel:120"' in page
    station = enter(here.station_counselor)
    assert "请联系 1 位教职工本人" in station.get("/").text and here.teacher.name not in station.get("/").text
    page = station.get(at("staff-round-list")).text
    assert here.teacher.name in page and PHONE in page
    with acting_as(here.station_counselor):
        alert = StaffAlert.objects.get()
    assert station.post(at("staff-alert-handled", alert.pk), {}).status_code == 302
    with acting_as(here.station_counselor):
        assert StaffAlert.objects.get().handled_at is None, "nothing was chosen"
    station.post(at("staff-alert-handled", alert.pk), {"outcome": "talked"})
    assert here.teacher.name not in station.get(at("staff-round-list")).text


@pytest.mark.parametrize("how", CLOSINGS)
def test_a_page_sent_after_the_round_closed_is_shown_again_with_help_and_still_alerts(here, there, enter, how):
    row = started(here, "PHQ-9")
    agreed(here, row, here.teacher)
    client = enter(here.teacher)
    client.get(at("self-page", row.pk, 1))
    closed(here, row, how)
    answer = client.post(at("self-page", row.pk, 1), form_of("PHQ-9", (0,) * 8 + (3,)))
    page = answer.text
    assert answer.status_code == 409 and "现在不能作答" in page and "这一页没有保存" in page
    assert 'name="9" value="3" checked' in page and 'type="submit"' not in page
    assert "您最近可能很不好过" in page and 'href="tel:120"' in page and "0731-88712345" in page
    assert ("辅导站心理教师会尽快打给您" in page) == (how == "ended"), "nobody is promised who is not there"
    assert ("已经提醒县区教育局" in page) == (how != "ended")
    with acting_as(here.teacher):
        assert StaffAlert.objects.get().level == "immediate" and StaffSitting.objects.get().answers is None
    if how == "ended":
        assert here.teacher.name in enter(here.station_counselor).get(at("staff-round-list")).text
    for other in (here.county_officer, there.station_counselor):
        assert here.teacher.name not in enter(other).get(at("staff-round-list")).text
    assert enter(here.counselor).post(at("self-page", row.pk, 1), form_of("PHQ-9", WITH_ITEM_9)).status_code == 302
    assert enter(there.teacher).post(at("self-page", row.pk, 1), form_of("PHQ-9", WITH_ITEM_9)).status_code == 404


def test_a_calm_page_sent_after_the_round_closed_is_shown_again_and_frightens_nobody(here, enter):
    row = started(here)
    agreed(here, row, here.teacher)
    client = enter(here.teacher)
    closed(here, row, "ended")
    answer = client.post(at("self-page", row.pk, 1), form_of("PHQ-9", CALM))
    assert answer.status_code == 409 and "这一页没有保存" in answer.text and "想找人谈一谈" in answer.text
    assert "很不好过" not in answer.text
    assert client.get(at("self-page", row.pk, 1)).url == at("self-round", row.pk)
    client.post(at("self-withdraw", row.pk))
    assert client.post(at("self-page", row.pk, 1), form_of("PHQ-9", WITH_ITEM_9)).status_code == 302
    with acting_as(here.teacher):
        assert not StaffAlert.objects.exists()


def test_the_local_hotline_is_dialled_without_its_hours(here, enter):
    with acting_as("system:demo"):
        County.objects.filter(pk=here.county.pk).update(settings={"hotline": "0731-12355（每天8:00—22:00）"})
    page = enter(here.teacher).get(at("self-round", started(here).pk)).text
    assert '<a href="tel:0731-12355">0731-12355（每天8:00—22:00）</a>' in page


def test_the_station_opens_a_result_and_its_person_sees_that(here, there, enter):
    row = started(here)
    sitting = handed_in(here, row, here.teacher, WITH_ITEM_9)
    station = enter(here.station_counselor)
    assert "还没有看" in station.get(at("staff-round", row.pk)).text
    assert "还没有看过的自测结果 1 份" in station.get("/").text
    page = station.get(at("staff-result", sitting.pk)).text
    assert here.teacher.name in page and PHONE in page and "不是诊断" in page and "有需要当面问的回答" in page
    assert "还没有看" not in station.get(at("staff-round", row.pk)).text
    assert here.station_counselor.name in enter(here.teacher).get(at("self-result", row.pk)).text
    for other, status in (
        (there.station_counselor, 404), (here.county_officer, 403), (here.principal, 403), (here.counselor, 403),
    ):  # fmt: skip
        assert enter(other).get(at("staff-result", sitting.pk)).status_code == status
    with acting_as(here.station_counselor):
        assert StaffLook.objects.count() == 1


def test_an_officer_plans_and_sees_no_name_and_no_alert(here, enter):
    row = started(here)
    handed_in(here, row, here.teacher, WITH_ITEM_9)
    client = enter(here.county_officer)
    for page in (client.get(at("staff-round-list")).text, client.get(at("staff-round", row.pk)).text):
        assert row.title in page and here.teacher.name not in page and PHONE not in page
        assert "等着联系的人" not in page and "交卷的教职工" not in page


def test_a_colleague_finds_nothing_of_another(here, there, enter):
    row = started(here)
    handed_in(here, row, here.teacher)
    client = enter(here.counselor)
    assert client.get(at("self-result", row.pk)).url == at("self-round", row.pk)
    assert "可以参加" in client.get(at("self-list")).text and "已交卷" not in client.get(at("self-list")).text
    assert enter(there.teacher).get(at("self-round", row.pk)).status_code == 404
    assert enter(here.county_officer).get(at("self-list")).status_code == 403


def test_withdrawing_takes_it_from_everybody(here, enter):
    row = started(here)
    sitting = handed_in(here, row, here.teacher)
    client = enter(here.teacher)
    assert "已撤回" in client.post(at("self-withdraw", row.pk), follow=True).text
    assert client.get(at("self-result", row.pk)).status_code == 302
    assert "没有可以撤回" in client.post(at("self-withdraw", row.pk), follow=True).text
    assert client.get(at("self-round", row.pk)).status_code == 200, "says so, and asks no more"
    assert enter(here.station_counselor).get(at("staff-result", sitting.pk)).status_code == 404


def values(here, **changes) -> dict:
    today = timezone.localdate()
    with acting_as(here.station_counselor):
        ids = StaffRound.objects.latest("pk").version_ids
    given = {
        "title": "春季自测", "versions": ids, "schools": [here.school.pk], "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=7)).isoformat(), "words": "辛苦了。", "station": "幸福路 1 号",
    }  # fmt: skip
    return given | changes


def test_a_round_is_planned_read_through_and_started(here, there, enter):
    planned(here)
    client = enter(here.station_counselor)
    page = client.get(at("staff-round-new")).text
    assert "甲中学（7 人）" in page and "乙中学" not in page and "PHQ-A" not in page and "幸福路 1 号，周二下午" in page
    made = client.post(at("staff-round-new"), values(here))
    with acting_as(here.station_counselor):
        row = StaffRound.objects.latest("pk")
    assert made.url == at("staff-round", row.pk)
    assert "还没有开始" in client.get(made.url).text and "自愿参加" in client.get(made.url).text
    assert "进行中" in client.post(at("staff-round-start", row.pk), follow=True).text
    assert "已经开始" in client.post(at("staff-round-start", row.pk), follow=True).text
    assert "已结束" in client.post(at("staff-round-end", row.pk), follow=True).text
    assert enter(there.station_counselor).get(at("staff-round", row.pk)).status_code == 404
    assert enter(there.county_officer).post(at("staff-round-start", row.pk)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"versions": []}, "请至少选一个量表"),
        ({"schools": []}, "请至少选一所学校"),
        ({"closes_on": "2020-01-01"}, "不能早于今天"),
        ({"closes_on": "2099-01-01"}, "60 天以内"),
        ({"opens_on": "明天"}, "2026-09-01 这样的日期"),
        ({"station": ""}, "辅导站的地址"),
    ],
)
def test_bad_input_is_answered_at_the_field(here, enter, changes, said):
    planned(here)
    answer = enter(here.station_counselor).post(at("staff-round-new"), values(here, **changes))
    assert answer.status_code == 422 and said in answer.text and "春季自测" in answer.text
    with acting_as(here.station_counselor):
        assert StaffRound.objects.count() == 1


def test_a_list_of_many_asks_no_more_than_a_list_of_one(here, enter):
    row = started(here)
    people = teachers(here, 3)
    handed_in(here, row, people[0], WITH_ITEM_9)
    client, counts = enter(here.station_counselor), []
    client.get(at("staff-round-list"))  # the first page of a session notes when somebody was there
    for more in ((), people[1:]):
        for user in more:
            saved(agreed(here, row, user), user, "PHQ-9", WITH_ITEM_9, is_last=True)
        with CaptureQueriesContext(connection) as asked:
            client.get(at("staff-round", row.pk))
            client.get(at("staff-round-list"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_whoever_changes_school_still_reads_her_result_and_may_withdraw_it(here, there, enter):
    row = started(here)
    handed_in(here, row, here.teacher)
    with acting_as("system:demo"):
        Post.objects.filter(pk=here.post_teacher.pk).update(revoked_at=timezone.now())
        add_post(here.teacher, "teacher", there.school, granter=there.granter, approver=there.approver)
    client = enter(here.teacher)
    assert "已交卷" in client.get(at("self-list")).text
    assert client.get(at("self-result", row.pk)).status_code == 200
    assert "已撤回" in client.post(at("self-withdraw", row.pk), follow=True).text
    assert enter(there.teacher).get(at("self-round", row.pk)).status_code == 404
