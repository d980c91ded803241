"""Marking a theory sheet. Pure. Full match only, no partial and no negative marks (dossier F4.19)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

Key = dict[str, tuple[str, Decimal]]
"""Item id → (right choice, letters in order; its mark)."""


def key_of(content: Sequence[Mapping[str, Any]]) -> Key:
    """The key of a paper's content, ready for marking many sheets."""
    return {str(item["item"]): ("".join(sorted(item["key"])), Decimal(str(item["mark"]))) for item in content}


def mark_sheet(key: Key, answers: Mapping[str, str]) -> Decimal:
    """The mark of `answers` {item id: choice}; each right item earns its mark. A choice is letters in any order (`B`,
    `DBA`) or 对/错; what was not answered, and what is not on the paper, earns nothing."""
    total = Decimal(0)
    for item, choice in answers.items():
        right = key.get(item)
        if right is not None and (choice == right[0] or "".join(sorted(choice)) == right[0]):
            total += right[1]
    return total
