"""All rooms of the sessions that run on one page, what needs a hand first; and words for all of them at once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import httpx
import msgspec
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings
from testbed.programs import Process

from assay.arrangement.models import Seating, Session, SessionRoom, Ticket
from assay.bridge import contract
from assay.bridge.tokens import room_token
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.exam.acts import opening, publishing
from assay.exam.acts.announcing import announce
from assay.exam.halls import hall_secret
from assay.exam.models import Publication
from assay.exam.passes import pass_for
from assay.exam.running import RoomView, running
from assay.kernel import clock
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db


def page_of(account: Account) -> Client:
    page = Client()
    page.force_login(account)
    return page


@pytest.fixture
def two_rooms(session: Session, keeper: Account, hall: Process) -> list[SessionRoom]:
    """The rooms of a published session, of which the second by name comes later in every list."""
    second = SessionRoom.objects.create(session=session, room=f.room(code="ZZ"))
    application = f.application(session.batch)
    Ticket.objects.create(application=application, number=f"{session.batch.code}-9", issued_at=clock.now())
    Seating.objects.create(session_room=second, application=application, part="theory", seat=1)
    publishing.publish(actor_of(keeper), session, hall_url=hall.url)
    return [session.rooms.exclude(pk=second.pk).get(), second]


def typed_wrong(hall: Process, room: SessionRoom) -> None:
    ticket = room.seatings.get().application.ticket.number
    for _ in range(3):
        httpx.post(
            f"{hall.url}/api/sign-in", json={"ticket": ticket, "id_number": "41010520000101001X"}, trust_env=False
        )


def record(hall: Process, who: Account, room: SessionRoom) -> list[str]:
    token = room_token(hall_secret(), pass_for(actor_of(who), room.session, room))
    headers = {"authorization": f"Bearer {token}"}
    reply = httpx.get(f"{hall.url}/room/{room.pk}/record", headers=headers, trust_env=False)
    return [line["text"] for line in reply.json()]


def test_the_room_that_needs_a_hand_stands_first(
    session: Session, two_rooms: list[SessionRoom], officer: Account, hall: Process
) -> None:
    first, second = two_rooms
    (calm,) = running()
    assert [view.room for view in calm.rooms] == [first, second]
    typed_wrong(hall, second)
    (view,) = running()
    assert [one.room for one in view.rooms] == [second, first]
    assert view.rooms[0].needs == [("登录多次输错", 1, True)]
    assert view.totals == {"expected": 3, "ready": 0, "came": 0, "answering": 0, "handed_in": 0, "offline": 0}
    shown = page_of(officer).get(reverse("exam:running")).content.decode()
    assert "登录多次输错 1" in shown
    assert all(reverse("exam:console", args=[room.pk]) in shown for room in two_rooms)


def test_of_two_rooms_the_one_with_more_of_what_presses_most_is_the_more_urgent() -> None:
    def urgency(**needs: int) -> list[int]:
        standing = contract.RoomStanding("1", 9, 9, 9, 9, 0, 0, False, False, needs)
        return RoomView(SessionRoom(), standing).urgency

    offline, mismatch = urgency(offline=5), urgency(mismatch=1, unverified=1)
    assert sorted([urgency(idle=9), offline, urgency(mismatch=2), mismatch]) == [
        urgency(mismatch=2), mismatch, offline, urgency(),
    ]  # fmt: skip


def test_the_page_asks_for_its_rooms_alone(two_rooms: list[SessionRoom], officer: Account) -> None:
    part = page_of(officer).get(reverse("exam:running"), headers={"HX-Request": "true"}).content.decode()
    assert str(two_rooms[0].room) in part
    assert "<html" not in part
    assert "试卷未启封（须两人启封）" in part
    assert "<form" not in part, "what somebody types into the announcement is not swept away"


def test_a_hall_that_is_not_reached_is_said_by_name_and_the_others_are_shown(
    session: Session, two_rooms: list[SessionRoom], officer: Account, hall: Process, settings: Settings
) -> None:
    settings.HALLS = f"东校区 {hall.url}; 西校区 http://127.0.0.1:9"
    Publication.objects.update(hall="东校区")
    other = Session.objects.create(
        batch=session.batch, part="theory", number=2, starts_at=session.starts_at, ends_at=session.ends_at
    )
    room = SessionRoom.objects.create(session=other, room=f.room())
    Seating.objects.create(session_room=room, application=f.application(session.batch), part="theory", seat=1)
    Publication.objects.create(session=other, pack_id="far", pack_digest="0" * 64, state="opened", hall="西校区")
    unheard, heard = running()
    assert (unheard.hall, unheard.rooms[0].now) == ("西校区", None)
    assert unheard.trouble
    assert (heard.hall, heard.trouble) == ("东校区", "")
    assert all(view.now for view in heard.rooms)
    shown = page_of(officer).get(reverse("exam:running")).content.decode()
    assert "考试端 <b>西校区</b> 没有回答" in shown
    assert "没有需要马上处理的" not in shown, "of a hall that is silent nobody knows that"
    settings.HALLS = f"东校区 {hall.url}"
    assert "设置中已没有这个考试端" in running()[0].trouble


def test_what_keeps_candidates_from_beginning_is_named_before_anything_is_published(
    session: Session, officer: Account, keeper: Account, hall: Process
) -> None:
    def said() -> tuple[str, bool, bool]:
        (view,) = running()
        shown = page_of(officer).get(reverse("exam:running")).content.decode()
        assert view.waits in shown
        return view.waits, view.due, "没有需要马上处理的" in shown

    assert said() == ("还没有发布到考试端，考生不能登录", True, False)
    found = publishing.publish(actor_of(keeper), session, hall_url=hall.url)
    assert said() == ("试卷未启封（须两人启封）", True, False)
    Session.objects.update(starts_at=clock.now() + timedelta(minutes=90), ends_at=clock.now() + timedelta(hours=3))
    waits, due, calm = said()
    assert re.fullmatch("试卷未启封（须两人启封），.* 起可以启封", waits)
    assert (due, calm) == (False, True)
    Session.objects.update(starts_at=clock.now() + timedelta(minutes=30))
    opening.open_papers(actor_of(keeper), found, hall_url=hall.url)
    assert said() == (f"试卷未启封（{keeper.name}已启封，尚缺一人）", True, False)
    opening.open_papers(actor_of(officer), found, hall_url=hall.url)
    assert said() == ("", False, True)


def test_once_all_rooms_are_closed_collecting_is_the_next_step(
    session: Session, two_rooms: list[SessionRoom], officer: Account, hall: Process
) -> None:
    Session.objects.update(starts_at=clock.now() - timedelta(minutes=1))
    Publication.objects.update(state="opened")
    (view,) = running()
    closed = replace(
        view, rooms=[replace(one, now=msgspec.structs.replace(one.now, closed=True)) for one in view.rooms]
    )
    assert (view.all_closed, closed.all_closed) == (False, True)
    silent = replace(view, rooms=[replace(one, now=None) for one in view.rooms])
    assert not silent.all_closed, "of a hall that is silent nobody knows that"


def test_a_session_in_which_nobody_sits_is_not_shown(session: Session) -> None:
    Seating.objects.all().delete()
    assert running() == []


def test_only_sessions_that_run_or_are_about_to_are_asked_for(session: Session, two_rooms: list[SessionRoom]) -> None:
    Session.objects.update(starts_at=clock.now() + timedelta(days=1), ends_at=clock.now() + timedelta(days=2))
    assert running() == []


def test_an_announcement_reaches_every_room_and_is_recorded_in_each_and_in_the_ledger(
    session: Session, two_rooms: list[SessionRoom], officer: Account, hall: Process
) -> None:
    reply = page_of(officer).post(reverse("exam:announce", args=[session.pk]), {"text": " 第 12 题有更正 "})
    assert reply.status_code == 302
    for room in two_rooms:
        assert record(hall, officer, room)[0] == "通知考生：第 12 题有更正"
    noted = LedgerEntry.objects.get(act="exam.announce")
    assert (noted.actor_name, noted.note) == (officer.name, f"{session}：第 12 题有更正")


@pytest.mark.parametrize("text", ["第 12 题\u202e有更正", "\u3164", "第\u200b12 题"])
def test_what_the_ledger_would_not_take_is_not_announced(
    session: Session, two_rooms: list[SessionRoom], officer: Account, hall: Process, text: str
) -> None:
    before = [record(hall, officer, room) for room in two_rooms]
    with pytest.raises(Refused, match="看不见"):
        announce(actor_of(officer), session, text=text)
    assert [record(hall, officer, room) for room in two_rooms] == before
    assert not LedgerEntry.objects.filter(act="exam.announce").exists()


@pytest.mark.parametrize(("duty", "status"), [("Q4", 403), ("R2", 403), ("E7", 403)])
def test_who_may_not_act_in_all_rooms_announces_nothing(
    session: Session, two_rooms: list[SessionRoom], hall: Process, duty: str, status: int
) -> None:
    who = f.staff(duty)
    assert page_of(who).post(reverse("exam:announce", args=[session.pk]), {"text": "试"}).status_code == status
    if duty == "Q4":
        shown = page_of(who).get(reverse("exam:running")).content.decode()
        assert str(two_rooms[0].room) in shown
        assert "发出通知" not in shown
    with pytest.raises(Refused):
        announce(actor_of(who), session, text="试")
    assert record(hall, f.staff("E8"), two_rooms[0]) == []


@pytest.mark.parametrize(("text", "why"), [("  ", "请写明"), ("长" * 501, "最多 500")])
def test_nothing_is_announced_that_says_nothing_or_too_much(
    session: Session, two_rooms: list[SessionRoom], officer: Account, text: str, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        announce(actor_of(officer), session, text=text)


def test_what_the_hall_did_not_hear_does_not_stand_in_the_ledger(
    session: Session, two_rooms: list[SessionRoom], officer: Account, hall: Process
) -> None:
    hall.stop()
    with pytest.raises(Refused, match="通知没有发出"):
        announce(actor_of(officer), session, text="试")
    assert not LedgerEntry.objects.filter(act="exam.announce").exists()


def test_the_check_before_the_exam_shows_how_many_computers_reported_themselves(
    session: Session, two_rooms: list[SessionRoom], hall: Process
) -> None:
    room = two_rooms[0]
    session.batch.stage = "readiness"
    session.batch.save()
    application = room.seatings.order_by("seat")[0].application
    page, address = page_of(f.staff("E6")), reverse("exam:readiness", args=[room.pk])
    assert "收到 <b>0</b> 台" in page.get(address).content.decode()
    signed_in = httpx.post(
        f"{hall.url}/api/sign-in", trust_env=False,
        json={"ticket": application.ticket.number, "id_number": application.applicant.id_number},
    )  # fmt: skip
    headers = {"authorization": f"Bearer {signed_in.json()['token']}"}
    said = {"browser": "Chromium 120", "storage": True, "clock_ms": 3, "net_ms": 2}
    assert httpx.post(f"{hall.url}/api/ready", json=said, headers=headers, trust_env=False).is_success
    assert "收到 <b>1</b> 台" in page.get(address).content.decode()
    hall.stop()
    assert "就绪报告" not in page.get(address).content.decode()
