"""Whose marks make a candidate's mark on a panel that people leave and join while it works. Pure.

A panel has as many examiners as the standard asks for, an odd number (保育师标准 2021 1.9.3). Who takes another's place marks those whom
the other had not locked; what the other had locked counts and is not marked twice. Nobody is awaited at a place that was given up. So no
mark that was locked is ever left out, and no candidate is settled with fewer marks than the rules ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Change = tuple[int | None, int | None]
"""Who left a place (None: nobody) and who took it (None: nobody)."""


def places(present: Iterable[int], changes: Sequence[Change]) -> list[tuple[int, ...]]:
    """For each who is `present` everybody who held that place, the present one last. `changes` in order of time."""
    held: dict[int, tuple[int, ...]] = {}
    for former, member in changes:
        holders = held.pop(former, (former,)) if former is not None else ()
        if member is not None:
            held[member] = (*holders, member)
        elif former is not None:
            held[former] = holders
    return [held.get(member, (member,)) for member in present]


@dataclass(frozen=True)
class Panel:
    """Who sits on it, who held their places before, and how many examiners the rules ask for."""

    places: Sequence[tuple[int, ...]]
    needed: int

    @property
    def size(self) -> int:
        return len(self.places)

    def predecessor(self, member: int, locked: Iterable[int]) -> int | None:
        """Who held the member's place before and has locked marks of the candidate: he or she is not marked there again."""
        done = set(locked)
        for holders in self.places:
            if holders[-1] == member:
                return next((one for one in holders if one in done and one != member), None)
        return None

    def waits_for(self, locked: Iterable[int]) -> list[int]:
        """Those on the panel at whose place nobody has locked marks of the candidate."""
        done = set(locked)
        return [holders[-1] for holders in self.places if not done & set(holders)]

    def against(self, locked: Sequence[int]) -> str:
        """Why a candidate whom these have locked has no mark yet; "" when the panel may settle."""
        waiting = len(self.waits_for(locked))
        if waiting:
            done = f"{self.size} 名考评员中 {self.size - waiting} 名已锁定，须全部锁定"
            return f"{done}；不能到场的，请考务改派"
        if len(locked) < self.needed:
            return f"只有 {len(locked)} 名考评员评分，按标准应有 {self.needed} 名，请考务增派考评员"
        if not len(locked) % 2 and not self.size % 2:
            return f"考评组现有 {self.size} 名考评员，应为单数，请考务增派 1 名"
        return ""
