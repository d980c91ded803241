"""Handing a theory session to the hall: the pack is prepared, published, and taken back when the session is put off.

Every attempt has a pack of its own, and what counts as published is what the hall itself says it has taken. One attempt at a time;
when it comes to nothing (the hall was not reached, the office stopped in between) the next one first takes back what the hall may
hold of it, so that publishing again just works.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from assay.arrangement import within
from assay.arrangement.models import Seating, Session
from assay.bank.models import Paper
from assay.bank.queries import sealed_papers, specification_for
from assay.batches.stages import Stage
from assay.bridge import contract
from assay.bridge.client import HallUnreachable, encode_pack
from assay.catalogue.parts import Part
from assay.centre.actors import SYSTEM
from assay.exam import packing
from assay.exam.acts.paper_exam import take_back_signatures
from assay.exam.halls import SLOW_S, connected, hall_named
from assay.exam.models import Opening, Publication, publication_of
from assay.kernel import clock
from assay.kernel.acts import Actor, Context, act
from assay.kernel.holding import held
from assay.kernel.refusals import Refused

EXAM = "工作方案 四(一)6"
CUSTODY = "工作方案 三(一)2(1)⑦"
AGAIN = "请重新“提取试卷并发布到考试端”"
QUICK_S = 5.0
Left = list[list[str]]
"""Packs that came to nothing here and that a hall may hold: [[hall, pack]]."""


def require_to_publish(session: Session) -> None:
    """Raises Refused unless the session is to be handed to a hall now."""
    if session.part != Part.THEORY:
        raise Refused("只有理论考试发布到考试端", EXAM)
    if session.batch.stage not in (Stage.READINESS, Stage.EXAM):
        raise Refused("考前检查阶段才能提取试卷", CUSTODY)
    publication = publication_of(session)
    if publication is None:
        return
    if publication.state != Publication.State.PREPARED:
        raise Refused(f"{session} {publication.get_state_display()}", CUSTODY)
    _require_nobody_publishes(publication)


@act("exam.prepare", duty="E7", title="提取试卷", clause="三(一)2(1)⑦", guard=require_to_publish)
def prepare(
    ctx: Context, session: Session, *, hall: str = "", rehearsal: bool = False
) -> tuple[Publication, contract.Pack]:
    """Give every theory seat its sealed paper and make the pack; its digest is in the ledger before the exam, and the
    keys of its papers stay locked in the office."""
    held(session.batch)
    session = Session.objects.select_for_update(of=("self",)).select_related("batch").get(pk=session.pk)
    known = Publication.objects.select_for_update().filter(session=session).first()
    require_to_publish(session)
    publication = known or Publication(session=session)
    seatings = list(
        Seating.objects.select_for_update(of=("self",))
        .filter(session_room__session=session)
        .select_related("application__applicant", "application__ticket", "application__line__level")
        .select_related("application__line__scope_row__occupation")
        .order_by("pk")
    )  # fmt: skip
    _give_papers(seatings)
    within.put_papers(ctx, seatings)
    # Never a name that a hall may know already, whatever became of earlier attempts, in this database or in a restored one.
    pack_id = f"{session.batch.code}-{session.pk}-{secrets.token_hex(4)}"
    pack, keys = packing.build(session, seatings, pack_id, rehearsal=rehearsal)
    publication.left_behind = _with_last_attempt(publication)
    publication.pack_id, publication.pack_digest = pack_id, contract.pack_digest(encode_pack(pack))
    publication.paper_digests = {p.id: p.digest for p in pack.papers}
    publication.paper_keys, publication.hall = packing.lock_keys(keys), hall
    publication.preparing_since, publication.preparing_by, publication.trouble = ctx.at, ctx.actor.name, ""
    publication.save()
    ctx.record(publication)
    return publication, pack


def _require_nobody_publishes(publication: Publication) -> None:
    if publication.on_its_way():
        raise Refused(f"{publication.session}：{publication.unfinished()}；两分钟后还没有完成的，可以重新发布", CUSTODY)


def _with_last_attempt(publication: Publication) -> Left:
    """What the halls may hold, the attempt that has come to nothing in it."""
    last = [[publication.hall, publication.pack_id]] if publication.pack_digest else []
    return [*publication.left_behind, *last]


def _give_papers(seatings: list[Seating]) -> None:
    """Each line its newest sealed paper; where there are several forms, neighbours get different ones."""
    papers: dict[int, list[Paper]] = {}
    missing: set[str] = set()
    for seating in seatings:
        line = seating.application.line
        if line.pk not in papers:
            specification = specification_for(line.scope_row, line.level)
            papers[line.pk] = sealed_papers(specification)[:4] if specification else []
        forms = papers[line.pk]
        if forms:
            seating.paper = forms[seating.seat % len(forms)]
        else:
            missing.add(str(line))
    if missing:
        raise Refused(f"没有封存的试卷：{'、'.join(sorted(missing))}，请先组卷并封存", CUSTODY)


@act("exam.mark_published", duty="E7", title="发布到考试端", clause="四(一)6")
def mark_published(ctx: Context, publication: Publication, *, pack_id: str, digest: str, left: Left) -> Publication:
    """Note that the hall has the pack: the very one that the office prepared, by the digest that the hall gave. `left`: what could
    not be taken back from another hall yet."""
    publication = Publication.objects.select_for_update().select_related("session").get(pk=publication.pk)
    if publication.state != Publication.State.PREPARED or publication.pack_id != pack_id:
        raise Refused(f"{publication.session} 在发布途中已被改动，这一次发布不算，请刷新后看本场次现在的状态", CUSTODY)
    if publication.pack_digest != digest:
        raise Refused(f"考试端收到的考试包与教务端准备的不一致，没有发布成功：{AGAIN}", CUSTODY)
    publication.state, publication.published_at, publication.left_behind = Publication.State.PUBLISHED, ctx.at, left
    publication.preparing_since, publication.trouble = None, ""
    publication.save()
    ctx.note = str(publication.session)
    ctx.record(publication)
    return publication


@act("exam.note_unpublished", duty="E7", title="发布未成", clause="四(一)6")
def note_unpublished(ctx: Context, publication: Publication, *, pack_id: str, trouble: str) -> None:
    """The attempt came to nothing: the next may begin at once, and the page says why."""
    publication = Publication.objects.select_for_update().select_related("session").get(pk=publication.pk)
    if publication.state != Publication.State.PREPARED or publication.pack_id != pack_id:
        return  # another attempt has taken its place
    publication.preparing_since, publication.trouble = None, trouble[:400]
    publication.save()
    ctx.record(publication)
    ctx.note = f"{publication.session}：{trouble}"[:200]


def publish(
    actor: Actor, session: Session, *, hall_url: str, hall_name: str = "", rehearsal: bool = False
) -> Publication:
    """Prepare the pack, take back what came to nothing before, hand the pack to the hall, note it. When anything of it fails
    nothing counts as published, and it can be done again."""
    publication, pack = prepare(actor, session, hall=hall_name, rehearsal=rehearsal)
    try:
        left = _take_back(publication.left_behind, hall_name, hall_url)
        with connected(hall_url) as hall:
            digest = hall.publish(pack)
        return mark_published(actor, publication, pack_id=pack.id, digest=digest, left=left)
    except (HallUnreachable, Refused) as failed:
        note_unpublished(actor, publication, pack_id=pack.id, trouble=str(failed))
        raise Refused(str(failed), EXAM) from failed


def _take_back(left: Left, hall_name: str | None = None, hall_url: str = "") -> Left:
    """Withdraw packs from the halls that may hold them; HallUnreachable when that fails at the hall at hand, where they would be in
    the way. Returns those at other halls that could not be withdrawn now."""
    remaining: Left = []
    for name, pack_id in left:
        if name == hall_name:
            _withdraw(hall_url, pack_id)
            continue
        try:
            _withdraw(hall_named(name).url, pack_id, timeout=QUICK_S)
        except (HallUnreachable, Refused):
            remaining.append([name, pack_id])
    return remaining


def _withdraw(url: str, pack_id: str, timeout: float = SLOW_S) -> None:
    with connected(url, timeout) as hall:
        hall.withdraw(pack_id)


def withdraw_what_was_left() -> None:
    """Packs of attempts that came to nothing at a hall that was not reached then, while the session was published at another."""
    for publication in Publication.objects.exclude(state=Publication.State.PREPARED).exclude(left_behind=[]):
        remaining = _take_back(publication.left_behind)
        if remaining != publication.left_behind:
            note_left(SYSTEM, publication, remaining)


@act("exam.note_left", duty="SYS", title="撤回先前的考试包")
def note_left(ctx: Context, publication: Publication, remaining: Left) -> None:
    publication = Publication.objects.select_for_update().select_related("session").get(pk=publication.pk)
    publication.left_behind = remaining
    publication.save()
    ctx.record(publication)
    ctx.note = f"{publication.session}：先前发布未成的考试包已撤回"


def postpone(actor: Actor, session: Session, *, starts_at: datetime, reason: str, hall_url: str) -> Session:
    """A session that cannot be held as planned gets another time: what the hall has of it is withdrawn first, and the papers
    stay sealed. When the hall cannot be reached nothing is changed."""
    session = Session.objects.select_related("batch", "publication").get(pk=session.pk)
    publication = publication_of(session)
    if publication is None:
        return move_session(actor, session, starts_at=starts_at, reason=reason)
    require_to_move(session)
    _require_another_time(clock.now(), starts_at, reason)
    try:
        _take_back(_with_last_attempt(publication), publication.hall, hall_url)
    except HallUnreachable as down:
        raise Refused(f"考试端没有撤回本场次：{down}。没有改期", EXAM) from down
    return move_session(actor, session, starts_at=starts_at, reason=reason, withdrawn=publication.pack_id)


def require_to_move(session: Session) -> None:
    """Raises Refused unless the session may get another time."""
    if session.part != Part.THEORY or session.batch.stage not in (Stage.TICKETS, Stage.READINESS, Stage.EXAM):
        raise Refused("只有省中心批准后、尚未考完的理论场次可以改期", EXAM)
    publication = publication_of(session)
    if publication is None:
        return
    if publication.state == Publication.State.COLLECTED:
        raise Refused(f"{session} 已收卷，不能改期", EXAM)
    _require_nobody_publishes(publication)


def _require_another_time(now: datetime, starts_at: datetime, reason: str) -> None:
    if starts_at <= now:
        raise Refused("改期的时间须在今后", EXAM)
    if not reason.strip():
        raise Refused("请写明改期的原因", EXAM)


@act("exam.postpone", duty="E8", title="场次改期", clause="突发事件应急预案", guard=require_to_move)
def move_session(
    ctx: Context, session: Session, *, starts_at: datetime, reason: str, withdrawn: str | None = None
) -> Session:
    """The session's new time, and why; it is published again from there, with its papers opened by two people again. `withdrawn`:
    the pack that the hall gave back. It is asked for once more at the next publishing: an attempt that had broken off may still
    reach the hall."""
    held(session.batch)
    session = Session.objects.select_for_update(of=("self",)).select_related("batch").get(pk=session.pk)
    require_to_move(session)
    _require_another_time(ctx.at, starts_at, reason)
    within.begin_at(ctx, session, starts_at)
    publication = Publication.objects.select_for_update().filter(session=session).first()
    if publication is not None:
        _require_nobody_publishes(publication)
        if publication.state == Publication.State.COLLECTED or publication.pack_id != withdrawn:
            raise Refused(f"{session} 的发布刚刚有变动，没有改期，请刷新后再办理", EXAM)
        take_back_signatures(ctx, session)
        for opening in publication.openings.all():
            ctx.record_removed(Opening, opening.pk)
        publication.openings.all().delete()
        publication.state, publication.opened_at, publication.published_at = Publication.State.PREPARED, None, None
        publication.preparing_since, publication.trouble = None, ""
        publication.left_behind = _with_last_attempt(publication)
        publication.pack_digest, publication.paper_keys = "", ""
        publication.save()
        ctx.record(publication)
    ctx.note = f"{session} 改期至 {clock.shown(starts_at)}：{reason.strip()[:150]}"
    return session
