"""The pages of the exam day: where candidates go, and which step is the next."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from assay.arrangement.models import Assignment, Session
from assay.centre.models import Account
from assay.exam.models import Publication
from assay.kernel import clock
from assay.kernel.gates import todos
from tests import factories as f

pytestmark = pytest.mark.django_db
TWO_HALLS = "东校区 http://10.1.0.5:8001; 西校区 http://10.2.0.5:8001 http://west.example:8001"


def shown(account: Account, name: str, *args: object) -> str:
    page = Client()
    page.force_login(account)
    return page.get(reverse(f"exam:{name}", args=args)).content.decode()


@pytest.fixture
def invigilator(session: Session) -> Account:
    account = f.staff("R2")
    Assignment.objects.create(session_room=session.rooms.get(), member=f.member(account=account), role="invigilator")
    return account


def published(session: Session, state: str, hall: str = "") -> None:
    Publication.objects.create(session=session, pack_id="p1", pack_digest="0" * 64, state=state, hall=hall)


def test_the_invigilators_page_names_the_address_that_candidates_open(
    session: Session, invigilator: Account, settings: Settings
) -> None:
    settings.HALLS = TWO_HALLS
    assert "考生在考场计算机上打开" not in shown(invigilator, "my_rooms"), "nobody knows yet which hall it will be"
    published(session, "published", "西校区")
    said = shown(invigilator, "my_rooms")
    assert "http://west.example:8001/" in said
    assert "10.1.0.5" not in said


def test_with_one_hall_the_address_is_known_before_publishing(
    session: Session, invigilator: Account, settings: Settings
) -> None:
    settings.HALLS, settings.HALL_PUBLIC_URL = "", "http://exam.example:8001"
    assert "http://exam.example:8001/" in shown(invigilator, "my_rooms")


@pytest.mark.parametrize(("over", "first"), [(False, False), (True, True)])
def test_collecting_is_the_step_to_take_only_once_the_exam_is_over(
    session: Session, officer: Account, over: bool, first: bool
) -> None:
    published(session, "opened")
    if over:
        session.starts_at, session.ends_at = clock.now() - timedelta(hours=2), clock.now() - timedelta(hours=1)
        session.save()
    (button,) = re.findall(r'<button\s+class="([^"]*)"[^>]*>收卷判分', shown(officer, "batch", session.batch_id))
    assert ("btn-primary" in button.split()) is first
    assert ("已结束的场次全部收卷判分" in shown(officer, "batch", session.batch_id)) is over


def test_who_runs_the_exam_finds_it_on_the_desk_until_it_is_over(session: Session) -> None:
    def said() -> list[str]:
        return [one.text for one in todos("exam", session.batch) if one.duty == "E8" and "考试实况" in one.text]

    shown_at = clock.shown(session.starts_at)
    assert said() == [f"{session} {shown_at} 开考，请看考试实况"]
    Session.objects.update(starts_at=clock.now() + timedelta(hours=4), ends_at=clock.now() + timedelta(hours=5))
    assert said() == []
    Session.objects.update(starts_at=clock.now() - timedelta(hours=1), ends_at=clock.now() + timedelta(hours=1))
    assert "已开考" in said()[0]
    Session.objects.update(ends_at=clock.now() - timedelta(minutes=1))
    assert said() == []


def test_an_exam_that_runs_while_the_batch_is_still_being_made_ready_is_named(session: Session) -> None:
    session.batch.stage = "readiness"
    session.batch.save()
    published(session, "opened")

    def said() -> list[str]:
        return [one.text for one in todos("readiness", session.batch) if "已经开考" in one.text]

    assert said() == []
    Session.objects.update(starts_at=clock.now() - timedelta(minutes=5))
    assert said() == ["1 个理论场次已经开考，批次仍在“考前检查”：请办结，进入“实施认定”"]
