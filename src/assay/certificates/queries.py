"""Reads of certificates that several places share."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.centre.actors import duties_of
from assay.centre.models import Account
from assay.certificates.models import Certificate, Change, Correction, IssueDecision
from assay.kernel.contributions import Engagement
from assay.results.models import Result
from assay.results.rules import Outcome

STAGE = Stage.CERTIFICATES


def to_number(batch: Batch) -> QuerySet[Result]:
    """Results of those who passed and have neither a certificate in force nor a decision that keeps it back. Whose certificate was
    withdrawn gets another only by a decision after that."""
    passed = Result.objects.filter(batch=batch, outcome=Outcome.PASS)
    own = Certificate.objects.filter(application=OuterRef("application"))
    of_withdrawn = own.filter(state=Certificate.State.WITHDRAWN)
    decided = Q(
        application__issue_decision__verdict=IssueDecision.Verdict.AGAIN,
        application__issue_decision__at__gt=F("withdrawn_at"),
    )
    return (
        passed.exclude(application__issue_decision__verdict=IssueDecision.Verdict.WITHHOLD)
        .exclude(Exists(own.exclude(state=Certificate.State.WITHDRAWN)))
        .exclude(Exists(of_withdrawn.exclude(decided)))
    )


def to_print(batch: Batch) -> QuerySet[Certificate]:
    """Certificates without a sheet: from their stage on, for one that was corrected or came in the place of another comes later."""
    rows = _numbered(batch).filter(print_serial="")
    return rows if batch.has_reached(STAGE) else rows.none()


def to_hand_out(batch: Batch) -> QuerySet[Certificate]:
    """Certificates with a sheet that nobody has collected."""
    rows = _numbered(batch).exclude(print_serial="")
    return rows if batch.has_reached(STAGE) else rows.none()


def _numbered(batch: Batch) -> QuerySet[Certificate]:
    """Certificates that are neither handed out nor withdrawn, and whose correction does not wait to be decided."""
    rows = Certificate.objects.filter(application__batch=batch, state=Certificate.State.NUMBERED)
    return (
        rows.exclude(corrections__state=Correction.State.PROPOSED)
        .select_related("application__batch")
        .order_by("number")
    )


def unreported(batch: Batch) -> QuerySet[Certificate]:
    """Certificates in force that the province does not have."""
    return Certificate.objects.in_force().filter(application__batch=batch, reported=False)


def work_of_closed_batches(account: Account) -> Iterator[Engagement]:
    """What comes up about certificates of batches that are closed and stand on no worktable any more."""
    held = duties_of(account)
    if "L2" in held:
        waiting = Correction.objects.filter(
            state=Correction.State.PROPOSED, certificate__application__batch__stage=Stage.CLOSED
        )
        for correction in waiting.exclude(certificate__state=Certificate.State.WITHDRAWN).select_related("certificate"):
            link = reverse("certificates:one", args=[correction.certificate_id])
            yield Engagement(None, "证书更正待审批", f"{correction.certificate}（{correction.proposed_by} 提出）", link)
    if "E13" in held:
        closed = {"application__batch__stage": Stage.CLOSED}
        again = Certificate.objects.filter(state=Certificate.State.NUMBERED, **closed)
        refused = Change.objects.filter(told_at=None, certificate__application__batch__stage=Stage.CLOSED).exclude(
            refusal=""
        )
        for rows, title in (
            (again, "更正、补发的证书待打印、发放"),
            (Certificate.objects.filter(pk__in=refused.values("certificate")), "证书变更省平台未接收"),
        ):
            yield from _by_batch(rows, title)


def _by_batch(rows: QuerySet[Certificate], title: str) -> Iterator[Engagement]:
    counted = rows.values_list("application__batch", "application__batch__name").annotate(n=Count("pk")).order_by()
    for pk, name, number in counted:
        yield Engagement(None, title, f"{name}：{number} 本", reverse("certificates:batch", args=[pk]))
