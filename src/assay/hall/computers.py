"""Which computer stands at which seat, and what computers report of themselves before the exam.

A room's plan may say whose address is whose. Otherwise the places are learned from the last session in a room of that name: the
address at which a verified candidate of a seat opened the paper. An address that would be two seats' is nobody's: several computers
behind one address cannot be told apart. Without knowledge nothing is claimed.

Who sits at the computer of another seat does so for as long as it lasts, whatever was released before: it follows from the address
at which the candidate is, and only the invigilator's word makes it right (`stays_at`).

Reports are kept in memory: they are of an hour, and a page that has signed in reports again, into the store.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable

import msgspec

from assay import typed
from assay.hall.facts import Ready
from assay.hall.state import Hall, LiveRoom, LiveSitting, real_ms

MOST_REPORTS = 20_000
REPORT_GOOD_MS = 3_600_000
PLACES_GOOD_S = 60.0
FURTHEST_MS = 10**12


class Report(msgspec.Struct):
    """What a page says of its computer."""

    browser: str = ""
    storage: bool = False
    clock_ms: float = 0
    net_ms: float = 0

    def taken(self, at: int) -> Ready:
        """Within bounds, whatever a page says."""
        return Ready(
            typed.one_line(self.browser)[:120], self.storage, _bounded(self.clock_ms), _bounded(self.net_ms), at
        )


def _bounded(ms: float) -> int:
    return int(max(-FURTHEST_MS, min(FURTHEST_MS, ms)))


def places_of(room: LiveRoom, namesakes: Iterable[LiveRoom]) -> dict[str, int]:
    """Network address → seat. `namesakes`: rooms of the same name in all sessions."""
    by_seat = room.room.addresses or _learned([one for one in namesakes if one.pack.starts_ms < room.pack.starts_ms])
    shared = Counter(by_seat.values())
    return {address: seat for seat, address in by_seat.items() if shared[address] == 1}


def _learned(earlier: list[LiveRoom]) -> dict[int, str]:
    for room in sorted(earlier, key=lambda one: one.pack.starts_ms, reverse=True):
        found = {
            s.sitting.seat: s.facts.begun_from
            for s in room.sittings
            if s.facts.begun_from and s.facts.admitted_at and not s.facts.sits_at and not s.reported_mismatch()
        }
        if found:
            return found
    return {}


def places(room: LiveRoom) -> dict[str, int]:
    """Network address → seat of a room, looked for anew every minute: a session may still be going on from which it is learned."""
    now = time.monotonic()
    if now - room.places_at > PLACES_GOOD_S:
        room.places = places_of(room, room.pack.hall.rooms_named.get(room.room.name, ()))
        room.places_at = now
    return room.places


def sits_at(sitting: LiveSitting) -> int:
    """The seat whose computer is used, where that is another one's; 0 where it is the own one, or not known."""
    seat = places(sitting.room).get(sitting.facts.address, 0)
    return seat if seat != sitting.sitting.seat else 0


def sits_wrong(sitting: LiveSitting) -> bool:
    """At another seat's computer, and the invigilator has not said that it may be so."""
    return sits_at(sitting) not in (0, sitting.facts.stays_at)


def computer_of(sitting: LiveSitting, address: str) -> str:
    """The computer of an address in words: by its seat, seen from the candidate, where that is known."""
    seat = places(sitting.room).get(address, 0)
    if seat == sitting.sitting.seat:
        return f"本机（{seat} 号机位）"
    return f"{seat} 号机位的计算机" if seat else address


def from_computer(sitting: LiveSitting, address: str) -> str:
    """Where somebody comes from, in words."""
    computer = computer_of(sitting, address)
    return f"来自 {computer}" if computer[:1].isdigit() else f"来自{computer}"


def at_computer(sitting: LiveSitting, address: str) -> str:
    """At which computer somebody signs in, as the record says it. What many do at once after an outage has the same words for all."""
    seat = places(sitting.room).get(address, 0)
    if seat == sitting.sitting.seat:
        return "在本机位的计算机上"
    if seat:
        return f"在 {seat} 号机位的计算机上"
    return "在原计算机上" if address == sitting.facts.address else f"在 {address} 的计算机上"


def number_at(hall: Hall, address: str) -> int:
    """Which computer stands at an address, whoever will sit there: as the plans of all rooms that are not closed say it with one
    voice; 0 where none knows it, or they differ. What was learned from an earlier session is not asked: of which room is not
    known before the sign-in."""
    rooms = (room for pack in hall.packs.values() for room in pack.rooms.values() if not room.facts.closed_at)
    seats = {seat for room in rooms for seat, at in room.room.addresses.items() if at == address}
    return seats.pop() if len(seats) == 1 else 0


class Computers:
    """What this process knows of them."""

    def __init__(self) -> None:
        self._reports: dict[str, Ready] = {}

    def reported(self, address: str, report: Report) -> None:
        """The newest report of an address; the oldest go."""
        self._reports.pop(address, None)
        self._reports[address] = report.taken(real_ms())
        if len(self._reports) > MOST_REPORTS:
            del self._reports[next(iter(self._reports))]

    def ready(self, address: str, room: LiveRoom) -> Ready | None:
        """What the computer at an address said of itself within the last hour, by the clock of the room's session."""
        found = self._reports.get(address)
        if found is None or real_ms() - found.at > REPORT_GOOD_MS:
            return None
        return msgspec.structs.replace(found, at=found.at + room.pack.moved_ms())

    def ready_seats(self, room: LiveRoom) -> dict[int, Ready]:
        """Seat → what its computer said of itself, where both are known."""
        found = ((seat, self.ready(address, room)) for address, seat in places(room).items())
        return {seat: ready for seat, ready in found if ready is not None}
