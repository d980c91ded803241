"""A whole small batch of each route, played once through the real acts, the running hall and the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.db import transaction

from assay.rehearsal.play import play
from assay.rehearsal.report import Report

CANDIDATES = 36


class Silent:
    """Progress that nobody watches."""

    def begin(self, title: str, total: int) -> None: ...

    def step(self, count: int = 1) -> None: ...

    def done(self) -> None: ...


def forget_former_plays() -> None:
    """A play that was undone left its answers at the hall and its messages at the province, under the ids that the next one gets."""
    for name in ("hall", "standin"):
        for file in settings.VAR.glob(f"{name}.sqlite3*"):
            file.unlink()


@dataclass(frozen=True)
class Played:
    report: Report


@pytest.fixture(scope="package")
def _played(django_db_setup: None, django_db_blocker) -> Iterator[Played]:
    """Everything happens in one transaction that is undone after the last test of this package."""
    with django_db_blocker.unblock(), transaction.atomic():
        forget_former_plays()
        report = Report(Silent())
        play(report, candidates=CANDIDATES)
        yield Played(report)
        transaction.set_rollback(True)


@pytest.fixture
def played(_played: Played, db: None) -> Played:
    """The played school; what a test changes is undone after it."""
    return _played
