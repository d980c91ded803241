"""Forms of plans and batches."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import BaseFormSet, formset_factory

from assay.batches.acts import Line
from assay.batches.models import AnnualPlan, Batch
from assay.batches.stages import ROUTE_CHOICES
from assay.catalogue.models import Level, ScopeRow
from assay.centre import parameters
from assay.centre.editing import LONGEST
from assay.kernel.clock import today

_DAY = {"type": "date", "class": "form-control"}
MOST_LINES = 200


def _day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


def _text(label: str, *, rows: int, required: bool = False, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"class": "form-control", "rows": rows})
    return forms.CharField(label=label, required=required, widget=widget, help_text=help_text, max_length=LONGEST)


class AnnualPlanForm(forms.Form):
    year = forms.IntegerField(
        label="年度", min_value=2020, max_value=2199, widget=forms.NumberInput(attrs={"class": "form-control"})
    )
    title = forms.CharField(label="名称", max_length=80, widget=forms.TextInput(attrs={"class": "form-control"}))
    text = _text("说明", rows=8, help_text="全年认定的目标、批次安排、工种、人数、经费等。")


class RevisedPlanForm(AnnualPlanForm):
    """An annual plan that exists keeps its year."""

    year = None  # type: ignore[assignment]

    @staticmethod
    def values_of(plan: AnnualPlan) -> dict[str, Any]:
        return {"title": plan.title, "text": plan.text}


class BatchForm(forms.Form):
    """What a batch is, apart from its lines. `plan`, `code` and `route` are fixed once it exists."""

    plan = forms.ModelChoiceField(
        label="年度计划", queryset=AnnualPlan.objects.none(), widget=forms.Select(attrs={"class": "form-select"})
    )
    code = forms.RegexField(
        r"^[A-Za-z0-9-]+$", label="批次编号", max_length=20, help_text="如 2026-01，只用字母、数字和连字符。",
        error_messages={"invalid": "只用字母、数字和连字符"}, widget=forms.TextInput(attrs={"class": "form-control"}),
    )  # fmt: skip
    route = forms.ChoiceField(
        label="认定方式", choices=ROUTE_CHOICES, widget=forms.Select(attrs={"class": "form-select"})
    )
    name = forms.CharField(label="名称", max_length=80, widget=forms.TextInput(attrs={"class": "form-control"}))
    apply_from = _day("报名开始")
    apply_to = _day("报名截止")
    exam_on = _day("考核首日", required=False)
    exam_to = _day("考核末日", required=False, help_text="留空即当日结束。")
    notice_text = _text("认定公告", rows=6, help_text="工种等级、申报条件、报名时间和方式、咨询电话；发布后公众可见。")
    scheme = _text("实施方案", rows=6, help_text="考试考核必填，随认定计划上报省中心。")

    def __init__(self, *args: Any, batch: Batch | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead = parameters.number("filing.lead_working_days")
        self.fields["exam_on"].help_text = f"考试考核必填；认定计划须在此前 {lead} 个工作日上报。"
        if batch is not None:
            for fixed in ("plan", "code", "route"):
                del self.fields[fixed]
        else:
            choice = self.fields["plan"]
            assert isinstance(choice, forms.ModelChoiceField)
            choice.queryset = AnnualPlan.objects.order_by("-year")

    @staticmethod
    def values_of(batch: Batch) -> dict[str, Any]:
        names = ("name", "apply_from", "apply_to", "exam_on", "notice_text", "scheme")
        return {**{name: getattr(batch, name) for name in names}, "exam_to": batch.exam_lasts_to}


class LineForm(forms.Form):
    """A job and level out of the filed scope (`what` is scope row : level), and how many are planned."""

    what = forms.ChoiceField(label="工种等级", widget=forms.Select(attrs={"class": "form-select"}))
    planned = forms.IntegerField(
        label="拟报人数", min_value=1, max_value=100_000,
        widget=forms.NumberInput(attrs={"class": "form-control", "placeholder": "拟报人数"}),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)
        what.choices = choices
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("aria-label", str(field.label))
            if name == "DELETE":
                field.label = "去掉"
                field.widget.attrs["class"] = "form-check-input"


class LinesFormSet(BaseFormSet):
    def clean(self) -> None:
        chosen = [f.cleaned_data["what"] for f in self.filled() if f.cleaned_data.get("what")]
        if any(self.errors):
            return
        if not chosen:
            raise ValidationError("至少要有一个工种等级")
        if len(set(chosen)) != len(chosen):
            raise ValidationError("同一工种等级列了两次，请合并人数")

    def filled(self) -> list[LineForm]:
        """The rows that count: lines the batch has already, touched or not, and new rows with something in them."""
        wanted = [*self.initial_forms, *(f for f in self.extra_forms if f.has_changed())]
        return [f for f in wanted if not f.cleaned_data.get("DELETE")]

    def lines(self) -> list[Line]:
        """(scope row, level, planned) of each line of a valid formset."""
        rows = ScopeRow.objects.select_related("occupation").in_bulk()
        levels = Level.objects.in_bulk()
        found = []
        for form in self.filled():
            row, level = form.cleaned_data["what"].split(":")
            found.append((rows[int(row)], levels[int(level)], form.cleaned_data["planned"]))
        return found


_LineFormSet = formset_factory(
    LineForm, formset=LinesFormSet, extra=1, can_delete=True, max_num=MOST_LINES, validate_max=True
)


def lines_formset(data: Any, batch: Batch | None) -> LinesFormSet:
    """The lines of a batch; what is offered is the filed scope in force, and what the batch has already."""
    initial = []
    if batch is not None:
        initial = [{"what": f"{n.scope_row_id}:{n.level_id}", "planned": n.planned} for n in batch.lines.all()]
    choices = [("", "选择工种等级"), *scope_choices(today(), batch)]
    formset = _LineFormSet(data, initial=initial, prefix="lines", form_kwargs={"choices": choices})
    assert isinstance(formset, LinesFormSet)
    return formset


def scope_choices(day: date, batch: Batch | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices grouped by job: (job, [("row:level", "job level")]), from the rows in force on `day` or later."""
    in_force = Q(valid_to=None) | Q(valid_to__gte=day)
    if batch is not None:
        in_force |= Q(pk__in=batch.lines.values("scope_row"))
    rows = ScopeRow.objects.filter(in_force).select_related("occupation").prefetch_related("levels").order_by("no")
    return [
        (
            f"{row.no} {row.title}（{row.occupation.code}）",
            [(f"{row.pk}:{level.pk}", f"{row.title} {level}") for level in row.levels.all()],
        )
        for row in rows
    ]
