"""Tickets and room papers as PDF."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assay.arrangement import printing
from assay.arrangement.presence import require_in_room
from assay.batches.models import Batch
from assay.centre.actors import account, actor
from assay.kernel.access import candidates, duties
from assay.kernel.documents.response import pdf
from assay.kernel.given import whole
from assay.kernel.refusals import Refused
from assay.kernel.security_log import shows_identity

OFFICERS = ("E2", "E5", "E6", "E8")
"""Who may print the papers of any room; whoever supervises the whole process may read them as well."""
TICKETS_OF = {
    "line": "line", "department": "applicant__department", "session": "seatings__session_room__session", "room": "seatings__session_room",
}  # fmt: skip
"""By the name in an address: the column that says whose tickets are wanted."""


@require_GET
@duties("E5", "E2")
@shows_identity("准考证")
def tickets(request: HttpRequest, pk: int) -> HttpResponse:
    """All tickets of a batch, or of one line, department, class, session or room of a session; with ?sheet=a4 two on a sheet."""
    batch = get_object_or_404(Batch, pk=pk)
    found = printing.for_tickets().filter(batch=batch)
    for name, column in TICKETS_OF.items():
        number = whole(request.GET.get(name, ""))
        if number is not None:
            found = found.filter(**{column: number})
    of_class = request.GET.get("class", "")
    found = (found.filter(applicant__class_name=of_class) if of_class else found).distinct()
    if not found.exists():
        raise Refused("没有这样的准考证可打印：还没有发放，或所选的院系、班级、考场没有考生", "工作方案 四(一)5")
    return pdf(printing.tickets(found, two=request.GET.get("sheet") == "a4"), f"准考证_{batch.name}")


@require_GET
@duties("R2", *OFFICERS)
@shows_identity("考场用表（签到表有完整证件号码）")
def room_paper(request: HttpRequest, pk: int, paper: str) -> HttpResponse:
    """One paper of one room; an invigilator's own rooms only."""
    if paper not in printing.ROOM_PAPERS:
        raise Http404
    room = get_object_or_404(printing.for_papers(), pk=pk)
    require_in_room(actor(request), room, (*OFFICERS, "Q4"))
    title, render = printing.ROOM_PAPERS[paper]
    return pdf(render([room]), f"{title}_{room}")


@require_GET
@duties(*OFFICERS)
@shows_identity("考场用表（签到表有完整证件号码）")
def all_room_papers(request: HttpRequest, pk: int, paper: str) -> HttpResponse:
    """One paper for every room of the batch, or of one session with ?session=."""
    if paper not in printing.ROOM_PAPERS:
        raise Http404
    batch = get_object_or_404(Batch, pk=pk)
    rooms = printing.for_papers().filter(session__batch=batch)
    session = whole(request.GET.get("session", ""))
    if session is not None:
        rooms = rooms.filter(session=session)
    title, render = printing.ROOM_PAPERS[paper]
    return pdf(render(list(rooms)), f"{title}_{batch.name}")


@require_GET
@candidates
def my_ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """A candidate's own ticket."""
    found = get_object_or_404(printing.for_tickets(), pk=pk, person__account=account(request))
    return pdf(printing.tickets([found]), f"准考证_{found.ticket.number}")
