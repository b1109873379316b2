"""一人一案 → shape, as the person who asked: whole for the school, or without others for a reader outside."""

import re
from datetime import datetime

from django.utils import timezone

from crisis.dossier import ALL, NOTHING, PAGE, Line
from crisis.looks import DEPTHS
from crisis.models import Case
from crisis.queries.dossier import Dossier, SectionView, dossier_of, reading_of
from crisis.queries.people import staff_names
from xinyu.access.posts import live_posts, schools_with
from xinyu.accounts.models import User
from xinyu.students.models import Guardian, Student

from .gather import OutOfSight
from .redaction import Redactor
from .shapes import CaseFile, CaseLine, CaseSection

VERB = "reports.case_file"
#: what stands between the names under a line: 甲家长；告知人 乙老师、丙老师
BETWEEN_NAMES = re.compile(r"[、；，\s（）]")
LEFT_OUT = (
    "其他人的姓名（改写为“老师”“监护人”“同学”）",
    "监护人电话和家庭情况",
    "发现途径和告知人",
    "谈话、家访、告知等记录的正文和会议纪要正文",
    "证件号码和电话号码",
)


def case_file(case_id: int, *, reader: User, purpose: str, at: datetime, is_redacted: bool) -> CaseFile:
    """Call inside acting_as(reader). Raises OutOfSight."""
    case = Case.objects.select_related("student__klass__grade", "owner", "school").filter(pk=case_id).first()
    if case is None or case.school_id not in schools_with(live_posts(), VERB):
        raise OutOfSight
    on = timezone.localdate(at)
    reading = reading_of(case, reader, on, is_paper=not is_redacted)
    dossier = dossier_of(reading)
    redact = Redactor(_names(case, dossier), case.student.name) if is_redacted else None
    return CaseFile(
        school=case.school.name,
        name=case.student.name,
        klass=case.student.klass.name_on(on),
        number=case.student.number,
        code=case.code,
        title=DEPTHS[dossier.depth],
        is_one_page=dossier.depth == PAGE,
        is_redacted=is_redacted,
        left_out=LEFT_OUT if is_redacted else (),
        sections=[_section(view, redact) for view in dossier.sections],
        reader=reader.name,
        printed_at=timezone.localtime(at),
        purpose=purpose,
    )


def _names(case: Case, dossier: Dossier) -> dict[str, str]:
    """{name: word}: the school's other students and people, whoever signed a line of the case, the guardians."""
    others = Student.objects.filter(school=case.school_id).exclude(pk=case.student_id).values_list("name", flat=True)
    guardians = Guardian.objects.filter(student=case.student_id).values_list("name", flat=True)
    signers = {name for view in dossier.sections for line in view.lines for name in BETWEEN_NAMES.split(line.who)}
    people = {
        *staff_names(case.school_id),
        *signers,
        *(view.version.row.by.name for view in dossier.sections if view.version),
    }
    return dict.fromkeys(others, "某同学") | dict.fromkeys(people, "某老师") | dict.fromkeys(guardians, "监护人")


def _section(view: SectionView, redact: Redactor | None) -> CaseSection:
    section, version = view.section, view.version
    typed = [one for one in section.fields if version and one.code in version.texts]
    lines = [line for line in view.lines if redact is None or line.outside != NOTHING]
    fields = [one for one in typed if redact is None or one.is_for_outside]
    pairs = [(line.title, line.text) for line in lines if line.is_pair]
    pairs += [(one.label, version.texts[one.code]) for one in fields if version]
    hidden = len(view.lines) - len(lines) + len(typed) - len(fields)
    return CaseSection(
        number=section.number,
        title=section.title,
        pairs=[(term, redact(text) if redact else text) for term, text in pairs],
        lines=[_line(line, redact) for line in lines if not line.is_pair],
        signed=_signed(view, redact is not None),
        held_back=_held_back(section.held_back, hidden) if redact else "",
    )


def _signed(view: SectionView, is_redacted: bool) -> str:
    """Where medical words come from, and (inside the school) who wrote which version when."""
    if view.version is None:
        return ""
    words = ["由监护人或医疗机构提供，学校不作诊断"] if view.section.is_medical else []
    if not is_redacted:
        row = view.version.row
        words.append(f"第 {row.version} 版，{row.by.name}，{timezone.localtime(row.at):%Y-%m-%d %H:%M}")
    return "；".join(words)


def _line(line: Line, redact: Redactor | None) -> CaseLine:
    if redact is None:
        return CaseLine(line.title, line.text, line.who, _moment(line))
    return CaseLine(redact(line.title), redact(line.text) if line.outside == ALL else "", "", _moment(line))


def _moment(line: Line) -> str:
    if not line.at:
        return ""
    return f"{timezone.localtime(line.at):%Y-%m-%d %H:%M}" if isinstance(line.at, datetime) else f"{line.at:%Y-%m-%d}"


def _held_back(what: str, count: int) -> str:
    """What this section does not say, and how many of its entries are not there at all."""
    words = [f"不写入：{what}"] if what else []
    return "；".join(words + ([f"另有 {count} 项不写入"] if count else []))
