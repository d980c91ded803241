"""Who hangs up in the middle of a request, or was cut because it did not come on, is no trouble of the program: the request is dropped
where it stands. Anybody can hang up as often as he likes; not a line of a log follows from it.
"""

from __future__ import annotations

from typing import Any


class HungUp(BaseException):
    """Raised in whoever reads on in a body of which no more will come. Like a cancelled task, and for the same reason: what a page
    does with its own troubles has nothing to do with it."""


class HangUpsDropped:
    """To stand around everything that reads bodies and inside of what logs crashes."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        whole = False

        async def heard() -> Any:
            nonlocal whole
            message = await receive()
            if message["type"] == "http.disconnect" and not whole:
                raise HungUp
            whole = whole or not message.get("more_body", False)
            return message

        try:
            await self._app(scope, heard, send)
        except HungUp:
            return
