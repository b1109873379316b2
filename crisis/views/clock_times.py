"""联动时限: how long each rung may take in this county, beside what is usual."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from crisis.actions.clock_times import MOST, set_clock_times
from crisis.forms.clock_times import ClockTimesForm
from crisis.looks import level_fact
from crisis.queries.chain import clocks_of
from crisis.refusals import CaseRefusedError
from xinyu.access.allow import allow
from xinyu.organisations.settings_tabs import own_county, setting_tabs

VERB = "crisis.set_clock_times"


@require_http_methods(["GET", "POST"])
@allow(VERB)
def clock_times(request):
    county = own_county(request, VERB)
    clocks = clocks_of(county)
    form = ClockTimesForm(clocks, request.POST or None)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            version = set_clock_times(county, clocks, form.times())
        except CaseRefusedError as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, f"已保存为 {version} 版。已经开始的联动仍按开始时的时限走完。")
            return redirect("crisis:clock-times")
    context = {
        "form": form,
        "county": county,
        "most": MOST,
        "version": next(iter(clocks.values())).version,
        "source": next(iter(clocks.values())).source,
        "rows": [(level_fact(clock.colour), clock, rungs) for clock, rungs in form.rows()],
        "tabs": setting_tabs(request, "crisis:clock-times"),
    }
    return render(request, "crisis/clock_times.html", context, status=status)
