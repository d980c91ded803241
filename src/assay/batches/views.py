"""Pages of batches: the list, making and revising one, its cockpit."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.batches import acts, cockpit
from assay.batches.forms import BatchForm, LinesFormSet, lines_formset
from assay.batches.lines import taken_in
from assay.batches.models import AnnualPlan, Batch
from assay.batches.stages import ROUTE_CHOICES, STAGE_CHOICES, Stage
from assay.batches.timing import Timing
from assay.centre.actors import account, actor
from assay.centre.duty_table import Posts
from assay.centre.models import Centre
from assay.kernel import gates
from assay.kernel.access import duties, staff
from assay.kernel.acts import Actor
from assay.kernel.calendar import GUESSED
from assay.kernel.citing import with_its_basis
from assay.kernel.expected import Changed
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.meanwhile import told
from assay.kernel.offers import Offer, offer
from assay.kernel.refusals import Refused
from assay.kernel.templatetags.pieces import badge

_TONES = {Stage.CLOSED: "green", Stage.CANCELLED: "secondary"}


def _stage(batch: Batch) -> str:
    return badge(batch.get_stage_display(), _TONES.get(Stage(batch.stage), "blue"))


@require_GET
@staff
def index(request: HttpRequest) -> HttpResponse:
    rows = Batch.objects.select_related("plan").annotate(jobs=Count("lines"), people=Sum("lines__planned"))
    plans = AnnualPlan.objects.values_list("pk", "title")
    listing = Listing(
        request,
        rows,
        [
            Column("名称", lambda b: b.name, "name"),
            Column("编号", lambda b: b.code, "code"),
            Column("认定方式", lambda b: b.get_route_display(), "route"),
            Column("阶段", _stage, plain=lambda b: b.get_stage_display()),
            Column("报名", lambda b: f"{b.apply_from:%m月%d日}—{b.apply_to:%m月%d日}", "apply_to", in_file=False),
            Column("报名开始", lambda b: b.apply_from, on_page=False),
            Column("报名截止", lambda b: b.apply_to, on_page=False),
            Column(
                "考核首日", lambda b: f"{b.exam_on:%Y年%m月%d日}" if b.exam_on else "", "exam_on", lambda b: b.exam_on
            ),
            Column("工种等级", lambda b: b.jobs),
            Column("拟报人数", lambda b: b.people or 0, "people"),
        ],
        filters=[
            Filter("plan", "年度计划", list(plans), "plan"),
            Filter("stage", "阶段", STAGE_CHOICES, "stage"),
            Filter("route", "认定方式", ROUTE_CHOICES, "route"),
        ],
        search=("name", "code"),
        search_hint="名称或编号",
        order="-pk",
        name="认定批次",
        empty="还没有批次。年度计划批准后，由考务管理组制定认定计划。",
        row_url=lambda b: b.get_absolute_url(),
    )
    new = offer(actor(request), acts.create_batch, title="制定认定计划", url=reverse("batches:new"), page=True)
    context = {"title": "认定批次", "new": new}
    return listing.respond("batches/list.html", context)


@require_GET
@staff
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """The cockpit."""
    batch = get_object_or_404(Batch.objects.select_related("plan"), pk=pk)
    if batch.is_cancelled:
        return _cancelled(request, batch)
    who = actor(request)
    reader, posts = cockpit.Reader(account(request), who.duties), Posts()
    steps = cockpit.pipeline(batch)
    here = next(step for step in steps if step.stage == batch.stage)
    following = next((step for step in steps if step.state == "later"), None)
    advance = _advance_to(following, here, batch, who)
    tasks = cockpit.tasks(batch, reader, posts, advance)
    now, before = cockpit.reached_pages(batch, who.duties)
    deadlines = Timing().deadlines(batch)
    context = {
        "title": batch.name,
        "batch": batch,
        "steps": steps,
        "here": here,
        "headline": cockpit.headline(batch, here, tasks),
        "outlook": cockpit.outlook(following, tasks, may_move=advance is not None and advance.open),
        "tasks": tasks,
        "to_do": [t for t in tasks if not t.blocker.waits_for],
        "waiting": [t for t in tasks if t.blocker.waits_for],
        "beside": cockpit.todos(batch, reader, posts),
        "figures": list(gates.figures(batch.stage, batch)),
        "pages": now,
        "pages_before": before,
        "deadlines": deadlines,
        "guessed": "" if all(d.known for d in deadlines) else GUESSED,
        "lines": batch.lines.select_related("scope_row__occupation", "level"),
        "history": cockpit.history(batch),
        "advance": advance,
        "cancel": offer(who, acts.cancel, batch, title="取消批次", url=reverse("batches:cancel", args=[pk]), main=False),
        "revise": offer(
            who, acts.revise_batch, batch, title="修订计划", url=reverse("batches:edit", args=[pk]), main=False, page=True
        ),
    }  # fmt: skip
    return render(request, "batches/cockpit.html", context)


def _cancelled(request: HttpRequest, batch: Batch) -> HttpResponse:
    """What is left of a batch that was called off: its plan, why, and what was done."""
    lines = batch.lines.select_related("scope_row__occupation", "level")
    context = {"title": batch.name, "batch": batch, "lines": lines, "history": cockpit.history(batch)}
    return render(request, "batches/cancelled.html", context)


def _advance_to(following: cockpit.Step | None, here: cockpit.Step, batch: Batch, who: Actor) -> Offer | None:
    """The step from here to the stage that follows; none at the end."""
    if following is None:
        return None
    return offer(
        who, acts.advance, batch, title=f"进入“{following.title}”", url=reverse("batches:advance", args=[batch.pk]),
        confirm=f"“{here.title}”办结，进入“{following.title}”？",
    )  # fmt: skip


@require_POST
@duties("E1", "E2")
def advance(request: HttpRequest, pk: int) -> HttpResponse:
    """On to the next stage, if the batch still is what the person saw."""
    batch = get_object_or_404(Batch, pk=pk)
    moved = acts.advance(actor(request), batch)
    messages.success(request, f"“{moved}”已进入“{moved.get_stage_display()}”。")
    return redirect(moved)


@require_POST
@duties("E1")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call off a batch in which nobody is."""
    batch = acts.cancel(actor(request), get_object_or_404(Batch, pk=pk), reason=request.POST.get("reason", ""))
    messages.success(request, f"“{batch}”已取消，记录保留。")
    return redirect(batch)


