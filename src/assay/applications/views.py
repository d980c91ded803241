"""Pages of staff: the list of applications, one application, the two reviews."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.applications.acts import applying, correcting, exceptions
from assay.applications.acts.correcting import correctable_by, why_not_correctable
from assay.applications.acts.importing import how_to_go_on
from assay.applications.basis import Taken, taken_by
from assay.applications.eligibility import application_problems
from assay.applications.forms import ApplicantForm, DecisionForm, PersonForm
from assay.applications.history import history_of
from assay.applications.models import DECIDED, UNDECIDED, Applicant, Application, Person
from assay.applications.people import person_index
from assay.batches.models import Batch
from assay.centre.actors import account, actor
from assay.centre.models import Account, Department
from assay.kernel import files, separation
from assay.kernel.access import duties
from assay.kernel.acts import Actor, declaration_of
from assay.kernel.bodies import PAPERS, takes
from assay.kernel.documents.response import from_outside
from assay.kernel.given import wholes
from assay.kernel.identity import ID_TYPES
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.meanwhile import require_as_shown, told
from assay.kernel.refusals import Refused
from assay.kernel.security_log import exports

STAFF = ("R1", "E2", "E4", "E5", "L2")
_REVIEWERS = {"first": {"R1", "E2"}, "centre": {"E4"}}
_ACTS = {"first": declaration_of(applying.first_review).name, "centre": declaration_of(applying.centre_review).name}
_BADGES = {"approved": "green", "returned": "orange", "rejected": "red", "withdrawn": "secondary"}


def _state(application: Application) -> str:
    colour = _BADGES.get(application.state, "blue")
    said = format_html("<span class='badge bg-{}-lt'>{}</span>", colour, application.get_state_display())
    return format_html("{}<br><span class='text-secondary'>由他人审核</span>", said) if application.by_others else said  # type: ignore[attr-defined]


def _tell_steps(applications: Sequence[Application], reader: Account, held: frozenset[str]) -> None:
    """Give each row the review that the reader may give to it, and say whether one is left to somebody else, because the reader
    had a hand in it or is concerned."""
    steps = {application.pk: _step_of(application, held) for application in applications}
    barred: set[str] = set()
    for step, act in _ACTS.items():
        pks = [pk for pk, of in steps.items() if of == step]
        barred |= separation.barred(reader.pk, reader.name, act, Application.subject(), pks)
    for application in applications:
        others = str(application.pk) in barred
        application.by_others = others  # type: ignore[attr-defined]
        application.step = None if others else steps[application.pk]  # type: ignore[attr-defined]


def _tell_parts(applications: Sequence[Application]) -> None:
    """Give each row of a page the parts it takes, on what it leaves one out with them."""
    for application, taken in zip(applications, taken_by(applications), strict=True):
        application.taken = taken  # type: ignore[attr-defined]


def _parts(taken: Sequence[Taken]) -> str:
    """In short: 新考, or what is out of the ordinary part by part: a part taken again, a part left out and on what."""
    if taken and all(one.how == "first" for one in taken):
        return dict(Application.PARTS)["first"]
    return format_html_join(
        " ",
        "<span class='badge bg-{}-lt' title='{}'>{}</span>",
        [
            ("red" if one.left_out and not one.basis else "orange" if one.left_out else "blue", str(one), _shortly(one))
            for one in taken
        ],
    )


def _shortly(taken: Taken) -> str:
    said = f"{taken.title}{dict(Application.PARTS)[taken.how]}"
    return f"{said}：没有依据" if taken.left_out and not taken.basis else said


def _step_of(application: Application, held: frozenset[str]) -> str | None:
    """The review that a holder of these duties can give to an application of the own list; None when there is none."""
    if application.batch.stage not in applying.REVIEWED_STAGES:
        return None
    return next(
        (
            step
            for step, duties in _REVIEWERS.items()
            if application.state == applying.STEP_FROM[step] and held & duties
        ),
        None,
    )


def _what_waits(rows: QuerySet[Application], held: frozenset[str]) -> dict[str, str]:
    """The filters that a page opens with: the batch that is open, if it is the only one, and the state whose turn is
    the reader's."""
    found: dict[str, str] = {}
    open_ones = list(Batch.objects.filter(stage__in=applying.REVIEWED_STAGES).values_list("pk", flat=True)[:2])
    if len(open_ones) == 1:
        found["batch"] = str(open_ones[0])
    own = "first_passed" if "E4" in held else "submitted" if "R1" in held else ""
    if own and rows.filter(batch__stage__in=applying.REVIEWED_STAGES, state=own).exists():
        found["state"] = own
    return found


def _found(text: str) -> Q:
    """By name, class, student number, or a whole ID number of whichever document."""
    return (
        Q(applicant__name__icontains=text)
        | Q(applicant__class_name__icontains=text)
        | Q(applicant__student_no__iexact=text)
        | Q(applicant__id_index__in=[person_index(id_type, text) for id_type in ID_TYPES])
    )


