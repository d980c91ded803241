"""The life of an item: draft → first review → second review → in use → retired. Nobody reviews what is their own, and the two
reviews are by two people (experts write and review in groups: plan §三(五))."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from assay.bank.models import UNDER_REVIEW, Item
from assay.bank.queries import on_any_paper
from assay.bank.states import ItemState, RemarkKind
from assay.bank.writing.acts.items import remark, require_secrecy
from assay.kernel.acts import Actor, Context, act
from assay.kernel.refusals import Refused, require_each

CLAUSE = "工作方案 三(五)"


def _locked(item: Item) -> Item:
    return Item.objects.select_for_update().select_related(None).get(pk=item.pk)


def _set(ctx: Context, item: Item, state: ItemState) -> None:
    """The parts of a case group go with it."""
    item.state = state
    item.save()
    ctx.record(item)
    for part in item.live_parts():
        part.state = state
        part.save()
        ctx.record(part)


def _refused(item: Item, why: str) -> Refused:
    """Of one item, so that the same of many is said once."""
    about = f"试题 {item.pk}"
    return Refused(f"{about} {why}", CLAUSE, about=about)


def require_own(actor: Actor, item: Item) -> None:
    """Raises Refused unless the item is the actor's own, or the actor leads the experts."""
    if item.author_id != actor.account_id and not actor.holds("X4"):
        raise _refused(item, "不是您编写的")


def require_finished(item: Item) -> None:
    """Raises Refused unless it is a draft that hangs on a point."""
    if not item.is_draft or item.case_id:
        raise _refused(item, f"现为“{item.get_state_display()}”，只有草稿可以提交审题")
    if item.point_id is None:
        raise _refused(item, "还没有归到鉴定点，请先在编辑页选定")


@act(
    "bank.submit", duty=("X4", "R4"), title="提交审题", clause="三(五)", guard=require_finished, for_whom=require_own
)  # fmt: skip
def submit(ctx: Context, items: Sequence[Item]) -> list[Item]:
    """Hand drafts over for review: those of one's own, or any for who leads the experts."""
    require_secrecy(ctx)
    done = []
    found = list(map(_locked, items))
    require_each(found, require_finished, partial(require_own, ctx.actor))
    for item in found:
        item.reviewer = None
        _set(ctx, item, Item.State.FIRST_REVIEW)
        remark(ctx, item, RemarkKind.SUBMITTED, "")
        done.append(item)
    return done


def require_under_review(item: Item) -> None:
    """Raises Refused unless it waits for a review."""
    if item.state not in UNDER_REVIEW or item.case_id:
        raise _refused(item, f"现为“{item.get_state_display()}”，不在审题环节")


def require_another(actor: Actor, item: Item) -> None:
    """Raises Refused for whoever wrote a version of it, or reviewed it first and would do so again."""
    if actor.account_id in item.writers():
        raise _refused(item, "是您编写的，请由他人审题")
    if item.state == Item.State.SECOND_REVIEW and item.reviewer_id == actor.account_id:
        raise _refused(item, "由您初审，终审须由另一人进行")


@act(
    "bank.review", duty=("X4", "R4"), title="审题", clause="三(五)", guard=require_under_review, for_whom=require_another
)  # fmt: skip
def review(ctx: Context, items: Sequence[Item], *, passes: bool, text: str = "") -> list[Item]:
    """Pass items one step on, or send them back with a reason."""
    require_secrecy(ctx)
    if not passes and not text.strip():
        raise Refused("退回修改请写明理由", CLAUSE)
    reviewed = list(map(_locked, items))
    require_each(reviewed, require_under_review, partial(require_another, ctx.actor))
    for item in reviewed:
        _review(ctx, item, passes=passes, text=text)
    return reviewed


def _review(ctx: Context, item: Item, *, passes: bool, text: str) -> None:
    if not passes:
        item.reviewer = None
        _set(ctx, item, Item.State.DRAFT)
        remark(ctx, item, RemarkKind.RETURNED, text)
    elif item.state == Item.State.FIRST_REVIEW:
        item.reviewer_id = ctx.actor.account_id
        _set(ctx, item, Item.State.SECOND_REVIEW)
        remark(ctx, item, RemarkKind.PASSED_FIRST, text)
    else:
        _set(ctx, item, Item.State.IN_USE)
        remark(ctx, item, RemarkKind.PASSED, text)


def require_untouched(item: Item) -> None:
    """Raises Refused unless it is a draft that nobody else has worked with."""
    if kept := _why_kept(item):
        raise _refused(item, kept)


def _why_kept(item: Item) -> str:
    if not item.is_draft or item.case_id:
        return f"现为“{item.get_state_display()}”，只有草稿可以删除"
    if item.remarks.exists() or item.readings.exists() or on_any_paper(item):
        return "提交过审题、有过意见或用过，须留存，不能删除；可以修改后重新提交"
    return "在相近题组中，请先由专家考评组负责人取消题组" if item.enemy_groups.exists() else ""


@act(
    "bank.discard", duty=("X4", "R4"), title="删除草稿", clause="三(五)", guard=require_untouched, for_whom=require_own
)  # fmt: skip
def discard(ctx: Context, items: Sequence[Item]) -> int:
    """Throw away drafts that nobody else has worked with: one's own, or any for who leads the experts. How many."""
    require_secrecy(ctx)
    found = list(map(_locked, items))
    require_each(found, partial(require_own, ctx.actor), require_untouched)
    for item in found:
        for row in (*item.versions.all(), *item.parts.all(), item):
            ctx.record_removed(type(row), row.pk)
            row.delete()
    ctx.note = f"删除草稿 {len(items)} 题：试题 {'、'.join(str(item.pk) for item in items)}"
    return len(items)


def require_settled(item: Item) -> None:
    """Raises Refused unless it is in use, or out of use and still has its place."""
    if not (item.is_in_use or item.is_retired) or item.case_id:
        raise _refused(item, f"现为“{item.get_state_display()}”，只有在用的可以停用、停用的可以恢复")
    if item.is_retired and item.point_id is None:
        raise _refused(item, "原来的鉴定点已不在细目表中，请在编辑页归到鉴定点后重新审题")


@act("bank.retire", duty="X4", title="停用或恢复试题", clause="题库建设管理办法", guard=require_settled)
def retire(ctx: Context, item: Item, reason: str) -> Item:
    """Take an item in use out of it (leaked, out of date, wrong), or back into it."""
    require_secrecy(ctx)
    item = _locked(item)
    require_settled(item)
    if not reason.strip():
        raise Refused("请写明理由", CLAUSE)
    back = item.is_retired
    _set(ctx, item, Item.State.IN_USE if back else Item.State.RETIRED)
    remark(ctx, item, RemarkKind.RESTORED if back else RemarkKind.RETIRED, reason)
    return item
