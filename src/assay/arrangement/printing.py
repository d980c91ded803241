"""Tickets, door lists, seat labels, sign-in sheets, lists of faces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Prefetch, QuerySet

from assay.applications.models import Application
from assay.arrangement.models import Assignment, Seating, SessionRoom
from assay.centre import parameters
from assay.centre.models import Centre
from assay.kernel import files
from assay.kernel.clock import SHANGHAI
from assay.kernel.documents import blocks as b
from assay.kernel.documents import render, render_blocks

TEMPLATES = Path(__file__).parent / "documents"


def tickets(applications: Iterable[Application], *, two: bool = False) -> bytes:
    """One A5 page a ticket, or two on an A4 sheet (`two`); applications with applicant, line, ticket and seatings at hand
    (see `for_tickets`)."""
    centre = Centre.objects.get()
    pictures: dict[str, bytes] = {}
    found = list(applications)
    shown = [_ticket(a, pictures) for a in found]
    data = {"demo": centre.is_demo, "centre": centre.name, "tickets": shown, "notes": _notes(), "two": two}
    day = max((a.ticket.issued_at.astimezone(SHANGHAI).date() for a in found), default=None)
    return render(TEMPLATES / "tickets.typ", data, pictures, title="职业技能等级认定准考证", on=day)


def for_tickets() -> Any:
    """Applications with a ticket and all that is printed on it, in the order of the numbers."""
    return (
        Application.objects.filter(ticket__isnull=False)
        .select_related("applicant__department", "line__scope_row__occupation", "line__level", "ticket")
        .prefetch_related("seatings__session_room__session", "seatings__session_room__room")
        .order_by("ticket__number")
    )


def _notes() -> list[str]:
    early, late = parameters.number("exam.arrive_early_minutes"), parameters.number("exam.late_minutes")
    return [
        f"提前 {early} 分钟凭准考证和有效身份证件入场，开考 {late} 分钟后不得入场。",
        "手机等电子设备须关闭并交存指定地点，对号入座。",
        f"开考 {parameters.number('exam.earliest_leave_minutes')} 分钟后方可交卷离场。",
        "技能考核须穿戴规定的防护用品，听从考评员安排。",
        "违反考场规则的，按《违规违纪处理规定》处理。",
    ]


def _ticket(application: Application, pictures: dict[str, bytes]) -> dict[str, Any]:
    applicant, line = application.applicant, application.line
    seatings = sorted(application.seatings.all(), key=lambda s: s.session_room.session.starts_at)
    return {
        "number": application.ticket.number,
        "name": applicant.name,
        "sex": applicant.sex,
        "id_number": applicant.id_number,
        "unit": f"{applicant.department or ''} {applicant.class_name}".strip(),
        "occupation": line.scope_row.occupation.name,
        "job": line.scope_row.job or "--",
        "level": line.level.title,
        "photo": _picture(applicant.photo_id, pictures),
        "sittings": [_sitting(s) for s in seatings],
    }


def _sitting(seating: Seating) -> dict[str, str]:
    session = seating.session_room.session
    return {
        "part": session.get_part_display(),
        "time": f"{session.starts_at.astimezone(SHANGHAI):%Y年%m月%d日 %H:%M}-{session.ends_at.astimezone(SHANGHAI):%H:%M}",
        "room": seating.session_room.room.name,
        "seat": str(seating.seat),
    }


def for_papers() -> QuerySet[SessionRoom]:
    """Rooms in use with everything that their papers show, in order of time."""
    seatings = Seating.objects.select_related(
        "application__applicant",
        "application__ticket",
        "application__line__scope_row__occupation",
        "application__line__level",
    ).order_by("seat")
    assignments = Assignment.objects.select_related("member").order_by("role", "pk")
    used = SessionRoom.objects.filter(pk__in=Seating.objects.values("session_room"))
    return (
        used.select_related("session__batch", "room")
        .prefetch_related(Prefetch("seatings", seatings), Prefetch("assignments", assignments))
        .order_by("session__starts_at", "room__code", "pk")
    )


def _when(room: SessionRoom) -> str:
    session = room.session
    start, end = session.starts_at.astimezone(SHANGHAI), session.ends_at.astimezone(SHANGHAI)
    return f"{session}　{start:%Y年%m月%d日 %H:%M}-{end:%H:%M}"


def _day(rooms: Sequence[SessionRoom]) -> date | None:
    """The last day on which one of the rooms is used."""
    return max((room.session.starts_at.astimezone(SHANGHAI).date() for room in rooms), default=None)


def _number(seating: Seating) -> str:
    ticket = getattr(seating.application, "ticket", None)
    return ticket.number if ticket else ""


def _numbers_later(room: SessionRoom) -> str:
    """A list printed before the province's approval says why its column is empty."""
    return "" if all(_number(s) for s in room.seatings.all()) else "　准考证号待省中心审批通过后编发"


