"""Pages of a screening: list, plan, board, one class."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from assessments.actions import screenings as actions
from assessments.capacity import lesson_words
from assessments.consent import Consent
from assessments.forms.screenings import AskApprovalForm, DutyForm, ScreeningForm, StopForm, UnguardedForm, WatchForm
from assessments.models import Screening, Sitting
from assessments.queries import duty as duty_queries
from assessments.queries import screenings as queries
from assessments.queries.approvals import can_ask_again, latest
from assessments.queries.consent import asked
from assessments.queries.quality import quality_of
from assessments.queries.watch import colleagues, watches_of
from assessments.queries.waves import made_up, make_up_began, minutes_of_plan, parts_of, waves_of
from assessments.screening_flow import CLOSED, DRAFT, OPEN, PAUSED, ScreeningRefused, moves_from
from assessments.slips import klass_code_of
from xinyu.access.allow import allow
from xinyu.audit.entries import record_view
from xinyu.organisations.models import Klass

SEE, PLAN, PRINT = "assessments.see_screening", "assessments.plan_screening", "assessments.print_slips"
STOP = "assessments.stop_screening"


def _get(screening_id: int) -> Screening:
    return get_object_or_404(queries.screenings(), pk=screening_id)


@require_GET
@allow(SEE)
def screening_list(request):
    rows = [
        (screening, queries.state_fact(screening.state))
        for screening in queries.screenings().filter(is_listed=True)[:100]
    ]
    return render(
        request,
        "assessments/screening_list.html",
        {"rows": rows, "can_plan": bool(queries.schools_for(PLAN, request.posts))},
    )


@allow(PLAN)
def screening_create(request):
    """GET shows the form, POST makes the draft; bad input comes back as it was typed."""
    form = ScreeningForm(request.POST or None, initial=_suggested(request))
    if request.method == "POST" and form.is_valid():
        screening = actions.create_screening(form.place, actor=request.user, **form.cleaned_data)
        return _saved(request, form, screening)
    status = 422 if form.is_bound else 200
    return render(request, "assessments/screening_form.html", {"form": form, "heading": "新建测评"}, status=status)


def _saved(request, form: ScreeningForm, screening: Screening):
    """Next: the students chosen by name, or the counts."""
    if form.wants_people:
        messages.success(request, "测评已保存。请逐个加入学生。")
        return redirect("assessments:screening-people", screening.pk)
    messages.success(request, "测评已保存。请核对人数，再生成作答名单。")
    return redirect("assessments:screening-detail", screening.pk)


def _suggested(request) -> dict:
    tomorrow = timezone.localtime() + timedelta(days=1)
    start = tomorrow.replace(hour=8, minute=0, second=0, microsecond=0)
    return {
        "opens_at": start,
        "closes_at": start.replace(hour=17) + timedelta(days=4),
        "school": request.GET.get("school", ""),
        "legal_basis": "consent",
    }


@allow(PLAN)
def screening_edit(request, screening_id):
    """A draft only; afterwards 409 with the reason."""
    screening = _get(screening_id)
    queries.require_school(PLAN, screening.school_id)
    form = ScreeningForm(request.POST or None, initial=_stored(screening), school=screening.school)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_screening(screening, actor=request.user, keeps_people=form.wants_people, **form.cleaned_data)
            return _saved(request, form, screening)
        except ScreeningRefused as refused:
            form.add_error(None, str(refused))
            status = 409
    context = {"form": form, "screening": screening, "heading": f"修改“{screening.title}”"}
    return render(request, "assessments/screening_form.html", context, status=status)


def _stored(screening: Screening) -> dict:
    return {
        "title": screening.title,
        "opens_at": timezone.localtime(screening.opens_at),
        "closes_at": timezone.localtime(screening.closes_at),
        "legal_basis": screening.legal_basis,
        "minutes": screening.minutes or None,
        "makeup_place": screening.makeup_place,
        "scales": list(screening.scales.values_list("pk", flat=True)),
        "klasses": list(screening.chosen.filter(is_whole=True).values_list("klass_id", flat=True)),
        "by_person": screening.people.exists(),
    }


def _may(request, screening: Screening, verb: str) -> bool:
    return screening.school_id in queries.schools_for(verb, request.posts)


def _board_context(request, screening: Screening) -> dict:
    lines, total = queries.board(screening)
    return {
        "screening": screening,
        "lines": lines,
        "total": total,
        "locked": queries.locked_sittings(screening),
        "can_print": _may(request, screening, PRINT),
        "has_ended": screening.state == CLOSED,
    }


def _duty_context(request, screening: Screening) -> dict:
    now = timezone.now()
    duty = duty_queries.duty_of(screening.school_id, request.user, now)
    return {
        "duty": duty,
        "can_guard": _may(request, screening, "assessments.check_in"),
        "can_except": _may(request, screening, "assessments.allow_unguarded"),
        "duty_form": DutyForm(initial={"until": timezone.localtime(min(now + timedelta(hours=2), duty.latest))}),
        "unguarded_form": UnguardedForm(),
    }


def _battery_context(screening: Screening) -> dict:
    """The parts in their order with their minutes and pauses."""
    parts = parts_of(screening)
    minutes = minutes_of_plan(screening, parts)
    return {"parts": parts, "minutes": minutes, "lesson_words": lesson_words(parts, minutes)}


def _plan_context(request, screening: Screening) -> dict:
    """Moves, obstacles and counts, for the counselor of the school while it is not over."""
    if not _may(request, screening, PLAN) or screening.state == CLOSED:
        return {}
    facts = queries.facts_of(screening)
    return {
        "can_plan": True,
        "moves": moves_from(screening.state),
        "blocked": facts.blocked_scales,
        "unapproved": facts.unapproved,
        "approval": latest(screening),
        "waves": waves_of(screening),
        "made_up": made_up(screening),
        "named": screening.people.count(),
        "ask_form": AskApprovalForm() if can_ask_again(screening) else None,
        "preview": queries.preview(screening),
    }


def _quality(request, screening: Screening) -> dict:
    """How well it was answered, for the counselor; and whether the report is for this person."""
    found: dict = {"can_report": _may(request, screening, "dashboard.see_report")}
    return found | ({"quality": quality_of(screening)} if _may(request, screening, "assessments.see_results") else {})


def detail_page(request, screening: Screening, *, refused: tuple[str, ...] = (), status: int = 200, **forms):
    """The page of one screening, also returned by every action that was refused."""
    context = {
        "fact": queries.state_fact(screening.state),
        **_battery_context(screening),
        "is_draft": screening.state == DRAFT,
        "can_stop": screening.state in (OPEN, PAUSED) and _may(request, screening, STOP),
        "stop_form": StopForm(),
        "refused": refused,
        **_board_context(request, screening),
        **_duty_context(request, screening),
        **_plan_context(request, screening),
        **_quality(request, screening),
        **forms,
    }
    return render(request, "assessments/screening_detail.html", context, status=status)


@require_GET
@allow(SEE)
def screening_detail(request, screening_id):
    return detail_page(request, _get(screening_id))


@require_GET
@allow(SEE)
def screening_board(request, screening_id):
    """The part that the page asks for every five seconds."""
    context = _board_context(request, _get(screening_id))
    return render(request, "assessments/_screening_board.html", context)


@require_POST
@allow(PLAN)
def screening_invite(request, screening_id):
    screening = _get(screening_id)
    try:
        done = actions.invite_students(screening, actor=request.user)
    except ScreeningRefused as refused:
        return detail_page(request, screening, refused=refused.reasons, status=409)
    text = f"新增 {done.added} 人，其中无需作答 {done.exempt} 人。"
    if done.taken_out or done.taken_back:
        text += f"按最新的同意情况：{done.taken_out} 人改为无需作答，{done.taken_back} 人恢复作答。"
    messages.success(request, text)
    return redirect("assessments:screening-detail", screening.pk)


#: consent that is not simply given → (heading, what to do about it), in the order of the page
ASK = {
    Consent.CONFLICT: (
        "两位监护人意见不一致",
        "先不作答。请分别听一听双方的想法，达成一致后再记录新的决定；系统不会催促任何一方。",
    ),
    Consent.SILENT: (
        "还没有已核实的回复",
        "只提醒还没有回复的监护人。未核实身份、告知书已更换或转学前作出的同意，需要重新征求。",
    ),
    Consent.REFUSED: ("不同意或已撤回", "不再提醒，也不作答。想聊聊时，辅导室照常开放。"),
}


@require_GET
@allow(PLAN)
def screening_consent(request, screening_id):
    """Who has not simply agreed, and whom one may ask; for the counselor of the school alone."""
    screening = _get(screening_id)
    queries.require_school(PLAN, screening.school_id)
    found = queries.open_questions(screening, timezone.localdate())
    record_view([one.student for rows in found.values() for one in rows], "screening_consent", purpose="核对同意情况")
    groups = [(*ASK[consent], rows) for consent, rows in found.items() if rows]
    klasses = Klass.objects.filter(pk__in=screening.chosen.values("klass_id")).select_related("grade")
    context = {
        "screening": screening, "groups": groups, "asked": asked(screening), "has_ended": screening.state == CLOSED,
        "klasses": [{"pk": klass.pk, "name": klass.name_on(timezone.localdate())} for klass in klasses],
    }  # fmt: skip
    return render(request, "assessments/screening_consent.html", context)


#: what the page says after a move, and what comes next
MOVED = {
    "open": "测评已开始。请打印作答条，当面发给学生。",
    "pause": "测评已暂停，学生现在不能进入作答。",
    "resume": "测评继续进行。",
    "close": "测评已结束。",
}


def carry_out(request, screening, act: Callable[[], object], said: str):
    """The page of the screening after `act`; or, where it is refused, with the reasons, and nothing was changed."""
    try:
        act()
    except ScreeningRefused as refused:
        return detail_page(request, screening, refused=refused.reasons, status=409)
    messages.success(request, said)
    return redirect("assessments:screening-detail", screening.pk)


@require_POST
@allow(PLAN)
def screening_move(request, screening_id, name):
    screening = _get(screening_id)
    move = partial(actions.move_screening, screening, name, actor=request.user)
    return carry_out(request, screening, move, MOVED[name])


@require_POST
@allow(STOP)
def screening_stop(request, screening_id):
    screening = _get(screening_id)
    form = StopForm(request.POST)
    if not form.is_valid():
        return detail_page(request, screening, status=422, stop_form=form)
    stop = partial(actions.stop_screening, screening, actor=request.user, **form.cleaned_data)
    return carry_out(request, screening, stop, "测评已停止，谁也不能再进入。已保存的内容都保留，关键条目马上会看。")


@require_GET
@allow(SEE)
def screening_klass(request, screening_id, klass_id):
    """The students of one class and how far they are; why somebody has nothing to answer only for the counselor."""
    screening = _get(screening_id)
    sittings = list(queries.klass_sittings(screening, klass_id))
    if not sittings:
        raise Http404
    words = queries.reasons(screening, klass_id)
    record_view({word.student_id: word.student for word in words}.values(), "screening_reasons", purpose="查看班级进度")
    klass = get_object_or_404(Klass.objects.select_related("grade"), pk=klass_id)
    context = {
        "screening": screening, "klass": klass, "klass_name": klass.name_on(timezone.localdate()), "words": words,
        "sittings": sittings, "makeup_since": make_up_began(screening), "can_print": _may(request, screening, PRINT),
        "watches": watches_of(screening, klass_id), "watch_form": _watch_form(request, screening),
        "klass_code": klass_code_of(screening, klass_id),
        "door": request.build_absolute_uri(reverse("assessments:answer-door-klass")),
    }  # fmt: skip
    return render(request, "assessments/screening_klass.html", context)


def _watch_form(request, screening: Screening) -> WatchForm | None:
    if screening.state == CLOSED or not _may(request, screening, PLAN):
        return None
    until = timezone.localtime() + timedelta(hours=2)
    return WatchForm(people=colleagues(screening.school_id), initial={"until": until.strftime("%H:%M")})


@require_POST
@allow(PRINT)
def sitting_free(request, sitting_id):
    sitting = get_object_or_404(Sitting.objects.select_related("student"), pk=sitting_id)
    actions.free_sitting(sitting, actor=request.user)
    messages.success(request, "这名学生可以重新输入作答码了。")  # messages travel in a cookie: no name
    return redirect("assessments:screening-detail", sitting.screening_id)
