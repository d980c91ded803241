"""How the clauses that the code cites are said to people: by the basis in force (`kernel.basis`).

Which one that is the centre knows (`centre.basis`), and says it here at the start. While a request is answered it is read once, when the
first clause is shown; an act reads it anew and leaves nothing behind, since what it read may have been undone. Outside of both it is read
each time: no process goes on with what another has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from assay.kernel import clock
from assay.kernel.basis import Basis, Version, in_force
from assay.kernel.refusals import Refused

Reader = Callable[[], Sequence[Version]]
R = TypeVar("R", bound=Reader)
_readers: list[Reader] = []
_held: ContextVar[list[Sequence[Version]] | None] = ContextVar("assay_bases_held", default=None)


def read_by(reader: R) -> R:
    """Say how the versions of the centre's basis are read, in the order of entering; there is always one."""
    _readers[:] = [reader]
    return reader


@contextmanager
def held() -> Iterator[None]:
    """Within, the versions are read once."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def forget() -> None:
    """What was read may be otherwise now."""
    if (kept := _held.get()) is not None:
        kept.clear()


def _versions() -> Sequence[Version]:
    kept = _held.get()
    if kept is None:
        return _readers[0]()
    if not kept:
        kept.append(_readers[0]())
    return kept[0]


def basis() -> Basis:
    """The basis in force."""
    found = in_force(_versions(), clock.today())
    assert found is not None
    return found.basis


def in_full(citation: str) -> str:
    """See `Basis.in_full`."""
    return basis().in_full(citation) if citation else ""


def with_its_basis(refused: Refused) -> str:
    """What is refused with its source, where it has one."""
    return f"{refused.message}（依据 {in_full(refused.clause)}）" if refused.clause else refused.message


def cited(text: str) -> str:
    """See `Basis.cited`."""
    return basis().cited(text) if text else ""


def place(clause: str) -> str:
    """See `Basis.place`."""
    return basis().place(clause)
