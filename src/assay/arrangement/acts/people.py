"""Who serves in a room, changed by hand until its session is over: somebody takes another's place, comes as well, leaves, or leads the
panel. Each with a reason, which stays with the room (`StaffChange`)."""

from __future__ import annotations

from assay.arrangement import recusal
from assay.arrangement.changing import locked, locked_batch, require_at_work, take_people_and_rooms
from assay.arrangement.fitness import Fitness
from assay.arrangement.models import Assignment, SessionRoom, StaffChange
from assay.arrangement.staffing import EXAMINERS, STAFFING, examiners_needed, invigilators_needed
from assay.catalogue.parts import Part
from assay.centre.departures import Departure, depart
from assay.corps.models import Member
from assay.kernel.acts import Context, act
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut

CLAUSE = "工作方案 三(一)2(3)③"
WHO = ("E6", "E8", "X3")
"""Who prepares the rooms, who runs the exam, who sends the examiners: whoever of them is there when somebody falls ill."""
ROLES_OF = {Part.THEORY: ("invigilator", "supervisor", "staff")}
PANEL_ROLES = ("examiner", "supervisor", "staff")


def roles_in(room: SessionRoom) -> tuple[str, ...]:
    """The roles in which somebody may come into the room. A panel has its leader; another one is named."""
    return ROLES_OF.get(Part(room.session.part), PANEL_ROLES)


def require_replaceable(assignment: Assignment) -> None:
    """Raises Refused once it is too late to put somebody else in."""
    require_at_work(assignment.session_room)


@act(
    "arrangement.replace_member", duty=WHO, title="更换监考考评人员", clause="三(一)2(3)③", guard=require_replaceable
)  # fmt: skip
def replace_member(ctx: Context, assignment: Assignment, *, member: Member, reason: str) -> Assignment:
    """Put another person in the place of one. What the former has locked stays, and counts."""
    assignment = _taken(assignment)
    require_replaceable(assignment)
    room = assignment.session_room
    _require_fit(member, room, assignment.role, leaving=assignment)
    former, assignment.member = assignment.member, member
    assignment.save()
    ctx.record(assignment)
    _note(ctx, room, StaffChange.Kind.REPLACED, assignment.role, former, member, reason)
    _leave(ctx, former, room)
    return assignment


@act("arrangement.add_member", duty=WHO, title="增派监考考评人员", clause="三(一)2(3)③", guard=require_at_work)
def add_member(ctx: Context, session_room: SessionRoom, *, role: str, member: Member, reason: str) -> Assignment:
    """One more in a room. On a panel that was left by somebody whose place is empty he or she takes that place."""
    take_people_and_rooms()
    locked_batch(session_room.session.batch)
    session_room = SessionRoom.objects.select_related("session__batch", "room", "line__scope_row__occupation").get(
        pk=session_room.pk
    )
    require_at_work(session_room)
    if role not in roles_in(session_room):
        raise Refused("请选择增派的岗位", CLAUSE)
    _require_fit(member, session_room, role)
    made = Assignment.objects.create(session_room=session_room, member=member, role=role)
    ctx.record(made)
    _note(ctx, session_room, StaffChange.Kind.ADDED, role, _left_open(session_room, role), member, reason)
    return made


def require_releasable(assignment: Assignment) -> None:
    """Raises Refused where a room cannot do without: its session is over, or too few would be left."""
    room, role = assignment.session_room, assignment.role
    require_at_work(room)
    if role == "leader":
        raise Refused("考评组长不能直接撤出：请先由组内另一名考评员任组长，或改派组长", CLAUSE)
    if role == "supervisor":
        others = Assignment.objects.filter(session_room__session=room.session, role=role).exclude(pk=assignment.pk)
        if not others.exists():
            raise Refused(f"{room.session} 只有 1 名内部督导员，请改派他人接替", "工作方案 四(一)6(2)")
    elif role != "staff":
        _require_enough_left(room, EXAMINERS if role in EXAMINERS else (role,))


