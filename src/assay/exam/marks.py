"""Marking a theory sheet. Pure. Full match only, no partial and no negative marks (dossier F4.19)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any


def mark_sheet(content: Sequence[Mapping[str, Any]], answers: Mapping[str, str]) -> Decimal:
    """The mark of `answers` {item id: choice} against a paper's `content`; each right item earns its mark.

    A choice is letters in any order (`B`, `DBA`) or 对/错; what was not answered earns nothing.
    """
    total = Decimal(0)
    for item in content:
        if same_choice(answers.get(str(item["item"]), ""), item["key"]):
            total += Decimal(str(item["mark"]))
    return total


def same_choice(choice: str, key: str) -> bool:
    """True when the letters are the same, in whatever order."""
    return bool(choice) and sorted(choice) == sorted(key)
