"""Score checks on the page of a batch: what was asked, what marking again came to, who answers and who confirms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.contrib import messages
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from assay.batches.models import Batch
from assay.catalogue.parts import Part
from assay.centre.actors import actor
from assay.exam.remarking import MarkedAgain
from assay.kernel.access import duties
from assay.kernel.acts import Actor
from assay.kernel.offers import Offer, offers
from assay.kernel.refusals import Refused
from assay.results.acts import checks
from assay.results.forms import AnswerForm, ConfirmForm
from assay.results.models import ScoreCheck

SHOWN = 200
OPEN = (ScoreCheck.State.ASKED, ScoreCheck.State.ANSWERED)


@dataclass(frozen=True)
class Shown:
    """A check, what its sheet comes to when it is marked again (while it is open), and what the reader may do with it."""

    check: ScoreCheck
    again: MarkedAgain | None
    answering: Offer
    confirming: Offer

    @property
    def differs(self) -> bool:
        return self.again is not None and self.again.mark is not None and self.again.mark != self.check.before

    @property
    def by_theory(self) -> bool:
        """Whether the system marks the part again, and no examiner."""
        return self.check.part == Part.THEORY

    @property
    def again_said(self) -> str:
        """What marking the sheet again came to, or why it came to nothing."""
        if self.again is None or self.again.mark is None:
            return self.again.problem if self.again else ""
        how = "系统按答卷和标准答案重判" if self.by_theory else "考评员按评分记录重评"
        compared = "不同" if self.differs else "一致"
        return format_html("{} <b>{}</b>，与原成绩{}。", how, self.again.mark, compared)

    @property
    def answer_said(self) -> str:
        """The answer with who gave it and who confirmed it; empty while there is none."""
        check = self.check
        if not (check.is_answered or check.in_force):
            return ""
        confirmed = f"，{check.confirmed_by} 确认" if check.confirmed_by else ""
        return format_html("{}{}（{} 答复{}）", self._proposed(), check.finding, check.by, confirmed)

    def _proposed(self) -> str:
        """What the answer will come to once it is confirmed."""
        if not self.check.is_answered:
            return ""
        if self.check.after is None:
            return "拟维持原成绩："
        return format_html("拟采用重评成绩 <b>{}</b>：", self.check.after)

    @property
    def confirm_said(self) -> str:
        """What whoever confirms the answer has to know of what follows."""
        if not self.check.corrects:
            return "维持原成绩，不须重新上报。确认后不能再改，确定吗？"
        change = f"成绩由 {self.check.before_said} 更正为 {self.check.after}"
        return f"{change}，确认后不能再改，还须重新上报省平台。确定吗？"


def checks_shown(batch: Batch, reader: Actor) -> list[Shown]:
    """The checks of a batch, those that wait first."""
    order = Case(
        *(When(state=state, then=Value(n)) for n, state in enumerate(OPEN)),
        default=Value(9),
        output_field=IntegerField(),
    )
    found = list(
        ScoreCheck.objects.filter(result__batch=batch)
        .select_related("result__application__applicant", "result__batch")
        .order_by(order, "asked_at", "pk")[:SHOWN]
    )
    waiting = [check for check in found if check.is_asked] if batch.stage in checks.STAGES else []
    again = checks.marked_again(waiting)
    answering = _offered(reader, checks.answer_check, found, "维持原成绩", "results:answer_check")
    confirming = _offered(reader, checks.confirm_check, found, "确认答复", "results:confirm_check")
    return [Shown(check, again.get(check.pk), answering[check.pk], confirming[check.pk]) for check in found]


def _offered(
    reader: Actor, deed: Callable[..., ScoreCheck], found: list[ScoreCheck], title: str, address: str
) -> dict[int, Offer]:
    """The deed on each check, by its key: nobody works on the check of a part that he or she marked."""
    steps = offers(reader, deed, found, title=title, url=lambda check: reverse(address, args=[check.pk]), main=False)
    can = [check for check in found if steps[check.pk].open]
    marked = checks.marked_by(reader.account_id, can) if can and reader.account_id is not None else set()
    return {pk: replace(step, against=Refused(checks.MARKED)) if pk in marked else step for pk, step in steps.items()}


def _check(pk: int) -> ScoreCheck:
    return get_object_or_404(ScoreCheck.objects.select_related("result"), pk=pk)


@require_POST
@duties("E9")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    check = _check(pk)
    checks.answer_check(actor(request), check, **AnswerForm.read(request))
    messages.success(request, "已答复，由另一人确认后生效。")
    return redirect("results:batch", pk=check.result.batch_id)


@require_POST
@duties("L2", "E9")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person confirms, or sends the answer back with a reason."""
    check, given = _check(pk), ConfirmForm.read(request)
    if given["send_back"]:
        checks.send_back_check(actor(request), check, reason=given["reason"])
        messages.success(request, "已退回重办。")
    else:
        done = checks.confirm_check(actor(request), check)
        messages.success(request, f"已确认：{done.get_state_display()}。")
    return redirect("results:batch", pk=check.result.batch_id)
