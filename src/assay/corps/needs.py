"""Who of the corps has to sign in: rooms that put people to work say so, and for what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """A member (by key) is to do something for which it takes an account."""

    member: int
    what: str


_needs: list[Callable[[], Iterable[Need]]] = []


def add_needs(of_everybody: Callable[[], Iterable[Need]]) -> None:
    _needs.append(of_everybody)


def needs() -> dict[int, list[str]]:
    """For what each member needs an account just now."""
    found: dict[int, list[str]] = {}
    for of_everybody in _needs:
        for need in of_everybody():
            found.setdefault(need.member, []).append(need.what)
    return found
