"""Gates: why a stage cannot end yet. Each room contributes pure-read functions; one list serves every screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assay.kernel.refusals import Blocker

GateFunction = Callable[[Any], Iterable[Blocker]]
CountFunction = Callable[[Any], Iterable[tuple[str, int]]]


@dataclass(frozen=True)
class _Gate:
    stage: str
    function: GateFunction


_gates: list[_Gate] = []
_todos: list[_Gate] = []
_counts: list[tuple[str, CountFunction]] = []


def gate(*stages: str) -> Callable[[GateFunction], GateFunction]:
    """Contribute a gate to the stages: it yields what keeps a batch (the argument) from leaving that stage."""

    def contribute(function: GateFunction) -> GateFunction:
        _gates.extend(_Gate(stage, function) for stage in stages)
        return function

    return contribute


def blockers(stage: str, batch: Any) -> list[Blocker]:
    """Everything that keeps `batch` from leaving `stage`."""
    return [b for g in _gates if g.stage == stage for b in g.function(batch)]


def todo(*stages: str) -> Callable[[GateFunction], GateFunction]:
    """Contribute work that can be done at these stages already but does not keep a batch (the argument) there."""

    def contribute(function: GateFunction) -> GateFunction:
        _todos.extend(_Gate(stage, function) for stage in stages)
        return function

    return contribute


def todos(stage: str, batch: Any) -> list[Blocker]:
    """Work that waits at `stage` without blocking it."""
    return [b for g in _todos if g.stage == stage for b in g.function(batch)]


def counts(*stages: str) -> Callable[[CountFunction], CountFunction]:
    """Contribute figures (label, number) that the cockpit shows at a stage."""

    def contribute(function: CountFunction) -> CountFunction:
        _counts.extend((stage, function) for stage in stages)
        return function

    return contribute


def figures(stage: str, batch: Any) -> Iterator[tuple[str, int]]:
    """The figures of `stage` for `batch`, in the order of contribution."""
    for name, function in _counts:
        if name == stage:
            yield from function(batch)
