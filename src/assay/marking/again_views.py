"""The page on which a sheet is marked again for a score check."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from assay.centre.actors import account, actor
from assay.corps.models import Member
from assay.kernel.access import duties
from assay.kernel.refusals import Refused
from assay.marking.acts.again import for_examiner, mark_again
from assay.marking.forms import entered_on_sheet
from assay.marking.models import Remarking
from assay.marking.views import sheet_shown


@require_http_methods(["GET", "POST"])
@duties("R3")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """All points of the sheet, empty, to be entered anew; what was typed comes back with what is wrong."""
    member = get_object_or_404(Member, account=account(request))
    sheet = get_object_or_404(
        for_examiner(member).select_related(
            "template", "draw__paper", "seating__session_room__room", "application__ticket"
        ),
        pk=pk,
    )
    entered = entered_on_sheet(request)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            done = mark_again(actor(request), sheet, **entered)
        except Refused as why:
            refused = why
        else:
            messages.success(request, f"已重评，合计 {done.total}。由成绩管理人员答复、另一人确认后才生效。")
            return redirect("marking:my_panels")
    shown = Remarking(sheet=sheet, **entered)
    context = {
        "title": f"复核重评 · 准考证 {sheet.application.ticket.number}", "sheet": sheet, "mine": shown, "fixed": False,
        **sheet_shown(sheet, shown, refused),
    }  # fmt: skip
    return render(request, "marking/again.html", context, status=409 if refused else 200)
