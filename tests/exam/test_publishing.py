"""Publishing: what counts as published is what the hall has, whatever happens on the way; and publishing again just works."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client
from django.urls import reverse
from testbed.programs import Process

from assay.arrangement.models import Session
from assay.bridge import contract
from assay.bridge.channel import SEALED, Exchange
from assay.bridge.client import HallClient, HallUnreachable
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.exam.acts import collecting, opening, publishing
from assay.exam.halls import hall_secret
from assay.exam.models import Publication
from assay.kernel import clock
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.kernel.test_contention import on_postgresql, together

pytestmark = pytest.mark.django_db


def opened_by_both(session: Session, keeper: Account, officer: Account, url: str) -> Publication:
    """As on the day: the keys go to the hall, and fit what it has."""
    publication = Publication.objects.get(session=session)
    with clock.moved_to(session.starts_at - timedelta(minutes=5)):
        for one in (keeper, officer):
            publication = opening.open_papers(actor_of(one), publication, hall_url=url)
    return publication


def publish(session: Session, keeper: Account, hall: Process) -> Publication:
    return publishing.publish(actor_of(keeper), session, hall_url=hall.url)


def test_a_second_publishing_is_refused_while_one_is_on_its_way(
    session: Session, keeper: Account, officer: Account, hall: Process
) -> None:
    first, pack = publishing.prepare(actor_of(keeper), session)
    with pytest.raises(Refused, match="正在进行"):
        publish(session, keeper, hall)
    with HallClient(hall.url, hall_secret()) as client:
        digest = client.publish(pack)
    publishing.mark_published(actor_of(keeper), first, pack_id=pack.id, digest=digest, left=[])
    assert opened_by_both(session, keeper, officer, hall.url).state == "opened"


@on_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("again", [False, True])
def test_of_six_who_publish_at_once_one_does_and_the_hall_has_that_pack_alone(
    session: Session, keeper: Account, officer: Account, hall: Process, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    if again:  # over an attempt that had broken off
        with clock.moved_to(clock.now() - timedelta(minutes=3)):
            publishing.prepare(actor_of(keeper), session)
    taken: dict[str, str] = {}
    handed_over, barrier = HallClient.publish, threading.Barrier(6)

    def noted(self: HallClient, pack: contract.Pack) -> str:
        taken[pack.id] = handed_over(self, pack)
        return taken[pack.id]

    def at_once(who: Account) -> Publication:
        barrier.wait(10)
        return publish(session, who, hall)

    monkeypatch.setattr(HallClient, "publish", noted)
    ended = together(*(lambda who=who: at_once(who) for who in (keeper, *(f.staff("E7") for _ in range(5)))))
    assert sorted(type(end).__name__ for end in ended) == ["Publication", *["Refused"] * 5], ended
    kept = Publication.objects.get()
    assert (kept.state, kept.left_behind, kept.unfinished()) == ("published", [], "")
    assert taken == {kept.pack_id: kept.pack_digest}
    assert opened_by_both(session, keeper, officer, hall.url).state == "opened"


def test_of_two_attempts_the_one_that_the_office_counts_is_the_one_in_the_hall(
    session: Session, keeper: Account, officer: Account, hall: Process, client_of_hall: HallClient
) -> None:
    """The first hangs, the second is published, then the first comes through after all."""
    with clock.moved_to(clock.now() - timedelta(minutes=3)):
        slow, pack = publishing.prepare(actor_of(keeper), session)
    published = publish(session, keeper, hall)
    with pytest.raises(HallUnreachable, match="409"):
        client_of_hall.publish(pack)
    with pytest.raises(Refused, match="这一次发布不算"):
        publishing.mark_published(actor_of(keeper), slow, pack_id=pack.id, digest=slow.pack_digest, left=[])
    publishing.note_unpublished(actor_of(keeper), slow, pack_id=pack.id, trouble="来迟了")
    published.refresh_from_db()
    assert (published.state, published.unfinished()) == ("published", "")
    assert opened_by_both(session, keeper, officer, hall.url).state == "opened"


def test_an_office_that_stopped_after_the_hall_had_taken_the_pack_publishes_again(
    session: Session, keeper: Account, officer: Account, hall: Process, client_of_hall: HallClient
) -> None:
    with clock.moved_to(clock.now() - timedelta(minutes=3)):
        former, pack = publishing.prepare(actor_of(keeper), session)
        client_of_hall.publish(pack)
    former.refresh_from_db()
    assert "的发布没有完成，请重新发布" in former.unfinished()
    published = publish(session, keeper, hall)
    assert published.pack_id != pack.id
    assert [room.closed_by for room in client_of_hall.collect(pack.id).rooms] == ["教务端撤回"]
    assert opened_by_both(session, keeper, officer, hall.url).state == "opened"


def test_a_network_that_breaks_after_the_hall_had_taken_the_pack_is_said_and_publishing_again_works(
    session: Session, keeper: Account, officer: Account, hall: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = HallClient.publish

    def broken(self: HallClient, pack: contract.Pack) -> str:
        taken(self, pack)
        raise HallUnreachable("考试端连接不上：没有按时答复，请检查考试端是否启动、网络是否畅通")

    monkeypatch.setattr(HallClient, "publish", broken)
    for _ in range(2):  # once more at once: nobody has to wait
        with pytest.raises(Refused, match="没有按时答复"):
            publish(session, keeper, hall)
    page = Client()
    page.force_login(keeper)
    shown = page.get(reverse("exam:batch", args=[session.batch_id])).content.decode()
    assert "上次发布没有成功，请重新发布：考试端连接不上：没有按时答复" in shown
    assert "提取试卷并发布到考试端" in shown
    monkeypatch.undo()
    assert publish(session, keeper, hall).state == "published"
    assert opened_by_both(session, keeper, officer, hall.url).state == "opened"


def test_a_hall_that_is_off_leaves_nothing_behind_that_stands_in_the_way(
    session: Session, keeper: Account, hall: Process
) -> None:
    hall.stop()
    with pytest.raises(Refused, match="考试端连接不上"):
        publish(session, keeper, hall)
    hall.start()
    published = publish(session, keeper, hall)
    assert (published.state, published.left_behind, published.trouble) == ("published", [], "")


class AnotherDigest(BaseHTTPRequestHandler):
    """Says that it has taken something else."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        said = b'{"digest": "' + b"f" * 64 + b'"}'
        body = Exchange.of_headers("POST", self.path, self.headers).seal_answer(hall_secret(), 200, said)
        self.send_response(200)
        self.send_header("content-type", SEALED)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def other_hall() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), AnotherDigest)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_hall_that_holds_another_pack_is_noticed_at_publishing(
    session: Session, keeper: Account, other_hall: str
) -> None:
    with pytest.raises(Refused, match="不一致，没有发布成功：请重新"):
        publishing.publish(actor_of(keeper), session, hall_url=other_hall)
    publication = Publication.objects.get(session=session)
    assert publication.state == "prepared"
    assert "不一致" in publication.unfinished()


