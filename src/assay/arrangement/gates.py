"""What keeps a batch from leaving arrangement, tickets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from assay.applications.models import Application
from assay.arrangement.models import Seating, Session, SessionRoom, Ticket
from assay.arrangement.proposal import invigilation, seats_missing
from assay.arrangement.recusal import candidates_of, why_recused
from assay.arrangement.sign_ins import lacking
from assay.arrangement.staffing import EXAMINERS, STAFFING, examiners_needed, invigilators_needed, rules_of
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.catalogue.parts import Part
from assay.kernel import clock
from assay.kernel.clock import shown
from assay.kernel.gates import counts, gate, todo
from assay.kernel.refusals import Blocker

NAMED = 5
"""So many sessions are named; the others are counted."""


def _link(batch: Batch) -> str:
    return reverse("arrangement:batch", args=[batch.pk])


@gate(Stage.ARRANGE)
def everyone_has_a_seat(batch: Batch) -> Iterator[Blocker]:
    missing = Application.objects.filter(seats_missing(batch)).count()
    if missing:
        yield Blocker(f"{missing} 名考生还没有座位", "工作方案 四(一)3(2)", "E6", _link(batch), missing)


@gate(Stage.ARRANGE, Stage.TICKETS, Stage.READINESS)
def nobody_is_at_two_places(batch: Batch) -> Iterator[Blocker]:
    """Also after a session was put off: theory and skill of one candidate must not meet."""
    sat = Seating.objects.filter(session_room__session__batch=batch).order_by(
        "application", "session_room__session__starts_at"
    )
    times = sat.values_list("application", "session_room__session__starts_at", "session_room__session__ends_at")
    clashes = {
        application
        for (application, _, ends), (other, starts, _) in pairwise(times)
        if application == other and starts < ends
    }
    if clashes:
        text = f"{len(clashes)} 名考生同一时间排了两场，请改期或重新编排"
        yield Blocker(text, "工作方案 四(一)3(2)", "E6", _link(batch), len(clashes))


@todo(Stage.TICKETS, Stage.READINESS, Stage.EXAM)
def rooms_stay_staffed(batch: Batch) -> Iterator[Blocker]:
    """Also after people came and left, until each session is over: an even panel settles nobody."""
    yield from _understaffed(batch, [room for room in _staffed(batch) if room.session.ends_at > clock.now()])


@gate(Stage.ARRANGE)
def rooms_are_staffed(batch: Batch) -> Iterator[Blocker]:
    yield from _understaffed(batch, _staffed(batch))


def _understaffed(batch: Batch, rooms: list[Any]) -> Iterator[Blocker]:
    """Invigilators 1:15 and at least 2, or as the standards ask; panels odd, at least the standard's number, with a leader."""
    rules = rules_of(batch)
    watch = invigilation(rules.values())
    for room in rooms:
        if room.session.part == Part.THEORY:
            needed = invigilators_needed(batch, room.seated, watch)
            if room.invigilators < needed:
                text = f"{room}：{room.seated} 名考生，监考员 {room.invigilators} 名，应有 {needed} 名"
                yield Blocker(text, STAFFING, "E6", _link(batch))
            continue
        needed = examiners_needed(room, room.seated, rules)
        if room.examiners < needed or room.examiners % 2 == 0:
            text = f"{room}：{room.seated} 名考生，考评员 {room.examiners} 名，应有 {needed} 名且为单数"
            yield Blocker(text, STAFFING, "X3", _link(batch))
        if not room.leaders:
            yield Blocker(f"{room}：没有考评组长", STAFFING, "X3", _link(batch))


def _staffed(batch: Batch) -> list[Any]:
    """Session rooms with `seated`, `invigilators`, `examiners`, `leaders` counted."""

    def people(*roles: str) -> Count:
        return Count("assignments", filter=Q(assignments__role__in=roles), distinct=True)

    rooms = SessionRoom.objects.filter(session__batch=batch).select_related("session", "room", "line__scope_row")
    return list(
        rooms.annotate(
            seated=Count("seatings", distinct=True),
            invigilators=people("invigilator"),
            examiners=people(*EXAMINERS),
            leaders=people("leader"),
        ).filter(seated__gt=0)
    )


@gate(Stage.ARRANGE)
def supervisors_are_named(batch: Batch) -> Iterator[Blocker]:
    without = (
        Session.objects.filter(batch=batch)
        .annotate(n=Count("rooms__assignments", filter=Q(rooms__assignments__role="supervisor")))
        .filter(n=0)
        .count()
    )
    if without:
        yield Blocker(f"{without} 个场次没有内部督导员", "工作方案 四(一)6(2)", "E6", _link(batch), without)


