"""The province is down, refuses, or answers late: nothing is lost and nothing is sent twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from testbed import programs

from assay.filing.models import Filing
from assay.gateway import heads
from assay.gateway.delivery import deliver_due, poll_answers
from assay.gateway.province import Province, Unreachable
from assay.kernel import clock, ledger, outbox
from assay.kernel.acts import Context, act
from assay.kernel.models import Checkpoint, OutboxMessage, OutsideHead
from assay.kernel.verification import verify
from assay.kernel.verifying_heads import HeldHead
from tests import factories as f
from tests.standin.messages import filing

pytestmark = pytest.mark.django_db


@act("tests.file", duty="E5", title="测试上报")
def file_with_the_province(ctx: Context, filing_: Filing, payload: dict[str, Any]) -> None:
    outbox.enqueue(ctx, "filing", filing_, payload, key=f"filing-{filing_.pk}")
    ctx.record(filing_)


@pytest.fixture
def province(tmp_path: Path, settings) -> Iterator[programs.Process]:
    process = programs.standin(tmp_path / "standin.sqlite3", settings.PROVINCE_TOKEN)
    process.start()
    settings.PROVINCE_URL = process.url
    yield process
    process.stop()


@pytest.fixture
def sent() -> Filing:
    f.centre()
    batch = f.batch("exam", stage="filing")
    made = Filing.objects.create(
        batch=batch, version=1, document=filing(), digest="0" * 64, sent_on=clock.today(), state="sent"
    )
    file_with_the_province(f.actor_with("E5"), made, filing())
    return made


def mood(province: programs.Process, settings: Any, **wanted: int) -> None:
    headers = {"Authorization": f"Bearer {settings.PROVINCE_TOKEN}"}
    assert httpx.post(f"{province.url}/api/v1/_mood", json=wanted, headers=headers, trust_env=False).status_code == 200


def received(province: programs.Process, settings: Any) -> int:
    """How many filings the province has, as its page counts them."""
    with httpx.Client(base_url=province.url, follow_redirects=True, trust_env=False) as client:
        client.post("/sign-in", data={"token": settings.PROVINCE_TOKEN})
        return client.get("/?kind=filings").text.count('href="/received/')


def test_a_message_waits_while_the_province_is_down_and_goes_when_it_is_back(province, settings, sent) -> None:
    province.kill()
    assert deliver_due().put_off == 1
    message = OutboxMessage.objects.get()
    assert (message.state, message.attempts) == ("pending", 1)
    assert message.next_at > clock.now()
    assert deliver_due().put_off == 0  # not due yet: it does not hammer
    province.start()
    with clock.moved_to(clock.now() + timedelta(hours=1)):
        assert deliver_due().sent == 1
    assert received(province, settings) == 1


def test_pauses_grow_with_every_failure(province, settings, sent) -> None:
    mood(province, settings, fail_next=3)
    pauses = []
    for hour in range(1, 4):
        with clock.moved_to(clock.now() + timedelta(days=hour)):
            deliver_due()
            pauses.append(OutboxMessage.objects.get().next_at - clock.now())
    assert pauses[0] < pauses[1] < pauses[2]


def test_an_answer_that_got_lost_on_the_way_does_not_file_twice(province, settings, sent) -> None:
    mood(province, settings, delay_ms=3000)
    message = OutboxMessage.objects.get()
    with Province(timeout=0.5) as impatient, pytest.raises(Unreachable):
        impatient.send("/api/v1/filings", message.payload, message.key)
    mood(province, settings)
    assert deliver_due().sent == 1
    assert received(province, settings) == 1


def test_content_that_the_province_refuses_is_not_sent_for_ever(province, settings, sent) -> None:
    message = OutboxMessage.objects.get()
    message.payload = {**message.payload, "lines": []}
    message.save()
    assert deliver_due().refused == 1
    message.refresh_from_db()
    assert message.state == "refused"
    assert "工种" in message.last_error
    assert deliver_due().refused == 0


@pytest.mark.parametrize(("state", "reason"), [("approved", ""), ("returned", "考评员证卡不全")])
def test_the_provinces_decision_comes_back_with_its_reason(province, settings, sent, state, reason) -> None:
    deliver_due()
    assert poll_answers().answered == 0
    with httpx.Client(base_url=province.url, follow_redirects=True, trust_env=False) as client:
        client.post("/sign-in", data={"token": settings.PROVINCE_TOKEN})
        number = client.get("/").text.split('href="/received/', 1)[1].split('"', 1)[0]
        csrf = client.get(f"/received/{number}").text.split('name="csrf" value="', 1)[1].split('"', 1)[0]
        form = {"csrf": csrf, "state": state, "reason": reason, "by": "省中心审核员"}
        assert client.post(f"/received/{number}/decision", data=form).status_code == 200
    assert poll_answers().answered == 1
    sent.refresh_from_db()
    assert (sent.state, sent.reason, sent.decided_by) == (state, reason, "省中心审核员")
    assert poll_answers().answered == 0


def test_the_newest_head_of_the_ledger_goes_with_each_message_and_is_known_to_be_outside(
    province, settings, sent
) -> None:
    head = ledger.checkpoint()
    assert head is not None
    assert deliver_due().sent == 1
    kept = OutsideHead.objects.get()
    assert (kept.place, kept.size, kept.note) == ("省平台", head.size, head.note)
    headers = {"Authorization": f"Bearer {settings.PROVINCE_TOKEN}"}
    told = httpx.get(f"{province.url}/api/v1/ledger-heads", headers=headers, trust_env=False).json()["heads"]
    assert [(one["size"], one["note"], one["contradicted"]) for one in told] == [(head.size, head.note, False)]
    assert httpx.get(f"{province.url}/api/v1/ledger-heads", trust_env=False).status_code == 401
    assert verify([HeldHead("省平台", told[0]["note"])]).findings == verify().findings


def test_a_message_without_a_head_or_with_something_else_in_its_place_is_taken_all_the_same(province, settings) -> None:
    with Province() as channel:
        for n, given in enumerate(("", "====", "5Y+q5piv5LiA5Y+l6K+d", "A" * 5000)):
            reply = channel.send("/api/v1/filings", filing(), f"head-{n}", {"Ledger-Head": given})
            assert reply.body["filing_id"]
            assert "Ledger-Head-Received" not in reply.headers


def test_heads_are_kept_in_a_folder_of_others_once_each_and_a_folder_that_is_gone_is_tried_again(
    settings, tmp_path: Path
) -> None:
    record = act(f"tests.folder_{tmp_path.name}", duty="E5", title="测试签署")(lambda ctx, row: ctx.record(row))
    record(f.actor_with("E5"), f.department())
    head = ledger.checkpoint()
    assert head is not None
    settings.HEADS_DIR = str(tmp_path / "share")
    heads.keep_in_folder()
    assert not OutsideHead.objects.exists()
    assert "还没有留存在系统外" in heads.not_kept()
    (tmp_path / "share").mkdir()
    heads.keep_in_folder()
    heads.keep_in_folder()
    (written,) = (tmp_path / "share").iterdir()
    assert written.read_text() == head.note
    assert OutsideHead.objects.get().size == head.size
    assert heads.not_kept() == ""


def test_a_ledger_that_grew_is_signed_once_a_day_though_no_stage_ends() -> None:
    record = act("tests.daily", duty="E5", title="测试每日签署")(lambda ctx, row: ctx.record(row))
    heads.sign_daily()
    assert not Checkpoint.objects.exists()
    for expected, hours in ((1, 0), (1, 5), (2, 25), (2, 26)):
        with clock.moved_to(clock.now() + timedelta(hours=hours)):
            record(f.actor_with("E5"), f.department())
            heads.sign_daily()
        assert Checkpoint.objects.count() == expected, hours
    with clock.moved_to(clock.now() + timedelta(hours=60)):
        heads.sign_daily()
        heads.sign_daily()
    assert Checkpoint.objects.count() == 3
