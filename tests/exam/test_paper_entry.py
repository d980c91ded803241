"""Answers on paper become a sheet once two people, each without seeing the other's, have typed the same letters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.models import Seating, Session
from assay.bank.models import Paper
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.exam.acts.paper_entry import differing, enter
from assay.exam.models import PaperEntry, PaperExam, Publication, TheorySheet
from assay.exam.remarking import mark_again
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db


def item(number: int, kind: str, key: str, **fields: Any) -> dict[str, Any]:
    said = {"item": number, "version": 1, "type": kind, "mark": "25", "stem": "示例", "options": ["甲", "乙", "丙"]}
    return {**said, "premises": [], "image": None, "key": key, **fields}


CONTENT = [
    item(1, "single", "A"), item(2, "true_false", "对", options=[]), item(3, "multiple", "AB"), item(4, "ordering", "BCA"),
]  # fmt: skip


@pytest.fixture
def seat(session: Session) -> Seating:
    """A seat of a collected session whose room went on with printed papers; the hall has nothing of it."""
    Paper.objects.update(content=CONTENT)
    Seating.objects.update(paper=Paper.objects.get())
    Publication.objects.create(session=session, pack_id="p1", pack_digest="0" * 64, state="collected")
    PaperExam.objects.create(session_room=session.rooms.get(), reason="停电", printed=2)
    return Seating.objects.order_by("seat")[0]


@pytest.fixture
def other() -> Account:
    return f.staff("E6")


def test_two_who_agree_make_a_sheet_with_its_mark(seat: Seating, officer: Account, other: Account) -> None:
    assert not enter(actor_of(officer), seat, typed={"1": "a", "2": "√", "3": "B、A", "4": "bca"}).agreed
    assert not TheorySheet.objects.exists()
    assert enter(actor_of(other), seat, typed={"1": "Ａ", "2": "对", "3": "AB", "4": "BCA"}).agreed
    sheet = TheorySheet.objects.get()
    assert sheet.answers == {"1": "A", "2": "对", "3": "AB", "4": "BCA"}
    assert (sheet.mark, sheet.absent, sheet.seating) == (Decimal(100), False, seat)
    again = mark_again([TheorySheet.objects.select_related("seating__paper").get()])
    assert again[sheet.application_id].mark == Decimal(100)
    with pytest.raises(Refused, match="不能再改"):
        enter(actor_of(officer), seat, typed={"1": "B"})


def test_where_two_differ_each_corrects_the_own_and_sees_only_the_numbers(
    seat: Seating, officer: Account, other: Account
) -> None:
    enter(actor_of(officer), seat, typed={"1": "A", "3": "AC"})
    assert differing(seat) == []
    page = Client()
    page.force_login(other)
    address = reverse("exam:paper_entry", args=[seat.pk])
    assert 'value="AC"' not in page.get(address).content.decode()
    assert page.post(address, {"item-1": "A", "item-3": "AB"}).status_code == 302
    assert differing(seat) == [3]
    assert "不一致：第 3 题" in page.get(address).content.decode()
    assert not TheorySheet.objects.exists()
    with pytest.raises(Refused, match="由两人核对更正"):
        enter(actor_of(f.staff("E8")), seat, typed={"1": "A", "3": "AB"})
    assert enter(actor_of(officer), seat, typed={"1": "A", "3": "AB"}).agreed
    assert TheorySheet.objects.get().mark == Decimal(50)


def test_nobody_agrees_with_himself(seat: Seating, officer: Account) -> None:
    for _ in range(2):
        assert not enter(actor_of(officer), seat, typed={"1": "A"}).agreed
    assert PaperEntry.objects.count() == 1


def test_the_paper_takes_the_place_of_what_the_hall_had(seat: Seating, officer: Account, other: Account) -> None:
    TheorySheet.objects.create(seating=seat, application=seat.application, absent=True, came_without="left")
    for who in (officer, other):
        enter(actor_of(who), seat, typed={"1": "A"})
    sheet = TheorySheet.objects.get()
    assert (sheet.absent, sheet.came_without, sheet.mark) == (False, "", Decimal(25))


def test_everything_that_cannot_be_read_is_said_at_once(seat: Seating, officer: Account) -> None:
    with pytest.raises(Refused, match="第 1 题“AB”、第 2 题“七”、第 3 题“D”"):
        enter(actor_of(officer), seat, typed={"1": "AB", "2": "七", "3": "D", "4": ""})


def test_nothing_is_typed_where_no_paper_was_printed_or_the_hall_is_still_at_it(
    seat: Seating, officer: Account
) -> None:
    Publication.objects.update(state="opened")
    with pytest.raises(Refused, match="收卷后"):
        enter(actor_of(officer), seat, typed={})
    PaperExam.objects.update(printed=0)
    with pytest.raises(Refused, match="没有印制过"):
        enter(actor_of(officer), seat, typed={})


def test_what_is_not_answered_by_letters_is_not_typed_after_a_candidate(seat: Seating, officer: Account) -> None:
    Paper.objects.update(content=[*CONTENT[:3], item(4, "short", "参考答案", options=[])])
    with pytest.raises(Refused, match="另行安排"):
        enter(actor_of(officer), seat, typed={"1": "A"})


def test_the_list_of_seats_leads_to_each_and_shows_who_has_typed(
    seat: Seating, officer: Account, other: Account
) -> None:
    enter(actor_of(officer), seat, typed={"1": "A"})
    page = Client()
    page.force_login(other)
    shown = page.get(reverse("exam:paper_entries", args=[seat.session_room_id])).content.decode()
    assert reverse("exam:paper_entry", args=[seat.pk]) in shown
    assert officer.name in shown
    batch = page.get(reverse("exam:batch", args=[seat.session_room.session.batch_id])).content.decode()
    assert reverse("exam:paper_entries", args=[seat.session_room_id]) in batch
