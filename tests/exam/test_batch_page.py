"""The page of a batch's exam offers what the acts will do to each session and room, and says what they wait for."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assay.arrangement.models import Seating, Session, SessionRoom
from assay.batches.models import Batch
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.exam.acts import opening
from assay.exam.models import PaperEntry, PaperExam, Publication, RoomRecord, TheorySheet
from assay.exam.running import running
from assay.kernel import clock, gates
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db
TO_PUBLISH, TO_OPEN, SECOND = "提取试卷并发布到考试端", "启封试卷（两人）", "启封试卷（第二人）"


def published(session: Session, state: str = "published") -> Publication:
    return Publication.objects.create(
        session=session, pack_id=f"p{session.pk}", pack_digest="0" * 64, state=state, published_at=clock.now()
    )


def page_of(account: Account, session: Session, name: str = "batch") -> str:
    client = Client()
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return client.get(reverse(f"exam:{name}", args=[session.batch_id])).content.decode()


def button(page: str, title: str) -> bool:
    return f">{title}</button>" in page


def test_a_session_is_offered_to_be_published_in_the_stages_in_which_it_can_be(
    session: Session, keeper: Account
) -> None:
    assert button(page_of(keeper, session), TO_PUBLISH)
    Batch.objects.update(stage="tickets")
    assert not button(page_of(keeper, session), TO_PUBLISH)


def test_before_the_hour_the_page_says_when_papers_may_be_opened(session: Session, officer: Account) -> None:
    published(session)
    with clock.moved_to(session.starts_at - timedelta(days=1)):
        page = page_of(officer, session)
        assert f"{TO_OPEN}：" in page
        assert "起才能启封" in page
        assert not button(page, TO_OPEN)
    with clock.moved_to(session.starts_at - timedelta(minutes=5)):
        assert button(page_of(officer, session), TO_OPEN)


@pytest.mark.parameter("exam.open_minutes")
def test_how_early_papers_are_opened_is_what_the_parameters_page_was_told(
    session: Session, keeper: Account, officer: Account
) -> None:
    """Ninety minutes before the exam that is the same for the act, its button, the task on the desks and the page of the day."""
    publication = published(session)

    def may_open() -> list[bool]:
        waiting = [
            blocker.waits_for == "" for blocker in gates.blockers("exam", session.batch) if "未启封" in blocker.text
        ]
        witness = any("督导员可以作为第二人见证" in blocker.text for blocker in gates.todos("exam", session.batch))
        with suppress(Refused):
            opening.sign_opening(actor_of(keeper), publication)
        signed = publication.openings.exists()
        publication.openings.all().delete()
        return [button(page_of(officer, session), TO_OPEN), all(waiting), witness, running()[0].due, signed]

    with clock.moved_to(session.starts_at - timedelta(minutes=90)):
        assert may_open() == [False] * 5
        f.set_parameter("exam.open_minutes", "100")
        assert may_open() == [True] * 5


def test_the_second_signature_is_offered_to_the_other_duty_alone(
    session: Session, keeper: Account, officer: Account
) -> None:
    publication = published(session)
    with clock.moved_to(session.starts_at - timedelta(minutes=5)):
        opening.sign_opening(actor_of(keeper), publication)
        assert "您已启封，等待另一人启封" in page_of(keeper, session)
        another = page_of(f.staff("E7"), session)
        assert f"{SECOND}：{keeper.name}已启封，还须由另一职责" in another
        assert not button(another, SECOND)
        assert button(page_of(officer, session), SECOND)
        opening.sign_opening(actor_of(officer), publication)
        assert button(page_of(keeper, session), "送达密钥")
        assert not button(page_of(f.staff("E2"), session), "送达密钥")


def test_a_session_that_was_collected_gets_no_other_time(session: Session, officer: Account) -> None:
    address = reverse("exam:postpone", args=[session.pk])
    assert address in page_of(officer, session)
    published(session, "collected")
    page = page_of(officer, session)
    assert address not in page
    assert not button(page, "收卷判分")
    client = Client()
    client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
    assert "已收卷，不能改期" in client.get(address).content.decode()


def test_a_room_is_offered_to_sit_again_while_somebody_of_it_has_no_sheet(session: Session, officer: Account) -> None:
    address = reverse("exam:reschedule", args=[session.rooms.get().pk])
    publication = published(session, "opened")
    assert address not in page_of(officer, session)
    Publication.objects.filter(pk=publication.pk).update(state="collected")
    assert address in page_of(officer, session)
    for seating in Seating.objects.all():
        TheorySheet.objects.create(seating=seating, application=seating.application, absent=True)
    assert address not in page_of(officer, session)


def test_the_record_of_a_skill_room_is_offered_from_its_end_until_it_is_there(
    session: Session, officer: Account
) -> None:
    skill = Session.objects.create(
        batch=session.batch, part="skill", number=1, starts_at=session.starts_at, ends_at=session.ends_at
    )
    room = SessionRoom.objects.create(session=skill, room=f.room("skill", 10), line=session.batch.lines.get())
    Seating.objects.create(session_room=room, application=f.application(session.batch), part="skill", seat=1)
    address = reverse("exam:record", args=[room.pk])
    assert address not in page_of(officer, session)
    with clock.moved_to(session.starts_at):
        assert address not in page_of(officer, session), "the panel has somebody left"
    with clock.moved_to(session.ends_at):
        assert address in page_of(officer, session)
        assert address not in page_of(f.staff("E7"), session)
        RoomRecord.objects.create(
            session_room=room, expected=1, present=1, absent=0, closed_by="某", closed_at=clock.now()
        )
        page = page_of(officer, session)
    assert address not in page
    assert reverse("exam:record_pdf", args=[room.pk]) in page


def test_the_page_asks_no_more_of_the_database_for_more_sessions(session: Session, keeper: Account) -> None:
    published(session)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(keeper, session)
        return len(queries)

    asked()
    one = asked()
    for number in range(2, 6):
        more = Session.objects.create(
            batch=session.batch, part="theory", number=number, starts_at=session.starts_at, ends_at=session.ends_at
        )
        room = SessionRoom.objects.create(session=more, room=f.room())
        Seating.objects.create(session_room=room, application=f.application(session.batch), part="theory", seat=1)
        published(more)
    assert asked() == one


def test_copies_are_offered_to_the_keeper_once_two_have_signed(
    session: Session, keeper: Account, officer: Account
) -> None:
    published(session, "opened")
    room = session.rooms.get()

    def shown(account: Account) -> str:
        client = Client()
        client.force_login(account, "django.contrib.auth.backends.ModelBackend")
        return client.get(reverse("exam:paper_exam", args=[room.pk])).content.decode()

    exam = PaperExam.objects.create(session_room=room, reason="停电")
    with clock.moved_to(session.starts_at):
        exam.signatures.create(side="keeper", account=keeper, name=keeper.name, at=clock.now())
        assert "您已签署，等待另一人签署" in shown(keeper)
        assert button(shown(officer), "同意，签署（第二人）")
        assert "还须由另一职责" in shown(f.staff("E7"))
        exam.signatures.create(side="witness", account=officer, name=officer.name, at=clock.now())
        assert button(shown(keeper), "下载纸质试卷")
        assert "由试卷保管员下载印制" in shown(officer)
        Publication.objects.update(state="collected")
        assert "已收卷，不能再改用纸质试卷" in shown(keeper)


def test_answers_on_paper_that_two_have_agreed_on_are_not_offered_again(session: Session, officer: Account) -> None:
    published(session, "collected")
    room, seating = session.rooms.get(), Seating.objects.order_by("seat")[0]
    PaperExam.objects.create(session_room=room, reason="停电", printed=2)
    client = Client()
    client.force_login(officer, "django.contrib.auth.backends.ModelBackend")

    def offered() -> bool:
        page = client.get(reverse("exam:paper_entries", args=[room.pk])).content.decode()
        return reverse("exam:paper_entry", args=[seating.pk]) in page

    assert offered()
    PaperEntry.objects.create(seating=seating, account=officer, name=officer.name, at=clock.now(), agreed=True)
    assert not offered()


def test_an_invigilator_checks_a_room_in_the_stages_in_which_it_is_checked(session: Session) -> None:
    account = f.staff("R2")
    room = session.rooms.get()
    room.assignments.create(member=f.member(account=account), role="invigilator")

    def shown() -> str:
        client = Client()
        client.force_login(account, "django.contrib.auth.backends.ModelBackend")
        return client.get(reverse("exam:my_rooms")).content.decode()

    address = reverse("exam:readiness", args=[room.pk])
    assert address in shown()
    assert "照片名册" in shown()
    Batch.objects.update(stage="tickets")
    assert address not in shown()


@pytest.mark.parametrize("state", ["prepared", "opened", "collected"])
def test_papers_that_are_not_sealed_in_a_hall_get_no_signature_and_no_word_of_a_second_one(
    session: Session, keeper: Account, state: str
) -> None:
    publication = published(session, state)
    with (
        clock.moved_to(session.starts_at - timedelta(minutes=5)),
        pytest.raises(Refused, match=f"{publication.get_state_display()}，不能启封"),
    ):
        opening.sign_opening(actor_of(keeper), publication)
    assert not publication.openings.exists()
