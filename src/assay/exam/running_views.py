"""All rooms of the sessions that run, on one page; and words for all of a session at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assay.arrangement.models import Session
from assay.catalogue.parts import Part
from assay.centre.actors import actor
from assay.centre.refusing import asks_for_a_part
from assay.exam import running as sessions
from assay.exam.acts import announcing as exam_announcing
from assay.kernel import clock
from assay.kernel.access import duties
from assay.kernel.offers import offers


@require_GET
@duties("E8")
def running(request: HttpRequest) -> HttpResponse:
    """What needs a hand, room by room. The page asks for itself again every few seconds, and is then given the rooms alone."""
    views = sessions.running()
    told = offers(
        actor(request), exam_announcing.note_announcement, [view.session for view in views], title="发出通知",
        url=lambda session: reverse("exam:announce", args=[session.pk]),
    )  # fmt: skip
    context = {
        "title": "考试实况",
        "views": views,
        "calm": not any(view.pressing or view.trouble or view.due or view.all_closed for view in views),
        "to_tell": [view for view in views if view.listens and told[view.session.pk].open],
        "asked_at": clock.now(),
    }
    page = "exam/running_rooms.html" if asks_for_a_part(request) else "exam/running.html"
    return render(request, page, context)


@require_POST
@duties("E8")
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    """One deed for all rooms of a session."""
    session = get_object_or_404(Session.objects.select_related("batch", "publication"), pk=pk, part=Part.THEORY)
    exam_announcing.announce(actor(request), session, text=request.POST.get("text", ""))
    messages.success(request, f"{session}：已通知全部考场，并记入各考场记录。")
    return redirect("exam:running")
