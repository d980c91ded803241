"""Reviewing hundreds at once: all that a search and its filters leave, looked through together before anything is decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from assay.applications.acts.applying import REVIEW, STATE_BEFORE, shown_of
from assay.applications.eligibility import problems_of
from assay.applications.list_views import REVIEWS, listing_of
from assay.applications.models import Application
from assay.applications.reviews import STEPS, Step
from assay.centre.actors import actor
from assay.kernel.access import duties
from assay.kernel.acts import why_not_each
from assay.kernel.refusals import Refused, grouped

MOST = 3_000
NAMED = 8


@dataclass(frozen=True)
class Together:
    """Applications that one decision can be made over: how many of which job and class, and what the page showed of them."""

    rows: Sequence[Application]

    @property
    def as_shown(self) -> str:
        return shown_of(self.rows)

    @property
    def groups(self) -> list[tuple[str, str, int]]:
        """Job and level, department and class, how many."""
        counted = Counter((str(row.line), f"{row.department or '—'} {row.applicant.class_name}") for row in self.rows)
        return [(line, of, n) for (line, of), n in sorted(counted.items())]


@require_GET
@duties("R1", "E2", "E4")
def decide_all(request: HttpRequest, step: str) -> HttpResponse:
    """Who of them can be passed, who lacks something and what, and who is left to others."""
    if step not in REVIEWS:
        raise Http404(step)
    listing, who = listing_of(request), actor(request)
    found = listing.selected().filter(state=STATE_BEFORE[Step(step)])
    count = found.order_by().count()
    if count > MOST:
        raise Refused(f"符合条件的有 {count} 份，一次最多 {MOST} 份：请先按批次、院系或班级缩小范围", REVIEW)
    rows = list(
        found.select_related("applicant__major", "condition__standard_level").prefetch_related(
            "line__scope_row__majors"
        )
    )
    against = why_not_each(REVIEWS[step], who, rows)
    own = [row for row in rows if against[row.pk] is None]
    lacking = {row.pk: problems for row, problems in zip(own, problems_of(own), strict=True) if problems}
    others = [(str(row.applicant), f"：{why.message}") for row in rows if (why := against[row.pk]) is not None]
    context = {
        "title": f"{STEPS[step]}：全部符合条件的报名",
        "count": count,
        "sound": Together([row for row in own if row.pk not in lacking]),
        "lacking": Together([row for row in own if row.pk in lacking]),
        "wrong": _by_reason([(row, problem.text) for row in own for problem in lacking.get(row.pk, ())]),
        "others": grouped(others),
        "decide": reverse("applications:decide", args=[step]),
        "back": f"{reverse('applications:list')}?{request.GET.urlencode()}",
    }
    return render(request, "applications/all.html", context)


def _by_reason(said: Sequence[tuple[Application, str]]) -> list[tuple[str, list[Application]]]:
    """Each reason once, with those that it holds for."""
    found: dict[str, list[Application]] = {}
    for row, why in said:
        found.setdefault(why, []).append(row)
    return sorted(found.items(), key=lambda one: -len(one[1]))
