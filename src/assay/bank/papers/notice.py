"""《操作技能考核准备通知单》: what rooms, candidates and examiners have to have at hand (dossier F4.22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.bank.models import Specification
from assay.centre.models import Centre
from assay.items.sheet import SIDES
from assay.kernel.documents import blocks as b
from assay.kernel.documents import render_blocks

FOR = {"site": "考场准备（每个工位）", "candidate": "考生准备（每人）", "examiner": "考评员准备"}


def notice_pdf(specification: Specification, materials: Sequence[Mapping[str, str]]) -> bytes:
    """The notice for a job at a level, from the things that `drawing.materials` gives."""
    centre = Centre.objects.get()
    paper = [b.title("操作技能考核准备通知单", above=centre.name, below=specification.title)]
    for side in SIDES.values():
        own = [thing for thing in materials if thing["side"] == side]
        rows = [
            [n, t["name"], t["spec"], t["unit"], t["quantity"], t["remark"]] for n, t in enumerate(own, start=1)
        ]  # fmt: skip
        paper.append(b.heading(FOR[side]))
        paper.append(
            b.table(
                ["序号", "名称", "规格", "单位", "数量", "备注"],
                rows,
                widths=["12mm", "1fr", "1fr", "14mm", "14mm", "1fr"],
            )
        )
    paper.append(b.text("本单按全部封存试卷合并，不反映抽中哪一套；物品须在考前检查时备齐。"))
    paper.append(b.signatures("编制人", "考场负责人"))
    return render_blocks([paper], demo=centre.is_demo)
