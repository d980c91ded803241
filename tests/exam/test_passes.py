"""Passes to the console: who gets which, for how long, and how they end with their holder's right."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from testbed.programs import Process

from assay.arrangement.acts.people import release_member, replace_member
from assay.arrangement.models import Assignment, Session, SessionRoom
from assay.bridge.tokens import DEEDS, READING, RoomPass, read_room_token
from assay.centre.actors import actor_of
from assay.centre.acts import accounts as centre_acts
from assay.centre.departures import carry_out
from assay.centre.duties import DUTIES
from assay.centre.models import Account
from assay.exam.acts import publishing
from assay.exam.halls import hall_secret
from assay.exam.models import EndedPass
from assay.exam.passes import LONGEST, SHORTEST, kind_of, lasts
from assay.kernel import totp
from assay.kernel.clock import day_begins, day_of, moved_to, offset, real_now, today
from assay.kernel.expected import FIELD, token_of
from assay.kernel.models import SecurityEvent
from tests import factories as f

ROLES = [None, *(code for code, _ in Assignment.ROLES)]


@pytest.mark.parametrize(
    ("held", "role", "whole", "kind"),
    [
        ({"E8"}, None, True, DEEDS),
        ({"E8"}, None, False, DEEDS),
        ({"R2"}, "invigilator", False, DEEDS),
        ({"R2"}, "invigilator", True, None),
        ({"R2"}, None, False, None),
        ({"R2"}, "supervisor", False, READING),
        ({"Q4"}, None, True, READING),
        ({"Q4"}, "supervisor", False, READING),
        ({"Q4"}, "invigilator", False, READING),
        ({"Q4", "R2"}, "invigilator", False, DEEDS),
        ({"E6", "R2"}, None, False, READING),
        ({"E7"}, None, True, None),
    ],
)
def test_who_gets_which_pass(held: set[str], role: str | None, whole: bool, kind: str | None) -> None:
    assert kind_of(frozenset(held), role=role, whole=whole) == kind


@given(st.frozensets(st.sampled_from(sorted(DUTIES))), st.sampled_from(ROLES), st.booleans())
def test_deeds_are_for_officers_and_for_the_invigilators_of_the_room_alone(
    held: frozenset[str], role: str | None, whole: bool
) -> None:
    if kind_of(held, role=role, whole=whole) == DEEDS:
        assert "E8" in held or (role == "invigilator" and not whole)


@given(st.timedeltas(min_value=timedelta(days=-30), max_value=timedelta(days=30)))
def test_a_pass_is_bounded_by_its_session(ahead: timedelta) -> None:
    now = datetime(2026, 6, 1, 8, tzinfo=UTC)
    found = lasts(now, now + ahead)
    assert SHORTEST <= found <= LONGEST
    assert found <= max(ahead + timedelta(hours=2), SHORTEST)
    if timedelta() <= ahead <= timedelta(hours=10):
        assert found == ahead + timedelta(hours=2)


@pytest.fixture
def room(session: Session, keeper: Account, hall: Process) -> SessionRoom:
    """The room of a published session."""
    publishing.publish(actor_of(keeper), session, hall_url=hall.url)
    return session.rooms.get()


@pytest.fixture
def invigilator(room: SessionRoom) -> Account:
    account = f.staff("R2")
    Assignment.objects.create(session_room=room, member=f.member(account=account), role="invigilator")
    return account


def page_of(account: Account) -> Client:
    page = Client()
    page.force_login(account)
    return page


def entered(account: Account, name: str, pk: int) -> tuple[str, RoomPass]:
    """Through the office's door into the hall: the token, and what it says."""
    reply = page_of(account).get(reverse(f"exam:{name}", args=[pk]))
    assert reply.status_code == 302
    address = urlsplit(reply["location"])
    assert not address.query, "what stands before the # is written into logs"
    (token,) = parse_qs(address.fragment)["token"]
    given = read_room_token(hall_secret(), token)
    assert given is not None
    return token, given


def note(hall: Process, room: SessionRoom, token: str) -> int:
    """A deed with the pass."""
    deed = {"do": "note", "room": str(room.pk), "text": "试"}
    headers = {"authorization": f"Bearer {token}"}
    return httpx.post(f"{hall.url}/room/act", json=deed, headers=headers, trust_env=False).status_code


