"""What keeps a batch from leaving the certificates stage, and what comes up about certificates later."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse

from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.certificates.models import Certificate, Change, Correction
from assay.certificates.queries import to_number, unreported
from assay.kernel.gates import counts, gate, todo
from assay.kernel.refusals import Blocker

CLAUSE = "工作方案 四(一)8"


@gate(Stage.CERTIFICATES)
def all_are_issued_and_reported(batch: Batch) -> Iterator[Blocker]:
    link = reverse("certificates:batch", args=[batch.pk])
    without = to_number(batch).count()
    if without:
        yield Blocker(f"{without} 名合格人员没有证书编号", CLAUSE, "E13", link, without)
    yield from _unprinted_and_here(batch)
    yield from _unreported(batch)
    yield from _came_up(batch)


def _unreported(batch: Batch) -> Iterator[Blocker]:
    link, untold = reverse("certificates:batch", args=[batch.pk]), unreported(batch).count()
    if untold:
        text = f"{untold} 本证书未报送省平台"
        yield Blocker(text, "工作方案 四(一)8 纳入国家职业技能等级证书查询系统", "E13", link, untold)


@todo(Stage.ARCHIVE, Stage.CLOSED)
def what_came_up_later(batch: Batch) -> Iterator[Blocker]:
    """Certificates corrected after the batch had moved on are printed and handed out again, and the province is told; so are those that
    come in the place of a withdrawn one."""
    again = to_number(batch).count()
    if again:
        link = reverse("certificates:batch", args=[batch.pk])
        yield Blocker(f"{again} 人撤销后重新核发，待编制证书", CLAUSE, "E13", link, again)
    yield from _unreported(batch)
    yield from _unprinted_and_here(batch)
    yield from _came_up(batch)


def _unprinted_and_here(batch: Batch) -> Iterator[Blocker]:
    link = reverse("certificates:batch", args=[batch.pk])
    figures = Certificate.objects.filter(application__batch=batch, state=Certificate.State.NUMBERED).aggregate(
        unprinted=Count("pk", filter=Q(print_serial="")), here=Count("pk", filter=~Q(print_serial=""))
    )
    if figures["unprinted"]:
        yield Blocker(f"{figures['unprinted']} 本证书未打印", CLAUSE, "E13", link, figures["unprinted"])
    if figures["here"]:
        yield Blocker(f"{figures['here']} 本证书未登记发放", CLAUSE, "E13", link, figures["here"])


def _came_up(batch: Batch) -> Iterator[Blocker]:
    link = reverse("certificates:batch", args=[batch.pk])
    proposed = Correction.objects.filter(certificate__application__batch=batch, state=Correction.State.PROPOSED)
    waiting = proposed.exclude(certificate__state=Certificate.State.WITHDRAWN).count()
    if waiting:
        yield Blocker(f"{waiting} 项证书更正待审批", "证书管理及发放办法", "L2", link, waiting)
    untold = Change.objects.filter(certificate__application__batch=batch, told_at=None)
    figures = untold.aggregate(refused=Count("pk", filter=~Q(refusal="")), sent=Count("pk", filter=Q(refusal="")))
    if figures["refused"]:
        text = f"{figures['refused']} 项证书变更（撤销、更正、流水码）省平台未接收，请查明后重新报送"
        yield Blocker(text, CLAUSE, "E13", f"{link}?changes=refused", figures["refused"])
    if figures["sent"]:
        text = f"{figures['sent']} 项证书变更（撤销、更正、流水码）待省平台接收"
        yield Blocker(text, CLAUSE, "E13", f"{link}?changes=waiting", figures["sent"], waits_for="省中心")


@counts(Stage.CERTIFICATES, Stage.ARCHIVE, Stage.CLOSED)
def issued(batch: Batch) -> Iterator[tuple[str, int]]:
    yield "证书", Certificate.objects.filter(application__batch=batch).count()
    yield "已发放", Certificate.objects.filter(application__batch=batch, state=Certificate.State.ISSUED).count()
