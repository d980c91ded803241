"""A candidate's own pages: applying, ticket, result, score check, certificate."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.applications.acts import applying, withdrawing
from assay.applications.acts.correcting import correct_person, correctable_by
from assay.applications.eligibility import Unsound
from assay.applications.forms import PersonForm
from assay.applications.models import ENDED, UNDECIDED, Application, Person
from assay.batches.acts import is_open_today
from assay.batches.models import Batch, BatchLine
from assay.batches.stages import Stage
from assay.centre.actors import account, actor
from assay.centre.editing import read_only
from assay.kernel.access import candidates
from assay.kernel.acts import Actor, why_not
from assay.kernel.bodies import PAPERS, takes
from assay.kernel.clock import day_of
from assay.kernel.given import whole
from assay.kernel.meanwhile import require_as_shown, told
from assay.kernel.photos import made_fit
from assay.kernel.refusals import Refused
from assay.portal import kept_files
from assay.portal.forms import FILES, ApplyForm, CheckForm
from assay.portal.kept_files import upload_of
from assay.portal.own_applications import OwnApplication, applications_of, as_seen_by
from assay.results.acts.outcomes import ask_check
from assay.results.models import Result
from assay.results.windows import last_check_day, said_of_calendar

"""States of an application that keep nobody from another one in the same batch."""


def _person(request: HttpRequest) -> Person:
    return get_object_or_404(Person, account=account(request))


@require_safe
@candidates
def home(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    applications = list(applications_of(person).order_by("-pk"))
    taken = {a.batch_id for a in applications if a.state not in ENDED}  # what was begun goes on where it stands
    context = {
        "title": f"{person.name}，您好",
        "applications": as_seen_by(actor(request), applications),
        "open_batches": [
            b for b in Batch.objects.taking_applications().order_by("-pk") if is_open_today(b) and b.pk not in taken
        ],
    }
    return render(request, "portal/my.html", context)


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
    shut = why_not(correct_person, who, person)
    if shut is not None:
        read_only(form)
    context = {
        "title": "个人信息",
        "form": form,
        "shut": shut,
        "row": person,
        "back": "/my/",
        "lead": "" if shut else "姓名、证件号码和学号有误，请到院系更正。",
    }
    return render(request, "kernel/form_page.html", context)


@require_http_methods(["GET", "POST"])
@candidates
@takes(PAPERS)
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a job, fill in and hand in an application, photo and evidence with it; what is wrong is said at the form. Who has
    applied already sees where that stands."""
    person, batch = _person(request), get_object_or_404(Batch, pk=pk)
    known = applications_of(person).filter(batch=batch).exclude(state__in=ENDED).first()
    if known is not None and known.state not in applying.OPEN_STATES:
        return _applied(request, known)
    if batch.stage not in (Stage.APPLY, Stage.REVIEW):
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
        "title": f"报名：{batch.name}", "form": form, "person": person, "line": line,
        "whose": f"{person.name}（{person.id_masked}）{_where(person)}。",
        "sent_back": known if known is not None and known.state == Application.State.RETURNED else None,
        "lines": batch.lines.select_related("scope_row__occupation", "level"),
    }  # fmt: skip
    return render(request, "portal/apply.html", context)


def _where(person: Person) -> str:
    """Department and class, as far as they are known."""
    known = " ".join(filter(None, [str(person.department or ""), person.class_name]))
    return f"，{known}" if known else ""


def _applied(request: HttpRequest, known: Application) -> HttpResponse:
    """Where the one application in a batch stands, and what may still be done with it."""
    [one] = as_seen_by(actor(request), [known])
    context = {
        "title": f"报名：{known.batch.name}",
        "one": one,
        "said": f"您在本批次已有报名，不用再报。{what_may_change(one)}",
        "details_open": one.withdraw.open and known.state in UNDECIDED,
    }
    return render(request, "portal/applied.html", context)


def what_may_change(one: OwnApplication) -> str:
    """How a candidate puts right what was handed in, while it may be taken back; afterwards nothing."""
    if not one.withdraw.open:
        return ""
    batch = one.application.batch
    if is_open_today(batch):
        last = f"{batch.apply_to.month}月{batch.apply_to.day}日"
        return f"要改所报的工种、条件或材料：先撤回，再重新报名，{last} 截止。"
    return "报名已经截止，撤回后不能再报；所填内容有误的，请系部退回，由您改正后重新提交。"


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
            form.lacks_details = _lacks_details(actor(request), person, refused)
        else:
            return True
    if not _stays(request):
        kept_files.keep(request, form.line.batch)
        form.pick_again(kept_files.names(request, form.line.batch))
    return False


def _lacks_details(who: Actor, person: Person, refused: Refused) -> bool:
    """Whether something of what is wrong is a fact that the candidate may put right in the own details now."""
    facts = {problem.fact for problem in refused.problems} if isinstance(refused, Unsound) else set()
    return not facts.isdisjoint(correctable_by(who)) and why_not(correct_person, who, person) is None


def _stays(request: HttpRequest) -> bool:
    """Whether the page sent its form by itself and keeps the files that were chosen (`keep_files.js`)."""
    return "X-Keep-Files" in request.headers


def _on_to(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponse(status=204, headers={"X-Next": url}) if _stays(request) else redirect(url)


def _initial(known: Application | None) -> dict[str, object]:
    if known is None:
        return {}
    return {
        "condition": known.condition_id, "work_years": known.work_years,
        "prior_certificate": known.prior_certificate, **known.route_facts,
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
    withdrawing.withdraw(actor(request), [application], reason="考生本人撤回")
    messages.success(request, "已撤回。")
    return redirect("portal:home")


@require_http_methods(["GET", "POST"])
@candidates
def score_check(request: HttpRequest, pk: int) -> HttpResponse:
    result = get_object_or_404(Result, pk=pk, application__person=_person(request), released_at__isnull=False)
    against = why_not(ask_check, actor(request), result)
    if against is not None:
        messages.error(request, f"{against.message}。")
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
    counted = said_of_calendar(day_of(result.released_at), last)
    context = {
        "title": "申请成绩复核", "form": form, "submit": "提交申请", "back": "/my/",
        "lead": f"{result.application.line}。申请到 {last.year}年{last.month}月{last.day}日止{counted}，每科一次。"
        "理论由系统按您的答卷重判，技能和评审由未参加评分的考评员按评分记录重评，另一人确认后答复。",
    }  # fmt: skip
    return render(request, "kernel/form_page.html", context)
