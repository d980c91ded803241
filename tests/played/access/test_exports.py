"""What lists give as Excel, read back: of every list, as somebody who may open it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

import openpyxl
import pytest

from assay.kernel.models import SecurityEvent
from tests.played.access.doors import doors
from tests.played.access.opening import opens
from tests.played.access.visitors import Visitor, undone

_WHOLE = re.compile(r"[1-9][0-9]{16}[0-9X]")
_A_MARK = re.compile(r"[0-9]+\.[0-9]+")
_A_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}-[0-9]{2}|年[0-9]{1,2}月[0-9]{1,2}日)( [0-9:]+)?")
_LEAST_LISTS = 20


def lists(crowd: Sequence[Visitor]) -> Iterator[tuple[str, Visitor, str]]:
    """(address, somebody who may open it, the page) of every list that is handed out, with all its rows."""
    for one in doors():
        if one.access is None or not (addresses := one.addresses()):
            continue
        for who in (visitor for visitor in crowd if visitor.kind == "staff" and visitor.held and opens(one, visitor)):
            answer = who.opens(f"{addresses[0]}?q=")
            if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
                if "export=xlsx" in (page := answer.content.decode()):
                    yield addresses[0], who, page
                break


def odd(cell: object, heading: str) -> bool:
    """What is no number and no day though it says one, or a word of the program."""
    if isinstance(cell, datetime | int | float):
        return False
    said = str(cell or "")
    return said in ("True", "False", "None") or bool(_A_MARK.fullmatch(said) or _A_DAY.fullmatch(said))


@pytest.mark.once
def test_every_list_comes_out_as_numbers_days_and_words_under_headings(crowd: list[Visitor]) -> None:
    wrong, found = [], 0
    for address, who, page in lists(crowd):
        found += 1
        content = who.opens(f"{address}?q=&export=xlsx").content
        head, *rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
        wrong += [f"{address}: no heading" for title in head if not title]
        wrong += [
            f"{address}: {title}: {cell}"
            for row in rows
            for title, cell in zip(head, row, strict=True)
            if odd(cell, title)
        ]
        wrong += [f"{address}: {cell}" for row in rows for cell in row if _WHOLE.fullmatch(str(cell))]
        if "export=full" in page:
            with undone():
                before = SecurityEvent.objects.filter(kind="identity").count()
                who.as_signed_in().get(f"{address}?q=&export=full")
                assert SecurityEvent.objects.filter(kind="identity").count() == before + 1
    assert sorted(set(wrong)) == []
    assert found >= _LEAST_LISTS
