"""The set-up workbook: a school's occupations, people, rooms and posts in one Excel file, down and up."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from assay.centre.actors import actor
from assay.centre.departures import carry_out_and_say
from assay.centre.handed_out import first_passwords_page
from assay.kernel.access import duties
from assay.kernel.bodies import TABLE, takes
from assay.kernel.security_log import shows_identity
from assay.kernel.sheet_file import xlsx_response
from assay.kernel.tables import BOOKS, Problem
from assay.setup import workbook
from assay.setup.accounts import draw
from assay.setup.acts import SetupRefused, check_school, install_school
from assay.setup.saying import what_changed

SHOWN_PROBLEMS = 500


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label="工作簿（.xlsx）", widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": BOOKS})
    )


@never_cache
@require_http_methods(["GET", "POST"])
@duties("L1")
@takes(TABLE)
def setup(request: HttpRequest) -> HttpResponse:
    """Upload a workbook: all problems at once, and then nothing is written; or everything is."""
    form = WorkbookForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        book, problems = workbook.read(file.name, file.read())
        if not problems:
            try:
                if "check" in request.POST:
                    messages.success(
                        request, what_changed(check_school(actor(request), book, file=file.name), checked=True)
                    )
                else:
                    done = install_school(actor(request), book, file=file.name, drawn=draw(book))
                    messages.success(request, what_changed(done))
                    carry_out_and_say(request)
                    if done.first_passwords:
                        back = reverse("setup:workbook")
                        return first_passwords_page(request, done.first_passwords, back, "建校工作簿")
                return redirect("setup:workbook")
            except SetupRefused as refused:
                problems = refused.problems
    said = f"{len(problems)} 处问题，没有写入任何内容"
    context = {"title": "建校工作簿", "form": form, "problems": problems[:SHOWN_PROBLEMS], "said": said}
    return render(request, "setup/workbook.html", context, status=422 if problems else 200)


@require_GET
@duties("L1")
def template(request: HttpRequest) -> HttpResponse:
    return _workbook("建校工作簿模板", with_data=False)


@require_GET
@duties("L1")
@shows_identity("现有资料工作簿（人员身份证号）")
def present(request: HttpRequest) -> HttpResponse:
    return _workbook("建校工作簿_现有资料", with_data=True)


def _workbook(name: str, *, with_data: bool) -> HttpResponse:
    return xlsx_response(workbook.write(with_data=with_data), name)
