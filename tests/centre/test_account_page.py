"""The page of an account offers what its acts would do to it, and says how it stands in whole sentences."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assay.centre.actors import actor_of
from assay.centre.acts import accounts, enrolling
from assay.centre.models import Account, Appointment, SecondFactor
from assay.kernel import clock
from assay.kernel.acts import why_not
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(client: Client) -> Account:
    f.centre()
    account = f.staff("L1")
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return account


def page(client: Client, account: Account) -> str:
    return client.get(reverse("centre:account", args=[account.pk])).content.decode()


def test_nobody_puts_the_own_account_out_of_use(client: Client, leader: Account) -> None:
    other = f.staff("E1")
    assert reverse("centre:active", args=[other.pk]) in page(client, other)
    assert reverse("centre:active", args=[leader.pk]) not in page(client, leader)
    with pytest.raises(Refused, match="不能停用自己正在使用的账号"):
        accounts.set_active(actor_of(leader), leader, False)


def test_a_lost_telephone_is_reset_where_there_is_one(client: Client, leader: Account) -> None:
    other = f.staff("E1")
    address = reverse("desk:reset_second_factor", args=[other.pk])
    assert "没有启用" in page(client, other)
    assert address not in page(client, other)
    telephone = SecondFactor.objects.create(account=other, secret="x", recovery=["a", "b"], used=[], since=clock.now())
    assert "恢复码剩 2 个" in page(client, other)
    assert address in page(client, other)
    SecondFactor.objects.filter(pk=telephone.pk).update(account=leader)
    against = why_not(enrolling.reset, actor_of(leader), leader)
    assert against is not None
    assert "涉及您本人" in against.message


def test_a_post_that_was_given_up_is_not_given_up_again(client: Client, leader: Account) -> None:
    other = f.staff("E1")
    (held,) = other.appointments.all()
    ending = reverse("centre:end_appointment", args=[other.pk, held.pk])
    assert ending in page(client, other)
    accounts.end_appointment(actor_of(leader), held, clock.today() + timedelta(days=1))
    assert ending in page(client, other)
    with pytest.raises(Refused, match="只能提前"):
        accounts.end_appointment(actor_of(leader), held, clock.today() + timedelta(days=1))
    accounts.end_appointment(actor_of(leader), held, clock.today() - timedelta(days=1))
    assert ending not in page(client, other)
    with pytest.raises(Refused, match="免职"):
        accounts.end_appointment(actor_of(leader), held, clock.today() - timedelta(days=2))


def ended(client: Client, held: Appointment, **given: object) -> str:
    address = reverse("centre:end_appointment", args=[held.account_id, held.pk])
    return client.post(address, given, follow=True).content.decode()


def test_until_when_somebody_is_in_a_post_is_said_as_it_is(client: Client, leader: Account) -> None:
    (today_still,), (not_any_more,), (at_once,) = (f.staff("E1").appointments.all() for _ in range(3))
    day = clock.today()
    assert f"任至 {day}（当日仍有效" in ended(client, today_still, until=day)
    assert "E1" in actor_of(today_still.account).duties
    said = ended(client, not_any_more, until=day - timedelta(days=1))
    assert f"任至 {day - timedelta(days=1)}" in said
    assert "当日仍有效，" not in said.partition("免职：")[0]
    assert "即时失效" in ended(client, at_once, until=day, at_once="1")
    assert actor_of(not_any_more.account).duties == actor_of(at_once.account).duties == frozenset()
    assert "即时失效" in ended(client, today_still, until=day, at_once="1")
    assert actor_of(today_still.account).duties == frozenset()


def test_who_was_appointed_today_or_for_a_day_to_come_can_be_ended_at_once(client: Client, leader: Account) -> None:
    for later in (0, 5):
        (held,) = f.staff("E1").appointments.all()
        Appointment.objects.filter(pk=held.pk).update(since=clock.today() + timedelta(days=later))
        assert "即时失效" in ended(client, held, until=clock.today(), at_once="1")
        assert not held.account.appointments.exists()
        entry = LedgerEntry.objects.filter(act="centre.end_appointment").order_by("-seq")[0]
        assert "任职撤销" in entry.note


def test_nobody_takes_the_centre_its_last_leader_at_once_either(client: Client, leader: Account) -> None:
    (held,) = leader.appointments.all()
    assert "就没有人承担" in ended(client, held, until=clock.today(), at_once="1")
    assert leader.appointments.get().until is None


def test_how_an_account_stands_is_said(client: Client, leader: Account) -> None:
    other = f.staff("E1")
    assert "工作人员账号，启用中。" in page(client, other)
    assert "本人已设" in page(client, other)
    accounts.set_password(actor_of(leader), other, "a-first-password-1")
    accounts.set_active(actor_of(leader), other, False)
    shown = page(client, other)
    assert "工作人员账号，<b>已停用</b>，下次登录须改密码。" in shown
    assert "前有效" in shown
