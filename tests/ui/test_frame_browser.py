"""The frame in a real browser under the strict policy: phone navigation, dialogs, drawing, unsaved words."""

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import expect

from xinyu.ui.charts import Chart, Series
from xinyu.ui.frame import NavItem

PAGE = """{% extends "base.html" %}{% load ui %}
{% block scripts %}{% include "components/chart_scripts.html" %}{% endblock %}
{% block content %}
{% include "components/confirm.html" with id="end" label="结束测评" title="现在结束？" action="/end" %}
{% include "components/chart_table.html" %}
<form method="post" data-keep>{% csrf_token %}{{ form }}<button class="btn">保存</button></form>
{% endblock %}"""


class Note(forms.Form):
    text = forms.CharField(label="要点", widget=forms.Textarea)


@pytest.fixture
def screen(chromium, desk):
    chart = Chart("cover", "覆盖", "bar", ["一中", "三中"], [Series("已完成", [12, None]), Series("应参加", [20, 30])])
    context = {
        "nav": [NavItem("今天", "/", "home", True)],
        "heading": "今天",
        "form": Note({"text": ""}),
        "chart": chart,
    }
    desk.page = engines["django"].from_string(PAGE).render(context, RequestFactory().get("/"))
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(f"http://127.0.0.1:{desk.server_port}/")
    yield page
    assert page.complaints == []
    context.close()


def test_phone_navigation_opens_and_closes_by_keyboard(screen):
    expect(screen.locator("#site-nav")).not_to_be_visible()
    screen.focus("[data-nav-open]")
    screen.keyboard.press("Enter")
    expect(screen.locator("#site-nav")).to_be_visible()
    screen.keyboard.press("Escape")
    expect(screen.locator("#site-nav")).not_to_be_visible()
    assert screen.evaluate("document.activeElement.hasAttribute('data-nav-open')")


def test_nothing_is_wider_than_the_phone(screen):
    assert screen.evaluate("document.documentElement.scrollWidth") == 390


def test_confirm_dialog_opens_with_the_space_key_and_closes(screen):
    screen.focus("[data-dialog-open=end]")
    screen.keyboard.press("Space")
    expect(screen.locator("#end")).to_be_visible()
    screen.keyboard.press("Escape")
    expect(screen.locator("#end")).not_to_be_visible()


def test_chart_is_drawn_beside_its_table_under_the_policy(screen):
    expect(screen.locator(".xy-chart.is-drawn canvas")).to_be_visible()
    expect(screen.locator(".xy-chart table")).to_be_visible()


def test_a_form_that_came_back_is_announced_and_unsaved_words_are_guarded(screen):
    assert screen.evaluate("document.activeElement.getAttribute('role')") == "alert"
    screen.fill("textarea", "与学生谈话四十分钟")
    asked = []
    screen.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    screen.reload()
    assert asked == ["beforeunload"]
    kept = screen.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "谈话" not in kept and "history-cache" not in kept
