"""Forms of the applications room."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from assay.applications.models import Person
from assay.applications.people import CORRECTABLE_BY_STAFF, EDUCATIONS, ETHNIC_GROUPS
from assay.batches.models import Batch
from assay.centre.editing import dress
from assay.kernel.identity import RESIDENT

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


class PersonForm(forms.ModelForm):
    """What may be put right of a person; by the candidate, or by staff (also name and student number)."""

    class Meta:
        model = Person
        fields = CORRECTABLE_BY_STAFF
        widgets: ClassVar = {
            "ethnic": forms.Select(choices=[(g, g) for g in ETHNIC_GROUPS]),
            "education": forms.Select(choices=[("", "未填"), *((e, e) for e in EDUCATIONS)]),
            "phone": forms.TextInput({"inputmode": "tel"}),
        }

    def __init__(self, person: Person, data: Any = None, *, by_candidate: bool) -> None:
        super().__init__(data, instance=person)
        dress(self)
        # A resident number says the sex; what the roster is matched by is the department's.
        for name in (("name", "student_no") if by_candidate else ()) + (("sex",) if person.id_type == RESIDENT else ()):
            del self.fields[name]
        # What a roster said in words of its own stays as it is until somebody chooses otherwise.
        for name in ("ethnic", "education"):
            select, said = self.fields[name].widget, getattr(person, name)
            if said not in dict(select.choices):
                select.choices = [(said, said), *select.choices]

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data}


class DecisionForm(forms.Form):
    """A decision on the applications that were ticked."""

    verdict = forms.ChoiceField(choices=[("pass", "通过"), ("return", "退回补正"), ("reject", "不予通过")])
    reason = forms.CharField(max_length=300, required=False)
