"""The ledger as people read it: every official act, what it recorded, and the check of everything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_POST

from assay.centre.acts.record_anew import COVERED
from assay.kernel import verification
from assay.kernel.access import duties
from assay.kernel.acts import declared
from assay.kernel.clock import SHANGHAI, shown
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.models import Checkpoint, LedgerEntry, LedgerLine
from assay.kernel.templatetags.pieces import badge

READERS = ("L1", "L2", "E2", "E10", "Q4", "Q5")
LINES_SHOWN = 200
NOWHERE_ELSE = {
    COVERED: "台账覆盖范围", "columns": "列", "about": "关于", "about_id": "关于的编号", "account": "账号", "address_index": "来源索引",
    "at": "时间", "body_code": "机构代码", "by_account": "经办人账号", "count": "行数", "created_at": "产生时间",
    "decided_account": "审批人账号", "decided_by_account": "核实人账号", "digest": "校验码", "file": "文件", "first": "首行",
    "id_index": "证件索引", "key": "消息编号", "kind": "类别", "last": "末号", "level_code": "等级代码", "password": "密码",
    "password_expires_at": "初始密码有效期", "payload": "内容", "proposed_account": "提出人账号", "reply": "回执", "sent_at": "送达时间",
    "session_epoch": "登录失效次数", "sort_key": "排序", "specification": "细目表", "standard_level": "标准等级", "state": "状态",
    "stem_digest": "题干校验码", "title": "名称", "works": "上班", "year": "年度",
}  # fmt: skip
"""What the ledger says of itself, and columns that no page shows: their Chinese names."""


def _titles() -> dict[str, str]:
    return {one.name: one.title for one in declared()}


def _number(entry: LedgerEntry) -> str:
    return format_html("{} {}", entry.seq, badge("演练", "yellow") if entry.simulated else "")


@require_GET
@duties(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    titles = _titles()
    listing = Listing(
        request,
        LedgerEntry.objects.all(),
        [
            Column("序号", _number, "seq", plain=lambda e: e.seq),
            Column("时间", lambda e: f"{e.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}", "at", lambda e: e.at),
            Column("事项", lambda e: titles.get(e.act, e.act)),
            Column("办理人", lambda e: e.actor_name),
            Column("职责", lambda e: e.duty),
            Column("说明", lambda e: e.note),
            Column("校验码", lambda e: e.digest[:12]),
        ],
        filters=[Filter("act", "事项", sorted(titles.items(), key=lambda pair: pair[1]), "act")],
        search=lambda text: Q(actor_name__icontains=text) | Q(note__icontains=text),
        search_hint="办理人或说明",
        order="-seq",
        name="台账",
        row_url=lambda e: f"{e.seq}/",
    )
    lead = f"每项公务操作在此留痕，前后相扣，只能增加，不能修改。{_last_signed()}"
    return listing.respond("desk/ledger.html", {"title": "台账", "lead": lead})


def _last_signed() -> str:
    point = Checkpoint.objects.order_by("-size").first()
    return f"最近签署：第 {point.size} 条，{shown(point.at)}，根 {point.root[:16]}…" if point else ""


@require_GET
@duties(*READERS)
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    """One entry: header, chain, and what it recorded."""
    found = get_object_or_404(LedgerEntry, seq=seq)
    lines = list(found.lines.order_by("position")[: LINES_SHOWN + 1])
    context = {
        "title": f"台账第 {seq} 条",
        "entry": found,
        "act_title": _titles().get(found.act, found.act),
        "lines": [_shown(line) for line in lines[:LINES_SHOWN]],
        "more": len(lines) > LINES_SHOWN,
    }
    return render(request, "desk/entry.html", context)


def _shown(line: LedgerLine) -> tuple[str, str, list[tuple[str, str]] | None]:
    """(kind of row, its number, facts by Chinese name); None when the row was removed. Sealed facts stay digests."""
    try:
        model: type[models.Model] | None = apps.get_model(line.subject)
    except LookupError:  # a table that is gone by now, or the ledger itself
        model = None
    title = str(model._meta.verbose_name) if model else NOWHERE_ELSE.get(line.subject, line.subject)
    if line.facts is None:
        return title, line.subject_id, None
    return title, line.subject_id, [_named(model, name, value) for name, value in line.facts.items()]


def _named(model: type[models.Model] | None, name: str, value: Any) -> tuple[str, str]:
    """A recorded fact: its Chinese name and what it says. A column that is gone by now keeps the name of then."""
    try:
        field = model._meta.get_field(name.lstrip("#")) if model else None
    except FieldDoesNotExist:
        field = None
    title = str(getattr(field, "verbose_name", name))
    said = f"（加密校验码 {str(value)[:12]}…）" if name.startswith("#") and value else _said(field, value)
    return NOWHERE_ELSE.get(name.lstrip("#"), title) if title.isascii() else title, said


def _said(field: Any, value: Any) -> str:
    """A recorded fact as people read it: choices by their title, yes and no, times of Shanghai, lists and tables in a row."""
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return "，".join(f"{name}：{_said(None, inner)}" for name, inner in sorted(value.items()))
    if isinstance(value, list):
        return "、".join(_said(None, inner) for inner in value)
    if isinstance(field, models.DateTimeField):
        return f"{datetime.fromisoformat(value).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    return str(dict(getattr(field, "flatchoices", ())).get(value, value))


@require_POST
@duties(*READERS)
def verify(request: HttpRequest) -> HttpResponse:
    """Check the whole ledger against the tables, now."""
    report = verification.verify()
    context = {"title": "台账核验", "findings": report.findings, "said": found_by(report)}
    return render(request, "desk/verified.html", context)


def found_by(report: verification.Report) -> str:
    """What was checked, and whether it is as it was recorded."""
    return (
        f"核验了台账 {report.entries} 条、事实 {report.subjects} 项、签署点 {report.checkpoints} 个，"
        f"与留存在系统外的签署点核对 {report.outside} 个：{report.verdict}"
    )
