"""The console's addresses: the picture of the rooms, live, and what may be done in them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from assay.bridge.tokens import RoomPass, read_room_token
from assay.hall.closing_page import closing_page
from assay.hall.committer import Committer
from assay.hall.deeds import decoded
from assay.hall.locked_rooms import came
from assay.hall.looking_on import note_refused
from assay.hall.pictures import picture_response
from assay.hall.record import Line, told_together
from assay.hall.refusal import Refusal
from assay.hall.rooms import ALL_ROOMS, Rooms
from assay.hall.safe_exam_browser import SessionKeys, session_keys, settings_for
from assay.hall.seat_map import SeatMap
from assay.hall.seb_file import seb_file
from assay.hall.state import Hall, LivePack, LiveRoom, LiveSitting
from assay.hall.wording import named

LOOKING = ("GET", "HEAD")
OVER = "链接已失效，请从教务端重新打开考场控制台"
LOOK_ON = "只看不办：您打开的控制台只供查看，办理由本考场监考员或考务人员进行"


@dataclass(frozen=True)
class Visit:
    """Who looks at which rooms of a pack, and with what pass."""

    pack: LivePack
    rooms: list[LiveRoom]
    given: RoomPass

    @property
    def who(self) -> str:
        return self.given.who

    def sittings(self, names: list[str]) -> list[LiveSitting]:
        """Sittings of these rooms by name."""
        found = [self.pack.sittings.get(name) for name in names]
        chosen = [s for s in found if s is not None and s.room in self.rooms]
        if len(chosen) != len(names):
            raise Refusal(404, "本考场没有这名考生")
        return chosen


def still_good(hall: Hall, visit: Visit) -> bool:
    """Whether the pass is: its holder has kept the right to it, and it is not too old, however much longer the rooms go on."""
    given = visit.given
    ended = max(hall.ended_passes.get((given.account, room), 0) for room in ("", given.room))
    if given.made_at <= ended:
        return False
    past_s = time.time() - given.expires
    return past_s <= 0 or any(past_s * 1000 <= room.longer_ms(visit.pack.now()) for room in visit.rooms)


def console_routes(hall: Hall, committer: Committer, rooms: Rooms, seats: SeatMap, secret: bytes) -> list[Route]:
    """Routes under /room."""
    store = committer.store

    async def enter(request: Request) -> Visit:
        """Every request comes through here: nothing but looking on is done with a pass that does not allow deeds."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        given = read_room_token(secret, token)
        if given and given.pack not in hall.packs:
            await committer.refresh()
        pack = hall.packs.get(given.pack) if given else None
        if given is None or pack is None:
            raise Refusal(401, OVER)
        own = [room for room in pack.rooms.values() if given.room in (room.room.id, ALL_ROOMS)]
        visit = Visit(pack, own, given)
        if not still_good(hall, visit):
            raise Refusal(401, OVER)
        if request.method not in LOOKING and not given.may_act:
            await note_refused(committer, own, request.url.path, await request.body(), given.account, given.who)
            raise Refusal(403, LOOK_ON)
        return visit

    def route(path: str, answer: Callable[[Request, Visit], Awaitable[Response]], method: str = "GET") -> Route:
        async def endpoint(request: Request) -> Response:
            return await answer(request, await enter(request))

        return Route(path, endpoint, methods=[method])

    async def state(request: Request, visit: Visit) -> Response:
        picture = {**await seats.picture(visit.pack, visit.rooms), **_seen_by(visit)}
        return Response(msgspec.json.encode(picture), media_type="application/json")

    async def events(request: Request, visit: Visit) -> Response:
        request.state.endless = True
        lines = seats.events(visit.pack, visit.rooms, lambda: _seen_by(visit), lambda: still_good(hall, visit))
        return StreamingResponse(lines, media_type="text/event-stream")

    async def act(request: Request, visit: Visit) -> Response:
        action = decoded(await request.body())
        if action.sittings:
            await rooms.on_sittings(visit.sittings(action.sittings), action, visit.who)
        else:
            chosen = [room for room in visit.rooms if action.room in (room.room.id, ALL_ROOMS)]
            if not chosen:
                raise Refusal(404, "没有这个考场")
            await rooms.on_rooms(chosen, action, visit.who)
        return JSONResponse({"ok": True})

    async def record(request: Request, visit: Visit) -> Response:
        """What has been noted in a room, newest first."""
        room = _room_of(visit, request)
        rows = await store.read("room_events", visit.pack.pack.id, room.room.id)
        lines = told_together([Line(*row) for row in reversed(rows)], visit.pack.sittings)
        return JSONResponse([line._asdict() for line in reversed(lines)])

    async def closing(request: Request, visit: Visit) -> Response:
        """The end of a room on one page; before it is closed, as it stands."""
        page = await closing_page(store, _room_of(visit, request))
        return Response(msgspec.json.encode(page), media_type="application/json")

    async def file(request: Request, visit: Visit) -> Response:
        sitting, arrival = await rooms.load_file(visit.pack, visit.rooms, await request.body())
        return JSONResponse(
            {"name": named(sitting), "sitting": sitting.sitting.id, **msgspec.to_builtins(arrival)},
        )

    def keys_of(visit: Visit) -> SessionKeys:
        """What the locked browser's settings have of their own in this session."""
        if not any(room.room.locked_browser for room in visit.rooms):
            raise Refusal(404, "本场次的考场不要求专用浏览器")
        return session_keys(secret, visit.pack.pack.id)

    async def browser(request: Request, visit: Visit) -> Response:
        """The passwords of the locked browser, for who may act here, and where the session's file leads to."""
        keys = keys_of(visit)
        if not visit.given.may_act:
            raise Refusal(403, "专用浏览器的密码只给本考场监考员和考务人员看")
        named_keys = {room.room.name: room.facts.exam_keys for room in visit.rooms if room.room.locked_browser}
        shown = {
            "address": came(request.scope).base, "file_password": keys.file_password, "quit_password": keys.quit_password,
            "exam_keys": named_keys,
        }  # fmt: skip
        return JSONResponse(shown)

    async def browser_file(request: Request, visit: Visit) -> Response:
        """The session's settings file. It opens with its password only, so that whoever prepares the computers may have it."""
        keys = keys_of(visit)
        settings = settings_for(came(request.scope).base, keys)
        content = await asyncio.to_thread(seb_file, settings, keys.file_password)
        name = f"assay-{visit.pack.pack.id}.seb"
        return Response(
            content, media_type="application/seb", headers={"content-disposition": f'attachment; filename="{name}"'}
        )

    async def photo(request: Request, visit: Visit) -> Response:
        (sitting,) = visit.sittings([request.path_params["sitting"]])
        return await picture_response(store, visit.pack, sitting.sitting.photo)

    return [
        route("/room/state", state),
        route("/room/events", events),
        route("/room/act", act, "POST"),
        route("/room/file", file, "POST"),
        route("/room/browser", browser),
        route("/room/browser/file", browser_file),
        route("/room/{room}/record", record),
        route("/room/{room}/closing", closing),
        route("/room/photos/{sitting}", photo),
    ]


def _room_of(visit: Visit, request: Request) -> LiveRoom:
    room = next((room for room in visit.rooms if room.room.id == request.path_params["room"]), None)
    if room is None:
        raise Refusal(404, "没有这个考场")
    return room


def _seen_by(visit: Visit) -> dict[str, object]:
    """What a picture says of who looks at it, and when that is."""
    return {"who": visit.who, "may_act": visit.given.may_act, "at": visit.pack.now()}
