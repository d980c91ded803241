"""What browsers are told with every answer: what may run, and that nothing of the hall is kept or framed."""

from __future__ import annotations

from typing import Any

CSP = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
ON_DATA = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))
"""What no browser ever draws as a page (JSON that is not to be taken for anything else) needs no more: each header costs the hot
path a hundredth of its speed."""
ON_EVERY_ANSWER = (
    (b"content-security-policy", CSP.encode()),
    (b"referrer-policy", b"no-referrer"),
    *ON_DATA,
)


class SecurityHeaders:
    """Around everything, so that answers to what went wrong have them too."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *ON_EVERY_ANSWER]
            await send(message)

        await self._app(scope, receive, with_headers)
