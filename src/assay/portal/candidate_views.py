"""A candidate's own pages: applying, ticket, result, score check, certificate."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.applications.acts import applying
from assay.applications.acts.correcting import correct_person, correctable_by
from assay.applications.forms import PersonForm
from assay.applications.models import Application, Person
from assay.batches.acts import is_open_today
from assay.batches.models import Batch, BatchLine
from assay.centre.actors import account, actor
from assay.kernel.access import candidates
from assay.kernel.bodies import PAPERS, takes
from assay.kernel.clock import today
from assay.kernel.given import whole
from assay.kernel.meanwhile import require_as_shown, told
from assay.kernel.photos import made_fit
from assay.kernel.refusals import Refused
from assay.portal import kept_files
from assay.portal.forms import FILES, ApplyForm, CheckForm
from assay.portal.kept_files import upload_of
from assay.results.acts.outcomes import ask_check
from assay.results.models import Result
from assay.results.windows import check_is_open, last_check_day


def _person(request: HttpRequest) -> Person:
    return get_object_or_404(Person, account=account(request))


@require_safe
@candidates
def home(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    applications = list(_own(person).order_by("-pk"))
    taken = {a.batch_id for a in applications if a.state not in ("withdrawn", "rejected", "returned", "draft")}
    today_ = today()
    open_batches = [
        b
        for b in Batch.objects.filter(stage="apply", apply_from__lte=today_, apply_to__gte=today_).order_by("-pk")
        if b.pk not in taken
    ]
    context = {
        "title": f"{person.name}，您好",
        "person": person,
        "applications": applications,
        "open_batches": open_batches,
        "checkable": _checkable(applications),
    }
    return render(request, "portal/my.html", context)


def _own(person: Person) -> QuerySet[Application]:
    """The candidate's applications with what a card says of them."""
    near = ("batch", "line__scope_row__occupation", "line__level", "ticket", "result__batch", "certificate")
    return person.applications.select_related(*near).prefetch_related(
        "seatings__session_room__session", "seatings__session_room__room", "result__checks", "theory_sheets"
    )


def _checkable(applications: Sequence[Application]) -> set[int]:
    """The results of which a check may be asked for today."""
    return {a.result.pk for a in applications if hasattr(a, "result") and check_is_open(a.result)}


@require_http_methods(["GET", "POST"])
@candidates
def my_details(request: HttpRequest) -> HttpResponse:
    """The candidate's own details, to be put right while nobody has decided over them."""
    person = _person(request)
    who = actor(request)
    correctable = correctable_by(who)
    form = PersonForm(person, request.POST or None, correctable=correctable)

    def anew() -> PersonForm:
        return PersonForm(_person(request), correctable=correctable)

    if request.method == "POST" and form.is_valid():
        try:
            require_as_shown(form, anew)
            correct_person(who, person, form.changes())
        except Refused as refused:
            form = told(form, refused, anew)
        else:
            messages.success(request, "个人信息已更正。退回的报名请再打开一次，核对后提交。")
            return redirect("portal:home")
    context = {
        "title": "个人信息",
        "form": form,
        "row": person,
        "back": "/my/",
        "lead": "姓名、证件号码和学号有误，请到院系更正。",
    }
    return render(request, "kernel/form_page.html", context)


