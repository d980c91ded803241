"""What a reader of a file gives: items as they stand in it, pictures beside them, and all that was wrong or lost."""

from __future__ import annotations

from dataclasses import dataclass, field

from assay.kernel.tables import Problem


class Unreadable(Exception):
    """A file (or a part of one) that cannot or must not be read; the message is for the user, in Chinese."""


@dataclass(frozen=True)
class Place:
    """Where an item stands in its file: sheet and row, or its number or name."""

    file: str
    sheet: str = ""
    row: int = 0
    item: str = ""

    def problem(self, message: str, column: str = "") -> Problem:
        return Problem(self.file, self.sheet, self.row, column, message, self.item)


@dataclass(frozen=True)
class Draft:
    """An item as read. Texts are markup (pictures by their name in the file); `key` is as `answers.normal_key` takes it,
    `kind` one of `answers.TYPES`. `parts`: the items of a case group."""

    place: Place
    kind: str
    stem: str
    options: tuple[str, ...] = ()
    premises: tuple[str, ...] = ()
    key: str = ""
    difficulty: str = ""
    point: str = ""
    explanation: str = ""
    reference: str = ""
    parts: tuple[Draft, ...] = ()


@dataclass
class Reading:
    """A file as read. `problems` keep an item out; `notes` say what an item lost on its way in."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    titles: dict[str, dict[str, str]] = field(default_factory=dict)
    """By sheet of a table, the title of the column that a part of an item (`stem`, `key`, `A` …) was taken from."""
    unknown: dict[str, list[str]] = field(default_factory=dict)
    """By sheet, titles of columns that nothing was taken from: the user may say what they are."""

    def failed(self, file: str, message: str) -> Reading:
        self.problems.append(Problem(file, "", 0, "", message))
        return self
