"""Emptying the outbox, and asking the province for its answers. Nothing is lost when it is down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction

from assay.batches.models import Batch
from assay.centre.actors import SYSTEM
from assay.certificates.acts import issuing as certificate_acts
from assay.certificates.acts import telling
from assay.filing import acts as filing_acts
from assay.filing.models import Filing
from assay.gateway import acts, heads
from assay.gateway.province import Province, Rejected, Reply, Unreachable
from assay.kernel import clock
from assay.kernel.ledger import newest_head
from assay.kernel.models import Checkpoint, OutboxMessage
from assay.kernel.recorded import Recorded
from assay.results.acts import outcomes as result_acts
from assay.results.models import ResultReport


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
    due = OutboxMessage.objects.filter(state="pending", next_at__lte=clock.now()).order_by("created_at", "pk")
    with Province(url) as province:
        for message in list(due[:limit]):
            head = newest_head()
            try:
                reply = province.send(message.kind, message.payload, message.key, heads.as_header(head))
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
        after = _ANSWERED_BY_ROW.get(message.kind)
        if after is not None:
            refused = {row["number"]: str(row["reason"]) for row in reply.get("rejected", [])}
            after(message, set(reply["accepted"]), refused)


def _refused(message: OutboxMessage, reason: str) -> None:
    """The whole was refused: so was each of its rows."""
    with transaction.atomic():
        if not _still_waits(message):
            return
        acts.record_refusal(SYSTEM, message, reason=reason)
        after = _ANSWERED_BY_ROW.get(message.kind)
        if after is not None:
            after(message, set(), {row["number"]: reason for row in message.payload["rows"]})


def _still_waits(message: OutboxMessage) -> bool:
    """Whether nobody else who was delivering has taken the answer down meanwhile; locks the message."""
    return OutboxMessage.objects.select_for_update().filter(pk=message.pk, state="pending").exists()


def _subject(message: OutboxMessage) -> Recorded:
    found = apps.get_model(message.about)._default_manager.get(pk=message.about_id)
    assert isinstance(found, Recorded)
    return found


def _certificates_received(message: OutboxMessage, accepted: set[str], refused: dict[str, str]) -> None:
    batch = _subject(message)
    assert isinstance(batch, Batch)
    sent = [row["number"] for row in message.payload["rows"]]
    certificate_acts.mark_reported(
        SYSTEM,
        batch,
        accepted=[n for n in sent if n in accepted],
        refused={n: refused[n] for n in sent if n in refused},
    )


def _changes_received(message: OutboxMessage, accepted: set[str], refused: dict[str, str]) -> None:
    batch = _subject(message)
    assert isinstance(batch, Batch)
    places = {row["number"]: int(row["sequence"]) for row in message.payload["rows"]}
    telling.mark_changes_reported(
        SYSTEM,
        batch,
        accepted={n: place for n, place in places.items() if n in accepted},
        refused={n: (place, refused[n]) for n, place in places.items() if n in refused},
    )


_ANSWERED_BY_ROW: dict[str, Callable[[OutboxMessage, set[str], dict[str, str]], None]] = {
    "certificates": _certificates_received,
    "certificate_changes": _changes_received,
}
"""Kinds of message whose rows the province takes or refuses one by one; only what was sent is looked at in its reply."""


def poll_answers(url: str | None = None) -> Delivered:
    """Ask for the province's decision on every filing and result report that waits for one."""
    done = Delivered()
    waiting = OutboxMessage.objects.filter(state="sent", kind__in=["filing", "results"])
    open_subjects = {
        (Filing.subject(), str(pk)) for pk in Filing.objects.filter(state="sent").values_list("pk", flat=True)
    } | {
        (ResultReport.subject(), str(pk))
        for pk in ResultReport.objects.filter(state="sent").values_list("pk", flat=True)
    }
    messages = [
        m
        for m in waiting.filter(about_id__in={pk for _, pk in open_subjects})
        if (m.about, m.about_id) in open_subjects
    ]
    if not messages:
        return done
    with Province(url) as province:
        for message in messages:
            remote_id = str((message.reply or {}).get(f"{message.kind}_id", ""))
            try:
                answer = province.state(message.kind, remote_id)
            except (Unreachable, Rejected):
                done.put_off += 1
                continue
            if answer["state"] in ("approved", "returned"):
                _answered(_subject(message), remote_id, answer)
                done.answered += 1
    return done


def _answered(subject: Recorded, remote_id: str, answer: dict[str, Any]) -> None:
    decided = answer.get("decided_at")
    # The platform's clock does not move with ours: in a rehearsal its time means nothing here.
    at = datetime.fromisoformat(decided) if decided and not clock.simulated() else clock.now()
    reason, by = answer.get("reason") or "", answer.get("decided_by") or "省职业技能鉴定指导中心"
    if isinstance(subject, Filing):
        filing_acts.record_answer(
            SYSTEM, subject, state=answer["state"], reason=reason, by=by, at=at, remote_id=remote_id
        )
    elif isinstance(subject, ResultReport):
        result_acts.record_answer(SYSTEM, subject, state=answer["state"], reason=reason, at=at, remote_id=remote_id)
