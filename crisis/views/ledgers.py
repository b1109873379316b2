"""台账: the school's ledgers as files, and the list of those who were found to need more and have no case."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from crisis.actions.ledgers import VERB, print_ledger
from crisis.forms.papers import LedgerForm
from crisis.ledger import LEDGERS
from crisis.queries.ledgers import counts_by_level, ledger_cases, uncased
from xinyu.access.allow import allow, may
from xinyu.accounts.confirm import confirmed_to_open
from xinyu.audit.entries import record_view
from xinyu.ui.downloads import PDF, XLSX, file_answer

TYPES = {"xlsx": XLSX, "pdf": PDF}


@require_http_methods(["GET", "POST"])
@allow(VERB)
@confirmed_to_open
@never_cache
def ledger_page(request):
    """Numbers on the page, names in the file alone."""
    form = LedgerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        ledger, kind = LEDGERS[said["ledger"]], said["kind"]
        content = print_ledger(ledger, kind, actor=request.user, purpose=said["purpose"])
        return file_answer(content, TYPES[kind], f"{ledger.label}_{timezone.localdate():%Y%m%d}.{kind}")
    counts = counts_by_level(ledger_cases(VERB))
    context = {"form": form, "counts": counts, "sees_uncased": may(request, "crisis.confirm_level")}
    return render(request, "crisis/ledgers.html", context, status=422 if form.errors else 200)


@require_GET
@allow("crisis.confirm_level")
@never_cache
def uncased_list(request):
    rows = uncased("crisis.confirm_level", timezone.now())
    record_view([row.student for row in rows], "case", purpose="重点关注尚未建档")
    return render(request, "crisis/uncased_list.html", {"rows": rows})
