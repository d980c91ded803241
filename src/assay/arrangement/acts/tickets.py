"""Numbers for everybody who has a seat, once the province has approved."""

from __future__ import annotations

from django.db.models import Max, QuerySet

from assay.applications.models import Application
from assay.arrangement.changing import locked_batch
from assay.arrangement.models import Ticket
from assay.arrangement.tickets import ticket_number
from assay.batches.models import Batch
from assay.batches.stages import Route, Stage
from assay.kernel.acts import Context, act
from assay.kernel.refusals import Refused


def without_ticket(batch: Batch) -> QuerySet[Application]:
    """The candidates who have a seat and no ticket."""
    return Application.objects.filter(
        batch=batch, state=Application.State.APPROVED, seatings__isnull=False, ticket__isnull=True
    )


def require_to_issue(batch: Batch) -> None:
    """Raises Refused until the province has approved the filing, and once everybody with a seat has a ticket."""
    if batch.route != Route.EXAM or not batch.has_reached(Stage.TICKETS):
        raise Refused("省中心审核通过后才能发放准考证", "工作方案 四(一)5")
    if not without_ticket(batch).exists():
        raise Refused("已编座位的考生都有准考证，没有待发的", "工作方案 四(一)5")


@act("arrangement.issue_tickets", duty="E5", title="发放准考证", clause="四(一)5", guard=require_to_issue)
def issue_tickets(ctx: Context, batch: Batch) -> int:
    """Number a ticket for every seated candidate that has none; only once the filing is approved."""
    batch = locked_batch(batch)
    require_to_issue(batch)
    seated = (
        without_ticket(batch)
        .select_related("line__level")
        .distinct()
        .order_by("line__scope_row__no", "applicant__class_name", "pk")
    )
    last = Ticket.objects.filter(application__batch=batch).aggregate(n=Max("number"))["n"]
    serial = int(last[-5:]) if last else 0
    tickets = [
        Ticket(application=a, number=ticket_number(batch, a.line.level.code, serial + n), issued_at=ctx.at)
        for n, a in enumerate(seated, start=1)
    ]
    ctx.record_all(Ticket.objects.bulk_create(tickets, batch_size=500))
    return len(tickets)
