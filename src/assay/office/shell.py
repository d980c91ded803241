"""The shell around every page: menu, centre's name, forms as Tabler renders them."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from assay.centre.actors import actor, posts
from assay.centre.models import Account, Centre
from assay.kernel import clock, contributions
from assay.kernel.access import may_open_url

SECTIONS = ["工作台", "认定批次", "报名与考生", "题库与试卷", "队伍与场地", "督导与档案", "中心设置"]


class TablerForms(TemplatesSetting):
    """Django forms with Tabler's markup."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


def context(request: HttpRequest) -> dict[str, Any]:
    """What the base template needs; cheap for public pages."""
    user = request.user if hasattr(request, "user") else None
    staff = isinstance(user, Account) and user.kind == "staff"
    return {
        "centre": Centre.objects.first(),
        "menu": _menu(request) if staff else [],
        "posts": [post.title for post in posts(request)] if staff else [],
        "simulated_time": clock.shown(clock.now()) if clock.simulated() else "",
    }


def _menu(request: HttpRequest) -> list[tuple[str, list[dict[str, Any]]]]:
    held = actor(request).duties
    shown: list[tuple[int, int, dict[str, Any]]] = []
    for entry in contributions.menu:
        try:
            url = reverse(entry.url_name)
        except NoReverseMatch:
            continue
        if may_open_url(url, kind="staff", held=held):
            line = {"title": entry.title, "url": url, "active": False}
            shown.append((SECTIONS.index(entry.section), entry.order, line))
    shown.sort(key=lambda row: row[:2])
    _mark_active([line for _, _, line in shown], request.path)
    return [(SECTIONS[index], [line for _, _, line in rows]) for index, rows in groupby(shown, key=lambda row: row[0])]


def _mark_active(lines: list[dict[str, Any]], path: str) -> None:
    """The entry whose address is the longest beginning of `path` is where the reader is."""
    covering = [line for line in lines if path.startswith(line["url"])]
    if covering:
        max(covering, key=lambda line: len(line["url"]))["active"] = True
