"""Pages of items: the list of a specification, one item, import from Excel."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.bank import acts, workbook
from assay.bank.forms import ItemForm, ItemsFileForm
from assay.bank.models import Item, Specification
from assay.bank.views import workbook_response
from assay.centre.actors import actor
from assay.kernel.access import duties
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.refusals import Refused
from assay.kernel.tables import Problem


@require_GET
@duties("X4", "R4")
def items(request: HttpRequest, pk: int) -> HttpResponse:
    specification = get_object_or_404(Specification, pk=pk)
    points = [(p.pk, str(p)) for p in specification.points.order_by("code")]
    listing = Listing(
        request,
        Item.objects.filter(point__specification=specification).select_related("point"),
        [
            Column("题干", lambda i: i.stem[:60], "stem"),
            Column("题型", lambda i: i.get_type_display(), "type"),
            Column("鉴定点", lambda i: str(i.point), "point__code"),
            Column("难度", lambda i: i.difficulty, "difficulty"),
            Column("使用次数", lambda i: i.exposure, "exposure"),
            Column("状态", lambda i: i.get_state_display(), "state"),
        ],
        filters=[
            Filter("type", "题型", Item.TYPES, "type"),
            Filter("state", "状态", Item.STATES, "state"),
            Filter("point", "鉴定点", points, "point"),
        ],
        search=("stem",),
        search_hint="题干",
        order="point__code",
        name="试题",
        empty="还没有试题，请导入或新增。",
        row_url=lambda i: reverse("bank:item", args=[i.pk]),
    )
    return listing.respond("bank/items.html", {"title": f"试题：{specification}", "specification": specification})


@require_http_methods(["GET", "POST"])
@duties("X4", "R4")
def add(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(Specification, pk=pk), None)


@require_http_methods(["GET", "POST"])
@duties("X4", "R4")
def item(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Item.objects.select_related("point__specification"), pk=pk)
    return _form(request, found.point.specification, found)


def _form(request: HttpRequest, specification: Specification, found: Item | None) -> HttpResponse:
    initial = ItemForm.values_of(found) if found else {"point": request.GET.get("point", "")}
    form = ItemForm(specification, request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.save_item(actor(request), found, form.row(), specification)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, "试题已保存。")
            return redirect("bank:items", pk=specification.pk)
    context = {
        "title": f"试题 {found.pk}（第 {found.version} 版）" if found else "新增试题",
        "form": form,
        "item": found,
        "specification": specification,
        "may_retire": found is not None and actor(request).holds("X4"),
    }
    return render(request, "bank/item.html", context)


@require_POST
@duties("X4")
def set_state(request: HttpRequest, pk: int) -> HttpResponse:
    found = acts.set_item_state(actor(request), get_object_or_404(Item, pk=pk), request.POST.get("state", ""))
    messages.success(request, f"试题{found.get_state_display()}。")
    return redirect("bank:item", pk=pk)


@require_http_methods(["GET", "POST"])
@duties("X4", "R4")
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Import a file of items; all problems at once, and then nothing is written."""
    specification = get_object_or_404(Specification, pk=pk)
    form = ItemsFileForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        file, images = form.cleaned_data["file"], form.cleaned_data["images"]
        found = workbook.read_items(file.name, file.read(), specification, images.read() if images else None)
        problems = found.problems
        if not problems and "check" in request.POST:
            messages.success(request, f"核对 {found.items} 题，没有问题，可以导入。")
        elif not problems:
            made = acts.import_items(actor(request), specification, found.rows)
            messages.success(request, f"已导入 {len(made)} 题。")
            return redirect("bank:specification", pk=pk)
    template = reverse("bank:items_template", args=[pk])
    context = {
        "title": f"导入试题：{specification}", "form": form, "problems": problems, "template": template, "checkable": True,
    }  # fmt: skip
    return render(request, "bank/upload.html", context, status=422 if problems else 200)


@require_GET
@duties("X4", "R4")
def template(request: HttpRequest, pk: int) -> HttpResponse:
    specification = get_object_or_404(Specification, pk=pk)
    return workbook_response(workbook.template(specification), f"试题模板_{specification.title}")
