"""The hall as an ASGI application: the hot path first, everything else through Starlette."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from assay.hall.answers import AnswerPath
from assay.hall.candidate import candidate_routes
from assay.hall.office import office_routes
from assay.hall.rooms import room_routes
from assay.hall.service import HallService, Refusal
from assay.hall.store import Busy, store_for

STATIC = Path(__file__).parent / "static"
SWEEP_EVERY_S = 2.0
CSP = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; "
    "frame-ancestors 'none'; form-action 'self'"
)
log = structlog.get_logger("hall")


class SecurityHeaders:
    """Headers on every page; nothing of the hall is kept by proxies."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"content-security-policy", CSP.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                    (b"cache-control", b"no-store"),
                ]
            await send(message)

        await self._app(scope, receive, with_headers)


class HallApp:
    """Dispatches by path; POST /api/answers goes straight to the hot path."""

    def __init__(self, service: HallService) -> None:
        self._answers = AnswerPath(service.hall, service.store, service.secret)
        self._rest = _starlette(service, self._answers)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == "/api/answers" and scope["method"] == "POST":
            await self._answers(scope, receive, send)
        else:
            await self._rest(scope, receive, send)


def create_app(database: str, secret: bytes) -> HallApp:
    """The hall over `database` (an SQLite path or postgresql://…), trusting requests signed with `secret`."""
    return HallApp(HallService(store_for(database), secret))


def from_environment() -> HallApp:
    """For uvicorn: ASSAY_HALL_DATABASE, ASSAY_HALL_SECRET (both required)."""
    return create_app(os.environ["ASSAY_HALL_DATABASE"], os.environ["ASSAY_HALL_SECRET"].encode())


def _starlette(service: HallService, answers: AnswerPath) -> Starlette:
    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await service.store.open()
        await service.load()
        sweeper = asyncio.create_task(_sweep(service))
        yield
        sweeper.cancel()
        await service.store.close()

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/", _page("candidate.html")),
            Route("/room", _page("room.html")),
            Route("/health", _health),
            *candidate_routes(service, answers),
            *room_routes(service),
            *office_routes(service),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={Refusal: _refused, Busy: _busy},
    )


async def _sweep(service: HallService) -> None:
    """Hand in at the end of time, for as long as the hall runs; trouble is logged and tried again."""
    while True:
        await asyncio.sleep(SWEEP_EVERY_S)
        try:
            await service.sweep()
        except Exception as trouble:
            log.warning("sweep failed", error=str(trouble))


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
