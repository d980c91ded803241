"""What becomes of a certificate is told to the province, once it has it, in order, until it is taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from testbed import programs

from assay.certificates.acts import issuing, telling
from assay.certificates.gates import all_are_issued_and_reported, what_came_up_later
from assay.certificates.models import Certificate, Change
from assay.certificates.report import certificate_rows
from assay.gateway import acts as gateway
from assay.gateway.delivery import deliver_due
from assay.gateway.province import Province, Reply
from assay.kernel import clock, verification
from assay.kernel.models import LedgerEntry, OutboxMessage
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.certificates.conftest import LEADER, OFFICER, Ready


@pytest.fixture
def province(tmp_path: Path, settings) -> Iterator[programs.Process]:
    process = programs.standin(tmp_path / "standin.sqlite3", settings.PROVINCE_TOKEN)
    process.start()
    settings.PROVINCE_URL = process.url
    yield process
    process.stop()


@pytest.fixture
def reported(issued: Certificate, province: programs.Process) -> Certificate:
    issuing.report(OFFICER, issued.application.batch)
    assert deliver_due().sent == 1
    issued.refresh_from_db()
    assert issued.reported
    return issued


def at_the_province(province: programs.Process, certificate: Certificate) -> dict[str, Any]:
    url = f"{province.url}/api/v1/certificates/{certificate.number}"
    return dict(httpx.get(url, params={"name": certificate.name}, trust_env=False).json())


def page(certificate: Certificate, *duties: str) -> str:
    client = Client()
    client.force_login(f.staff(*duties), backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("certificates:one", args=[certificate.pk])).content.decode()


def test_a_withdrawn_certificate_is_told_and_its_page_says_how_far_that_is(
    reported: Certificate, province: programs.Process
) -> None:
    issuing.withdraw(LEADER, reported, reason="替考查实", ground="fraud")
    assert "撤销<b>待报送</b>" in page(reported, "E13")
    waiting = [b.text for b in all_are_issued_and_reported(reported.application.batch)]
    assert waiting == ["1 项证书变更（撤销、更正、流水码）待省平台接收"]
    message = OutboxMessage.objects.get(kind="certificate_changes")
    (row,) = message.payload["rows"]
    assert (row["number"], row["state"], row["changed_on"]) == (
        reported.number, "withdrawn", clock.today().isoformat(),
    )  # fmt: skip
    assert "替考查实" in row["reason"]
    assert deliver_due().sent == 1
    assert at_the_province(province, reported)["state"] == "withdrawn"
    assert "撤销<b>已报送</b>" in page(reported, "E13")
    assert list(all_are_issued_and_reported(reported.application.batch)) == []


def test_one_withdrawn_while_its_first_report_is_on_its_way_is_told_after_it(
    issued: Certificate, province: programs.Process
) -> None:
    issuing.report(OFFICER, issued.application.batch)
    issuing.withdraw(LEADER, issued, reason="替考查实")
    assert not OutboxMessage.objects.filter(kind="certificate_changes").exists()
    assert deliver_due().sent == 1
    assert deliver_due().sent == 1
    assert at_the_province(province, issued)["state"] == "withdrawn"
    assert Change.objects.get().told_at is not None


def test_of_one_that_the_province_never_had_nothing_is_told(issued: Certificate) -> None:
    issuing.withdraw(LEADER, issued, reason="替考查实")
    assert not Change.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_when_the_report_is_refused_there_is_nothing_to_change_and_the_page_says_why(
    issued: Certificate, province: programs.Process
) -> None:
    issuing.report(OFFICER, issued.application.batch)
    message = OutboxMessage.objects.get()
    message.payload = {**message.payload, "rows": [{**message.payload["rows"][0], "name": "改过"}]}
    message.save()
    issuing.print_certificates(OFFICER, [issued], first_serial="41000077", reason="打印损坏")
    deliver_due()
    issued.refresh_from_db()
    assert not issued.reported
    assert "摘要" in issued.refusal
    assert "摘要与内容不符" in page(issued, "E13")
    assert not Change.objects.exists()
    issuing.report(OFFICER, issued.application.batch)
    assert deliver_due().sent == 1
    issued.refresh_from_db()
    assert (issued.reported, issued.refusal) == (True, "")


def test_a_reprint_after_the_report_brings_the_new_serial_to_the_province(
    reported: Certificate, province: programs.Process
) -> None:
    issuing.print_certificates(OFFICER, [reported], first_serial="41000050", reason="遗失补发")
    (row,) = OutboxMessage.objects.get(kind="certificate_changes").payload["rows"]
    assert (row["change"], row["print_serial"], row["reason"]) == ("reprinted", "41000050", "遗失补发")
    assert deliver_due().sent == 1
    assert at_the_province(province, reported)["change"] == "reprinted"


def test_changes_go_one_after_the_other_even_when_the_province_is_away(
    reported: Certificate, province: programs.Process
) -> None:
    province.kill()
    issuing.print_certificates(OFFICER, [reported], first_serial="41000050", reason="打印损坏")
    assert deliver_due().put_off == 1
    issuing.withdraw(LEADER, reported, reason="替考查实")
    assert OutboxMessage.objects.filter(kind="certificate_changes", state="pending").count() == 1
    province.start()
    with clock.moved_to(clock.now() + timedelta(hours=1)):
        assert [deliver_due().sent, deliver_due().sent, deliver_due().sent] == [1, 1, 0]
    kinds = OutboxMessage.objects.filter(kind="certificate_changes").order_by("pk").values_list("payload", flat=True)
    assert [payload["rows"][0]["change"] for payload in kinds] == ["reprinted", "withdrawn"]
    assert at_the_province(province, reported)["state"] == "withdrawn"


def test_a_change_that_the_province_refused_is_shown_and_sent_again(
    reported: Certificate, province: programs.Process
) -> None:
    issuing.print_certificates(OFFICER, [reported], first_serial="41000050", reason="打印损坏")
    change = Change.objects.get()
    telling.mark_changes_reported(
        f.actor_with("SYS"), reported.application.batch, accepted={}, refused={reported.number: (1, "系统维护")}
    )
    OutboxMessage.objects.filter(kind="certificate_changes").update(state="sent")
    assert "系统维护" in page(reported, "E13")
    assert next(b.text for b in what_came_up_later(reported.application.batch)) == "1 本证书未登记发放", (
        "on another sheet"
    )
    issuing.hand_out(OFFICER, [reported])
    assert [b.duty for b in what_came_up_later(reported.application.batch)] == ["E13"]
    telling.report_change(OFFICER, change)
    with pytest.raises(Refused, match="已在报送途中"):
        telling.report_change(OFFICER, change)
    assert deliver_due().sent == 1
    assert list(what_came_up_later(reported.application.batch)) == []
    with pytest.raises(Refused, match="省平台已接收"):
        telling.report_change(OFFICER, change)
    assert [row.what for row in verification.verify().findings if "证书变更" in row.where] == []


def test_while_the_data_are_on_their_way_they_are_not_reported_again(issued: Certificate) -> None:
    batch = issued.application.batch
    issuing.report(OFFICER, batch)
    for _ in range(3):
        with pytest.raises(Refused, match="已在报送途中"):
            issuing.report(OFFICER, batch)
    assert LedgerEntry.objects.filter(act="certificates.report").count() == 1


def test_a_refused_report_is_sent_again_only_while_it_still_says_what_is_so(issued: Certificate) -> None:
    sender = f.actor_with("E5")
    issuing.report(OFFICER, issued.application.batch)
    message = OutboxMessage.objects.get()
    with pytest.raises(Refused, match="只有被拒收的消息"):
        gateway.send_again(sender, message)
    gateway.record_refusal(f.actor_with("SYS"), message, reason="维护中")
    gateway.send_again(sender, message)
    gateway.record_refusal(f.actor_with("SYS"), message, reason="维护中")
    issuing.print_certificates(OFFICER, [issued], first_serial="41000099", reason="打印损坏")
    with pytest.raises(Refused, match="内容已变"):
        gateway.send_again(sender, message)


def test_the_row_of_a_report_says_what_the_certificate_says(issued: Certificate) -> None:
    (row,) = certificate_rows([issued])
    assert (row["name"], row["print_serial"], row["level"]) == (issued.name, "41000001", "4")


def test_before_its_stage_nothing_is_reported_numbered_printed_or_handed_out(ready: Ready) -> None:
    ready.candidate()
    (made,) = issuing.number(OFFICER, ready.batch)
    ready.batch.stage = "notice"
    ready.batch.save()
    for deed in (
        lambda: issuing.report(OFFICER, ready.batch),
        lambda: issuing.number(OFFICER, ready.batch),
        lambda: issuing.print_certificates(OFFICER, [made], first_serial="41000001"),
    ):
        with pytest.raises(Refused, match="现处"):
            deed()
    Certificate.objects.update(print_serial="41000001")
    with pytest.raises(Refused, match="不能发放"):
        issuing.hand_out(OFFICER, [made])


@pytest.mark.parametrize("stage", ["archive", "closed"])
def test_after_its_stage_there_is_nobody_left_to_number(ready: Ready, stage: str) -> None:
    ready.candidate()
    issuing.number(OFFICER, ready.batch)
    ready.batch.stage = stage
    ready.batch.save()
    with pytest.raises(Refused, match="没有待编制证书的人员"):
        issuing.number(OFFICER, ready.batch)


def test_everything_that_stands_in_the_way_of_printing_is_said_at_once(ready: Ready) -> None:
    for _ in range(2):
        ready.candidate()
    made = issuing.number(OFFICER, ready.batch)
    for certificate in made:
        issuing.withdraw(LEADER, certificate, reason="核发有误")
    with pytest.raises(Refused) as refused:
        issuing.print_certificates(OFFICER, made, first_serial="41000001")
    assert all(certificate.number in refused.value.message for certificate in made)
    with pytest.raises(Refused, match="已撤销"):
        issuing.hand_out(OFFICER, made)


@pytest.mark.parametrize(("reason", "ground"), [("", "fraud"), ("替考", "because")])
def test_a_withdrawal_says_why_in_both_wordings(issued: Certificate, reason: str, ground: str) -> None:
    with pytest.raises(Refused, match="撤销"):
        issuing.withdraw(LEADER, issued, reason=reason, ground=ground)


def test_only_numbers_that_were_sent_are_marked_as_reported(issued: Certificate) -> None:
    other = f.batch("exam", "certificates")
    count = issuing.mark_reported(
        f.actor_with("SYS"), other, accepted=[issued.number, "S000041000123264009999"], refused={}
    )
    assert count == 0
    issued.refresh_from_db()
    assert not issued.reported


def test_an_answer_that_two_rounds_bring_is_taken_down_once(
    issued: Certificate, province: programs.Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuing.report(OFFICER, issued.application.batch)
    send, inner = Province.send, []

    def while_another_round_runs(self: Province, *message: Any) -> Reply:
        if not inner:
            inner.append(True)
            inner.append(deliver_due().sent)
        return send(self, *message)

    monkeypatch.setattr(Province, "send", while_another_round_runs)
    deliver_due()
    assert inner == [True, 1]
    assert LedgerEntry.objects.filter(act="gateway.record_delivery").count() == 1
    assert LedgerEntry.objects.filter(act="certificates.mark_reported").count() == 1
