"""Marking a theory sheet. Pure. Full match only, no partial and no negative marks (dossier F4.19); a fill-in by its blanks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from assay.items import answers
from assay.items.rules import asked
from assay.items.wordings import Same, same, same_in_earlier_versions

ONE_LETTER = ("single", "true_false")
LETTERS = (*ONE_LETTER, "multiple")


@dataclass(frozen=True)
class Key:
    """The key of a paper, items by their id as text: what each earns; the letters of those that have letters; the type, key and
    stem of those where another response than the key itself may be right, or right in part."""

    marks: Mapping[str, Decimal]
    letters: Mapping[str, str]
    others: Mapping[str, tuple[str, str, str]]


def key_of(content: Sequence[Mapping[str, Any]]) -> Key:
    """The key of a paper's content, ready for marking many sheets."""
    items = {str(item["item"]): item for item in asked(content)}
    return Key(
        {name: Decimal(str(item["mark"])) for name, item in items.items()},
        {name: item["key"] for name, item in items.items() if item["type"] in LETTERS},
        {
            name: (item["type"], item["key"], item.get("stem", ""))
            for name, item in items.items()
            if item["type"] not in ONE_LETTER
        },
    )


def written_of(content: Sequence[Mapping[str, Any]]) -> dict[str, Decimal]:
    """What of a paper's content examiners mark: item id → full mark."""
    return {str(item["item"]): Decimal(str(item["mark"])) for item in asked(content) if item["type"] in answers.BY_HAND}


def read_as_marked(key: Key, given: Mapping[str, str], objective: Decimal | None) -> Same:
    """How the blanks of a sheet were read when it got its mark: as now, or as in earlier versions where only that makes the mark.
    A mark that was given stays until somebody re-marks the sheet."""
    if objective is None or mark_sheet(key, given) == objective:
        return same
    earlier = mark_sheet(key, given, same_in_earlier_versions)
    return same_in_earlier_versions if earlier == objective else same


def mark_sheet(key: Key, given: Mapping[str, str], alike: Same = same) -> Decimal:
    """The mark of `given` {item id: choice} to a tenth; each right item earns its mark, a fill-in the share of its blanks. What
    was not answered, what is not on the paper, and what examiners mark earns nothing here."""
    marks, letters = key.marks, key.letters
    total = sum([marks[item] for item, choice in given.items() if letters.get(item) == choice], Decimal(0))
    shares = Fraction(0)  # exact: thirds of a mark add up to whole ones in whatever order
    for item in key.others.keys() & given.keys():
        if letters.get(item) != given[item]:
            kind, right, stem = key.others[item]
            shares += Fraction(marks[item]) * answers.share(kind, right, given[item], stem=stem, alike=alike)
    return (total + Decimal(shares.numerator) / shares.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)
