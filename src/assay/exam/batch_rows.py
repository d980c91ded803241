"""The page of a batch's exam, line by line: how its sessions and rooms stand, and what whoever looks can do with each now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Value
from django.urls import reverse

from assay.arrangement.models import Session, SessionRoom
from assay.batches.models import Batch
from assay.bridge.tokens import READING
from assay.catalogue.parts import Part
from assay.centre import parameters
from assay.exam.acts import collecting, opening, paper_entry, publishing, rooms
from assay.exam.models import Opening, Publication, RoomRecord, publication_of, record_of
from assay.exam.passes import kind_of
from assay.exam.queries import papers_by_session, rooms_of
from assay.kernel import clock
from assay.kernel.access import may_open_url
from assay.kernel.acts import Actor, declaration_of
from assay.kernel.offers import Offer, offers
from assay.kernel.refusals import Refused

Links = list[tuple[str, str]]
"""Titles and addresses."""
BOTH = len(Opening.SIDES)
TO_PUBLISH = "将为本场次各工种提取最新封存、尚未考过的试卷，并发布到考试端。确定吗？"
TO_COLLECT = "收卷后本场结束并判分，没有开始作答的按缺考处理。各考场都已结束了吗？"
TO_SEND = "将把试卷密钥再次送往考试端，确定吗？"
OPENING = ("启封试卷（两人）", "启封试卷（第二人）", "送达密钥")
"""By how many have signed."""


@dataclass(frozen=True)
class SessionRow:
    """A theory session. `opened_by_me`: whoever looks has signed and waits for the other; `overview`: the title of the link to its
    console, `log`: the address of its answers, where there is something to show."""

    session: Session
    publication: Publication | None
    papers: Sequence[str]
    publish: Offer
    opening: Offer | None
    postpone: Offer
    collect: Offer | None
    opened_by_me: bool
    overview: str
    log: str

    @property
    def state(self) -> str:
        """How far it is, and at which hall."""
        if self.publication is None:
            return ""
        hall = f"（{self.publication.hall}）" if self.publication.hall else ""
        return f"{self.publication.get_state_display()}{hall}"

    @property
    def to_collect(self) -> bool:
        """Whether it is over and can be collected."""
        return self.collect is not None and self.collect.open and self.session.ends_at <= clock.now()


@dataclass(frozen=True)
class RoomRow:
    """A room of a session, of whatever part. `additions`: where its record is put right."""

    room: SessionRoom
    record: RoomRecord | None
    links: Links
    check: Offer
    fill_in: Offer
    print_record: str
    additions: str
    sit_again: Offer


def session_rows(who: Actor, batch: Batch) -> list[SessionRow]:
    """The theory sessions of a batch."""
    found = Session.objects.filter(batch=batch, part=Part.THEORY).select_related("batch", "publication")
    minutes = Value(parameters.number("exam.open_minutes"))
    sessions = list(
        found.annotate(open_minutes=minutes).prefetch_related("publication__openings").order_by("starts_at")
    )
    known = {session.pk: publication_of(session) for session in sessions}
    publications = [publication for publication in known.values() if publication is not None]
    own, papers, overview = opening.own_accounts(who), papers_by_session(batch), console_of(who, whole=True)
    to_open, to_collect = _opening_offers(who, publications), _collecting_offers(who, publications)
    to_publish = offers(
        who, publishing.prepare, sessions, title="提取试卷并发布到考试端", confirm=TO_PUBLISH, url=lambda s: _step(s, "publish")
    )  # fmt: skip
    to_postpone = offers(
        who, publishing.move_session, sessions, title="改期", main=False, page=True,
        url=lambda s: reverse("exam:postpone", args=[s.pk]),
    )  # fmt: skip
    rows = []
    for session in sessions:
        publication = known[session.pk]
        key = publication.pk if publication else None
        shown = publication is not None and publication.was_published
        rows.append(
            SessionRow(
                session,
                publication,
                papers.get(session.pk, []) if publication else [],
                to_publish[session.pk],
                to_open.get(key),
                to_postpone[session.pk],
                to_collect.get(key),
                opened_by_me=publication is not None and _waits_for_the_other(publication, own),
                overview=overview if shown else "",
                log=open_to(who, "exam:answer_log_sheet", session.pk) if shown else "",
            )
        )
    return rows


def _waits_for_the_other(publication: Publication, own: frozenset[int]) -> bool:
    signed = list(publication.openings.all())
    return len(signed) < BOTH and opening.signed_by(own, signed)


def _step(session: Session, name: str) -> str:
    return reverse("exam:session_step", args=[session.pk, name])


def _opening_offers(who: Actor, publications: Sequence[Publication]) -> dict[Any, Offer]:
    """Of sessions whose papers are sealed: to sign that they are opened or, once both have, to send the keys once more."""
    sealed = [publication for publication in publications if publication.is_sealed]
    waiting = [publication for publication in sealed if not publication.signed_by_two()]
    made = offers(
        who, opening.mark_opened, [one for one in sealed if one not in waiting], title=OPENING[BOTH], confirm=TO_SEND,
        url=lambda one: _step(one.session, "open"), small=False,
    )  # fmt: skip
    to_sign = offers(
        who, opening.sign_opening, waiting, title=OPENING[0], url=lambda one: _step(one.session, "open"), small=False
    )
    for one in waiting:
        confirm = f"启封记入台账，不能收回。确定启封 {one.session} 的试卷吗？"
        made[one.pk] = replace(to_sign[one.pk], title=OPENING[len(one.openings.all())], confirm=confirm)
    return made


def _collecting_offers(who: Actor, publications: Sequence[Publication]) -> dict[int | None, Offer]:
    """What to do just now once the session is over; before that an officer may do it all the same."""
    now = clock.now()
    made = offers(
        who, collecting.record_collection, publications, title="收卷判分", confirm=TO_COLLECT, main=False,
        url=lambda publication: _step(publication.session, "collect"),
    )  # fmt: skip
    over = {publication.pk: publication.session.ends_at <= now for publication in publications}
    return {pk: replace(offer, main=over[pk]) for pk, offer in made.items()}


def console_of(who: Actor, *, whole: bool) -> str:
    """The title of the link to a console of the hall, as one who acts there or looks on; "" for whoever gets none."""
    kind = kind_of(who.duties, role=None, whole=whole)
    title = "全部考场实况" if whole else "控制台"
    return title + ("（只看不办）" if kind == READING else "") if kind else ""


def open_to(who: Actor, name: str, pk: int) -> str:
    """The address of a page, if this person may open it."""
    url = reverse(name, args=[pk])
    return url if may_open_url(url, kind="staff", held=who.duties) else ""


def room_rows(who: Actor, batch: Batch) -> list[RoomRow]:
    """The rooms of a batch in which somebody sits."""
    found, console = rooms_of(batch), console_of(who, whole=False)
    check = offers(
        who, rooms.check_readiness, found, title="检查", main=False, page=True,
        url=lambda room: reverse("exam:readiness", args=[room.pk]),
    )  # fmt: skip
    fill_in = offers(
        who, rooms.close_room_record, found, title="记录表", main=False, page=True,
        url=lambda room: reverse("exam:record", args=[room.pk]),
    )  # fmt: skip
    again = offers(
        who, rooms.reschedule, found, title="另行安排", page=True,
        url=lambda room: reverse("exam:reschedule", args=[room.pk]),
    )  # fmt: skip
    return [
        RoomRow(
            room, record_of(room), _theory_links(who, room, console), check[room.pk], fill_in[room.pk],
            open_to(who, "exam:record_pdf" if record_of(room) else "exam:blank_record", room.pk),
            open_to(who, "exam:record_additions", room.pk) if record_of(room) else "", again[room.pk],
        )
        for room in found
    ]  # fmt: skip


def _theory_links(who: Actor, room: SessionRoom, console: str) -> Links:
    """Where a room goes on: the hall's console, printed papers while the hall has the session, their answers afterwards."""
    if room.session.part != Part.THEORY:
        return []
    publication = publication_of(room.session)
    links = [(console, reverse("exam:console", args=[room.pk]))] if console else []
    if publication is not None and publication.is_at_the_hall:
        links.append(("纸质试卷", open_to(who, "exam:paper_exam", room.pk)))
    if who.holds(*declaration_of(paper_entry.enter).duties) and _taken_up(room):
        links.append(("录入纸质答卷", open_to(who, "exam:paper_entries", room.pk)))
    return [(title, url) for title, url in links if url]


def _taken_up(room: SessionRoom) -> bool:
    """Whether answers given on paper are to be taken up now."""
    try:
        paper_entry.require_taken_up(room)
    except Refused:
        return False
    return True
