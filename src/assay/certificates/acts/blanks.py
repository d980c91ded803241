"""Blank sheets: received, spoiled before they were printed, brought back by who held them, destroyed before a witness."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from assay.certificates import blanks, serials
from assay.certificates.blanks import BLANKS
from assay.certificates.models import BlankReceipt, Destruction, SpoiledSheet
from assay.kernel.acts import Context, act
from assay.kernel.clock import today
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut

MOST = 100_000
"""Sheets that come in together: more is a slip of the pen."""


@act("certificates.receive_blanks", duty="E13", title="领入空白证书", clause="证书管理及发放办法")
def receive_blanks(ctx: Context, *, first: str, last: str, received_on: date, source: str) -> BlankReceipt:
    """Sheets from `first` to `last` come into the stock, none of them a second time."""
    blanks.hold()
    span = blanks.read_span(first, last)
    problems = []
    if span.count > MOST:
        problems.append(f"{span} 共 {span.count} 张，一次至多登记 {MOST} 张，请核对流水码")
    problems += [f"其中有的已登记领入：{other}" for other in blanks.received() if span.meets(other)]
    if received_on > today():
        problems.append("领入日期不能晚于今天")
    if not source.strip():
        problems.append("请写明空白证书从哪里来")
    if problems:
        raise Refused("；".join(problems), BLANKS)
    receipt = BlankReceipt.objects.create(
        first=str(span.first), last=str(span.last), count=span.count, received_on=received_on,
        source=uncut(source, 100, "来源"), by=ctx.actor.name, at=ctx.at,
    )  # fmt: skip
    ctx.note = f"领入 {span.count} 张：{span}"
    ctx.record(receipt)
    return receipt


@act("certificates.spoil_blanks", duty="E13", title="作废空白证书", clause="证书管理及发放办法")
def spoil_blanks(ctx: Context, *, first: str, last: str, reason: str) -> list[SpoiledSheet]:
    """Sheets that are no good and no certificate: torn by the printer, misprinted, soaked."""
    blanks.hold()
    span = blanks.read_span(first, last)
    if span.count > serials.MOST_SPOILED:
        raise Refused(f"{span} 共 {span.count} 张，一次至多作废 {serials.MOST_SPOILED} 张，请核对流水码", BLANKS)
    if not reason.strip():
        raise Refused("请写明作废的原因", BLANKS)
    sheets = serials.run(span.first, span.count)
    blanks.require_unused(sheets)
    blanks.require_received(sheets)
    made = SpoiledSheet.objects.bulk_create(
        [
            SpoiledSheet(
                serial=str(serial), reason=uncut(reason, 200, "原因"), at=ctx.at, by=ctx.actor.name, returned_at=ctx.at
            )
            for serial in sheets
        ]
    )
    ctx.note = f"作废 {span.count} 张：{span}"
    ctx.record_all(made)
    return made


def _locked(sheets: Iterable[SpoiledSheet]) -> list[SpoiledSheet]:
    blanks.hold()
    chosen = [sheet.pk for sheet in sheets]
    rows = list(SpoiledSheet.objects.select_for_update().filter(pk__in=chosen).order_by("serial"))
    if not rows:
        raise Refused("请先勾选废证", BLANKS)
    gone = [sheet.serial for sheet in rows if sheet.destruction_id]
    if gone:
        raise Refused(f"废证 {'、'.join(gone[:5])} 已销毁", BLANKS)
    return rows


@act("certificates.take_back", duty="E13", title="登记收回旧证", clause="证书管理及发放办法")
def take_back(ctx: Context, sheets: Iterable[SpoiledSheet]) -> list[SpoiledSheet]:
    """Old sheets that their holders brought back lie in the house from now on."""
    rows = _locked(sheets)
    here = [sheet.serial for sheet in rows if sheet.returned_at]
    if here:
        raise Refused(f"废证 {'、'.join(here[:5])} 已在库", BLANKS)
    for sheet in rows:
        sheet.returned_at = ctx.at
    rewrite(rows, ["returned_at"])
    ctx.record_all(rows)
    return rows


@act("certificates.destroy_sheets", duty="E13", title="销毁废证", clause="证书管理及发放办法")
def destroy_sheets(
    ctx: Context, sheets: Iterable[SpoiledSheet], *, destroyed_on: date, how: str, witness: str
) -> Destruction:
    """Spoiled sheets in the house were destroyed, by whoever notes it before somebody else."""
    rows = _locked(sheets)
    problems = []
    outside = [sheet.serial for sheet in rows if not sheet.returned_at]
    if outside:
        problems.append(f"废证 {'、'.join(outside[:5])} 还没有收回，不能销毁")
    if destroyed_on > today():
        problems.append("销毁日期不能晚于今天")
    if not how.strip():
        problems.append("请写明销毁的地点、方式")
    if not witness.strip() or witness.strip() == ctx.actor.name:
        problems.append("监销人须是销毁人以外的人")
    if problems:
        raise Refused("；".join(problems), BLANKS)
    destruction = Destruction.objects.create(
        destroyed_on=destroyed_on, how=uncut(how, 100, "地点、方式"), count=len(rows), by=ctx.actor.name,
        witness=uncut(witness, 60, "监销人"), at=ctx.at,
    )  # fmt: skip
    for sheet in rows:
        sheet.destruction = destruction
    rewrite(rows, ["destruction_id"])
    ctx.note = f"销毁 {len(rows)} 张，监销人 {destruction.witness}"
    ctx.record(destruction, *rows)
    return destruction
