"""All rooms of a day are checked on one page, a place that serves several sessions once; and not long ahead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.models import Seating, Session, SessionRoom
from assay.batches.models import Batch
from assay.centre.models import Account
from assay.exam.acts.checking import Found, check_rooms
from assay.exam.acts.rooms import check_readiness
from assay.exam.models import ReadinessCheck
from assay.exam.queries import READINESS_CHECKS
from assay.kernel import clock, gates
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db
THEORY, SKILL = READINESS_CHECKS["theory"], READINESS_CHECKS["skill"]


@pytest.fixture
def rooms(session: Session) -> list[SessionRoom]:
    """A theory room, and a skill venue that serves two sessions of the same day."""
    day = clock.day_of(session.starts_at)
    past = {"apply_from": day - timedelta(days=9), "apply_to": day - timedelta(days=5)}
    Batch.objects.update(stage="readiness", exam_on=day, exam_to=day, **past)
    venue, made = f.room("skill", 10), [session.rooms.get()]
    for number in (1, 2):
        skill = Session.objects.create(
            batch=session.batch, part="skill", number=number, starts_at=session.starts_at + timedelta(seconds=number),
            ends_at=session.ends_at + timedelta(seconds=number),
        )  # fmt: skip
        room = SessionRoom.objects.create(session=skill, room=venue, line=session.batch.lines.get())
        Seating.objects.create(session_room=room, application=f.application(session.batch), part="skill", seat=1)
        made.append(room)
    return made


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def met(room: SessionRoom, titles: tuple[str, ...], *, but: tuple[int, ...] = ()) -> dict[str, str]:
    return {f"ok-{room.pk}-{n}": "on" for n in range(len(titles)) if n not in but}


def test_all_rooms_of_a_day_are_noted_at_once_and_a_venue_for_each_of_its_sessions(rooms: list[SessionRoom]) -> None:
    theory, first, second = rooms
    officer = browser(f.staff("E6", name="孙检查"))
    address = reverse("exam:check_day", args=[theory.session.batch_id])
    page = officer.get(address).content.decode()
    assert page.count('name="chosen"') == 2
    assert "data-check-all" in page
    sent = {"chosen": [theory.pk, first.pk], **met(theory, THEORY), **met(first, SKILL)}
    done = officer.post(address, sent, follow=True).content.decode()
    assert "已登记 3 个考场次的考前检查，3 个符合要求" in done
    checks = {one.session_room_id: one for one in ReadinessCheck.objects.all()}
    assert set(checks) == {theory.pk, first.pk, second.pk}
    assert all(one.ready and one.by == "孙检查" for one in checks.values())
    assert checks[second.pk].checks == [{"title": title, "ok": True} for title in SKILL]
    assert LedgerEntry.objects.filter(act="exam.check_rooms").count() == 1
    assert not [b for b in gates.blockers("readiness", theory.session.batch) if "考前检查" in b.text]


def test_what_is_wanting_asks_for_words_and_what_is_not_ticked_stays_unchecked(rooms: list[SessionRoom]) -> None:
    theory, first, second = rooms
    officer = browser(f.staff("E6"))
    address = reverse("exam:check_day", args=[theory.session.batch_id])
    sent = {"chosen": [first.pk], **met(first, SKILL, but=(2,))}
    refused = officer.post(address, sent, follow=True).content.decode()
    assert f"{first.room}：有不符合的项目，请写明情况" in refused
    assert ReadinessCheck.objects.count() == 0
    officer.post(address, sent | {f"remark-{first.pk}": "围挡未到"})
    found = {one.session_room_id: (one.ready, one.remark) for one in ReadinessCheck.objects.all()}
    assert found == {first.pk: (False, "围挡未到"), second.pk: (False, "围挡未到")}
    with pytest.raises(Refused, match="没有选中任何考场"):
        check_rooms(f.actor_with("E6"), [])


@pytest.mark.parameter("exam.check_days")
def test_nothing_is_checked_long_ahead(rooms: list[SessionRoom]) -> None:
    theory, *_ = rooms
    checks = [{"title": title, "ok": True} for title in THEORY]
    batch = theory.session.batch
    Session.objects.update(starts_at=clock.now() + timedelta(days=5), ends_at=clock.now() + timedelta(days=5, hours=1))
    Batch.objects.update(exam_on=clock.today() + timedelta(days=5))
    room = SessionRoom.objects.get(pk=theory.pk)
    opens = clock.today() + timedelta(days=2)
    with pytest.raises(Refused, match=f"还早：{opens:%Y年%m月%d日} 起才能登记考前检查"):
        check_readiness(f.actor_with("E6"), room, checks=checks)
    with pytest.raises(Refused, match="还早"):
        check_rooms(f.actor_with("E6"), [Found([room])])
    page = browser(f.staff("E6")).get(reverse("exam:check_day", args=[batch.pk])).content.decode()
    assert "还早" in page
    assert '<button class="btn btn-primary">登记' not in page
    [waiting] = [b for b in gates.blockers("readiness", Batch.objects.get()) if "考前检查" in b.text]
    assert waiting.waits_for == f"{opens:%Y年%m月%d日}"
    f.set_parameter("exam.check_days", "5")
    assert check_readiness(f.actor_with("E6"), SessionRoom.objects.get(pk=theory.pk), checks=checks).ready


def test_rooms_of_later_days_are_checked_with_those_of_the_first(rooms: list[SessionRoom]) -> None:
    theory, *_ = rooms
    Session.objects.update(starts_at=clock.now() + timedelta(days=9), ends_at=clock.now() + timedelta(days=9, hours=1))
    checks = [{"title": title, "ok": True} for title in THEORY]
    assert check_readiness(f.actor_with("E6"), SessionRoom.objects.get(pk=theory.pk), checks=checks).ready
