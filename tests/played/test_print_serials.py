"""Print serials of the blank sheets: one a certificate, never twice, moved on by a reprint."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from assay.batches.models import Batch
from assay.centre.models import Account, ParameterValue
from assay.certificates.acts import issuing
from assay.certificates.models import Certificate, SpoiledSheet
from assay.kernel import verification
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.played.conftest import Played

OFFICER = f.actor_with("E13")


def some() -> list[Certificate]:
    return list(Certificate.objects.order_by("number")[:3])


def serials() -> list[str]:
    return [certificate.print_serial for certificate in some()]


def test_a_reprint_takes_a_new_sheet_with_a_reason_and_the_former_one_is_never_used_again(played: Played) -> None:
    former = serials()[0]
    with pytest.raises(Refused, match=f"已打印（流水码 {former}），重新打印须"):
        issuing.print_certificates(OFFICER, some()[:1], first_serial="77000001")
    issuing.print_certificates(OFFICER, some()[:1], first_serial="77000001", reason="打印损坏")
    assert serials()[0] == "77000001"
    assert some()[0].printed_times == 2
    spoiled = SpoiledSheet.objects.get()
    assert (spoiled.serial, spoiled.reason, spoiled.certificate) == (former, "打印损坏", some()[0])
    with pytest.raises(Refused, match=f"印制流水码 {former} 已用过"):
        issuing.print_certificates(OFFICER, some()[1:2], first_serial=former, reason="补发")
    assert not verification.verify().findings


def test_a_serial_that_is_on_another_certificate_is_refused_by_the_act_and_by_the_table(played: Played) -> None:
    before = serials()
    with pytest.raises(Refused, match=f"印制流水码 {before[2]} 已用过"):
        issuing.print_certificates(OFFICER, some()[:1], first_serial=before[2], reason="更换")
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=some()[0].pk).update(print_serial=before[2])
    assert serials() == before


def page_of(username: str, certificate: Certificate) -> tuple[Client, str]:
    client = Client()
    client.force_login(Account.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return client, client.get(reverse("certificates:one", args=[certificate.pk])).content.decode()


def test_a_certificate_is_reprinted_and_withdrawn_on_its_own_page_by_whose_duty_it_is(played: Played) -> None:
    certificate = some()[0]
    officer, page = page_of("zhengshu", certificate)
    assert "登记重新打印" in page
    assert "撤销原因" not in page
    said = officer.post(
        reverse("certificates:reprint", args=[certificate.pk]),
        {"first_serial": "77000002", "reason": "遗失补发"},
        follow=True,
    ).content.decode()
    assert "新流水码随即报送省平台" in said
    assert "流水码变更待报送" in strip_tags(said)
    assert "遗失补发" in said
    leader, page = page_of("xiaozhang", certificate)
    assert "撤销证书" in page
    assert "登记重新打印" not in page
    leader.post(reverse("certificates:withdraw", args=[certificate.pk]), {"reason": "冒名顶替", "ground": "fraud"})
    public = Client().post(reverse("portal:verify"), {"number": certificate.number, "name": certificate.name})
    assert "该证书已撤销" in public.content.decode()
    assert "以弄虚作假等不正当手段取得" in public.content.decode()
    assert "冒名顶替" not in public.content.decode()
    assert "登记重新打印" not in page_of("zhengshu", certificate)[1]


def test_nobody_is_told_to_print_a_code_that_only_this_computer_can_open(played: Played) -> None:
    batch = Batch.objects.get(route="exam")
    Batch.objects.filter(pk=batch.pk).update(stage="certificates")
    client, _ = page_of("zhengshu", some()[0])
    url = reverse("certificates:batch", args=[batch.pk])
    assert "二维码指向 http://127.0.0.1:8000" in client.get(url).content.decode()
    ParameterValue.objects.update_or_create(key="site.url", defaults={"value": "https://rending.example.cn"})
    assert "二维码指向" not in client.get(url).content.decode()
