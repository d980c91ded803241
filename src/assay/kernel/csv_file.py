"""Tables handed out as CSV: nothing that somebody wrote runs as a formula in the spreadsheet that opens them."""

from __future__ import annotations

import csv
import io
from typing import Any
from unicodedata import category

_BEGINS_A_FORMULA = {"=", "+", "-", "@", "＝", "＋", "－", "＠"}
"""Full-width signs as well: a spreadsheet with Chinese or Japanese input reads them alike."""


class CsvFile:
    """A CSV file, written row by row; text in it stays text."""

    def __init__(self) -> None:
        self._text = io.StringIO()
        self._table = csv.writer(self._text)

    def row(self, *cells: Any) -> None:
        self._table.writerow([_cell(cell) for cell in cells])

    def content(self) -> bytes:
        """In GB 18030, which Excel opens without being asked."""
        return self._text.getvalue().encode("gb18030", "replace")


def _cell(value: Any) -> Any:
    """Numbers as they are; a text that a spreadsheet would calculate behind an apostrophe."""
    if not isinstance(value, str):
        return value
    seen = next((sign for sign in value if category(sign)[0] not in "CZ"), "")  # what is invisible hides no formula
    return f"'{value}" if seen in _BEGINS_A_FORMULA or value[:1] in ("\t", "\r") else value
