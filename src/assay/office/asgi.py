"""The office behind its front: requests come in whole, and no larger than their address takes, before a thread is given to them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpResponse
from django.template.loader import render_to_string

from assay.front.buffered import Answer, Buffered
from assay.kernel.bodies import MB, USUAL, taken_at
from assay.office.wsgi import application as pages

THREADS = 4
"""For each process. More would not make pages faster: Python draws up one at a time."""


def _allowed(environ: dict[str, Any]) -> int:
    """What a large request may bring: what its view takes, but only from whoever is signed in."""
    request = WSGIRequest({**environ, "wsgi.input": BytesIO()})
    allowed = taken_at(request.path_info)
    if allowed <= USUAL:
        return USUAL
    close_old_connections()
    try:
        SessionMiddleware(lambda request: HttpResponse()).process_request(request)
        return allowed if get_user(request).is_authenticated else USUAL
    finally:
        close_old_connections()


def _too_large(allowed: int) -> Answer:
    page = render_to_string("413.html", {"allowed": f"{allowed / MB:.0f}", "usual": allowed == USUAL})
    return Answer("413 Content Too Large", page.encode())


application = Buffered(
    pages,
    threads=THREADS,
    usual=USUAL,
    allow=_allowed,
    too_large=_too_large,
    busy=Answer("503 Service Unavailable", render_to_string("503.html").encode(), (("Retry-After", "5"),)),
)
