"""How much a request may bring: counted as it comes, whatever the request says of its length, or when it says nothing of it."""

from __future__ import annotations

from typing import Any

from assay.hall.refusal import Refusal

USUAL = 64 * 1024
ANSWERS = 1024 * 1024
PACK = 512 * 1024 * 1024
LARGEST = {"/api/late": ANSWERS, "/room/file": ANSWERS, "/office/packs": PACK}


class LimitedBodies:
    """Refuses the rest of a body that grows beyond what its address takes; nothing more of it is kept."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        left = LARGEST.get(scope["path"], USUAL)

        async def counted() -> Any:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise Refusal(413, "一次提交的内容过大")
            return message

        await self._app(scope, counted, send)
