"""《督导情况反馈表》."""

from __future__ import annotations

from collections.abc import Sequence

from assay.centre.models import Centre
from assay.kernel.clock import SHANGHAI
from assay.kernel.documents import blocks as b
from assay.kernel.documents import render_blocks
from assay.oversight.models import Feedback


def feedback_forms(feedback: Sequence[Feedback]) -> bytes:
    """One paper a form."""
    centre = Centre.objects.get()
    days = [f.at.astimezone(SHANGHAI).date() for f in feedback]
    return render_blocks([_form(f, centre) for f in feedback], demo=centre.is_demo, on=max(days, default=None))


def _form(f: Feedback, centre: Centre) -> list[b.Block]:
    rows = [[n, c["title"], c["verdict"], c.get("note", "")] for n, c in enumerate(f.checks, start=1)]
    return [
        b.title(
            "督导情况反馈表",
            above=centre.name,
            below=f.batch.name,
            whose=f"{f.batch.name}　{f.get_stage_display()} {f.member}",
        ),
        b.pairs(
            ["督导环节", f.get_stage_display(), "督导地点", f.place or "全场"],
            ["督导员", f.member.name, "督导时间", f"{f.at.astimezone(SHANGHAI):%Y年%m月%d日 %H:%M}"],
        ),
        b.table(["序号", "督导项目", "评价", "情况说明"], rows, widths=["12mm", "1fr", "22mm", "55mm"]),
        b.box("发现的问题\n及建议", f.findings or "无", height_mm=40),
        b.box("总体评价", f.get_verdict_display(), height_mm=14, signed="督导员签名：　　　　　　年　　月　　日"),
        b.box("中心整改意见", "", height_mm=25, signed="负责人签名：　　　　　　年　　月　　日"),
    ]
