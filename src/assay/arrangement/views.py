"""Pages of the arrangement: the plan of a batch, one room, hand-made changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assay.applications.models import Application
from assay.arrangement import acts
from assay.arrangement.forms import ArrangeForm, MoveForm, ReplaceForm
from assay.arrangement.jobs import tell_jobs
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom, Ticket
from assay.arrangement.replacing import places
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.centre.actors import actor
from assay.centre.departures import carry_out_and_say
from assay.centre.duty_table import Posts
from assay.corps.models import Member
from assay.kernel import gates
from assay.kernel.access import duties
from assay.kernel.acts import Actor
from assay.kernel.offers import Offer, offer

PAPERS = [("door", "门贴"), ("labels", "座位贴"), ("sign-in", "签到表"), ("photos", "照片名册")]
"""The papers of a room (`printing.ROOM_PAPERS`) as buttons name them."""
READERS = ("E1", "E2", "E5", "E6", "E8", "X3", "L2")


@require_GET
@duties(*READERS)
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _arrangement_page(request, get_object_or_404(Batch.objects.with_exam(), pk=pk), ArrangeForm())


def _arrangement_page(request: HttpRequest, batch: Batch, form: ArrangeForm) -> HttpResponse:
    rooms = (
        SessionRoom.objects.filter(session__batch=batch)
        .select_related("session", "room", "line__scope_row__occupation", "line__level")
        .annotate(
            seated=Count("seatings", distinct=True),
            watchers=Count("assignments", filter=Q(assignments__role="invigilator"), distinct=True),
            markers=Count("assignments", filter=Q(assignments__role__in=["examiner", "leader"]), distinct=True),
            supervisors=Count("assignments", filter=Q(assignments__role="supervisor"), distinct=True),
        )
        .order_by("session__starts_at", "session__part", "room__code", "pk")
    )
    shown, posts = tell_jobs(rooms), Posts()
    changeable = batch.stage in acts.ARRANGED_IN
    found = [*gates.blockers(Stage.ARRANGE, batch), *gates.todos(Stage.ARRANGE, batch)] if changeable else []
    context = {
        "title": f"考场编排：{batch}",
        "batch": batch,
        "rooms": shown,
        "blockers": [(b, posts.holding(b.duty)) for b in found],
        "form": form,
        "arrange": _arranging(actor(request), batch, anew=bool(shown)),
        "filed": acts.is_filed(batch),
        "numbered": Ticket.objects.filter(application__batch=batch).exists(),
        "papers": PAPERS,
    }
    return render(request, "arrangement/batch.html", context)


def _arranging(who: Actor, batch: Batch, *, anew: bool) -> Offer:
    return offer(
        who, acts.arrange, batch, title="重新编排" if anew else "自动编排", url=reverse("arrangement:arrange", args=[batch.pk]),
        confirm="重新编排会替换现有编排，手工调整也会丢失，确认？" if anew else "",
    )  # fmt: skip


@require_POST
@duties("E6")
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    batch, form = get_object_or_404(Batch, pk=pk), ArrangeForm(request.POST)
    if not form.is_valid():
        return _arrangement_page(request, batch, form)
    done = acts.arrange(actor(request), batch, options=form.options())
    messages.success(request, f"已编排 {done.sessions} 个场次、{done.seats} 个座位。")
    for problem in done.problems[:20]:
        messages.warning(request, problem)
    return redirect("arrangement:batch", pk=pk)


@require_GET
@duties(*READERS)
def room_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One room of a session: seats and people, with what may be changed by hand."""
    room = get_object_or_404(SessionRoom.objects.select_related("session__batch", "room", "line"), pk=pk)
    who, batch = actor(request), room.session.batch
    seatings = room.seatings.select_related(
        "application__applicant", "application__line__scope_row", "application__line__level", "application__ticket"
    ).order_by("seat")
    replace = _of_any(who, acts.replace_member, room.assignments.all(), "改派", "arrangement:replace")
    context = {
        "title": f"{room.room} · {room.session}",
        "room": room,
        "batch": batch,
        "seatings": seatings,
        "places": places(room, changeable=replace is not None and replace.open),
        "others": SessionRoom.objects.filter(session__batch=batch, session__part=room.session.part).select_related(
            "session", "room"
        ),
        "move": _of_any(who, acts.move_candidate, seatings, "调整", "arrangement:move"),
        "replace": replace,
        "numbered": Ticket.objects.filter(application__batch=batch).exists(),
        "papers": PAPERS,
    }
    return render(request, "arrangement/room.html", context)


def _of_any(
    who: Actor, deed: Callable[..., Any], rows: Iterable[Seating | Assignment], title: str, name: str
) -> Offer | None:  # fmt: skip
    """The act on the first row of a room, with that row's address: it can be done to all of them or to none."""
    first = next(iter(rows), None)
    return offer(who, deed, first, title=title, url=reverse(name, args=[first.pk])) if first is not None else None


@require_POST
@duties("E6", "E8")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    seating = get_object_or_404(Seating.objects.select_related("session_room"), pk=pk)
    given = MoveForm.read(request)
    target = given["session_room"] or seating.session_room
    acts.move_candidate(actor(request), seating, session_room=target, seat=given["seat"])
    messages.success(request, "座位已调整。")
    return redirect("arrangement:room", pk=target.pk)


@require_POST
@duties("E6", "X3")
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = get_object_or_404(Assignment, pk=pk)
    form = ReplaceForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["member"][0]))
        return redirect("arrangement:room", pk=assignment.session_room_id)
    member = get_object_or_404(Member, pk=form.cleaned_data["member"])
    acts.replace_member(actor(request), assignment, member=member)
    messages.success(request, f"已改派 {member}。")
    carry_out_and_say(request)
    return redirect("arrangement:room", pk=assignment.session_room_id)


@require_GET
@duties(*READERS)
def tickets(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.with_exam(), pk=pk)
    issued = Ticket.objects.filter(application__batch=batch).count()
    held = Application.objects.filter(batch=batch, ticket__isnull=False)
    without = batch.applications.filter(state=Application.State.APPROVED, ticket=None).count()
    issue = offer(
        actor(request), acts.issue_tickets, batch, title=f"发放准考证（{without} 张）",
        url=reverse("arrangement:issue", args=[pk]),
    )  # fmt: skip
    context = {
        "title": f"准考证：{batch}",
        "batch": batch,
        "issued": issued,
        "without": without,
        "issue": issue if without else None,
        "lines": batch.lines.select_related("scope_row__occupation", "level").annotate(n=Count("applications__ticket")),
        "departments": held.values_list("applicant__department", "applicant__department__name")
        .annotate(n=Count("pk"))
        .order_by("applicant__department__code"),
        "classes": held.values_list("applicant__class_name").annotate(n=Count("pk")).order_by("applicant__class_name"),
        "sessions": Session.objects.filter(batch=batch).order_by("starts_at", "part", "number"),
    }
    return render(request, "arrangement/tickets.html", context)


@require_POST
@duties("E5")
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    count = acts.issue_tickets(actor(request), get_object_or_404(Batch, pk=pk))
    messages.success(request, f"已发放 {count} 张准考证，考生可自行下载。")
    return redirect("arrangement:tickets", pk=pk)
