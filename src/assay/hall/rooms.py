"""What may be done in a room: every deed of an invigilator changes memory and store together and stands in the record."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.bridge.contract import Announcement
from assay.bridge.tokens import file_key
from assay.hall.answers import Answer
from assay.hall.closing import close_room, give_up, unverified
from assay.hall.committer import Committer
from assay.hall.computers import sits_wrong
from assay.hall.deeds import Action, because, minutes_of, text_of, words
from assay.hall.edit import Edit
from assay.hall.late import Arrival, LateAnswers
from assay.hall.locked_rooms import read_exam_keys
from assay.hall.notices import holding, take_back, tell_room
from assay.hall.refusal import Refusal
from assay.hall.seat_deeds import ON_SITTINGS, no_more_made_up_than_given, require_left
from assay.hall.sittings import Closing, Sittings
from assay.hall.state import MINUTE, Ending, LivePack, LiveRoom, LiveSitting
from assay.hall.store.contract import Finals
from assay.hall.wording import lasting, moment_text, names

ALL_ROOMS = "*"


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

    def __init__(self, committer: Committer, sittings: Sittings, late: LateAnswers, secret: bytes) -> None:
        self._committer, self._sittings, self._late, self._secret = committer, sittings, late, secret

    async def on_sittings(self, chosen: list[LiveSitting], action: Action, who: str) -> None:
        """One deed for several candidates: all of it or nothing."""
        if action.do == "force":
            await self._sittings.force(chosen, Closing(Ending.FORCED, who, words(action), action.misconduct))
            return
        if action.do == "late":
            for sitting in chosen:
                await self._late.decide(sitting, action.number, action.accept, words(action), who)
            return
        deed = ON_SITTINGS.get(action.do)
        if deed is None:
            raise Refusal(400, f"没有“{action.do}”这个操作")

        def act(edit: Edit, _: Finals) -> None:
            for sitting in chosen:
                _require_open(sitting.room)
            deed(edit, chosen, action, who)

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

    async def announce(self, pack: LivePack, body: bytes) -> None:
        """The office's words for all rooms that go on, in one deed; those that are closed have nobody left to hear them."""
        try:
            said = msgspec.json.decode(body, type=Announcement)
        except (msgspec.DecodeError, UnicodeDecodeError) as unreadable:
            raise Refusal(400, "通知无法识别") from unreadable
        hearing = [room for room in pack.rooms.values() if not room.facts.closed_at]
        if not hearing:
            raise Refusal(409, "各考场都已结束")
        await self.on_rooms(hearing, Action("broadcast", room=ALL_ROOMS, text=said.text), said.who)

    async def load_file(self, pack: LivePack, rooms: list[LiveRoom], body: bytes) -> tuple[LiveSitting, Arrival]:
        """A candidate's answer file, carried over: what the hall has not got waits for the decision like any that came late."""
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
        return sitting, await self._late.come(sitting, answers, "file")


