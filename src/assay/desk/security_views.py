"""The security log on screen: read by those who answer for the centre and by its supervisors, changed by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from assay.centre.models import Account
from assay.desk.refused_pages import in_words
from assay.kernel.access import duties
from assay.kernel.clock import SHANGHAI, real_now, shown
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.models import SecurityEvent, SecurityLogSeal
from assay.kernel.security_log import KINDS
from assay.kernel.templatetags.pieces import badge

READERS = ("L1", "L2", "Q4", "Q6")
LEAD = (
    "登录、教务端拒绝的访问、带个人信息的导出、查阅完整证件号码，逐条记在这里，只能增加，不能修改、删除，长期保存。"
    "考试端拒绝的，记在该考场的考场记录里。"
)
_PERIODS = {"1": "一天内", "7": "七天内", "30": "三十天内", "180": "半年内"}
_NAMESAKES = 20
SPRAYED_FROM = 8
"""So many accounts tried in vain from one address within a day are shown to those who lead."""


@require_GET
@duties(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    """The newest first; looked up by account or address, both whole, so that a million lines are as quick as a thousand."""
    listing = Listing(
        request,
        SecurityEvent.objects.all(),
        [
            Column("序号", lambda e: e.pk),
            Column("时间", lambda e: f"{e.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}", plain=lambda e: e.at),
            Column("事件", _kind, plain=lambda e: KINDS.get(e.kind, e.kind)),
            Column("账号", lambda e: e.who),
            Column("内容", _what, plain=_what_plain),
            Column("页面", lambda e: e.page),
            Column("来源地址", lambda e: e.address),
            Column("设备", lambda e: e.device),
        ],
        filters=[
            Filter("kind", "事件", list(KINDS.items()), "kind"),
            Filter("failed", "结果", [("0", "成功"), ("1", "未成功")], _failed),
            Filter("days", "时间", list(_PERIODS.items()), _since),
        ],
        search=_found,
        search_hint="账号、姓名或来源地址（完整）",
        order="-pk",
        name="安全日志",
        empty="还没有记录。",
    )
    context = {
        "title": "安全日志",
        "lead": LEAD + _sealed_to(SecurityLogSeal.objects.order_by("-last").first()),
        "sprayed": list(sprayed()),
    }
    return listing.respond("desk/security.html", context)


def _sealed_to(seal: SecurityLogSeal | None) -> str:
    if seal is None:
        return "每天封存一次，核验台账时一并核对。"
    return f"已封存到第 {seal.last} 行（{shown(seal.at)}）；核验台账时一并核对。"


def _kind(event: SecurityEvent) -> str:
    said = KINDS.get(event.kind, event.kind)
    if not event.failed:
        return said
    return badge(said if event.kind == "refused" else f"{said}未成功", "red")


def _what(event: SecurityEvent) -> str:
    """What it was about; of a page that was refused in words, with the name of its address beside them."""
    said = in_words(event.what, event.page)
    return format_html('{}<br><small class="text-secondary">{}</small>', said, event.what) if said else event.what


def _what_plain(event: SecurityEvent) -> str:
    said = in_words(event.what, event.page)
    return f"{said}（{event.what}）" if said else event.what


def _failed(value: str) -> Q:
    """As a list of one: SQLite takes an index for that, and none for a bare truth value."""
    return Q(failed__in=[value == "1"])


def _since(days: str) -> Q:
    """By number: rows are written in the order of time."""
    begun = SecurityEvent.objects.filter(at__gte=real_now() - timedelta(days=int(days))).order_by("at").first()
    return Q(pk__gte=begun.pk) if begun is not None else Q(pk=None)


def _found(text: str) -> Q:
    try:
        ip_address(text)
    except ValueError:
        named = Account.objects.filter(name=text).values_list("username", flat=True)
        return Q(who__in=[text, *named[:_NAMESAKES]])
    return Q(address=text)


@dataclass(frozen=True)
class Sprayed:
    """An address from which many accounts were tried in vain."""

    address: str
    accounts: int
    tries: int


def sprayed() -> Iterator[Sprayed]:
    """Where within the last day somebody failed at many accounts."""
    rows: Any = (
        SecurityEvent.objects.filter(kind="sign_in", failed=True, at__gte=real_now() - timedelta(days=1))
        .values("address")
        .annotate(accounts=Count("who", distinct=True), tries=Count("pk"))
        .filter(accounts__gte=SPRAYED_FROM)
        .order_by("-accounts")
    )
    for row in rows[:5]:
        yield Sprayed(**row)
