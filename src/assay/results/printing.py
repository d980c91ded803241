"""The result list (评价结果汇总表) and the list on public notice."""

from __future__ import annotations

from assay.batches.models import Batch
from assay.batches.registers import day_of, register
from assay.catalogue.parts import Part
from assay.centre.models import Centre
from assay.items import marks
from assay.kernel.clock import SHANGHAI, shown
from assay.kernel.documents import blocks as b
from assay.kernel.documents import render_blocks
from assay.kernel.documents.heads import printed_head
from assay.results.models import Objection, PublicNotice, Result, ScoreCheck, attendance


def result_list(batch: Batch) -> bytes:
    """All results of a batch, for the file: with whole ID numbers (masked only on public lists, rules.md §11)."""
    centre = Centre.objects.get()
    results = (
        batch.results.select_related(
            "application__applicant",
            "application__line__scope_row__occupation",
            "application__line__level",
            "application__ticket",
        )
        .prefetch_related(attendance())
        .order_by("application__line__scope_row__no", "application__applicant__sort_key", "pk")
    )
    rows = [_row(n, r) for n, r in enumerate(results, start=1)]
    head = ["序号", "准考证号", "姓名", "证件号码", "工种等级", "理论", "技能", "评审", "结论"]
    widths = ["11mm", "28mm", "30mm", "42mm", "1fr", "14mm", "14mm", "14mm", "16mm"]
    passed = sum(r[-1] == "合格" for r in rows)
    paper = [
        b.title(
            "认定成绩汇总表",
            above=centre.name,
            below=f"{batch.name}　共 {len(rows)} 人，合格 {passed} 人",
            whose=batch.name,
        ),
        b.table(head, rows, widths=widths),
        b.signatures("统计", "复核", "认定中心主任"),
    ]
    signed, pictures = printed_head()
    return render_blocks([[*paper, *signed]], files=pictures, landscape=True, demo=centre.is_demo, on=day_of(batch))


def _row(number: int, result: Result) -> list[str]:
    application = result.application
    ticket = getattr(application, "ticket", None)
    said = [result.said(part) or "—" for part in Part]
    applicant = application.applicant
    return [
        str(number),
        ticket.number if ticket else "",
        applicant.name,
        applicant.id_number,
        str(application.line),
        *said,
        result.get_outcome_display(),
    ]


def check_list(batch: Batch) -> bytes:
    """The score checks of a batch: who asked for what and why, what was found."""
    checks = ScoreCheck.objects.filter(result__batch=batch).select_related("result__application__applicant")
    rows = [
        [
            n, c.result.application.ticket.number, c.result.application.applicant.name, c.get_part_display(), c.reason,
            f"{c.asked_at.astimezone(SHANGHAI):%Y-%m-%d}", marks.read(c.before), marks.read(c.after) or marks.read(c.before),
            f"{c.get_state_display()}：{c.finding}", c.by, c.confirmed_by,
            f"{c.answered_at.astimezone(SHANGHAI):%Y-%m-%d}" if c.answered_at else "",
        ]
        for n, c in enumerate(checks.select_related("result__application__ticket").order_by("asked_at", "pk"), start=1)
    ]  # fmt: skip
    head = [
        "序号",
        "准考证号",
        "姓名",
        "科目",
        "申请理由",
        "申请日期",
        "原成绩",
        "复核成绩",
        "复核结果",
        "答复人",
        "复核人",
        "答复日期",
    ]
    widths = ["11mm", "28mm", "22mm", "16mm", "1fr", "22mm", "15mm", "16mm", "1fr", "18mm", "18mm", "22mm"]
    return register(
        batch, "成绩复核登记表", head, rows, widths, empty="无人申请复核。", signed_by=("经办人", "认定中心主任")
    )


def reports_register(batch: Batch) -> bytes:
    """How the results went up, version by version, and what the province said."""
    rows = [
        [
            f"第{r.version}版", shown(r.sent_at), r.count, r.digest[:16], r.get_state_display(), r.reason,
            shown(r.decided_at) if r.decided_at else "", r.remote_id,
        ]
        for r in batch.result_reports.order_by("version")
    ]  # fmt: skip
    head = ["版次", "上报时间", "人数", "内容校验码", "结果", "退回原因", "审核时间", "省平台编号"]
    widths = ["14mm", "36mm", "14mm", "38mm", "20mm", "1fr", "36mm", "38mm"]
    return register(batch, "成绩上报与审核登记表", head, rows, widths)


def objections_register(batch: Batch) -> bytes:
    """What was objected to while the names were on public notice, and what the supervision group answered."""
    objections = Objection.objects.filter(notice__batch=batch).order_by("at", "pk")
    rows = [
        [n, shown(o.at), o.name, o.text, o.answer, o.answered_by, shown(o.answered_at) if o.answered_at else ""]
        for n, o in enumerate(objections, start=1)
    ]
    head = ["序号", "时间", "反映人", "内容", "处理结果", "处理人", "处理时间"]
    widths = ["11mm", "36mm", "22mm", "1fr", "1fr", "22mm", "36mm"]
    return register(batch, "公示异议登记表", head, rows, widths, empty="公示期间没有异议。")


def notice_list(notice: PublicNotice) -> bytes:
    """The masked list as it is on public notice, to be hung up: from when to when, where and how to object, the centre's seal."""
    centre = Centre.objects.get()
    rows = [
        [n, r["name"], r["id_masked"], r["occupation"], r["job"], r["level"]]
        for n, r in enumerate(notice.rows, start=1)
    ]
    begins, ends = (f"{day:%Y年%m月%d日}" for day in (notice.starts_on, notice.ends_on))
    paper = [
        b.title(notice.title, above=centre.name, below=f"公示期 {begins} 至 {ends}　共 {len(rows)} 人"),
        b.text(
            f"经考核和审核，下列 {len(rows)} 人拟认定为合格，现予公示。对名单有异议的，请在公示期内实名反映，写明事实和联系方式；"
            "逾期不再受理。对反映人的信息严格保密。"
        ),
        b.table(
            ["序号", "姓名", "证件号码", "职业", "工种", "等级"],
            rows,
            widths=["12mm", "30mm", "42mm", "1fr", "1fr", "26mm"],
        ),
        b.closing(
            f"{centre.name}（章）",
            begins,
            said=[f"受理地点：{centre.address or '＿' * 16}", f"联系电话：{centre.phone or '＿' * 16}"],
        ),
    ]
    return render_blocks([paper], demo=centre.is_demo, on=notice.starts_on)
