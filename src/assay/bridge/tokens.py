"""The tokens of seats and rooms: HMAC-SHA256, checked without a look-up."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import NamedTuple

DEEDS, READING = "deeds", "reading"
"""What a pass to the console allows: everything that may be done in its rooms, or to look on."""


def same(right: str, given: str) -> bool:
    """Compared without telling by time how much of it was right; whatever stood in a header may be given."""
    return given.isascii() and hmac.compare_digest(right, given)


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
    return parts if same(_token(secret, kind, *parts), token) else None


class SeatPass(NamedTuple):
    """What a candidate's page holds; a newer epoch outdates it. `door`: what it is bound to where the room asks for a locked
    browser (see `locked_rooms.py`)."""

    pack: str
    sitting: str
    epoch: int
    door: str = ""


def seat_token(secret: bytes, pack: str, sitting: str, epoch: int, door: str = "") -> str:
    """The pass as it travels."""
    return _token(secret, "seat", pack, sitting, str(epoch), *filter(None, (door,)))


def read_seat_token(secret: bytes, token: str) -> SeatPass | None:
    """The pass, or None when it is none of ours."""
    parts = _read_token(secret, "seat", token)
    if not parts or len(parts) not in (3, 4) or not parts[2].isdecimal():
        return None
    return SeatPass(parts[0], parts[1], int(parts[2]), *parts[3:])


def door_token(secret: bytes, chance: str, address: str) -> str:
    """A word for one computer, by its network address."""
    return _token(secret, "door", chance, address)


def read_door_token(secret: bytes, token: str) -> str | None:
    """The network address that it was made for, or None when it is none of ours."""
    parts = _read_token(secret, "door", token)
    return parts[1] if parts and len(parts) == 2 else None


class RoomPass(NamedTuple):
    """What opens the console: one room of a pack (`*`: all of them), for whom (name and account of the office), whether deeds
    may be done with it, when it was made and until when it is good (Unix seconds)."""

    pack: str
    room: str
    who: str
    account: str
    kind: str
    made_at: int
    expires: int

    @property
    def may_act(self) -> bool:
        return self.kind == DEEDS


def room_token(secret: bytes, given: RoomPass) -> str:
    """The pass as it travels."""
    return _token(secret, "room", *map(str, given))


def read_room_token(secret: bytes, token: str) -> RoomPass | None:
    """The pass, or None when it is none of ours. Whether it is still good is for the hall to say: a session that got more time
    outlasts what the office knew."""
    parts = _read_token(secret, "room", token)
    if not parts or len(parts) != len(RoomPass._fields):
        return None
    pack, room, who, account, kind, made_at, expires = parts
    return RoomPass(pack, room, who, account, kind, int(made_at), int(expires))


def file_key(secret: bytes, pack: str, sitting: str) -> bytes:
    """The 32-byte key of a sitting's answer file: known to the hall and, once it has started, to the sitting's page."""
    return hmac.new(secret, f"file\x1f{pack}\x1f{sitting}".encode(), hashlib.sha256).digest()
