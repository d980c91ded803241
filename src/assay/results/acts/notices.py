"""Public notice within the school (plan §二(四)): who passes is shown, objections are answered before it ends."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.kernel.acts import Context, act
from assay.kernel.clock import today
from assay.kernel.ledger import canonical_json
from assay.kernel.refusals import Refused
from assay.results.models import Objection, PublicNotice
from assay.results.rules import Outcome
from assay.results.windows import notice_ends

CLAUSE = "工作方案 二(四)"


def require_to_post(batch: Batch) -> None:
    """Raises Refused unless a list of those who pass is to be posted."""
    if batch.stage != Stage.NOTICE:
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，不能公示", CLAUSE)
    if PublicNotice.objects.filter(batch=batch).exists():
        raise Refused("本批次已在公示", CLAUSE)
    if not batch.results.filter(outcome=Outcome.PASS).exists():
        raise Refused("没有合格人员可公示，请先合成成绩", CLAUSE)


@act("results.open_notice", duty="E3", title="校内公示", clause="二(四)", guard=require_to_post)
def open_notice(ctx: Context, batch: Batch) -> PublicNotice:
    """Post the masked list of those who pass for the set working days."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    require_to_post(batch)
    rows, starts = notice_rows(batch), today()
    notice = PublicNotice.objects.create(
        batch=batch,
        title=f"{batch.name.removesuffix('认定')}认定结果公示",
        starts_on=starts,
        ends_on=notice_ends(starts),
        rows=rows,
        digest=sha256(canonical_json(rows)).hexdigest(),
    )
    ctx.record(notice)
    return notice


def notice_rows(batch: Batch) -> list[dict[str, Any]]:
    """Who passes by job, level and ticket, ID numbers masked (rules.md §11)."""
    passed = (
        batch.results.filter(outcome=Outcome.PASS)
        .select_related(
            "application__applicant", "application__line__scope_row__occupation", "application__line__level"
        )
        .order_by(
            "application__line__scope_row__no",
            "application__line__level__rank",
            "application__ticket__number",
            "application__applicant__sort_key",
            "pk",
        )
    )
    return [
        {
            "name": r.application.applicant.name,
            "id_masked": r.application.applicant.id_masked,
            "occupation": r.application.line.scope_row.occupation.name,
            "job": r.application.line.scope_row.job or "--",
            "level": r.application.line.level.certificate_title,
        }
        for r in passed.iterator(chunk_size=2000)
    ]


def require_up(notice: PublicNotice) -> None:
    """Raises Refused once the notice has been up to its last day, or was ended."""
    if notice.closed_at is not None or today() > notice.ends_on:
        raise Refused("公示已结束", CLAUSE)


@act(
    "results.raise_objection", duty=("C1", "E3", "Q6", "SYS"), title="提出公示异议", clause="二(四)", guard=require_up
)  # fmt: skip
def raise_objection(ctx: Context, notice: PublicNotice, *, name: str, contact: str, text: str) -> Objection:
    """Anybody may object while the notice is up; it is answered before the notice ends."""
    notice = PublicNotice.objects.select_for_update().get(pk=notice.pk)
    require_up(notice)
    if not (name.strip() and contact.strip() and text.strip()):
        raise Refused("请写明姓名、联系方式和内容", "投诉处理办法")
    if notice.objections.filter(text=text.strip()).exists():
        raise Refused("内容相同的异议已经收到，不必重复提交", CLAUSE)
    objection = Objection.objects.create(
        notice=notice, name=name.strip(), contact=contact.strip(), text=text.strip(), at=ctx.at
    )
    ctx.record(objection)
    return objection


def require_unanswered(objection: Objection) -> None:
    """Raises Refused when somebody has answered already."""
    if objection.answered_at is not None:
        raise Refused("该异议已处理", CLAUSE)


@act("results.answer_objection", duty="Q6", title="处理公示异议", clause="三(一)2(2)⑥", guard=require_unanswered)
def answer_objection(ctx: Context, objection: Objection, *, answer: str) -> Objection:
    """The supervision group answers, never who made the list."""
    objection = Objection.objects.select_for_update().get(pk=objection.pk)
    require_unanswered(objection)
    if not answer.strip():
        raise Refused("请写明处理结果", CLAUSE)
    objection.answer, objection.answered_at, objection.answered_by = answer.strip(), ctx.at, ctx.actor.name
    objection.save()
    ctx.record(objection)
    return objection


@act("results.answer_objections", duty="Q6", title="一并处理公示异议", clause="三(一)2(2)⑥")
def answer_objections(ctx: Context, notice: PublicNotice, objections: Iterable[int], *, reason: str) -> list[Objection]:
    """Several objections of one notice with one reason: a flood, or many about the same. Each is answered and recorded."""
    chosen = set(objections)
    found = list(notice.objections.select_for_update().filter(pk__in=chosen).order_by("pk"))
    if not found or len(found) != len(chosen):
        raise Refused("请勾选要一并处理的异议", CLAUSE)
    done = [objection for objection in found if objection.answered_at is not None]
    if done:
        raise Refused(f"{'、'.join(o.name for o in done)}的异议已处理，请刷新后重新勾选", CLAUSE)
    if not reason.strip():
        raise Refused("请写明一并处理的理由", CLAUSE)
    for objection in found:
        objection.answer, objection.answered_at, objection.answered_by = reason.strip(), ctx.at, ctx.actor.name
        objection.save()
        ctx.record(objection)
    return found


def require_over(batch: Batch) -> None:
    """Raises Refused unless the notice has been up to its last day, with every objection answered."""
    if batch.stage != Stage.NOTICE:
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，没有公示可以结束", CLAUSE)
    notice = PublicNotice.objects.filter(batch=batch).first()
    if notice is None or notice.closed_at is not None:
        raise Refused("本批次没有进行中的公示", CLAUSE)
    if today() <= notice.ends_on:
        raise Refused(f"公示期到 {notice.ends_on:%Y年%m月%d日}，期满后才能结束", CLAUSE)
    if notice.objections.filter(answered_at=None).exists():
        raise Refused("还有异议未处理", "投诉处理办法")


@act("results.close_notice", duty="E3", title="结束公示", clause="二(四)", guard=require_over)
def close_notice(ctx: Context, batch: Batch) -> PublicNotice:
    """End the notice."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    notice = PublicNotice.objects.select_for_update().filter(batch=batch).first()
    require_over(batch)
    assert notice is not None
    notice.closed_at = ctx.at
    notice.save()
    ctx.record(notice)
    return notice
