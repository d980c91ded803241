"""Days off and make-up working days, as the yearly notice names them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assay.batches.timing import year_is_known
from assay.centre.actors import actor
from assay.centre.acts import settings
from assay.desk.forms import NamedDaysForm
from assay.kernel.access import staff
from assay.kernel.clock import today
from assay.kernel.models import Holiday


@require_http_methods(["GET", "POST"])
@staff
def calendar(request: HttpRequest) -> HttpResponse:
    """The days named here win over the calendar data that comes with the system."""
    form = NamedDaysForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        count = settings.name_days(actor(request), form.days())
        messages.success(request, f"已载入 {count} 天。")
        return redirect("desk:calendar")
    year = today().year
    context = {
        "title": "放假安排",
        "form": form,
        "days": Holiday.objects.filter(day__year__gte=year - 1).order_by("-day"),
        "years": [(y, year_is_known(y)) for y in (year, year + 1)],
        "may_change": actor(request).holds("E1"),
    }
    return render(request, "desk/calendar.html", context)
