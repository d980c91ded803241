"""The 备案表 as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assay.applications.models import Application
from assay.applications.printing import application_form, who
from assay.centre.actors import account, actor
from assay.kernel.access import signed_in
from assay.kernel.documents.response import pdf
from assay.kernel.security_log import shows_identity


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
