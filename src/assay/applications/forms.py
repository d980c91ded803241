"""Forms of the applications room."""

from __future__ import annotations

from django import forms

from assay.batches.models import Batch

FILE = forms.ClearableFileInput(attrs={"class": "form-control"})


class RosterForm(forms.Form):
    """A filled roster and, beside it, the ZIP of photos."""

    batch = forms.ModelChoiceField(
        Batch.objects.none(), label="批次", empty_label=None, widget=forms.Select(attrs={"class": "form-select"})
    )
    file = forms.FileField(
        label="报名名册（.xlsx 或 .csv）",
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".xlsx,.xls,.csv"}),
    )
    photos = forms.FileField(
        label="照片压缩包（.zip）",
        required=False,
        help_text="照片命名为“姓名_身份证号.jpg”，白底一寸 295×413，不超过 200 KB。",
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".zip"}),
    )
    pledged = forms.BooleanField(
        label="考生均已签署诚信承诺书", widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["batch"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Batch.objects.filter(stage="apply").order_by("-pk")


class DecisionForm(forms.Form):
    """A decision on the applications that were ticked."""

    verdict = forms.ChoiceField(choices=[("pass", "通过"), ("return", "退回补正"), ("reject", "不予通过")])
    reason = forms.CharField(max_length=300, required=False)
