"""Pages of staff: the list of applications, one application, the two reviews."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.applications.acts import applying, correcting, exceptions, mending, withdrawing
from assay.applications.acts.correcting import correctable_by, why_not_correctable
from assay.applications.acts.importing import how_to_go_on, import_roster
from assay.applications.basis import applied_elsewhere, taken_by
from assay.applications.eligibility import AGREED_BY_CENTRE, Problem, application_problems
from assay.applications.forms import ApplicantForm, DecisionForm, PersonForm, WithdrawForm
from assay.applications.history import history_of
from assay.applications.leaving import what_goes_with
from assay.applications.list_views import REVIEWS, STAFF, reviews_of
from assay.applications.models import DECIDED, Applicant, Application, Person
from assay.applications.parts import EXEMPTED_BY_DEPARTMENT
from assay.batches.acts import is_open_today
from assay.batches.stages import Stage
from assay.centre.actors import account, actor
from assay.centre.editing import read_only
from assay.kernel import files
from assay.kernel.access import duties
from assay.kernel.acts import Actor, why_not
from assay.kernel.bodies import PAPERS, takes
from assay.kernel.documents.response import from_outside
from assay.kernel.meanwhile import require_as_shown, told
from assay.kernel.offers import Offer, offer
from assay.kernel.refusals import NotAllowed, Refused
from assay.kernel.security_log import exports


def visible(request: HttpRequest, pk: int) -> Application:
    """The application, unless it belongs to a department that the reader has nothing to do with."""
    rows = Application.objects.select_related(
        "batch", "person", "applicant__department", "applicant__major", "applicant__photo", "line__scope_row__occupation", "line__level",
        "condition__standard_level", "department",
    )  # fmt: skip
    if not actor(request).duties & {"E2", "E4", "E5", "L2", "Q4"}:
        rows = rows.filter(department=account(request).department)
    return get_object_or_404(rows, pk=pk)


@require_GET
@duties(*STAFF)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    application = visible(request, pk)
    who = actor(request)
    problems, reviews, offered = (
        application_problems(application),
        reviews_of(who, application),
        _offered(application, who),
    )
    way = how_to_go_on(
        problems,
        application.state,
        imports=_imports(application, who),
        agrees=offered["admit_again"].open,
        mends=offered["mend"].open,
    )
    not_handed_in = application.state in applying.OPEN_STATES and (
        application.batch.stage == Stage.APPLY or offered["mend"].open
    )
    context = {
        "title": f"{application.applicant} · {application.line}",
        "application": application,
        "taken": taken_by([application])[0],
        "elsewhere": applied_elsewhere([application])[0],
        "exemptions": application.exemptions.all(),
        "held": history_of(application).held,
        "problems": [_said_here(problem, offered) for problem in problems],
        "decisions": application.decisions.order_by("at"),
        "evidence": application.evidence.select_related("file"),
        "how_to_go_on": way if not_handed_in else "",
        "courses": application.route_facts.get("courses", []),
        "review": next((review for review in reviews if review.open), None),
        "by_others": any(review.for_others for review in reviews),
        "goes_with": what_goes_with(application) if offered["withdraw"].open else [],
        "may_come_again": is_open_today(application.batch),
        **offered,
    }
    return render(request, "applications/detail.html", context)


def _imports(application: Application, who: Actor) -> bool:
    """Whether the reader is one of those who bring in its roster."""
    own = who.holds("E5") or who.department == application.department_id
    return own and why_not(import_roster, who) is None


def _said_here(problem: Problem, offered: Mapping[str, Offer]) -> Problem:
    """A problem as somebody reads it who may do here what helps: nobody is told of others, or of another page."""
    for elsewhere, here, step in (
        (EXEMPTED_BY_DEPARTMENT, "请在本页登记免考", "exempt"), (AGREED_BY_CENTRE, "请在本页写明理由同意", "admit_again"),
    ):  # fmt: skip
        if offered[step].open:
            problem = replace(problem, text=problem.text.replace(elsewhere, here))
    return problem


def _offered(application: Application, who: Actor) -> dict[str, Offer]:
    """What can be done with an application beside its reviews."""

    def address(name: str) -> str:
        return reverse(f"applications:{name}", args=[application.pk])

    return {
        "set_parts": offer(who, exceptions.set_parts, application, title="更正考试类别", url=address("parts")),
        "exempt": offer(who, exceptions.exempt, application, title="登记免考", url=address("exempt")),
        "admit_again": offer(
            who, exceptions.admit_again, application, title="同意再次认定", url=address("admit_again")
        ),
        "withdraw": offer(
            who, withdrawing.withdraw, application, title="撤回报名", url=reverse("applications:withdraw"), main=False
        ),
        "mend": offer(who, mending.mend, application, title="补正并提交", url=address("mend"), page=True),
        "correct_person": offer(
            who, correcting.correct_person, application.person, title="更正考生信息", url=address("person"),
            main=False, page=True,
        ),
        "correct_applicant": offer(
            who, correcting.correct_applicant, application, title="更正已审核信息", url=address("applicant"),
            main=False, page=True,
        ),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@duties("R1", "E5")
def correct_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what was given of the person behind an application."""
    application = visible(request, pk)
    who = actor(request)
    correctable = correctable_by(who)
    form = PersonForm(application.person, request.POST or None, correctable=correctable)

    def anew() -> PersonForm:
        return PersonForm(Person.objects.get(pk=application.person_id), correctable=correctable)

    if request.method == "POST" and form.is_valid():
        try:
            require_as_shown(form, anew)
            correcting.correct_person(who, application.person, form.changes(), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form = told(form, refused, anew)
        else:
            messages.success(request, "考生信息已更正。")
            return redirect("applications:detail", pk=pk)
    shut = why_not(correcting.correct_person, who, application.person)
    if shut is not None:
        read_only(form)
    back = reverse("applications:detail", args=[pk])
    context = {
        "title": f"更正信息：{application.applicant}", "form": form, "back": back, "row": application.person, "shut": shut,
        **_where_reviewed_information_is_corrected(application, who),
    }  # fmt: skip
    return render(request, "kernel/form_page.html", context)


def _where_reviewed_information_is_corrected(application: Application, who: Actor) -> dict[str, object]:
    """What this page cannot change any more, another can: the way there, for whoever may go it."""
    if application.state not in DECIDED:
        return {}
    lasting = why_not_correctable(application)
    lead = f"这份报名{application.get_state_display()}，已审核的信息不在本页更正"
    if lasting:
        return {"lead": f"{lead}：{lasting}。"}
    against = why_not(correcting.correct_applicant, who, application)
    if isinstance(against, NotAllowed):
        return {"lead": f"{lead}，由认定中心办理“更正已审核信息”。"}
    if against is not None:
        return {"lead": f"{lead}。{against.message}。"}
    return {
        "lead": f"{lead}，请用“更正已审核信息”。",
        "links": [("更正已审核信息", reverse("applications:applicant", args=[application.pk]))],
    }


@require_http_methods(["GET", "POST"])
@duties("E4", "E5")
@takes(PAPERS)
def correct_applicant(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what a reviewed application says of its person."""
    application = visible(request, pk)
    title = f"更正已审核信息：{application.applicant}"
    if request.method == "GET":
        correcting.require_correctable(application)
    form = ApplicantForm(application.applicant, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            correcting.correct_applicant(
                actor(request),
                application,
                form.changes(),
                reason=form.cleaned_data["reason"],
                photo=form.photo_bytes(),
            )
        except Refused as refused:
            form = told(form, refused, lambda: ApplicantForm(Applicant.objects.get(pk=application.applicant_id)))
        else:
            messages.success(request, "已审核的考生信息已更正，更正前后的内容和原因已记入台账。")
            return redirect("applications:detail", pk=pk)
    context = {
        "title": title,
        "form": form,
        "row": application.applicant,
        "back": reverse("applications:detail", args=[pk]),
        "lead": "更正前后的内容、原因和经办人都记入台账。已经打印的准考证、名单和已发布到考试端的考生信息不会自动改变，"
        "更正后请重新打印、重新发布。",
    }
    return render(request, "kernel/form_page.html", context)


@require_POST
@duties("R1", "E2", "E4")
def decide(request: HttpRequest, step: str) -> HttpResponse:
    """Pass, return or reject the ticked applications."""
    if step not in REVIEWS:
        raise Http404(step)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Refused("请选择审核结论，意见不超过 300 字", applying.REVIEW)
    chosen = Application.objects.filter(pk__in=form.cleaned_data["chosen"])
    verdict, reason = form.cleaned_data["verdict"], form.cleaned_data["reason"]
    shown = request.POST.get("as_shown", "")
    decisions = REVIEWS[step](actor(request), chosen, verdict=verdict, reason=reason, as_shown=shown)
    messages.success(request, f"已办理 {len(decisions)} 份：{decisions[0].get_verdict_display()}")
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page that it was sent from: the list with its filters, or one application."""
    back = request.POST.get("back") or reverse("applications:list")
    return back if back.startswith("/") and not back.startswith("//") else reverse("applications:list")


@require_POST
@duties("R1", "E5")
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take the ticked applications back."""
    given = WithdrawForm.read(request)
    chosen = list(Application.objects.filter(pk__in=given["chosen"]))
    done = withdrawing.withdraw(actor(request), chosen, reason=given["reason"])
    messages.success(request, "；".join([f"已撤回 {done.count} 份报名", *done.followed]) + "。")
    return redirect(_back(request))


@require_GET
@duties(*STAFF)
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    application = visible(request, pk)
    stored = get_object_or_404(type(application).objects.filter(pk=pk, applicant__photo__isnull=False)).applicant.photo
    assert stored is not None
    return from_outside(files.read(stored.sha256), stored.content_type)


@require_GET
@duties(*STAFF)
@exports("报名证明材料")
def evidence(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = get_object_or_404(visible(request, pk).evidence.select_related("file"), pk=number)
    return from_outside(files.read(found.file_id), found.file.content_type, found.title)
