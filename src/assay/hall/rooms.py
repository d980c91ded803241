"""What may be done in a room: every deed of an invigilator changes memory and store together and stands in the record."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.hall.answers import Answer
from assay.hall.committer import Committer
from assay.hall.edit import Edit
from assay.hall.refusal import Refusal
from assay.hall.sittings import Sittings
from assay.hall.state import MINUTE, LivePack, LiveRoom, LiveSitting
from assay.hall.store import Finals
from assay.hall.tokens import file_key

MOST_EXTRA_MINUTES = 240
ALL_ROOMS = "*"


class Action(msgspec.Struct):
    """What an invigilator does: to some sittings, or to a room (`*`: to every room of the pack)."""

    do: str
    sittings: list[str] = []
    room: str = ""
    minutes: int = 0
    text: str = ""
    number: int = 0
    accept: bool = False


class AnswerFile(msgspec.Struct):
    """What a page saved when the hall could not be reached: AES-256-GCM under the sitting's own key, with pack and sitting
    as associated data, so that a file of somebody else, or one that was changed, does not open."""

    version: int
    pack: str
    sitting: str
    nonce: bytes
    sealed: bytes


class Rooms:
    """The deeds."""

    def __init__(self, committer: Committer, sittings: Sittings, secret: bytes) -> None:
        self._committer, self._sittings, self._secret = committer, sittings, secret

    async def on_sittings(self, chosen: list[LiveSitting], action: Action, who: str) -> None:
        """One deed for several candidates: all of it or nothing."""
        if action.do == "force":
            for sitting in chosen:
                _require_open(sitting.room)
                await self._sittings.hand_in(sitting, forced=True, by=who, reason=action.text)
            return
        if action.do == "late":
            for sitting in chosen:
                await self._sittings.decide_late(sitting, action.number, action.accept, action.text.strip()[:500], who)
            return
        deed = ON_SITTING.get(action.do)
        if deed is None:
            raise Refusal(400, f"没有“{action.do}”这个操作")

        def act(edit: Edit, _: Finals) -> None:
            for sitting in chosen:
                _require_open(sitting.room)
                deed(edit, sitting, action, who)

        await self._committer.change(act)

    async def on_rooms(self, rooms: list[LiveRoom], action: Action, who: str) -> None:
        """One deed for a room, or for all of them."""
        deed = ON_ROOM.get(action.do)
        if deed is None:
            raise Refusal(400, f"没有“{action.do}”这个操作")

        def act(edit: Edit, _: Finals) -> None:
            for room in rooms:
                _require_open(room)
                deed(edit, room, action, who)

        await self._committer.change(act)

    async def load_file(self, pack: LivePack, rooms: list[LiveRoom], body: bytes, who: str) -> LiveSitting:
        """A candidate's answer file, carried over: its answers wait for the decision like any that came late."""
        try:
            file = msgspec.json.decode(body, type=AnswerFile)
        except (msgspec.DecodeError, UnicodeDecodeError) as unreadable:
            raise Refusal(400, "这不是答案文件") from unreadable
        sitting = pack.sittings.get(file.sitting)
        if file.pack != pack.pack.id or sitting is None or sitting.room not in rooms:
            raise Refusal(404, "这份答案文件不属于本考场本场次")
        key = file_key(self._secret, file.pack, file.sitting)
        try:
            plain = AESGCM(key).decrypt(file.nonce, file.sealed, f"{file.pack}\x1f{file.sitting}".encode())
            answers = msgspec.json.decode(plain, type=list[Answer])
        except (InvalidTag, ValueError, msgspec.DecodeError) as broken:
            raise Refusal(400, "答案文件已损坏或被改动，不能装入") from broken
        await self._sittings.come_late(sitting, answers, "file")
        return sitting


def _admit(edit: Edit, sitting: LiveSitting, action: Action, who: str) -> None:
    edit.sitting(sitting, admitted_at=sitting.facts.admitted_at or sitting.pack.now())
    edit.said(sitting, "admit", f"{sitting.sitting.name} 身份核验通过{_because(action)}", who)


def _extend(edit: Edit, sitting: LiveSitting, action: Action, who: str) -> None:
    before = sitting.minutes()
    edit.sitting(sitting, extra_minutes=sitting.facts.extra_minutes + _minutes(action))
    text = f"{sitting.sitting.name} 由 {before} 分钟延长至 {sitting.minutes()} 分钟：{_text(action)}"
    edit.said(sitting, "extend", text, who)


def _move(edit: Edit, sitting: LiveSitting, action: Action, who: str) -> None:
    edit.sitting(sitting, may_move=True)
    edit.said(sitting, "move", f"允许 {sitting.sitting.name} 换机：{_text(action)}", who)


def _note(edit: Edit, sitting: LiveSitting, action: Action, who: str) -> None:
    edit.said(sitting, "note", f"{sitting.sitting.name}：{_text(action)}", who)


ON_SITTING: dict[str, Callable[[Edit, LiveSitting, Action, str], None]] = {
    "admit": _admit, "extend": _extend, "move": _move, "note": _note,
}  # fmt: skip


