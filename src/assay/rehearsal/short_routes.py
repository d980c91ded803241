"""Playing the three routes without an exam: direct recognition, process assessment, competition."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from assay.batches import acts as batch_acts
from assay.batches.models import AnnualPlan, Batch
from assay.batches.stages import ROUTES, Route
from assay.catalogue.models import ContestScheme, CreditScheme, DirectMapping
from assay.rehearsal.applying import hand_in_rosters, lines_of, open_batch, review
from assay.rehearsal.calendar import Days, on
from assay.rehearsal.cast import Cast
from assay.rehearsal.closing import archive, issue_certificates, publish_notice
from assay.rehearsal.report import Report
from assay.rehearsal.rosters import Students
from assay.results.acts import outcomes as result_acts

A_LINE = 10
NUMBERS: dict[str, str] = {Route.DIRECT: "02", Route.PROCESS: "03", Route.CONTEST: "04"}
SERIALS: dict[str, str] = {Route.DIRECT: "00200001", Route.PROCESS: "00300001", Route.CONTEST: "00400001"}


def play(
    cast: Cast, report: Report, days: Days, plan: AnnualPlan, route: str, students: Students, province: str
) -> Batch:
    """One batch of the route with ten candidates a job, from the plan to the archive."""
    scope = sorted(_scope(route))
    title = ROUTES[route]
    with report.stage(route, f"{title}：报名与审核") as stage:
        with on(days.before(48)):
            batch = open_batch(
                cast, plan, code=f"{days.exam_on.year}-{NUMBERS[route]}", name=f"{days.exam_on.year} 年{title}批次",
                route=route, lines=lines_of([(no, A_LINE) for no in scope]), apply_from=days.before(46),
                apply_to=days.before(30),
            )  # fmt: skip
        for line in batch.lines.select_related("scope_row__occupation", "level").order_by("scope_row__no"):
            students.add(line, A_LINE, _facts(route, line))
        with on(days.before(40)):
            hand_in_rosters(cast, batch, students, stage)
        with on(days.before(29)):
            batch = batch_acts.advance(cast("kaowu"), batch)
            review(cast, batch, stage)
        with on(days.before(27)):
            batch = batch_acts.advance(cast("kaowu"), batch)
            result_acts.compute(cast("kaowu"), batch)
    over = publish_notice(cast, batch, report, days.before(26))
    issue_certificates(cast, batch, report, over, province, SERIALS[route])
    archive(cast, batch, report, over + timedelta(days=2))
    return batch


def _scope(route: str) -> set[int]:
    """Scope numbers for which the route has a scheme."""
    schemes: dict[str, QuerySet[Any]] = {
        Route.DIRECT: DirectMapping.objects.all(),
        Route.PROCESS: CreditScheme.objects.all(),
        Route.CONTEST: ContestScheme.objects.all(),
    }
    return set(schemes[route].filter(active=True).values_list("scope_row__no", flat=True))


def _facts(route: str, line: batch_acts.BatchLine) -> list[list[str]]:
    """The route's own columns for each of a line's candidates."""
    at = {"scope_row": line.scope_row, "level": line.level, "active": True}
    if route == Route.DIRECT:
        mapping = DirectMapping.objects.filter(**at).get()
        return [
            [mapping.certificate, mapping.certificate_level, f"X1{line.scope_row.no:03d}{n:06d}"] for n in range(A_LINE)
        ]
    if route == Route.PROCESS:
        scheme = CreditScheme.objects.filter(**at).get()
        return [["；".join(f"{c['name']}={72 + (n * 7) % 25}" for c in scheme.courses)] for n in range(A_LINE)]
    contest = ContestScheme.objects.filter(**at).get()
    return [[contest.contest, str(n + 1), str(95 - n)] for n in range(A_LINE)]
