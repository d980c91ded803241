"""The end of a room: when it may be closed, when it is given up, and what its record then says of those who are in doubt."""

from __future__ import annotations

from assay.bridge.contract import REASONS
from assay.hall.attendance import attendance, counts
from assay.hall.door_record import tell_all
from assay.hall.edit import Edit
from assay.hall.refusal import Refusal
from assay.hall.state import MINUTE, LiveRoom, LiveSitting
from assay.hall.wording import named, names, since_text

MOST_NAMED = 6
"""In a refusal; the record names everybody."""


def unverified(room: LiveRoom) -> list[LiveSitting]:
    """The one list for console, record and office."""
    return [sitting for sitting in room.sittings if sitting.unverified()]


def close_room(edit: Edit, room: LiveRoom, who: str) -> None:
    """Close a room once everybody has handed in and everything is decided."""
    unfinished = [s for s in room.sittings if s.facts.started_at and not s.facts.handed_in_at]
    if unfinished:
        more = " 等" if len(unfinished) > MOST_NAMED else ""
        raise Refusal(
            409,
            f"{room.room.name} 还有 {len(unfinished)} 名考生没有交卷（{names(unfinished[:MOST_NAMED])}{more}）："
            "等其交卷或到时，或选中后强制交卷",
        )
    undecided = [s for s in room.sittings if s.undecided()]
    if undecided:
        raise Refusal(409, f"{names(undecided)} 迟到的答案还没有决定，不能结束考场")
    if room.pack.now() < room.pack.starts_ms:
        raise Refusal(409, "考试尚未开始，不能结束考场")
    _note_doubts(edit, room, who)
    edit.room(room, closed_at=room.pack.now(), closed_by=who)
    edit.noted(room, "close", f"考场记录已确认：{_attendance_text(room)}", who)


def _attendance_text(room: LiveRoom) -> str:
    """Those who did not sit by name, who came and did not answer with the reason."""
    found, now = counts(s.facts for s in room.sittings), room.pack.now()
    came = "、".join(
        f"{named(s)}：{REASONS[s.came_without(now)]}" for s in room.sittings if attendance(s.facts) == "came"
    )
    absent = names(s for s in room.sittings if attendance(s.facts) == "absent")
    return (
        f"应考 {found['expected']}，实考 {found['sat']}，到场未作答 {found['came']}{f'（{came}）' if came else ''}，"
        f"缺考 {found['absent']}{f'（{absent}）' if absent else ''}"
    )


def give_up(edit: Edit, room: LiveRoom, reason: str, who: str) -> None:
    """The room is not back in time: who has not handed in sits again another day (dossier: 45 minutes, a setting)."""
    paused, limit = room.facts.paused_at, room.pack.pack.reschedule_minutes
    if not paused or room.pack.now() - paused < limit * MINUTE:
        raise Refusal(409, f"暂停满 {limit} 分钟仍未恢复的考场，才能终止并另行安排")
    left = sum(bool(s.facts.arrived_at and not s.facts.handed_in_at) for s in room.sittings)
    _note_doubts(edit, room, who)
    edit.room(room, closed_at=room.pack.now(), closed_by=who, rescheduled=True)
    text = f"暂停超过 {limit} 分钟未能恢复，本场终止，{left} 名未交卷考生另行安排考试：{reason}"
    edit.noted(room, "reschedule", text, who)


def _note_doubts(edit: Edit, room: LiveRoom, who: str) -> None:
    """Who was offline to the end and since when, who was never verified, and wrong tries at the door that are not told yet."""
    now = room.pack.now()
    for sitting in room.sittings:
        status = sitting.status(now)
        if status == "missing":
            since = since_text(sitting.facts.missing_since)
            text = f"{named(sitting)} 收卷时离线（{since}），至考场结束未恢复，可能有未送达的答案"
        elif status == "offline" and sitting.last_seen:
            text = f"{named(sitting)} {since_text(sitting.last_seen)}离线，至考场结束未恢复"
        else:
            continue
        edit.said(sitting, "never_back", text, who)
    for sitting in room.sittings:
        tell_all(edit, sitting)
        if sitting.facts.old_computer_since:
            edit.said(sitting, "never_reported", f"{named(sitting)} 原来的计算机至考场结束没有恢复联系", who)
    strangers = unverified(room)
    if strangers:
        edit.noted(room, "unverified", f"{len(strangers)} 人身份未核验：{names(strangers)}", who)
