"""Who signs out of the office leaves no console of the hall at work."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from testbed.programs import Process

from assay.arrangement.models import Assignment, Session, SessionRoom
from assay.centre.actors import actor_of
from assay.centre.models import Account, OpenSession
from assay.exam.acts import publishing
from assay.exam.models import EndedPass, Publication
from assay.kernel.clock import real_now
from assay.kernel.models import LedgerEntry, SecurityEvent
from tests import factories as f
from tests.exam.test_passes import note

pytestmark = pytest.mark.django_db
PASSWORD = "kao-ping-2026-x"
LEAVE = reverse("desk:sign_out")


@pytest.fixture
def room(session: Session, keeper: Account, hall: Process) -> SessionRoom:
    """The room of a published session."""
    publishing.publish(actor_of(keeper), session, hall_url=hall.url)
    return session.rooms.get()


@pytest.fixture
def invigilator(room: SessionRoom) -> Account:
    account = f.staff("R2", password=PASSWORD)
    Assignment.objects.create(session_room=room, member=f.member(account=account), role="invigilator")
    return account


def at(account: Account) -> Client:
    client = Client()
    signs_in(client, account)
    return client


def signs_in(client: Client, account: Account) -> None:
    assert client.post("/sign-in/", {"username": account.username, "password": PASSWORD}).status_code == 302


def signed_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


def opened(client: Client, room: SessionRoom) -> str:
    """The console of the room, opened from the office: its pass."""
    return client.get(reverse("exam:console", args=[room.pk]))["location"].partition("#token=")[2]


def test_who_has_a_console_at_work_is_asked_once_and_ends_it(
    room: SessionRoom,
    invigilator: Account,
    hall: Process,
) -> None:
    lectern = at(invigilator)
    token = opened(lectern, room)
    assert note(hall, room, token) == 200
    asked = lectern.post(LEAVE, follow=True)
    page = asked.content.decode()
    assert asked.redirect_chain == [(LEAVE, 302)]
    assert str(room) in page
    assert "退出并关闭控制台" in page
    assert signed_in(lectern)
    assert note(hall, room, token) == 200
    gone = lectern.post(LEAVE, {"close": "1"}, follow=True).content.decode()
    assert "考场控制台已关闭" in gone
    assert not signed_in(lectern)
    assert note(hall, room, token) == 401
    picture = httpx.get(f"{hall.url}/room/state", headers={"authorization": f"Bearer {token}"}, trust_env=False)
    assert picture.status_code == 401
    assert LedgerEntry.objects.filter(act="desk.end_session").count() == 1
    assert SecurityEvent.objects.filter(kind="sign_out", account_id=invigilator.pk).count() == 1


def test_who_goes_back_has_everything_as_it_was(room: SessionRoom, invigilator: Account, hall: Process) -> None:
    lectern = at(invigilator)
    token = opened(lectern, room)
    page = lectern.get(LEAVE).content.decode()
    assert 'href="/desk/">返回' in page
    assert signed_in(lectern)
    assert note(hall, room, token) == 200


def test_who_opened_no_console_here_is_out_at_once_and_keeps_the_one_elsewhere(
    room: SessionRoom,
    invigilator: Account,
    hall: Process,
) -> None:
    lectern, elsewhere = at(invigilator), at(invigilator)
    token = opened(lectern, room)
    assert elsewhere.get(LEAVE)["location"] == "/desk/"
    assert "已退出。" in elsewhere.post(LEAVE, follow=True).content.decode()
    assert not EndedPass.objects.exists()
    assert note(hall, room, token) == 200


def test_a_console_whose_session_is_collected_is_closed_without_a_question(
    room: SessionRoom,
    invigilator: Account,
    hall: Process,
) -> None:
    lectern = at(invigilator)
    token = opened(lectern, room)
    Publication.objects.update(state=Publication.State.COLLECTED)
    assert lectern.post(LEAVE)["location"] == reverse("desk:sign_in")
    assert note(hall, room, token) == 401


def test_where_the_hall_is_not_reached_one_is_out_all_the_same_and_reads_what_to_do(
    room: SessionRoom,
    invigilator: Account,
    hall: Process,
) -> None:
    lectern = at(invigilator)
    opened(lectern, room)
    hall.stop()
    page = lectern.post(LEAVE, {"close": "1"}, follow=True).content.decode()
    assert "没有联系上考试端" in page
    assert "关掉控制台的页面" in page
    assert invigilator.name not in page
    assert not signed_in(lectern)


def test_whom_time_signed_out_reads_of_the_console_and_ends_it_by_coming_back_and_leaving(
    room: SessionRoom,
    invigilator: Account,
    hall: Process,
) -> None:
    lectern = at(invigilator)
    token = opened(lectern, room)
    OpenSession.objects.update(seen=real_now() - timedelta(minutes=61))
    assert "控制台不随之关闭" in lectern.get("/desk/", follow=True).content.decode()
    assert note(hall, room, token) == 200
    signs_in(lectern, invigilator)
    assert str(room) in lectern.post(LEAVE, follow=True).content.decode()
    lectern.post(LEAVE, {"close": "1"})
    assert note(hall, room, token) == 401


def test_who_comes_after_is_not_asked_about_anothers_console(room: SessionRoom, invigilator: Account) -> None:
    lectern = at(invigilator)
    opened(lectern, room)
    OpenSession.objects.update(seen=real_now() - timedelta(minutes=61))
    lectern.get("/desk/")
    signs_in(lectern, f.staff("R2", password=PASSWORD))
    assert lectern.post(LEAVE)["location"] == reverse("desk:sign_in")
    assert not EndedPass.objects.exists()


def test_the_session_that_ended_so_does_not_come_back_with_its_cookie(room: SessionRoom, invigilator: Account) -> None:
    lectern = at(invigilator)
    opened(lectern, room)
    kept = lectern.cookies[settings.SESSION_COOKIE_NAME].value
    lectern.post(LEAVE, {"close": "1"})
    lectern.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert not signed_in(lectern)


@pytest.mark.parametrize("door", ["portal:sign_in", "portal:activate"])
def test_no_candidate_signs_in_over_staff_who_are_still_signed_in(
    room: SessionRoom, invigilator: Account, door: str
) -> None:
    """The session of the staff would be gone without a word of the console that it opened."""
    lectern = at(invigilator)
    opened(lectern, room)
    person = f.person()
    candidate = f.candidate(person)
    candidate.set_password(PASSWORD)
    candidate.save()
    given = {"id_type": "resident", "id_number": person.id_number, "password": PASSWORD, "code": "AAAAA-BBBBB"}
    page = lectern.post(reverse(door), given, follow=True).content.decode()
    assert f"正以工作人员“{invigilator.name}”登录，请先退出登录" in page
    assert signed_in(lectern)
