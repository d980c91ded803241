"""What rooms write to the provincial platform, and what follows from its answers: each room says it of its own kinds of message, in
`correspondence.py`. The gateway carries them, and knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assay.kernel.models import OutboxMessage
from assay.kernel.recorded import Recorded


class Standing(StrEnum):
    """How something stands that was sent to the province: it waits there, or was decided."""

    SENT = "sent"
    APPROVED = "approved"
    RETURNED = "returned"


DECIDED = (Standing.APPROVED, Standing.RETURNED)


@dataclass(frozen=True)
class Decision:
    """What the province has decided of something that was sent: approved, or returned with a reason (`Standing`); `remote_id` is
    its own name for it there."""

    state: str
    reason: str
    by: str
    at: datetime
    remote_id: str


def _nothing_waits() -> Iterable[Recorded]:
    return ()


def _nothing_against(message: OutboxMessage) -> str:
    return ""


@dataclass(frozen=True)
class Correspondence:
    """One kind of message. `path`: where the platform takes it (docs/provincial-api.md). `by_row`: what follows when it was taken or
    refused row by row, given the numbers taken and those refused with their reasons. `waiting`: the rows sent up whose decision is
    still out, and `decided` what follows from one. `not_again`: why a refused message is not sent once more as it is; empty when
    it may be."""

    kind: str
    title: str
    path: str
    by_row: Callable[[OutboxMessage, set[str], Mapping[str, str]], None] | None = None
    waiting: Callable[[], Iterable[Recorded]] = _nothing_waits
    decided: Callable[[Recorded, Decision], None] | None = None
    not_again: Callable[[OutboxMessage], str] = _nothing_against


kinds: dict[str, Correspondence] = {}


def add_correspondence(*some: Correspondence) -> None:
    """A room's kinds of message."""
    kinds.update({one.kind: one for one in some})
