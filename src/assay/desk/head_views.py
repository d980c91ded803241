"""Signed heads of the ledger: the newest, who holds which, and a sheet for whoever is to hold one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from assay.centre.models import Centre
from assay.desk.ledger_views import READERS
from assay.gateway import heads as leaving
from assay.kernel import heads
from assay.kernel.access import duties
from assay.kernel.clock import SHANGHAI
from assay.kernel.documents import blocks as b
from assay.kernel.documents import render_blocks
from assay.kernel.documents.heads import printed_head
from assay.kernel.documents.response import pdf
from assay.kernel.ledger import newest_head
from assay.kernel.models import OutsideHead

SHOWN = 50
LEAD = (
    "批次的每个环节结束时，系统签署一次台账：共多少条、总校验码是多少。能改整个数据库的人可以把台账重写得前后一致，"
    "却伪造不出签名，也改不了留存在别人那里的签署点。所以签署点要离开本系统：随每次报送交省平台，"
    "印在成绩表、发证名册和卷封上，并可写入别人管理的文件夹。"
)


@require_GET
@duties(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    context = {
        "title": "台账签署点", "lead": LEAD, "newest": newest_head(), "vkeys": heads.vkeys(), "not_kept": leaving.not_kept(),
        "kept": OutsideHead.objects.order_by("-at")[:SHOWN],
    }  # fmt: skip
    return render(request, "desk/ledger_heads.html", context)


@require_GET
@duties(*READERS)
def sheet(request: HttpRequest) -> HttpResponse:
    """What the other party keeps: the head, how it is checked, and two signatures."""
    centre, newest = Centre.objects.get(), newest_head()
    shown, pictures = printed_head()
    paper = [
        b.title("台账签署点留存单", above=centre.name),
        b.text(
            "本中心的每项公务操作记入台账，前后相扣。下面的签署点写明截至当时的条数和总校验码，并有本中心的数字签名。"
            "请贵方留存。日后核验时把它交给核验人：台账若有改动、缺失或被重写，即与签署点不符。"
        ),
        *(shown or [b.text("台账还没有签署点。")]),
        b.heading("签署原文"),
        b.signs(*newest.note.splitlines()) if newest else b.text("（无）"),
        b.heading("核对签名用的公钥"),
        b.signs(*heads.vkeys()),
        b.signatures("移交人", "留存人", "日期"),
    ]
    day = newest.at.astimezone(SHANGHAI).date() if newest else None
    return pdf(render_blocks([paper], files=pictures, demo=centre.is_demo, on=day), "台账签署点留存单")
