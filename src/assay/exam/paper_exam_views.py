"""Going on with printed papers when the computers of a room fail: the two signatures, and the copies."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from assay.arrangement.models import SessionRoom
from assay.bank.printing import copies_pdf
from assay.centre.actors import account, actor
from assay.exam import paper_exam as acts
from assay.exam.models import PaperExam
from assay.kernel.access import duties
from assay.kernel.documents.response import pdf
from assay.kernel.given import whole_or_none
from assay.kernel.security_log import exports


@require_http_methods(["GET", "POST"])
@duties("E7", "E8", "Q4")
def paper_exam(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has signed and why; signing."""
    room = get_object_or_404(
        SessionRoom.objects.select_related("session__batch", "room"), pk=pk, session__part="theory"
    )
    if request.method == "POST":
        signed = acts.sign(actor(request), room, reason=request.POST.get("reason", ""))
        messages.success(
            request,
            f"{room}：两人已签署，可以印制纸质试卷。" if signed.is_signed() else f"{room}：您已签署，还须另一人签署。",
        )
        return redirect("exam:paper_exam", pk=pk)
    found = PaperExam.objects.filter(session_room=room).prefetch_related("signatures").first()
    signatures = list(found.signatures.all()) if found else []
    context = {
        "title": f"纸质试卷：{room}",
        "room": room,
        "exam": found,
        "signatures": signatures,
        "signed": found is not None and found.is_signed(),
        "signed_by_me": account(request).pk in {one.account_id for one in signatures},
        "may_print": "E7" in actor(request).duties,
        "seats": room.seatings.filter(part="theory").count(),
    }
    return render(request, "exam/paper_exam.html", context)


@require_POST
@duties("E7")
@exports("纸质试卷")
def print_copies(request: HttpRequest, pk: int) -> HttpResponse:
    """The copies as a file for the printer; what is taken is counted first."""
    room = get_object_or_404(SessionRoom.objects.select_related("session", "room"), pk=pk, session__part="theory")
    seat = whole_or_none(request.POST.get("seat", ""), "座位")
    copies = acts.take_copies(actor(request), room, seat=seat)
    return pdf(copies_pdf(copies), f"纸质试卷_{room}")
