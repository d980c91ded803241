"""Somebody on the network between office and hall: passes everything on and keeps a copy."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


class Recorder:
    """`sent` and `got`: every byte from and to whoever connects to `url`."""

    def __init__(self, target: str) -> None:
        self._target = (urlsplit(target).hostname, urlsplit(target).port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.sent, self.got = bytearray(), bytearray()
        self._porter = threading.Thread(target=self._run, daemon=True)
        self._porter.start()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.create_connection(self._target)
                for source, sink, kept in ((near, far, self.sent), (far, near, self.got)):
                    threading.Thread(target=_pass_on, args=(source, sink, kept), daemon=True).start()

    def close(self) -> None:
        """The porter is woken and gone before the number of the door's file is free: else it would stand at whatever door is opened
        next under that number, and lead its callers to the target."""
        self._door.shutdown(socket.SHUT_RDWR)
        self._porter.join()
        self._door.close()

    def take(self) -> tuple[bytes, bytes]:
        """What was sent and got since the last time."""
        taken = bytes(self.sent), bytes(self.got)
        self.sent.clear()
        self.got.clear()
        return taken


def _pass_on(source: socket.socket, sink: socket.socket, kept: bytearray) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            kept.extend(piece)
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def recorded(target: str) -> Iterator[Recorder]:
    recorder = Recorder(target)
    yield recorder
    recorder.close()


def say(url: str, request: bytes) -> bytes:
    """Send the very bytes and give the answer."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as line:
        line.sendall(request.replace(b"onnection: keep-alive", b"onnection: close"))
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    return answer
