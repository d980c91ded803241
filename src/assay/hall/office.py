"""The office's side door: publish, open, look on, announce, collect, read the log. Every request is signed, and sealed both ways
(`channel.py`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assay.bridge.channel import DIGEST_HEADER, SEALED, SIGNATURE_HEADER, VERSION_HEADER, Exchange, NotSealed, digest_of
from assay.bridge.contract import VERSION
from assay.hall.committer import Busy
from assay.hall.packs import Packs
from assay.hall.refusal import Refusal
from assay.hall.rooms import Rooms
from assay.hall.seat_map import SeatMap
from assay.hall.store.contract import Store

Deed = Callable[[Request, bytes], Awaitable[Any]]
DONE = {"ok": True}
log = structlog.get_logger("hall")


def office_routes(packs: Packs, rooms: Rooms, seats: SeatMap, store: Store, secret: bytes) -> list[Route]:
    """Routes under /office."""

    async def publish(request: Request, body: bytes) -> Any:
        return {"digest": await packs.publish(body)}

    async def keys(request: Request, body: bytes) -> Any:
        await packs.open(request.path_params["pack"], body)
        return DONE

    async def withdraw(request: Request, body: bytes) -> Any:
        await packs.withdraw(request.path_params["pack"])
        return DONE

    async def passes_ended(request: Request, body: bytes) -> Any:
        await packs.end_passes(body)
        return DONE

    async def collect(request: Request, body: bytes) -> Any:
        return await packs.collect(request.path_params["pack"])

    async def standing(request: Request, body: bytes) -> Any:
        return await seats.standing(await packs.live(request.path_params["pack"]))

    async def announce(request: Request, body: bytes) -> Any:
        await rooms.announce(await packs.live(request.path_params["pack"]), body)
        return DONE

    async def log_page(request: Request, body: bytes) -> Any:
        return await packs.log_page(request.path_params["pack"], request.path_params["after"])

    def route(path: str, deed: Deed, method: str) -> Route:
        async def answer(request: Request) -> Response:
            try:
                exchange = await _admitted(request, store, secret)
            except Refusal as refusal:  # in the clear: with a stranger, or another version, there is no secret to share
                return _in_the_clear(refusal.status, refusal.message)
            except Exception as trouble:  # the store could not be asked
                return _in_the_clear(*_troubled(request, trouble))
            status, said = await _done(exchange, deed, request, secret)
            sealed = await asyncio.to_thread(exchange.seal_answer, secret, status, msgspec.json.encode(said))
            return Response(sealed, status, {VERSION_HEADER: str(VERSION)}, SEALED)

        return Route(path, answer, methods=[method])

    return [
        route("/office/packs", publish, "POST"),
        route("/office/packs/{pack}/keys", keys, "POST"),
        route("/office/packs/{pack}/withdraw", withdraw, "POST"),
        route("/office/passes/ended", passes_ended, "POST"),
        route("/office/packs/{pack}", collect, "GET"),
        route("/office/packs/{pack}/rooms", standing, "GET"),
        route("/office/packs/{pack}/announcement", announce, "POST"),
        route("/office/packs/{pack}/log/{after:int}", log_page, "GET"),
    ]


async def _admitted(request: Request, store: Store, secret: bytes) -> Exchange:
    """The office's request, by its headers alone, asked for the first time."""
    headers = request.headers
    signature, theirs = headers.get(SIGNATURE_HEADER, ""), headers.get(VERSION_HEADER, "")
    if signature and theirs != str(VERSION):
        said = f"第 {theirs[:8]} 版" if theirs else "较旧"
        raise Refusal(409, f"教务端与考试端的版本不一致（教务端{said}，考试端第 {VERSION} 版），请把两边更新到同一版本")
    exchange = Exchange.of_headers(request.method, _target(request), headers)
    if not exchange.is_signed(secret, headers.get(DIGEST_HEADER, ""), signature):
        raise Refusal(403, "签名不对，或两台服务器的时钟相差超过 5 分钟")
    if not await store.first_time(exchange.nonce, int(exchange.stamp)):
        raise Refusal(403, "这个请求已经办理过，同一请求不再受理")
    return exchange


def _target(request: Request) -> str:
    query = request.scope["query_string"].decode("latin-1")
    return request.scope["path"] + (f"?{query}" if query else "")


async def _done(exchange: Exchange, deed: Deed, request: Request, secret: bytes) -> tuple[int, Any]:
    """The status and what is to be said."""
    try:
        sealed = await request.body()
        body = await asyncio.to_thread(_opened, exchange, secret, sealed, request.headers[DIGEST_HEADER])
        return 200, await deed(request, body)
    except Refusal as refusal:
        return refusal.status, {"message": refusal.message}
    except Exception as trouble:  # the store could not write, or could not be read
        status, message = _troubled(request, trouble)
        return status, {"message": message}


def _troubled(request: Request, trouble: Exception) -> tuple[int, str]:
    """Nothing happened, and it may be tried again."""
    if isinstance(trouble, Busy):
        return 503, "服务器繁忙，请稍候"
    log.warning("request failed", path=request.url.path, error=f"{type(trouble).__name__}: {trouble}")
    return 503, "暂时不能办理，稍后请再试"


def _in_the_clear(status: int, message: str) -> Response:
    return JSONResponse({"message": message}, status, {VERSION_HEADER: str(VERSION)})


def _opened(exchange: Exchange, secret: bytes, sealed: bytes, digest: str) -> bytes:
    if digest_of(sealed) != digest:
        raise Refusal(403, "收到的内容与签名不符，请重试")
    try:
        return exchange.open_question(secret, sealed)
    except NotSealed as foreign:
        raise Refusal(403, "收到的内容不是用约定的密钥封装的") from foreign
