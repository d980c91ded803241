"""Marking a theory sheet. Pure. Full match only, no partial and no negative marks (dossier F4.19); a fill-in by its blanks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from assay.bank import answers
from assay.bank.rules import asked

LETTERS = ("single", "multiple", "true_false")
Key = dict[str, tuple[str, str, Decimal]]
"""Item id → (its type, the key, its mark)."""


def key_of(content: Sequence[Mapping[str, Any]]) -> Key:
    """The key of a paper's content, ready for marking many sheets."""
    return {str(item["item"]): (item["type"], item["key"], Decimal(str(item["mark"]))) for item in asked(content)}


def written_of(content: Sequence[Mapping[str, Any]]) -> dict[str, Decimal]:
    """What of a paper's content examiners mark: item id → full mark."""
    return {str(item["item"]): Decimal(str(item["mark"])) for item in asked(content) if item["type"] in answers.BY_HAND}


def mark_sheet(key: Key, given: Mapping[str, str]) -> Decimal:
    """The mark of `given` {item id: choice} to a tenth; each right item earns its mark, a fill-in the share of its blanks. What
    was not answered, what is not on the paper, and what examiners mark earns nothing here."""
    total = Decimal(0)
    for item, choice in given.items():
        known = key.get(item)
        if known is None:
            continue
        kind, right, mark = known
        if kind in LETTERS:
            if choice == right or (len(right) > 1 and "".join(sorted(choice)) == right):
                total += mark
            continue
        share = answers.share(kind, right, choice)
        total += mark * share.numerator / share.denominator
    return total.quantize(Decimal("0.1"), ROUND_HALF_UP)
