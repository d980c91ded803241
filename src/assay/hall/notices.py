"""What candidates are told by invigilators and by the office: every notice by itself, of the room or of one alone, in the order in which
it was given. None takes the place of another: a page that was not heard for a while is told all that it has missed.

Whether a notice was acknowledged is the page's own affair; neither console nor record say anything of it.
"""

from __future__ import annotations

import msgspec

from assay.hall.edit import Edit
from assay.hall.facts import Notice, RoomFacts, SittingFacts
from assay.hall.state import LiveRoom, LiveSitting

NOTHING_YET = -1
"""Heard by a page that knows of no notice: it is told all of them."""


class Told(msgspec.Struct, frozen=True):
    """A notice as a page gets it; `id` is its own among all that the candidate is told."""

    id: str
    at: int
    text: str
    withdrawn: bool


def given_in(facts: RoomFacts | SittingFacts) -> tuple[Notice, ...]:
    """Oldest first. A store of an earlier version kept the newest alone."""
    if facts.notices or not facts.message:
        return facts.notices
    return (Notice(facts.message_number, facts.message_at, facts.message),)


def tell_one(edit: Edit, sitting: LiveSitting, text: str) -> None:
    """For this candidate alone."""
    number = sitting.facts.message_number + 1
    given = (*given_in(sitting.facts), Notice(number, sitting.pack.now(), text))
    edit.sitting(sitting, notices=given, message_number=number, message="")


def tell_room(edit: Edit, room: LiveRoom, text: str) -> None:
    """For everybody in the room."""
    number = room.facts.message_number + 1
    given = (*given_in(room.facts), Notice(number, room.pack.now(), text))
    edit.room(room, notices=given, message_number=number, message="")


def holding(facts: RoomFacts | SittingFacts) -> Notice | None:
    """The newest that has not been taken back."""
    return next((one for one in reversed(given_in(facts)) if not one.withdrawn_at), None)


def take_back(edit: Edit, room: LiveRoom, notice: Notice) -> None:
    """A notice to the room; it stays in the list of every page, as withdrawn."""
    withdrawn = msgspec.structs.replace(notice, withdrawn_at=room.pack.now())
    given = tuple(withdrawn if one.number == notice.number else one for one in given_in(room.facts))
    edit.room(room, notices=given, message_number=room.facts.message_number + 1, message="")


def told(sitting: LiveSitting) -> list[Told]:
    """All that this candidate is told, oldest first."""
    found = [
        Told(f"{whose}{one.number}", one.at, one.text, bool(one.withdrawn_at))
        for whose, facts in (("room-", sitting.room.facts), ("own-", sitting.facts))
        for one in given_in(facts)
    ]
    return sorted(found, key=lambda one: one.at)


def number_of(sitting: LiveSitting) -> int:
    """Rises with every notice, and with every one that is taken back: a page that says the same has heard them all."""
    return sitting.room.facts.message_number + sitting.facts.message_number


def newest(sitting: LiveSitting) -> str:
    """Of those that hold; for pages of an earlier version, which show that one."""
    own, room = holding(sitting.facts), holding(sitting.room.facts)
    if own is None or (room is not None and room.at >= own.at):
        return room.text if room else ""
    return own.text
