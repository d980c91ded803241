"""What passes between the office and the hall: packs out, collections in. Versioned, pure, no key ever in a pack's items.

Times are aware UTC. Choices are ORIGINAL option letters (`B`, `ABD`) or 对/错, whatever order a candidate saw them in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from itertools import permutations
from typing import Any, Literal

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay import typed

VERSION = 3
"""Of all that passes between the two, the way it is sealed too (`channel.py`): who does not speak the same says so."""

ItemType = Literal["single", "true_false", "multiple", "fill", "ordering", "matching", "short"]
SectionType = Literal[ItemType, "case"]
"""A section of cases holds items of every type, each with the `group` of its case."""
Side = Literal["top", "bottom", "left", "right"]


class Item(msgspec.Struct, frozen=True):
    """An item as a candidate may see it: there is no field for a key. `stem` and `options` are plain texts; where they hold
    formulas, pictures, tables or styles, `rich`, `rich_options` and `rich_premises` say how they look (see the page's rich.js).
    `blanks`: how many a fill-in has; `premises`: the left side of a matching item; `group`: the case that it is a part of, and
    `lead` what the case says (as `rich`)."""

    id: str
    type: ItemType
    stem: str
    options: list[str]
    images: list[str] = []
    rich: list[Any] = []
    rich_options: list[list[Any]] = []
    premises: list[str] = []
    rich_premises: list[list[Any]] = []
    blanks: int = 0
    group: str = ""
    lead: list[Any] = []


def pictures_of(item: Item) -> set[str]:
    """The digests of every picture that a candidate sees with the item."""
    texts = [item.rich, item.lead, *item.rich_options, *item.rich_premises]
    lines = [line for text in texts for block in text for line in _lines_of(block)]
    return {*item.images, *(run["i"] for line in lines for run in line if isinstance(run, dict) and "i" in run)}


def _lines_of(block: dict[str, Any]) -> list[list[Any]]:
    """A paragraph's line, or the cells of a table."""
    return [block["p"]] if "p" in block else [cell for row in block["t"] for cell in row]


class Section(msgspec.Struct, frozen=True):
    title: str
    type: SectionType
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


class Plan(msgspec.Struct, frozen=True):
    """How a room is laid out, seen from above: seats stand row by row from the front, `columns` in each row. `front` is where the
    desk is, `door` where one comes in ("": not said), `aisles` after which columns one walks."""

    columns: int
    rows: int
    front: Side = "top"
    door: Side | Literal[""] = ""
    aisles: tuple[int, ...] = ()


class Room(msgspec.Struct, frozen=True):
    """`locked_browser`: candidates must come with Safe Exam Browser and the session's settings. `addresses`: seat → the network
    address of its computer, where that is known."""

    id: str
    name: str
    seats: int
    locked_browser: bool = False
    plan: Plan | None = None
    addresses: dict[int, str] = {}


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
    """All that the hall needs to run one session, but the papers' keys: those follow in `Keys` when two people have
    opened the papers (`paper_keys` is for rehearsals). `clock_offset_ms` may be set for rehearsals only."""

    id: str
    centre_name: str
    batch_name: str
    session_name: str
    starts_at: datetime
    rooms: list[Room]
    papers: list[Paper]
    sittings: list[Sitting]
    id_salt: str
    paper_keys: dict[str, bytes] = {}
    blobs: dict[str, bytes] = {}
    late_minutes: int = 30
    earliest_leave_minutes: int = 30
    grace_seconds: int = 60
    reschedule_minutes: int = 45
    rehearsal: bool = False
    clock_offset_ms: int = 0
    version: int = VERSION


class Keys(msgspec.Struct, frozen=True):
    """The keys of a pack's papers, and who opened them."""

    paper_keys: dict[str, bytes]
    opened_by: list[str]


class EndedPass(msgspec.Struct, frozen=True):
    """Passes to consoles that are good no more: those made for an account at or before `at` (Unix seconds), to one room or,
    where none is named, to any."""

    account: str
    at: int
    room: str = ""


class Event(msgspec.Struct, frozen=True):
    at: datetime
    kind: str
    text: str
    by: str
    sitting: str = ""


class Reason(StrEnum):
    """Why somebody who came did not answer."""

    MISMATCH = "mismatch"
    LATE = "late"
    LET_IN = "let_in"
    FORCED = "forced"
    RESCHEDULED = "rescheduled"
    LEFT = "left"


REASONS: Mapping[str, str] = {
    Reason.MISMATCH: "信息不符", Reason.LATE: "迟到，未准入场", Reason.LET_IN: "迟到，准许入场后没有登录",
    Reason.FORCED: "开始作答前被强制交卷", Reason.RESCHEDULED: "本场终止，另行安排", Reason.LEFT: "登录后未开始作答",
}  # fmt: skip
REASON_CHOICES = [(reason.value, REASONS[reason]) for reason in Reason]


class CollectedSitting(msgspec.Struct, frozen=True):
    """A sitting after (or during) the exam; the final answers with their revisions. `rescheduled`: who sat
    there had come, and the room was given up before the hand-in. `came_without`: why somebody who came did not answer (see
    `Reason`); "" for who sat and who was absent. `former_receipts`: those that the sheet had before its last one."""

    sitting: str
    arrived_at: datetime | None
    started_at: datetime | None
    handed_in_at: datetime | None
    forced: bool
    answers: dict[str, str]
    revs: dict[str, int]
    receipt: str
    sheet_digest: str
    rescheduled: bool = False
    came_without: str = ""
    former_receipts: list[str] = []


class RoomRecord(msgspec.Struct, frozen=True):
    """What became of a room. `present`: who sat; `absent`: everybody else, of whom `came` came and did not answer."""

    room: str
    expected: int
    present: int
    absent: int
    handed_in: int
    incidents: list[Event]
    closed_by: str
    closed_at: datetime | None
    rescheduled: bool = False
    """The room was given up after an incident: who had not handed in sits again another time."""
    came: int = 0


class Collection(msgspec.Struct, frozen=True):
    """What a pack came to. `log_digest` is the SHA-256 over the whole answer log in order."""

    pack_id: str
    closed: bool
    sittings: list[CollectedSitting]
    rooms: list[RoomRecord]
    log_entries: int
    log_digest: str


class Need(StrEnum):
    """What in a room may need a hand, the most pressing first."""

    OUTAGE = "outage"
    LATE = "late"
    MISMATCH = "mismatch"
    AT_THE_DOOR = "at_the_door"
    WRONG = "wrong"
    OTHER_BROWSER = "other_browser"
    SWAPPED = "swapped"
    OFFLINE = "offline"
    MISSING = "missing"
    OLD_COMPUTER = "old_computer"
    DUE = "due"
    UNVERIFIED = "unverified"
    IDLE = "idle"


NEEDS: Mapping[str, str] = {
    Need.OUTAGE: "考试端中断过，时间未处理", Need.LATE: "迟到的答案待决定", Need.MISMATCH: "信息不符",
    Need.AT_THE_DOOR: "迟到，等候入场", Need.WRONG: "登录多次输错", Need.OTHER_BROWSER: "未用专用浏览器",
    Need.SWAPPED: "坐在别人的机位", Need.OFFLINE: "离线", Need.MISSING: "收卷时离线", Need.OLD_COMPUTER: "原计算机可能还有答案",
    Need.DUE: "离线时间未补", Need.UNVERIFIED: "身份未核验", Need.IDLE: "长时间未答",
}  # fmt: skip


class RoomStanding(msgspec.Struct, frozen=True):
    """How a room stands at this moment: how many candidates are expected, have come, answer, have handed in, the computers of
    how many have reported themselves ready, and of how many what needs a hand (kind → candidates; see `Need`). Nothing of it is a
    fact to be kept: that is the collection."""

    room: str
    expected: int
    ready: int
    came: int
    answering: int
    handed_in: int
    offline: int
    paused: bool
    closed: bool
    needs: dict[str, int]


class Announcement(msgspec.Struct, frozen=True):
    """Words for everybody in the rooms of a pack that are not closed, and who says them."""

    text: str
    who: str


class LogEntry(msgspec.Struct, frozen=True, array_like=True):
    """One line of the append-only answer log. Milliseconds: `at` by the hall's clock, `said_at` as the page had it (its
    own count of the hall's clock; 0 when it did not say)."""

    seq: int
    sitting: str
    item: str
    rev: int
    choice: str
    at: int
    said_at: int


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
    """HMAC-SHA256 of an ID number in its one form under the pack's salt."""
    return hmac.new(salt.encode(), typed.number(number).encode(), hashlib.sha256).hexdigest()


def own_order(
    seed: int, sections: Sequence[Sequence[tuple[str, int]]], groups: Mapping[str, str] | None = None
) -> list[tuple[str, tuple[int, ...]]]:
    """A candidate's own order: section by section, each item's id with the original indexes of its options as shown.
    `sections`: (item id, number of options) as on the paper; `groups`: item id → its case, whose parts stay together and in
    order. The same seed always gives the same order."""
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    shown: list[tuple[str, tuple[int, ...]]] = []
    for section in sections:
        items = list(section)
        chance.shuffle(items)
        for item, options in _cases_together(items, section, groups) if groups else items:
            if options > MOST_TABLED:
                shown.append((item, tuple(chance.sample(range(options), options))))
                continue
            orders = _orders(options)
            shown.append((item, orders[int(chance.random() * len(orders))]))
    return shown


def _cases_together(
    shuffled: Sequence[tuple[str, int]], section: Sequence[tuple[str, int]], groups: Mapping[str, str]
) -> list[tuple[str, int]]:
    """Cases in the order in which their first part came up, the parts of each as on the paper."""
    rank: dict[str, int] = {}
    for n, (item, _) in enumerate(shuffled):
        rank.setdefault(groups.get(item, item), n)
    return sorted(section, key=lambda entry: rank[groups.get(entry[0], entry[0])])


MOST_TABLED = 7
"""Options of which all orders are kept ready; items with more are rare."""


@cache
def _orders(options: int) -> tuple[tuple[int, ...], ...]:
    """All orders of so many options."""
    return tuple(permutations(range(options)))


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
