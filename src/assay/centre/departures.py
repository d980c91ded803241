"""When somebody's right ends: an account that is disabled or gets another password, a post or a place in a room that is given up, a
post that loses a duty.

What was handed out on the strength of it is taken back by the rooms above that handed it out: they say here how.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest

from assay.kernel.acts import Context


@dataclass(frozen=True)
class Departure:
    """Whose right has ended: everywhere, or in one room of a session (its number)."""

    account: int
    room: int | None = None


Note = Callable[[Context, Departure], None]
CarryOut = Callable[[], list[str]]
_notes: list[Note] = []
_carried_out: list[CarryOut] = []


def add_departures(note: Note, carry_out: CarryOut) -> None:
    """`note` writes down, in the transaction of the act, what is to be taken back; `carry_out` takes back all that is still noted,
    outside of any transaction and as often as it is asked, and says (in Chinese) what could not be reached yet."""
    _notes.append(note)
    _carried_out.append(carry_out)


def depart(ctx: Context, departure: Departure) -> None:
    """Somebody's right has ended by this act."""
    for note in _notes:
        note(ctx, departure)


def carry_out() -> list[str]:
    """Take back all that is noted; what could not be reached is tried again the next time."""
    return [said for take_back in _carried_out for said in take_back()]


def carry_out_and_say(request: HttpRequest) -> None:
    """The same at once, on a page: whoever ended the right hears what could not be reached."""
    for said in carry_out():
        messages.warning(request, said)
