"""印制流水码: the numbers that blank sheets bear from the printing house. Pure.

Letters (of a province, a level, a year) may stand before the digits; what is counted is the digits at the end, which keep their width.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from unicodedata import normalize

LONGEST = 20
MOST_SPOILED = 500
"""Sheets that are spoiled together: more is a slip of the pen."""
FORM = f"字母在前、数字在后，共至多 {LONGEST} 位，如 00123456、AB00123456"
_SERIAL = re.compile(r"([A-Z\u4e00-\u9fff][A-Z0-9\u4e00-\u9fff-]*?)?([0-9]{1,20})")


@dataclass(frozen=True, order=True)
class Serial:
    """What stands before the digits, how many digits there are, and the number that they make."""

    letters: str
    width: int
    number: int

    def __str__(self) -> str:
        return f"{self.letters}{self.number:0{self.width}d}"

    @property
    def kind(self) -> tuple[str, int]:
        """Serials of one kind follow upon each other."""
        return self.letters, self.width


def read(text: str) -> Serial | None:
    """The serial as it was typed (blanks, width and case forgiven); None when it is none."""
    found = _SERIAL.fullmatch(plain(text))
    if found is None or len(found[0]) > LONGEST:
        return None
    letters, digits = found[1] or "", found[2]
    return Serial(letters, len(digits), int(digits))


def plain(text: str) -> str:
    """In the one form in which serials are kept and compared."""
    return "".join(normalize("NFKC", text).split()).upper()


def run(first: Serial, count: int) -> list[Serial]:
    """So many from the first one up; ValueError when the digits do not suffice."""
    if first.number + count > 10**first.width:
        raise ValueError(f"从 {first} 起不够 {count} 个印制流水码")
    return [Serial(first.letters, first.width, first.number + n) for n in range(count)]


@dataclass(frozen=True, order=True)
class Span:
    """Serials one after the other, from the first to the last."""

    first: Serial
    last: Serial

    @property
    def count(self) -> int:
        return self.last.number - self.first.number + 1

    def __str__(self) -> str:
        return f"{self.first}" if self.count == 1 else f"{self.first}～{self.last}"

    def __contains__(self, serial: object) -> bool:
        return (
            isinstance(serial, Serial)
            and serial.kind == self.first.kind
            and self.first.number <= serial.number <= self.last.number
        )

    def meets(self, other: Span) -> bool:
        """Whether a sheet would be in both."""
        return (
            self.first.kind == other.first.kind
            and self.first.number <= other.last.number
            and other.first.number <= self.last.number
        )


def spans(serials: Iterable[Serial]) -> list[Span]:
    """Single serials put together where one follows upon the other."""
    found = []
    for _, group in groupby(enumerate(sorted(set(serials))), key=lambda at: (at[1].kind, at[1].number - at[0])):
        together = [serial for _, serial in group]
        found.append(Span(together[0], together[-1]))
    return found


def left_of(received: Iterable[Span], gone: Iterable[Serial]) -> Iterator[Span]:
    """What is left of the sheets that came in once others are gone. Costs by what is gone, not by what came in."""
    away = sorted(set(gone))
    for span in sorted(received):
        first = span.first.number
        for serial in (one for one in away if one in span):
            if serial.number > first:
                yield _between(span, first, serial.number - 1)
            first = serial.number + 1
        if first <= span.last.number:
            yield _between(span, first, span.last.number)


def _between(span: Span, first: int, last: int) -> Span:
    letters, width = span.first.kind
    return Span(Serial(letters, width, first), Serial(letters, width, last))


def said(found: Iterable[Span]) -> str:
    return "、".join(map(str, found))
