"""A bare HTTP/1.1 client for simulated candidates: one kept-alive connection, reopened when it breaks."""

from __future__ import annotations

import asyncio
import json
from typing import Any


class Broken(Exception):
    """The connection could not be made or broke in the middle."""


class Connection:
    """One candidate's connection to the hall."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self.token = ""

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """(status, decoded JSON). Raises Broken."""
        payload = b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: hall\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n"
        )
        try:
            if self._writer is None:
                self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
            self._writer.write(head.encode() + payload)
            return await self._answer()
        except (OSError, asyncio.IncompleteReadError, ValueError) as trouble:
            self.drop()
            raise Broken(str(trouble)) from trouble

    async def _answer(self) -> tuple[int, Any]:
        assert self._reader is not None
        head = await self._reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ", 2)[1])
        length = next((int(x.split(":", 1)[1]) for x in lines if x.lower().startswith("content-length:")), 0)
        content = await self._reader.readexactly(length)
        return status, json.loads(content) if content else None

    def drop(self) -> None:
        """Let go of the connection, as a pulled cable would."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None
