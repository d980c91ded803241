"""The check of a room before its exam: what was found stands on its page, and nothing is asked for once the exam is over."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.models import Session, SessionRoom
from assay.batches.models import Batch
from assay.centre.models import Account
from assay.exam.acts.rooms import check_readiness
from assay.exam.models import Publication, ReadinessCheck, RoomRecord
from assay.exam.queries import READINESS_CHECKS
from assay.kernel import clock
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db
TITLES = READINESS_CHECKS["theory"]


@pytest.fixture
def room(session: Session) -> SessionRoom:
    Batch.objects.update(stage="readiness")
    return session.rooms.get()


@pytest.fixture
def checker(room: SessionRoom) -> Account:
    account = f.staff("R2", "E6", name="孙检查")
    room.assignments.create(member=f.member(account=account), role="invigilator")
    return account


def page(account: Account, room: SessionRoom, **found: str) -> str:
    client = Client()
    client.force_login(account)
    address = reverse("exam:readiness", args=[room.pk])
    return client.post(address, found, follow=True).content.decode() if found else client.get(address).content.decode()


def checked(account: Account, room: SessionRoom) -> None:
    """With the fourth item wanting."""
    page(account, room, **{f"ok-{n}": "on" for n in range(len(TITLES)) if n != 3}, remark="应急电源在修")


def test_what_was_found_stands_above_the_form(room: SessionRoom, checker: Account) -> None:
    before = page(checker, room)
    assert "登记检查结果</button>" in before
    assert "不符合要求" not in before
    checked(checker, room)
    shown = page(checker, room)
    found = shown.partition("<form")[2].partition('<form method="post" class="card"')[0]
    for said in ("不符合要求", "孙检查", "说明：应急电源在修", f"{TITLES[0]}：符合", f"{TITLES[3]}：<b"):
        assert said in found, said
    assert "重新登记检查结果</button>" in shown


@pytest.mark.parametrize("over", ["collected", "record"])
def test_once_the_exam_is_over_neither_page_nor_list_offers_it_and_the_act_refuses(
    room: SessionRoom, checker: Account, session: Session, over: str
) -> None:
    checked(checker, room)
    Batch.objects.update(stage="exam")
    assert "重新登记检查结果</button>" in page(checker, room)
    if over == "collected":
        Publication.objects.create(session=session, pack_id="p", pack_digest="0" * 64, state="collected")
    else:
        RoomRecord.objects.create(
            session_room=room, expected=2, present=2, absent=0, closed_by="某", closed_at=clock.now()
        )
    shown = page(checker, room)
    assert "不再登记考前检查" in shown
    assert "应急电源在修" in shown
    assert "检查结果</button>" not in shown
    client = Client()
    client.force_login(checker)
    address = reverse("exam:readiness", args=[room.pk])
    listed = client.get(reverse("exam:batch", args=[session.batch_id])).content.decode()
    assert address not in listed
    assert "不符合：应急电源在修</span>（孙检查）" in listed
    assert f"{TITLES[3]}：<b" in listed
    checks = [{"title": title, "ok": True} for title in TITLES]
    with pytest.raises(Refused, match="不再登记考前检查"):
        check_readiness(f.actor_with("E6"), SessionRoom.objects.get(pk=room.pk), checks=checks)
    assert not ReadinessCheck.objects.get().ready


def test_a_batch_that_still_waits_for_its_checks_gets_them_also_afterwards(room: SessionRoom, session: Session) -> None:
    Publication.objects.create(session=session, pack_id="p", pack_digest="0" * 64, state="collected")
    checks = [{"title": title, "ok": True} for title in TITLES]
    assert check_readiness(f.actor_with("E6"), SessionRoom.objects.get(pk=room.pk), checks=checks).ready


def test_who_has_no_place_in_the_room_and_who_only_looks_on_get_no_form(room: SessionRoom, checker: Account) -> None:
    checked(checker, room)
    for account, said in ((f.staff("R2"), "您没有被安排在这个考场"), (f.staff("Q4"), "需要职责")):
        shown = page(account, room)
        assert said in shown
        assert "应急电源在修" in shown
        assert "检查结果</button>" not in shown


def test_in_other_stages_the_page_says_why_instead_of_a_form(room: SessionRoom, checker: Account) -> None:
    Batch.objects.update(stage="tickets")
    shown = page(checker, room)
    assert "还没有登记检查结果。" in shown
    assert "才能检查考场" in shown
    assert "检查结果</button>" not in shown
