"""The office's side door: publish, open, collect, read the log. Every request is signed with the shared secret."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assay.hall.packs import Packs
from assay.hall.refusal import Refusal
from assay.hall.tokens import DIGEST_HEADER, SIGNATURE_HEADER, TIME_HEADER, check_request, digest_of


def office_routes(packs: Packs, secret: bytes) -> list[Route]:
    """Routes under /office."""

    async def signed_body(request: Request) -> bytes:
        """Of a stranger's request nothing is read."""
        stamp, digest, signature = (
            request.headers.get(name, "") for name in (TIME_HEADER, DIGEST_HEADER, SIGNATURE_HEADER)
        )
        if not check_request(secret, request.method, request.url.path, stamp, digest, signature):
            raise Refusal(403, "签名不对，或两台服务器的时钟相差超过 5 分钟")
        body = await request.body()
        if digest_of(body) != digest:
            raise Refusal(403, "收到的内容与签名不符，请重试")
        return body

    async def publish(request: Request) -> Response:
        return JSONResponse({"digest": await packs.publish(await signed_body(request))})

    async def keys(request: Request) -> Response:
        await packs.open(request.path_params["pack"], await signed_body(request))
        return JSONResponse({"ok": True})

    async def withdraw(request: Request) -> Response:
        await signed_body(request)
        await packs.withdraw(request.path_params["pack"])
        return JSONResponse({"ok": True})

    async def passes_ended(request: Request) -> Response:
        await packs.end_passes(await signed_body(request))
        return JSONResponse({"ok": True})

    async def collect(request: Request) -> Response:
        await signed_body(request)
        found = await packs.collect(request.path_params["pack"])
        return Response(msgspec.json.encode(found), media_type="application/json")

    async def log(request: Request) -> Response:
        await signed_body(request)
        page = await packs.log_page(request.path_params["pack"], request.path_params["after"])
        return Response(msgspec.json.encode(page), media_type="application/json")

    return [
        Route("/office/packs", publish, methods=["POST"]),
        Route("/office/packs/{pack}/keys", keys, methods=["POST"]),
        Route("/office/packs/{pack}/withdraw", withdraw, methods=["POST"]),
        Route("/office/passes/ended", passes_ended, methods=["POST"]),
        Route("/office/packs/{pack}", collect),
        Route("/office/packs/{pack}/log/{after:int}", log),
    ]