@pytest.mark.django_db
def test_who_has_no_place_in_a_room_is_noted_once_in_the_security_log(room: SessionRoom) -> None:
    assert page_of(f.staff("R2")).get(reverse("exam:console", args=[room.pk])).status_code == 409
    assert [row.what for row in SecurityEvent.objects.filter(kind="refused")] == ["您没有被安排在这个考场"]


@pytest.mark.django_db
def test_each_entrance_gives_what_the_right_is_for(
    session: Session, room: SessionRoom, invigilator: Account, officer: Account, hall: Process
) -> None:
    supervisor = f.staff("Q4")
    placed = f.staff("Q4")
    Assignment.objects.create(session_room=room, member=f.member(account=placed), role="supervisor")
    for account, name, pk, status in (
        (officer, "overview", session.pk, 200), (officer, "console", room.pk, 200), (invigilator, "console", room.pk, 200),
        (supervisor, "overview", session.pk, 403), (supervisor, "console", room.pk, 403), (placed, "console", room.pk, 403),
    ):  # fmt: skip
        token, given = entered(account, name, pk)
        assert given.account == str(account.pk)
        assert note(hall, room, token) == status
        seen = httpx.get(f"{hall.url}/room/state", headers={"authorization": f"Bearer {token}"}, trust_env=False)
        assert seen.json()["may_act"] is (status == 200)


@pytest.mark.django_db
def test_who_has_no_place_there_gets_no_pass(room: SessionRoom, session: Session) -> None:
    assert page_of(f.staff("R2")).get(reverse("exam:console", args=[room.pk])).status_code == 409
    assert page_of(f.staff("R2")).get(reverse("exam:overview", args=[session.pk])).status_code == 403


@pytest.mark.django_db
def test_a_pass_lasts_until_a_while_after_its_session(
    room: SessionRoom, session: Session, invigilator: Account
) -> None:
    _, given = entered(invigilator, "console", room.pk)
    ends = session.ends_at + timedelta(hours=2)
    assert abs(given.expires - ends.timestamp()) < 60


@pytest.mark.django_db
@pytest.mark.parametrize(
    "how",
    ["disabled", "password", "post", "at_once", "duty", "replaced", "released", "sessions", "own_password", "factor"],
)
def test_a_pass_ends_with_the_right_of_its_holder(
    room: SessionRoom, invigilator: Account, hall: Process, how: str
) -> None:
    token, _ = entered(invigilator, "console", room.pk)
    assert note(hall, room, token) == 200
    leader = page_of(f.staff("L1", "E6"))
    if how == "disabled":
        leader.post(reverse("centre:active", args=[invigilator.pk]), {"active": "0"})
    elif how == "password":
        new = "长而难猜的密码-2031"
        leader.post(reverse("centre:password", args=[invigilator.pk]), {"password": new})
    elif how == "post":
        held = invigilator.appointments.get()
        leader.post(
            reverse("centre:end_appointment", args=[invigilator.pk, held.pk]), {"until": today() - timedelta(days=1)}
        )
    elif how == "at_once":
        held = invigilator.appointments.get()
        form = {"until": today(), "at_once": "1"}
        leader.post(reverse("centre:end_appointment", args=[invigilator.pk, held.pk]), form)
        held.refresh_from_db()
        assert held.until == today() - timedelta(days=1)
    elif how == "factor":
        page = page_of(invigilator)
        secret = re.search(
            r'<code class="secret-word">([A-Z2-7 ]+)</code>', page.get("/second-factor/").content.decode()
        )
        assert secret is not None
        code = totp.code_at(secret[1].replace(" ", ""), real_now())
        assert page.post("/second-factor/", {"code": code, "for": "confirm"}).status_code == 200
    elif how == "duty":
        post = invigilator.appointments.get().post
        form = {"code": post.code, "title": post.title, "group": post.group, "duties": ["R3"], FIELD: token_of(post)}
        assert leader.post(reverse("centre:posts_edit", args=[post.pk]), form).status_code == 302
    elif how == "sessions":
        page_of(invigilator)  # at another browser
        assert page_of(invigilator).post(reverse("desk:end_session")).status_code == 302
    elif how == "own_password":
        new = "长而难猜的密码-2031"
        invigilator.set_password("原来的密码-2030")
        invigilator.save()
        form = {"old_password": "原来的密码-2030", "new_password1": new, "new_password2": new}
        assert page_of(invigilator).post(reverse("desk:password"), form).status_code == 302
    elif how == "released":
        for _ in range(2):
            Assignment.objects.create(session_room=room, member=f.member(), role="invigilator")
        own = room.assignments.get(member__account=invigilator)
        release_member(f.actor_with("E8"), own, reason="突发疾病")
        carry_out()
    else:
        substitute = f.staff("R2")
        own = room.assignments.get(role="invigilator")
        replace_member(f.actor_with("E8"), own, member=f.member(account=substitute), reason="突发疾病")
        carry_out()
        assert note(hall, room, entered(substitute, "console", room.pk)[0]) == 200
    assert EndedPass.objects.get().told_at is not None
    assert note(hall, room, token) == 401
    hall.kill()
    hall.start()
    assert note(hall, room, token) == 401


