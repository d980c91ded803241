"""How much a request may bring: counted as it comes, whatever the request says of its length, or when it says nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class CountedBodies:
    """Refuses the rest of a body that grows beyond what its address takes; nothing more of it is kept. `most`: path → bytes;
    `refusal`: path → what is raised in whoever reads on."""

    def __init__(self, app: Any, *, most: Callable[[str], int], refusal: Callable[[str], Exception]) -> None:
        self._app, self._most, self._refusal = app, most, refusal

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        left = self._most(scope["path"])

        async def counted() -> Any:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise self._refusal(scope["path"])
            return message

        await self._app(scope, counted, send)
