"""The hall as an ASGI application: the hot path first, everything else through Starlette."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from assay.front.counted import CountedBodies
from assay.front.hung_up import HangUpsDropped
from assay.hall import bodies
from assay.hall.answers import AnswerPath
from assay.hall.candidate import candidate_routes
from assay.hall.committer import Busy, Committer
from assay.hall.computers import Computers
from assay.hall.console import console_routes
from assay.hall.door_record import DoorRecord
from assay.hall.entrance import Entrance
from assay.hall.headers import SecurityHeaders
from assay.hall.late import LateAnswers
from assay.hall.locked_rooms import LockedRooms
from assay.hall.office import office_routes
from assay.hall.outages import AGAIN, keep_awake
from assay.hall.packs import Packs
from assay.hall.presence import recall_presence, write_presence
from assay.hall.refusal import Refusal
from assay.hall.rehearsal_clock import rehearsal_ms
from assay.hall.rooms import Rooms
from assay.hall.seat_map import SeatMap
from assay.hall.sittings import Sittings
from assay.hall.state import Hall
from assay.hall.store.opening import store_for
from assay.hall.store.sealed import Seal, SealedStore

STATIC = Path(__file__).parent / "static"
SWEEP_EVERY_S = 2.0
PRESENCE_EVERY_S = 5.0
SETTLE_EVERY_S = 3.0
DOOR_EVERY_S = 10.0
GARBAGE = (50_000, 20, 50)
"""Python looks for rings of dead objects when so many more were made than went. Requests leave next to none, and with Python's
700 a thousand answers that wait for one commit are looked through again and again."""
log = structlog.get_logger("hall")


class HallApp:
    """Dispatches by path; POST /api/answers goes straight to the hot path."""

    def __init__(self, database: str, secret: bytes, former: Sequence[bytes] = ()) -> None:
        hall = Hall()
        committer = Committer(hall, SealedStore(store_for(database), Seal(secret, former)))
        locked = LockedRooms(committer, secret)
        self._answers = AnswerPath(hall, committer, locked, secret)
        self._rest = SecurityHeaders(_starlette(hall, committer, self._answers, locked, secret))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == "/api/answers" and scope["method"] == "POST":
            await self._answers(scope, receive, send)
        else:
            await self._rest(scope, receive, send)


def create_app(database: str, secret: bytes, former: Sequence[bytes] = ()) -> HallApp:
    """The hall over `database` (an SQLite path or postgresql://…), trusting requests signed with `secret`; what its store holds may
    still be sealed with a `former` one."""
    return HallApp(database, secret, former)


def from_environment() -> HallApp:
    """For uvicorn: ASSAY_HALL_DATABASE, ASSAY_HALL_SECRET (both required), ASSAY_HALL_FORMER_SECRET."""
    former = os.environ.get("ASSAY_HALL_FORMER_SECRET", "")
    return create_app(
        os.environ["ASSAY_HALL_DATABASE"],
        os.environ["ASSAY_HALL_SECRET"].encode(),
        [former.encode()] if former else [],
    )


def _starlette(hall: Hall, committer: Committer, answers: AnswerPath, locked: LockedRooms, secret: bytes) -> Starlette:
    computers = Computers()
    entrance = Entrance(hall, committer, locked, computers, secret)
    sittings = Sittings(hall, committer)
    seats = SeatMap(committer.store, computers)
    late = LateAnswers(committer)
    rooms = Rooms(committer, sittings, late, secret)
    packs = Packs(hall, committer)
    door = DoorRecord(hall, committer)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await committer.start()
        hall.rehearsal_ms = await rehearsal_ms(committer.store, os.environ.get("ASSAY_REHEARSAL_CLOCK", ""))
        await recall_presence(hall, committer.store)
        await keep_awake(hall, committer, AGAIN)
        gc.collect()
        gc.freeze()  # a hundred thousand sittings stay: looking through them for garbage would stop every answer
        gc.set_threshold(*GARBAGE)
        beside = [
            asyncio.create_task(_again(sittings.sweep, SWEEP_EVERY_S)),
            asyncio.create_task(_again(lambda: write_presence(hall, committer.store), PRESENCE_EVERY_S)),
            asyncio.create_task(_again(lambda: keep_awake(hall, committer), PRESENCE_EVERY_S)),
            asyncio.create_task(_again(late.settle, SETTLE_EVERY_S)),
            asyncio.create_task(_again(door.settle, DOOR_EVERY_S)),
            asyncio.create_task(seats.run()),
        ]
        yield
        for task in beside:
            task.cancel()
        await committer.stop()

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/", _page("candidate.html")),
            Route("/room", _page("room.html")),
            Route("/health", _health),
            *candidate_routes(hall, committer.store, entrance, sittings, late, answers, locked, computers, secret),
            *console_routes(hall, committer, rooms, seats, secret),
            *office_routes(packs, rooms, seats, committer.store, secret),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(HangUpsDropped), Middleware(CountedBodies, most=bodies.most, refusal=bodies.refusal)],
        exception_handlers={Refusal: _refused, Busy: _busy, Exception: _trouble},
    )


async def _again(work: Callable[[], Awaitable[None]], every_s: float) -> None:
    """Do it for as long as the hall runs; trouble is logged and it is tried again."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await work()
        except Exception as trouble:
            log.warning("background work failed", work=getattr(work, "__name__", ""), error=str(trouble))


def _page(name: str) -> Any:
    async def page(request: Request) -> Response:
        return FileResponse(STATIC / name, media_type="text/html; charset=utf-8")

    return page


async def _health(request: Request) -> Response:
    return JSONResponse({"ok": True})


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return JSONResponse({"message": refusal.message}, status_code=refusal.status)


async def _busy(request: Request, busy: Exception) -> Response:
    return JSONResponse({"message": "服务器繁忙，请稍候"}, status_code=503, headers={"Retry-After": "1"})


async def _trouble(request: Request, trouble: Exception) -> Response:
    """The store could not write, or could not be read: nothing happened, and it may be tried again."""
    log.warning("request failed", path=request.url.path, error=f"{type(trouble).__name__}: {trouble}")
    return JSONResponse({"message": "暂时不能办理，稍后请再试"}, status_code=503, headers={"Retry-After": "1"})
