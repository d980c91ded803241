"""Pages of items: the list, one item with its editor and preview, its life, who may see it."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.bank.exchange.importing import near_items
from assay.bank.forms import ItemForm
from assay.bank.models import UNDER_REVIEW, EnemyGroup, Item, Specification
from assay.bank.promise import ask_to_promise, back_to, promised
from assay.bank.queries import (
    REVIEWING,
    closed_items,
    last_said,
    on_a_closed_paper,
    reviewable_by,
    sees_every_item,
    visible_to,
)  # fmt: skip
from assay.bank.showing import row_of, shown
from assay.bank.states import RemarkKind
from assay.bank.writing import case_views
from assay.bank.writing.acts import items as items_acts
from assay.bank.writing.acts import life
from assay.bank.writing.acts.items import SECRECY
from assay.bank.writing.forms import REVIEWS, ItemsStepForm, ItemStepForm, Step
from assay.bank.writing.task_forms import TaskForm
from assay.centre.actors import actor
from assay.interchange import export
from assay.items.content import markup
from assay.items.rules import item_remarks
from assay.kernel import clock, files
from assay.kernel.access import duties
from assay.kernel.acts import Actor, why_not_each
from assay.kernel.bodies import PAPERS, takes
from assay.kernel.documents.response import from_outside
from assay.kernel.given import whole
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.many_numbers import among
from assay.kernel.meanwhile import told
from assay.kernel.models import StoredFile
from assay.kernel.offers import Offer, offer
from assay.kernel.refusals import Refused, together

BEFORE_ITEMS = "查看和编写试题之前，请先签署本年度的保密承诺。"


def _state(item: Item) -> str:
    """A draft that came back says so until it is handed over again."""
    back = item.is_draft and item.last == RemarkKind.RETURNED  # type: ignore[attr-defined]
    return "草稿（被退回）" if back else item.get_state_display()


def _in_state(value: str) -> Q:
    return Q(state__in=UNDER_REVIEW if value == REVIEWING else [value])


def _named(text: str, items: QuerySet[Item], closed: Container[int]) -> Q:
    """The words of the stem, or the number that papers, hints and the ledger name an item by. Stems are deciphered and compared;
    of closed items none, or asking would tell what they say. Read in one go: a cursor of the server's takes a third longer."""
    wanted, stems = text.lower(), items.order_by().values_list("pk", "stem")
    found = [pk for pk, stem in stems if wanted in stem.lower() and pk not in closed]
    number = whole(text)
    return Q(pk__in=among(found if number is None else [*found, number]))


def _first_line(item: Item, closed: Container[int]) -> str:
    if item.pk in closed:
        return f"试题 {item.pk}（在封存的试卷上，考完之前不显示）"
    title = f"{item.sheet['title']}：" if item.sheet else ""
    return (title + markup.plain(markup.parse(item.stem)).replace("\n", " "))[:60]


@require_GET
@duties("X4", "R4")
def items(request: HttpRequest, pk: int) -> HttpResponse:
    """The items that whoever asks may see: an expert the own ones and those under review, the experts' head all."""
    if not promised(request):
        return ask_to_promise(request, BEFORE_ITEMS)
    specification = get_object_or_404(Specification, pk=pk)
    who = actor(request)
    points = [(p.pk, str(p)) for p in specification.points.order_by("code")]
    closed = closed_items(specification)
    listing = Listing(
        request,
        visible_to(who, specification.items.filter(case=None))
        .annotate(last=last_said())
        .select_related("point", "author")
        .defer("options", "premises", "key", "explanation", "reference"),
        [
            Column("题干", lambda i: _first_line(i, closed), in_file=False),
            Column("编号", lambda i: i.pk, "pk"),
            Column("题型", lambda i: i.get_type_display(), "type"),
            Column("鉴定点", lambda i: str(i.point) if i.point else "待归点", "point__code"),
            Column("难度", lambda i: i.difficulty, "difficulty"),
            Column("命题人", lambda i: i.author.name if i.author else "--"),
            Column("使用次数", lambda i: i.exposure, "exposure"),
            Column("状态", _state, "state"),
        ],
        filters=[
            Filter("type", "题型", Item.TYPES, "type"),
            Filter("state", "状态", [(REVIEWING, "在审"), *Item.State.choices], _in_state),
            Filter("point", "鉴定点", points, "point"),
        ],
        finds=lambda text, rows: _named(text, rows, closed),
        search_hint="题干或编号",
        order="point__code",
        name="试题",
        empty="还没有您可以看的试题，请新增或导入。",
        row_url=lambda i: reverse("bank:item", args=[i.pk]),
        selectable=True,
    )
    context = {
        "title": f"试题：{specification}",
        "specification": specification,
        "exporting": _exporting(who, specification),
        "points": points,
        "export_formats": export.FORMATS.items(),
    }
    return listing.respond("bank/items.html", context)


