"""Where the hall keeps everything: an append-only answer log, and the last state of packs, rooms and sittings.

One committer (`committer.py`) writes in each process. Answers are appended under a shared lock and only while memory is
in step with the store; everything else is changed under an exclusive lock, so that no answer slips in between a
hand-in and its sheet. With SQLite one process owns the file and both hold by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Operation = tuple[str, tuple[Any, ...]]
Row = tuple[str, str, str, int, str, int, int]
"""An answer: pack, sitting, item, revision, choice, hall's time, time as the page had it (ms)."""
Finals = dict[str, dict[str, tuple[int, str]]]
"""Sitting → item → (last revision, its choice)."""


class Stale(Exception):
    """Another process changed packs, rooms or sittings: nothing was written, memory must catch up first."""


class Unfit(Exception):
    """A value that the store cannot hold was among what was to be written: nothing was."""


@dataclass
class Changes:
    """Rows of packs (id, digest, body, state), rooms (pack, id, state), sittings (id, pack, state) and ended passes (account,
    room, at) that are new."""

    packs: list[tuple[Any, ...]] = field(default_factory=list)
    rooms: list[tuple[Any, ...]] = field(default_factory=list)
    sittings: list[tuple[Any, ...]] = field(default_factory=list)
    ended_passes: list[tuple[Any, ...]] = field(default_factory=list)


class Store(Protocol):
    """A database of the hall. `shared`: other processes may write to it too."""

    shared: bool

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def catch_up(self, apply: Callable[[Changes], None]) -> None:
        """`apply` what is new since the last time (at first: everything)."""
        ...

    async def append(self, rows: Sequence[Row]) -> set[tuple[str, str, int]]:
        """Append answers in one transaction; returns (sitting, item, revision) of those whose revision is already
        there with another choice. Raises Stale."""
        ...

    async def change(
        self, apply: Callable[[Changes], None], sheets: Sequence[str], decide: Callable[[Finals], list[Operation]]
    ) -> None:
        """Alone with the store, in one transaction: `apply` what is new, read the finals of `sheets`, `decide`, write. Raises
        Unfit."""
        ...

    async def note_presence(self, rows: Sequence[tuple[str, str, int, int]]) -> None:
        """Write down who was heard: (sitting, pack, seen, saved), each sitting once. It need not outlast a power cut."""
        ...

    async def note_mark(self, name: str, value: int) -> None:
        """Write down a number about the hall itself. It need not outlast a power cut."""
        ...

    async def rewrite(self, operations: Sequence[Operation]) -> None:
        """Have rows in another form that say the same, in one transaction; of the former form nothing is left lying."""
        ...

    async def first_time(self, nonce: str, stamp: int) -> bool:
        """Whether a request of the office, made at `stamp` (Unix seconds), is met for the first time, by any process; from now on
        it has been."""
        ...

    async def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]: ...

    async def answered(self, sittings: Sequence[str]) -> dict[str, int]:
        """How many items each sitting has answered."""
        ...


def finals_of(rows: Sequence[tuple[Any, ...]]) -> Finals:
    """(sitting, item, rev, choice) rows in any order → the last revision of each item."""
    found: Finals = {}
    for sitting, item, rev, choice in rows:
        answers = found.setdefault(sitting, {})
        if item not in answers or rev > answers[item][0]:
            answers[item] = (rev, choice)
    return found
