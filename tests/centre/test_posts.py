"""A post that loses a duty: the centre keeps somebody who leads it."""

from __future__ import annotations

import pytest

from assay.centre.actors import actor_of
from assay.centre.acts.accounts import save_post
from assay.centre.models import Account, Post
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader() -> Account:
    return f.staff("L1", "L2")


def without_leading(account: Account) -> Post:
    post = account.appointments.get().post
    post.duties = ["L2"]
    return post


def test_leading_is_not_taken_from_the_post_of_the_last_who_leads(leader: Account) -> None:
    with pytest.raises(Refused, match=r"没有人承担“设立机构、配备人员”的职责.*请先给别人任职"):
        save_post(actor_of(leader), without_leading(leader))
    assert Post.objects.get(appointments__account=leader).duties == ["L1", "L2"]


def test_nobody_out_of_use_or_about_to_go_counts_as_leading(leader: Account) -> None:
    disabled, going = f.staff("L1", is_active=False), f.staff("L1")
    assert not disabled.is_active
    held = going.appointments.get()
    held.until = held.since
    held.save()
    with pytest.raises(Refused, match="没有人承担“设立机构、配备人员”的职责"):
        save_post(actor_of(leader), without_leading(leader))


def test_it_goes_once_another_leads(leader: Account) -> None:
    f.staff("L1")
    assert save_post(actor_of(leader), without_leading(leader)).duties == ["L2"]


def test_a_post_that_nobody_holds_loses_what_it_likes(leader: Account) -> None:
    spare = Post.objects.create(code="spare", title="备用岗位", group="测试", duties=["L1", "L2"])
    spare.duties = ["L2"]
    assert save_post(actor_of(leader), spare).duties == ["L2"]
