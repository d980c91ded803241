"""A misprint is corrected by two people; the number stays, the old sheet and its QR code are void, everybody can read what was."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from assay.certificates import credential, published, status_list, verification
from assay.certificates.acts import correcting, issuing
from assay.certificates.gates import all_are_issued_and_reported
from assay.certificates.models import Certificate, Change, CodeIndex, Correction, SpoiledSheet
from assay.kernel import clock
from assay.kernel.acts import Actor
from assay.kernel.models import LedgerEntry, OutboxMessage
from assay.kernel.refusals import NotAllowed, Refused
from tests import factories as f
from tests.certificates.conftest import LEADER, OFFICER

PAPER = b"%PDF-1.4 identity card"


def photo() -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (295, 413), "white")
    image.paste(Image.effect_noise((175, 323), 200).convert("RGB"), (60, 90))
    image.paste("tan", (100, 120, 195, 260))
    image.save(out, "JPEG")
    return out.getvalue()


def officer() -> Actor:
    return f.actor_with("E13", account=f.staff("E13"))


def director() -> Actor:
    return f.actor_with("L2", account=f.staff("L2"))


def proposed(certificate: Certificate, **printed: Any) -> Correction:
    return correcting.propose_correction(
        officer(), certificate, printed=printed or {"name": "欧阳更正"}, reason="姓名录错一字", paper=PAPER
    )


def corrected(certificate: Certificate, **printed: Any) -> Certificate:
    correcting.decide_correction(director(), proposed(certificate, **printed), approve=True)
    certificate.refresh_from_db()
    return certificate


def status_of(certificate: Certificate, edition: int) -> int | None:
    """What the published list says of an edition."""
    listed = status_list.read(Client().get(reverse("portal:verify_status")).content, credential.public_keys().values())
    assert listed is not None
    return listed.of(certificate.code_indexes.get(edition=edition).index)


def token(certificate: Certificate) -> str:
    return verification.qr_text(certificate).rsplit("/", 1)[1]


def test_a_correction_needs_a_second_person(issued: Certificate) -> None:
    both = f.staff("E13", "L2")
    alone = f.actor_with("E13", "L2", account=both)
    correction = correcting.propose_correction(alone, issued, printed={"name": "欧阳更正"}, reason="录错", paper=PAPER)
    with pytest.raises(Refused, match=r"提出证书更正与审批更正须由不同的人办理：.*已由您办理“提出证书更正”"):
        correcting.decide_correction(alone, correction, approve=True)
    with pytest.raises(NotAllowed):
        correcting.decide_correction(officer(), correction, approve=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.filter(pk=correction.pk).update(decided_account=both)


def test_no_name_is_corrected_to_what_cannot_be_printed(issued: Certificate) -> None:
    with pytest.raises(Refused, match="姓名中的“𠀀”本机没有字体可印"):
        proposed(issued, name="王𠀀")


def test_a_corrected_certificate_keeps_its_number_and_needs_a_new_sheet(issued: Certificate) -> None:
    number, former = issued.number, issued.name
    corrected(issued)
    assert (issued.number, issued.name, issued.edition) == (number, "欧阳更正", 2)
    assert (issued.state, issued.print_serial, issued.handed_at) == ("numbered", "", None)
    assert SpoiledSheet.objects.get().serial == "41000001"
    with pytest.raises(Refused, match="尚未打印"):
        issuing.hand_out(OFFICER, [issued])
    with pytest.raises(Refused, match="41000001 已用过"):
        issuing.print_certificates(OFFICER, [issued], first_serial="41000001")
    issued.application.batch.stage = "closed"
    issued.application.batch.save()
    issuing.print_certificates(OFFICER, [issued], first_serial="41000002")
    (done,) = issuing.hand_out(OFFICER, [issued])
    assert done.state == "issued"
    note = LedgerEntry.objects.get(act="certificates.decide_correction").note
    assert f"姓名 {former} → 欧阳更正" in note


def test_the_ledger_never_shows_a_document_number_whole(issued: Certificate) -> None:
    before, after = issued.id_number, f.resident_number(777, "20060214")
    corrected(issued, id_number=after)
    assert issued.id_number == after
    said = " ".join(LedgerEntry.objects.values_list("note", flat=True))
    assert before not in said
    assert after not in said
    assert f"证件号码 410***********{before[-4:]} → 410***********{after[-4:]}" in said
    assert after in Correction.objects.get().after
    with connection.cursor() as cursor:
        cursor.execute("SELECT before, after FROM certificates_correction")
        as_stored = str(cursor.fetchone())
    assert before not in as_stored
    assert after not in as_stored


def test_the_old_code_fails_and_says_that_it_was_corrected(issued: Certificate) -> None:
    old = token(issued)
    assert verification.by_token(old).found is not None
    corrected(issued, id_number=f.resident_number(778))
    scanned = verification.by_token(old)
    assert scanned.found is None
    assert scanned.corrected_on == clock.today().isoformat()
    page = Client().get(reverse("portal:verify_token", args=[old])).content.decode()
    assert "这张纸质证书已作废" in page
    new = verification.by_token(token(issued))
    assert new.found is not None
    assert new.found.corrected_on == clock.today().isoformat()
    assert status_of(issued, 1) == 3
    assert status_of(issued, 2) == 0


def test_the_public_finds_what_is_right_and_not_what_was(issued: Certificate) -> None:
    former = issued.name
    corrected(issued)
    assert verification.find(issued.number, former) is None
    page = Client().post(reverse("portal:verify"), {"number": issued.number, "name": "欧阳更正"}).content.decode()
    assert "更正日期" in page


@pytest.mark.parametrize("kept", ["古丽米热·艾比布力", "古丽米热•艾比布力"])
@pytest.mark.parametrize("dot", "•・‧∙.．·･")
def test_the_public_finds_a_name_whichever_dot_is_typed_and_whichever_is_kept(
    issued: Certificate, kept: str, dot: str
) -> None:
    Certificate.objects.filter(pk=issued.pk).update(name=kept)
    assert verification.find(issued.number, f"古丽米热{dot}艾比布力") is not None
    assert verification.find(issued.number, f"古丽米热 {dot} 艾比布力") is not None
    assert verification.find(issued.number, "古丽米热艾比布力") is None


def test_a_certificate_is_corrected_to_a_residence_permit_and_not_to_a_birth_that_cannot_be(
    issued: Certificate,
) -> None:
    with pytest.raises(Refused, match="还没有到"):
        proposed(issued, id_number="110101203501010010")
    done = corrected(issued, id_type="residence_permit", id_number="830000197810100019")
    assert done.get_id_type_display() == "港澳台居民居住证"


def test_a_withdrawn_certificate_shows_its_day_and_public_ground_by_number_and_by_code(issued: Certificate) -> None:
    issuing.withdraw(LEADER, issued, reason="内部调查材料 17 号", ground="misconduct")
    by_number = Client().post(reverse("portal:verify"), {"number": issued.number, "name": issued.name})
    for answer in (by_number, Client().get(reverse("portal:verify_token", args=[token(issued)]))):
        page = answer.content.decode()
        assert "该证书已撤销" in page
        assert clock.today().isoformat() in page
        assert "考核中违规违纪" in page
        assert "内部调查" not in page
    assert status_of(issued, 1) == 1


def test_certificates_with_codes_of_the_first_form_are_listed_by_number(issued: Certificate) -> None:
    issuing.withdraw(LEADER, issued, reason="内部调查材料 17 号", ground="misconduct")
    assert Client().get(reverse("certificates:revoked")).json()["withdrawn"] == {}
    CodeIndex.objects.all().delete()  # as it was numbered before there was a status list
    listed = Client().get(reverse("certificates:revoked")).json()
    assert listed["withdrawn"] == {issued.number: {"on": clock.today().isoformat(), "ground": "考核中违规违纪"}}
    assert "." in token(issued)
    assert "该证书已撤销" in Client().get(reverse("portal:verify_token", args=[token(issued)])).content.decode()


def test_a_code_of_the_first_form_is_followed_by_one_of_the_second_when_it_is_corrected(issued: Certificate) -> None:
    CodeIndex.objects.all().delete()
    old = token(issued)
    corrected(issued)
    assert "." in old
    assert "." not in token(issued)
    assert verification.by_token(old).corrected_on
    assert verification.by_token(token(issued)).found is not None
    assert published.revoked()["corrected"] == {issued.number: 2}


def test_a_new_photo_is_a_correction_too(issued: Certificate) -> None:
    former = issued.photo_id
    new = photo()
    correction = correcting.propose_correction(officer(), issued, printed={}, reason="照片贴错", paper=PAPER, photo=new)
    director_sees = Client()
    director_sees.force_login(f.staff("L2"), backend="django.contrib.auth.backends.ModelBackend")
    assert director_sees.get(reverse("certificates:correction_photo", args=[correction.pk, "new"])).content == new
    correcting.decide_correction(director(), correction, approve=True)
    issued.refresh_from_db()
    correction.refresh_from_db()
    assert issued.photo_id != former
    assert (correction.former_photo_id, correction.photo_id) == (former, issued.photo_id)


def test_what_was_decided_is_no_misprint(issued: Certificate) -> None:
    for field in ("level_code", "occupation", "job", "level_title", "number"):
        with pytest.raises(Refused, match="应撤销证书"):
            proposed(issued, **{field: "5"})
    with pytest.raises(Refused, match="另一个人"):
        proposed(issued, name="完全别人", id_number=f.resident_number(779))
    corrected(issued, name="欧阳更正")
    with pytest.raises(Refused, match="另一个人"):
        proposed(issued, id_number=f.resident_number(779))
    assert correcting.first_edition(issued)["name"] != "欧阳更正"


def test_everything_wrong_with_a_proposal_is_said_at_once(issued: Certificate) -> None:
    with pytest.raises(Refused) as refused:
        correcting.propose_correction(
            officer(), issued, printed={"name": " ", "issued_on": "2019-01-01"}, reason="", paper=b"", photo=b"GIF"
        )
    for said in ("姓名为空", "与证书编号中的年份", "请写明更正理由", "请附证明材料", "照片不是 JPG"):
        assert said in refused.value.message
    with pytest.raises(Refused, match="校验码"):
        proposed(issued, id_number=issued.id_number[:-1] + ("1" if issued.id_number[-1] != "1" else "2"))
    with pytest.raises(Refused, match="没有要更正的内容"):
        proposed(issued, name=issued.name)
    with pytest.raises(Refused, match="晚于今天"):
        proposed(issued, issued_on=(clock.today() + timedelta(days=1)).isoformat())
    assert not Correction.objects.exists()


def test_while_a_correction_waits_the_certificate_is_neither_printed_nor_handed_out(issued: Certificate) -> None:
    correction = proposed(issued)
    with pytest.raises(Refused, match="更正尚待审批"):
        issuing.print_certificates(OFFICER, [issued], first_serial="41000009", reason="补发")
    with pytest.raises(Refused, match="尚待审批"):
        proposed(issued)
    assert [b.duty for b in all_are_issued_and_reported(issued.application.batch) if "更正待审批" in b.text] == ["L2"]
    with pytest.raises(Refused, match="须写明意见"):
        correcting.decide_correction(director(), correction, approve=False)
    correcting.decide_correction(director(), correction, approve=False, remark="材料不足")
    with pytest.raises(Refused, match="不予更正"):
        correcting.decide_correction(director(), correction, approve=True)
    issuing.print_certificates(OFFICER, [issued], first_serial="41000009", reason="补发")


def test_a_withdrawn_certificate_is_not_corrected(issued: Certificate) -> None:
    correction = proposed(issued)
    issuing.withdraw(LEADER, issued, reason="核发有误", ground="mistaken")
    with pytest.raises(Refused, match="已撤销"):
        correcting.decide_correction(director(), correction, approve=True)
    with pytest.raises(Refused, match="已撤销"):
        proposed(issued)


def test_a_correction_of_a_reported_certificate_goes_to_the_province(issued: Certificate) -> None:
    Certificate.objects.update(reported=True)
    corrected(issued)
    (row,) = OutboxMessage.objects.get(kind="certificate_changes").payload["rows"]
    assert (row["change"], row["name"], row["print_serial"]) == ("corrected", "欧阳更正", None)
    assert Change.objects.get().reason == "姓名录错一字"


def test_on_screen_one_proposes_and_another_decides(issued: Certificate) -> None:
    proposer, decider = Client(), Client()
    backend = "django.contrib.auth.backends.ModelBackend"
    proposer.force_login(f.staff("E13"), backend=backend)
    decider.force_login(f.staff("L2"), backend=backend)
    url = reverse("certificates:correct", args=[issued.pk])
    assert "提出更正" in proposer.get(url).content.decode()
    given = {"name": "欧阳更正", "id_type": "resident", "id_number": "", "issued_on": issued.issued_on.isoformat()}
    again = proposer.post(url, {**given, "reason": ""}).content.decode()
    assert "欧阳更正" in again
    paper = SimpleUploadedFile("card.pdf", PAPER)
    proposer.post(url, {**given, "reason": "录错", "paper": paper})
    correction = Correction.objects.get()
    one = reverse("certificates:one", args=[issued.pk])
    assert "同意更正" not in proposer.get(one).content.decode()
    assert "同意更正" in decider.get(one).content.decode()
    assert decider.get(reverse("certificates:correction_paper", args=[correction.pk])).content == PAPER
    assert (
        proposer.post(reverse("certificates:correction", args=[correction.pk]), {"verdict": "approve"}).status_code
        == 403
    )
    decider.post(reverse("certificates:correction", args=[correction.pk]), {"verdict": "approve"})
    issued.refresh_from_db()
    assert issued.name == "欧阳更正"
    assert "第 2 版" in decider.get(one).content.decode()


def test_whoever_decides_sees_where_two_numbers_differ(issued: Certificate) -> None:
    Certificate.objects.update(id_number="410105200603150017")
    issued.refresh_from_db()
    correction = proposed(issued, id_number="410105200602150015")
    assert correcting.said_of(correction) == "证件号码 410***********0017 → 410***********0015"
    assert correcting.said_of(correction, closely=True) == "证件号码 410********3**0017 → 410********2**0015"


def test_nobody_proposes_or_decides_over_an_own_certificate(issued: Certificate) -> None:
    own = f.staff("E13", "L2")
    person = issued.application.person
    person.account = own
    person.save()
    holder = f.actor_with("E13", "L2", account=own)
    with pytest.raises(Refused, match="本人"):
        correcting.propose_correction(holder, issued, printed={"name": "欧阳更正"}, reason="录错", paper=PAPER)
    with pytest.raises(Refused, match="本人"):
        correcting.decide_correction(holder, proposed(issued), approve=True)
    issued.refresh_from_db()
    assert issued.edition == 1
