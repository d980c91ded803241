"""What may be done in a room: every deed of an invigilator changes memory and store together and stands in the record."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.hall.answers import Answer
from assay.hall.closing import close_room, give_up, unverified
from assay.hall.committer import Committer
from assay.hall.edit import Edit
from assay.hall.late import Arrival, LateAnswers
from assay.hall.locked_rooms import read_exam_keys
from assay.hall.refusal import Refusal
from assay.hall.sittings import Closing, Sittings, require_at_work
from assay.hall.state import MINUTE, LivePack, LiveRoom, LiveSitting
from assay.hall.store import Finals
from assay.hall.tokens import file_key
from assay.hall.wording import UNKNOWN_SINCE, named, names

MOST_EXTRA_MINUTES = 240
MOST_TEXT = 500
ALL_ROOMS = "*"


class Action(msgspec.Struct):
    """What an invigilator does: to some sittings, or to a room (`*`: to every room of the pack). `each`: sitting → its own
    minutes, where not all get the same; `places`: sitting → the network address of its computer as the invigilator saw it."""

    do: str
    sittings: list[str] = []
    room: str = ""
    minutes: int = 0
    text: str = ""
    number: int = 0
    accept: bool = False
    each: dict[str, int] = {}
    places: dict[str, str] = {}


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
            await self._sittings.force(chosen, Closing("forced", who, action.text.strip()[:MOST_TEXT]))
            return
        if action.do == "late":
            for sitting in chosen:
                await self._late.decide(sitting, action.number, action.accept, action.text.strip()[:MOST_TEXT], who)
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


def _say(edit: Edit, chosen: list[LiveSitting], kind: str, text: str, who: str) -> None:
    """One deed is one line: of the sitting when it was for one, else of each room."""
    if len(chosen) == 1:
        edit.said(chosen[0], kind, text, who)
        return
    for room in {id(s.room): s.room for s in chosen}.values():
        edit.noted(room, kind, text, who)


def _admit(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    for sitting in chosen:
        facts = sitting.facts
        if not facts.admitted_at or sitting.reported_mismatch():
            edit.sitting(sitting, admitted_at=sitting.pack.now())
    count = f"{len(chosen)} 人" if len(chosen) > 1 else ""
    _say(edit, chosen, "admit", f"{count}身份核验通过：{names(chosen)}{_because(action)}", who)


def _extend(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    reason, lines = _text(action), []
    for sitting in chosen:
        require_at_work(sitting)
        given = _minutes(action.each.get(sitting.sitting.id, action.minutes))
        before = sitting.minutes()
        extra = sitting.facts.extra_minutes + given
        edit.sitting(sitting, extra_minutes=extra, made_up_ms=_made_up(sitting, given))
        lines.append(f"{named(sitting)} 由 {before} 分钟延长至 {sitting.minutes()} 分钟")
    how = "各按离线时间补：" if action.each else ""
    _say(edit, chosen, "extend", f"{how}{'；'.join(lines)}：{reason}", who)


def _made_up(sitting: LiveSitting, given: int) -> int:
    """Who is given time after having been away is not proposed for that again; what somebody still away is given counts
    for the time that goes on."""
    away = sitting.facts.away_ms
    return away + given * MINUTE if sitting.status(sitting.pack.now()) == "offline" else away


def _move(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    reason = _text(action)
    for sitting in chosen:
        require_at_work(sitting)
        facts = sitting.facts
        edit.sitting(sitting, may_move=True)
        if facts.started_at and sitting.status(sitting.pack.now()) == "offline":
            left = sitting.last_seen or UNKNOWN_SINCE
            edit.sitting(sitting, old_computers={facts.epoch: left, **facts.old_computers})
    _say(edit, chosen, "move", f"允许换机：{names(chosen)}：{reason}", who)


def _note(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    _say(edit, chosen, "note", f"{names(chosen)}：{_text(action)}", who)


def _release(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    """What was mistyped, by whomever, does not hold up the candidate who signs in now."""
    tried = []
    for sitting in chosen:
        facts = sitting.facts
        where = "、".join(f"{address} {times} 次" for address, times in facts.wrong_tries.items())
        tried.append(f"{named(sitting)}（此前输错：{where or '无'}）")
        edit.sitting(sitting, wrong_tries={}, releases=facts.releases + 1)
    _say(edit, chosen, "release", f"放行登录：{'、'.join(tried)}{_because(action)}", who)


def _other_browser(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    """A computer whose locked browser fails must not cost the exam: that one, by the address that the invigilator was shown."""
    reason, allowed = _text(action), []
    for sitting in chosen:
        require_at_work(sitting)
        place = sitting.facts.other_browser_from
        if not place or action.places.get(sitting.sitting.id) != place:
            raise Refusal(409, f"{named(sitting)} 的计算机已不是刚才显示的那一台，没有办理；请看清来自哪里后再办")
        edit.sitting(sitting, other_browser_at=place)
        allowed.append(f"{named(sitting)}（{place}）")
    _say(edit, chosen, "other_browser", f"允许不用专用浏览器：{'、'.join(allowed)}：{reason}", who)


ON_SITTINGS: dict[str, Callable[[Edit, list[LiveSitting], Action, str], None]] = {
    "admit": _admit, "extend": _extend, "move": _move, "note": _note, "release": _release,
    "other_browser": _other_browser,
}  # fmt: skip


def _extend_room(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    given = _minutes(action.minutes)
    edit.room(room, extra_minutes=room.facts.extra_minutes + given)
    for sitting in room.sittings:
        if sitting.minutes_due() and not sitting.facts.handed_in_at:
            made_up = min(sitting.facts.away_ms, sitting.facts.made_up_ms + given * MINUTE)
            edit.sitting(sitting, made_up_ms=made_up)
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
    pause = (room.facts.paused_at, room.pack.now())
    away = pause[1] - pause[0]
    edit.room(room, paused_ms=room.facts.paused_ms + away, paused_at=0, pauses=(*room.facts.pauses, pause))
    edit.noted(room, "resume", f"恢复考试，本次暂停 {_clock(away)}，已全部补时", who)


def _broadcast(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    edit.room(room, message=_text(action), message_number=room.facts.message_number + 1)
    edit.noted(room, "broadcast", f"通知考生：{_text(action)}", who)


def _withdraw(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    if not room.facts.message:
        raise Refusal(409, "没有正在显示的通知")
    edit.noted(room, "withdraw", f"撤回通知：{room.facts.message}", who)
    edit.room(room, message="", message_number=room.facts.message_number + 1)


def _note_room(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    edit.noted(room, "note", _text(action), who)


def _admit_all(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    waiting = [sitting for sitting in unverified(room) if not sitting.reported_mismatch()]
    if not waiting:
        raise Refusal(409, "没有可以一起核验的考生：报告信息不符的，请逐人核对后选中办理")
    for sitting in waiting:
        edit.sitting(sitting, admitted_at=room.pack.now())
    edit.noted(room, "admit", f"{len(waiting)} 人身份核验通过：{names(waiting)}", who)


def _reschedule(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    give_up(edit, room, _text(action), who)


def _exam_keys(edit: Edit, room: LiveRoom, action: Action, who: str) -> None:
    """Which builds of the locked browser are let in; they are known only once the session's file is there."""
    _text(action)
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
    "extend": _extend_room, "pause": _pause, "resume": _resume, "broadcast": _broadcast, "withdraw": _withdraw,
    "note": _note_room, "admit": _admit_all, "reschedule": _reschedule, "close": _close,
    "exam_keys": _exam_keys,
}  # fmt: skip


def _require_open(room: LiveRoom) -> None:
    if room.facts.closed_at:
        raise Refusal(409, f"{room.room.name} 已结束")


def _minutes(given: int) -> int:
    if not 1 <= given <= MOST_EXTRA_MINUTES:
        raise Refusal(400, f"延长时间应为 1 至 {MOST_EXTRA_MINUTES} 分钟")
    return given


def _text(action: Action) -> str:
    if not action.text.strip():
        raise Refusal(400, "请写明内容")
    return action.text.strip()[:MOST_TEXT]


def _because(action: Action) -> str:
    return f"：{action.text.strip()[:MOST_TEXT]}" if action.text.strip() else ""


def _clock(ms: int) -> str:
    return f"{ms // MINUTE} 分 {ms // 1000 % 60} 秒"


def decoded(body: bytes) -> Action:
    """The action in a request; Refusal when it is not one."""
    try:
        return msgspec.json.decode(body, type=Action)
    except (msgspec.DecodeError, UnicodeDecodeError) as unreadable:
        raise Refusal(400, "操作无法识别") from unreadable
