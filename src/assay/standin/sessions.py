"""Who is signed in on the pages: sessions in memory, each with a CSRF token of its own."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from hmac import compare_digest

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "standin_session"
LASTS_S = 8 * 3600


@dataclass(frozen=True)
class Session:
    """A signed-in browser; `csrf` must come back with every form it posts."""

    id: str
    csrf: str
    ends: float

    def sent(self, csrf: object) -> bool:
        """True when `csrf` is this session's own."""
        return isinstance(csrf, str) and compare_digest(csrf.encode(), self.csrf.encode())


class Sessions:
    """Open sessions. A restart signs everybody out, which a demonstration can bear."""

    def __init__(self) -> None:
        self._open: dict[str, Session] = {}

    def of(self, request: Request) -> Session | None:
        """The request's session, if it has one that has not ended."""
        session = self._open.get(request.cookies.get(COOKIE, ""))
        return session if session is not None and session.ends > time.monotonic() else None

    def begin(self, request: Request, response: Response) -> None:
        """Open a session and hand its cookie to the browser; forget those that have ended."""
        now = time.monotonic()
        self._open = {key: s for key, s in self._open.items() if s.ends > now}
        session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), now + LASTS_S)
        self._open[session.id] = session
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, session.id, max_age=LASTS_S, httponly=True, samesite="strict", secure=secure)

    def end(self, session: Session, response: Response) -> None:
        """Close the session; its cookie opens nothing any more."""
        self._open.pop(session.id, None)
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")
