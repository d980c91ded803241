"""Nothing in a CSV file that we hand out runs as a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.kernel.csv_file import CsvFile

FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def read_back(*cells: object) -> list[str]:
    file = CsvFile()
    file.row(*cells)
    return next(csv.reader(io.StringIO(file.content().decode("gb18030"), newline="")))


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|'/C calc'!A1",
        "+1",
        "-1",
        "@SUM(A1)",
        "＝1+1",
        "\t=1",
        "\r=1",
        " =1",
        "\u3000=1",
        "\n=1",
        "\x85=1",
        "\u200b=1",
    ],
)
def test_a_text_that_would_be_calculated_stands_behind_an_apostrophe(text: str) -> None:
    assert read_back(text) == [f"'{text}"]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_a_text_is_kept_or_marked_and_never_begins_a_formula(text: str) -> None:
    (cell,) = read_back("前", text)[1:]
    assert cell in (text, f"'{text}")
    assert not cell.strip().startswith(FORMULAS)


def test_numbers_and_plain_texts_stay_as_they_are() -> None:
    assert read_back(-5, "A", "先热车，再停机", "") == ["-5", "A", "先热车，再停机", ""]
