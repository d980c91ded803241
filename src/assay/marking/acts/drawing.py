"""Drawing by lot which version of the operation-skill paper a room works on, before witnesses, shortly before it starts."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from assay.arrangement.models import Assignment, Seating, SessionRoom
from assay.bank.models import Paper
from assay.bank.papers.acts.papers import release
from assay.batches.stages import Stage
from assay.catalogue.parts import Part
from assay.kernel import clock
from assay.kernel.acts import Actor, Context, act
from assay.kernel.holding import held
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut
from assay.marking.models import ExaminerScore, SkillDraw
from assay.marking.queries import drawn_for, draws_by_lot, opens_at, versions_for

CLAUSE = "工作方案 三(一)2(1)⑦"


def require_to_draw(session_room: SessionRoom) -> None:
    """Raises Refused unless the lot is to be drawn for the room now."""
    session = session_room.session
    if session.part != Part.SKILL or session_room.line is None:
        raise Refused("只有操作技能考场抽签", CLAUSE)
    if session.batch.stage != Stage.EXAM:
        raise Refused("批次未到“实施认定”阶段", "工作方案 四(一)6")
    former = drawn_for(session_room)
    if former is not None:
        _refuse_second(former)
    if not draws_by_lot(session_room):
        raise Refused(f"{session_room.line} 没有封存的操作技能试卷", CLAUSE)
    earliest = opens_at(session_room)
    if clock.now() < earliest:
        raise Refused(f"{clock.shown(earliest)} 起才能抽签", CLAUSE)


@act(
    "marking.draw_paper", duty=("E7", "E8", "X3"), title="抽取操作技能试卷", clause="三(一)2(1)⑦", guard=require_to_draw
)  # fmt: skip
def draw_paper(ctx: Context, session_room: SessionRoom, *, witness: str) -> SkillDraw:
    """Draw one of the sealed versions for a room by lot and open it. Versions that others of the batch have finished with are
    left out while there are others. What was drawn stands, unless that version had to be made void meanwhile."""
    held(session_room.session.batch)
    former = SkillDraw.objects.select_for_update().select_related("paper").filter(session_room=session_room).first()
    session_room = SessionRoom.objects.select_related("session__batch", "line", "skill_draw__paper").get(
        pk=session_room.pk
    )
    require_to_draw(session_room)
    if not witness.strip():
        raise Refused("请写明现场的抽签见证人（如考生代表）", CLAUSE)
    assert session_room.line is not None  # asked for before
    versions = versions_for(session_room.line)
    among = _fresh(versions, session_room) or versions
    paper = secrets.choice(among)
    draw = former or SkillDraw(session_room=session_room)
    draw.paper, draw.content = paper, paper.frozen()
    draw.among = [[p.pk, p.form, p.digest] for p in among]
    draw.witness, draw.by, draw.at = uncut(witness, 60, "见证人"), ctx.actor.name, ctx.at
    draw.confirmed_by, draw.confirmed_at = "", None
    draw.save()
    ctx.record(draw)
    return draw


def require_unwitnessed(draw: SkillDraw) -> None:
    """Raises Refused once somebody has witnessed the draw."""
    if draw.confirmed_at is not None:
        raise Refused(f"{draw} 已由{draw.confirmed_by}见证", CLAUSE)


def attended(actor: Actor, draws: Sequence[SkillDraw]) -> list[SkillDraw]:
    """Of these draws those that the actor may have been present at: all for who supervises, else those of rooms in which he or she
    serves."""
    if actor.holds("Q4"):
        return list(draws)
    own = Assignment.objects.filter(
        session_room__in=[draw.session_room_id for draw in draws], member__account=actor.account_id or 0
    )
    rooms = set(own.values_list("session_room", flat=True))
    return [draw for draw in draws if draw.session_room_id in rooms]


@act(
    "marking.witness_draw", duty=("R3", "Q4"), title="见证抽签", clause="三(一)2(1)⑦", guard=require_unwitnessed
)  # fmt: skip
def witness_draw(ctx: Context, draw: SkillDraw) -> SkillDraw:
    """One of the room's panel, or a supervisor, says with an own sign-in that the lot was drawn in their presence; without it no
    marks are taken."""
    draw = SkillDraw.objects.select_for_update(of=("self",)).select_related("session_room").get(pk=draw.pk)
    require_unwitnessed(draw)
    if not attended(ctx.actor, [draw]):
        raise Refused("由本考场的考评员或督导员见证抽签", CLAUSE)
    draw.confirmed_by, draw.confirmed_at = ctx.actor.name, ctx.at
    draw.save()
    ctx.record(draw)
    return draw


def _refuse_second(former: SkillDraw) -> None:
    if former.paper.state != Paper.State.VOID:
        raise Refused(f"本考场已抽中 {former.paper.form} 卷，不能重抽", CLAUSE)
    if ExaminerScore.objects.filter(sheet__draw=former).exists():
        raise Refused("已有考评员按作废的试卷评分，请先由考务安排重考", CLAUSE)


def _fresh(versions: list[Paper], session_room: SessionRoom) -> list[Paper]:
    """Versions that nobody of the batch has come out with yet."""
    known = SkillDraw.objects.filter(
        session_room__session__batch=session_room.session.batch,
        session_room__session__ends_at__lte=session_room.session.starts_at,
    ).values_list("paper_id", flat=True)
    return [p for p in versions if p.pk not in set(known)]


def release_sat(ctx: Context, papers: Iterable[Paper]) -> None:
    """Within the act that settles: versions that all candidates who drew them have done may be looked at again; of two panels
    that settle at once the second sees the first."""
    for paper in Paper.objects.select_for_update().filter(pk__in=[paper.pk for paper in papers]).order_by("pk"):
        drew = Seating.objects.filter(session_room__skill_draw__paper=paper)
        if not drew.exclude(panel_sheet__settled_at__isnull=False).exists():
            release(ctx, [paper])
