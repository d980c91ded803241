"""What is known of the earlier assessments of the people behind applications: passes kept, resits taken, certificates held.

The rooms that know come later in the chain; each contributes a loader (`contribute`), called with many applications at once, so
that a roster of a thousand costs as many queries as one of ten. A person is told by the blind index of the ID number, an
assessment by the row of the scope (the job) and the level; the application's own batch is never a part of its history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from assay.applications.models import Application, Exemption

AT_ONCE = 500


@dataclass(frozen=True)
class KeptPass:
    """A part passed earlier while the assessment as a whole was not; `result` is the primary key of its result, `source` says
    where it was, as people read it. Kept up to and with `until`."""

    part: str
    mark: Decimal
    result: int
    on: date
    until: date
    source: str


@dataclass(frozen=True)
class Held:
    """A certificate in force for the same job and level."""

    number: str
    issued_on: date


@dataclass
class History:
    """`sat`: parts taken before, whatever came of it. `passes`: by part, the newest. `resits`: how often a part was taken while
    another was kept on the pass of now. `exemptions`: by part, those entered with their paper for this very application."""

    sat: set[str] = field(default_factory=set)
    passes: dict[str, KeptPass] = field(default_factory=dict)
    resits: dict[str, int] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    exemptions: dict[str, Exemption] = field(default_factory=dict)


@dataclass(frozen=True)
class Sought:
    """Whose history is sought, for which job and level, by an application in which batch."""

    id_index: str
    scope_row: int
    level: int
    batch: int

    @property
    def key(self) -> tuple[str, int, int]:
        """Who for what: the same for all of a person's assessments of a job and level."""
        return self.id_index, self.scope_row, self.level


Loader = Callable[[Sequence[tuple[Sought, History]]], None]
"""Adds what its room knows to each history, in a constant number of queries."""

_loaders: list[Loader] = []


def contribute(loader: Loader) -> Loader:
    """A room tells what it knows; see `Loader`."""
    _loaders.append(loader)
    return loader


def histories(applications: Sequence[Application]) -> list[History]:
    """The history behind each application, in the order given: saved or not, only person, line and batch are asked for."""
    found: list[History] = []
    for start in range(0, len(applications), AT_ONCE):
        some = applications[start : start + AT_ONCE]
        pairs = [(_sought(application), History()) for application in some]
        _exemptions(some, [history for _, history in pairs])
        for loader in _loaders:
            loader(pairs)
        found += [history for _, history in pairs]
    return found


def history_of(application: Application) -> History:
    """The history behind one application."""
    return histories([application])[0]


def _sought(application: Application) -> Sought:
    line = application.line
    return Sought(application.person.id_index, line.scope_row_id, line.level_id, application.batch_id)


def _exemptions(applications: Sequence[Application], into: Sequence[History]) -> None:
    of = {a.pk: history for a, history in zip(applications, into, strict=True) if a.pk is not None}
    for exemption in Exemption.objects.filter(application__in=of):
        of[exemption.application_id].exemptions[exemption.part] = exemption
