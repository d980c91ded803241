"""Opening the papers of a session: two people of different duties sign, then their keys go to the hall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from assay.arrangement.models import Session
from assay.bridge import contract
from assay.bridge.client import HallUnreachable
from assay.exam import packing
from assay.exam.halls import connected
from assay.exam.models import Opening, Publication, Signature
from assay.exam.queries import open_minutes
from assay.kernel import clock
from assay.kernel.acts import Actor, Context, act
from assay.kernel.persons import person_of
from assay.kernel.refusals import Refused

EXAM = "工作方案 四(一)6"
CUSTODY = "工作方案 三(一)2(1)⑦"


def require_sealed(publication: Publication) -> None:
    """Raises Refused unless the papers are at a hall, sealed, and their hour has come."""
    if publication.state != Publication.State.PUBLISHED:
        raise Refused(f"{publication.session} {publication.get_state_display()}，不能启封", CUSTODY)
    require_the_hour(publication.session, "启封")


def require_missing_signature(actor: Actor, publication: Publication) -> None:
    """Raises Refused unless the signature that is still to be given is this person's to give."""
    require_missing_of(actor, list(publication.openings.all()), "启封")


@act(
    "exam.sign_opening", duty=("E7", "E8", "Q4"), title="启封试卷", clause="三(一)2(1)⑦", guard=require_sealed,
    for_whom=require_missing_signature,
)  # fmt: skip
def sign_opening(ctx: Context, publication: Publication) -> Publication:
    """One of two people opens the papers: who keeps them, and who runs the exam or supervises it. Never one alone, and
    not before the hour."""
    publication = Publication.objects.select_for_update().select_related("session").get(pk=publication.pk)
    require_sealed(publication)
    require_missing_signature(ctx.actor, publication)
    given = signature(ctx, list(publication.openings.all()), "启封")
    ctx.note = str(publication.session)
    ctx.record(Opening.objects.create(publication=publication, **given))
    return publication


def require_the_hour(session: Session, what: str) -> None:
    """Refuse while it is too early for anybody to see the papers of the session."""
    earliest = session.starts_at - timedelta(minutes=open_minutes(session))
    if clock.now() < earliest:
        raise Refused(f"{clock.shown(earliest)} 起才能{what}", CUSTODY)


def signature(ctx: Context, given: Sequence[Signature], what: str) -> dict[str, Any]:
    """The signature of whoever acts, beside those that are given."""
    side = side_of(ctx.actor, own_accounts(ctx.actor), given, what)
    return {"side": side, "account_id": ctx.actor.account_id, "name": ctx.actor.name, "at": ctx.at}


def own_accounts(actor: Actor) -> frozenset[int]:
    """All accounts of the person who acts."""
    return person_of(actor.account_id).accounts if actor.account_id is not None else frozenset()


def side_of(actor: Actor, own: frozenset[int], given: Sequence[Signature], what: str) -> str:
    """Which of the two signatures is the actor's, whose accounts are `own`: one is of the keeper of the papers, one of who runs the
    exam or supervises it. Refused when it is not the missing one, or of a person who has signed."""
    if actor.account_id is None:
        raise Refused(f"{what}须由本人登录办理", CUSTODY)
    if signed_by(own, given):
        raise Refused(f"您已{what}，须由另一人共同{what}", CUSTODY)
    signed = {one.side for one in given}
    side = "keeper" if actor.holds("E7") and "keeper" not in signed else "witness"
    if side in signed or (side == "witness" and not actor.holds("E8", "Q4")):
        names = "、".join(one.name for one in given)
        raise Refused(f"{names}已{what}，还须由另一职责（试卷保管，或考务、督导）的人{what}", CUSTODY)
    return side


def require_missing_of(actor: Actor, given: Sequence[Signature], what: str) -> None:
    """Raises Refused unless the signature that is still missing beside those given is this person's. Whose accounts are whose is asked
    only where somebody has signed."""
    side_of(actor, own_accounts(actor) if given else frozenset(), given, what)


def signed_by(own: frozenset[int], given: Sequence[Signature]) -> bool:
    """Whether one of the signatures is of the person with these accounts."""
    return any(one.account_id in own for one in given)


def require_keys_due(publication: Publication) -> None:
    """Raises Refused unless both have signed and the hall has still to get the keys."""
    if publication.state != Publication.State.PUBLISHED or not publication.signed_by_two():
        raise _changed(publication)


def _changed(publication: Publication) -> Refused:
    return Refused(f"{publication.session} 刚刚有改动（{publication.get_state_display()}），请刷新后再办理", CUSTODY)


@act(
    "exam.mark_opened", duty=("E7", "E8", "Q4"), title="试卷密钥送达考试端", clause="三(一)2(1)⑦",
    guard=require_keys_due,
)  # fmt: skip
def mark_opened(ctx: Context, publication: Publication, *, pack_id: str) -> Publication:
    """Note that the hall has the keys of the pack."""
    publication = Publication.objects.select_for_update().select_related("session").get(pk=publication.pk)
    if publication.state == Publication.State.OPENED and publication.pack_id == pack_id:
        return publication  # the other of the two has asked at the same time
    if publication.pack_id != pack_id:
        raise _changed(publication)
    require_keys_due(publication)
    publication.state, publication.opened_at = Publication.State.OPENED, ctx.at
    publication.save()
    ctx.note = str(publication.session)
    ctx.record(publication)
    return publication


def open_papers(actor: Actor, publication: Publication, *, hall_url: str) -> Publication:
    """Sign; once both have, the keys go to the hall. When it cannot be reached the signatures stand and the keys are sent
    when either asks again. Who asks when all is done finds it done."""
    publication = Publication.objects.select_related("session").get(pk=publication.pk)
    if publication.state == Publication.State.OPENED:
        return publication
    if not publication.signed_by_two():
        publication = sign_opening(actor, publication)
    if publication.state != Publication.State.PUBLISHED:
        raise Refused(f"{publication.session} {publication.get_state_display()}，不能启封", CUSTODY)
    if not publication.signed_by_two():
        return publication
    names = [opening.name for opening in publication.openings.all()]
    keys = contract.Keys(packing.unlock_keys(publication.paper_keys), names)
    try:
        with connected(hall_url) as hall:
            hall.open(publication.pack_id, keys)
    except HallUnreachable as down:
        raise Refused(f"两人已启封，但密钥未送达：{down}。请稍后再按“送达密钥”", EXAM) from down
    return mark_opened(actor, publication, pack_id=publication.pack_id)
