"""Choosing who takes a place: everybody is there, and who cannot says why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.acts.people import unfit
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.arrangement.replacing import Corps, Place
from assay.corps.models import Member
from assay.kernel.clock import now, today
from tests import factories as f

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def room() -> SessionRoom:
    """A theory room with one candidate of 汽修2301 and one invigilator, 钱一; 单二 watches another room meanwhile."""
    f.centre()
    batch = f.batch("exam", stage="arrange")
    starts = now() + timedelta(days=40)
    session = Session.objects.create(
        batch=batch, part="theory", number=1, starts_at=starts, ends_at=starts + timedelta(minutes=90)
    )
    first, second = (SessionRoom.objects.create(session=session, room=f.room()) for _ in range(2))
    Seating.objects.create(session_room=first, application=f.application(batch), part="theory", seat=7)
    Assignment.objects.create(session_room=first, member=f.member(name="钱一"), role="invigilator")
    Assignment.objects.create(session_room=second, member=f.member(name="单二"), role="invigilator")
    f.member(name="赵三", classes=["汽修2301"])
    f.member("examiner", name="李四")
    expired = f.member(name="周五")
    expired.cards.update(valid_to=today())
    f.member(name="曾六", department=f.department(name="教务科"))
    f.member(name="王七")
    return first


def the_place(room: SessionRoom) -> Place:
    (place,) = Corps(room).places(changeable=True)
    return place


def test_those_who_are_fit_come_in_the_order_of_pinyin(room: SessionRoom) -> None:
    assert [c.member.name for c in the_place(room).fit] == ["王七", "曾六"]


def test_who_is_not_fit_says_why(room: SessionRoom) -> None:
    said = {c.member.name: c.why_not for c in the_place(room).unfit}
    assert "该时段已安排在" in said["单二"]
    assert "任教汽修2301" in said["赵三"]
    assert said["李四"] == "没有该岗位的证卡"
    assert said["周五"] == "证卡当日不在有效期内"


def test_what_is_offered_agrees_with_what_the_act_checks(room: SessionRoom) -> None:
    place = the_place(room)
    fit = {c.member.pk for c in place.fit}
    others = Member.objects.exclude(pk=place.assignment.member_id)
    assert {m.pk for m in others if not unfit(m, room, "invigilator", leaving=place.assignment)} == fit


def test_the_page_presets_nobody_and_the_own_seat(room: SessionRoom, client: Client) -> None:
    client.force_login(f.staff("E6"), BACKEND)
    page = client.get(reverse("arrangement:room", args=[room.pk])).content.decode()
    assert '<option value="">选择人员</option>' in page
    assert "曾六 · 教务科" in page
    assert 'value="7" required' in page
    assert f'<option value="{room.pk}" selected>' in page


def test_nobody_chosen_is_told_on_the_page(room: SessionRoom, client: Client) -> None:
    client.force_login(f.staff("E6"), BACKEND)
    place = the_place(room)
    path = reverse("arrangement:replace", args=[place.assignment.pk])
    assert "请先选择改派的人员" in client.post(path, {"member": "", "reason": "突发疾病"}, follow=True).content.decode()
    assert Assignment.objects.get(pk=place.assignment.pk).member.name == "钱一"
