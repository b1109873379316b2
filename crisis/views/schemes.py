"""等级方案: the county's choice, with what each level means and how two schemes correspond."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from crisis.actions.schemes import choose_scheme
from crisis.forms.schemes import SchemeForm
from crisis.levels import mapping, scheme_named, shipped_schemes
from crisis.looks import TONE_OF_COLOUR
from crisis.queries.schemes import choices_of, scheme_of_county
from crisis.refusals import CaseRefusedError
from xinyu.access.allow import allow
from xinyu.organisations.settings_tabs import own_county, setting_tabs
from xinyu.ui.frame import Fact

VERB = "crisis.choose_scheme"


def _fact(level) -> Fact:
    return Fact(level.label, level.icon, TONE_OF_COLOUR[level.colour])


@require_http_methods(["GET", "POST"])
@allow(VERB)
def scheme_choice(request):
    county, today = own_county(request, VERB), timezone.localdate()
    standing = scheme_of_county(county.pk, today)
    form = SchemeForm(request.POST or None, initial={"key": standing.key, "from_on": today})
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            row = choose_scheme(county, actor=request.user, today=today, **form.cleaned_data)
        except CaseRefusedError as why:
            form.add_error("from_on", str(why))
        else:
            messages.success(
                request, f"已登记：{row.from_on:%Y-%m-%d} 起用“{scheme_named(form.cleaned_data['key']).title}”。"
            )
            return redirect("crisis:scheme-choice")
    schemes = [
        (one, [(_fact(level), level, _fact(to)) for level, to in mapping(one, standing)]) for one in shipped_schemes()
    ]
    history = [(row, scheme_named(f"{row.scheme}/{row.version}").title) for row in choices_of(county)]
    context = {"form": form, "county": county, "standing": standing, "schemes": schemes, "history": history}
    context["tabs"] = setting_tabs(request, "crisis:scheme-choice")
    return render(request, "crisis/scheme_choice.html", context, status=status)
