"""An annual plan stands on the worktable of whoever has to move it on."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assay.batches import acts
from assay.batches.queries import plans_waiting_for
from assay.centre.actors import actor_of
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_a_plan_waits_for_the_leading_group_and_when_drafted_or_returned_for_exam_affairs() -> None:
    f.centre()
    leader, officer = f.staff("L2"), f.staff("E1")

    def said() -> list[list[str]]:
        return [[e.said for e in plans_waiting_for(account)] for account in (leader, officer)]

    plan = acts.create_annual_plan(f.actor_with("E1", account=officer), year=2031, title="2031 年认定计划")
    assert said() == [[], ["已拟订，待提交领导小组"]]
    acts.submit_annual_plan(f.actor_with("E1", account=officer), plan)
    assert said() == [["待领导小组审核"], []]
    acts.decide_annual_plan(f.actor_with("L2", account=leader), plan, approve=False, reason="人数不实")
    assert said() == [[], ["被退回：人数不实"]]
    acts.submit_annual_plan(f.actor_with("E1", account=officer), plan)
    acts.decide_annual_plan(f.actor_with("L2", account=leader), plan, approve=True)
    assert said() == [[], []]


def test_who_drew_up_a_plan_is_not_asked_to_decide_over_it(client: Client) -> None:
    f.centre()
    both, leader = f.staff("E1", "L2"), f.staff("L2")
    plan = acts.create_annual_plan(actor_of(both), year=2032, title="2032 年认定计划")
    acts.submit_annual_plan(actor_of(both), plan)
    url = reverse("batches:plan_step", args=[plan.pk, "approve"])
    for account, asked in ((both, False), (leader, True)):
        client.force_login(account, "django.contrib.auth.backends.ModelBackend")
        page = client.get(reverse("batches:plans")).content.decode()
        assert (url in page) == asked
        assert ("由领导小组的其他人审核" in page) == (not asked)
        assert bool(list(plans_waiting_for(account))) == asked
    with pytest.raises(Refused, match="须由不同的人办理"):
        acts.decide_annual_plan(actor_of(both), plan, approve=True)


@pytest.mark.parametrize(
    ("state", "duties", "offered"),
    [
        ("draft", ("E1",), {"submit", "edit"}),
        ("returned", ("E1",), {"submit", "edit"}),
        ("submitted", ("E1",), set()),
        ("submitted", ("L2",), {"approve", "return"}),
        ("draft", ("L2",), set()),
        ("approved", ("E1", "L2"), set()),
    ],
)
def test_a_plan_offers_what_can_be_done_with_it_now(client: Client, state, duties, offered) -> None:
    f.centre()
    plan = f.batch("exam").plan
    type(plan).objects.filter(pk=plan.pk).update(state=state)
    client.force_login(f.staff(*duties), "django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("batches:plans")).content.decode()
    addresses = {name: reverse("batches:plan_step", args=[plan.pk, name]) for name in ("submit", "approve", "return")}
    addresses["edit"] = reverse("batches:plan_edit", args=[plan.pk])
    assert {name for name, url in addresses.items() if f'"{url}"' in page} == offered
    assert ('name="seen"' in page) == bool(offered)
