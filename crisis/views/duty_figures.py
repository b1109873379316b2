"""值班数字: what the officer on duty must act on, school by school. Each reading is kept."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from crisis.looks import level_of
from crisis.queries.chain import HandoverLine, handovers
from crisis.queries.duty_figures import duty_figures
from xinyu.access.allow import allow
from xinyu.audit.entries import record


@require_GET
@allow("crisis.see_duty_figures")
@never_cache
def figures_page(request):
    lines, now = duty_figures(), timezone.now()
    handed = [HandoverLine(row, now) for row in handovers() if level_of(row.level).gravity == 1]
    record("crisis.see_duty_figures", subject="crisis_duty_figures", detail={"schools": len(lines)})
    total = {
        name: sum(getattr(line, name) for line in lines) for name in ("red", "orange", "lapsed", "bare", "overdue")
    }
    total["unread"] = sum(line.unread.count for line in lines if line.unread)
    return render(request, "crisis/duty_figures.html", {"lines": lines, "handed": handed, "total": total, "now": now})
