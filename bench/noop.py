"""The yardstick: an ASGI application that does nothing, under uvicorn as it comes."""

from __future__ import annotations

import sys
from typing import Any

import uvicorn

BODY = b'{"ok":true}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


if __name__ == "__main__":
    uvicorn.run(
        app, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", lifespan="off",
        access_log=False, log_level="warning", timeout_keep_alive=75, server_header=False, date_header=False,
    )  # fmt: skip
