"""The list of applications: what waits for whom, and what can be done with many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_GET

from assay.applications.acts import applying, withdrawing
from assay.applications.acts.importing import import_roster
from assay.applications.basis import Taken, applied_elsewhere, taken_by
from assay.applications.models import Application, ReviewDecision
from assay.applications.parts import HOWS, How
from assay.applications.people import person_index
from assay.applications.reviews import STEPS, Step
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.centre.actors import account, actor
from assay.centre.models import Department
from assay.kernel.access import duties
from assay.kernel.acts import Actor, why_not_each
from assay.kernel.identity import ID_TYPES
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.offers import Offer, offer
from assay.kernel.refusals import ForOthers, Refused
from assay.kernel.templatetags.pieces import state

STAFF = ("R1", "E2", "E4", "E5", "L2")
REVIEWS: dict[str, Callable[..., list[ReviewDecision]]] = {
    Step.FIRST: applying.first_review,
    Step.CENTRE: applying.centre_review,
}


def _state(application: Application) -> str:
    said = state(application)
    return format_html("{}<br><span class='text-secondary'>由他人审核</span>", said) if application.by_others else said  # type: ignore[attr-defined]


def _tell_steps(applications: Sequence[Application], who: Actor) -> None:
    """Say of each row whether the reader can review it now, and whether that is left to somebody else, because the reader had a
    hand in it or is concerned."""
    against = [why_not_each(deed, who, applications) for deed in REVIEWS.values()]
    going_on = [a for a in applications if a.batch.stage != Stage.FILING]
    taken_back = why_not_each(withdrawing.withdraw, who, going_on)
    for application in applications:
        found = [each[application.pk] for each in against]
        application.withdrawable = taken_back.get(application.pk, NOT_HERE) is None  # type: ignore[attr-defined]
        application.reviewable = None in found  # type: ignore[attr-defined]
        application.by_others = any(isinstance(why, ForOthers) for why in found)  # type: ignore[attr-defined]


def reviews_of(who: Actor, *applications: Application) -> list[Offer]:
    """The two reviews: of these applications, or of whatever will be ticked."""
    return [
        offer(who, REVIEWS[step], *applications, title=title, url=reverse("applications:decide", args=[step]))
        for step, title in STEPS.items()
    ]


def _tell_parts(applications: Sequence[Application]) -> None:
    """Give each row of a page the parts it takes, on what it leaves one out with them."""
    found = zip(applications, taken_by(applications), applied_elsewhere(applications), strict=True)
    for application, taken, elsewhere in found:
        application.taken, application.elsewhere = taken, elsewhere  # type: ignore[attr-defined]


NOT_HERE = Refused("在该报名的页面办理")
"""Whether the province has the plan is asked for one application at a time."""
_BADGE = "<span class='badge bg-{}-lt' title='{}'>{}</span>"


def _parts(taken: Sequence[Taken], elsewhere: str) -> str:
    """In short: 新考, or what is out of the ordinary part by part: a part taken again, a part left out and on what, the same applied for
    in another batch as well."""
    usual = all(one.how == How.FIRST for one in taken)
    badges = [] if usual else [(one.tone, one.doubt or str(one), _shortly(one)) for one in taken]
    if elsewhere:
        badges.append(("orange", f"同一工种同一等级还在 {elsewhere} 报名", "重复报名"))
    first = HOWS[How.FIRST] if taken and usual else ""
    return format_html("{} {}", first, format_html_join(" ", _BADGE, badges)) if badges else first


def _shortly(taken: Taken) -> str:
    said = f"{taken.title}{HOWS[taken.how]}"
    return f"{said}：没有依据" if taken.left_out and not taken.basis else said


def _what_waits(rows: QuerySet[Application], held: frozenset[str]) -> dict[str, str]:
    """The filters that a page opens with: the batch that is open, if it is the only one, and the state whose turn is
    the reader's."""
    found: dict[str, str] = {}
    open_ones = list(Batch.objects.filter(stage__in=applying.REVIEWED_STAGES).values_list("pk", flat=True)[:2])
    if len(open_ones) == 1:
        found["batch"] = str(open_ones[0])
    own = Application.State.FIRST_PASSED if "E4" in held else Application.State.SUBMITTED if "R1" in held else ""
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


def listing_of(request: HttpRequest) -> Listing:
    """All applications; a department head sees those of the own department."""
    rows = Application.objects.select_related(
        "batch", "person", "applicant__department", "line__scope_row__occupation", "line__level", "department"
    )
    who, reader = actor(request), account(request)
    held, reviews = who.duties, [review for review in reviews_of(who) if review.open]
    taking_back = _taking_back(who)
    departments: list[tuple[int, str]] = []

    def prepare(shown: Sequence[Application]) -> None:
        _tell_parts(shown)
        _tell_steps(shown, who)

    if held & {"E2", "E4", "E5", "L2", "Q4"}:
        departments = list(Department.objects.values_list("pk", "name"))
    else:
        rows = rows.filter(department=reader.department)
    filters = [
        Filter("batch", "批次", [(b.pk, b.name) for b in Batch.objects.order_by("-pk")[:50]], "batch"),
        Filter("state", "状态", Application.State.choices, "state"),
    ]
    if departments:
        filters.append(Filter("department", "院系", departments, "department"))
    return Listing(
        request,
        rows,
        [
            Column("姓名", lambda a: a.applicant.name, "applicant__sort_key"),
            Column("证件号码", lambda a: a.applicant.id_masked, whole=lambda a: a.applicant.id_number),
            Column("院系", lambda a: a.department or "", "department__code"),
            Column("班级", lambda a: a.applicant.class_name, "applicant__class_name"),
            Column("学号/工号", lambda a: a.applicant.student_no, on_page=False),
            Column("批次", lambda a: a.batch),
            Column("工种等级", lambda a: a.line, "line__scope_row__no"),
            Column("考试类别", lambda a: _parts(a.taken, a.elsewhere), plain=lambda a: "，".join(map(str, a.taken))),
            Column("状态", _state, "state", plain=lambda a: a.get_state_display()),
            Column("意见", lambda a: a.reason),
        ],
        filters=filters,
        search=_found,
        search_hint="姓名、班级、学号或完整身份证号",
        order="-pk",
        name="报名名单",
        empty="没有符合条件的报名。可在“导入名册”中批量报名，考生也可自行网上报名。",
        selectable=bool(reviews) or taking_back.open,
        tickable=lambda a: a.reviewable if reviews else a.withdrawable,
        acts_on=lambda a: (a, a.applicant),
        presets=_what_waits(rows, held),
        prepare=prepare,
        in_full=bool(held & {"R1", "E5"}),
        row_url=lambda a: reverse("applications:detail", args=[a.pk]),
    )


@require_GET
@duties(*STAFF)
def index(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    reviews = [review for review in reviews_of(who) if review.open]
    listing = listing_of(request)
    context = {
        "title": "报名与资格审核",
        "reviews": reviews,
        "to_all": [
            (
                f"对全部符合条件的办理{review.title}",
                f"{reverse('applications:all', args=[step])}?{urlencode(listing.query)}",
            )
            for step, title in STEPS.items()
            for review in reviews
            if review.title == title
        ],
        "withdraw": _taking_back(who),
        "print_forms": f"{reverse('applications:forms')}?{urlencode(listing.query)}",
        "import_roster": offer(who, import_roster, title="导入名册", url=reverse("applications:roster"), page=True),
    }
    return listing.respond("applications/list.html", context)


def _taking_back(who: Actor) -> Offer:
    return offer(who, withdrawing.withdraw, title="撤回报名", url=reverse("applications:withdraw"), main=False)
