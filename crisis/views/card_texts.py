"""The school's own wording of the texts that an action card starts from."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from crisis.actions.card_texts import put_card_text
from crisis.card_templates import CardTemplate
from crisis.duty import NOT_YOURS, schools_for
from crisis.forms.helping import CardTextForm
from crisis.queries.card_texts import TemplateLine, templates_of
from crisis.refusals import CaseRefusedError
from xinyu.access.allow import allow

from .answers import type_again

NEW = "new"


def _school(request) -> int:
    """The school of the acting person's own post."""
    schools = schools_for("crisis.card_templates")
    if not schools:
        raise PermissionDenied(NOT_YOURS)
    return min(schools)


@require_GET
@allow("crisis.card_templates")
def card_text_list(request):
    return render(request, "crisis/card_text_list.html", {"lines": templates_of(_school(request))})


@require_http_methods(["GET", "POST"])
@allow("crisis.card_templates")
def card_text_edit(request, code):
    """`new` begins one of the school's own; `?origin=1` starts again from the platform's words."""
    school_id, line = _school(request), None
    if code != NEW:
        line = next((one for one in templates_of(school_id) if one.text.code == code), None)
        if line is None:
            raise Http404
    form, status = CardTextForm(request.POST or None, initial=_initial(line, is_origin="origin" in request.GET)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _put(request, school_id, line, form.cleaned_data)
            except CaseRefusedError as why:
                form.add_error(None, str(why))
                type_again(form, "after", line.version if line else 0)
                status = 409
            else:
                messages.success(request, "文字已保存为新的一版，以前发出的行动卡不变。")
                return redirect("crisis:card-text-list")
    return render(request, "crisis/card_text_edit.html", {"form": form, "line": line}, status=status)


def _initial(line: TemplateLine | None, *, is_origin: bool) -> dict:
    if line is None:
        return {"after": 0, "is_shown": True}
    text = line.origin if is_origin and line.origin else line.text
    words = {"title": text.title, "watch": text.watch, "say": text.say, "call": text.call}
    return words | {"after": line.version, "is_shown": line.is_shown}


def _put(request, school_id: int, line: TemplateLine | None, said: dict) -> None:
    code = line.text.code if line else f"own-{uuid4().hex[:12]}"
    text = CardTemplate(code, said["title"], said["watch"], said["say"], said["call"])
    put_card_text(school_id, text, actor=request.user, after=said["after"], is_shown=said["is_shown"])
