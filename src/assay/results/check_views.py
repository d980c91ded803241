"""Score checks on the page of a batch: what was asked, what marking again came to, who answers and who confirms."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from assay.batches.models import Batch
from assay.centre.actors import actor
from assay.exam.remarking import MarkedAgain
from assay.kernel.access import duties
from assay.kernel.acts import Actor
from assay.results.acts import checks
from assay.results.models import ScoreCheck

SHOWN = 200
OPEN = ("asked", "answered")


@dataclass(frozen=True)
class Shown:
    """A check, what its sheet comes to when it is marked again (while it is open), and what the reader may do with it."""

    check: ScoreCheck
    again: MarkedAgain | None
    may_answer: bool
    may_confirm: bool

    @property
    def corrects(self) -> bool:
        """Whether confirming the answer changes the mark."""
        return self.check.after is not None and self.check.after != self.check.before

    @property
    def differs(self) -> bool:
        return self.again is not None and self.again.mark is not None and self.again.mark != self.check.before


def checks_shown(batch: Batch, reader: Actor) -> list[Shown]:
    """The checks of a batch, those that wait first."""
    order = Case(
        *(When(state=state, then=Value(n)) for n, state in enumerate(OPEN)),
        default=Value(9),
        output_field=IntegerField(),
    )
    found = list(
        ScoreCheck.objects.filter(result__batch=batch)
        .select_related("result__application__applicant")
        .order_by(order, "asked_at", "pk")[:SHOWN]
    )
    running = batch.stage in ("results", "check")
    again = checks.marked_again([check for check in found if check.state == "asked"]) if running else {}
    return [
        Shown(
            check,
            again.get(check.pk),
            running and check.state == "asked" and reader.holds("E9"),
            running
            and check.state == "answered"
            and reader.holds("E9", "L2")
            and check.by_account_id != reader.account_id,
        )
        for check in found
    ]


def _check(pk: int) -> ScoreCheck:
    return get_object_or_404(ScoreCheck.objects.select_related("result"), pk=pk)


@require_POST
@duties("E9")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    check, given = _check(pk), request.POST
    checks.answer_check(
        actor(request), check, finding=given.get("finding", ""), take_over=given.get("take_over") == "1"
    )
    messages.success(request, "已答复，由另一人确认后生效。")
    return redirect("results:batch", pk=check.result.batch_id)


@require_POST
@duties("L2", "E9")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person confirms, or sends the answer back with a reason."""
    check = _check(pk)
    if request.POST.get("send_back") == "1":
        checks.send_back_check(actor(request), check, reason=request.POST.get("reason", ""))
        messages.success(request, "已退回重办。")
    else:
        done = checks.confirm_check(actor(request), check)
        messages.success(request, f"已确认：{done.get_state_display()}。")
    return redirect("results:batch", pk=check.result.batch_id)
