"""What goes into an encrypted column comes out of it, empty is empty, and the same twice looks different."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from assay.bank.models import Item, Paper
from tests.kernel.json_values import TEXTS, VALUES

STEM: Any = Item._meta.get_field("stem")
OPTIONS: Any = Item._meta.get_field("options")
SHEET: Any = Item._meta.get_field("sheet")
SEED: Any = Paper._meta.get_field("seed")


@given(VALUES)
@pytest.mark.parametrize("field", [OPTIONS, SHEET, SEED])
def test_json_comes_out_as_it_went_in(field: Any, value: Any) -> None:
    stored = field.get_prep_value(value)
    assert field.from_db_value(stored, None, None) == value
    assert stored == "" or stored.startswith("1:")


@given(TEXTS.filter(bool))
def test_a_text_comes_out_as_it_went_in_and_is_never_the_same_cipher_text(text: str) -> None:
    one, other = STEM.get_prep_value(text), STEM.get_prep_value(text)
    assert one != other
    assert {STEM.from_db_value(stored, None, None) for stored in (one, other)} == {text}


def test_what_is_empty_stays_empty_and_every_empty_value_is_a_new_one() -> None:
    assert (STEM.get_prep_value(""), OPTIONS.get_prep_value([]), SHEET.get_prep_value({})) == ("", "", "")
    assert SEED.get_prep_value(0) != ""
    one, other = (OPTIONS.from_db_value("", None, None) for _ in range(2))
    one.append("甲")
    assert other == []
