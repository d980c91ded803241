"""What a rehearsal reports: each stage with its counts and seconds, and what became of every answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Protocol


class Progress(Protocol):
    """Where progress is shown. `total` is in units of the stage (candidates, pages); 0 when it has none."""

    def begin(self, title: str, total: int) -> None: ...

    def step(self, count: int = 1) -> None: ...

    def done(self) -> None: ...


@dataclass
class Played:
    """One stage as played. `seconds` is wall time."""

    stage: str
    title: str
    seconds: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)


@dataclass
class Report:
    """The whole rehearsal. `answers_lost` counts answers that a client saw acknowledged and that are in the hall's log
    or in the office's copy no more."""

    progress: Progress
    candidates: int = 0
    stages: list[Played] = field(default_factory=list)
    answers_acknowledged: int = 0
    answers_lost: int = 0
    requests_retried: int = 0
    refused: list[str] = field(default_factory=list)
    waits: dict[str, list[float]] = field(default_factory=dict)
    """Milliseconds that candidates waited, by what they asked the hall for."""
    certificates_issued: int = 0
    certificates_verified: int = 0
    ledger_entries: int = 0
    ledger_problems: list[str] = field(default_factory=list)

    @contextmanager
    def stage(self, stage: str, title: str, total: int = 0) -> Iterator[Played]:
        """Time a stage; what the block puts into `counts` is reported with it."""
        made = Played(stage, title)
        self.stages.append(made)
        self.progress.begin(title, total)
        started = perf_counter()
        try:
            yield made
        finally:
            made.seconds = perf_counter() - started
            self.progress.done()

    @property
    def good(self) -> bool:
        return not (
            self.answers_lost
            or self.refused
            or self.ledger_problems
            or self.certificates_issued != self.certificates_verified
            or not self.certificates_issued
        )

    def as_json(self) -> dict[str, Any]:
        """The summary as written by `assay rehearse --json`."""
        slowest = sorted(self.stages, key=lambda s: -s.seconds)[:3]
        return {
            "good": self.good,
            "candidates": self.candidates,
            "seconds": round(sum(s.seconds for s in self.stages), 2),
            "stages": [
                {"stage": s.stage, "title": s.title, "seconds": round(s.seconds, 3), "counts": s.counts}
                for s in self.stages
            ],
            "slowest": [s.stage for s in slowest],
            "slowest_requests": self.slowest_requests(),
            "answers_acknowledged": self.answers_acknowledged,
            "answers_lost": self.answers_lost,
            "requests_retried": self.requests_retried,
            "save_p50_ms": self.quantile(0.5),
            "save_p99_ms": self.quantile(0.99),
            "refused": self.refused[:100],
            "certificates_issued": self.certificates_issued,
            "certificates_verified": self.certificates_verified,
            "ledger_entries": self.ledger_entries,
            "ledger_problems": self.ledger_problems[:100],
        }

    def slowest_requests(self) -> list[dict[str, Any]]:
        """What candidates waited for longest, by its 99th percentile."""
        found = [
            {"path": path, "count": len(waits), "p50_ms": self.quantile(0.5, path), "p99_ms": self.quantile(0.99, path),
             "slowest_ms": round(max(waits), 2)}
            for path, waits in self.waits.items()
        ]  # fmt: skip
        return sorted(found, key=lambda one: -float(one["p99_ms"]))

    def quantile(self, share: float, path: str = "/api/answers") -> float:
        """Milliseconds of a save (or another request) as the candidates saw it; 0 when there was none."""
        ordered = sorted(self.waits.get(path, ()))
        return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 2) if ordered else 0.0
