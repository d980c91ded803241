"""空白证书台账: received, used, spoiled, destroyed, left; on paper, with lines to sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.centre.models import Centre
from assay.certificates import blanks, serials
from assay.certificates.models import BlankReceipt, Destruction, SpoiledSheet
from assay.certificates.serials import Span
from assay.kernel.clock import SHANGHAI, shown_day, today
from assay.kernel.documents import blocks as b
from assay.kernel.documents import render_blocks
from assay.kernel.documents.heads import printed_head


def blank_register() -> bytes:
    """As the stock is today."""
    centre, now = Centre.objects.get(), blanks.stock()
    spoiled = f"作废 {now.spoiled} 张（其中已销毁 {now.destroyed} 张）"
    sums = f"领入 {now.received} 张，已用 {now.used} 张，{spoiled}，结存 {now.count_left} 张"
    paper = [
        b.title("空白证书台账", above=centre.name, below=f"截至 {shown_day(today())}　{sums}"),
        *_received(),
        *_used(),
        *_spoiled(),
        *_destroyed(),
        b.heading("五、结存"),
        b.table(["印制流水码", "张数"], [[str(span), span.count] for span in now.left], widths=["1fr", "30mm"], empty="（无）"),
        b.signatures("经办人", "复核人", "认定中心主任"),
    ]  # fmt: skip
    head, pictures = printed_head()
    return render_blocks([[*paper, *head]], files=pictures, landscape=True, demo=centre.is_demo, on=today())


def _received() -> list[Mapping[str, Any]]:
    rows = [
        [f"{one.received_on:%Y-%m-%d}", str(one), one.count, one.source, one.by] for one in BlankReceipt.objects.all()
    ]
    head = ["日期", "印制流水码", "张数", "来源", "经办人"]
    return [b.heading("一、领入"), b.table(head, rows, widths=["26mm", "80mm", "20mm", "1fr", "26mm"], empty="（无）")]


def _used() -> list[Mapping[str, Any]]:
    rows = [[name, serials.said(found), _count(found)] for name, found in blanks.used_by_batch()]
    return [
        b.heading("二、已用"),
        b.table(["批次", "印制流水码", "张数"], rows, widths=["80mm", "1fr", "20mm"], empty="（无）"),
    ]


def _count(found: list[Span]) -> int:
    return sum(span.count for span in found)


def _spoiled() -> list[Mapping[str, Any]]:
    rows = [
        [
            f"{sheet.at.astimezone(SHANGHAI):%Y-%m-%d}",
            sheet.serial,
            sheet.certificate.number if sheet.certificate else "（空白）",
            sheet.reason,
            sheet.by,
            sheet.where_said,
        ]
        for sheet in SpoiledSheet.objects.select_related("certificate")
    ]
    head = ["日期", "印制流水码", "原证书编号", "原因", "经办人", "去向"]
    widths = ["26mm", "40mm", "50mm", "1fr", "26mm", "26mm"]
    return [b.heading("三、作废"), b.table(head, rows, widths=widths, empty="（无）")]


def _destroyed() -> list[Mapping[str, Any]]:
    rows = []
    for one in Destruction.objects.prefetch_related("sheets"):
        found = serials.spans(serial for sheet in one.sheets.all() if (serial := serials.read(sheet.serial)))
        rows.append([f"{one.destroyed_on:%Y-%m-%d}", serials.said(found), one.count, one.how, one.by, one.witness])
    head = ["日期", "印制流水码", "张数", "地点、方式", "销毁人", "监销人"]
    widths = ["26mm", "1fr", "20mm", "60mm", "26mm", "26mm"]
    return [b.heading("四、销毁"), b.table(head, rows, widths=widths, empty="（无）")]
