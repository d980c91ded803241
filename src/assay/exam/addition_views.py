"""The page of a room's record: as it was written, and what was put right or added since."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from assay.arrangement.presence import require_in_room
from assay.centre.actors import actor
from assay.exam.acts import additions
from assay.exam.forms import AdditionForm, CountersignForm
from assay.exam.models import RecordAddition, RoomRecord
from assay.kernel.access import duties
from assay.kernel.offers import offer, offers

READERS = ("E6", "E8", "L2", "Q4")
"""Who may look at the record of any room."""


@require_http_methods(["GET", "POST"])
@duties("R2", "R3", "E6", "E8", "L2")
def record_additions(request: HttpRequest, pk: int) -> HttpResponse:
    """The record and its additions; one more is proposed."""
    rows = RoomRecord.objects.select_related("session_room__session__batch", "session_room__room")
    record = get_object_or_404(rows, session_room_id=pk)
    who, here = actor(request), reverse("exam:record_additions", args=[pk])
    if request.method == "POST":
        additions.add_to_record(who, record, **AdditionForm.read(request))
        messages.success(request, "已提出，待另一人会签后生效。")
        return redirect(here)
    require_in_room(who, record.session_room, READERS)
    found = list(record.additions.select_related("record__session_room__session__batch"))
    signing = offers(
        who, additions.countersign, found, title="会签", url=lambda one: reverse("exam:countersign", args=[one.pk])
    )
    context = {
        "title": f"考场记录：{record}", "record": record, "room": record.session_room,
        "additions": [(one, signing[one.pk]) for one in found], "kinds": RecordAddition.Kind.choices,
        "adding": offer(who, additions.add_to_record, record, title="提出更正补充", url=here),
    }  # fmt: skip
    return render(request, "exam/record_additions.html", context)


@require_POST
@duties(*additions.SIGNERS)
def countersign(request: HttpRequest, pk: int) -> HttpResponse:
    """A second person signs, or says why not."""
    rows = RecordAddition.objects.select_related("record__session_room__session__batch")
    addition, given = get_object_or_404(rows, pk=pk), CountersignForm.read(request)
    additions.countersign(actor(request), addition, agreed=given["agreed"] == "1", answer=given["answer"])
    messages.success(request, "已会签。")
    return redirect("exam:record_additions", pk=addition.record.session_room_id)
