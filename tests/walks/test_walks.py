"""Walks at random through the whole house, beside those which `test_paths` sets out on."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from assay.kernel import clock
from tests.walks.machine import Walk
from tests.walks.school import BEGINS, founded

FEW = settings(
    max_examples=6, stateful_step_count=45, derandomize=True, database=None, deadline=None, print_blob=False,
    suppress_health_check=list(HealthCheck), phases=[Phase.generate],
)  # fmt: skip
MANY = settings(FEW, max_examples=400, stateful_step_count=70, derandomize=False, print_blob=True)


def walk(how: settings) -> None:
    with clock.moved_to(BEGINS):
        Walk.school = founded()
    run_state_machine_as_test(Walk, settings=how)


@pytest.mark.django_db
def test_no_walk_ends_with_a_certificate_that_nothing_gives_a_right_to() -> None:
    walk(FEW)


@pytest.mark.soak
@pytest.mark.django_db
def test_nor_does_any_of_many_longer_walks() -> None:
    walk(MANY)
