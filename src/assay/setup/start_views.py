"""The start set: looked through and taken over line by line, or taken along as a workbook to be changed first."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from assay.centre.actors import actor
from assay.kernel.access import duties
from assay.kernel.sheet_file import xlsx_response
from assay.kernel.tables import Problem
from assay.setup import starting, workbook
from assay.setup.acts import SetupRefused, install_school
from assay.setup.saying import what_changed

FILE = "起步资料"


@require_http_methods(["GET", "POST"])
@duties("L1")
def start(request: HttpRequest) -> HttpResponse:
    """What is usual and not there yet; what is ticked comes in as a workbook would."""
    groups = starting.proposed()
    problems: list[Problem] = []
    if request.method == "POST":
        chosen = request.POST.getlist("line")
        book = starting.book(groups, chosen)
        try:
            if not book:
                messages.warning(request, "没有选中任何一项，没有写入。")
                return redirect("setup:start")
            messages.success(request, what_changed(install_school(actor(request), book, file=FILE)))
            return redirect("setup:start")
        except SetupRefused as refused:
            problems = refused.problems
    said = f"{len(problems)} 处问题，没有写入任何内容"
    context = {"title": FILE, "groups": groups, "problems": problems, "said": said}
    return render(request, "setup/start.html", context, status=422 if problems else 200)


@require_GET
@duties("L1")
def start_book(request: HttpRequest) -> HttpResponse:
    """What the school has, nobody's personal data, with what is proposed below it."""
    lines = starting.lines(starting.proposed())
    content = workbook.write(with_data=True, besides=lines, without=workbook.PERSONS, notes=starting.NOTES)
    return xlsx_response(content, "建校工作簿_起步资料")
