"""Blank sheets: what came in is used once, in order, and of every sheet it is known what became of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from assay.certificates import blanks
from assay.certificates.acts import blanks as acts
from assay.certificates.acts import issuing
from assay.certificates.blank_register import blank_register
from assay.certificates.models import BlankReceipt, Certificate, Destruction, SpoiledSheet
from assay.kernel import clock
from assay.kernel.refusals import Refused
from tests.certificates.conftest import OFFICER, Ready
from tests.certificates.test_at_once import all_at_once
from tests.certificates.test_pages import signed_in
from tests.papers import text_of


def received(first: str = "AB0001", last: str = "AB0020", on: date | None = None) -> BlankReceipt:
    return acts.receive_blanks(
        OFFICER, first=first, last=last, received_on=on or clock.today(), source="示例印务 送货单 7 号"
    )


@pytest.fixture
def numbered(ready: Ready) -> list[Certificate]:
    """Three, without a sheet."""
    for _ in range(3):
        ready.candidate()
    return issuing.number(OFFICER, ready.batch)


def on_sheets() -> list[str]:
    return list(Certificate.objects.order_by("number").values_list("print_serial", flat=True))


def test_of_every_sheet_it_is_known_what_became_of_it(numbered: list[Certificate]) -> None:
    assert received().count == 20
    assert blanks.next_serial() == "AB0001"
    acts.spoil_blanks(OFFICER, first="ab0001", last="AB0002", reason="受潮")
    assert blanks.next_serial() == "AB0003"
    issuing.print_certificates(OFFICER, numbered, first_serial="AB0003")
    assert on_sheets() == ["AB0003", "AB0004", "AB0005"]
    destruction = acts.destroy_sheets(
        OFFICER, SpoiledSheet.objects.all(), destroyed_on=clock.today(), how="保密室碎纸", witness="柳监销"
    )
    now = blanks.stock()
    assert (now.received, now.used, now.spoiled, now.destroyed, now.count_left) == (20, 3, 2, 2, 15)
    assert [str(span) for span in now.left] == ["AB0006～AB0020"]
    assert (destruction.count, destruction.by, destruction.witness) == (2, OFFICER.name, "柳监销")
    paper = text_of(blank_register())
    for said in ("领入20张，已用3张，作废2张（其中已销毁2张），结存15张", "AB0001～AB0020", "示例印务送货单7号", "AB0003～AB0005",
                 "受潮", "已销毁", "保密室碎纸", "柳监销", "AB0006～AB0020", "认定中心主任"):  # fmt: skip
        assert said in paper


def test_only_sheets_that_came_in_are_used(numbered: list[Certificate]) -> None:
    received("AB0001", "AB0002")
    with pytest.raises(Refused, match="AB0003 不在领入登记的空白证书之内"):
        issuing.print_certificates(OFFICER, numbered, first_serial="AB0001")
    with pytest.raises(Refused, match="00000001～00000003 不在领入登记"):
        issuing.print_certificates(OFFICER, numbered, first_serial="00000001")
    assert on_sheets() == ["", "", ""]


def test_nothing_comes_in_twice_and_everything_wrong_is_said_at_once(ready: Ready) -> None:
    received()
    with pytest.raises(Refused) as refused:
        acts.receive_blanks(
            OFFICER, first="AB0020", last="AB0030", received_on=clock.today() + timedelta(days=1), source=" "
        )
    said = refused.value.message
    assert "其中有的已登记领入：AB0001～AB0020" in said
    assert "领入日期不能晚于今天" in said
    assert "请写明空白证书从哪里来" in said
    for first, last in (("AB0030", "AB0029"), ("AB0030", "AC0031"), ("AB0030", "AB00031")):
        with pytest.raises(Refused, match="不是一段"):
            received(first, last)
    received("AB0021", "AB0030")
    assert BlankReceipt.objects.count() == 2


def test_after_a_jam_the_next_certificates_move_on_by_a_sheet_and_one_is_spoiled(numbered: list[Certificate]) -> None:
    received()
    issuing.print_certificates(OFFICER, numbered, first_serial="AB0001")
    issuing.print_certificates(OFFICER, numbered[1:], first_serial="AB0003", reason="卡纸，顺延一张")
    assert on_sheets() == ["AB0001", "AB0003", "AB0004"]
    sheet = SpoiledSheet.objects.get()
    assert (sheet.serial, sheet.reason, sheet.where_said) == ("AB0002", "卡纸，顺延一张", "在库待销毁")


def test_a_sheet_that_was_handed_out_is_destroyed_only_once_it_is_back(issued: Certificate) -> None:
    issuing.print_certificates(OFFICER, [issued], first_serial="41000002", reason="损毁", reissued=True)
    sheet = SpoiledSheet.objects.get()
    assert (sheet.serial, sheet.where_said) == ("41000001", "未收回")
    given = {"destroyed_on": clock.today(), "how": "碎纸", "witness": "柳监销"}
    with pytest.raises(Refused, match="41000001 还没有收回"):
        acts.destroy_sheets(OFFICER, [sheet], **given)
    acts.take_back(OFFICER, [sheet])
    with pytest.raises(Refused, match="已在库"):
        acts.take_back(OFFICER, [sheet])
    with pytest.raises(Refused, match="监销人须是销毁人以外的人"):
        acts.destroy_sheets(OFFICER, [sheet], **{**given, "witness": OFFICER.name})
    acts.destroy_sheets(OFFICER, [sheet], **given)
    with pytest.raises(Refused, match="已销毁"):
        acts.destroy_sheets(OFFICER, [sheet], **given)
    assert Destruction.objects.count() == 1


def test_a_reissue_is_of_what_was_handed_out_and_is_handed_out_anew(issued: Certificate) -> None:
    Certificate.objects.update(reported=True)
    issuing.print_certificates(OFFICER, [issued], first_serial="41000002", reason="遗失", reissued=True)
    assert [change.reason for change in issued.changes.all()] == ["补发：遗失"], "the province is told"
    issued.refresh_from_db()
    assert (issued.reissued_on, issued.state, issued.handed_to) == (clock.today(), "numbered", "")
    with pytest.raises(Refused, match="还没有发放，不是补发"):
        issuing.print_certificates(OFFICER, [issued], first_serial="41000003", reason="遗失", reissued=True)
    issued.application.batch.stage = "closed"
    issued.application.batch.save()
    issuing.hand_out(OFFICER, [issued])
    issued.refresh_from_db()
    assert issued.state == "issued"


def test_the_page_takes_everything_in_and_says_what_is_left(numbered: list[Certificate]) -> None:
    officer, page = signed_in("E13"), reverse("certificates:blanks")
    assert "还没有登记领入" in officer.get(page).content.decode()
    sent = {"first": "AB0001", "last": "AB0020", "received_on": clock.today().isoformat(), "source": "示例印务"}
    assert officer.post(reverse("certificates:receive_blanks"), sent).status_code == 302
    officer.post(reverse("certificates:spoil_blanks"), {"first": "AB0005", "reason": "印偏"})
    assert "19 张：AB0001～AB0004、AB0006～AB0020" in officer.get(page).content.decode()
    sheet = SpoiledSheet.objects.get()
    destroyed = {"chosen": str(sheet.pk), "destroyed_on": clock.today().isoformat(), "how": "碎纸", "witness": "柳监销"}
    officer.post(reverse("certificates:destroy_sheets"), destroyed)
    assert "监销人 柳监销" in officer.get(page).content.decode()
    assert ">登记领入<" not in signed_in("E12").get(page).content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_the_same_sheets_come_in_once_and_are_used_once_however_many_note_it(transactional_db: None) -> None:
    assert connection.vendor == "postgresql"
    ready = Ready()
    for _ in range(10):
        ready.candidate()
    made = issuing.number(OFFICER, ready.batch)
    assert all_at_once(lambda n: received()).count("") == 1
    said = all_at_once(lambda n: issuing.print_certificates(OFFICER, [made[n]], first_serial="AB0001"))
    assert said.count("") == 1
    assert all("AB0001 已用过" in text for text in said if text)
    assert BlankReceipt.objects.count() == 1
