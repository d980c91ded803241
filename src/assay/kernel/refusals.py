"""Why something is not done: said in Chinese, with the clause that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

NAMED = 20
"""So many are named of those that are refused for one reason; the others are counted."""
Row = TypeVar("Row")


class Refused(Exception):
    """A business refusal. `message` is for the user; `clause` names its source, such as 工作方案 四(一)4. `about`: the one of several
    that it speaks of, with which the message begins, so that the same of many can be said once (`together`)."""

    def __init__(self, message: str, clause: str = "", *, about: str = "") -> None:
        assert message.startswith(about)
        super().__init__(message)
        self.message = message
        self.clause = clause
        self.about = about


class NotAllowed(Refused):
    """The actor's posts do not hold the duty that the act asks for, or not for this place."""


class ForOthers(Refused):
    """The duty is the actor's, but not over this: who acts did what excludes it, or is concerned (`kernel.separation`)."""


@dataclass(frozen=True)
class Work:
    """Rows (a query) that wait for an act."""

    act: str
    rows: Any


@dataclass(frozen=True)
class Blocker:
    """One reason why a stage cannot end: what, by which clause, whose duty clears it, and where.

    `waits_for` names a date or another body when nobody here can do anything but wait. `department` is set when only
    the holders of the duty in that department can clear it. `work` are the rows that wait for one act, where not everybody
    who holds the duty may do it to each of them.
    """

    text: str
    clause: str
    duty: str
    link: str = ""
    count: int = 1
    waits_for: str = ""
    department: int | None = None
    work: Work | None = field(default=None, compare=False)


class Blocked(Refused):
    """A stage cannot be ended; carries every blocker, not the first only."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__("；".join(b.text for b in blockers), blockers[0].clause)
        self.blockers = tuple(blockers)


def together(refused: Sequence[Refused]) -> Refused:
    """What is said of many at once: each reason once, with those that it holds for."""
    if len(refused) == 1:
        return refused[0]
    clauses = "；".join(dict.fromkeys(one.clause for one in refused if one.clause))
    kind = ForOthers if all(isinstance(one, ForOthers) for one in refused) else Refused
    return kind(grouped((one.about, one.message.removeprefix(one.about)) for one in refused), clauses)


def grouped(said: Iterable[tuple[str, str]]) -> str:
    """(who or what, what is wrong with it) as one text: «试题 309、310 由您初审，终审须由另一人进行»."""
    by_reason: dict[str, list[str]] = {}
    for about, why in said:
        by_reason.setdefault(why, []).append(about)
    return "；".join(f"{_named(abouts)}{why}" for why, abouts in by_reason.items())


def _named(abouts: list[str]) -> str:
    """What they have in common is said once: 试题 309、310."""
    named = list(dict.fromkeys(filter(None, abouts)))
    if not named:
        return f"{len(abouts)} 项：" if len(abouts) > 1 else ""
    heads = {about.rpartition(" ")[0] for about in named}
    head = f"{heads.pop()} " if len(heads) == 1 and "" not in heads else ""
    shown = "、".join(about.removeprefix(head) for about in named[:NAMED])
    return f"{head}{shown}" + (f" 等 {len(named)} 项" if len(named) > NAMED else "")


def require_each(rows: Iterable[Row], *guards: Callable[[Row], object]) -> None:
    """Raises what the guards say of all rows together, of each the first."""
    refused = [found for row in rows if (found := _first(row, guards)) is not None]
    if refused:
        raise together(refused)


def _first(row: Row, guards: Iterable[Callable[[Row], object]]) -> Refused | None:
    try:
        for guard in guards:
            guard(row)
    except Refused as refused:
        return refused
    return None
