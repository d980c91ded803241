"""Clients that say how much they bring, and do not bring it."""

from __future__ import annotations

import select
import socket
import time
from urllib.parse import urlsplit

from assay.front.patience import BODY_S


def begun(url: str, path: str, headers: dict[str, str], body: bytes = b'{"ticket": "1') -> socket.socket:
    """A request of which the beginning has come."""
    place = urlsplit(url)
    connection = socket.create_connection((place.hostname, place.port))
    told = "".join(f"{name}: {value}\r\n" for name, value in {"content-length": "500", **headers}.items())
    connection.sendall(f"POST {path} HTTP/1.1\r\nHost: here\r\n{told}\r\n".encode() + body)
    return connection


def hang_up_everywhere(url: str, paths: dict[str, dict[str, str]]) -> list[bytes]:
    """At each path (with its headers) one client goes and one waits until it is cut; what the latter are told."""
    for path, headers in paths.items():
        begun(url, path, headers).close()
    waiting = [begun(url, path, headers) for path, headers in paths.items()]
    ends, told = time.monotonic() + BODY_S + 10, []
    for connection in waiting:
        ready, _, _ = select.select([connection], [], [], max(ends - time.monotonic(), 0))
        assert ready, "still open"
        told.append(connection.recv(65536))
        connection.close()
    return told