@pytest.mark.django_db
def test_who_is_in_a_post_for_today_still_keeps_console_and_right_until_the_day_is_over(
    room: SessionRoom, invigilator: Account, hall: Process
) -> None:
    token, given = entered(invigilator, "console", room.pk)
    held = invigilator.appointments.get()
    page = page_of(f.staff("L1"))
    said = page.post(reverse("centre:end_appointment", args=[invigilator.pk, held.pk]), {"until": today()}, follow=True)
    assert "当日仍有效" in said.content.decode()
    assert carry_out() == []
    assert not EndedPass.objects.exists()
    assert note(hall, room, token) == 200
    midnight = day_begins(today() + timedelta(days=1))
    with moved_to(midnight - timedelta(minutes=1)):
        _, late = entered(invigilator, "console", room.pk)
        assert late.expires - late.made_at <= 60
    assert given.expires - given.made_at > 60
    with moved_to(midnight + timedelta(minutes=1)):
        assert page_of(invigilator).get(reverse("exam:console", args=[room.pk])).status_code in (403, 409)
        assert carry_out() == []
        (ended,) = EndedPass.objects.all()
        assert ended.told_at is not None
        assert ended.until == int((midnight - offset()).timestamp()) - 1
        assert carry_out() == []
        assert EndedPass.objects.count() == 1


@pytest.mark.django_db
def test_a_pass_of_the_last_day_is_refused_after_it(room: SessionRoom, invigilator: Account, hall: Process) -> None:
    token, _ = entered(invigilator, "console", room.pk)
    invigilator.appointments.update(until=today() - timedelta(days=1))
    begun = real_now() + timedelta(seconds=1)
    midnight = day_begins(today())
    with moved_to(midnight + (real_now() - begun)):
        assert today() == day_of(midnight) - timedelta(days=1)
    time.sleep(2.1)
    with moved_to(midnight + (real_now() - begun)):
        carry_out()
    assert note(hall, room, token) == 401


@pytest.mark.django_db
def test_a_hall_that_is_not_reached_is_said_and_told_later(
    room: SessionRoom, invigilator: Account, hall: Process
) -> None:
    token, _ = entered(invigilator, "console", room.pk)
    hall.stop()
    reply = page_of(f.staff("L1")).post(reverse("centre:active", args=[invigilator.pk]), {"active": "0"})
    said = [str(message) for message in get_messages(reply.wsgi_request)]
    assert any("没有通知到考试端" in line and invigilator.name in line for line in said)
    invigilator.refresh_from_db()
    assert not invigilator.is_active
    hall.start()
    assert note(hall, room, token) == 200
    assert carry_out() == []
    assert note(hall, room, token) == 401
    assert carry_out() == []


@pytest.mark.django_db
def test_whose_right_begins_again_gets_a_pass_that_works(
    room: SessionRoom, invigilator: Account, hall: Process
) -> None:
    leader = f.actor_with("L1")
    f.staff("L1")
    centre_acts.set_active(leader, invigilator, False)
    carry_out()
    centre_acts.set_active(leader, invigilator, True)
    invigilator.refresh_from_db()
    time.sleep(1.1)
    token, _ = entered(invigilator, "console", room.pk)
    assert note(hall, room, token) == 200


@pytest.mark.django_db
def test_where_no_session_runs_nobody_has_to_be_told(session: Session) -> None:
    f.staff("L1")
    centre_acts.set_active(f.actor_with("L1"), f.staff("R2"), False)
    assert not EndedPass.objects.exists()
