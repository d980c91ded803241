"""The outbox: what must reach an outside system is written in the same transaction as the act that causes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from assay.kernel import clock
from assay.kernel.acts import Context
from assay.kernel.models import OutboxMessage
from assay.kernel.recorded import Recorded

LONGEST_WAIT_S = 300


def enqueue(ctx: Context, kind: str, subject: Recorded, payload: dict[str, Any], *, key: str) -> OutboxMessage:
    """Within an act: put a message out. `key` is its idempotency key: the same key is one message, however often it is sent."""
    message, _ = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "about": subject.subject(),
            "about_id": str(subject.pk),
            "payload": payload,
            "created_at": clock.now(),
            "next_at": clock.now(),
        },
    )
    ctx.record(message)
    return message


def delivered(ctx: Context, message: OutboxMessage, reply: dict[str, Any]) -> None:
    """Within an act: a message (locked) is where it was to be."""
    message.state, message.reply, message.sent_at, message.last_error = OutboxMessage.State.SENT, reply, ctx.at, ""
    message.attempts += 1
    message.save()
    ctx.record(message)


def refused(ctx: Context, message: OutboxMessage, reason: str) -> None:
    """Within an act: the other side will not take a message (locked) as it is."""
    message.state, message.last_error = OutboxMessage.State.REFUSED, reason
    message.attempts += 1
    message.save()
    ctx.record(message)


def put_off(ctx: Context, message: OutboxMessage, reason: str) -> None:
    """Within an act: a message (locked) is tried again later, after twice as long each time. No official fact."""
    message.attempts += 1
    message.last_error = reason
    message.next_at = ctx.at + timedelta(seconds=min(2**message.attempts, LONGEST_WAIT_S))
    message.save()


def queue_again(ctx: Context, message: OutboxMessage) -> None:
    """Within an act: a message (locked) that was refused is sent once more."""
    message.state, message.next_at = OutboxMessage.State.PENDING, ctx.at
    message.save()
    ctx.record(message)


def subject_of(message: OutboxMessage) -> Recorded:
    """The row that a message speaks of."""
    found = apps.get_model(message.about)._default_manager.get(pk=message.about_id)
    assert isinstance(found, Recorded)
    return found


def messages_about(subject: Recorded) -> QuerySet[OutboxMessage]:
    """What was put out about a row, whatever became of it."""
    return OutboxMessage.objects.filter(about=subject.subject(), about_id=str(subject.pk))


def waiting_rows(kind: str, subject: type[Recorded], pks: Iterable[int], name: str) -> set[Any]:
    """What the rows of messages of a kind about these subjects say under `name`, as far as they wait to be delivered."""
    waiting = OutboxMessage.objects.filter(
        kind=kind, state=OutboxMessage.State.PENDING, about=subject.subject(), about_id__in=[str(pk) for pk in pks]
    )
    return {row[name] for payload in waiting.values_list("payload", flat=True) for row in payload["rows"]}