@require_http_methods(["GET", "POST"])
@candidates
@takes(PAPERS)
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a job, fill in and hand in an application, photo and evidence with it; what is wrong is said at the form. Who has
    applied already sees where that stands."""
    person, batch = _person(request), get_object_or_404(Batch, pk=pk)
    known = _own(person).filter(batch=batch).exclude(state__in=["withdrawn", "rejected"]).first()
    if known is not None and known.state not in applying.OPEN_STATES:
        return _applied(request, known)
    if batch.stage not in ("apply", "review"):
        raise Http404(batch.code)
    applying.require_open_for(batch, known)
    line = _line(request, batch, known)
    form = None
    if line is not None:
        kept = kept_files.names(request, batch)
        form = ApplyForm(line, request.POST or None, request.FILES or None, initial=_initial(known), kept=kept)
        if request.method == "POST" and _handed_in(request, person, form):
            messages.success(request, "已提交，等待系部初审。")
            return _on_to(request, reverse("portal:home"))
    context = {
        "title": f"报名：{batch.name}", "form": form, "batch": batch, "person": person, "known": known, "line": line,
        "lines": batch.lines.select_related("scope_row__occupation", "level"),
    }  # fmt: skip
    return render(request, "portal/apply.html", context)


def _applied(request: HttpRequest, known: Application) -> HttpResponse:
    """Where the one application in a batch stands, and what may still be done with it."""
    context = {
        "title": f"报名：{known.batch.name}",
        "a": known,
        "checkable": _checkable([known]),
        "may_apply_again": is_open_today(known.batch),
    }
    return render(request, "portal/applied.html", context)


def _line(request: HttpRequest, batch: Batch, known: Application | None) -> BatchLine | None:
    """The job and level that the form is for: the chosen one, that of what was begun, or the only one there is."""
    lines = {line.pk: line for line in batch.lines.select_related("batch", "scope_row__occupation", "level")}
    if len(lines) == 1:
        return next(iter(lines.values()))
    chosen = whole((request.POST or request.GET).get("line", "")) or (known.line_id if known else 0)
    return lines.get(chosen)


def _handed_in(request: HttpRequest, person: Person, form: ApplyForm) -> bool:
    """Whether it was; otherwise the form says why not, and which file has to be chosen again."""
    if form.is_valid():
        try:
            _hand_in(request, person, form)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            return True
    if not _stays(request):
        kept_files.keep(request, form.line.batch)
        form.pick_again(kept_files.names(request, form.line.batch))
    return False


def _stays(request: HttpRequest) -> bool:
    """Whether the page sent its form by itself and keeps the files that were chosen (`keep_files.js`)."""
    return "X-Keep-Files" in request.headers


def _on_to(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponse(status=204, headers={"X-Next": url}) if _stays(request) else redirect(url)


def _initial(known: Application | None) -> dict[str, object]:
    if known is None:
        return {}
    facts = known.route_facts
    courses = "\n".join(f"{c['name']}={c['mark']}" for c in facts.get("courses", []))
    return {
        "condition": known.condition_id, "work_years": known.work_years,
        "prior_certificate": known.prior_certificate, **facts, "courses": courses,
    }  # fmt: skip


def _hand_in(request: HttpRequest, person: Person, form: ApplyForm) -> None:
    given = form.cleaned_data
    entry = applying.Entry(
        line=form.line,
        condition=given.get("condition"),
        route_facts=form.route_facts(),
        work_years=given.get("work_years") or 0,
        prior_certificate=given.get("prior_certificate") or "",
        pledged=given["pledged"],
    )
    kept = {} if given.get("forget_kept") else kept_files.kept(request, form.line.batch)
    photo, paper = (upload_of(given[name]) or kept.get(name) for name in FILES)
    applying.hand_in(
        actor(request),
        batch=form.line.batch,
        person=person,
        entry=entry,
        photo=made_fit(photo.content) if photo else None,  # which takes its time: before anything is locked
        evidence=[paper] if paper else [],
    )
    kept_files.forget(request, form.line.batch)


@require_POST
@candidates
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    application = get_object_or_404(Application, pk=pk, person=_person(request))
    applying.withdraw(actor(request), application, reason="考生本人撤回")
    messages.success(request, "已撤回。")
    return redirect("portal:home")


@require_http_methods(["GET", "POST"])
@candidates
def score_check(request: HttpRequest, pk: int) -> HttpResponse:
    result = get_object_or_404(Result, pk=pk, application__person=_person(request), released_at__isnull=False)
    if not check_is_open(result):
        messages.error(request, "复核申请期已过，或各科目都已申请过复核。")
        return redirect("portal:home")
    form = CheckForm(
        [(part, f"{title}（{result.said(part)}）") for part, title in result.unchecked_parts()], request.POST or None
    )
    if request.method == "POST" and form.is_valid():
        try:
            ask_check(actor(request), result, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, "复核申请已提交。")
            return redirect("portal:home")
    assert result.released_at is not None
    last = last_check_day(result.released_at)
    context = {
        "title": "申请成绩复核", "form": form, "submit": "提交申请", "back": "/my/",
        "lead": f"{result.application.line}。申请到 {last.year}年{last.month}月{last.day}日止，每科一次。"
        "理论由系统按您的答卷重判，技能和评审由未参加评分的考评员按评分记录重评，另一人确认后答复。",
    }  # fmt: skip
    return render(request, "kernel/form_page.html", context)
