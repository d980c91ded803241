"""认定计划申报表 from the filing as frozen (it never shows anything later than what was sent), and the answers to it."""

from __future__ import annotations

from typing import Any

from assay.batches.models import Batch
from assay.batches.registers import register
from assay.batches.stages import ROUTES
from assay.catalogue.models import Level
from assay.centre.models import Centre
from assay.filing.models import Filing
from assay.kernel.clock import shown
from assay.kernel.documents import blocks as b
from assay.kernel.documents import render_blocks


def filing_form(filing: Filing) -> bytes:
    """The filed plan as a printable form."""
    d = filing.document
    centre = Centre.objects.get()
    paper = [
        b.title("职业技能等级认定计划申报表", above=d["centre_name"], below=f"{d['batch_name']}（第 {filing.version} 版）"),
        b.pairs(
            ["机构代码", d["centre_code"], "批次编号", d["batch_code"]],
            ["认定方式", ROUTES[d["route"]], "考核首日", d["exam_on"] or ""],
            ["上报日期", f"{filing.sent_on:%Y年%m月%d日}", "总人数", str(sum(x["candidates"] for x in d["lines"]))],
        ),
        b.heading("一、实施方案"),
        b.text(*[p for p in d["scheme"].splitlines() if p.strip()]),
        b.heading("二、工种、等级、人数"),
        _lines(d["lines"]),
        b.heading("三、时间安排"),
        _timetable(d["timetable"]),
        b.heading("四、考场安排"),
        b.table(["场次", "考场", "工种", "人数"], [[x["session"], x["room"], x["line"] or "混编", x["candidates"]] for x in d["rooms"]]),
        b.heading("五、监考人员"), _people(d["invigilators"]),
        b.heading("六、考评员"), _people(d["examiners"]),
        b.heading("七、内部督导员"), _people(d["supervisors"]),
        b.heading("八、工作人员"), _people(d["staff"]),
        b.signatures("填报人", "认定中心主任", "单位盖章"),
    ]  # fmt: skip
    return render_blocks([paper], demo=centre.is_demo, on=filing.sent_on)


def decisions_form(batch: Batch) -> bytes:
    """《认定计划审批情况登记表》: what the province answered to each version that was sent."""
    rows = [
        [
            f"第 {f.version} 版", f"{f.sent_on:%Y年%m月%d日}", f.get_state_display(), f.reason or "", f.decided_by,
            shown(f.decided_at) if f.decided_at else "", f.remote_id, f.digest[:16],
        ]
        for f in batch.filings.order_by("version")
    ]  # fmt: skip
    head = ["版次", "上报日期", "结果", "退回原因", "审批人", "审批时间", "省平台编号", "内容校验码"]
    widths = ["16mm", "28mm", "16mm", "1fr", "40mm", "32mm", "40mm", "40mm"]
    return register(batch, "认定计划审批情况登记表", head, rows, widths)


def _lines(lines: list[dict[str, Any]]) -> b.Block:
    titles = dict(Level.objects.values_list("code", "title"))
    rows = [
        [x["occupation_code"], x["occupation"], x["job"] or "--", titles.get(x["level"], x["level"]), x["candidates"]]
        for x in lines
    ]
    return b.table(["职业编码", "职业", "工种", "等级", "人数"], rows, widths=["26mm", "1fr", "1fr", "28mm", "16mm"])


def _timetable(sessions: list[dict[str, Any]]) -> b.Block:
    rows = [[x["part"], x["number"], _minute(x["starts_at"]), _minute(x["ends_at"])] for x in sessions]
    return b.table(["部分", "场次", "开始", "结束"], rows)


def _minute(text: str) -> str:
    return text[:16].replace("T", " ")


def _people(people: list[dict[str, Any]]) -> b.Block:
    return b.table(
        ["姓名", "证卡编号", "部门", "职称"], [[p["name"], p["card_no"], p["department"], p["title"]] for p in people]
    )
