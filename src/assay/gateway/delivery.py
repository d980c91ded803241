"""Emptying the outbox, and asking the province for its answers. Nothing is lost when it is down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from assay.centre.actors import SYSTEM
from assay.gateway import acts, heads
from assay.gateway.province import Province, Rejected, Reply, Unreachable
from assay.kernel import clock
from assay.kernel.correspondence import DECIDED, Decision, kinds
from assay.kernel.ledger import newest_head
from assay.kernel.models import Checkpoint, OutboxMessage
from assay.kernel.outbox import subject_of


@dataclass
class Delivered:
    """What one round did."""

    sent: int = 0
    refused: int = 0
    put_off: int = 0
    answered: int = 0


def deliver_due(limit: int = 100, url: str | None = None) -> Delivered:
    """Send what is due, oldest first (to the platform at `url`, else as set); stop at the first sign that it is down."""
    done = Delivered()
    due = OutboxMessage.objects.filter(state=OutboxMessage.State.PENDING, next_at__lte=clock.now()).order_by(
        "created_at", "pk"
    )
    with Province(url) as province:
        for message in list(due[:limit]):
            head = newest_head()
            try:
                reply = province.send(kinds[message.kind].path, message.payload, message.key, heads.as_header(head))
            except Unreachable as down:
                acts.put_off(SYSTEM, message, reason=str(down))
                done.put_off += 1
                break
            except Rejected as no:
                _refused(message, str(no))
                done.refused += 1
            else:
                _delivered(message, reply.body, head if _taken_down(reply, head) else None)
                done.sent += 1
    return done


def _taken_down(reply: Reply, head: Checkpoint | None) -> bool:
    return head is not None and reply.headers.get(heads.RECEIPT) == str(head.size)


def _delivered(message: OutboxMessage, reply: dict[str, Any], head: Checkpoint | None) -> None:
    """Take the reply down and let the room that sent the message know, in one transaction."""
    with transaction.atomic():
        if not _still_waits(message):
            return
        acts.record_delivery(SYSTEM, message, reply=reply, head=head)
        after = kinds[message.kind].by_row
        if after is not None:
            refused = {row["number"]: str(row["reason"]) for row in reply.get("rejected", [])}
            after(message, set(reply["accepted"]), refused)


def _refused(message: OutboxMessage, reason: str) -> None:
    """The whole was refused: so was each of its rows."""
    with transaction.atomic():
        if not _still_waits(message):
            return
        acts.record_refusal(SYSTEM, message, reason=reason)
        after = kinds[message.kind].by_row
        if after is not None:
            after(message, set(), {row["number"]: reason for row in message.payload["rows"]})


def _still_waits(message: OutboxMessage) -> bool:
    """Whether nobody else who was delivering has taken the answer down meanwhile; locks the message."""
    return OutboxMessage.objects.select_for_update().filter(pk=message.pk, state=OutboxMessage.State.PENDING).exists()


def poll_answers(url: str | None = None) -> Delivered:
    """Ask for the province's decision on every filing and result report that waits for one."""
    done = Delivered()
    open_subjects = {(row.subject(), str(row.pk)) for kind in kinds.values() for row in kind.waiting()}
    waiting = OutboxMessage.objects.filter(state=OutboxMessage.State.SENT, about_id__in={pk for _, pk in open_subjects})
    messages = [m for m in waiting if (m.about, m.about_id) in open_subjects and kinds[m.kind].decided is not None]
    if not messages:
        return done
    with Province(url) as province:
        for message in messages:
            remote_id = str((message.reply or {}).get(f"{message.kind}_id", ""))
            try:
                answer = province.state(kinds[message.kind].path, remote_id)
            except (Unreachable, Rejected):
                done.put_off += 1
                continue
            if answer["state"] in DECIDED:
                _answered(message, remote_id, answer)
                done.answered += 1
    return done


def _answered(message: OutboxMessage, remote_id: str, answer: dict[str, Any]) -> None:
    decided, follows = answer.get("decided_at"), kinds[message.kind].decided
    # The platform's clock does not move with ours: in a rehearsal its time means nothing here.
    at = datetime.fromisoformat(decided) if decided and not clock.simulated() else clock.now()
    by = answer.get("decided_by") or "省职业技能鉴定指导中心"
    if follows is not None:
        follows(subject_of(message), Decision(answer["state"], answer.get("reason") or "", by, at, remote_id))
