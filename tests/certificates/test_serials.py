"""Serials of blank sheets: letters before digits, counted by the digits, put together where they follow upon each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.certificates import serials
from assay.certificates.serials import Serial, Span


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("00100156", "00100156"), ("ab 00100156", "AB00100156"), ("豫Ａ００１２", "豫A0012"), ("41-A-000001", None),
        ("HN2026-000001", "HN2026-000001"), ("00100156A", None), ("", None), ("四一〇", None), ("A" * 19 + "12", None),
    ],
)  # fmt: skip
def test_a_serial_is_letters_before_digits(text: str, said: str | None) -> None:
    found = serials.read(text)
    assert (str(found) if found else None) == said


def test_digits_are_counted_and_keep_their_width() -> None:
    first = serials.read("AB0998")
    assert first is not None
    assert [str(one) for one in serials.run(first, 2)] == ["AB0998", "AB0999"]
    assert [str(one) for one in serials.run(Serial("AB", 4, 9998), 2)] == ["AB9998", "AB9999"]
    with pytest.raises(ValueError, match="从 AB9998 起不够 3 个"):
        serials.run(Serial("AB", 4, 9998), 3)


def test_what_is_left_is_named_in_stretches() -> None:
    received = [Span(Serial("A", 3, 1), Serial("A", 3, 10)), Span(Serial("", 3, 1), Serial("", 3, 3))]
    gone = [Serial("A", 3, n) for n in (1, 2, 5)] + [Serial("", 3, 3), Serial("B", 3, 4)]
    assert serials.said(serials.left_of(received, gone)) == "001～002、A003～A004、A006～A010"


@given(st.sets(st.integers(0, 60)), st.integers(0, 60), st.integers(0, 60))
def test_nothing_is_left_twice_and_nothing_is_lost(gone: set[int], one: int, other: int) -> None:
    low, high = sorted((one, other))
    received = Span(Serial("A", 2, low), Serial("A", 2, high))
    left = [n for span in serials.left_of([received], [Serial("A", 2, n) for n in gone])
            for n in range(span.first.number, span.last.number + 1)]  # fmt: skip
    assert left == [n for n in range(low, high + 1) if n not in gone]
