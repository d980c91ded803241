"""Certificate numbers that the province gave: what is left of them, and a file of more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from assay.centre.actors import actor
from assay.certificates import given_numbers
from assay.certificates.acts.numbering import import_numbers
from assay.certificates.forms import NumbersForm
from assay.certificates.number_book import HEADINGS, NumberBook, counted, read_numbers
from assay.kernel.access import duties
from assay.kernel.bodies import TABLE, takes
from assay.kernel.offers import offer

SHOWN = 500


@require_http_methods(["GET", "POST"])
@duties("E13")
@takes(TABLE)
def numbers(request: HttpRequest) -> HttpResponse:
    """What is left, and the file that brings more: all problems at once, and it comes in whole or not at all."""
    form = NumbersForm(request.POST or None, request.FILES or None)
    book, who = NumberBook(), actor(request)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        count, checking = form.cleaned_data["count"], "check" in request.POST
        book = read_numbers(file.name, file.read(), given_numbers.expected(), count=count)
        if not book.problems:
            said = f"{len(book.numbers)} 个编号：{counted(book.numbers, given_numbers.levels())}"
            if checking:
                messages.success(request, f"核对 {said}，没有问题，可以导入。核对不保存文件，导入时请重新选择。")
            else:
                import_numbers(who, given=book.numbers, source=form.cleaned_data["source"] or file.name)
                messages.success(request, f"已导入 {said}。")
            for note in book.notes:
                messages.warning(request, note)
            return redirect("certificates:numbers")
    context = {
        "title": "省中心编号",
        "form": form,
        "importing": offer(who, import_numbers, title="导入", url=reverse("certificates:numbers")),
        "supplies": given_numbers.supplies(),
        "problems": book.problems[:SHOWN],
        "wrong": f"有 {len(book.problems)} 处问题，全部没有导入" if book.problems else "",
        "heading": HEADINGS[0].title,
    }
    return render(request, "certificates/numbers.html", context, status=422 if book.problems else 200)
