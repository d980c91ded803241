"""What lies on top of a volume: its cover (卷封) and the list of what is in it (卷内目录)."""

from __future__ import annotations

from collections.abc import Sequence

from assay.batches.models import Batch
from assay.batches.registers import day_of
from assay.centre import parameters
from assay.centre.models import Centre
from assay.kernel.contributions import VolumeSource
from assay.kernel.documents import blocks as b
from assay.kernel.documents import render_blocks
from assay.kernel.documents.heads import printed_head
from assay.kernel.models import StoredFile

COVER = "卷封与卷内目录.pdf"
DIGEST = 16
"""Signs of a document's digest on the list: enough to tell whether the paper at hand is the one that was filed."""


def cover(batch: Batch, source: VolumeSource, kept: Sequence[tuple[str, StoredFile]]) -> bytes:
    """A page for the box, then the list of the documents `kept` (file name, file) in their order."""
    centre = Centre.objects.get()
    paper_years = parameters.number("archive.paper_years")
    electronic_years = parameters.number("archive.electronic_years")
    box = [
        b.space(30),
        b.title(source.title, above=f"{centre.name}　职业技能等级认定档案", below=batch.name),
        b.space(10),
        b.pairs(
            ["批次编号", batch.code, "认定方式", batch.get_route_display()],
            ["归档依据", source.clause, "件数", f"{len(kept)} 件"],
            ["保管期限", f"纸质不少于 {paper_years} 年，电子不少于 {electronic_years} 年"],
            ["立卷人", "", "立卷日期", "　　　年　　月　　日"],
            ["检查人", "", "存放位置", ""],
        ),
    ]
    rows = [[n, name, _size(file.size), file.pk[:DIGEST], ""] for n, (name, file) in enumerate(kept, start=1)]
    contents = [
        b.title("卷内目录", above=f"{batch.name}　{source.title}", whose=f"{batch.name}　{source.title}"),
        b.table(
            ["序号", "文件", "大小", "校验码", "备注"],
            rows,
            widths=["12mm", "1fr", "20mm", "38mm", "24mm"],
            empty="（无）",
        ),
    ]
    head, pictures = printed_head()
    return render_blocks([[*box, *head], contents], files=pictures, demo=centre.is_demo, on=day_of(batch))


def _size(octets: int) -> str:
    return f"{max(octets // 1024, 1)} KB"
