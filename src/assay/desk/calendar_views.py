"""Days off and make-up working days, as the yearly notice names them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from assay.batches.timing import year_is_known
from assay.centre.actors import actor
from assay.centre.acts import settings
from assay.desk.forms import NamedDaysForm, WholeYearForm
from assay.kernel.access import duties, staff
from assay.kernel.acts import Actor
from assay.kernel.calendar import GUESSED, built_in
from assay.kernel.clock import today
from assay.kernel.models import Holiday
from assay.kernel.offers import Offer, offer


@require_http_methods(["GET", "POST"])
@staff
def calendar(request: HttpRequest) -> HttpResponse:
    """The days named here win over the calendar data that comes with the system."""
    form = NamedDaysForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        count = settings.name_days(actor(request), form.days(), whole=form.cleaned_data["whole"])
        messages.success(request, f"已载入 {count} 天。")
        return redirect("desk:calendar")
    year = today().year
    context = {
        "title": "放假安排",
        "form": form,
        "days": Holiday.objects.filter(day__year__gte=year - 1).order_by("-day"),
        "years": _years(actor(request), year),
        "loading": offer(actor(request), settings.name_days, title="载入", url=reverse("desk:calendar")),
    }
    return render(request, "desk/calendar.html", context)


@require_POST
@duties("E1")
def year_whole(request: HttpRequest) -> HttpResponse:
    """Say that a year is all in, or take that back."""
    given = WholeYearForm.read(request)
    row = settings.say_year_whole(actor(request), given["year"], whole=given["whole"] == "yes")
    messages.success(request, f"{row}。")
    return redirect("desk:calendar")


@dataclass(frozen=True)
class Year:
    """What is known of a year's days off, and the step that says otherwise where one can be taken."""

    number: int
    said: str
    tone: str
    step: Offer | None = None
    whole: str = ""


def _years(who: Actor, this: int) -> list[Year]:
    """This year, the next, and each later one of which days are loaded."""
    loaded = {day.year for day in Holiday.objects.filter(day__year__gt=this).values_list("day", flat=True)}
    return [_year(who, number) for number in sorted(loaded | {this, this + 1})]


def _year(who: Actor, number: int) -> Year:
    if built_in(number):
        return Year(number, "随系统附带国务院办公厅通知", "green")
    known = year_is_known(number)
    title = "撤回：尚未载入齐全" if known else "本年安排已全部载入"
    step = offer(who, settings.say_year_whole, title=title, url=reverse("desk:year_whole"), main=False, small=True)
    said = "已全部载入" if known else GUESSED
    return Year(number, said, "green" if known else "orange", step, "no" if known else "yes")
