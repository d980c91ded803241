"""Numbers as they come with a request."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.centre.models import Department
from assay.kernel.given import chosen, whole, whole_or_none, wholes
from assay.kernel.refusals import Refused
from tests import factories as f

MOST = 2**31 - 1


@given(st.text())
def test_whatever_is_sent_is_a_number_that_a_column_holds_or_none(text: str) -> None:
    number = whole(text)
    assert number is None or (0 <= number <= MOST and text.strip().isascii())


@given(st.integers(0, MOST))
def test_every_number_that_a_column_holds_is_read(number: int) -> None:
    assert whole(f" {number} ") == number


@pytest.mark.parametrize("text", ["", "abc", "-1", "1.5", "1e3", "٣", "９", "²", str(MOST + 1), "9" * 5000, "1\n2"])
def test_what_is_no_number_of_ours_is_none(text: str) -> None:
    assert whole(text) is None


def test_of_ticked_boxes_those_count_that_are_numbers() -> None:
    assert wholes(["3", "abc", "", "²", "4"]) == [3, 4]


def test_a_number_may_be_left_out_but_not_be_something_else() -> None:
    assert whole_or_none(" ", "实考") is None
    with pytest.raises(Refused, match="“实考”应填 0 或正整数，或者留空，现为“三十”"):
        whole_or_none("三十", "实考")


@pytest.mark.django_db
def test_a_row_is_chosen_among_those_offered() -> None:
    first, second = f.department(), f.department()
    offered = Department.objects.filter(pk=first.pk)
    assert chosen(offered, str(first.pk), "部门") == first
    for text in ("", "abc", str(second.pk), "9" * 5000):
        with pytest.raises(Refused, match="请选择部门"):
            chosen(offered, text, "部门")
