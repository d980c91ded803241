"""Walks at random through the whole house, beside those which `test_paths` sets out on."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from assay.kernel import clock, separation
from tests.walks.machine import Walk
from tests.walks.school import BEGINS, founded

FEW = settings(
    max_examples=20, stateful_step_count=45, derandomize=True, database=None, deadline=None, print_blob=False,
    suppress_health_check=list(HealthCheck), phases=[Phase.generate],
)  # fmt: skip
MANY = settings(
    FEW, max_examples=400, stateful_step_count=70, derandomize=False, print_blob=True,
    phases=[Phase.generate, Phase.shrink],
)  # fmt: skip


def walk(how: settings) -> None:
    """Walks, of which a good share has to come to certificates: else they would prove nothing."""
    with clock.moved_to(BEGINS):
        Walk.school, Walk.tally = founded(), Counter()
    run_state_machine_as_test(Walk, settings=how)
    said = "\n".join(f"{count:4} {what}" for what, count in sorted(Walk.tally.items()))
    assert Walk.tally["certificates.number"] >= how.max_examples // 5, said


@pytest.mark.django_db
def test_no_walk_ends_with_a_certificate_that_nothing_gives_a_right_to() -> None:
    walk(FEW)


@pytest.mark.django_db
def test_the_walks_notice_when_nothing_keeps_deeds_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the walks would say of a house in which one hand may do both halves: else their silence would prove nothing."""
    monkeypatch.setattr(separation, "require_apart", lambda *_: None)
    with pytest.raises(
        AssertionError, match=r"reviewed by the candidate|both reviews by|approved by who drew it up|oneself"
    ):
        walk(settings(FEW, max_examples=6))


@pytest.mark.soak
@pytest.mark.django_db
def test_nor_does_any_of_many_longer_walks() -> None:
    walk(MANY)
