"""Pages of specifications: the list, one with its coverage, making and updating one from Excel."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from assay.bank.forms import FileForm, SpecificationForm
from assay.bank.models import Specification
from assay.bank.specifications import acts, coverage
from assay.bank.specifications import book as specification_book
from assay.catalogue.models import Level
from assay.centre.actors import actor
from assay.kernel.access import duties
from assay.kernel.bodies import TABLE, takes
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.tables import Problem

READERS = ("X4", "R4", "E7", "X1")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@duties(*READERS)
def specifications(request: HttpRequest) -> HttpResponse:
    rows = Specification.objects.select_related("occupation", "level").annotate(
        point_count=Count("points", distinct=True),
        item_count=Count("items", filter=Q(items__state="in_use", items__case=None), distinct=True),
        sealed=Count("papers", filter=Q(papers__state="sealed"), distinct=True),
    )
    listing = Listing(
        request,
        rows,
        [
            Column("名称", lambda s: s.title, "title"),
            Column("职业", lambda s: str(s.occupation), "occupation__code"),
            Column("工种", lambda s: s.job or "--"),
            Column("等级", lambda s: str(s.level)),
            Column("部分", lambda s: s.get_part_display(), "part"),
            Column("鉴定点", lambda s: s.point_count),
            Column("在用试题", lambda s: s.item_count, "item_count"),
            Column("封存试卷", lambda s: s.sealed),
        ],
        filters=[Filter("level", "等级", list(Level.objects.values_list("pk", "title")), "level")],
        search=("title", "occupation__name", "job"),
        order="occupation__code",
        name="题库",
        empty="还没有细目表。由专家组新建细目表后，按鉴定点导入试题。",
        row_url=lambda s: reverse("bank:specification", args=[s.pk]),
    )
    context = {"title": "题库", "may_make": actor(request).holds("X4")}
    return listing.respond("bank/specifications.html", context)


@require_GET
@duties(*READERS)
def specification(request: HttpRequest, pk: int) -> HttpResponse:
    """Ranges with their weights, points with how many items hang on each: where the bank is thin."""
    found = get_object_or_404(Specification.objects.select_related("occupation", "level"), pk=pk)
    ranges, figures = coverage.of(found)
    context = {
        "title": found.title,
        "specification": found,
        "ranges": ranges,
        "figures": figures,
        "wanted": coverage.WANTED,
        "groups": found.enemy_groups.prefetch_related("items"),
        "may_edit": actor(request).holds("X4"),
        "skill": found.part == "skill",
        "may_import": actor(request).holds("X4", "R4"),
    }
    return render(request, "bank/specification.html", context)


@require_http_methods(["GET", "POST"])
@duties("X4")
@takes(TABLE)
def create(request: HttpRequest) -> HttpResponse:
    form = SpecificationForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        name, content = given["file"].name, given["file"].read()
        rows, problems = specification_book.read(name, content, given["part"])
        if not problems:
            made = acts.install_specification(
                actor(request), occupation=given["occupation"], job=given["job"], level=given["level"],
                part=given["part"], title=given["title"], rows=rows,
            )  # fmt: skip
            messages.success(request, f"“{made}”已建立，可以导入试题了。")
            _warn(request, specification_book.doubts(name, content, made))
            return redirect("bank:specification", pk=made.pk)
    context = {
        "title": "新建细目表",
        "form": form,
        "problems": problems,
        "template": reverse("bank:specification_example"),
        "national_template": reverse("bank:specification_example_national"),
    }
    return render(request, "bank/upload.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "POST"])
@duties("X4")
@takes(TABLE)
def update(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a specification up to date from its table."""
    found = get_object_or_404(Specification, pk=pk)
    form = FileForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        name, content = form.cleaned_data["file"].name, form.cleaned_data["file"].read()
        rows, problems = specification_book.read(name, content, found.part)
        if not problems:
            acts.install_specification(
                actor(request), occupation=found.occupation, job=found.job, level=found.level, part=found.part,
                title=found.title, rows=rows, is_demo=found.is_demo,
            )  # fmt: skip
            messages.success(request, "细目表已更新。")
            _warn(request, specification_book.doubts(name, content, found))
            return redirect("bank:specification", pk=pk)
    context = {
        "title": f"更新：{found}",
        "form": form,
        "problems": problems,
        "template": reverse("bank:specification_table", args=[pk]),
        "national_template": reverse("bank:specification_table_national", args=[pk]),
    }
    return render(request, "bank/upload.html", context, status=422 if problems else 200)


def _warn(request: HttpRequest, doubts: list[str]) -> None:
    for doubt in doubts:
        messages.warning(request, doubt)


@require_GET
@duties("X4", "R4")
def example(request: HttpRequest) -> HttpResponse:
    return workbook_response(specification_book.write(None), "细目表示例")


@require_GET
@duties("X4", "R4")
def table(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Specification, pk=pk)
    return workbook_response(specification_book.write(found), found.title)


@require_GET
@duties("X4", "R4")
def example_national(request: HttpRequest) -> HttpResponse:
    return workbook_response(specification_book.write_national(None), "鉴定要素细目表示例")


@require_GET
@duties("X4", "R4")
def table_national(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Specification.objects.select_related("occupation", "level"), pk=pk)
    return workbook_response(specification_book.write_national(found), f"{found.title}（国家题库形式）")


def workbook_response(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return response