def test_a_session_is_not_put_off_while_it_is_being_published(
    session: Session, keeper: Account, officer: Account
) -> None:
    publishing.prepare(actor_of(keeper), session)
    with pytest.raises(Refused, match="正在进行"):
        publishing.postpone(
            actor_of(officer), session, starts_at=clock.now() + timedelta(days=2), reason="停电", hall_url="http://127.0.0.1:9"
        )  # fmt: skip
    with pytest.raises(Refused, match="正在进行"):
        publishing.move_session(actor_of(officer), session, starts_at=clock.now() + timedelta(days=2), reason="停电")


def test_a_time_that_will_not_do_leaves_the_pack_where_it_is(
    session: Session, keeper: Account, officer: Account, hall: Process, client_of_hall: HallClient
) -> None:
    published = publish(session, keeper, hall)
    for starts_at, reason in ((clock.now() - timedelta(days=1), "停电"), (clock.now() + timedelta(days=1), " ")):
        with pytest.raises(Refused):
            publishing.postpone(actor_of(officer), session, starts_at=starts_at, reason=reason, hall_url=hall.url)
    assert [room.closed_by for room in client_of_hall.collect(published.pack_id).rooms] == [""]


def test_a_session_that_was_put_off_is_published_anew_though_a_stray_attempt_comes_late(
    session: Session, keeper: Account, officer: Account, hall: Process, client_of_hall: HallClient
) -> None:
    with clock.moved_to(clock.now() - timedelta(minutes=3)):
        _, stray = publishing.prepare(actor_of(keeper), session)
    later = clock.now() + timedelta(hours=1)
    publishing.postpone(actor_of(officer), session, starts_at=later, reason="停电", hall_url=hall.url)
    client_of_hall.publish(stray)
    session.refresh_from_db()
    published = publish(session, keeper, hall)
    assert published.left_behind == []
    assert opened_by_both(session, keeper, officer, hall.url).state == "opened"


