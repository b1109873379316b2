from datetime import date, datetime
from types import SimpleNamespace

import django_tables2 as tables
import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string

from xinyu.ui.frame import Banner, Crumb, Fact, Moment, NavItem, Progress, Tab


def part(name: str, request=None, **context: object) -> str:
    return render_to_string(f"components/{name}.html", context, request=request)


def test_navigation_marks_the_page_one_is_on_and_shows_counts():
    nav = [NavItem("工作"), NavItem("今天", "/", "home", True, 3), NavItem("名册", "/s", "users")]
    html = part("navigation", nav=nav)
    assert html.count('aria-current="page"') == 1 and ">3</span>" in html
    assert '<li class="xy-nav-heading">工作</li>' in html and 'href="/s"' in html


def test_student_header_names_student_class_and_number():
    student = SimpleNamespace(name="欧阳明玥", klass="七（3）班", number="20260312")
    html = part("student_header", student=student, student_state=Fact("关注中", "eye", "info"))
    assert "欧阳明玥" in html and "七（3）班" in html and "学号 20260312" in html and "关注中" in html


def test_empty_state_says_what_to_do_next():
    html = part("empty", title="还没有记录", text="先写一条。", url="/new", action="写一条")
    assert "还没有记录" in html and 'href="/new"' in html and "写一条" in html


def test_stat_shows_a_dash_for_a_hidden_number_and_its_definition():
    assert "—" in part("stat", title="三级", value=None, definition="少于 5 人不显示")
    html = part("stat", title="已完成", value=0, unit="人", definition="已交卷")
    assert "已交卷" in html and "口径" in html and ">0 <small>人" in html


def test_timeline_keeps_line_breaks_and_escapes():
    talk = Moment(datetime(2026, 9, 3, 10, 5), "访谈", "<b>要点</b>", who="陈老师")
    moments = [talk, Moment(date(2026, 9, 1), "建档")]
    html = part("timeline", moments=moments)
    assert "2026年9月3日 10:05" in html and "2026年9月1日" in html and "&lt;b&gt;" in html


def test_progress_polls_only_while_it_runs():
    running = part("progress", job=Progress("生成", percent=40, poll_url="/p", cancel_url="/c"))
    assert 'hx-get="/p"' in running and 'value="40"' in running and 'action="/c"' in running
    done = part("progress", job=Progress("生成", state="done", poll_url="/p", cancel_url="/c", result_url="/r"))
    assert "hx-get" not in done and "取消" not in done and 'href="/r"' in done


def test_steps_and_tabs_say_where_one_is():
    html = part("steps", steps=["选择文件", "核对预览", "导入"], current=2)
    assert html.count('aria-current="step"') == 1 and "已完成" in html
    assert part("tabs", tabs=[Tab("概况", "/a", True), Tab("测评", "/b", False, 2)]).count('aria-current="page"') == 1


def test_banner_breadcrumbs_and_definition_list():
    assert "实时提醒暂不可用" in part("banner", banner=Banner("实时提醒暂不可用"))
    assert part("breadcrumbs", crumbs=[Crumb("首页", "/"), Crumb("今天")]).count('aria-current="page"') == 1
    assert "<dd>—</dd>" in part("definition_list", facts=[("备注", None)])


def test_confirm_dialog_works_without_javascript(rf):
    html = part("confirm", rf.get("/"), id="end", label="结束", title="现在结束？", action="/end")
    assert 'href="#end"' in html and '<dialog class="xy-dialog" id="end"' in html and "csrfmiddlewaretoken" in html


class People(tables.Table):
    name = tables.Column(verbose_name="姓名")
    klass = tables.Column(verbose_name="班级", orderable=False)

    class Meta:
        empty_text = "这个班还没有学生"


@pytest.mark.parametrize("count", [0, 3, 12])
def test_table_pages_sorts_and_carries_labels_for_phones(rf, count):
    request = rf.get("/?q=a")
    table = People([{"name": f"学生{i}", "klass": "七（3）班"} for i in range(count)])
    tables.RequestConfig(request, paginate={"per_page": 5}).configure(table)
    html = render_to_string("components/table.html", {"table": table, "request": request})
    if not count:
        assert "这个班还没有学生" in html and "<table" not in html
        return
    assert html.count('data-label="姓名"') == min(count, 5) and f"共 {count} 条" in html
    assert ("下一页" in html) == (count > 5) and "q=a" in html and "sort=name" in html


def test_pagination_of_a_plain_page(rf):
    page = Paginator(range(30), 10).page(2)
    html = part("pagination", page=page, request=rf.get("/?page=2"))
    assert 'href="?page=1"' in html and 'href="?page=3"' in html and "第 2 / 3 页" in html
