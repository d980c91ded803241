"""Forms of the desk: signing in, the own password, named days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from assay.centre.act_forms import ActForm, OneOf, Whole
from assay.centre.signing_in import LONGEST_PASSWORD

LONGEST_HOLIDAY = 15


class SignInForm(forms.Form):
    username = forms.CharField(
        label="账号",
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """A code of the telephone, or one of the recovery codes."""

    code = forms.CharField(
        label="验证码", max_length=20,
        widget=forms.TextInput(
            attrs={
                "class": "form-control form-control-lg text-center", "autocomplete": "one-time-code", "autofocus": True,
                "autocapitalize": "characters", "spellcheck": "false",
            }
        ),
    )  # fmt: skip


class OwnPasswordForm(PasswordChangeForm):
    """The present password and the new one twice; it only checks, the act writes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (
            ("old_password", "原密码"),
            ("new_password1", "新密码"),
            ("new_password2", "再输一次新密码"),
        ):
            self.fields[name].label = label
            self.fields[name].widget.attrs["class"] = "form-control"
            self.fields[name].validators.append(MaxLengthValidator(LONGEST_PASSWORD))
        self.fields[
            "new_password1"
        ].help_text = "至少 8 位，越长越好；不要用常见的密码，校名、姓名、账号、证件号码中的字样不算在内。"


class NamedDaysForm(forms.Form):
    """A run of days off, or of make-up working days, as the yearly notice names them."""

    WORKS = [("off", "放假"), ("works", "上班（调休）")]
    first = forms.DateField(label="自", widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}))
    last = forms.DateField(
        label="至", required=False, widget=forms.DateInput(attrs={"type": "date", "class": "form-control"})
    )
    works = forms.ChoiceField(label="安排", choices=WORKS, widget=forms.Select(attrs={"class": "form-select"}))
    title = forms.CharField(label="名称", max_length=40, widget=forms.TextInput(attrs={"class": "form-control"}))
    whole = forms.BooleanField(
        label="本年安排已全部载入", required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        help_text="通知中全年的放假和调休都已载入时才勾选；勾选以前，涉及这一年的工作日都注明是推算的。",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and not 0 <= (last - first).days < LONGEST_HOLIDAY:
            raise ValidationError(f"“至”应在“自”之后，且一次不超过 {LONGEST_HOLIDAY} 天")
        return given

    def days(self) -> list[tuple[date, bool, str]]:
        """(day, works, title) of each day of a valid form."""
        given = self.cleaned_data
        first: date = given["first"]
        last: date = given["last"] or first
        count = (last - first).days + 1
        return [(first + timedelta(days=n), given["works"] == "works", given["title"]) for n in range(count)]


class WholeYearForm(ActForm):
    """Of one year: whether its notice is all in."""

    year = Whole("年度")
    whole = OneOf("安排", {"yes": "已全部载入", "no": "尚未载入齐全"}, said="请说明该年安排是否已全部载入")
