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
from assay.arrangement.acts import arranging, people, seats
from assay.arrangement.acts import tickets as ticketing
from assay.arrangement.by_hand import changes_by_hand, what_is_lost
from assay.arrangement.changing import ARRANGED_IN
from assay.arrangement.forms import AddForm, ArrangeForm, MoveForm, ReasonForm, ReplaceForm
from assay.arrangement.jobs import tell_jobs
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom, Ticket
from assay.arrangement.replacing import Corps
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.centre.actors import actor
from assay.centre.departures import carry_out_and_say
from assay.centre.duty_table import Posts
from assay.corps.models import Member
from assay.kernel import gates
from assay.kernel.access import duties
from assay.kernel.acts import Actor
from assay.kernel.offers import Offer, offer, offers
from assay.kernel.refusals import Refused

PAPERS = [("door", "门贴"), ("labels", "座位贴"), ("sign-in", "签到表"), ("photos", "照片名册")]
"""The papers of a room (`printing.ROOM_PAPERS`) as buttons name them."""
READERS = ("E1", "E2", "E5", "E6", "E8", "X3", "L2")


@require_GET
@duties(*READERS)
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _arrangement_page(request, get_object_or_404(Batch.objects.with_exam(), pk=pk), ArrangeForm())


def _arrangement_page(request: HttpRequest, batch: Batch, form: ArrangeForm) -> HttpResponse:
    by_hand = changes_by_hand(batch) if batch.stage in ARRANGED_IN else []
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
    changeable = batch.stage in ARRANGED_IN
    found = [*gates.blockers(Stage.ARRANGE, batch), *gates.todos(Stage.ARRANGE, batch)] if changeable else []
    context = {
        "title": f"考场编排：{batch}",
        "batch": batch,
        "rooms": shown,
        "blockers": [(b, posts.holding(b.duty)) for b in found],
        "form": form,
        "arrange": _arranging(actor(request), batch, what_is_lost(by_hand) if shown else ""),
        "losing": len(by_hand),
        "changeable": changeable,
        "filed": arranging.is_filed(batch),
        "numbered": Ticket.objects.filter(application__batch=batch).exists(),
        "papers": PAPERS,
    }
    return render(request, "arrangement/batch.html", context)


def _arranging(who: Actor, batch: Batch, asked: str) -> Offer:
    """`asked`: what is asked of who arranges anew; "" before the first time."""
    return offer(
        who, arranging.arrange, batch, title="重新编排" if asked else "自动编排", url=reverse("arrangement:arrange", args=[batch.pk]),
        confirm=asked,
    )  # fmt: skip


