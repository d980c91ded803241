"""Pages of score sheets: those in use, and making one from Excel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from assay.catalogue.models import Level, Occupation
from assay.catalogue.parts import BY_PANEL, IN_FULL, Part, choices
from assay.centre.actors import actor
from assay.centre.editing import PlainForm
from assay.kernel.access import duties
from assay.kernel.bodies import TABLE, takes
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.offers import offer
from assay.kernel.sheet_file import xlsx_response
from assay.kernel.tables import Problem
from assay.marking import rules, sheet_book
from assay.marking.acts import scoring
from assay.marking.models import SheetTemplate
from assay.marking.queries import standard_weights

READERS = ("X4", "X3", "R3", "R4", "E8", "E2")


class TemplateForm(PlainForm):
    """What a score sheet is for, and its table as a file."""

    occupation = forms.ModelChoiceField(Occupation.objects.filter(scope__isnull=False).distinct(), label="职业")
    job = forms.CharField(label="工种", max_length=60, required=False, help_text="留空则整个职业共用。")
    level = forms.ModelChoiceField(Level.objects.all(), label="等级")
    part = forms.ChoiceField(label="部分", choices=choices(IN_FULL, BY_PANEL))
    title = forms.CharField(label="名称", max_length=80)
    file = forms.FileField(label="评分记录表（.xlsx）", help_text="各评分点配分合计 100；同名的任务归为一项。")
    confirmed = forms.BooleanField(label="以上各点已经核对，仍按此表启用", required=False, widget=forms.HiddenInput)

    def ask(self) -> None:
        """Offer the tick with which what was asked is answered."""
        self.fields["confirmed"].widget = forms.CheckboxInput({"class": "form-check-input"})


@require_GET
@duties(*READERS)
def templates(request: HttpRequest) -> HttpResponse:
    """The score sheets in use."""
    listing = Listing(
        request,
        SheetTemplate.objects.filter(active=True).select_related("occupation", "level"),
        [
            Column("名称", lambda t: t.title, "title"),
            Column("职业", lambda t: t.occupation.name, "occupation__code"),
            Column("工种", lambda t: t.job or "（全部）", "job"),
            Column("等级", lambda t: str(t.level)),
            Column("部分", lambda t: t.get_part_display(), "part"),
            Column("任务数", lambda t: len(t.tasks)),
        ],
        filters=[Filter("level", "等级", list(Level.objects.values_list("pk", "title")), "level")],
        search=("title", "job", "occupation__name"),
        order="title",
        name="评分记录表",
        empty="还没有评分记录表，由专家组编制。",
        row_url=lambda t: reverse("marking:template", args=[t.pk]),
    )
    making = offer(
        actor(request), scoring.save_template, title="编制评分记录表", url=reverse("marking:template_new"), page=True
    )
    context = {"title": "评分记录表", "making": making}
    return listing.respond("marking/templates.html", context)


@require_GET
@duties(*READERS)
def template(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SheetTemplate.objects.select_related("occupation", "level"), pk=pk)
    return render(request, "marking/template.html", {"title": found.title, "template": found})


@require_http_methods(["GET", "POST"])
@duties("X4")
@takes(TABLE)
def create(request: HttpRequest) -> HttpResponse:
    """A new score sheet takes the place of the one in use for the same job, level and part."""
    form = TemplateForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    asked: list[str] = []
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        file, confirmed = given.pop("file"), given.pop("confirmed")
        tasks, problems = sheet_book.read(file.name, file.read())
        asked = [] if problems or confirmed else _asked(tasks, given)
        if asked:
            form.ask()
        elif not problems:
            made = scoring.save_template(actor(request), tasks=tasks, **given)
            messages.success(request, f"“{made}”已启用。")
            return redirect("marking:templates")
    context = {
        "title": "编制评分记录表", "form": form, "problems": problems, "said": f"有 {len(problems)} 处问题，没有保存",
        "asked": asked,
    }  # fmt: skip
    return render(request, "marking/template_new.html", context, status=422 if problems or asked else 200)


def _asked(tasks: sheet_book.Tasks, given: Mapping[str, Any]) -> list[str]:
    """What the experts have to know before a sheet is put in use: which it replaces, where it is not what the standard says."""
    asked = []
    used = SheetTemplate.objects.filter(
        occupation=given["occupation"], job=given["job"], level=given["level"], part=given["part"], active=True
    ).first()
    if used is not None and used.tasks != tasks:
        asked.append(f"在用的“{used.title}”将被替换（已开的考评组仍用原表）")
    if given["part"] == Part.SKILL:
        weights = standard_weights(given["occupation"], given["job"], given["level"])
        asked += rules.weight_questions(tasks, weights)
    return asked


@require_GET
@duties(*READERS)
def example(request: HttpRequest) -> HttpResponse:
    return _table(sheet_book.write(None), "评分记录表示例")


@require_GET
@duties(*READERS)
def table(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SheetTemplate, pk=pk)
    return _table(sheet_book.write(found.tasks), found.title)


def _table(content: bytes, name: str) -> HttpResponse:
    return xlsx_response(content, name)