def test_who_asks_to_open_what_is_open_or_over_is_told_so(
    session: Session, keeper: Account, officer: Account, hall: Process
) -> None:
    publish(session, keeper, hall)
    publication = opened_by_both(session, keeper, officer, hall.url)
    assert opening.open_papers(actor_of(keeper), publication, hall_url=hall.url).state == "opened"
    Publication.objects.update(state="collected")
    with pytest.raises(Refused, match="已收卷，不能启封"):
        opening.open_papers(actor_of(officer), publication, hall_url=hall.url)
    page = Client()
    page.force_login(officer)
    reply = page.post(reverse("exam:session_step", args=[session.pk, "open"]))
    assert reply.status_code == 409
    assert "已收卷" in reply.content.decode()


def test_keys_that_reached_a_pack_which_was_withdrawn_meanwhile_do_not_count(
    session: Session, keeper: Account, officer: Account, hall: Process
) -> None:
    publication = publish(session, keeper, hall)
    publishing.postpone(
        actor_of(officer), session, starts_at=clock.now() + timedelta(hours=1), reason="停电", hall_url=hall.url
    )
    with pytest.raises(Refused, match="刚刚有改动"):
        opening.mark_opened(actor_of(keeper), publication, pack_id=publication.pack_id)


def test_only_what_the_present_pack_came_to_is_collected(session: Session, officer: Account) -> None:
    publication = Publication.objects.create(session=session, pack_id="now", pack_digest="0" * 64, state="opened")
    with pytest.raises(Refused, match="请重新收卷"):
        collecting.record_collection(
            actor_of(officer), publication, contract.Collection("before", True, [], [], 0, "0" * 64)
        )
    Publication.objects.update(state="collected")
    with pytest.raises(Refused, match="已收卷，不能收卷"):
        collecting.collect(actor_of(officer), session, hall_url="http://127.0.0.1:9")


def test_only_the_keeper_of_papers_sees_the_button(session: Session, officer: Account) -> None:
    publishing.Publication.objects.create(session=session, pack_id="p", pack_digest="")
    page = Client()
    page.force_login(officer)
    shown = page.get(reverse("exam:batch", args=[session.batch_id])).content.decode()
    assert "提取试卷并发布到考试端" not in shown
    page.force_login(f.staff("E7"))
    assert "提取试卷并发布到考试端" in page.get(reverse("exam:batch", args=[session.batch_id])).content.decode()


def test_nobody_opens_the_papers_that_he_or_she_sits(session: Session, keeper: Account, officer: Account) -> None:
    publication = Publication.objects.create(
        session=session, pack_id="p", pack_digest="0" * 64, state="published", published_at=clock.now()
    )
    seated = session.rooms.get().seatings.order_by("pk")[0].application.person
    f.member("invigilator", account=officer, id_index=seated.id_index)
    with clock.moved_to(session.starts_at - timedelta(minutes=5)):
        with pytest.raises(Refused, match="涉及您本人"):
            opening.sign_opening(actor_of(officer), publication)
        opening.sign_opening(actor_of(keeper), publication)
    assert [one.account for one in publication.openings.all()] == [keeper]