@require_POST
@duties("E6")
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    batch, form = get_object_or_404(Batch, pk=pk), ArrangeForm(request.POST)
    if not form.is_valid():
        return _arrangement_page(request, batch, form)
    done = arranging.arrange(actor(request), batch, options=form.options(), losing=form.cleaned_data["losing"])
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
        "application__applicant", "application__line__scope_row", "application__line__level", "application__ticket",
        "session_room__session__batch",
    ).order_by("seat")  # fmt: skip
    assigned = list(room.assignments.select_related("session_room__session__batch", "session_room__room"))
    replace = _of_any(who, people.replace_member, assigned, "改派", "arrangement:replace")
    release = _of_each(who, people.release_member, assigned, "撤出", "arrangement:release")
    lead = _of_each(who, people.name_leader, assigned, "任组长", "arrangement:lead")
    move = _of_any(who, seats.move_candidate, seatings, "调整", "arrangement:move")
    add = offer(who, people.add_member, room, title="增派", url=reverse("arrangement:add", args=[room.pk]))
    corps = Corps(room)
    shown = corps.places(changeable=replace is not None and replace.open)
    context = {
        "title": f"{room.room} · {room.session}",
        "room": room,
        "batch": batch,
        "seatings": seatings,
        "places": [(place, release[place.assignment.pk], lead[place.assignment.pk]) for place in shown],
        "others": SessionRoom.objects.filter(session__batch=batch, session__part=room.session.part).select_related(
            "session", "room"
        ),
        "move": move,
        "replace": replace,
        "add": add,
        "to_add": corps.to_add() if add.open else [],
        "against": list(dict.fromkeys(said for one in (move, add) if one is not None and (said := one.said))),
        "changes": room.staff_changes.select_related("former", "member"),
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


def _of_each(
    who: Actor, deed: Callable[..., Any], rows: Iterable[Assignment], title: str, name: str
) -> dict[Any, Offer]:  # fmt: skip
    return offers(who, deed, rows, title=title, url=lambda row: reverse(name, args=[row.pk]))


@require_POST
@duties(*seats.WHO)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """To a free seat or, asked for, against the one who sits there."""
    seating = get_object_or_404(Seating.objects.select_related("session_room__session__batch"), pk=pk)
    given = MoveForm.read(request)
    target = given["session_room"] or seating.session_room
    if given["swap"]:
        other = seats.who_sits(target, given["seat"]).select_related("session_room__session__batch").first()
        if other is None:
            raise Refused(f"{target.room} {given['seat']} 号没有考生，不用对调，请点“调座”")
        _, moved = seats.swap_seats(actor(request), seating, other)
        messages.success(request, f"座位已与 {moved.application.applicant} 对调。")
    else:
        seats.move_candidate(actor(request), seating, session_room=target, seat=given["seat"])
        messages.success(request, "座位已调整。")
    return redirect("arrangement:room", pk=target.pk)


@require_POST
@duties(*people.WHO)
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    assignment, given = _assignment(pk), ReplaceForm.read(request)
    member = get_object_or_404(Member, pk=given["member"])
    people.replace_member(actor(request), assignment, member=member, reason=given["reason"])
    return _told(request, assignment.session_room, f"已改派 {member}。")


@require_POST
@duties(*people.WHO)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    assignment, given = _assignment(pk), ReasonForm.read(request)
    people.release_member(actor(request), assignment, reason=given["reason"])
    return _told(request, assignment.session_room, f"{assignment.member} 已撤出。")


@require_POST
@duties(*people.WHO)
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    assignment, given = _assignment(pk), ReasonForm.read(request)
    people.name_leader(actor(request), assignment, reason=given["reason"])
    return _told(request, assignment.session_room, f"{assignment.member} 任考评组长。")


@require_POST
@duties(*people.WHO)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    room = get_object_or_404(SessionRoom.objects.select_related("session__batch"), pk=pk)
    given = AddForm.read(request, people.roles_in(room))
    member = get_object_or_404(Member, pk=given["member"])
    people.add_member(actor(request), room, role=given["role"], member=member, reason=given["reason"])
    return _told(request, room, f"已增派 {member}。")


def _assignment(pk: int) -> Assignment:
    rows = Assignment.objects.select_related("session_room__session__batch", "session_room__room", "member")
    return get_object_or_404(rows, pk=pk)


def _told(request: HttpRequest, room: SessionRoom, done: str) -> HttpResponse:
    """Back in the room; halls hear at once whose right has ended."""
    messages.success(request, done)
    carry_out_and_say(request)
    return redirect("arrangement:room", pk=room.pk)


@require_GET
@duties(*READERS)
def tickets(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.with_exam(), pk=pk)
    issued = Ticket.objects.filter(application__batch=batch).count()
    held = Application.objects.filter(batch=batch, ticket__isnull=False)
    without = batch.applications.filter(state=Application.State.APPROVED, ticket=None).count()
    issue = offer(
        actor(request), ticketing.issue_tickets, batch, title=f"发放准考证（{without} 张）",
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
    count = ticketing.issue_tickets(actor(request), get_object_or_404(Batch, pk=pk))
    messages.success(request, f"已发放 {count} 张准考证，考生可自行下载。")
    return redirect("arrangement:tickets", pk=pk)
