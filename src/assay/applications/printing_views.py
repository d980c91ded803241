"""The 备案表 as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assay.applications.list_views import STAFF, listing_of
from assay.applications.models import Application
from assay.applications.printing import COPIES, FOR_SCHOOL, application_form, who
from assay.centre.actors import account, actor
from assay.kernel.access import duties, signed_in
from assay.kernel.documents.response import pdf
from assay.kernel.refusals import Refused
from assay.kernel.security_log import shows_identity

MOST = 600
"""Forms that are printed at once: what a printer takes in an hour, drawn up in half a minute."""


@require_GET
@duties(*STAFF)
@shows_identity("认定申报表（多份）")
def forms(request: HttpRequest) -> HttpResponse:
    """The forms of all that the list's search and filters leave, in the order of jobs and classes; with ?copies=1 the school's alone."""
    found = (
        listing_of(request)
        .selected()
        .order_by("line__scope_row__no", "line__level", "applicant__class_name", "applicant__sort_key", "pk")
    )
    count = found.count()
    if not count:
        raise Refused("没有符合条件的报名可打印", "工作方案 四(一)2")
    if count > MOST:
        raise Refused(
            f"符合条件的有 {count} 份，一次最多打印 {MOST} 份：请先按批次、院系、班级或状态缩小范围", "工作方案 四(一)2"
        )
    near = ("applicant__major", "applicant__photo", "condition", "result")
    rows = list(found.select_related(*near).prefetch_related("decisions"))
    copies = [FOR_SCHOOL] if request.GET.get("copies") == "1" else COPIES
    return pdf(application_form(rows, copies=copies), f"备案表_{count}份")


@require_GET
@signed_in
@shows_identity("认定申报表")
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """In duplicate: for staff who handle applications, and for the candidate's own."""
    application = get_object_or_404(Application.objects.select_related("applicant", "person"), pk=pk)
    held = actor(request).duties
    own = application.person.account_id == account(request).pk
    own_department = "R1" in held and application.department_id == account(request).department_id
    if not (own or own_department or held & {"E2", "E4", "E5", "E10", "L2", "Q4"}):
        return HttpResponse("不能打开他人的备案表", status=403, content_type="text/plain; charset=utf-8")
    return pdf(application_form([application]), f"备案表_{who(application).replace(' ', '_')}")
