"""Signatures between office and hall, and the tokens of seats and rooms: HMAC-SHA256, checked without a look-up."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time

SIGNATURE_HEADER = "x-assay-signature"
TIME_HEADER = "x-assay-time"
CLOCK_SLACK_S = 300


def sign_request(secret: bytes, method: str, path: str, stamp: str, body: bytes) -> str:
    """Signature of an office request: HMAC-SHA256 over method, path, time and the body's digest."""
    said = f"{method}\n{path}\n{stamp}\n{hashlib.sha256(body).hexdigest()}"
    return hmac.new(secret, said.encode(), hashlib.sha256).hexdigest()


def check_request(secret: bytes, method: str, path: str, stamp: str, body: bytes, signature: str) -> bool:
    """True when the signature is right and not older than five minutes."""
    if not stamp.isdecimal() or abs(time.time() - int(stamp)) > CLOCK_SLACK_S:
        return False
    return hmac.compare_digest(sign_request(secret, method, path, stamp, body), signature)


def _token(secret: bytes, kind: str, *parts: str) -> str:
    said = base64.urlsafe_b64encode("\x1f".join(parts).encode()).rstrip(b"=").decode()
    signature = hmac.new(secret, f"{kind}.{said}".encode(), hashlib.sha256).digest()[:18]
    return f"{said}.{base64.urlsafe_b64encode(signature).decode()}"


def _read_token(secret: bytes, kind: str, token: str) -> list[str] | None:
    said, _, _ = token.partition(".")
    try:
        parts = base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)).decode().split("\x1f")
    except ValueError:
        return None
    return parts if hmac.compare_digest(_token(secret, kind, *parts), token) else None


def seat_token(secret: bytes, pack: str, sitting: str, epoch: int) -> str:
    """What a candidate's page holds; a newer epoch outdates it."""
    return _token(secret, "seat", pack, sitting, str(epoch))


def read_seat_token(secret: bytes, token: str) -> tuple[str, str, int] | None:
    """(pack, sitting, epoch), or None."""
    parts = _read_token(secret, "seat", token)
    return (parts[0], parts[1], int(parts[2])) if parts and len(parts) == 3 and parts[2].isdecimal() else None


def room_token(secret: bytes, pack: str, room: str, who: str, expires: int) -> str:
    """An invigilator's pass to one room (`*`: all rooms of the pack) until `expires` (Unix seconds)."""
    return _token(secret, "room", pack, room, who, str(expires))


def read_room_token(secret: bytes, token: str) -> tuple[str, str, str] | None:
    """(pack, room, who), or None when wrong or out of date."""
    parts = _read_token(secret, "room", token)
    if not parts or len(parts) != 4 or not parts[3].isdecimal() or int(parts[3]) < time.time():
        return None
    return parts[0], parts[1], parts[2]


def file_key(secret: bytes, pack: str, sitting: str) -> bytes:
    """The 32-byte key of a sitting's answer file: known to the hall and, once it has started, to the sitting's page."""
    return hmac.new(secret, f"file\x1f{pack}\x1f{sitting}".encode(), hashlib.sha256).digest()
