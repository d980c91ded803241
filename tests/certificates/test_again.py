"""After a withdrawal: another certificate, with another number, for whom it is so decided and not barred."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from assay.certificates.acts import issuing
from assay.certificates.gates import what_came_up_later
from assay.certificates.models import Certificate, certificate_of
from assay.certificates.printing import pass_list
from assay.certificates.queries import to_number
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.certificates.conftest import LEADER, OFFICER
from tests.certificates.test_pages import BACKEND, shown, signed_in
from tests.papers import text_of


def withdrawn(certificate: Certificate, ground: str = "mistaken") -> Certificate:
    return issuing.withdraw(LEADER, certificate, reason="性别录错", ground=ground)


def decided(certificate: Certificate) -> None:
    issuing.decide_right(LEADER, certificate.application, verdict="again", reason="信息已更正，合格有效")


def test_another_one_comes_in_the_place_of_a_withdrawn_one_once_it_is_decided(issued: Certificate) -> None:
    batch = issued.application.batch
    withdrawn(issued)
    assert not to_number(batch).exists(), "not by itself"
    with pytest.raises(Refused, match="没有待编制证书的人员"):
        issuing.number(OFFICER, batch)
    decided(issued)
    (other,) = issuing.number(OFFICER, batch)
    assert (issued.number[-6:], other.number[-6:]) == ("000001", "000002")
    assert certificate_of(issued.application) == other
    assert not to_number(batch).exists()
    assert other.number in text_of(pass_list(batch))
    assert issued.number not in text_of(pass_list(batch))
    with pytest.raises(Refused, match="已编制证书"):
        decided(issued)


def test_a_second_withdrawal_takes_a_second_decision(issued: Certificate) -> None:
    withdrawn(issued)
    decided(issued)
    (other,) = issuing.number(OFFICER, issued.application.batch)
    withdrawn(other)
    assert not to_number(issued.application.batch).exists()
    decided(issued)
    assert to_number(issued.application.batch).count() == 1


@pytest.mark.parametrize("ground", ["fraud", "misconduct"])
def test_who_lost_it_by_fraud_gets_no_other(issued: Certificate, ground: str) -> None:
    withdrawn(issued, ground)
    with pytest.raises(Refused, match=f"证书 {issued.number} 因“.*”撤销，不能重新核发"):
        decided(issued)
    assert ">同意重新核发<" not in shown(issued, signed_in("L2"))
    assert "不能重新核发" in shown(issued, signed_in("L2"))


def test_whose_certificate_was_never_withdrawn_needs_no_such_decision(issued: Certificate) -> None:
    with pytest.raises(Refused, match="已编制证书"):
        decided(issued)


def test_after_its_batch_was_closed_it_is_numbered_printed_handed_out_and_reported(issued: Certificate) -> None:
    batch = issued.application.batch
    Certificate.objects.update(reported=True)
    batch.stage = "closed"
    batch.save()
    withdrawn(issued)
    assert [b.text for b in what_came_up_later(batch) if "重新核发" in b.text] == []
    director, officer = signed_in("L2"), signed_in("E13")
    assert ">同意重新核发<" in shown(issued, director)
    assert ">同意重新核发<" not in shown(issued, officer)
    address = reverse("certificates:decide_right", args=[issued.application_id])
    assert director.post(address, {"verdict": "again", "reason": "信息已更正"}).status_code == 302
    assert ">同意重新核发<" not in shown(issued, director), "it is decided"
    assert "1 人撤销后重新核发，待编制证书" in [b.text for b in what_came_up_later(batch)]
    officer.post(reverse("certificates:number", args=[batch.pk]))
    other = Certificate.objects.in_force().get()
    assert "1 本证书未报送省平台" in [b.text for b in what_came_up_later(batch)]
    issuing.print_certificates(OFFICER, [other], first_serial="41000002")
    issuing.hand_out(OFFICER, [other])
    assert issuing.report(OFFICER, batch) == 1
    holder = Client()
    holder.force_login(f.candidate(issued.application.person), backend=BACKEND)
    mine = holder.get(reverse("portal:home")).content.decode()
    assert reverse("certificates:my_certificate", args=[other.pk]) in mine
    assert "已发证" in mine


def test_no_application_has_two_certificates_in_force(issued: Certificate) -> None:
    fields = {
        field.attname: getattr(issued, field.attname)
        for field in Certificate._meta.fields
        if field.name not in ("id", "number", "print_serial")
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(number="S000041000123264999999", **fields)
