"""Short answers: two examiners mark each independently and without names; a third decides where they lie too far apart."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet

from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.centre import parameters
from assay.corps.models import Member
from assay.exam.models import WrittenAnswer
from assay.exam.within import settle
from assay.items.rules import asked
from assay.kernel.acts import Actor, Context, act
from assay.kernel.holding import held
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut
from assay.marking import rules
from assay.marking.models import WrittenMark
from assay.marking.queries import open_to

CLAUSE = "工作方案 四(一)7(1)"


def waiting(batch: Batch, *, marked_by: Q) -> QuerySet[WrittenAnswer]:
    """Written answers of a batch without a mark that so many examiners have marked; item by item, so that one question is
    marked in one go."""
    found = WrittenAnswer.objects.filter(sheet__application__batch=batch, mark=None)
    return found.alias(marked=Count("marks")).filter(marked_by).order_by("item", "pk")


def to_decide(batch: Batch) -> QuerySet[WrittenAnswer]:
    """Those whose two examiners lie too far apart."""
    return waiting(batch, marked_by=Q(marked__gte=rules.MARKERS))


def for_examiner(member: Member, batch: Batch) -> QuerySet[WrittenAnswer]:
    """What an examiner may mark next: what is open to him or her at all, nothing marked already by him or her or by two
    others, and no paper that somebody has still to sit: its model answers stay shut."""
    found = waiting(batch, marked_by=Q(marked__lt=rules.MARKERS)).filter(
        open_to(member, "sheet__application"), sheet__seating__paper__released_at__isnull=False
    )
    return found.exclude(pk__in=WrittenMark.objects.filter(member=member).values("answer"))


def question_of(answer: WrittenAnswer) -> Mapping[str, Any]:
    """The item as it stood on the paper, its case before it when it is a part of one (`case`)."""
    paper = answer.sheet.seating.paper
    assert paper is not None  # who has a sheet had a paper
    for entry in paper.frozen():
        for item in asked([entry]):
            if item["item"] == answer.item:
                return {**item, "case": entry["stem"] if entry.get("parts") else ""}
    raise LookupError(answer.item)


def require_being_marked(answer: WrittenAnswer) -> None:
    """Raises Refused unless the answers of its batch are marked: before that nobody has handed in, after it the marks stand."""
    batch = answer.sheet.application.batch
    if batch.stage != Stage.EXAM:
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，主观题不再评阅；有异议的走成绩复核", CLAUSE)


@act("marking.mark_written", duty="R3", title="评阅主观题", clause="四(一)7(1)", guard=require_being_marked)
def mark_written(ctx: Context, answer: WrittenAnswer, mark: str) -> WrittenMark:
    """One examiner's mark, final at once; with the second the answer is settled if the two are near enough."""
    answer = WrittenAnswer.objects.select_for_update().get(pk=answer.pk)
    member = Member.objects.filter(account_id=ctx.actor.account_id or 0).first()
    batch = _held(answer)
    require_being_marked(answer)
    if member is None or not for_examiner(member, batch).filter(pk=answer.pk).exists():
        raise Refused("这份答案您不能评阅：已由两人评阅、您已评过、证卡不含该职业，或应当回避", "考评员回避制度")
    problem = rules.written_mark_problem(mark, answer.full)
    if problem:
        raise Refused(problem, CLAUSE)
    made = WrittenMark.objects.create(answer=answer, member=member, mark=Decimal(mark.strip()), at=ctx.at)
    ctx.record(made)
    marks = list(answer.marks.order_by("pk").values_list("mark", flat=True))
    settled = rules.settled_mark(marks, answer.full, parameters.number("exam.written_gap_percent"))
    if settled is not None:
        settle(ctx, answer, settled, "")
    return made


def require_to_decide(answer: WrittenAnswer) -> None:
    """Raises Refused unless two examiners have marked the answer and it has no mark all the same."""
    require_being_marked(answer)
    if answer.mark is not None or answer.marks.count() < rules.MARKERS:
        raise Refused("这份答案不需要裁定：已定分，或两人还没有评完", CLAUSE)


def own_mark(actor: Actor, answer: WrittenAnswer) -> Refused | None:
    """Why the actor does not decide: one of the two marks is the actor's."""
    markers = {mark.member.account_id for mark in answer.marks.all()} - {None}
    if actor.account_id in markers:
        return Refused("您是两名评阅人之一，请由他人裁定", CLAUSE)
    return None


@act("marking.decide_written", duty="X3", title="裁定主观题得分", clause="四(一)7(1)", guard=require_to_decide)
def decide_written(ctx: Context, answer: WrittenAnswer, mark: str, note: str) -> WrittenAnswer:
    """The head of the examiners decides between two marks that lie too far apart, and says why."""
    answer = WrittenAnswer.objects.select_for_update().get(pk=answer.pk)
    _held(answer)
    require_to_decide(answer)
    own = own_mark(ctx.actor, answer)
    if own is not None:
        raise own
    problem = rules.written_mark_problem(mark, answer.full)
    if problem or not note.strip():
        raise Refused(problem or "请写明裁定的理由", CLAUSE)
    settle(ctx, answer, Decimal(mark.strip()), uncut(note, 200, "裁定的理由"))
    return answer


def _held(answer: WrittenAnswer) -> Batch:
    """The answer's batch as it stands, for the answer too."""
    batch = held(answer.sheet.application.batch)
    answer.sheet.application.batch = batch
    return batch


def figures(batch: Batch) -> dict[str, int]:
    """How far the marking of a batch is: answers in all, settled, waiting for marks, to be decided."""
    counted = WrittenAnswer.objects.filter(sheet__application__batch=batch).aggregate(
        all=Count("pk"), settled=Count("pk", filter=Q(mark__isnull=False))
    )
    apart = to_decide(batch).count()
    return {**counted, "apart": apart, "left": counted["all"] - counted["settled"] - apart}


def spread(batch: Batch) -> list[dict[str, Any]]:
    """For each examiner how many answers were marked and what per cent of the full mark was given: who marks how severely."""
    marks = WrittenMark.objects.filter(answer__sheet__application__batch=batch)
    counted = marks.values("member__name").annotate(n=Count("pk"), share=Avg(F("mark") * 100 / F("answer__full")))
    return [dict(row) for row in counted.order_by("member__name")]
