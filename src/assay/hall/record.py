"""The record of a room as it is read: what happened to several seats at once is one line, so that a cut cable is not a page of its
own. In the store every line stands by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from assay.hall.state import LiveSitting
from assay.hall.wording import named, names, seats_text

FEW = 4
"""So many are named; of more the seats are said."""
ALIKE_WITHIN_MS = 60_000
ONE_CAUSE_S = 20
"""A page speaks every fifteen seconds: computers of one outage were last heard, and are heard again, that far apart and a little."""
_DIFFERS = re.compile(r"\d\d:\d\d:\d\d|(?<!分 )\d+(?= 秒)")
"""What may differ by a few seconds in lines that say the same of several seats."""
_SEAT = re.compile(r"(?<!\d)\d+(?= 号 )")


class Kind(StrEnum):
    """Kinds of lines that are looked for, besides how a sitting was closed (`Ending`) and what was noticed (`Noticed`); all others are
    for the reader."""

    SIGN_IN = "sign_in"
    MISCONDUCT = "misconduct"
    MISCONDUCT_WITHDRAWN = "misconduct_withdrawn"


class Line(NamedTuple):
    """A line of the record: of which sitting ("": of the room, or of several seats), when (hall's ms), and what was said by whom.
    `until`: when the last of several was, where the text itself does not say it (0: it is one)."""

    sitting: str
    at: int
    kind: str
    text: str
    by: str
    until: int = 0


class _Alike:
    """Lines that are one: the first of them, whose they are (and the how manieth line of the record is about whom), and between
    what the moments in them lie."""

    def __init__(self, number: int, line: Line, sitting: LiveSitting, said: str) -> None:
        self.line, self.said, self.sittings = line, said, {sitting: number}
        self.number, self.until = number, line.at
        self.least = self.most = _seconds(said)

    def takes(self, number: int, line: Line, sitting: LiveSitting, said: str, told: Mapping[LiveSitting, int]) -> bool:
        """Whether it is one with these; then it is from now on. `told`: the how manieth line was the last about whom. What does not
        say itself when it was must not come to stand before a line that was there first and is about one of them."""
        least, most = self._with(_seconds(said))
        far = any(high - low > ONE_CAUSE_S for low, high in zip(least, most, strict=True))
        if far or sitting in self.sittings or line.at - self.line.at > ALIKE_WITHIN_MS:
            return False
        if not _says_when(said) and self._is_crossed(sitting, told):
            return False
        self.sittings[sitting] = number
        self.least, self.most, self.until = least, most, line.at
        return True

    def _is_crossed(self, sitting: LiveSitting, told: Mapping[LiveSitting, int]) -> bool:
        later = any(told[one] > number for one, number in self.sittings.items())
        return later or told.get(sitting, -1) > self.number

    def _with(self, seconds: list[int]) -> tuple[list[int], list[int]]:
        return list(map(min, self.least, seconds)), list(map(max, self.most, seconds))

    def told(self) -> Line:
        if len(self.sittings) == 1:
            return self.line
        between = iter(zip(self.least, self.most, strict=True))
        said = _DIFFERS.sub(lambda found: _between(found[0], *next(between)), self.said)
        in_order = sorted(self.sittings, key=lambda one: one.sitting.seat)
        whose = names(in_order) if len(in_order) <= FEW else seats_text(in_order)
        until = 0 if _says_when(said) else self.until
        return self.line._replace(sitting="", text=f"{whose}{said}", until=until)


def told_together(lines: Iterable[Line], sittings: Mapping[str, LiveSitting]) -> list[Line]:
    """The lines, oldest first, those of one cause as one in the place of the first."""
    found: list[Line | _Alike] = []
    alike: dict[tuple[str, str, str], list[_Alike]] = {}
    told: dict[LiveSitting, int] = {}
    by_seat: dict[str, list[LiveSitting]] = {}
    for one in sittings.values():
        by_seat.setdefault(str(one.sitting.seat), []).append(one)
    for number, line in enumerate(lines):
        sitting = sittings.get(line.sitting)
        if sitting is None or not line.text.startswith(named(sitting)):
            found.append(line)
        else:
            said = line.text.removeprefix(named(sitting))
            there = alike.setdefault((line.kind, line.by, _DIFFERS.sub("", said)), [])
            if not any(group.takes(number, line, sitting, said, told) for group in there):
                there.append(_Alike(number, line, sitting, said))
                found.append(there[-1])
        told.update(dict.fromkeys(_about(line, sitting, by_seat), number))
    return [one.told() if isinstance(one, _Alike) else one for one in found]


def _about(line: Line, sitting: LiveSitting | None, by_seat: Mapping[str, list[LiveSitting]]) -> Iterator[LiveSitting]:
    """Of whom a line speaks: whose it is, and who is named in it."""
    if sitting is not None:
        yield sitting
    for seat in _SEAT.findall(line.text):
        yield from (one for one in by_seat.get(seat, ()) if named(one) in line.text)


def _says_when(said: str) -> bool:
    return any(":" in text for text in _DIFFERS.findall(said))


def _seconds(said: str) -> list[int]:
    return [_of(text) for text in _DIFFERS.findall(said)]


def _of(text: str) -> int:
    """A moment of the day, or a number of seconds, in seconds."""
    seconds = 0
    for part in text.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds


def _between(text: str, least: int, most: int) -> str:
    def put(seconds: int) -> str:
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}" if ":" in text else str(seconds)

    return put(least) if least == most else f"{put(least)} 至 {put(most)}"