def _extend_room(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    given = minutes_of(action.minutes)
    edit.room(room, extra_minutes=room.facts.extra_minutes + given)
    for sitting in room.sittings:
        if sitting.minutes_due() and not sitting.facts.handed_in_at:
            made_up = min(sitting.facts.away_ms, sitting.facts.made_up_ms + given * MINUTE)
            edit.sitting(sitting, made_up_ms=made_up)
    edit.noted(room, "extend", f"全场延长 {given} 分钟：{text_of(action)}", who)


def _take_back_from_room(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    """An extension of the room that was too long is shortened, never so far that somebody's time would have ended before now."""
    taken, reason, before = minutes_of(action.minutes), text_of(action), room.facts.extra_minutes
    if before < taken:
        raise Refusal(409, f"{room.room.name} 全场延长的只有 {before} 分钟，不能收回更多")
    at_work = [sitting for sitting in room.sittings if not sitting.facts.handed_in_at]
    for sitting in at_work:
        require_left(sitting, taken)
    edit.room(room, extra_minutes=before - taken)
    for sitting in at_work:
        no_more_made_up_than_given(edit, sitting)
    edit.noted(room, "take_back", f"收回全场延长 {taken} 分钟，全场仍延长 {before - taken} 分钟：{reason}", who)


def _outage(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    """What comes of the hall's own time away: all of the room get it, or nobody does."""
    outage = room.outage()
    if outage is None:
        if action.room == ALL_ROOMS:
            return
        raise Refusal(409, f"{room.room.name} 没有待处理的考试端中断")
    if action.accept:
        edit.room(room, extra_minutes=room.facts.extra_minutes + outage.minutes)
    settled = msgspec.structs.replace(outage, settled=True)
    edit.room(room, outages=tuple(settled if one is outage else one for one in room.facts.outages))
    outcome = f"全场延长 {outage.minutes} 分钟" if action.accept else "不予补时"
    stretch = f"{moment_text(outage.began)} 至 {moment_text(outage.ended)}"
    edit.noted(room, "outage", f"考试端中断（{stretch}）：{outcome}{because(action)}", who)


def _pause(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    if room.facts.paused_at:
        raise Refusal(409, f"{room.room.name} 已在暂停中")
    if room.pack.now() < room.pack.starts_ms:
        raise Refusal(409, "考试尚未开始，不必暂停；需推迟时请延长时间")
    edit.room(room, paused_at=room.pack.now())
    edit.noted(room, "pause", f"全场暂停：{text_of(action)}", who)


def _resume(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    if not room.facts.paused_at:
        raise Refusal(409, f"{room.room.name} 不在暂停中")
    pause = (room.facts.paused_at, room.pack.now())
    away = pause[1] - pause[0]
    edit.room(room, paused_ms=room.facts.paused_ms + away, paused_at=0, pauses=(*room.facts.pauses, pause))
    edit.noted(room, "resume", f"恢复考试，本次暂停 {lasting(away)}，已全部补时", who)


def _broadcast(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    tell_room(edit, room, text_of(action))
    edit.noted(room, "broadcast", f"通知考生：{text_of(action)}", who)


def _withdraw(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    """The newest that holds; whoever says which one he means does not take back another when that one is gone."""
    notice = holding(room.facts)
    if notice is None:
        raise Refusal(409, "没有正在显示的通知")
    if action.number and action.number != notice.number:
        raise Refusal(409, f"{room.room.name} 的这条通知已经撤回，或之后又有新通知")
    edit.noted(room, "withdraw", f"撤回通知：{notice.text}", who)
    take_back(edit, room, notice)


def _note_room(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    edit.noted(room, "note", text_of(action), who)


def _admit_all(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    """Of whom it is in doubt who or where he is, is looked at by himself."""
    apart = [s for s in room.sittings if s.reported_mismatch() or (sits_wrong(s) and not s.facts.handed_in_at)]
    waiting = [s for s in unverified(room) if s not in apart]
    if not waiting:
        raise Refusal(409, "没有可以一起核验的考生：身份不符和坐错机位的，请逐人核对后选中办理")
    for sitting in waiting:
        edit.sitting(sitting, admitted_at=room.pack.now(), mismatch_by="")
    edit.noted(room, "admit", f"{len(waiting)} 人身份核验通过：{names(waiting)}", who)


def _reschedule(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    give_up(edit, room, text_of(action), who)


def _exam_keys(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    """Which builds of the locked browser are let in; they are known only once the session's file is there."""
    text_of(action)
    given = read_exam_keys(action.text)
    if not room.room.locked_browser:
        if action.room == ALL_ROOMS:
            return
        raise Refusal(409, f"{room.room.name} 不要求专用浏览器")
    edit.room(room, exam_keys=given)
    said = f"只允许登记的 {len(given)} 个版本：{'、'.join(key[:8] for key in given)}" if given else "不限定版本"
    edit.noted(room, "exam_keys", f"专用浏览器{said}", who)


def _close(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    close_room(edit, room, who)


ON_ROOM: dict[str, Callable[[Edit, LiveRoom, Action, str], None]] = {
    "extend": _extend_room, "take_back": _take_back_from_room, "pause": _pause, "resume": _resume,
    "broadcast": _broadcast, "withdraw": _withdraw,
    "note": _note_room, "admit": _admit_all, "reschedule": _reschedule, "close": _close,
    "exam_keys": _exam_keys, "outage": _outage,
}  # fmt: skip


def _require_open(room: LiveRoom) -> None:
    if room.facts.closed_at:
        raise Refusal(409, f"{room.room.name} 已结束")