@require_http_methods(["GET", "POST"])
@duties("E1")
def create(request: HttpRequest) -> HttpResponse:
    return _form_page(request, None)


@require_http_methods(["GET", "POST"])
@duties("E1")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _form_page(request, get_object_or_404(Batch, pk=pk))


def _form_page(request: HttpRequest, batch: Batch | None) -> HttpResponse:
    initial = BatchForm.values_of(batch) if batch else {"plan": AnnualPlan.objects.order_by("-year").first()}
    form = BatchForm(request.POST or None, batch=batch, initial=initial)
    lines = lines_formset(request.POST or None, batch)
    if request.method == "POST" and form.is_valid() & lines.is_valid():
        given = {**form.cleaned_data, "lines": lines.lines()}
        try:
            if batch is None:
                centre = Centre.objects.first()
                saved = acts.create_batch(actor(request), **given, is_demo=bool(centre and centre.is_demo))
            else:
                saved = acts.revise_batch(actor(request), batch, **given)
        except Refused as refused:
            form, lines = _after_refusal(refused, batch, form, lines)
        else:
            messages.success(request, f"“{saved}”已保存。")
            return redirect(saved)
    title = f"修订认定计划：{batch}" if batch else "制定认定计划"
    back = batch.get_absolute_url() if batch else reverse("batches:list")
    context = {"title": title, "form": form, "lines": lines, "batch": batch, "back": back}
    return render(request, "batches/form.html", context)


def _after_refusal(
    refused: Refused, batch: Batch | None, form: BatchForm, lines: LinesFormSet
) -> tuple[BatchForm, LinesFormSet]:
    """Both as they were sent; what somebody else changed meanwhile is taken in, the jobs too."""
    kept = Batch.objects.filter(pk=batch.pk if batch else 0).first()
    if kept is None or not isinstance(refused, Changed):
        form.add_error(None, with_its_basis(refused))
        return form, lines
    form = told(form, refused, lambda: BatchForm(batch=kept, initial=BatchForm.values_of(kept)))
    lines, conflicts = taken_in(lines, kept)
    for conflict in conflicts:
        form.add_error(None, conflict)
    return form, lines
