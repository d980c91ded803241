"""Forms of the centre's own affairs."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django import forms

from assay.centre.act_forms import ActForm, OneOf, Whole
from assay.centre.duties import DUTIES, HELD_BY_NO_POST
from assay.centre.editing import PlainForm, RowForm
from assay.centre.models import Account, Centre, Department, Post
from assay.centre.parameters import PARAMETERS
from assay.kernel.basis import KINDS, LONGEST_NUMBER, subject
from assay.kernel.citing import place
from assay.kernel.clauses import PLAN
from assay.kernel.clock import today
from assay.kernel.tables import UPLOADED


def duty_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Duties that a post can hold, by group, for tick boxes."""
    held = [d for d in DUTIES.values() if d.code not in HELD_BY_NO_POST]
    return [
        (group, [(d.code, f"{d.code} {d.text}（{place(d.clause)}）") for d in of_group])
        for group, of_group in groupby(held, key=lambda d: d.group)
    ]


class CentreForm(RowForm):
    class Meta:
        model = Centre
        fields = ("name", "name_en", "school", "address", "phone", "body_code", "number_source", "is_demo")
        help_texts = {"body_code": "省中心给定，1 个大写字母加 12 位数字，原样填写。"}


class DepartmentForm(RowForm):
    class Meta:
        model = Department
        fields = ("code", "name")


class PostForm(RowForm):
    duties = forms.MultipleChoiceField(
        label="承担的职责", choices=duty_choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Post
        fields = ("code", "title", "group", "duties")


class AccountForm(RowForm):
    """Name and department of an account that is there."""

    class Meta:
        model = Account
        fields = ("name", "department")


class NewAccountForm(PlainForm):
    """A new account of staff with its posts. Its first password is drawn by lot."""

    username = forms.RegexField(
        r"^[A-Za-z0-9_.-]{2,60}$", label="账号",
        error_messages={"invalid": "账号用 2 至 60 个字母、数字或 . _ -"},
    )  # fmt: skip
    name = forms.CharField(label="姓名", max_length=60)
    department = forms.ModelChoiceField(Department.objects.all(), label="部门", required=False)
    posts = forms.ModelMultipleChoiceField(
        Post.objects.all(), label="岗位", required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"])
        if Account.objects.filter(username=username).exists():
            raise forms.ValidationError("这个账号已经有了，请换一个")
        return username


class AppointForm(PlainForm):
    post = forms.ModelChoiceField(Post.objects.all(), label="岗位")
    since = forms.DateField(label="任职自", initial=today)


class EndForm(PlainForm):
    """The last day in a post; or `at_once`, by a button of its own."""

    until = forms.DateField(label="任职至", initial=today)
    at_once = forms.BooleanField(label="立即免职", required=False)

    def last_day(self) -> date | None:
        """None: at once."""
        return None if self.cleaned_data["at_once"] else self.cleaned_data["until"]


class ParameterForm(PlainForm):
    """The value of one parameter and the document that allows it; `was` is the value that the page showed."""

    was = forms.CharField(label="页面上的值", required=False, widget=forms.HiddenInput)
    value = forms.CharField(label="值", max_length=200)
    document_no = forms.CharField(
        label="依据文号", max_length=80, required=False, help_text="与默认值不同时，写明允许这样做的文件。"
    )

    def __init__(self, key: str, *args: Any, **kwargs: Any) -> None:
        self.parameter = PARAMETERS[key]
        super().__init__(*args, **kwargs)
        self.fields[
            "value"
        ].label = f"{self.parameter.title}{f'（{self.parameter.unit}）' if self.parameter.unit else ''}"
        if self.parameter.choices:
            self.fields["value"].widget = forms.Select({"class": "form-select"}, self.parameter.choices)
        elif self.parameter.range:
            self.fields["value"].help_text = f"可填 {self.parameter.range}。"
        if not self.parameter.ruled:
            del self.fields["document_no"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text = str(cleaned.get("value", "")).strip()
        try:
            self.parameter.parse(text)
        except ValueError:
            self.add_error("value", self._wrong())
        if self.parameter.ruled and text and text != self.parameter.default and not cleaned.get("document_no"):
            default = self.parameter.shown(self.parameter.default)
            self.add_error("document_no", f"与默认值（{default}）不同，请写明依据文号")
        cleaned["value"] = text
        return cleaned

    def _wrong(self) -> str:
        if self.parameter.choices:
            return f"应选：{'、'.join(title for _, title in self.parameter.choices)}"
        if self.parameter.kind == "text":
            return "不能为空：印在证书和二维码上"
        if self.parameter.kind == "words":
            most = self.parameter.most
            return f"应填一个或几个词，用“、”隔开，不重复，每个不超过 {most} 个字，如“{self.parameter.default}”"
        kind = "整数" if self.parameter.kind == "int" else "数字"
        return (
            f"应填 {self.parameter.range} 的{kind}"
            if self.parameter.range
            else f"应填{'不小于 0 的整数' if kind == '整数' else kind}"
        )


class BasisForm(ActForm):
    """A basis of the rules: its document, and where in it each clause stands, in as many fields or in a file."""

    was = Whole("页面上的版本", required=False)
    kind = OneOf("依据", KINDS, said="请选择依据")
    title = forms.CharField(
        label="文件名称",
        max_length=60,
        required=False,
        help_text="以本校文件为依据时必填，页面和文书上这样写，如“技能等级认定实施方案”。",
    )
    document_no = forms.CharField(label="文号", max_length=60, required=False)
    since = forms.DateField(
        label="施行日期",
        required=False,
        help_text="不填即自今天起。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    file = forms.FileField(
        label="条款号表（Excel）",
        required=False,
        help_text="在 Excel 里填好的，从这里导入；给了文件，以文件为准。",
        widget=forms.ClearableFileInput(attrs={"accept": UPLOADED}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["was"].widget = forms.HiddenInput()
        self.take_in(
            {
                name: forms.CharField(
                    label=subject(clause),
                    max_length=LONGEST_NUMBER,
                    required=False,
                    widget=forms.TextInput(attrs={"aria-label": f"{subject(clause)}：条款号"}),
                )
                for name, clause in self.clauses().items()
            }
        )

    @staticmethod
    def clauses() -> dict[str, str]:
        """Field → clause."""
        return {f"number_{place}": clause for place, clause in enumerate(PLAN)}
