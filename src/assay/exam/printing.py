"""《职业技能等级认定考场记录表》."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet

from assay.arrangement.jobs import tell_jobs
from assay.arrangement.models import Seating, SessionRoom, StaffChange
from assay.centre.models import Centre
from assay.exam.models import RoomRecord
from assay.kernel.clock import SHANGHAI
from assay.kernel.documents import blocks as b
from assay.kernel.documents import render_blocks

BLANK_LINES = 8


def for_printing() -> QuerySet[RoomRecord]:
    """Room records with everything that their papers show, in order of time."""
    seatings = Seating.objects.select_related("application__applicant", "sheet", "panel_sheet").order_by("seat")
    return (
        RoomRecord.objects.select_related("session_room__session__batch", "session_room__room")
        .prefetch_related(
            "additions",
            "session_room__assignments__member",
            Prefetch("session_room__seatings", seatings),
            Prefetch("session_room__staff_changes", StaffChange.objects.select_related("former", "member")),
        )
        .order_by("session_room__session__starts_at", "pk")
    )


def room_records(records: Sequence[RoomRecord]) -> bytes:
    """One paper a record."""
    centre = Centre.objects.get()
    tell_jobs(record.session_room for record in records)
    return render_blocks([_record(r, centre) for r in records], demo=centre.is_demo, on=_day(records))


def blank_records(rooms: Sequence[SessionRoom]) -> bytes:
    """The record of each room before it is closed, to be filled in by hand: what is known stands there, the rest is left free. Rooms
    with people and seats at hand (see `arrangement.printing.for_papers`)."""
    centre = Centre.objects.get()
    tell_jobs(rooms)
    days = [room.session.starts_at.astimezone(SHANGHAI).date() for room in rooms]
    return render_blocks([_blank(room, centre) for room in rooms], demo=centre.is_demo, on=max(days, default=None))


def _blank(room: SessionRoom, centre: Centre) -> list[b.Block]:
    session = room.session
    start, end = session.starts_at.astimezone(SHANGHAI), session.ends_at.astimezone(SHANGHAI)
    people = "、".join(f"{a.member}（{a.get_role_display()}）" for a in room.assignments.all())
    return [
        b.title(
            "职业技能等级认定考场记录表",
            above=centre.name,
            below=session.batch.name,
            whose=f"{room.room.name}　{session}",
        ),
        b.pairs(
            ["考场", room.room.name, "场次", str(session)],
            ["时间", f"{start:%Y年%m月%d日 %H:%M}-{end:%H:%M}", "工种", room.jobs],
            ["应考人数", str(len(room.seatings.all())), "实考人数", ""],
            ["到场未作答", "", "缺考人数", ""],
            ["缺考名单（座位、姓名）", "\n\n"],
            ["考场人员", people],
        ),
        b.heading("考场情况（违纪、设备故障、延时、换机等；没有的写“正常”）"),
        b.table(["时间", "情况", "记录人"], [["\n\n", "", ""]] * BLANK_LINES, widths=["34mm", "1fr", "28mm"]),
        b.pairs(["记录人", "", "记录时间", "　　　　年　　月　　日"]),
        b.signatures("监考（考评）员", "监考（考评）员", "督导员"),
    ]


def _day(records: Sequence[RoomRecord]) -> date | None:
    """On which the last of the rooms was closed."""
    return max((record.closed_at.astimezone(SHANGHAI).date() for record in records), default=None)


def _record(record: RoomRecord, centre: Centre) -> list[b.Block]:
    room = record.session_room
    session = room.session
    start, end = session.starts_at.astimezone(SHANGHAI), session.ends_at.astimezone(SHANGHAI)
    people = "、".join(f"{a.member}（{a.get_role_display()}）" for a in room.assignments.all())
    absent = [_named(s) for s in room.seatings.all() if _absent(s)]
    came = [f"{_named(s)}（{why}）" for s in room.seatings.all() if (why := _came_without(s))]
    changes = [f"{_moment(c.at.isoformat())} {c.said()}（{c.reason}）" for c in room.staff_changes.all()]
    rows = [[_moment(i["at"]), i["text"], i["by"]] for i in record.incidents]
    return [
        b.title(
            "职业技能等级认定考场记录表",
            above=centre.name,
            below=session.batch.name,
            whose=f"{room.room.name}　{session}",
        ),
        b.pairs(
            ["考场", room.room.name, "场次", str(session)],
            ["时间", f"{start:%Y年%m月%d日 %H:%M}-{end:%H:%M}", "工种", room.jobs],
            ["应考人数", str(record.expected), "实考人数", str(record.present)],
            ["到场未作答", str(record.came), "缺考人数", str(record.absent - record.came)],
            *([["到场未作答名单", "、".join(came)]] if came else []),
            ["缺考名单", "、".join(absent) or "无"],
            ["考场人员", people],
            *([["人员变动", "\n".join(changes)]] if changes else []),
        ),
        b.heading("考场情况（违纪、设备故障、延时、换机等）"),
        b.table(["时间", "情况", "记录人"], rows, widths=["34mm", "1fr", "28mm"], empty="考场秩序正常，无异常情况。"),
        *_additions(record),
        b.pairs(
            ["记录人", record.closed_by, "记录时间", f"{record.closed_at.astimezone(SHANGHAI):%Y年%m月%d日 %H:%M}"]
        ),
        b.signatures("监考（考评）员", "监考（考评）员", "督导员"),
    ]


def _additions(record: RoomRecord) -> list[b.Block]:
    """What two people have put right or added since; what was only proposed, or refused, is on no paper."""
    signed = [one for one in record.additions.all() if one.agreed]
    if not signed:
        return []
    rows = [
        [
            f"{one.at.astimezone(SHANGHAI):%m月%d日 %H:%M}", one.get_kind_display(), one.text,
            one.by, f"{one.decided_by}\n{one.decided_at.astimezone(SHANGHAI):%m月%d日 %H:%M}" if one.decided_at else "",
        ]
        for one in signed
    ]  # fmt: skip
    head, widths = ["时间", "类别", "内容", "提出人", "会签人"], ["30mm", "14mm", "1fr", "22mm", "30mm"]
    return [b.heading("更正与补充（原记录不改动）"), b.table(head, rows, widths=widths)]


def _named(seating: Seating) -> str:
    return f"{seating.seat} 号 {seating.application.applicant.name}"


def _came_without(seating: Seating) -> str:
    """Why somebody came and did not answer; "" for everybody else."""
    sheet = getattr(seating, "sheet", None)
    return sheet.get_came_without_display() if sheet and sheet.came_without else ""


def _absent(seating: Seating) -> bool:
    sheet = getattr(seating, "sheet", None) or getattr(seating, "panel_sheet", None)
    return bool(sheet and sheet.absent) and not _came_without(seating)


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(SHANGHAI):%m月%d日 %H:%M}"
