"""Words for everybody in all rooms of a session."""

from __future__ import annotations

from assay.arrangement.models import Session
from assay.bridge import contract
from assay.bridge.client import HallUnreachable
from assay.exam.halls import connected, hall_named
from assay.exam.passes import pass_for
from assay.kernel.acts import Actor, Context, act
from assay.kernel.refusals import Refused
from assay.kernel.texts import require_readable

EXAM = "工作方案 四(一)6"
QUICK_S = 4.0
MOST_TEXT = 500


def announce(actor: Actor, session: Session, *, text: str) -> None:
    """Words for everybody in all rooms of a session: on the screens, in the records of the rooms, and in the ledger. Who may is who
    may act in all of its rooms."""
    said = text.strip()
    if not said:
        raise Refused("请写明通知的内容", EXAM)
    if len(said) > MOST_TEXT:
        raise Refused(f"通知有 {len(said)} 个字，最多 {MOST_TEXT} 个", EXAM)
    require_readable({"text": said})  # before the hall has said what the ledger would not take
    given = pass_for(actor, session, None)
    if not given.may_act:
        raise Refused("只看不办：通知全部考场由考务人员进行", EXAM)
    try:
        with connected(hall_named(session.publication.hall).url, QUICK_S) as hall:
            hall.announce(given.pack, contract.Announcement(said, actor.name))
    except HallUnreachable as down:
        raise Refused(f"通知没有发出：{down}", EXAM) from down
    note_announcement(actor, session, text=said)


@act("exam.announce", duty="E8", title="通知全部考场", clause="四(一)6")
def note_announcement(ctx: Context, session: Session, *, text: str) -> None:
    """What the hall has said to everybody stands in the ledger too."""
    ctx.note = f"{session}：{text}"[:200]