def door_lists(rooms: Sequence[SessionRoom]) -> bytes:
    """考场门贴: who sits where, a page for each room."""
    centre = Centre.objects.get()
    return render_blocks([_door_list(room, centre) for room in rooms], demo=centre.is_demo, on=_day(rooms))


def _door_list(room: SessionRoom, centre: Centre) -> list[b.Block]:
    seatings = room.seatings.all()
    rows = [
        [s.seat, _number(s), s.application.applicant.name, s.application.applicant.class_name, str(s.application.line)]
        for s in seatings
    ]
    return [
        b.title(
            room.room.name,
            above=centre.name,
            below=f"{_when(room)}　共 {len(rows)} 人{_numbers_later(room)}",
            whose=f"考场门贴　{_when(room)}",
        ),
        b.table(["座位", "准考证号", "姓名", "班级", "工种等级"], rows, widths=["14mm", "32mm", "30mm", "28mm", "1fr"]),
    ]


def seat_labels(rooms: Sequence[SessionRoom]) -> bytes:
    """座位贴, to be cut."""
    labels = [
        {
            "room": room.room.name,
            "session": str(room.session),
            "seat": str(s.seat),
            "name": s.application.applicant.name,
            "number": _number(s),
            "line": str(s.application.line),
        }
        for room in rooms
        for s in room.seatings.all()
    ]
    data = {"demo": Centre.objects.get().is_demo, "labels": labels}
    return render(TEMPLATES / "labels.typ", data, title="座位贴", on=_day(rooms))


def sign_in_sheets(rooms: Sequence[SessionRoom]) -> bytes:
    """签到表 of each room: candidates, then the staff of the room."""
    centre = Centre.objects.get()
    return render_blocks(
        [paper for room in rooms for paper in _sign_in(room, centre)], demo=centre.is_demo, on=_day(rooms)
    )


def _sign_in(room: SessionRoom, centre: Centre) -> list[list[b.Block]]:
    below = f"{room.room.name}　{_when(room)}"
    people = [
        [s.seat, _number(s), s.application.applicant.name, s.application.applicant.id_number, ""]
        for s in room.seatings.all()
    ]
    staff = [[a.get_role_display(), a.member.name, "", ""] for a in room.assignments.all()]
    return [
        [
            b.title("考生签到表", above=centre.name, below=below + _numbers_later(room), whose=below),
            b.table(
                ["座位", "准考证号", "姓名", "证件号码", "签名"], people, widths=["14mm", "32mm", "34mm", "46mm", "1fr"]
            ),
            b.signatures_of_each_page("监考员", "监考员"),
        ],
        [
            b.title("监考、考评、督导人员签到表", above=centre.name, below=below),
            b.table(["岗位", "姓名", "签名", "到岗时间"], staff, widths=["30mm", "40mm", "1fr", "40mm"]),
        ],
    ]


def photo_lists(rooms: Sequence[SessionRoom]) -> bytes:
    """照片名册 of each room: the faces of who sits there, for looking at who comes in without a screen."""
    centre = Centre.objects.get()
    pictures: dict[str, bytes] = {}
    shown = [
        {"name": room.room.name, "when": _when(room), "people": [_face(s, pictures) for s in room.seatings.all()]}
        for room in rooms
    ]
    data = {"demo": centre.is_demo, "centre": centre.name, "rooms": shown}
    return render(TEMPLATES / "photos.typ", data, pictures, title="照片名册", on=_day(rooms), tagged=False)


def _face(seating: Seating, pictures: dict[str, bytes]) -> dict[str, str]:
    applicant = seating.application.applicant
    return {
        "seat": str(seating.seat),
        "name": applicant.name,
        "id": applicant.id_masked,
        "number": _number(seating),
        "photo": _picture(applicant.photo_id, pictures),
    }


def _picture(digest: str | None, pictures: dict[str, bytes]) -> str:
    """The name under which the photo lies beside the paper's data; '-' when there is none."""
    if not digest:
        return "-"
    name = f"{digest[:24]}.jpg"
    if name not in pictures:
        pictures[name] = files.read(digest)
    return name


ROOM_PAPERS = {
    "door": ("考场门贴", door_lists),
    "labels": ("座位贴", seat_labels),
    "sign-in": ("签到表", sign_in_sheets),
    "photos": ("照片名册", photo_lists),
}
