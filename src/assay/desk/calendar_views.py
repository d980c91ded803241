"""Days off and make-up working days, as the yearly notice names them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from assay.batches.timing import year_is_known
from assay.centre.actors import actor
from assay.centre.acts import settings
from assay.desk.forms import NamedDaysForm
from assay.kernel.access import staff
from assay.kernel.clock import today
from assay.kernel.models import Holiday
from assay.kernel.offers import offer


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
        "years": _years_said(year, year + 1),
        "loading": offer(actor(request), settings.name_days, title="载入", url=reverse("desk:calendar")),
    }
    return render(request, "desk/calendar.html", context)


def _years_said(*years: int) -> SafeString:
    """Of each year, whether its days off are known; where they are not, it stands out."""
    guessed = format_html("<b>{}</b>", "尚未载入，按周一至周五推算")
    known = ((year, "放假安排已知" if year_is_known(year) else guessed) for year in years)
    return format_html_join("；", "{} 年：{}", known)
