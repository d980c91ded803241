"""An annual plan stands on the worktable of whoever has to move it on."""

from __future__ import annotations

import pytest

from assay.batches import acts
from assay.batches.queries import plans_waiting_for
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_a_plan_waits_for_the_leading_group_and_when_returned_for_exam_affairs() -> None:
    f.centre()
    leader, officer = f.staff("L2"), f.staff("E1")

    def said() -> list[list[str]]:
        return [[e.said for e in plans_waiting_for(account)] for account in (leader, officer)]

    plan = acts.create_annual_plan(f.actor_with("E1", account=officer), year=2031, title="2031 年认定计划")
    assert said() == [[], []]
    acts.submit_annual_plan(f.actor_with("E1", account=officer), plan)
    assert said() == [["待领导小组审核"], []]
    acts.decide_annual_plan(f.actor_with("L2", account=leader), plan, approve=False, reason="人数不实")
    assert said() == [[], ["被退回：人数不实"]]
    acts.submit_annual_plan(f.actor_with("E1", account=officer), plan)
    acts.decide_annual_plan(f.actor_with("L2", account=leader), plan, approve=True)
    assert said() == [[], []]
