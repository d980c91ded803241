"""Pages of specifications: the list, one with its coverage, making and updating one from Excel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from assay.bank.forms import FileForm, SpecificationForm
from assay.bank.models import Item, Paper, Specification
from assay.bank.queries import sees_every_item
from assay.bank.specifications import acts, coverage
from assay.bank.specifications import book as specification_book
from assay.bank.writing.acts import items
from assay.bank.writing.enemy_views import removals
from assay.catalogue.models import Level
from assay.centre.actors import actor
from assay.centre.editing import PlainForm
from assay.kernel.access import duties
from assay.kernel.acts import Actor
from assay.kernel.bodies import TABLE, takes
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.offers import Offer, offer
from assay.kernel.sheet_file import xlsx_response
from assay.kernel.tables import Problem

READERS = ("X4", "R4", "E7", "X1")
UPLOADED = (
    "可以上传本系统的表（一行一个范围或鉴定点），也可以直接上传国家题库形式的鉴定要素细目表（一级、二级、三级范围和鉴定点分列）；"
    "有问题时全部不导入，一次列出每一处。"
)


@require_GET
@duties(*READERS)
def specifications(request: HttpRequest) -> HttpResponse:
    rows = Specification.objects.select_related("occupation", "level").annotate(
        point_count=Count("points", distinct=True),
        item_count=Count("items", filter=Q(items__state=Item.State.IN_USE, items__case=None), distinct=True),
        sealed=Count("papers", filter=Q(papers__state=Paper.State.SEALED), distinct=True),
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
    making = offer(
        actor(request), acts.install_specification, title="新建细目表", url=reverse("bank:create"), page=True
    )  # fmt: skip
    context = {"title": "题库", "making": making}
    return listing.respond("bank/specifications.html", context)


@require_GET
@duties(*READERS)
def specification(request: HttpRequest, pk: int) -> HttpResponse:
    """Ranges with their weights, points with how many items hang on each: where the bank is thin."""
    found = get_object_or_404(Specification.objects.select_related("occupation", "level"), pk=pk)
    ranges, figures = coverage.of(found)
    who, groups = actor(request), list(found.enemy_groups.prefetch_related("items"))
    context = {
        "title": found.title,
        "specification": found,
        "ranges": ranges,
        "figures": figures,
        "wanted": coverage.WANTED,
        "groups": groups,
        "removing": removals(who, groups),
        "opens_items": sees_every_item(who),
        "filling": _filling(who, found),
        "tending": _tending(who, found),
    }
    return render(request, "bank/specification.html", context)


def _filling(who: Actor, found: Specification) -> Offer:
    """How items come into it: tasks of operation skill are written one by one, items of theory come in files."""
    if found.is_skill:
        url = reverse("bank:item_add", args=[found.pk])
        return offer(who, items.save_item, None, title="编写操作题", url=url, page=True)
    url = reverse("bank:import", args=[found.pk])
    return offer(who, items.import_items, found, title="导入试题", url=url, page=True)


def _tending(who: Actor, found: Specification) -> list[Offer]:
    """What the experts' head does with it as a whole."""

    def page(deed: Callable[..., Any], title: str, address: str) -> Offer:
        return offer(who, deed, title=title, url=reverse(address, args=[found.pk]), main=False, page=True)

    return [
        page(items.dismiss_enemies, "相近题组", "bank:enemies"),
        page(acts.install_specification, "更新细目表", "bank:update"),
    ]


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
    return _upload_page(
        request, "新建细目表", form, problems, template=reverse("bank:specification_example"),
        national_template=reverse("bank:specification_example_national"),
    )  # fmt: skip


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
    return _upload_page(
        request, f"更新：{found}", form, problems, template=reverse("bank:specification_table", args=[pk]),
        national_template=reverse("bank:specification_table_national", args=[pk]),
    )  # fmt: skip


def _upload_page(
    request: HttpRequest, title: str, form: PlainForm, problems: list[Problem], **templates: str
) -> HttpResponse:  # fmt: skip
    """The form of a table of points, with all that is wrong in the one that came; `templates`: where tables to fill in are had."""
    context = {
        "title": title,
        "lead": UPLOADED,
        "form": form,
        "problems": problems,
        "problems_title": f"有 {len(problems)} 处问题，全部没有导入",
        **templates,
    }
    return render(request, "bank/upload.html", context, status=422 if problems else 200)


def _warn(request: HttpRequest, doubts: list[str]) -> None:
    for doubt in doubts:
        messages.warning(request, doubt)


@require_GET
@duties("X4", "R4")
def example(request: HttpRequest) -> HttpResponse:
    return xlsx_response(specification_book.write(None), "细目表示例")


@require_GET
@duties("X4", "R4")
def table(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Specification, pk=pk)
    return xlsx_response(specification_book.write(found), found.title)


@require_GET
@duties("X4", "R4")
def example_national(request: HttpRequest) -> HttpResponse:
    return xlsx_response(specification_book.write_national(None), "鉴定要素细目表示例")


@require_GET
@duties("X4", "R4")
def table_national(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Specification.objects.select_related("occupation", "level"), pk=pk)
    return xlsx_response(specification_book.write_national(found), f"{found.title}（国家题库形式）")
