"""The invigilator's side: the live seat map and what may be done in the room."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assay.hall.contract import read_room_token
from assay.hall.service import HallService, Refusal
from assay.hall.state import LivePack, LiveRoom, LiveSitting

MOST_EXTRA_MINUTES = 240
STATES = {
    "expected": "未到", "identified": "已登录", "waiting": "候考", "answering": "答题中", "idle": "长时间未答",
    "offline": "离线", "handed_in": "已交卷",
}  # fmt: skip


class Action(msgspec.Struct):
    """What an invigilator does: to one sitting, to a room, or (officers) to every room."""

    do: str
    sitting: str = ""
    room: str = ""
    minutes: int = 0
    text: str = ""


def room_routes(service: HallService) -> list[Route]:
    """Routes under /room."""

    def allowed(request: Request) -> tuple[LivePack, list[LiveRoom], str]:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        read = read_room_token(service.secret, token)
        pack = service.hall.packs.get(read[0]) if read else None
        if read is None or pack is None:
            raise Refusal(401, "链接已失效，请从教务端重新打开考场控制台")
        rooms = list(pack.rooms.values()) if read[1] == "*" else [pack.rooms[read[1]]] if read[1] in pack.rooms else []
        return pack, rooms, read[2]

    async def state(request: Request) -> Response:
        pack, rooms, who = allowed(request)
        return JSONResponse(
            {
                "who": who,
                "now": pack.now(),
                "starts": pack.starts_ms,
                "session": pack.pack.session_name,
                "batch": pack.pack.batch_name,
                "rehearsal": pack.pack.rehearsal,
                "states": STATES,
                "rooms": [_room_shown(room) for room in rooms],
            }
        )

    async def act(request: Request) -> Response:
        pack, rooms, who = allowed(request)
        try:
            action = msgspec.json.decode(await request.body(), type=Action)
        except msgspec.DecodeError as unreadable:
            raise Refusal(400, "操作无法识别") from unreadable
        chosen = [r for r in rooms if not action.room or r.room.id == action.room]
        if action.sitting:
            sitting = pack.sittings.get(action.sitting)
            if sitting is None or sitting.room not in rooms:
                raise Refusal(404, "本考场没有这名考生")
            await _on_sitting(service, sitting, action, who)
        else:
            for room in chosen:
                await _on_room(service, room, action, who)
        return JSONResponse({"ok": True})

    return [Route("/room/state", state), Route("/room/act", act, methods=["POST"])]


async def _on_sitting(service: HallService, sitting: LiveSitting, action: Action, who: str) -> None:
    facts, name = sitting.facts, sitting.sitting.name
    _require_open(sitting.room)
    if action.do == "admit":
        facts.admitted_at = sitting.pack.now()
        await service.write_sitting(sitting, "admit", f"{name} 身份核验通过", who)
    elif action.do == "extend":
        facts.extra_minutes += _minutes(action)
        await service.write_sitting(sitting, "extend", f"{name} 延长 {action.minutes} 分钟：{action.text}", who)
    elif action.do == "move":
        facts.may_move = True
        await service.write_sitting(sitting, "move", f"允许 {name} 换机：{action.text}", who)
    elif action.do == "force":
        await service.hand_in(sitting, forced=True, by=who)
    elif action.do == "note":
        await service.write_sitting(sitting, "note", f"{name}：{_text(action)}", who)
    else:
        raise Refusal(400, f"没有“{action.do}”这个操作")


async def _on_room(service: HallService, room: LiveRoom, action: Action, who: str) -> None:
    facts = room.facts
    now = service.hall.packs[room.pack_id].now()
    _require_open(room)
    if action.do == "extend":
        facts.extra_minutes += _minutes(action)
        await service.write_room(room, "extend", f"全场延长 {action.minutes} 分钟：{action.text}", who)
    elif action.do == "pause" and not facts.paused_at:
        facts.paused_at = now
        await service.write_room(room, "pause", f"全场暂停：{_text(action)}", who)
    elif action.do == "resume" and facts.paused_at:
        facts.paused_ms += now - facts.paused_at
        facts.paused_at = 0
        await service.write_room(room, "resume", f"恢复考试，补时 {facts.paused_ms // 1000} 秒", who)
    elif action.do == "broadcast":
        facts.message, facts.message_number = _text(action), facts.message_number + 1
        await service.write_room(room, "broadcast", facts.message, who)
    elif action.do == "note":
        await service.write_room(room, "note", _text(action), who)
    elif action.do == "close":
        unfinished = [s for s in room.sittings if s.facts.started_at and not s.facts.handed_in_at]
        if unfinished:
            raise Refusal(409, f"还有 {len(unfinished)} 名考生没有交卷，不能结束考场")
        facts.closed_at, facts.closed_by = now, who
        await service.write_room(room, "close", "考场记录已确认", who)
    else:
        raise Refusal(409, "现在不能这样操作")


def _require_open(room: LiveRoom) -> None:
    if room.facts.closed_at:
        raise Refusal(409, "本考场已结束")


def _minutes(action: Action) -> int:
    if not 1 <= action.minutes <= MOST_EXTRA_MINUTES:
        raise Refusal(400, f"延长时间应为 1 至 {MOST_EXTRA_MINUTES} 分钟")
    return action.minutes


def _text(action: Action) -> str:
    if not action.text.strip():
        raise Refusal(400, "请写明内容")
    return action.text.strip()[:500]


def _room_shown(room: LiveRoom) -> dict[str, Any]:
    sittings = sorted(room.sittings, key=lambda s: s.sitting.seat)
    return {
        "id": room.room.id, "name": room.room.name, "paused": bool(room.facts.paused_at),
        "closed": bool(room.facts.closed_at), "closed_by": room.facts.closed_by,
        "sittings": [_sitting_shown(s) for s in sittings],
    }  # fmt: skip


def _sitting_shown(sitting: LiveSitting) -> dict[str, Any]:
    one, facts = sitting.sitting, sitting.facts
    left = max(sitting.deadline() - sitting.pack.now(), 0)
    return {
        "id": one.id, "seat": one.seat, "name": one.name, "ticket": one.ticket, "state": sitting.status(),
        "answered": len(sitting.finals()), "items": len(sitting.paper.items), "left": left,
        "extra": facts.extra_minutes + one.extra_minutes, "admitted": bool(facts.admitted_at), "receipt": facts.receipt,
        "may_move": facts.may_move,
    }  # fmt: skip
