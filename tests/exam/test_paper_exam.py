"""The way out when computers fail: two people let a room's papers be printed, and every copy has a number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.models import Seating, Session, SessionRoom
from assay.bank.models import Paper, SecrecyAgreement
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.exam.acts import paper_exam, publishing
from assay.exam.models import PaperExam, Publication
from assay.kernel import clock
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db


def promise(account: Account) -> None:
    now = clock.now()
    SecrecyAgreement.objects.create(account=account, year=now.year, text="承诺", signed_at=now)


@pytest.fixture
def room(session: Session, keeper: Account) -> Iterator[SessionRoom]:
    """A room whose papers are laid out, ten minutes into its exam; no hall answers."""
    publication, _ = publishing.prepare(actor_of(keeper), session)
    Publication.objects.filter(pk=publication.pk).update(state="opened")
    promise(keeper)
    with clock.moved_to(session.starts_at + timedelta(minutes=10)):
        yield session.rooms.get()


def both_sign(room: SessionRoom, keeper: Account, officer: Account) -> None:
    paper_exam.sign(actor_of(keeper), room, reason="整栋楼停电")
    paper_exam.sign(actor_of(officer), room)


def test_two_people_of_different_duties_sign_and_the_first_says_why(
    room: SessionRoom, keeper: Account, officer: Account
) -> None:
    with pytest.raises(Refused, match="原因"):
        paper_exam.sign(actor_of(officer), room, reason=" ")
    assert not paper_exam.sign(actor_of(officer), room, reason="整栋楼停电").is_signed()
    with pytest.raises(Refused, match="另一人"):
        paper_exam.sign(actor_of(officer), room)
    with pytest.raises(Refused, match="另一职责"):
        paper_exam.sign(actor_of(f.staff("Q4")), room)
    with pytest.raises(Refused, match="两人签署"):
        paper_exam.take_copies(actor_of(keeper), room)
    assert paper_exam.sign(actor_of(keeper), room).is_signed()
    assert (
        list(LedgerEntry.objects.filter(act="exam.sign_paper_exam").values_list("note", flat=True))
        == [f"{room}：整栋楼停电"] * 2
    )
    with pytest.raises(Refused, match="已由两人签署"):
        paper_exam.sign(f.actor_with("E8"), room)


def test_nobody_signs_before_the_papers_may_be_opened(session: Session, keeper: Account) -> None:
    publication, _ = publishing.prepare(actor_of(keeper), session)
    room = session.rooms.get()
    with pytest.raises(Refused, match="还没有提取、发布"):
        paper_exam.sign(actor_of(keeper), room, reason="停电")
    Publication.objects.filter(pk=publication.pk).update(state="published")
    with clock.moved_to(session.starts_at - timedelta(hours=3)), pytest.raises(Refused, match="起才能"):
        paper_exam.sign(actor_of(keeper), room, reason="停电")
    Publication.objects.filter(pk=publication.pk).update(state="collected")
    with clock.moved_to(session.starts_at), pytest.raises(Refused, match="已收卷"):
        paper_exam.sign(actor_of(keeper), room, reason="停电")


def test_who_sits_in_the_session_lets_no_paper_out(room: SessionRoom, keeper: Account) -> None:
    sits = room.seatings.first()
    assert sits is not None
    person = sits.application.person
    person.account = keeper
    person.save()
    with pytest.raises(Refused):
        paper_exam.sign(actor_of(keeper), room, reason="停电")


def test_every_copy_has_a_number_of_its_own_also_when_one_is_printed_again(
    room: SessionRoom, keeper: Account, officer: Account
) -> None:
    both_sign(room, keeper, officer)
    copies = paper_exam.take_copies(actor_of(keeper), room)
    assert [copy.mark.split("　")[0] for copy in copies] == ["第 1 份", "第 2 份"]
    seated = Seating.objects.order_by("seat")
    assert [copy.head[1] for copy in copies] == [f"准考证号　{s.application.ticket.number}" for s in seated]
    (again,) = paper_exam.take_copies(actor_of(keeper), room, seat=2)
    assert again.mark.startswith("第 3 份")
    assert again.head[2] == "座位　2"
    assert PaperExam.objects.get().printed == 3
    assert Paper.objects.get().printed == 3
    said = LedgerEntry.objects.filter(act="exam.print_paper_exam").order_by("pk").values_list("note", flat=True)
    assert list(said) == [f"{room}：全部座位，第 1 至 2 份", f"{room}：2 号座位，第 3 至 3 份"]
    with pytest.raises(Refused, match="没有这个座位"):
        paper_exam.take_copies(actor_of(keeper), room, seat=7)


def test_the_keeper_prints_who_has_promised_secrecy_and_nobody_else(
    room: SessionRoom, keeper: Account, officer: Account
) -> None:
    both_sign(room, keeper, officer)
    page = Client()
    page.force_login(officer)
    assert page.post(reverse("exam:print_copies", args=[room.pk])).status_code == 403
    page.force_login(keeper)
    reply = page.post(reverse("exam:print_copies", args=[room.pk]), {"seat": ""})
    assert reply.status_code == 200
    assert reply["Content-Type"] == "application/pdf"
    assert reply.content.startswith(b"%PDF")
    SecrecyAgreement.objects.all().delete()
    with pytest.raises(Refused, match="保密承诺"):
        paper_exam.take_copies(actor_of(keeper), room)
    Paper.objects.update(state="void")
    promise(keeper)
    with pytest.raises(Refused, match="作废"):
        paper_exam.take_copies(actor_of(keeper), room)
    assert PaperExam.objects.get().printed == 2


def test_the_page_leads_from_signature_to_signature_to_the_copies(
    room: SessionRoom, keeper: Account, officer: Account
) -> None:
    page, address = Client(), reverse("exam:paper_exam", args=[room.pk])
    page.force_login(officer)
    assert address in page.get(reverse("exam:batch", args=[room.session.batch_id])).content.decode()
    assert page.post(address, {"reason": "网络中断"}).status_code == 302
    assert "您已签署，等待另一人签署" in page.get(address).content.decode()
    page.force_login(keeper)
    assert "网络中断" in page.get(address).content.decode()
    assert page.post(address).status_code == 302
    assert "下载纸质试卷" in page.get(address).content.decode()
    page.force_login(officer)
    assert "下载纸质试卷" not in page.get(address).content.decode()
