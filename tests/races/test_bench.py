"""The bench finds what it is there to find: acts that look before they lock, or lock nothing, are caught by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from assay.batches.models import AnnualPlan
from assay.kernel.acts import Context, act
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.races.deeds import Deed, People, World, deed
from tests.races.meeting import two_desks
from tests.races.verdicts import Meeting, meet

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
    pytest.mark.django_db(transaction=True),
]


@act("tests.submit_unlocked", duty="E1", title="试提交")
def submit_unlocked(ctx: Context, plan: AnnualPlan) -> None:
    _submit(ctx, plan)


@act("tests.submit_looking_first", duty="E1", title="试提交")
def submit_looking_first(ctx: Context, plan: AnnualPlan) -> None:
    if plan.state != "draft":
        raise Refused("已提交")
    plan = AnnualPlan.objects.select_for_update().get(pk=plan.pk)
    plan.state, plan.text = "submitted", plan.text + "提"
    plan.save()
    ctx.record(plan)


@act("tests.submit_locked", duty="E1", title="试提交")
def submit_locked(ctx: Context, plan: AnnualPlan) -> None:
    _submit(ctx, AnnualPlan.objects.select_for_update().get(pk=plan.pk))


@act("tests.remove_plan", duty="E1", title="试删除")
def remove_plan(ctx: Context, plan: AnnualPlan) -> None:
    ctx.record_removed(AnnualPlan, plan.pk)
    plan.delete()


def _submit(ctx: Context, plan: AnnualPlan) -> None:
    if plan.state != "draft":
        raise Refused("已提交")
    plan.state = "submitted"
    plan.save()
    ctx.record(plan)


def said(*functions: Callable[..., object]) -> str:
    """What the bench says of these acts when they meet on a draft."""

    def drafted(people: People) -> Iterator[Deed]:
        plan = f.annual_plan(state="draft")
        for function in functions:
            yield deed(people("E1"), function, plan)

    with two_desks() as desks:
        world = World("bench", drafted, frozenset())
        return meet(world, People(), desks, Meeting(0, len(functions) - 1)).wrong


@pytest.mark.parametrize("function", [submit_unlocked, submit_looking_first])
def test_what_two_do_that_only_one_may_is_caught(function: Callable[..., object]) -> None:
    assert "('done', 'done')" in said(function)


def test_a_row_that_comes_back_from_the_dead_is_caught() -> None:
    assert "removed" in said(remove_plan, submit_unlocked)


def test_an_act_that_locks_before_it_looks_passes() -> None:
    assert said(submit_locked) == ""
    assert said(remove_plan, submit_locked) == ""
