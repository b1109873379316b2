"""The paper of a run: kept as it stood at one moment, signed, and counted as a look at the student."""

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from crisis.duty import roles_at
from crisis.models import Case, LevelStatement, TimelineCopy
from crisis.queries.timeline import signed_words, timeline
from crisis.refusals import CaseRefusedError
from xinyu.audit.entries import record, record_view
from xinyu.audit.models import Signature
from xinyu.audit.signing import sign
from xinyu.students.holds import HELD, goes_home, is_held
from xinyu.ui.printing import to_pdf
from xinyu.ui.wording import moment

VERB = "crisis.print_papers"


@transaction.atomic
def print_timeline(case: Case, statement: LevelStatement, *, actor, purpose: str, is_redacted: bool) -> bytes:
    """The signed PDF. Raises CaseRefusedError where nothing of this student goes home for now (4-workflow D9.5)."""
    role = roles_at(case.school_id, VERB)[0]
    if goes_home(purpose) and is_held(case.student):
        raise CaseRefusedError(HELD)
    copy = TimelineCopy.objects.create(
        case=case, statement=statement, as_of=timezone.now(), is_redacted=is_redacted, purpose=purpose, by=actor
    )
    copy = TimelineCopy.objects.select_related("statement__by", "student__klass__grade", "school", "case").get(
        pk=copy.pk
    )
    signature = sign(copy, purpose="timeline", title="联动经过", content=signed_words(copy), role=role)
    record("crisis.print_timeline", subject=copy, detail={"statement": statement.pk, "redacted": is_redacted})
    record_view([case.student], "timeline", purpose=purpose)
    return to_pdf(_html(copy, signature))[0]


def _html(copy: TimelineCopy, signature: Signature) -> str:
    shape, printed_at = timeline(copy), moment(timezone.localtime(copy.as_of))
    confidential = f"{shape.student} · 内部资料 注意保密" if shape.student else "不含姓名 · 注意保密"
    context = {
        "run": shape,
        "signature": signature,
        "purpose": copy.purpose,
        "title": "四级联动经过",
        "school": shape.school,
        "reader": signature.name,
        "printed_at": printed_at,
        "watermark": f"{signature.name} {printed_at}",
        "confidential": confidential,
    }
    return render_to_string("print/timeline.html", context)
