"""What passes between the office and the hall: packs out, collections in. Versioned, pure, no key ever in a pack's items.

Times are aware UTC. Choices are ORIGINAL option letters (`B`, `ABD`) or 对/错, whatever order a candidate saw them in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import random
import time
from datetime import datetime
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
SIGNATURE_HEADER = "x-assay-signature"
TIME_HEADER = "x-assay-time"
CLOCK_SLACK_S = 300

ItemType = Literal["single", "true_false", "multiple"]


class Item(msgspec.Struct, frozen=True):
    """An item as a candidate may see it: there is no field for a key."""

    id: str
    type: ItemType
    stem: str
    options: list[str]
    images: list[str] = []


class Section(msgspec.Struct, frozen=True):
    title: str
    type: ItemType
    count: int
    mark: str


class Paper(msgspec.Struct, frozen=True):
    """A paper, sealed: AES-256-GCM of its items as JSON; `digest` is the SHA-256 of the plain text."""

    id: str
    title: str
    minutes: int
    sections: list[Section]
    sealed: bytes
    nonce: bytes
    digest: str


class Room(msgspec.Struct, frozen=True):
    id: str
    name: str
    seats: int


class Sitting(msgspec.Struct, frozen=True):
    """One candidate at one seat. `id_digest`: see `id_digest`; `photo` is a blob's digest."""

    id: str
    ticket: str
    name: str
    id_masked: str
    id_digest: str
    room: str
    seat: int
    paper: str
    seed: int
    photo: str | None = None
    extra_minutes: int = 0


class Pack(msgspec.Struct, frozen=True):
    """All that the hall needs to run one session. `clock_offset_ms` may be set for rehearsals only."""

    id: str
    centre_name: str
    batch_name: str
    session_name: str
    starts_at: datetime
    rooms: list[Room]
    papers: list[Paper]
    paper_keys: dict[str, bytes]
    sittings: list[Sitting]
    id_salt: str
    blobs: dict[str, bytes] = {}
    late_minutes: int = 30
    earliest_leave_minutes: int = 30
    grace_seconds: int = 60
    rehearsal: bool = False
    clock_offset_ms: int = 0
    version: int = VERSION


class Event(msgspec.Struct, frozen=True):
    at: datetime
    kind: str
    text: str
    by: str
    sitting: str = ""


class CollectedSitting(msgspec.Struct, frozen=True):
    """A sitting after (or during) the exam; the final answers with their revisions."""

    sitting: str
    arrived_at: datetime | None
    started_at: datetime | None
    handed_in_at: datetime | None
    forced: bool
    answers: dict[str, str]
    revs: dict[str, int]
    receipt: str
    sheet_digest: str


class RoomRecord(msgspec.Struct, frozen=True):
    room: str
    expected: int
    present: int
    absent: int
    handed_in: int
    incidents: list[Event]
    closed_by: str
    closed_at: datetime | None


class Collection(msgspec.Struct, frozen=True):
    """What a pack came to. `log_digest` is the SHA-256 over the whole answer log in order."""

    pack_id: str
    closed: bool
    sittings: list[CollectedSitting]
    rooms: list[RoomRecord]
    log_entries: int
    log_digest: str


class LogEntry(msgspec.Struct, frozen=True, array_like=True):
    """One line of the append-only answer log; `at` is the server's time in milliseconds."""

    seq: int
    sitting: str
    item: str
    rev: int
    choice: str
    at: int


def seal_items(items: list[Item], key: bytes) -> tuple[bytes, bytes, str]:
    """(cipher text, nonce, digest of the plain text)."""
    plain = msgspec.json.encode(items)
    nonce = os.urandom(12)
    return AESGCM(key).encrypt(nonce, plain, None), nonce, hashlib.sha256(plain).hexdigest()


def open_items(paper: Paper, key: bytes) -> list[Item]:
    """The items; ValueError when the plain text is not what was sealed."""
    plain = AESGCM(key).decrypt(paper.nonce, paper.sealed, None)
    if hashlib.sha256(plain).hexdigest() != paper.digest:
        raise ValueError("paper digest")
    return msgspec.json.decode(plain, type=list[Item])


def id_digest(salt: str, number: str) -> str:
    """HMAC-SHA256 of an ID number (upper case, no blanks) under the pack's salt."""
    folded = "".join(number.split()).upper()
    return hmac.new(salt.encode(), folded.encode(), hashlib.sha256).hexdigest()


def item_order(seed: int, ids: list[str]) -> list[str]:
    """A candidate's own order of a section's items."""
    order = list(ids)
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, not a secret
    return order


def option_order(seed: int, item: str, count: int) -> list[int]:
    """A candidate's own order of an item's options, as original indexes."""
    order = list(range(count))
    random.Random(f"{seed}:{item}").shuffle(order)  # noqa: S311
    return order


def sheet_digest(sitting: str, answers: dict[str, str]) -> str:
    """SHA-256 of a final answer sheet; the office computes the same from what it collects."""
    said = msgspec.json.encode([sitting, sorted(answers.items())])
    return hashlib.sha256(said).hexdigest()


def receipt_of(digest: str) -> str:
    """The short code that a candidate takes home: 10 letters and digits of the sheet's digest."""
    code = base64.b32encode(bytes.fromhex(digest))[:10].decode()
    return f"{code[:5]}-{code[5:]}"


def pack_digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


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
