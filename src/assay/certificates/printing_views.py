"""Certificates and the issue list as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assay.batches.models import Batch
from assay.centre.actors import account
from assay.certificates import printing
from assay.certificates.models import Certificate
from assay.kernel.access import candidates, duties
from assay.kernel.documents.response import pdf
from assay.kernel.refusals import Refused
from assay.kernel.security_log import shows_identity

READERS = ("E13", "E10", "L2", "E12")


def _printable(certificate: Certificate) -> Certificate:
    if certificate.is_withdrawn:
        raise Refused(f"证书 {certificate.number} 已撤销，不能打印", "工作方案 四(一)8")
    return certificate


@require_GET
@duties(*READERS)
@shows_identity("证书")
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    found = _printable(get_object_or_404(Certificate, pk=pk))
    return pdf(printing.certificates([found]), f"证书_{found.number}")


@require_GET
@duties(*READERS)
@shows_identity("证书")
def batch_certificates(request: HttpRequest, pk: int) -> HttpResponse:
    """All certificates of a batch, for the printer."""
    batch = get_object_or_404(Batch, pk=pk)
    rows = Certificate.objects.in_force().filter(application__batch=batch).order_by("number")
    if not rows:
        raise Refused("本批次还没有证书", "工作方案 四(一)8")
    return pdf(printing.certificates(rows), f"证书_{batch.name}")


@require_GET
@duties(*READERS)
@shows_identity("证书核发登记表")
def issue_list(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    return pdf(printing.issue_list(batch), f"证书核发登记表_{batch.name}")


@require_GET
@duties(*READERS)
@shows_identity("合格人员成绩及证书编号名册")
def pass_list(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    return pdf(printing.pass_list(batch), f"合格人员成绩及证书编号名册_{batch.name}")


@require_GET
@candidates
def my_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """A candidate's own certificate."""
    found = get_object_or_404(
        Certificate, pk=pk, application__person__account=account(request), state=Certificate.State.ISSUED
    )
    return pdf(printing.certificates([found]), f"证书_{found.number}")
