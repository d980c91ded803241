"""Whether everybody who is about to get a certificate has a right to it: the last check before numbers are given.

What was decided on the way is not believed here; it is derived anew from the rows that nobody can have changed since without
the ledger knowing: applications and their reviews, answers and the sealed key, the examiners' own marks. However many
candidates there are, it costs the same number of queries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from assay.applications.eligibility import problems_of
from assay.applications.models import Application, ReviewDecision
from assay.batches.models import Batch, BatchLine
from assay.catalogue.models import EntryCondition
from assay.certificates import right_rules as rules
from assay.certificates.queries import to_number
from assay.certificates.right_marks import Texts, mark_differences
from assay.kernel.documents import faces
from assay.kernel.identity import mask
from assay.results.models import PublicNotice, Result
from assay.results.rules import Outcome


@dataclass(frozen=True)
class Doubt:
    """A candidate whose right does not follow, and everything that differs."""

    application_id: int
    name: str
    line: str
    texts: tuple[str, ...]

    @property
    def heading(self) -> str:
        return f"{self.name}　{self.line}"


def doubts(batch: Batch) -> list[Doubt]:
    """Everybody who would be given a number but for whom something does not agree; empty when all is as it should be."""
    results = _results(batch)
    applications = [result.application for result in results]
    found: dict[int, list[str]] = defaultdict(list)
    for application, problems in zip(applications, problems_of(applications), strict=True):
        found[application.pk] += [problem.text for problem in problems]
    for application_id, texts in (
        *_reviews(batch, applications),
        *_notice(batch, results),
        *mark_differences(batch, results),
        *_unprintable(results),
    ):
        found[application_id] += texts
    return [
        Doubt(a.pk, a.applicant.name, str(a.line), tuple(dict.fromkeys(found[a.pk])))
        for a in applications
        if found[a.pk]
    ]


def _unprintable(results: Sequence[Result]) -> Texts:
    """What would stand on the certificate as an empty box: a number is given to nobody whose certificate cannot be printed."""
    for result in results:
        applicant, row = result.application.applicant, result.application.line.scope_row
        entries = (("姓名", applicant.name), ("职业名称", row.occupation.name), ("工种", row.job))
        lacking = [(title, signs) for title, said in entries if (signs := faces.missing(said))]
        yield result.application_id, [faces.said_missing(title, signs) for title, signs in lacking]


def _results(batch: Batch) -> list[Result]:
    """The results to be numbered with all that is asked of their applications, lines and conditions shared."""
    results = list(
        to_number(batch)
        .select_related("application__applicant__major", "application__person")
        .order_by("application__line__scope_row__no", "application__applicant__sort_key", "pk")
    )
    lines = {
        line.pk: line
        for line in BatchLine.objects.filter(batch=batch)
        .select_related("scope_row__occupation", "level")
        .prefetch_related("scope_row__majors")
    }
    wanted = {result.application.condition_id for result in results}
    conditions = EntryCondition.objects.select_related("standard_level").in_bulk([pk for pk in wanted if pk])
    for result in results:
        application = result.application
        application.batch, application.line = batch, lines[application.line_id]
        application.condition = conditions[application.condition_id] if application.condition_id else None
    return results


def _reviews(batch: Batch, applications: Sequence[Application]) -> Texts:
    decisions: dict[int, list[rules.Reviewed]] = defaultdict(list)
    for d in ReviewDecision.objects.filter(
        application__batch=batch, application__result__outcome=Outcome.PASS
    ).order_by("at", "pk"):
        by = f"#{d.by_account_id}" if d.by_account_id else d.by
        decisions[d.application_id].append(rules.Reviewed(d.step, d.verdict, by))
    for application in applications:
        texts = list(rules.review_differences(decisions[application.pk]))
        if application.state != Application.State.APPROVED:
            texts.append(f"报名现为“{application.get_state_display()}”，不是审核通过")
        yield application.pk, texts


def _notice(batch: Batch, results: Sequence[Result]) -> Texts:
    """Each stands on the list that was on public notice."""
    notice = PublicNotice.objects.filter(batch=batch).first()
    listed = Counter(
        (row["name"], row["id_masked"], row["occupation"], row["job"], row["level"])
        for row in (notice.rows if notice else [])
    )
    for result in results:
        application = result.application
        row, level = application.line.scope_row, application.line.level
        said = (
            application.applicant.name, mask(application.applicant.id_number), row.occupation.name, row.job or "--",
            level.certificate_title,
        )  # fmt: skip
        if listed[said] < 1:
            yield result.application_id, ["公示名单上没有此人（姓名、证件、工种、等级须一致）"]
        listed[said] -= 1
