"""Pages of case groups: a case and its parts written on one page, with the preview beside it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.bank.models import Item, Specification
from assay.bank.promise import ask_to_promise, promised
from assay.bank.showing import shown
from assay.bank.writing.acts import items
from assay.bank.writing.case_forms import CaseSheet, new_part
from assay.centre.actors import actor
from assay.items.rules import item_remarks
from assay.kernel.access import duties
from assay.kernel.bodies import MB, takes
from assay.kernel.refusals import Refused

CASE = 40 * MB
"""A case with a picture in some of its parts."""


@require_http_methods(["GET", "POST"])
@duties("X4", "R4")
@takes(CASE)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    specification = get_object_or_404(Specification, pk=pk)
    if not promised(request):
        return ask_to_promise(request, "查看和编写试题之前，请先签署本年度的试题保密承诺。")
    return editor(request, specification, None)


def editor(request: HttpRequest, specification: Specification, found: Item | None) -> HttpResponse:
    """The page of a case; what was written is kept when something is wrong with it."""
    if request.method == "POST":
        sheet = CaseSheet(specification, request.POST, request.FILES)
        saved = _saved(request, specification, found, sheet) if sheet.is_valid() else None
        if saved is not None:
            messages.success(request, "案例分析题已保存为草稿；检查预览无误后可以提交审题。")
            return redirect("bank:item", pk=saved.pk)
    else:
        sheet = CaseSheet(specification, item=found, point=request.GET.get("point", ""))
    context = {
        "title": f"修改试题 {found.pk}" if found else "新增案例分析题",
        "sheet": sheet,
        "problems": sheet.problems() if request.method == "POST" else [],
        "item": found,
        "specification": specification,
        "preview": reverse("bank:case_preview", args=[specification.pk]),
    }
    return render(request, "bank/case_edit.html", context, status=422 if context["problems"] else 200)


def _saved(request: HttpRequest, specification: Specification, found: Item | None, sheet: CaseSheet) -> Item | None:
    row, pictures = sheet.row
    try:
        return items.save_item(actor(request), found, row, specification, pictures=pictures)
    except Refused as refused:
        sheet.form.add_error(None, refused.message)
        return None


@require_GET
@duties("X4", "R4")
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """The empty form of one more part."""
    specification = get_object_or_404(Specification, pk=pk)
    return render(request, "bank/case_part.html", {"part": new_part(specification), "specification": specification})


@require_POST
@duties("X4", "R4")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What is being written, as a candidate will see it."""
    sheet = CaseSheet(get_object_or_404(Specification, pk=pk), request.POST)
    sheet.is_valid()
    row, _ = sheet.row
    remarks = [
        f"第 {n} 小题：{remark}"
        for n, own in enumerate(row.parts, start=1)
        for remark in item_remarks(own.type, own.stem, own.options, own.key)
    ]
    empty = not row.stem.strip() and not any(own.stem.strip() for own in row.parts)
    return render(request, "bank/item_preview.html", {"shown": None if empty else shown(row), "remarks": remarks})
