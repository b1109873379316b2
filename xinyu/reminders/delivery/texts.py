"""Every text that may leave the platform: a closed list with one number each. No name and no content has a way in.

Pure. A mail, a short message and a robot in a group are read on locked screens and by strangers; whoever wants to know
more logs in.
"""

import re

PROBE, SINGLE, SUMMARY, GROUP, DIGEST = "probe", "single", "summary", "group", "digest"

TEXTS = {
    SINGLE: "【心育】您有{n}条紧急待办，请尽快登录平台查看。",
    SUMMARY: "【心育】一小时内消息较多，另有{n}条紧急待办，请尽快登录平台查看。",
    GROUP: "【心育】有{n}条紧急待办，请负责老师尽快登录平台查看。",
    DIGEST: "【心育】您有{n}条待办，方便时请登录平台查看。",
    PROBE: "【心育】这是一条测试消息，收到说明通知渠道可用（{n}）。",
}
SUBJECTS = {
    SINGLE: "【心育】紧急待办",
    SUMMARY: "【心育】紧急待办",
    GROUP: "【心育】紧急待办",
    DIGEST: "【心育】待办汇总",
    PROBE: "【心育】测试消息",
}
#: the one text with an address: a page that asks nobody to log in, and a code for one question
CONSENT = "【心育】学校有一份告知书请您阅读并答复：{address}{code}/ {n}天内有效，请勿转发。"
_CODE = re.compile(r"[2-9A-HJKMNP-Z]{10}")
_PAGE = re.compile(r"https?://[\w.:\[\]-]+/c/")
#: lines of the calendar feed, which a phone keeps and shows to whoever holds it
FEED_NAME = "心育"
FEED_DUES = "心育：有{n}项工作今天到期"
FEED_DUTY = "心育：值班"


def text_of(what: str, count: int) -> str:
    """The text of one kind with its number. Raises KeyError for another kind, TypeError for anything but an int."""
    return TEXTS[what].format(n=_number(count))


def consent_text(address: str, code: str, days: int) -> str:
    """To a guardian: where to read and answer, nothing about whom. Raises ValueError for anything but a code."""
    if not _CODE.fullmatch(code) or not _PAGE.fullmatch(address):
        raise ValueError("only the address of the page and a code go into this text")
    return CONSENT.format(address=address, code=code, n=_number(days))


def dues_line(count: int) -> str:
    """One day of the calendar feed."""
    return FEED_DUES.format(n=_number(count))


def _number(count: int) -> int:
    if type(count) is not int:  # a str could carry a name, a bool is no number
        raise TypeError("only a number goes into a text that leaves the platform")
    return count
