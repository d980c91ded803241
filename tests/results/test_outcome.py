"""Outcomes: every part must pass, absent is not zero, nothing is averaged."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from assay.results.rules import TakenPart, outcome

PASS = Decimal(60)
marks = st.integers(0, 1000).map(lambda n: Decimal(n) / 10)
taken = st.builds(lambda mark: TakenPart(mark), marks)
missed = st.just(TakenPart(None, absent=True))
unmarked = st.just(TakenPart(None))
exempt = st.builds(lambda p: TakenPart(p.mark, p.absent, required=False), taken | missed | unmarked)


@given(st.lists(taken, min_size=1, max_size=3))
def test_passing_needs_every_part(parts: list[TakenPart]) -> None:
    expected = "pass" if all(p.mark >= PASS for p in parts) else "fail"
    assert outcome(parts, PASS) == expected


@given(st.lists(taken | missed | unmarked, min_size=1, max_size=3), st.lists(exempt, max_size=2))
def test_exempt_parts_never_change_the_outcome(parts: list[TakenPart], others: list[TakenPart]) -> None:
    assert outcome([*parts, *others], PASS) == outcome(parts, PASS)


@given(st.lists(exempt, max_size=3))
def test_nobody_passes_without_a_part_that_counts(parts: list[TakenPart]) -> None:
    assert outcome(parts, PASS) == "incomplete"


def test_absent_is_its_own_outcome_and_not_zero() -> None:
    assert outcome([TakenPart(None, absent=True), TakenPart(None, absent=True)], PASS) == "absent"
    assert outcome([TakenPart(Decimal(0)), TakenPart(Decimal(0))], PASS) == "fail"
    assert outcome([TakenPart(Decimal(90)), TakenPart(None, absent=True)], PASS) == "fail"
    assert outcome([TakenPart(Decimal(90)), TakenPart(None)], PASS) == "incomplete"


def test_sixty_passes_and_a_tenth_less_does_not() -> None:
    assert outcome([TakenPart(Decimal("60.0"))], PASS) == "pass"
    assert outcome([TakenPart(Decimal("59.9"))], PASS) == "fail"
