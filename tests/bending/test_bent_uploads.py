"""Rosters, set-up workbooks and photos with something wrong in them: the page answers and nothing is half-written (`make fuzz` goes on
for longer)."""

from __future__ import annotations

import random

import pytest

from tests.bending.office import Office

pytestmark = [pytest.mark.django_db, pytest.mark.beside_postgresql]
EACH = 3


def test_whatever_is_brought_in_the_page_answers_and_what_it_refuses_changed_nothing() -> None:
    office, chance = Office(), random.Random(20261130)
    for make in office.kinds.values():
        for _ in range(EACH):
            office.survives(make(chance))
