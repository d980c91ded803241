"""The console's addresses: the picture of the rooms, live, and what may be done in them."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from assay.hall.committer import Committer
from assay.hall.pictures import picture_response
from assay.hall.refusal import Refusal
from assay.hall.rooms import ALL_ROOMS, Rooms, decoded
from assay.hall.seat_map import SeatMap
from assay.hall.state import Hall, LivePack, LiveRoom, LiveSitting
from assay.hall.tokens import read_room_token
from assay.hall.wording import named

LARGEST_FILE = 1024 * 1024


def console_routes(hall: Hall, committer: Committer, rooms: Rooms, seats: SeatMap, secret: bytes) -> list[Route]:
    """Routes under /room."""
    store = committer.store

    async def allowed(request: Request) -> tuple[LivePack, list[LiveRoom], str]:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        read = read_room_token(secret, token)
        if read and read[0] not in hall.packs:
            await committer.refresh()
        pack = hall.packs.get(read[0]) if read else None
        if read is None or pack is None:
            raise Refusal(401, "链接已失效，请从教务端重新打开考场控制台")
        if read[1] == ALL_ROOMS:
            return pack, list(pack.rooms.values()), read[2]
        return pack, [pack.rooms[read[1]]] if read[1] in pack.rooms else [], read[2]

    async def state(request: Request) -> Response:
        pack, own, who = await allowed(request)
        picture = {**await seats.picture(pack, own), "who": who, "at": pack.now()}
        return Response(msgspec.json.encode(picture), media_type="application/json")

    async def events(request: Request) -> Response:
        pack, own, who = await allowed(request)
        return StreamingResponse(seats.events(pack, own, who), media_type="text/event-stream")

    async def act(request: Request) -> Response:
        pack, own, who = await allowed(request)
        action = decoded(await request.body())
        if action.sittings:
            await rooms.on_sittings(_sittings(pack, own, action.sittings), action, who)
        else:
            chosen = [r for r in own if action.room in (r.room.id, ALL_ROOMS)]
            if not chosen:
                raise Refusal(404, "没有这个考场")
            await rooms.on_rooms(chosen, action, who)
        return JSONResponse({"ok": True})

    async def record(request: Request) -> Response:
        """What has been noted in a room, newest first."""
        pack, own, _ = await allowed(request)
        room = next((r for r in own if r.room.id == request.path_params["room"]), None)
        if room is None:
            raise Refusal(404, "没有这个考场")
        rows = await store.read("room_events", pack.pack.id, room.room.id)
        return JSONResponse(
            [{"sitting": s, "at": at, "kind": kind, "text": text, "by": by} for s, at, kind, text, by in rows]
        )

    async def file(request: Request) -> Response:
        pack, own, _ = await allowed(request)
        if int(request.headers.get("content-length", "0")) > LARGEST_FILE:
            raise Refusal(413, "文件过大，不是答案文件")
        sitting, arrival = await rooms.load_file(pack, own, await request.body())
        return JSONResponse(
            {"name": named(sitting), "sitting": sitting.sitting.id, **msgspec.to_builtins(arrival)},
        )

    async def photo(request: Request) -> Response:
        pack, own, _ = await allowed(request)
        (sitting,) = _sittings(pack, own, [request.path_params["sitting"]])
        return await picture_response(store, pack, sitting.sitting.photo)

    return [
        Route("/room/state", state),
        Route("/room/events", events),
        Route("/room/act", act, methods=["POST"]),
        Route("/room/file", file, methods=["POST"]),
        Route("/room/{room}/record", record),
        Route("/room/photos/{sitting}", photo),
    ]


def _sittings(pack: LivePack, own: list[LiveRoom], names: list[str]) -> list[LiveSitting]:
    found = [pack.sittings.get(name) for name in names]
    chosen = [s for s in found if s is not None and s.room in own]
    if len(chosen) != len(names):
        raise Refusal(404, "本考场没有这名考生")
    return chosen
