"""What is decided out of the ordinary on the page of an application: parts, exemptions, holders admitted again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from assay.applications.acts import exceptions
from assay.applications.forms import ExemptionForm
from assay.applications.views import STAFF, visible
from assay.catalogue.parts import Part
from assay.centre.actors import actor
from assay.kernel import files
from assay.kernel.access import duties
from assay.kernel.bodies import PAPERS, takes
from assay.kernel.documents.response import from_outside
from assay.kernel.security_log import exports


def _back(request: HttpRequest, pk: int, done: str) -> HttpResponse:
    """To the application, with what was done."""
    messages.success(request, done)
    return redirect("applications:detail", pk=pk)


@require_POST
@duties("R1", "E5")
def parts(request: HttpRequest, pk: int) -> HttpResponse:
    """How each part is taken."""
    given = {part.value: request.POST[part] for part in Part if part in request.POST}
    exceptions.set_parts(actor(request), visible(request, pk), given)
    return _back(request, pk, "考试类别已更正。")


@require_POST
@duties("R1", "E5")
@takes(PAPERS)
def exempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an exemption with its paper."""
    given = ExemptionForm.read(request)
    file = given.pop("file")
    exceptions.exempt(actor(request), visible(request, pk), **given, content=file.read() if file else b"")
    return _back(request, pk, "已登记免考。")


@require_POST
@duties("R1", "E5")
def drop_exemption(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    exceptions.drop_exemption(actor(request), get_object_or_404(visible(request, pk).exemptions, pk=number))
    return _back(request, pk, "已撤销免考登记，该科目改为新考。")


@require_POST
@duties("E4")
def admit_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The centre admits the holder of a certificate once more."""
    exceptions.admit_again(actor(request), visible(request, pk), reason=request.POST.get("reason", ""))
    return _back(request, pk, "已同意再次认定。")


@require_GET
@duties(*STAFF)
@exports("免考证明材料")
def exemption_file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = get_object_or_404(visible(request, pk).exemptions.select_related("file"), pk=number)
    return from_outside(files.read(found.file_id), found.file.content_type)