def _exporting(who: Actor, specification: Specification) -> Offer | None:
    """None of tasks of operation skill: no other program takes them in."""
    if specification.is_skill:
        return None
    url = reverse("bank:export", args=[specification.pk])
    return offer(who, items_acts.export_items, specification, title="导出在用试题", url=url, main=False)


@require_http_methods(["GET", "POST"])
@duties("X4", "R4")
@takes(PAPERS)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    specification = get_object_or_404(Specification, pk=pk)
    if not promised(request):
        return ask_to_promise(request, BEFORE_ITEMS)
    initial = {"point": request.GET.get("point", "")}
    form = _form_of(specification)(specification, request.POST or None, request.FILES or None, initial=initial)
    return _editor(request, specification, None, form)


@require_http_methods(["GET", "POST"])
@duties("X4", "R4")
@takes(case_views.CASE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an item anew; it becomes a draft and is reviewed again."""
    if not promised(request):
        return ask_to_promise(request, BEFORE_ITEMS)
    found = _seen(actor(request), pk)
    if on_a_closed_paper(found):
        raise Refused("本题在已封存、尚未开考的试卷上，考完之前任何人不能查看", "工作方案 三(一)2(1)⑪")
    if request.method == "GET" and (found.is_in_use or found.is_retired):
        items_acts.read_item(actor(request), found, "修改")
    specification = found.specification
    if found.type == "case":
        return case_views.editor(request, specification, found)
    kind = _form_of(specification)
    form = kind(specification, request.POST or None, request.FILES or None, initial=kind.values_of(found))
    return _editor(request, specification, found, form)


def _form_of(specification: Specification) -> type[ItemForm] | type[TaskForm]:
    """Operation-skill tasks are written on a form of their own."""
    return TaskForm if specification.is_skill else ItemForm


def _editor(
    request: HttpRequest, specification: Specification, found: Item | None, form: ItemForm | TaskForm
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        row, pictures = form.row()
        try:
            saved = items_acts.save_item(actor(request), found, row, specification, pictures=pictures)
        except Refused as refused:
            kind, kept = type(form), Item.objects.filter(pk=found.pk if found else 0)
            form = told(form, refused, lambda: kind(specification, initial=kind.values_of(kept.get())))
        else:
            messages.success(request, "试题已保存为草稿；检查预览无误后可以提交审题。")
            return redirect("bank:item", pk=saved.pk)
    context = {
        "title": f"修改试题 {found.pk}" if found else "新增试题",
        "form": form,
        "item": found,
        "specification": specification,
        "returned": found.remarks.filter(kind=RemarkKind.RETURNED, version=found.version).last() if found else None,
        "preview": reverse("bank:item_preview", args=[specification.pk]),
    }
    page = "bank/task_edit.html" if isinstance(form, TaskForm) else "bank/item_edit.html"
    return render(request, page, context)


@require_POST
@duties("X4", "R4")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What is being written, as a candidate will see it, and what is still wrong with it."""
    specification = get_object_or_404(Specification, pk=pk)
    form = _form_of(specification)(specification, request.POST)
    form.is_valid()
    row, _ = form.row() if "stem" in form.cleaned_data else (None, {})
    context = {
        "shown": shown(row) if row else None,
        "remarks": item_remarks(row.type, row.stem, row.options, row.key) if row else [],
    }
    return render(request, "bank/item_preview.html", context)


@require_GET
@duties("X4", "R4")
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """An item: as candidates see it, its key, its life. Opening one in use is written down."""
    if not promised(request):
        return ask_to_promise(request, BEFORE_ITEMS)
    who = actor(request)
    found = _seen(who, pk)
    is_closed = on_a_closed_paper(found)
    if (found.is_in_use or found.is_retired) and not is_closed:
        items_acts.read_item(who, found, "查看")
    row, steps = row_of(found), _steps(who, found)
    near = near_items(found) if found.is_draft or steps["reviewing"].open else []
    context = {
        "title": f"试题 {found.pk}（第 {found.version} 版）",
        "item": found,
        "specification": found.specification,
        "closed": is_closed,
        "shown": None if is_closed else shown(row),
        "remarks": [
            *(f"请留意：与试题 {number} 相近（{overlap:.0%}），请确认不是同一题。" for number, overlap in near),
            *item_remarks(row.type, row.stem, row.options, row.key),
        ],
        "history": found.remarks.select_related("by"),
        "versions": found.versions.select_related("author"),
        "readings": found.readings.select_related("account")[:20] if sees_every_item(who) else [],
        **steps,
    }
    return render(request, "bank/item.html", context)


_PASSES: dict[str, str] = {Item.State.FIRST_REVIEW: "初审通过", Item.State.SECOND_REVIEW: "终审通过，列为在用"}


def _steps(who: Actor, found: Item) -> dict[str, Offer]:
    """What can be done with an item; all but writing it anew goes by one form of its page, whose buttons say which."""

    def step(deed: Callable[..., Any], title: str) -> Offer:
        return offer(who, deed, found, title=title, url=reverse("bank:item_act", args=[found.pk]))

    page = reverse("bank:item_edit", args=[found.pk])
    return {
        "editing": offer(who, items_acts.save_item, found, title="修改", url=page, main=False, page=True),
        "submitting": step(life.submit, "提交审题"),
        "discarding": step(life.discard, "删除草稿"),
        "reviewing": step(life.review, _PASSES.get(found.state, "")),
        "retiring": step(life.retire, "恢复使用" if found.is_retired else "停用"),
    }


def _seen(who: Actor, pk: int) -> Item:
    found = get_object_or_404(
        Item.objects.select_related("point", "specification", "author", "reviewer").filter(case=None), pk=pk
    )
    if not visible_to(who, Item.objects.filter(pk=pk)).exists():
        raise Refused(
            "已在用或停用的试题（包括您自己编写的）按保密规定只有专家考评组负责人可以查阅", "工作方案 三(一)2(1)⑪"
        )
    return found


@require_POST
@duties("X4", "R4")
def act_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit, throw away, pass, send back, retire, restore or comment on one item."""
    found, who = _seen(actor(request), pk), actor(request)
    given = ItemStepForm.read(request)
    step, text = given["step"], given["text"]
    if step == Step.SUBMIT:
        life.submit(who, [found])
        messages.success(request, "已提交审题。")
    elif step == Step.DISCARD:
        life.discard(who, [found])
        messages.success(request, f"草稿试题 {pk} 已删除。")
    elif step in REVIEWS:
        life.review(who, [found], passes=step == Step.PASS, text=text)
        messages.success(request, f"试题 {pk} " + ("已通过。" if step == Step.PASS else "已退回命题人修改。"))
    elif step in (Step.RETIRE, Step.RESTORE):
        settled = life.retire(who, found, text)
        messages.success(request, "已停用。" if settled.is_retired else "已恢复使用。")
    else:
        items_acts.comment(who, found, text)
        messages.success(request, "意见已记下。")
    return _next(who, found) if step in REVIEWS else _back(who, found)


def _back(who: Actor, found: Item) -> HttpResponse:
    """To the item, while whoever acted may see it, else to the list."""
    after = visible_to(who, Item.objects.filter(pk=found.pk)).exists()
    return redirect("bank:item", pk=found.pk) if after else redirect("bank:items", pk=found.specification_id)


def _next(who: Actor, found: Item) -> HttpResponse:
    """To the next item that waits for this reviewer; after the last one, back."""
    waiting = reviewable_by(who.account_id).filter(specification=found.specification_id).order_by("pk")
    after = waiting.filter(pk__gt=found.pk).first() or waiting.exclude(pk=found.pk).first()
    return redirect("bank:item", pk=after.pk) if after else _back(who, found)


@require_POST
@duties("X4", "R4")
def act_on_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit, throw away or pass the ticked items, hang them on a point, or say that they must not meet on a paper."""
    specification, who = get_object_or_404(Specification, pk=pk), actor(request)
    given = ItemsStepForm.read(request, specification)
    found: Sequence[Item] = list(visible_to(who, specification.items.filter(pk__in=given["chosen"], case=None)))
    if not found:
        raise Refused("请先勾选试题")
    step = given["step"]
    if step == Step.SUBMIT:
        done = f"已提交 {len(life.submit(who, found))} 题审题。"
    elif step == Step.POINT:
        done = f"已把 {len(items_acts.assign_point(who, found, given['point']))} 题归到 {given['point']}。"
    elif step == Step.PASS:
        done = _pass(request, who, found)
    elif step == Step.DISCARD:
        done = f"已删除 {life.discard(who, found)} 题草稿。"
    else:
        items_acts.save_enemies(who, specification, given["title"], found)
        done = f"{len(found)} 题已设为相近题组，不会出现在同一份试卷上。"
    messages.success(request, done)
    return redirect("bank:items", pk=pk)


def _pass(request: HttpRequest, who: Actor, found: Sequence[Item]) -> str:
    """Pass those that whoever asks may pass; of the others it is said why not."""
    against = why_not_each(life.review, who, found)
    left = [refused for refused in against.values() if refused is not None]
    mine_to_pass = [one for one in found if against[one.pk] is None]
    if not mine_to_pass:
        raise together(left)
    passed = life.review(who, mine_to_pass, passes=True)
    if left:
        messages.warning(request, f"{len(left)} 题没有动：{together(left).message}")
    done = sum(one.is_in_use for one in passed)
    return f"已通过 {len(passed)} 题：{len(passed) - done} 题转待终审，{done} 题终审通过，列为在用。"


@require_POST
@duties("X4")
def remove_enemies(request: HttpRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(EnemyGroup, pk=pk)
    items_acts.remove_enemies(actor(request), group)
    messages.success(request, "相近题组已取消。")
    return redirect("bank:specification", pk=group.specification_id)


@require_http_methods(["GET", "POST"])
@duties("X4", "R4", "E7", "Q4")
def secrecy(request: HttpRequest) -> HttpResponse:
    """The promise of secrecy for this year."""
    if request.method == "POST":
        if "agree" not in request.POST:
            raise Refused("请勾选“我已阅读并承诺”")
        items_acts.sign_secrecy(actor(request))
        messages.success(request, "保密承诺已签署并记入台账。")
        return redirect(
            back_to(request) or ("bank:specifications" if actor(request).holds("X4", "R4") else "bank:papers")
        )
    context = {"title": "试题保密承诺", "text": SECRECY, "year": clock.today().year, "promised": promised(request)}
    return render(request, "bank/secrecy.html", context)


@require_GET
@duties("X4", "R4", "E7")
def picture(request: HttpRequest, digest: str) -> HttpResponse:
    """A picture of an item, to who may work with items."""
    kept = get_object_or_404(StoredFile, sha256=digest)
    shows = Item.objects.filter(Q(image=digest) | Q(pictures__contains=digest))
    if not shows.exists():
        raise Http404
    return from_outside(files.read(digest), kept.content_type)
