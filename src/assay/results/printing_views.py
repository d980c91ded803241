"""The result list as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assay.batches.models import Batch
from assay.catalogue.parts import Part
from assay.exam.answer_sheets import answer_sheets
from assay.exam.answer_sheets import for_printing as answer_sheets_for_printing
from assay.kernel.access import duties
from assay.kernel.documents.response import pdf
from assay.kernel.security_log import exports, shows_identity
from assay.marking.printing import score_sheets
from assay.marking.queries import sheets_for_printing
from assay.results import printing
from assay.results.models import PublicNotice, ScoreCheck

SHEET_READERS = ("E9", "L2")


@require_GET
@duties("E9", "E3", "E10", "E12", "L2", "E13")
@shows_identity("成绩汇总表")
def result_list(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    return pdf(printing.result_list(batch), f"成绩汇总表_{batch.name}")


@require_GET
@duties("E3", "E9", "E10", "E12", "E13", "L2", "Q6")
@exports("公示名单")
def notice_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The list on public notice, to be hung up while it is on the site."""
    notice = get_object_or_404(PublicNotice.objects.select_related("batch"), batch=pk)
    return pdf(printing.notice_list(notice), f"公示名单_{notice.batch.name}")


@require_GET
@duties(*SHEET_READERS)
@exports("复核依据")
def basis_of_check(request: HttpRequest, pk: int) -> HttpResponse:
    """What a score check is answered from: the theory answers with their keys, or all examiners' sheets."""
    check = get_object_or_404(ScoreCheck.objects.select_related("result"), pk=pk)
    application = check.result.application_id
    if check.part == Part.THEORY:
        content = answer_sheets(answer_sheets_for_printing().filter(application=application))
    else:
        content = score_sheets(sheets_for_printing().filter(application=application, part=check.part))
    return pdf(content, f"复核依据_{check.pk}")
