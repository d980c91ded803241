"""The HTTP API, version 1 (docs/provincial-api.md)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assay.standin import heads
from assay.standin.failures import Problem
from assay.standin.intake import receive
from assay.standin.kinds import KINDS, Kind
from assay.standin.masking import masked
from assay.standin.mood import Mood
from assay.standin.store import Store

LONGEST_KEY = 200
SHOWN = (
    "number", "name", "id_type", "occupation", "job", "level", "issued_on", "state", "change", "changed_on", "reason",
)  # fmt: skip
"""What anybody may look up of a certificate; the last four are null while nothing became of it, but for its state."""
Handler = Callable[[Request], Awaitable[Response]]


class Api:
    """The endpoints over one store."""

    def __init__(self, store: Store, token: str, mood: Mood, *, auto_approve: bool) -> None:
        self._store, self._token, self._mood, self._auto_approve = store, token, mood, auto_approve

    def routes(self) -> list[Route]:
        """Routes below /api/v1. Health and the mood switch are never rude themselves."""
        decided = [
            Route(f"/{kind.name}/{{id}}", self._moody(self._state_of(kind)), methods=["GET"])
            for kind in KINDS.values()
            if kind.decided
        ]
        return [
            Route("/health", self._health, methods=["GET"]),
            Route("/_mood", self._set_mood, methods=["POST"]),
            Route("/ledger-heads", self._moody(self._heads), methods=["GET"]),
            Route("/certificates/{number}", self._moody(self._look_up), methods=["GET"]),
            *(Route(f"/{k.name}", self._moody(self._receiving(k)), methods=["POST"]) for k in KINDS.values()),
            *decided,
        ]

    def _moody(self, handler: Handler) -> Handler:
        """The handler, subject to the mood. Refusals are held back as long as other answers."""

        async def endpoint(request: Request) -> Response:
            try:
                self._mood.require_good()
                response = await handler(request)
            except Problem as problem:
                response = problem.response()
            await self._mood.dawdle()
            return response

        return endpoint

    def _require_token(self, request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not compare_digest(given.strip().encode(), self._token.encode()):
            raise Problem(401, "unauthorized", "密码不正确，请检查省平台接入密码（Authorization: Bearer …）")

    async def _health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok", "name": "省平台演示站"})

    async def _set_mood(self, request: Request) -> Response:
        self._require_token(request)
        return JSONResponse(self._mood.set(await _json(request)))

    def _receiving(self, kind: Kind) -> Handler:
        async def endpoint(request: Request) -> Response:
            self._require_token(request)
            key = request.headers.get("idempotency-key", "").strip()
            if not 0 < len(key) <= LONGEST_KEY:
                raise Problem(400, "key_missing", f"请在 Idempotency-Key 中给出 1 至 {LONGEST_KEY} 个字符的键")
            body = await _json(request)
            if not isinstance(body, dict):
                raise Problem(422, "invalid", "报送内容应为对象")
            answer, repeated = await run_in_threadpool(
                receive, self._store, kind, body, key, auto_approve=self._auto_approve
            )
            headers = await run_in_threadpool(heads.take, self._store, request.headers.get(heads.HEADER, ""))
            headers |= {"Idempotent-Replayed": "true"} if repeated else {}
            return Response(answer, 201, headers, media_type="application/json")

        return endpoint

    def _state_of(self, kind: Kind) -> Handler:
        async def endpoint(request: Request) -> Response:
            self._require_token(request)
            return await run_in_threadpool(self._state, kind, request.path_params["id"])

        return endpoint

    def _state(self, kind: Kind, id: str) -> Response:
        with self._store.reading() as book:
            found = book.submission(id)
        if found is None or found.kind != kind.name:
            raise Problem(404, "not_found", f"没有受理号为“{id}”的{kind.title}")
        return JSONResponse(
            {
                "state": found.state,
                "reason": found.reason or None,
                "decided_at": found.decided_at.isoformat() if found.decided_at else None,
                "decided_by": found.decided_by,
            }
        )

    async def _heads(self, request: Request) -> Response:
        self._require_token(request)
        with self._store.reading() as book:
            return JSONResponse({"heads": book.heads(heads.SHOWN)})

    async def _look_up(self, request: Request) -> Response:
        """Open to anybody who knows number and name, as the national query site is; the ID number is masked."""
        name = request.query_params.get("name", "").strip()
        if not name:
            raise Problem(400, "name_missing", "请同时提供持证人姓名（name）")
        return await run_in_threadpool(self._certificate, request.path_params["number"], name)

    def _certificate(self, number: str, name: str) -> Response:
        with self._store.reading() as book:
            first, last = book.certificate(number), book.last_change(number)
        row = {"state": "valid", **(first or {}), **(last or {})}
        if first is None or row["name"] != name:
            raise Problem(404, "not_found", "没有查到编号与姓名相符的证书")
        shown = {key: row.get(key) for key in SHOWN}
        return JSONResponse({**shown, "id_number": masked(row["id_number"])})


async def _json(request: Request) -> Any:
    """The body as JSON. Raises Problem: 413 when too large (`bodies`), 400 when it is not JSON in UTF-8."""
    body = await request.body()
    try:
        text = body.decode()
        value = json.loads(text, parse_constant=_no_such_number)
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair could be neither stored nor sent on
    except (ValueError, RecursionError) as bad:
        raise Problem(400, "not_json", "请求内容不是 UTF-8 编码的 JSON") from bad
    return value


def _no_such_number(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
