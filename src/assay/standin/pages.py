"""What an officer of the province sees: what was received, and the buttons to approve or return it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assay.standin import certificates, changes, filings, heads, results
from assay.standin.checking import Field
from assay.standin.failures import Problem
from assay.standin.kinds import KINDS
from assay.standin.rendering import page
from assay.standin.sessions import Session, Sessions
from assay.standin.store import Store
from assay.standin.wording import SIGNER, STATES

PER_PAGE = 30
ROWS_SHOWN = 500
Handler = Callable[[Request, Session], Awaitable[Response]]


@dataclass(frozen=True)
class Table:
    """A list within a message, as shown: at most ROWS_SHOWN of `total` rows."""

    title: str
    fields: Sequence[Field]
    rows: Sequence[dict[str, Any]]
    total: int


class Pages:
    """The pages over one store."""

    def __init__(self, store: Store, token: str, sessions: Sessions) -> None:
        self._store, self._token, self._sessions = store, token, sessions

    def routes(self) -> list[Route]:
        """Only the sign-in is open to anybody."""
        return [
            Route("/sign-in", self._sign_in, methods=["GET", "POST"]),
            Route("/sign-out", self._guarded(self._sign_out), methods=["POST"]),
            Route("/", self._guarded(self._list), methods=["GET"]),
            Route("/ledger-heads", self._guarded(self._heads), methods=["GET"]),
            Route("/received/{id}", self._guarded(self._detail), methods=["GET"]),
            Route("/received/{id}/decision", self._guarded(self._decide), methods=["POST"]),
        ]

    def _guarded(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """Signed in, and for a form: sent by a page of ours."""

        async def endpoint(request: Request) -> Response:
            session = self._sessions.of(request)
            if session is None:
                return RedirectResponse("/sign-in", 303)
            if request.method == "POST" and not session.sent((await request.form()).get("csrf")):
                raise Problem(403, "csrf", "页面已失效，请返回后刷新再试")
            return await handler(request, session)

        return endpoint

    async def _sign_in(self, request: Request) -> Response:
        if request.method == "GET":
            return page(request, "sign_in.html", {"session": None, "wrong": False})
        given = str((await request.form()).get("token", "")).strip()
        if not compare_digest(given.encode(), self._token.encode()):
            return page(request, "sign_in.html", {"session": None, "wrong": True}, status=403)
        response = RedirectResponse("/", 303)
        self._sessions.begin(request, response)
        return response

    async def _sign_out(self, request: Request, session: Session) -> Response:
        response = RedirectResponse("/sign-in", 303)
        self._sessions.end(session, response)
        return response

    async def _heads(self, request: Request, session: Session) -> Response:
        with self._store.reading() as book:
            found = book.heads(heads.SHOWN)
        return page(request, "heads.html", {"session": session, "heads": found})

    async def _list(self, request: Request, session: Session) -> Response:
        kind = request.query_params.get("kind", "")
        state = request.query_params.get("state", "")
        asked = request.query_params.get("page", "1")
        number = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1
        kind, state = kind if kind in KINDS else "", state if state in STATES else ""
        context = await run_in_threadpool(self._listed, kind, state, number)
        return page(request, "list.html", {"session": session, **context})

    def _listed(self, kind: str, state: str, number: int) -> dict[str, Any]:
        with self._store.reading() as book:
            found = book.listed(kind, state, offset=(number - 1) * PER_PAGE, limit=PER_PAGE + 1)
            tallies = book.tallies()
        waiting = {name: tallies.get((name, "received"), 0) for name in KINDS}
        return {
            "kinds": KINDS,
            "states": STATES,
            "kind": kind,
            "state": state,
            "number": number,
            "more": len(found) > PER_PAGE,
            "found": found[:PER_PAGE],
            "waiting": waiting,
        }

    async def _detail(self, request: Request, session: Session) -> Response:
        context = await run_in_threadpool(self._detailed, request.path_params["id"])
        return page(request, "detail.html", {"session": session, "wrong": "", **context})

    def _detailed(self, id: str) -> dict[str, Any]:
        with self._store.reading() as book:
            submission = book.submission(id)
            if submission is None:
                raise Problem(404, "not_found", f"没有受理号为“{id}”的报送")
            body, reply = book.contents(id)
        heads, tables = _SHAPES[submission.kind]
        return {
            "submission": submission,
            "kind": KINDS[submission.kind],
            "head": [(field, body.get(field.key)) for field in heads],
            "tables": [
                Table(title, fields, body[key][:ROWS_SHOWN], len(body[key])) for key, (title, fields) in tables.items()
            ],
            "warnings": reply.get("warnings", []),
            "rejected": reply.get("rejected", []),
        }

    async def _decide(self, request: Request, session: Session) -> Response:
        id, form = request.path_params["id"], await request.form()
        state, reason = str(form.get("state", "")), str(form.get("reason", "")).strip()
        by = str(form.get("by", "")).strip() or SIGNER
        if state not in ("approved", "returned"):
            raise Problem(422, "invalid", "请选择批准或退回")
        if state == "returned" and not reason:
            context = await run_in_threadpool(self._detailed, id)
            wrong = "退回时须写明原因，申报机构据此修改后重新上报"
            return page(request, "detail.html", {"session": session, "wrong": wrong, **context}, status=422)
        await run_in_threadpool(self._decided, id, state, reason, by)
        return RedirectResponse(f"/received/{id}", 303)

    def _decided(self, id: str, state: str, reason: str, by: str) -> None:
        with self._store.writing() as book:
            submission = book.submission(id)
            if submission is None or not KINDS[submission.kind].decided:
                raise Problem(404, "not_found", f"没有受理号为“{id}”的待审批报送")
            if not book.decide(id, state, reason=reason, by=by):
                raise Problem(409, "decided", "这份报送已经有了审批结论，不能再改")


_SHAPES: dict[str, tuple[Sequence[Field], Mapping[str, tuple[str, Sequence[Field]]]]] = {
    "filings": (filings.HEAD, filings.TABLES),
    "results": (results.HEAD, {"rows": ("成绩", results.SHOWN)}),
    "certificates": (certificates.HEAD, {"rows": ("证书", certificates.ROW[:-1])}),
    "certificate-changes": (changes.HEAD, {"rows": ("证书变更", changes.ROW[:-1])}),
}
"""How each kind of message is laid out: the fields of its head, then its lists."""
