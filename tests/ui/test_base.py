import json
import re
from types import SimpleNamespace

import pytest
from django import forms
from django.template.loader import render_to_string

from xinyu.ui.frame import Banner, NavItem

ALLAUTH = {
    "account/login.html": "登录",
    "account/logout.html": "退出登录",
    "account/password_change.html": "修改密码",
    "account/reauthenticate.html": "再次确认身份",
    "mfa/authenticate.html": "二次验证",
    "mfa/index.html": "安全设置",
    "mfa/reauthenticate.html": "认证器应用",
    "mfa/totp/activate_form.html": "扫描下面的二维码",
    "mfa/totp/deactivate_form.html": "停用",
    "mfa/recovery_codes/index.html": "恢复码",
    "mfa/recovery_codes/generate.html": "生成",
}


class LogIn(forms.Form):
    login = forms.CharField(label="用户名")
    password = forms.CharField(label="密码", widget=forms.PasswordInput)


@pytest.fixture
def page():
    context = {
        "nav": [NavItem("今天", "/", "home", True)],
        "banners": [Banner("演示数据", tone="info")],
        "posts": [SimpleNamespace(label="心理教师", place_name="第三中学")],
        "user": SimpleNamespace(is_authenticated=True),
        "unread": 4,
        "heading": "今天",
        "request_id": "7f3a09c21be4",
        "session_seconds": 1800,
    }
    return render_to_string("base.html", context)


def test_base_has_one_heading_a_skip_link_and_landmarks(page):
    assert page.count("<h1>") == 1 and 'href="#main"' in page and 'id="main"' in page
    assert 'lang="zh-CN"' in page and 'aria-label="主导航"' in page and "12356" in page and "7f3a09c21be4" in page


def test_base_names_the_post_the_banner_and_the_end_of_the_log_in(page):
    assert "第三中学" in page and "心理教师" in page and "演示数据" in page
    assert 'data-session-seconds="1800"' in page and 'id="idle"' in page


def test_htmx_keeps_no_pages_in_the_browser_and_never_evaluates(page):
    config = json.loads(re.search(r"name=\"htmx-config\" content='([^']+)'", page)[1])
    assert config["historyCacheSize"] == 0
    assert config["allowEval"] is False and config["includeIndicatorStyles"] is False


@pytest.mark.parametrize(("name", "words"), ALLAUTH.items())
def test_log_in_pages_are_chinese(name, words):
    html = render_to_string(name, {"form": LogIn(), "authenticators": {}, "unused_codes": []})
    text = re.sub(r"<head>.*?</head>|<[^>]+>", " ", html, flags=re.S)
    assert words in text and "心育" in text
    assert not re.search(r"\b(Sign|Password|Login|Code|Authenticator)\b", text)
