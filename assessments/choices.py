"""Facts about choices: the label, the look and the order live here, no template compares a state to a string."""

from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True)
class Look:
    """How a choice is shown: tone is one of calm, info, notice, urgent; icon is a name of the icon set."""

    tone: str
    icon: str


class EntryKind(models.TextChoices):
    """Sections of the growth file (一生一册) in the order of the printed file."""

    ENROLMENT = "enrolment", "建档与学籍变动"
    LIFE_EVENT = "life_event", "成长史与重大生活事件"
    SCREENING = "screening", "心理测评"
    OBSERVATION = "observation", "日常观察"
    LESSON = "lesson", "心理课与活动"
    INTERVIEW = "interview", "访谈"
    COUNSELING = "counseling", "个别辅导"
    ATTENTION = "attention", "重点关注与帮扶"
    HOME = "home", "家校沟通"
    STRENGTH = "strength", "优势与资源"
    CASE = "case", "一人一案"


class ScreeningState(models.TextChoices):
    DRAFT = "draft", "准备中"
    OPEN = "open", "进行中"
    PAUSED = "paused", "已暂停"
    CLOSED = "closed", "已结束"


class SittingState(models.TextChoices):
    """What a supervising teacher may know; why somebody has nothing to answer is the counselor's (SittingWord)."""

    INVITED = "invited", "未开始"
    STARTED = "started", "进行中"
    FINISHED = "finished", "已完成"
    EXEMPT = "exempt", "无需作答"


#: who still has something to answer
WAITING = (SittingState.INVITED, SittingState.STARTED)


class WordKind(models.TextChoices):
    DECLINED = "declined", "不想作答"
    TALK = "talk", "想和老师聊聊"
    NO_CONSENT = "no_consent", "监护人未同意"
    ELSEWHERE = "elsewhere", "本学年已在别处测过"


class FlagLevel(models.TextChoices):
    """A flag is not a level: it puts somebody into the interview queue."""

    IMMEDIATE = "immediate", "立即访谈"
    SAME_DAY = "same_day", "当日访谈"
    TALK = "talk", "想聊聊"


class FlagSource(models.TextChoices):
    ITEM = "item", "关键条目"
    BAND = "band", "总分提示"
    TALK = "talk", "学生主动"
    STAFF = "staff", "教师反映"
    HELP = "help", "求助页"
    HOSPITAL = "hospital", "医院"
    HOTLINE = "hotline", "热线"


class Outcome(models.TextChoices):
    NO_CONCERN = "no_concern", "暂无需要"
    WATCH = "watch", "持续留意"
    SUPPORT = "support", "安排辅导"
    CASE = "case", "提请定级建案"
    REFER = "refer", "建议就医评估"


class Verdict(models.TextChoices):
    """How a counselor reads a result once she has talked with the student; nothing here is a level."""

    AGREES = "agrees", "与访谈和观察相符"
    PARTLY = "partly", "部分相符"
    NOT = "not", "未证实"


#: (icon, tone) of a reading
VERDICT_LOOK = {
    Verdict.AGREES: ("circle-check", "info"),
    Verdict.PARTLY: ("progress-check", "info"),
    Verdict.NOT: ("circle-x", "neutral"),
}
FLAG_LOOK = {
    FlagLevel.IMMEDIATE: Look("urgent", "bell-ringing"),
    FlagLevel.SAME_DAY: Look("notice", "clock"),
    FlagLevel.TALK: Look("info", "message-circle"),
}
STATE_LOOK = {
    ScreeningState.DRAFT: Look("calm", "pencil"),
    ScreeningState.OPEN: Look("info", "player-play"),
    ScreeningState.PAUSED: Look("notice", "player-pause"),
    ScreeningState.CLOSED: Look("calm", "circle-check"),
}


class AlertOutcome(models.TextChoices):
    """What a station counselor did about an alert of a member of staff."""

    TALKED = "talked", "已联系并谈过，现在安全"
    WITH = "with", "已有人陪着，或已陪同就医"
    HANDED = "handed", "已请家人、110 或 120 到场"
