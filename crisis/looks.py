"""How levels and states of a case are shown: words, icon and a calm tone, kept in one place."""

from datetime import date

from xinyu.ui.frame import Fact

from .levels import Level, level_in
from .workflow import STATES, UNCONFIRMED

#: colours of the level scheme and of the states -> tones of the interface
TONE_OF_COLOUR = {
    "red": "urgent",
    "orange": "notice",
    "yellow": "notice",
    "blue": "info",
    "azure": "notice",
    "green": "good",
    "secondary": "neutral",
}
DEPTHS = {"full": "一人一案", "page": "一生一案（一页）"}


def level_of(code: str, scheme: str = "") -> Level:
    """A level with the words of the scheme that it was stated in ('colours/2026.1'). Raises KeyError."""
    return level_in(code, scheme)


def level_fact(code: str, scheme: str = "") -> Fact:
    level = level_of(code, scheme)
    return Fact(level.label, level.icon, TONE_OF_COLOUR[level.colour])


NO_LEVEL = Fact("无有效级别", "minus", "neutral")


def is_withdrawn(case) -> bool:
    """Closed as not confirmed: the level is taken back from every page but the keeper's file."""
    return case.state == UNCONFIRMED.code


def standing_level(case, today: date) -> Fact:
    """What a list may say: the level while the case is open and the statement holds, else that there is none."""
    holds = STATES[case.state].shows_level and case.level_until >= today
    return level_fact(case.level, case.scheme) if holds else NO_LEVEL


def state_fact(code: str) -> Fact:
    """An open case is ordinary work: what is urgent is said by the level, never by the state."""
    state = STATES[code]
    tone = "info" if state.is_open and state.colour != "azure" else TONE_OF_COLOUR[state.colour]
    return Fact(state.label, state.icon, tone)


def ends_fact(until_on: date, today: date) -> Fact | None:
    """A word about a level that has ended or ends within two weeks."""
    days = (until_on - today).days
    if days < 0:
        return Fact("级别已到期", "hourglass", "notice")
    return Fact(f"{days} 天后到期", "hourglass", "neutral") if days <= 14 else None


#: what a move means for the student, said over its form
MOVE_LEADS = {
    "plan": "干预方案已写好，从现在起按方案办理。",
    "follow_up": "情况已经稳定，转为定期了解；随时可以恢复干预。",
    "resume": "情况有变化，回到按方案干预。",
    "propose_closing": "提出后由另一位老师复核，复核通过才结案。",
    "close": "您作为第二人复核。结案后不再显示级别，以往记录保留。",
    "doubt": "了解后认为并不存在当初担心的情况。由另一位老师复核，确认后不再显示级别。",
    "dismiss": "您作为第二人复核。确认后个案结束，不再显示级别，不影响这名学生的任何安排。",
    "keep": "您认为仍需要继续帮助这名学生，个案退回给责任人。",
    "reopen": "又有了需要帮助的情况，重新开始办理。",
}