@require_GET
@duties(*STAFF)
def index(request: HttpRequest) -> HttpResponse:
    """All applications; a department head sees those of the own department."""
    rows = Application.objects.select_related(
        "batch", "person", "applicant__department", "line__scope_row__occupation", "line__level", "department"
    )
    held, reader = actor(request).duties, account(request)
    departments: list[tuple[int, str]] = []

    def prepare(shown: Sequence[Application]) -> None:
        _tell_parts(shown)
        _tell_steps(shown, reader, held)

    if held & {"E2", "E4", "E5", "L2", "Q4"}:
        departments = list(Department.objects.values_list("pk", "name"))
    else:
        rows = rows.filter(department=reader.department)
    filters = [
        Filter("batch", "批次", [(b.pk, b.name) for b in Batch.objects.order_by("-pk")[:50]], "batch"),
        Filter("state", "状态", Application.STATES, "state"),
    ]
    if departments:
        filters.append(Filter("department", "院系", departments, "department"))
    listing = Listing(
        request,
        rows,
        [
            Column("姓名", lambda a: a.applicant.name, "applicant__sort_key"),
            Column("证件号码", lambda a: a.applicant.id_masked),
            Column("院系", lambda a: a.department or "", "department__code"),
            Column("班级", lambda a: a.applicant.class_name, "applicant__class_name"),
            Column("批次", lambda a: a.batch),
            Column("工种等级", lambda a: a.line, "line__scope_row__no"),
            Column("考试类别", lambda a: _parts(a.taken), plain=lambda a: "，".join(map(str, a.taken))),
            Column("状态", _state, "state", plain=lambda a: a.get_state_display()),
            Column("意见", lambda a: a.reason),
        ],
        filters=filters,
        search=_found,
        search_hint="姓名、班级、学号或完整身份证号",
        order="-pk",
        name="报名名单",
        empty="没有符合条件的报名。可在“导入名册”中批量报名，考生也可自行网上报名。",
        selectable=bool(held & {"R1", "E2", "E4"}),
        tickable=lambda a: a.step is not None,
        presets=_what_waits(rows, held),
        prepare=prepare,
        row_url=lambda a: reverse("applications:detail", args=[a.pk]),
    )
    context = {
        "title": "报名与资格审核",
        "first": bool(held & {"R1", "E2"}),
        "centre_review": "E4" in held,
        "may_import": bool(held & {"R1", "E5"}),
    }
    return listing.respond("applications/list.html", context)


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
    held = actor(request).duties
    _tell_steps([application], account(request), held)
    undecided = application.state in exceptions.UNDECIDED and application.batch.stage in applying.REVIEWED_STAGES
    certificates, problems = history_of(application).held, application_problems(application)
    context = {
        "title": f"{application.applicant} · {application.line}",
        "taken": taken_by([application])[0],
        "hows": Application.PARTS,
        "exemptions": application.exemptions.all(),
        "may_except": undecided and bool(held & {"R1", "E5"}),
        "held": certificates,
        "may_admit_again": undecided and "E4" in held and bool(certificates),
        "application": application,
        "problems": problems,
        "decisions": application.decisions.order_by("at"),
        "evidence": application.evidence.select_related("file"),
        "step": application.step,  # type: ignore[attr-defined]
        "by_others": application.by_others,  # type: ignore[attr-defined]
        "may_correct": bool(held & {"R1", "E5"}) and application.state in UNDECIDED,
        "may_correct_reviewed": bool(held & {"E4", "E5"}) and why_not_correctable(application) is None,
        "not_handed_in": application.state in applying.OPEN_STATES and application.batch.stage == "apply",
        "how_to_go_on": how_to_go_on(problems),
        "courses": application.route_facts.get("courses", []),
    }
    return render(request, "applications/detail.html", context)


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
    back = reverse("applications:detail", args=[pk])
    context = {
        "title": f"更正信息：{application.applicant}", "form": form, "back": back, "row": application.person,
        **_where_reviewed_information_is_corrected(application, who),
    }  # fmt: skip
    return render(request, "kernel/form_page.html", context)


def _where_reviewed_information_is_corrected(application: Application, who: Actor) -> dict[str, object]:
    """What this page cannot change any more, another can: the way there, for whoever may go it."""
    if application.state not in DECIDED:
        return {}
    why_not = why_not_correctable(application)
    lead = f"这份报名{application.get_state_display()}，已审核的信息不在本页更正"
    if why_not:
        return {"lead": f"{lead}：{why_not}。"}
    if not who.holds("E4", "E5"):
        return {"lead": f"{lead}，由认定中心办理“更正已审核信息”。"}
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
    if step not in _REVIEWERS:
        raise Http404(step)
    form = DecisionForm(request.POST)
    back = request.POST.get("back") or reverse("applications:list")
    if not back.startswith("/") or back.startswith("//"):
        back = reverse("applications:list")
    if not form.is_valid():
        messages.error(request, "请选择审核结论")
        return redirect(back)
    chosen = Application.objects.filter(pk__in=wholes(request.POST.getlist("chosen")))
    perform = applying.first_review if step == "first" else applying.centre_review
    verdict, reason = form.cleaned_data["verdict"], form.cleaned_data["reason"]
    try:
        decisions = perform(actor(request), chosen, verdict=verdict, reason=reason)
    except Refused as refused:
        # Over the list, where the slip is mended: nothing ticked, no reason, a row that somebody else decided.
        messages.error(request, f"{refused.in_full}。没有改动任何内容。")
        return redirect(back)
    messages.success(request, f"已审核 {len(decisions)} 份：{decisions[0].get_verdict_display()}")
    return redirect(back)


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