@todo(Stage.ARRANGE)
def sessions_have_staff(batch: Batch) -> Iterator[Blocker]:
    """The filing names staff; a session can be held without, so that this keeps no batch. Who has room for none reads why."""
    sessions = Session.objects.filter(batch=batch).annotate(
        n=Count("rooms__assignments", filter=Q(rooms__assignments__role="staff"))
    )
    without = [shown(one.starts_at) for one in sessions.filter(n=0).order_by("starts_at")]
    if without:
        when = "、".join(without[:NAMED]) + ("等" if len(without) > NAMED else "")
        text = (
            f"{len(without)} 个场次没有工作人员（{when}）：工作人员从持监考证卡的人员中派，当时都已派在考场；"
            "可增加人员后重新编排"
        )
        yield Blocker(text, "工作方案 四(一)4", "E6", _link(batch), len(without))


@gate(Stage.ARRANGE, Stage.FILING, Stage.TICKETS, Stage.READINESS)
def nobody_serves_who_must_stand_back(batch: Batch) -> Iterator[Blocker]:
    """Recusal, once more over what stands in the tables: hand-made changes, and what became known later, are checked as well."""
    candidates = candidates_of(batch)
    seated: dict[int, set[str]] = {}
    for room_id, class_name in (
        Seating.objects.filter(session_room__session__batch=batch)
        .values_list("session_room_id", "application__applicant__class_name")
        .distinct()
    ):
        seated.setdefault(room_id, set()).add(class_name)
    rooms = SessionRoom.objects.filter(session__batch=batch).prefetch_related("assignments__member")
    for room in rooms:
        for assignment in room.assignments.all():
            here = seated.get(room.pk, set())
            why = why_recused(assignment.member, assignment.role, classes=here, candidates=candidates)
            if why:
                yield Blocker(f"{room}：{why}", "考评员回避制度", "X3", _link(batch))


@gate(Stage.READINESS)
def everybody_assigned_can_sign_in(batch: Batch) -> Iterator[Blocker]:
    """Who cannot sign in neither invigilates nor marks, and on the day it is too late to see to it."""
    clause = "工作方案 四(一)6(1)"
    found = lacking(batch)
    for names, said, link in (
        (found.account, "还没有账号", reverse("corps:accounts")),
        (found.disabled, "的账号已停用", reverse("centre:accounts")),
        (found.post, "的账号没有任相应岗位（监考员、考评员、督导员）", reverse("centre:accounts")),
    ):
        if names:
            listed = "、".join(names[:NAMED]) + (f"等 {len(names)} 人" if len(names) > NAMED else "")
            yield Blocker(f"已安排的{listed}{said}，考试当天无法登录", clause, "L1", link, len(names))


@todo(Stage.ARRANGE, Stage.FILING, Stage.TICKETS)
def accounts_can_be_made_before_the_day(batch: Batch) -> Iterator[Blocker]:
    """As soon as people are put to work."""
    yield from everybody_assigned_can_sign_in(batch)


@gate(Stage.TICKETS)
def everyone_has_a_ticket(batch: Batch) -> Iterator[Blocker]:
    without = Application.objects.filter(batch=batch, state=Application.State.APPROVED, ticket=None).count()
    if without:
        link = reverse("arrangement:tickets", args=[batch.pk])
        yield Blocker(f"{without} 名考生没有准考证", "工作方案 四(一)5", "E5", link, without)


@gate("cancel")
def nothing_is_arranged(batch: Batch) -> Iterator[Blocker]:
    """Rooms and people that a batch has taken are given back by arranging it anew, with nobody in it."""
    sessions = Session.objects.filter(batch=batch).count()
    if sessions:
        text = f"还编排着 {sessions} 个场次：请重新编排一次（没有考生，场次随之取消，考场和人员空出）"
        yield Blocker(text, "工作方案 四(一)3(2)", "E6", _link(batch), sessions)


@counts(Stage.ARRANGE, Stage.FILING)
def arranged(batch: Batch) -> Iterator[tuple[str, int]]:
    yield "场次", Session.objects.filter(batch=batch).count()
    yield "考场次", SessionRoom.objects.filter(session__batch=batch).count()
    yield "座位", Seating.objects.filter(session_room__session__batch=batch).count()


@counts(Stage.TICKETS, Stage.READINESS)
def ticketed(batch: Batch) -> Iterator[tuple[str, int]]:
    yield "准考证", Ticket.objects.filter(application__batch=batch).count()
