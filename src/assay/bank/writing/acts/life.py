"""The life of an item: draft → first review → second review → in use → retired. Nobody reviews what is their own, and the two
reviews are by two people (experts write and review in groups: plan §三(五))."""

from __future__ import annotations

from collections.abc import Sequence

from assay.bank.models import Item
from assay.bank.queries import on_any_paper
from assay.bank.writing.acts.items import remark, require_secrecy
from assay.kernel.acts import Actor, Context, act
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 三(五)"


def _locked(item: Item) -> Item:
    return Item.objects.select_for_update().select_related(None).get(pk=item.pk)


def _set(ctx: Context, item: Item, state: str) -> None:
    """The parts of a case group go with it."""
    item.state = state
    item.save()
    ctx.record(item)
    for part in item.live_parts():
        part.state = state
        part.save()
        ctx.record(part)


@act("bank.submit", duty=("X4", "R4"), title="提交审题", clause="三(五)")
def submit(ctx: Context, items: Sequence[Item]) -> list[Item]:
    """Hand drafts over for review: those of one's own, or any for who leads the experts."""
    require_secrecy(ctx)
    done = []
    for item in map(_locked, items):
        if item.state != "draft" or item.case_id:
            raise Refused(f"试题 {item.pk} 现为“{item.get_state_display()}”，只有草稿可以提交审题", CLAUSE)
        if item.point_id is None:
            raise Refused(f"试题 {item.pk} 还没有归到鉴定点，请先在编辑页选定", CLAUSE)
        if item.author_id != ctx.actor.account_id and not ctx.actor.holds("X4"):
            raise Refused(f"试题 {item.pk} 不是您编写的", CLAUSE)
        item.reviewer = None
        _set(ctx, item, "first_review")
        remark(ctx, item, "submitted", "")
        done.append(item)
    return done


@act("bank.review", duty=("X4", "R4"), title="审题", clause="三(五)")
def review(ctx: Context, items: Sequence[Item], *, passes: bool, text: str = "") -> list[Item]:
    """Pass items one step on, or send them back with a reason."""
    require_secrecy(ctx)
    if not passes and not text.strip():
        raise Refused("退回修改请写明理由", CLAUSE)
    return [_review(ctx, item, passes=passes, text=text) for item in map(_locked, items)]


def why_not_review(who: Actor, item: Item) -> str:
    """Why somebody may not review an item; "" when they may."""
    if item.state not in ("first_review", "second_review") or item.case_id:
        return f"试题 {item.pk} 现为“{item.get_state_display()}”，不在审题环节"
    if who.account_id in item.writers():
        return f"试题 {item.pk} 是您编写的，请由他人审题"
    if item.state == "second_review" and item.reviewer_id == who.account_id:
        return f"试题 {item.pk} 由您初审，终审须由另一人进行"
    return ""


def _review(ctx: Context, item: Item, *, passes: bool, text: str) -> Item:
    if problem := why_not_review(ctx.actor, item):
        raise Refused(problem, CLAUSE)
    if not passes:
        item.reviewer = None
        _set(ctx, item, "draft")
        remark(ctx, item, "returned", text)
    elif item.state == "first_review":
        item.reviewer_id = ctx.actor.account_id
        _set(ctx, item, "second_review")
        remark(ctx, item, "passed_first", text)
    else:
        _set(ctx, item, "in_use")
        remark(ctx, item, "passed", text)
    return item


@act("bank.discard", duty=("X4", "R4"), title="删除草稿", clause="三(五)")
def discard(ctx: Context, items: Sequence[Item]) -> int:
    """Throw away drafts that nobody else has worked with: one's own, or any for who leads the experts. How many."""
    require_secrecy(ctx)
    for item in map(_locked, items):
        if item.author_id != ctx.actor.account_id and not ctx.actor.holds("X4"):
            raise Refused(f"试题 {item.pk} 不是您编写的", CLAUSE)
        if problem := why_kept(item):
            raise Refused(f"试题 {item.pk} {problem}", CLAUSE)
        for row in (*item.versions.all(), *item.parts.all(), item):
            ctx.record_removed(type(row), row.pk)
            row.delete()
    ctx.note = f"删除草稿 {len(items)} 题：试题 {'、'.join(str(item.pk) for item in items)}"
    return len(items)


def why_kept(item: Item) -> str:
    """Why an item cannot be thrown away; "" when it can."""
    if item.state != "draft" or item.case_id:
        return f"现为“{item.get_state_display()}”，只有草稿可以删除"
    if item.remarks.exists() or item.readings.exists() or on_any_paper(item):
        return "提交过审题、有过意见或用过，须留存，不能删除；可以修改后重新提交"
    return "在相近题组中，请先由专家考评组负责人取消题组" if item.enemy_groups.exists() else ""


@act("bank.retire", duty="X4", title="停用或恢复试题", clause="题库建设管理办法")
def retire(ctx: Context, item: Item, reason: str) -> Item:
    """Take an item in use out of it (leaked, out of date, wrong), or back into it."""
    require_secrecy(ctx)
    item = _locked(item)
    if item.state not in ("in_use", "retired") or item.case_id:
        raise Refused(f"试题 {item.pk} 现为“{item.get_state_display()}”，只有在用的可以停用、停用的可以恢复", CLAUSE)
    if not reason.strip():
        raise Refused("请写明理由", CLAUSE)
    back = item.state == "retired"
    if back and item.point_id is None:
        raise Refused(f"试题 {item.pk} 原来的鉴定点已不在细目表中，请在编辑页归到鉴定点后重新审题", CLAUSE)
    _set(ctx, item, "in_use" if back else "retired")
    remark(ctx, item, "restored" if back else "retired", reason)
    return item
