"""Import of items: choose a file, look at what it would do, take all or the sound ones. Export. The template."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods

from assay.bank.exchange import importing, spool
from assay.bank.exchange.forms import TakeForm
from assay.bank.exchange.outgoing import bank_of
from assay.bank.forms import ItemsFileForm
from assay.bank.models import Specification
from assay.bank.showing import shown
from assay.bank.writing.acts import items
from assay.centre.actors import account, actor
from assay.interchange import excel, export
from assay.interchange.checking import Checked
from assay.interchange.reading import FORMATS
from assay.interchange.safety import LARGEST_FILE
from assay.interchange.tabular import HEADINGS
from assay.kernel.access import duties
from assay.kernel.bodies import MB, takes
from assay.kernel.refusals import Refused
from assay.kernel.sheet_file import xlsx_response

ITEMS = 2 * LARGEST_FILE + MB
"""A file of items and the ZIP of its pictures."""

PREVIEWED = 30


@require_http_methods(["GET", "POST"])
@duties("X4", "R4")
@takes(ITEMS)
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a file; what was read from it is shown before anything is written."""
    specification = get_object_or_404(Specification, pk=pk)
    if specification.is_skill:
        raise Refused("操作技能题请逐题编写：评分表和准备物品可从 Excel 直接粘贴")
    form = ItemsFileForm(specification, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        images = given["images"].read() if given["images"] else None
        token = spool.keep(account(request).pk, given["file"].name, given["file"].read(), images)
        return redirect(f"{reverse('bank:import_preview', args=[pk, token])}?{_query(given['point'])}")
    context = {
        "title": f"导入试题：{specification}",
        "specification": specification,
        "form": form,
        "formats": FORMATS,
        "template": reverse("bank:items_template", args=[pk]),
    }
    return render(request, "bank/import.html", context)


def _query(point: str) -> str:
    return f"point={quote(point)}" if point else ""


@require_http_methods(["GET", "POST"])
@duties("X4", "R4")
def preview(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """What the file would bring: its items as candidates see them, every problem, what nearly repeats another."""
    specification = get_object_or_404(Specification, pk=pk)
    name, content, images = spool.take(account(request).pk, token)
    point = request.GET.get("point", "")
    mapping = _mapping(request)
    checked = importing.examine(name, content, specification, images=images, default_point=point, mapping=mapping)
    if request.method == "POST" and mapping and "columns" in request.POST:
        items.remember_columns(actor(request), list(mapping), mapping)
        messages.success(request, "列的对应关系已记住，下次同样的表头不用再选。")
    elif request.method == "POST":
        done = _take(request, specification, checked)
        if done is not None:
            spool.drop(account(request).pk, token)
            return done
    unassigned = sum(not row.point for row in checked.rows)
    previewed = [(shown(row), row) for row in checked.rows[:PREVIEWED]]
    context = {
        "title": f"核对“{name}”",
        "specification": specification,
        "checked": checked,
        "previewed": previewed,
        "previewed_title": f"导入后的样子（前 {len(previewed)} 题）",
        "said": _said(checked, unassigned),
        "nothing_to_take": _nothing_to_take(checked),
        "headings": [(h.key, h.title) for h in HEADINGS],
        "may_put_in_use": not unassigned and items.may_put_in_use(actor(request)),
        "again": reverse("bank:import", args=[pk]),
    }
    return render(request, "bank/import_preview.html", context)


def _said(checked: Checked, unassigned: int) -> SafeString:
    """What was read, in one sentence."""
    parts = [format_html("读到 <strong>{}</strong> 题：{} 题可以导入", checked.items, len(checked.rows))]
    if checked.known:
        parts.append(format_html("{} 题题库中已有", len(checked.known)))
    if checked.problems:
        parts.append(format_html('<span class="text-danger">{} 处问题</span>', len(checked.problems)))
    if unassigned:
        parts.append(format_html("其中 {} 题没有鉴定点，导入后为待归点的草稿", unassigned))
    return format_html("{}。", format_html_join("，", "{}", ((part,) for part in parts)))


def _nothing_to_take(checked: Checked) -> str:
    """Why there is nothing to import; "" when there is."""
    if checked.rows:
        return ""
    if checked.known and not checked.problems:
        return "这些题题库中都已有，不用再导入。"
    return "没有可以导入的题，请改正文件后重新上传。"


def _mapping(request: HttpRequest) -> dict[str, str]:
    """What the user said that columns are."""
    known = {h.key for h in HEADINGS}
    given = {
        name.removeprefix("column:"): str(value) for name, value in request.POST.items() if name.startswith("column:")
    }
    return {title: key for title, key in given.items() if key in known}


def _take(request: HttpRequest, specification: Specification, checked: Checked) -> HttpResponse | None:
    given = TakeForm.read(request)
    if checked.problems and not given["good_ones"]:
        messages.error(request, "文件有问题，没有导入。请改正后重新上传，或选择只导入没有问题的题。")
        return None
    try:
        made = items.import_items(
            actor(request), specification, checked.rows, approved=given["approved"], pictures=checked.pictures
        )
    except Refused as refused:
        messages.error(request, refused.message)
        return None
    known = len(checked.known)
    wrong = checked.items - len(made) - known
    now = "已列为在用" if given["approved"] else "现为草稿，可以提交审题"
    messages.success(request, f"已导入 {len(made)} 题，{now}。")
    left = [f"{known} 题题库中已有"] * bool(known) + [f"{wrong} 题有问题"] * bool(wrong)
    if left:
        messages.warning(request, f"没有导入的：{'，'.join(left)}。")
    return redirect("bank:items", pk=specification.pk)


@require_GET
@duties("X4", "R4")
def template(request: HttpRequest, pk: int) -> HttpResponse:
    specification = get_object_or_404(Specification, pk=pk)
    points = specification.points.order_by("code").values_list("code", "name", "importance")
    return xlsx_response(excel.template(list(points)), f"试题模板_{specification.title}")


@require_http_methods(["POST"])
@duties("X4")
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The items in use as a file; who took them out stays on record."""
    specification = get_object_or_404(Specification, pk=pk)
    form = request.POST.get("form", "")
    if form not in export.FORMATS:
        raise Refused("请选择导出的格式")
    items.export_items(actor(request), specification, export.FORMATS[form])
    name, content = export.write(bank_of(specification), form)
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
