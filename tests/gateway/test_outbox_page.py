"""The page of messages offers sending to whoever may send, and sending once more where it would be taken."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assay.centre.models import Account
from assay.kernel import clock
from assay.kernel.correspondence import kinds
from assay.kernel.models import OutboxMessage
from tests import factories as f

pytestmark = pytest.mark.django_db
AGAIN, NOW = ">重新发送</button>", ">立即发送并查询审批</button>"


@pytest.fixture
def message() -> OutboxMessage:
    f.centre()
    return OutboxMessage.objects.create(
        kind="filing", key="refused-one", about="filing.filing", about_id="1", payload={}, state="refused",
        last_error="缺工种", created_at=clock.now(), next_at=clock.now(),
    )  # fmt: skip


def page_for(who: Account) -> str:
    client = Client()
    client.force_login(who)
    return client.get(reverse("gateway:outbox")).content.decode()


@pytest.mark.parametrize(("duty", "now", "again"), [("E5", True, True), ("E9", True, False), ("E12", False, False)])
def test_each_is_offered_what_is_theirs(message: OutboxMessage, duty: str, now: bool, again: bool) -> None:
    page = page_for(f.staff(duty))
    assert (NOW in page, AGAIN in page) == (now, again)
    assert "refused-one 被拒收：缺工种" in page


def test_everybody_reads_why_a_message_is_not_sent_once_more(
    message: OutboxMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        kinds, "filing", type(kinds["filing"])("filing", "认定计划", "/", not_again=lambda _: "内容已变")
    )
    for duty in ("E5", "E12"):
        page = page_for(f.staff(duty))
        assert "内容已变" in page
        assert AGAIN not in page


def test_a_message_that_is_on_its_way_already_is_not_sent_twice(message: OutboxMessage, client: Client) -> None:
    client.force_login(f.staff("E5"))
    again = reverse("gateway:send_again", args=[message.pk])
    assert client.post(again).status_code == 302
    second = client.post(again)
    assert second.status_code == 409
    assert "只有被拒收的消息可以重新发送" in second.content.decode()
