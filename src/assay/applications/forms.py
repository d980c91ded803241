"""Forms of the applications room."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any, ClassVar

from django import forms

from assay.applications.kept_roster import Kept
from assay.applications.models import Applicant, Identity, Person
from assay.applications.people import (
    CORRECTABLE_BY_CENTRE,
    CORRECTABLE_OF_APPLICANTS,
    EDUCATIONS,
    ETHNIC_GROUPS,
    month_said,
    normal_phone,
    phone_problem,
)
from assay.applications.reviews import VERDICT_CHOICES
from assay.batches.models import Batch
from assay.catalogue.parts import SHORT
from assay.centre.act_forms import ActForm, OneOf, Ticked
from assay.centre.editing import dress
from assay.kernel import files
from assay.kernel.identity import SELF_TELLING, name_problem, tidy_name
from assay.kernel.tables import UPLOADED, as_date

FILE = forms.ClearableFileInput(attrs={"class": "form-control"})


PLEDGE_FIRST = "导入前请勾选：考生均已签署诚信承诺书"


class RosterForm(forms.Form):
    """A filled roster and, beside it, the ZIP of photos."""

    batch = forms.ModelChoiceField(
        Batch.objects.none(), label="批次", empty_label=None, widget=forms.Select(attrs={"class": "form-select"})
    )
    file = forms.FileField(
        label="报名名册（Excel、WPS 表格或 CSV）",
        required=False,
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": UPLOADED}),
    )
    photos = forms.FileField(
        label="照片压缩包（.zip）",
        required=False,
        help_text="照片命名为“姓名_身份证号.jpg”，白底一寸 295×413，不超过 200 KB。",
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".zip"}),
    )
    pledged = forms.BooleanField(
        label="考生均已签署诚信承诺书",
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        error_messages={"required": PLEDGE_FIRST},
    )
    overwrite = forms.BooleanField(
        label="名册与已更正的内容不同时，以名册为准",
        required=False,
        help_text="不勾选时，有人在页面上更正过、名册又写得不同的行会列为问题。",
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: object, take: Callable[[str], Kept | None] | None = None, **kwargs: object) -> None:
        """`take` brings back the files that were checked before, by the token that the page sends along."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.token = self.data.get("kept", "")
        self.kept = kept = take(self.token) if take is not None else None
        if kept is None:
            self.fields["pledged"].error_messages["required"] = f"{PLEDGE_FIRST}。名册和照片压缩包请重新选择"
        else:
            self.say_kept(kept)
        field = self.fields["batch"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Batch.objects.taking_applications().order_by("-pk")

    def clean(self) -> dict[str, Any]:
        """Who only checks a file declares nothing; who has checked it need not choose it again."""
        if "check" in self.data:
            self.errors.pop("pledged", None)
        if not self.cleaned_data.get("file") and self.kept is None and "file" not in self.errors:
            gone = "上次核对的文件已不在（核对后换过登录或过了一天），" if self.token else ""
            self.add_error("file", f"{gone}请选择名册文件")
        return self.cleaned_data

    def given(self) -> Kept:
        """The files that came with the form, or those that were kept; photos that were kept go with their own roster."""
        file, photos = self.cleaned_data["file"], self.cleaned_data["photos"]
        if not file:
            assert self.kept is not None
            return Kept(self.kept.name, self.kept.content, photos.name, photos) if photos else self.kept
        return Kept(file.name, file.read(), photos.name if photos else "", photos or b"")

    def say_kept(self, kept: Kept) -> None:
        """No browser shows a chosen file again by itself."""
        self["file"].help_text = f"{kept.said}已核对并暂存，不用再选，直接点“导入”；要换的请选新的文件。"


class MonthField(forms.Field):
    """A month, or a day where somebody says one, in every way that a roster may say it. A month is kept as its first day and shown
    as a month again. Typed and not picked: not every browser has a picker of months."""

    EARLIEST = 1900
    default_error_messages: ClassVar = {
        "invalid": "看不出是哪年哪月：请填 2027-07、2027.7、202707 或 2027年7月，也可以填到日，如 2027-07-01",
    }

    def __init__(self, *, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(help_text=help_text or "填年月，如 2027-07。", **kwargs)

    def to_python(self, value: Any) -> date | None:
        try:
            found = as_date(value)
        except ValueError:
            found = date.min
        if found is not None and found.year < self.EARLIEST:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def prepare_value(self, value: Any) -> Any:
        return month_said(value) if isinstance(value, date) else value


class IdentityForm(forms.ModelForm):
    """What may be put right of a person or an applicant; what did not change is not sent."""

    reason = forms.CharField(label="更正原因", max_length=200, widget=forms.Textarea({"rows": 2}))

    class Meta:
        model: ClassVar[type[Identity]] = Person
        fields: ClassVar[tuple[str, ...]] = CORRECTABLE_BY_CENTRE
        widgets: ClassVar = {
            "ethnic": forms.Select(choices=[(g, g) for g in ETHNIC_GROUPS]),
            "education": forms.Select(choices=[("", "未填"), *((e, e) for e in EDUCATIONS)]),
            "phone": forms.TextInput({"inputmode": "tel"}),
        }
        field_classes: ClassVar = {"enrolled_on": MonthField, "graduates_on": MonthField}

    def __init__(
        self, row: Person | Applicant, data: Any = None, uploads: Any = None, *, correctable: Collection[str]
    ) -> None:
        super().__init__(data, uploads, instance=row)
        dress(self)
        # A resident number says the sex.
        for name in set(self.Meta.fields) - set(correctable) | ({"sex"} if row.id_type in SELF_TELLING else set()):
            self.fields.pop(name, None)
        # What a roster said in words of its own stays as it is until somebody chooses otherwise.
        for name in {"ethnic", "education"} & set(self.fields):
            select, said = self.fields[name].widget, getattr(row, name)
            if said not in dict(select.choices):
                select.choices = [(said, said), *select.choices]

    def clean_name(self) -> str:
        name = tidy_name(self.cleaned_data["name"])
        wrong = name_problem(name)
        if wrong:
            raise forms.ValidationError(wrong)
        return name

    def clean_phone(self) -> str:
        """What a roster once said stays as it is until somebody changes it."""
        phone: str = self.cleaned_data["phone"]
        if "phone" not in self.changed_data or not phone:
            return phone
        phone = normal_phone(phone)
        wrong = phone_problem(phone)
        if wrong:
            raise forms.ValidationError(wrong)
        return phone

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.Meta.fields}


class PersonForm(IdentityForm):
    """What is known of a person, put right by the candidate or by staff."""

    def __init__(self, person: Person, data: Any = None, *, correctable: Collection[str]) -> None:
        super().__init__(person, data, correctable=correctable)
        if "name" in self.fields:
            self.fields["reason"].required = False
            self.fields["reason"].help_text = "更正姓名的必填。"
        else:
            del self.fields["reason"]


class ApplicantForm(IdentityForm):
    """What a reviewed application says of its person, put right by the centre."""

    photo = forms.FileField(
        label="更换照片",
        required=False,
        help_text="白底一寸（295×413）；较大的竖照片由系统转正、裁小。不换的不选。",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )

    class Meta(IdentityForm.Meta):
        model = Applicant
        fields = CORRECTABLE_OF_APPLICANTS

    def __init__(self, applicant: Applicant, data: Any = None, uploads: Any = None) -> None:
        super().__init__(applicant, data, uploads, correctable=CORRECTABLE_OF_APPLICANTS)

    field_order = (*CORRECTABLE_OF_APPLICANTS, "photo", "reason")

    def clean_photo(self) -> Any:
        photo = self.cleaned_data["photo"]
        wrong = files.size_problem(photo.size) if photo else None
        if wrong:
            raise forms.ValidationError(wrong)
        return photo

    def photo_bytes(self) -> bytes | None:
        photo = self.cleaned_data["photo"]
        return photo.read() if photo else None


class DecisionForm(forms.Form):
    """A decision on the applications that were ticked."""

    verdict = forms.ChoiceField(label="结论", choices=VERDICT_CHOICES)
    reason = forms.CharField(label="意见", max_length=300, required=False)
    chosen = Ticked("勾选的报名")


class WithdrawForm(ActForm):
    """Applications that are taken back."""

    reason = forms.CharField(label="撤回原因", max_length=300, required=False)
    chosen = Ticked("勾选的报名")


class ExemptionForm(ActForm):
    """What a part is left out on, with its paper."""

    part = OneOf("科目", SHORT, said="登记免考须有：科目", required=False)
    basis = forms.CharField(label="免考依据", max_length=200, required=False)
    number = forms.CharField(label="文件编号", max_length=60, required=False)
    file = forms.FileField(label="文件", required=False, allow_empty_file=True)
