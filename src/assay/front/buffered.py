"""A WSGI application behind an event loop: a thread is taken only for a request that has come in whole, and given back before the
answer goes out. However slowly anybody sends or reads, no thread waits for it.

Bodies are counted as they come, whatever the request says of their length or when it says nothing; what is larger than a few
pages of text lies in a temporary file meanwhile.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import FileWrapper

IN_MEMORY = 64 * 1024
ANSWER_IN_MEMORY = 512 * 1024
PIECE = 64 * 1024
MOST_WAITING = 200
"""Requests that wait for a thread. Who comes later hears at once that it may be tried again."""
MOST_ON_THE_WAY = 1024 * 1024 * 1024
"""Bytes of bodies that one process keeps at a time, on disk for the most part."""

PLAIN_PAGE = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    ),
)
"""What is told of a page that the application did not draw up."""

Environ = dict[str, Any]
Head = tuple[str, list[tuple[str, str]]]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Answer:
    """An answer that needs no page to be drawn up."""

    status: str
    html: bytes
    headers: tuple[tuple[str, str], ...] = ()


class NotTaken(Exception):
    """The request is not let through; `answer` says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass
class Body:
    """What has come of a body: where it lies, and how large it is."""

    file: IO[bytes]
    size: int = 0


class Buffered:
    """`usual` bytes any request may bring; for more `allow` is asked. `too_large` and `busy` are shown to whoever brings too
    much or comes when there is no room."""

    def __init__(
        self,
        application: Application,
        *,
        threads: int,
        usual: int,
        allow: Callable[[Environ], int],
        too_large: Callable[[int], Answer],
        busy: Answer,
    ) -> None:
        self._application, self._usual, self._allow = application, usual, allow
        self._too_large, self._busy = too_large, busy
        self._threads = ThreadPoolExecutor(threads, "page")
        self._waiting = 0
        self._on_the_way = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        with SpooledTemporaryFile(IN_MEMORY) as file, SpooledTemporaryFile(ANSWER_IN_MEMORY) as answer:
            body = Body(file)
            try:
                environ = environ_of(scope)
                if not await self._take_in(environ, receive, body):
                    return  # gone
                file.seek(0)
                environ["wsgi.input"], environ["CONTENT_LENGTH"] = file, str(body.size)
                head = await self._in_thread(self._answer, environ, answer)
            except NotTaken as refused:
                await _say(refused.answer, send)
                return
            finally:
                self._on_the_way -= body.size
            await _send(head, answer, send)

    async def _take_in(self, environ: Environ, receive: Any, body: Body) -> bool:
        """Write the whole body to its file; False when the client hung up before the end."""
        ceiling, declared = self._usual, environ.get("CONTENT_LENGTH", "")
        if declared.isdigit() and int(declared) > ceiling:
            ceiling = await self._ceiling(environ, int(declared))
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return False
            piece = message.get("body", b"")
            if self._on_the_way + len(piece) > MOST_ON_THE_WAY:
                raise NotTaken(self._busy)
            body.size += len(piece)
            self._on_the_way += len(piece)
            if body.size > ceiling:
                ceiling = await self._ceiling(environ, body.size)
            body.file.write(piece)
            if not message.get("more_body"):
                return True

    async def _ceiling(self, environ: Environ, size: int) -> int:
        """What this request may bring, when `size` is no more than that; else NotTaken."""
        allowed: int = await self._in_thread(self._allow, environ)
        if size > allowed:
            raise NotTaken(self._too_large(allowed))
        return allowed

    async def _in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        if self._waiting >= MOST_WAITING:
            raise NotTaken(self._busy)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self._waiting -= 1

    def _answer(self, environ: Environ, answer: IO[bytes]) -> Head:
        """Let the application answer into a file."""
        heads: list[Head] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], Any]:
            heads.append((status, headers))
            return answer.write

        pieces = self._application(environ, start)
        try:
            for piece in pieces:
                answer.write(piece)
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()
        return heads[-1]


def environ_of(scope: Any) -> Environ:
    """The request as WSGI names it. Headers with an underscore are left out: as variables they could not be told from those with
    a hyphen that a proxy wrote."""
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": scope["server"][0] if scope["server"] else "localhost",
        "SERVER_PORT": str(scope["server"][1] if scope["server"] else 0),
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": lambda file, _: FileWrapper(file, PIECE),
    }
    for name, value in scope["headers"]:
        if b"_" in name or name == b"transfer-encoding":
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        said = value.decode("latin-1")
        environ[key] = f"{environ[key]}{';' if key == 'HTTP_COOKIE' else ','}{said}" if key in environ else said
    return environ


async def _say(answer: Answer, send: Any) -> None:
    with SpooledTemporaryFile(ANSWER_IN_MEMORY) as page:
        page.write(answer.html)
        await _send((answer.status, [*PLAIN_PAGE, *answer.headers]), page, send)


async def _send(head: Head, answer: IO[bytes], send: Any) -> None:
    status, headers = head
    size = answer.tell()
    answer.seek(0)
    if not any(name.lower() == "content-length" for name, _ in headers) and size:
        headers = [*headers, ("Content-Length", str(size))]
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": int(status[:3]), "headers": encoded})
    while piece := answer.read(PIECE):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
