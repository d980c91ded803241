"""Tickets and room papers as PDF."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assay.arrangement import printing
from assay.batches.models import Batch
from assay.centre.actors import account
from assay.kernel.access import candidates, duties
from assay.kernel.documents.response import pdf

READERS = ("E2", "E5", "E6", "E8", "R2")


@require_GET
@duties("E5", "E2")
def tickets(request: HttpRequest, pk: int) -> HttpResponse:
    """All tickets of a batch, or of one line with ?line=."""
    batch = get_object_or_404(Batch, pk=pk)
    found = printing.for_tickets().filter(batch=batch)
    line = request.GET.get("line", "")
    if line.isdecimal():
        found = found.filter(line_id=int(line))
    return pdf(printing.tickets(found), f"准考证_{batch.name}")


@require_GET
@duties(*READERS)
def room_paper(request: HttpRequest, pk: int, paper: str) -> HttpResponse:
    if paper not in printing.ROOM_PAPERS:
        raise Http404
    room = get_object_or_404(printing.for_papers(), pk=pk)
    title, render = printing.ROOM_PAPERS[paper]
    return pdf(render([room]), f"{title}_{room}")


@require_GET
@duties(*READERS)
def all_room_papers(request: HttpRequest, pk: int, paper: str) -> HttpResponse:
    """One paper for every room of the batch, or of one session with ?session=."""
    if paper not in printing.ROOM_PAPERS:
        raise Http404
    batch = get_object_or_404(Batch, pk=pk)
    rooms = printing.for_papers().filter(session__batch=batch)
    session = request.GET.get("session", "")
    if session.isdecimal():
        rooms = rooms.filter(session=int(session))
    title, render = printing.ROOM_PAPERS[paper]
    return pdf(render(list(rooms)), f"{title}_{batch.name}")


@require_GET
@candidates
def my_ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """A candidate's own ticket."""
    found = get_object_or_404(printing.for_tickets(), pk=pk, person__account=account(request))
    return pdf(printing.tickets([found]), f"准考证_{found.ticket.number}")
