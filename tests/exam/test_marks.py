"""Marking a sheet: full match, blanks by their share, to a tenth; what the hall takes in is what marking reads."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.bridge.contract import Item
from assay.exam.marks import key_of, mark_sheet, read_as_marked
from assay.hall.answers import choice_fits
from assay.items import answers
from tests.bank.interchange import made

PAPER = [
    {"item": 1, "type": "single", "key": "B", "mark": "2"}, {"item": 2, "type": "multiple", "key": "ABD", "mark": "3"},
    {"item": 3, "type": "true_false", "key": "对", "mark": "1"}, {"item": 4, "type": "fill", "key": "25±0.5；甲|乙；丙", "mark": "1"},
    {"item": 5, "type": "ordering", "key": "CAB", "mark": "2"}, {"item": 6, "type": "matching", "key": "BAB", "mark": "2"},
]  # fmt: skip


def mark(**given_to: str) -> Decimal:
    return mark_sheet(key_of(PAPER), {name.lstrip("i"): choice for name, choice in given_to.items()})


def test_everything_right_is_the_full_mark() -> None:
    right = {str(e["item"]): answers.full_marks(str(e["type"]), str(e["key"])) for e in PAPER}
    assert mark_sheet(key_of(PAPER), right) == Decimal("11.0")


@pytest.mark.parametrize(
    ("choice", "earned"),
    [
        (["25.4", "乙", "丙"], "1.0"), (["２４．５", "　甲　", ""], "0.7"), (["24.4", "", ""], "0.0"),
        (["", "", "丙"], "0.3"), (["25"], "0.3"),
    ],
)  # fmt: skip
def test_a_fill_in_earns_by_its_blanks(choice: list[str], earned: str) -> None:
    assert mark(i4=json.dumps(choice, ensure_ascii=False)) == Decimal(earned)


def test_a_mark_given_by_an_earlier_version_keeps_its_way_of_reading() -> None:
    """«24。5» was wrong then; whoever derives that mark again derives the same, and only a new marking reads it as it is now."""
    key, given_to = key_of(PAPER), {"4": json.dumps(["24。5", "甲", "丙"], ensure_ascii=False), "1": "B"}
    now, then = mark_sheet(key, given_to), Decimal("2.7")
    assert now == Decimal("3.0")
    assert mark_sheet(key, given_to, read_as_marked(key, given_to, then)) == then
    assert mark_sheet(key, given_to, read_as_marked(key, given_to, now)) == now
    assert mark_sheet(key, given_to, read_as_marked(key, given_to, Decimal("2.8"))) == now, (
        "by neither way: as it is now"
    )


def test_the_unit_of_the_stem_counts_on_a_paper_too() -> None:
    paper = [{"item": 1, "type": "fill", "stem": "直径____mm。", "key": "25±0.5", "mark": "1"}]
    assert mark_sheet(key_of(paper), {"1": '["25.3mm"]'}) == 1
    assert mark_sheet(key_of(paper), {"1": '["25.3cm"]'}) == 0


def test_orders_and_matches_are_right_as_a_whole_or_not_at_all() -> None:
    assert mark(i5="CAB", i6="BAB") == 4
    assert mark(i5="CBA", i6="BA-") == 0
    assert mark(i2="DBA") == 3
    assert mark(i2="AB", i9="A") == 0


def test_thirds_of_marks_add_up_to_whole_ones() -> None:
    paper = [{"item": n, "type": "fill", "key": "甲；乙；丙", "mark": "0.5"} for n in range(3)]
    given_to = {str(n): json.dumps(["甲", "", ""], ensure_ascii=False) for n in range(3)}
    assert mark_sheet(key_of([*paper, {"item": 9, "type": "fill", "key": "甲；乙", "mark": "0.1"}]),
                      {**given_to, "9": json.dumps(["甲", ""], ensure_ascii=False)}) == Decimal("0.6")  # fmt: skip


def test_what_is_not_readable_earns_nothing() -> None:
    assert mark(i4="[[[", i5="", i6="zzz") == 0


@given(made.banks())
def test_a_right_response_to_any_item_fits_the_hall_and_earns_its_mark(rows: list) -> None:
    for row in rows:
        if row.type in ("short", "case"):
            continue
        item = Item(
            "1", row.type, "题", list(row.options), premises=list(row.premises),
            blanks=len(answers.blanks_of(row.key)) if row.type == "fill" else 0,
        )  # fmt: skip
        response = answers.full_marks(row.type, row.key)
        assert choice_fits(item, response)
        assert answers.share(row.type, row.key, response) == 1


@given(st.text(max_size=40), st.sampled_from(["fill", "ordering", "matching"]))
def test_whatever_is_sent_is_taken_only_when_it_can_be_an_answer(choice: str, kind: str) -> None:
    item = Item("1", kind, "题", ["甲", "乙", "丙"], premises=["一", "二"], blanks=2)  # type: ignore[arg-type]
    if choice_fits(item, choice) and choice:
        assert kind != "fill" or len(json.loads(choice)) == 2
        assert kind == "fill" or set(choice) <= set("ABC-")
