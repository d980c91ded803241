"""Which tasks stand on which version of an operation-skill paper. Pure.

From each range `draw` tasks of the pool are taken (抽考 k 选 n, dossier F2.18). Versions take turns through the pool, least
used first, so that each pair of versions shares as few tasks as the pool allows and every task is used about as often.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Task:
    """A task that may be drawn: `exposure` how often it was used, `rested` days since, None when never."""

    pk: int
    exposure: int = 0
    rested: int | None = None


@dataclass(frozen=True)
class Pool:
    """The tasks of one range and how many of them a version has."""

    code: str
    title: str
    draw: int
    tasks: Sequence[Task]


@dataclass(frozen=True)
class Drawn:
    """For each version the tasks of each range, in order; `shortages`: ranges that cannot be drawn from; `shared`: ranges in
    which versions have to share tasks. Both in Chinese."""

    versions: list[list[tuple[str, int]]]
    shortages: list[str]
    shared: list[str]


def draw(pools: Sequence[Pool], versions: int, seed: int) -> Drawn:
    """The tasks of each of `versions` versions; nothing when a range has too few."""
    shortages = [
        f"{p.title}：每卷抽 {p.draw} 题，在用只有 {len(p.tasks)} 题，还缺 {p.draw - len(p.tasks)} 题"
        for p in pools
        if len(p.tasks) < p.draw
    ]
    if shortages or not pools:
        return Drawn([], shortages or ["细目表没有要抽考的范围"], [])
    chance = random.Random(seed)  # noqa: S311 - the seed itself is from `secrets`, and kept secret with the paper
    turns = {p.code: _turns(p, versions, chance) for p in pools}
    found = [[(p.code, pk) for p in pools for pk in sorted(turns[p.code][n])] for n in range(versions)]
    shared = [
        f"{p.title}：{versions} 套共须 {versions * p.draw} 题，在用 {len(p.tasks)} 题，各卷有重复"
        for p in pools
        if len(p.tasks) < versions * p.draw
    ]
    return Drawn(found, [], shared)


def _turns(pool: Pool, versions: int, chance: random.Random) -> list[list[int]]:
    """The pool in a circle, least used first; each version takes the next `draw` of it."""
    order = sorted(
        pool.tasks, key=lambda t: (t.exposure, -(t.rested if t.rested is not None else 10**6), chance.random())
    )
    circle = [task.pk for task in order]
    return [[circle[(n * pool.draw + k) % len(circle)] for k in range(pool.draw)] for n in range(versions)]


def materials(papers: Sequence[Sequence[Mapping[str, str]]]) -> list[dict[str, str]]:
    """What a workstation has to have whichever version is drawn: of each thing the most that one version asks for, so that the
    list does not tell the versions apart. The tasks of a version are added up (too much at hand stops nobody), but for what
    the candidate brings along: the same working clothes do for every task."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for paper in papers:
        wanted: dict[tuple[str, str, str], dict[str, str]] = {}
        for thing in paper:
            key = (thing["side"], thing["name"], thing["spec"])
            known = wanted.get(key)
            so_far, more = Decimal(known["quantity"]) if known else Decimal(0), Decimal(thing["quantity"])
            quantity = max(so_far, more) if thing["side"] == "candidate" else so_far + more
            wanted[key] = {**thing, "quantity": f"{quantity.normalize():f}"}
        for key, thing in wanted.items():
            if key not in found or Decimal(found[key]["quantity"]) < Decimal(thing["quantity"]):
                found[key] = thing
    return sorted(found.values(), key=lambda t: (t["side"], t["name"], t["spec"]))
