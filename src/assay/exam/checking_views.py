"""The page on which all rooms of a day are checked: a place that serves several sessions of the day is gone through once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from assay.arrangement.models import SessionRoom
from assay.batches.models import Batch
from assay.catalogue.parts import Part
from assay.centre.actors import actor
from assay.exam.acts import checking
from assay.exam.acts.rooms import require_to_check
from assay.exam.forms import PlacesForm
from assay.exam.queries import READINESS_CHECKS, rooms_of
from assay.kernel import clock
from assay.kernel.access import duties
from assay.kernel.acts import why_not
from assay.kernel.refusals import Refused


@dataclass(frozen=True)
class Place:
    """A room on a day, for the sessions of one part that it serves."""

    rooms: Sequence[SessionRoom]

    @property
    def first(self) -> SessionRoom:
        return self.rooms[0]

    @property
    def key(self) -> str:
        return str(self.first.pk)

    @property
    def part(self) -> str:
        return self.first.session.part

    @property
    def checks(self) -> Sequence[str]:
        return READINESS_CHECKS[self.part]

    @property
    def boxes(self) -> list[tuple[str, str]]:
        """The field of each check, with its title."""
        return [(f"ok-{self.key}-{n}", title) for n, title in enumerate(self.checks)]

    @property
    def when(self) -> str:
        """The sessions, each once: a venue of several jobs stands in a session more than once."""
        return "、".join(dict.fromkeys(f"{clock.shown(r.session.starts_at)[-5:]} {r.session}" for r in self.rooms))

    @property
    def found(self) -> str:
        """What was noted last, of all its sessions; '' while one of them is not checked."""
        noted = [getattr(room, "readiness", None) for room in self.rooms]
        if None in noted:
            return ""
        return "；".join(dict.fromkeys(f"{one.found()}（{one.by}）" for one in noted if one is not None))


@require_http_methods(["GET", "POST"])
@duties("E6", "E8")
def check_day(request: HttpRequest, pk: int) -> HttpResponse:
    """All rooms of one day, part by part."""
    batch = get_object_or_404(Batch.objects.with_exam(), pk=pk)
    rooms = rooms_of(batch)
    days = sorted({clock.day_of(room.session.starts_at) for room in rooms})
    if not days:
        raise Refused("本批次还没有编排考场")
    day = _day(request, days)
    here = [room for room in rooms if clock.day_of(room.session.starts_at) == day]
    open_now = [room for room in here if _against(room) is None]
    places = _places(open_now)
    if request.method == "POST":
        done = checking.check_rooms(actor(request), **PlacesForm.read(request, places))
        wanting = [str(one) for one in done if not one.ready]
        messages.success(request, f"已登记 {len(done)} 个考场次的考前检查，{len(done) - len(wanting)} 个符合要求。")
        if wanting:
            messages.warning(request, f"不符合要求：{'、'.join(wanting)}")
        return redirect("exam:batch", pk=batch.pk)
    against = why_not(checking.check_rooms, actor(request))
    context = {
        "title": f"考前检查：{day:%Y年%m月%d日}", "batch": batch, "day": day, "days": days,
        "parts": [(title, [p for p in places if p.part == part]) for part, title in _titles(places)],
        "shut": against.message if against else "" if places else _nothing_now(here),
    }  # fmt: skip
    return render(request, "exam/check_day.html", context)


def _nothing_now(rooms: Sequence[SessionRoom]) -> str:
    """Why none of them can be checked."""
    said = [why.message for room in rooms if (why := _against(room)) is not None]
    return said[0] if said else "这一天没有考场"


def _day(request: HttpRequest, days: Sequence[date]) -> date:
    """The day that is asked for, else the next one."""
    asked = request.GET.get("day", "")
    coming = next((day for day in days if day >= clock.today()), days[-1])
    return next((day for day in days if day.isoformat() == asked), coming)


def _against(room: SessionRoom) -> Refused | None:
    try:
        require_to_check(room)
    except Refused as refused:
        return refused
    return None


def _places(rooms: Sequence[SessionRoom]) -> list[Place]:
    found: dict[tuple[str, int], list[SessionRoom]] = {}
    for room in rooms:
        found.setdefault((room.session.part, room.room_id), []).append(room)
    return [Place(some) for some in found.values()]


def _titles(places: Sequence[Place]) -> list[tuple[str, str]]:
    known = {place.part: place.first.session.get_part_display() for place in places}
    return [(part, known[part]) for part in Part if part in known]
