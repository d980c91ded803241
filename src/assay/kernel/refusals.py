"""Why something is not done: said in Chinese, with the clause that asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assay.kernel.clauses import in_full


class Refused(Exception):
    """A business refusal. `message` is for the user; `clause` names its source, such as 工作方案 四(一)4."""

    def __init__(self, message: str, clause: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.clause = clause

    @property
    def in_full(self) -> str:
        """The message with its source, where it has one."""
        return f"{self.message}（依据 {in_full(self.clause)}）" if self.clause else self.message


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