def _extend_room(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    edit.room(room, extra_minutes=room.facts.extra_minutes + _minutes(action))
    edit.noted(room, "extend", f"全场延长 {action.minutes} 分钟：{_text(action)}", who)


def _pause(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    if room.facts.paused_at:
        raise Refusal(409, f"{room.room.name} 已在暂停中")
    if room.pack.now() < room.pack.starts_ms:
        raise Refusal(409, "考试尚未开始，不必暂停；需推迟时请延长时间")
    edit.room(room, paused_at=room.pack.now())
    edit.noted(room, "pause", f"全场暂停：{_text(action)}", who)


def _resume(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    if not room.facts.paused_at:
        raise Refusal(409, f"{room.room.name} 不在暂停中")
    away = room.pack.now() - room.facts.paused_at
    edit.room(
        room, paused_ms=room.facts.paused_ms + away, paused_at=0, last_pause=(room.facts.paused_at, room.pack.now())
    )
    edit.noted(room, "resume", f"恢复考试，本次暂停 {_clock(away)}，已全部补时", who)


def _broadcast(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    edit.room(room, message=_text(action), message_number=room.facts.message_number + 1)
    edit.noted(room, "broadcast", f"通知考生：{_text(action)}", who)


def _note_room(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    edit.noted(room, "note", _text(action), who)


def _admit_all(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    waiting = [s for s in room.sittings if s.facts.arrived_at and not s.facts.admitted_at]
    if not waiting:
        raise Refusal(409, "没有已登录而未核验的考生")
    for sitting in waiting:
        edit.sitting(sitting, admitted_at=room.pack.now())
    names = "、".join(f"{s.sitting.seat} 号 {s.sitting.name}" for s in waiting)
    edit.noted(room, "admit", f"{len(waiting)} 人身份核验通过：{names}", who)


def _reschedule(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    """The room is not back in time: who has not handed in sits again another day (dossier: 45 minutes, a setting)."""
    paused, limit = room.facts.paused_at, room.pack.pack.reschedule_minutes
    if not paused or room.pack.now() - paused < limit * MINUTE:
        raise Refusal(409, f"暂停满 {limit} 分钟仍未恢复的考场，才能终止并另行安排")
    left = sum(bool(s.facts.arrived_at and not s.facts.handed_in_at) for s in room.sittings)
    edit.room(room, closed_at=room.pack.now(), closed_by=who, rescheduled=True)
    text = f"暂停超过 {limit} 分钟未能恢复，本场终止，{left} 名未交卷考生另行安排考试：{_text(action)}"
    edit.noted(room, "reschedule", text, who)


def _close(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    unfinished = [s for s in room.sittings if s.facts.started_at and not s.facts.handed_in_at]
    if unfinished:
        who_is = "、".join(f"{s.sitting.seat} 号 {s.sitting.name}" for s in unfinished[:6]) + (
            " 等" if len(unfinished) > 6 else ""
        )
        raise Refusal(
            409, f"{room.room.name} 还有 {len(unfinished)} 名考生没有交卷（{who_is}）：等其交卷或到时，或选中后强制交卷"
        )
    undecided = [s.sitting.name for s in room.sittings if s.undecided()]
    if undecided:
        raise Refusal(409, f"{'、'.join(undecided)} 迟到的答案还没有决定，不能结束考场")
    present = sum(bool(s.facts.started_at) for s in room.sittings)
    if room.pack.now() < room.pack.starts_ms:
        raise Refusal(409, "考试尚未开始，不能结束考场")
    edit.room(room, closed_at=room.pack.now(), closed_by=who)
    edit.noted(room, "close", f"考场记录已确认：应考 {len(room.sittings)}，实考 {present}", who)


ON_ROOM: dict[str, Callable[[Edit, LiveRoom, Action, str], None]] = {
    "extend": _extend_room, "pause": _pause, "resume": _resume, "broadcast": _broadcast, "note": _note_room,
    "admit": _admit_all, "reschedule": _reschedule, "close": _close,
}  # fmt: skip


def _require_open(room: LiveRoom) -> None:
    if room.facts.closed_at:
        raise Refusal(409, f"{room.room.name} 已结束")


def _minutes(action: Action) -> int:
    if not 1 <= action.minutes <= MOST_EXTRA_MINUTES:
        raise Refusal(400, f"延长时间应为 1 至 {MOST_EXTRA_MINUTES} 分钟")
    return action.minutes


def _text(action: Action) -> str:
    if not action.text.strip():
        raise Refusal(400, "请写明内容")
    return action.text.strip()[:500]


def _because(action: Action) -> str:
    return f"：{action.text.strip()[:500]}" if action.text.strip() else ""


def _clock(ms: int) -> str:
    return f"{ms // MINUTE} 分 {ms // 1000 % 60} 秒"


def decoded(body: bytes) -> Action:
    """The action in a request; Refusal when it is not one."""
    try:
        return msgspec.json.decode(body, type=Action)
    except (msgspec.DecodeError, UnicodeDecodeError) as unreadable:
        raise Refusal(400, "操作无法识别") from unreadable
