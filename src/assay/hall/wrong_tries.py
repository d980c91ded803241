"""Wrong tries at signing in: they slow down who makes them, and nobody else.

Counted by ticket and network address: whoever tries numbers at one computer does not keep the candidate from signing in at
another. An address from which many tickets fail is slowed as a whole, gently: a lab behind one address must still get in. The
waits grow and are capped, and who waits is told how long. An invigilator's release makes good what was counted for a ticket.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

FREE = 10
"""Wrong tries at one ticket from one address without any wait."""
MANY_WRONG = 3
"""So many at one ticket are more than a slip: somebody should look, and the record keeps them."""
FREE_OF_ADDRESS = 60
"""Wrong tries from one address at all tickets together, `FREE` of each at most."""
FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 30.0
LONGEST_FOR_ADDRESS_S = 5.0
FORGOTTEN_AFTER_S = 600.0
MOST_KEPT = 20_000
K = TypeVar("K")


def wait_after(tries: int, free: int, longest_s: float) -> float:
    """Seconds to wait after so many wrong tries."""
    if tries < free:
        return 0.0
    return min(FIRST_WAIT_S * 2.0 ** min(tries - free, 16), longest_s)


@dataclass(slots=True)
class _Count:
    tries: int = 0
    last: float = 0.0
    releases: int = 0


class _Counts(Generic[K]):
    """The newest `MOST_KEPT` counts, each for a while."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._counts: dict[K, _Count] = {}

    def of(self, key: K) -> _Count:
        """What is remembered of it; nothing is a count of none."""
        found = self._counts.get(key)
        return found if found is not None and self._clock() - found.last < FORGOTTEN_AFTER_S else _Count()

    def keep(self, key: K, count: _Count) -> None:
        self._counts.pop(key, None)
        self._counts[key] = count
        if len(self._counts) > MOST_KEPT:
            del self._counts[next(iter(self._counts))]

    def forget(self, key: K) -> None:
        self._counts.pop(key, None)


class WrongTries:
    """What one process remembers of them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pairs: _Counts[tuple[str, str]] = _Counts(clock)
        self._addresses: _Counts[str] = _Counts(clock)

    def wait(self, ticket: str, address: str, releases: int) -> float:
        """Seconds until the ticket may be tried from the address; 0: now. `releases`: how often an invigilator has released
        the ticket, which outdates what was counted before; a released one does not wait for what failed at other tickets."""
        pair = self._pair(ticket, address, releases)
        if releases and pair.tries < FREE:
            return 0.0
        whole = self._addresses.of(address)
        return max(
            self._left(pair, FREE, LONGEST_WAIT_S), self._left(whole, FREE_OF_ADDRESS, LONGEST_FOR_ADDRESS_S), 0.0
        )

    def _pair(self, ticket: str, address: str, releases: int) -> _Count:
        found = self._pairs.of((ticket, address))
        return found if found.releases == releases else _Count(releases=releases)

    def _left(self, count: _Count, free: int, longest_s: float) -> float:
        wait = wait_after(count.tries, free, longest_s)
        return count.last + wait - self._clock() if wait else 0.0

    def failed(self, ticket: str, address: str, releases: int) -> None:
        """A number that was not the ticket's."""
        pair = self._pair(ticket, address, releases)
        pair.tries, pair.last = pair.tries + 1, self._clock()
        self._pairs.keep((ticket, address), pair)
        if pair.tries <= FREE:
            self.unknown(address)

    def unknown(self, address: str) -> None:
        """A ticket that is nobody's."""
        whole = self._addresses.of(address)
        whole.tries, whole.last = whole.tries + 1, self._clock()
        self._addresses.keep(address, whole)

    def entered(self, ticket: str, address: str) -> None:
        """The right number was given: what was mistyped before it is forgotten."""
        self._pairs.forget((ticket, address))