def _require_enough_left(room: SessionRoom, roles: tuple[str, ...]) -> None:
    candidates = room.seatings.count()
    if not candidates:
        return
    panel = roles == EXAMINERS
    needed = examiners_needed(room, candidates) if panel else invigilators_needed(room.session.batch, candidates)
    left = room.assignments.filter(role__in=roles).count() - 1
    if left < needed:
        title = "考评员" if panel else "监考员"
        said = f"{room.room} {candidates} 名考生，{title}应有 {needed} 名，撤出后只剩 {left} 名，请改派他人接替"
        raise Refused(said, STAFFING)


@act("arrangement.release_member", duty=WHO, title="撤出监考考评人员", clause="三(一)2(3)③", guard=require_releasable)
def release_member(ctx: Context, assignment: Assignment, *, reason: str) -> StaffChange:
    """One less in a room, as far as the rules allow. What was locked stays, and counts."""
    assignment = _taken(assignment)
    require_releasable(assignment)
    room, former, pk = assignment.session_room, assignment.member, assignment.pk
    assignment.delete()
    ctx.record_removed(Assignment, pk)
    change = _note(ctx, room, StaffChange.Kind.RELEASED, assignment.role, former, None, reason)
    _leave(ctx, former, room)
    return change


def require_to_lead(assignment: Assignment) -> None:
    """Raises Refused unless the examiner may be made the leader of the panel."""
    require_at_work(assignment.session_room)
    if assignment.role != "examiner":
        raise Refused("只有本考评组的考评员可以改任组长", CLAUSE)


@act("arrangement.name_leader", duty=WHO, title="改任考评组长", clause="三(一)2(3)③", guard=require_to_lead)
def name_leader(ctx: Context, assignment: Assignment, *, reason: str) -> Assignment:
    """One of the panel leads it from now on; who led it goes on as examiner."""
    assignment = _taken(assignment)
    require_to_lead(assignment)
    room = assignment.session_room
    former = room.assignments.select_for_update(of=("self",)).select_related("member").filter(role="leader").first()
    if former is not None:
        former.role = "examiner"
        former.save()
        ctx.record(former)
    assignment.role = "leader"
    assignment.save()
    ctx.record(assignment)
    before = former.member if former is not None else None
    _note(ctx, room, StaffChange.Kind.LED, "leader", before, assignment.member, reason)
    return assignment


def _taken(assignment: Assignment) -> Assignment:
    """The place as it stands once nobody else changes this batch, or takes people."""
    take_people_and_rooms()
    locked_batch(assignment.session_room.session.batch)
    return locked(Assignment, assignment.pk)


def _require_fit(member: Member, room: SessionRoom, role: str, *, leaving: Assignment | None = None) -> None:
    if why := unfit(member, room, role, leaving=leaving):
        raise Refused(why, recusal.CLAUSE)


def unfit(member: Member, room: SessionRoom, role: str, *, leaving: Assignment | None = None) -> str:
    """Why `member` cannot serve in the room in that role, in a sentence with the name; "" when fit."""
    why_not = Fitness(room).of(member, role, leaving=leaving).why_not
    return f"{member} {why_not.removeprefix(member.name)}" if why_not else ""


def _left_open(room: SessionRoom, role: str) -> Member | None:
    """Who left a place of the panel that nobody has taken since; the first of them."""
    if role not in EXAMINERS:
        return None
    changes = room.staff_changes.filter(role__in=EXAMINERS).select_related("former")
    taken = [c.former_id for c in changes if c.kind == StaffChange.Kind.ADDED]
    for change in changes:
        if change.kind == StaffChange.Kind.RELEASED:
            if change.former_id not in taken:
                return change.former
            taken.remove(change.former_id)
    return None


def _note(
    ctx: Context, room: SessionRoom, kind: StaffChange.Kind, role: str, former: Member | None, member: Member | None, reason: str
) -> StaffChange:  # fmt: skip
    if not reason.strip():
        raise Refused("请写明人员变动的原因", CLAUSE)
    change = StaffChange.objects.create(
        session_room=room, kind=kind, role=role, former=former, member=member, reason=uncut(reason.strip(), 200, "原因"),
        by=ctx.actor.name, at=ctx.at,
    )  # fmt: skip
    ctx.record(change)
    return change


def _leave(ctx: Context, member: Member, room: SessionRoom) -> None:
    """Whose place it was has no right to the room any more."""
    if member.account_id is not None:
        depart(ctx, Departure(member.account_id, room.pk))
