"""Numbers as they come with a request: anybody may send anything where the page offers a number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model, QuerySet

from assay.kernel.refusals import Refused

Row = TypeVar("Row", bound=Model)
_DIGITS = re.compile(r"[0-9]{1,10}")
_MOST = 2**31 - 1
"""What a column of whole numbers holds; no row has a higher number and nothing of ours comes in such numbers."""


def whole(text: str) -> int | None:
    """A whole number from 0 on; None when it is none, or one that no row and no count of ours can have."""
    said = text.strip()
    return int(said) if _DIGITS.fullmatch(said) and int(said) <= _MOST else None


def wholes(texts: Iterable[str]) -> list[int]:
    """Those of the texts that are whole numbers: ticked boxes, where what is none ticks nothing."""
    return [number for number in map(whole, texts) if number is not None]


def whole_or_none(text: str, title: str) -> int | None:
    """A whole number that may be left out. Refused when it cannot be read."""
    number = whole(text)
    if number is None and text.strip():
        raise Refused(f"“{title}”应填 0 或正整数，或者留空，现为“{text.strip()[:20]}”")
    return number


def chosen(rows: QuerySet[Row], text: str, title: str) -> Row:
    """The row that was chosen by its number. Refused when there is no such row among those offered."""
    number = whole(text)
    found = rows.filter(pk=number).first() if number is not None else None
    if found is None:
        raise Refused(f"请选择{title}：没有选，或所选的已经不在")
    return found
