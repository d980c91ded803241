"""Forms of candidates, and of the department that vouches for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from assay.applications.course_field import CoursesField
from assay.applications.eligibility import condition_needs
from assay.applications.forms import MonthField
from assay.applications.people import EDUCATIONS, ETHNIC_GROUPS, PersonData, normal_phone, phone_problem
from assay.applications.sources import STUDENT, admitted_by
from assay.batches.models import BatchLine
from assay.batches.stages import Route
from assay.catalogue.models import ContestScheme, CreditScheme, DirectMapping, EntryCondition, Major
from assay.centre import parameters
from assay.centre.act_forms import ActForm, Flag, Ticked
from assay.centre.models import Department
from assay.centre.signing_in import LONGEST_PASSWORD
from assay.kernel import files
from assay.kernel.clock import today
from assay.kernel.identity import (
    ID_TYPES,
    RESIDENT,
    SELF_TELLING,
    contradictions,
    lasting,
    name_problem,
    normalise,
    number_problem,
    other_types,
    tidy_name,
)
from assay.portal.acts import candidate_to_be

TEXT = {"class": "form-control"}
SELECT = {"class": "form-select"}


class IdentityForm(forms.Form):
    """An identity document, checked by what it says itself. Whether anybody is known by it is no matter of forms."""

    id_type = forms.ChoiceField(
        label="证件类型", choices=list(ID_TYPES.items()), initial=RESIDENT, widget=forms.Select(SELECT)
    )
    id_number = forms.CharField(
        label="证件号码", max_length=24, widget=forms.TextInput({**TEXT, "autocomplete": "off"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        number = normalise(cleaned.get("id_number", ""))
        id_type = cleaned.get("id_type", RESIDENT)
        wrong = number_problem(id_type, number, today()) if number else None
        if wrong and "证件类型" not in wrong and other_types(id_type, number):
            wrong += f"。不是{ID_TYPES[id_type]}的，请先改选证件类型"
        if wrong:
            self.add_error("id_number", wrong)
        cleaned["id_number"] = lasting(id_type, number)
        return cleaned


class CandidateSignInForm(IdentityForm):
    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput({**TEXT, "autocomplete": "current-password"}),
    )
    field_order = ("id_type", "id_number", "password")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["id_number"].widget.attrs["autocomplete"] = "username"


class NewPasswordForm(IdentityForm):
    """An identity document and a password for it."""

    password = forms.CharField(
        label="设置密码",
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput({**TEXT, "autocomplete": "new-password"}),
        help_text="至少 8 位，不要用证件号码、姓名或常见的密码。",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("password"):
            try:
                validate_password(
                    cleaned["password"],
                    candidate_to_be(id_number=cleaned["id_number"], name=cleaned.get("name", "")),
                )
            except forms.ValidationError as weak:
                self.add_error("password", weak)
        return cleaned


class ActivationForm(NewPasswordForm):
    """What the department handed out, and the password of one's own."""

    code = forms.CharField(
        label="激活码", max_length=20, help_text="系部发放，10 位，不分大小写。",
        widget=forms.TextInput({**TEXT, "autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip
    field_order = ("id_type", "id_number", "code", "password")


def _sources() -> list[tuple[str, str]]:
    """Whom the centre assesses: what is kept, and the word."""
    return [(kept, word) for word, kept in admitted_by(parameters.text("applications.sources")).items()]


class SignUpForm(NewPasswordForm):
    """What a new candidate gives; the department compares it with its roster."""

    name = forms.CharField(label="姓名", max_length=60, widget=forms.TextInput(TEXT))
    source = forms.ChoiceField(label="考生来源", choices=_sources, widget=forms.Select(SELECT))
    student_no = forms.CharField(
        label="学号/工号", max_length=30, required=False, help_text="在校学生必填学号。", widget=forms.TextInput(TEXT)
    )
    department = forms.ModelChoiceField(Department.objects.all(), label="院系部门", widget=forms.Select(SELECT))
    major = forms.ModelChoiceField(
        Major.objects.all(), label="专业", required=False, help_text="在校学生请选，报名条件按它核对。",
        widget=forms.Select(SELECT),
    )  # fmt: skip
    class_name = forms.CharField(label="班级", max_length=40, required=False, widget=forms.TextInput(TEXT))
    sex = forms.ChoiceField(
        label="性别", choices=[("", "按身份证号"), ("男", "男"), ("女", "女")], required=False, widget=forms.Select(SELECT),
        help_text="居民身份证、港澳台居民居住证不用选，证件号码里有；其他证件请选择。",
    )  # fmt: skip
    ethnic = forms.ChoiceField(label="民族", choices=[(g, g) for g in ETHNIC_GROUPS], widget=forms.Select(SELECT))
    education = forms.ChoiceField(
        label="文化程度", choices=[(e, e) for e in EDUCATIONS], initial="中等专业学校", widget=forms.Select(SELECT)
    )
    graduates_on = MonthField(
        label="预计毕业年月", required=False, help_text="在校学生请填，如 2027-07，报名条件按它核对。",
        widget=forms.TextInput({**TEXT, "autocomplete": "off"}),
    )  # fmt: skip
    phone = forms.CharField(label="手机号码", max_length=20, widget=forms.TextInput({**TEXT, "inputmode": "tel"}))
    field_order = (
        "name", "id_type", "id_number", "source", "student_no", "department", "major", "class_name", "sex", "ethnic",
        "education", "graduates_on", "phone", "password",
    )  # fmt: skip

    def clean_name(self) -> str:
        name = tidy_name(self.cleaned_data["name"])
        wrong = name_problem(name)
        if wrong:
            raise forms.ValidationError(wrong)
        return name

    def clean_phone(self) -> str:
        phone = normal_phone(self.cleaned_data["phone"])
        wrong = phone_problem(phone)
        if wrong:
            raise forms.ValidationError(wrong)
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("source") == STUDENT and not cleaned.get("student_no", "").strip():
            self.add_error("student_no", "在校学生须填学号")
        id_type, sex = cleaned.get("id_type", RESIDENT), cleaned.get("sex", "")
        if id_type not in SELF_TELLING and not sex:
            self.add_error("sex", "请选择性别：这种证件的号码里没有")
        for _, said in contradictions(id_type, cleaned["id_number"], sex=sex):
            self.add_error("sex", said)
        return cleaned

    def person(self) -> PersonData:
        """The cleaned form as a person."""
        given = self.cleaned_data
        major = given["major"]
        return PersonData(
            name=given["name"], id_type=given["id_type"], id_number=given["id_number"],
            sex=given["sex"], ethnic=given["ethnic"], education=given["education"],
            phone=given["phone"], source=given["source"], department=given["department"].pk,
            major=major.pk if major else None, class_name=given["class_name"], student_no=given["student_no"].strip(),
            graduates_on=given["graduates_on"],
        )  # fmt: skip


class Verdict(StrEnum):
    """As the buttons of the page of claims say it."""

    CONFIRM = "confirm"
    REFUSE = "refuse"


class ClaimsForm(forms.Form):
    """What is decided over the ticked claims."""

    verdict = forms.ChoiceField(label="办理", choices=[(Verdict.CONFIRM.value, "确认"), (Verdict.REFUSE.value, "退回")])
    reason = forms.CharField(label="意见", max_length=300, required=False)
    despite = forms.BooleanField(label="不符也确认", required=False)
    chosen = Ticked("勾选的注册")


class CodesForm(ActForm):
    """Who gets a code: those who are ticked, or all of a class without an account."""

    whole = Flag("整班")
    chosen = Ticked("勾选的人员")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.take_in({"class": forms.CharField(label="班级", required=False, strip=False, max_length=40)})


class ConditionField(forms.ModelChoiceField):
    """Entry conditions of one occupation and level."""

    def label_from_instance(self, obj: EntryCondition) -> str:
        return f"{obj.code} {obj.text}"


FILES = ("photo", "evidence")


class ApplyForm(forms.Form):
    """An application for one job and level of a batch; the fields of the batch's route, and of them what belongs to the job."""

    condition = ConditionField(EntryCondition.objects.none(), label="依据的申报条件", widget=forms.Select(SELECT))
    work_years = forms.IntegerField(
        label="本职业工作年限", min_value=0, max_value=60, initial=0, widget=forms.NumberInput(TEXT)
    )
    prior_certificate = forms.CharField(
        label="原证书编号（如有）", required=False, max_length=40, widget=forms.TextInput(TEXT)
    )
    certificate = forms.ChoiceField(label="1+X 证书", widget=forms.Select(SELECT))
    certificate_level = forms.ChoiceField(label="1+X 证书等级", widget=forms.Select(SELECT))
    number = forms.CharField(label="1+X 证书编号", max_length=60, widget=forms.TextInput(TEXT))
    courses = CoursesField(label="课程成绩")
    contest = forms.ChoiceField(label="竞赛", widget=forms.Select(SELECT))
    rank = forms.IntegerField(label="名次", min_value=1, required=False, widget=forms.NumberInput(TEXT))
    score = forms.DecimalField(label="成绩", required=False, widget=forms.NumberInput(TEXT))
    photo = forms.FileField(
        label="照片", required=False, help_text="白底免冠近照，手机拍的竖照片即可，系统裁成一寸（295×413）；已上传过可不选。",
        widget=forms.FileInput({**TEXT, "accept": "image/jpeg,image/png", "data-photo-frame": ""}),
    )  # fmt: skip
    evidence = forms.FileField(
        label="证明材料", required=False, help_text="PDF、JPG 或 PNG，不超过 10 MB。",
        widget=forms.FileInput({**TEXT, "accept": ".pdf,.jpg,.jpeg,.png"}),
    )  # fmt: skip
    pledged = forms.BooleanField(
        label="本人承诺所填内容真实，遵守考场规则，如有虚假愿承担后果。",
        error_messages={"required": "请先阅读并勾选承诺，再提交报名"},
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )

    BY_ROUTE = {
        Route.EXAM: {"condition", "work_years", "prior_certificate"},
        Route.DIRECT: {"certificate", "certificate_level", "number"},
        Route.PROCESS: {"courses"},
        Route.CONTEST: {"contest", "rank", "score"},
    }

    lacks_details = False
    """Whether what is wrong is also a fact of the person, which the own details hold."""

    forget_kept = forms.BooleanField(
        label="不用上次暂存的文件", required=False, widget=forms.CheckboxInput({"class": "form-check-input"})
    )

    def __init__(self, line: BatchLine, *args: Any, kept: Mapping[str, str], **kwargs: Any) -> None:
        """`kept`: of files that a refused form brought along, the names by field."""
        super().__init__(*args, **kwargs)
        self.line, self.route = line, line.batch.route
        if kept:
            self.say_kept(kept)
        else:
            del self.fields["forget_kept"]
        for route, names in self.BY_ROUTE.items():
            if route != self.route:
                for name in names:
                    del self.fields[name]
        getattr(self, f"_of_{self.route}")({"scope_row": line.scope_row_id, "level": line.level_id})

    def _of_exam(self, job: dict[str, int]) -> None:
        field = self.fields["condition"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = EntryCondition.objects.filter(
            standard_level__standard=self.line.scope_row.standard_id, standard_level__level=job["level"]
        )

    def conditions(self) -> list[tuple[EntryCondition, list[str]]]:
        """The job's entry conditions, each with what it needs of this form; none where the route knows none."""
        field = self.fields.get("condition")
        found = field.queryset if isinstance(field, forms.ModelChoiceField) else None
        return [(condition, condition_needs(condition)) for condition in found or ()]

    def _of_direct(self, job: dict[str, int]) -> None:
        mapped = DirectMapping.objects.filter(**job, active=True)
        for name in ("certificate", "certificate_level"):
            self._choices(name, sorted(set(mapped.values_list(name, flat=True))))

    def _of_contest(self, job: dict[str, int]) -> None:
        held = ContestScheme.objects.filter(**job, active=True)
        self._choices("contest", sorted(set(held.values_list("contest", flat=True))))

    def _of_process(self, job: dict[str, int]) -> None:
        schemes = CreditScheme.objects.filter(**job, active=True)
        asked = [f"{s.name}：{'、'.join(c['name'] for c in s.courses)}" for s in schemes]
        self.fields["courses"].help_text = "每行一门，写成“课程=成绩”。应修课程——" + "；".join(asked)

    def _choices(self, name: str, names: list[str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(n, n) for n in names]

    def say_kept(self, kept: Mapping[str, str]) -> None:
        """No browser shows a chosen file again by itself."""
        for name, file in kept.items():
            self[name].help_text = f"“{file}”已暂存，不用再选；要换的请选新的文件。"

    def pick_again(self, kept: Mapping[str, str]) -> None:
        """Say at each file that was sent that it is kept, or that it has to be chosen once more."""
        self.say_kept(kept)
        for name in FILES:
            given = self.files.get(name)
            if given is not None and name not in kept:
                self.add_error(name, f"“{given.name}”没有保存，改好其他内容后请重新选择这个文件")

    def clean_photo(self) -> Any:
        return _of_bearable_size(self.cleaned_data["photo"])

    def clean_evidence(self) -> Any:
        return _of_bearable_size(self.cleaned_data["evidence"])

    def route_facts(self) -> dict[str, Any]:
        """What the route rests on, for Application.route_facts."""
        given = self.cleaned_data
        if self.route == Route.DIRECT:
            return {key: given[key] for key in ("certificate", "certificate_level", "number")}
        if self.route == Route.PROCESS:
            return {"courses": given["courses"]}
        if self.route == Route.CONTEST:
            return {key: str(given[key]) if given[key] is not None else "" for key in ("contest", "rank", "score")}
        return {}


def _of_bearable_size(given: Any) -> Any:
    """An upload, refused before it is read into memory when it is too large."""
    wrong = files.size_problem(given.size) if given else None
    if wrong:
        raise forms.ValidationError(wrong)
    return given


class CheckForm(forms.Form):
    """Asking for a score check."""

    part = forms.ChoiceField(label="科目", widget=forms.Select(SELECT))
    reason = forms.CharField(label="申请理由", max_length=300, widget=forms.Textarea({**TEXT, "rows": 3}))

    def __init__(self, parts: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        part = self.fields["part"]
        assert isinstance(part, forms.ChoiceField)
        part.choices = list(parts)


class ObjectionForm(forms.Form):
    """An objection to a public notice."""

    name = forms.CharField(label="姓名", max_length=60, widget=forms.TextInput(TEXT))
    contact = forms.CharField(label="联系方式", max_length=60, widget=forms.TextInput(TEXT))
    text = forms.CharField(label="反映的问题", max_length=2000, widget=forms.Textarea({**TEXT, "rows": 4}))


class CheckCertificateForm(forms.Form):
    """Number and name of a certificate."""

    number = forms.CharField(label="证书编号", max_length=30, widget=forms.TextInput({**TEXT, "autocomplete": "off"}))
    name = forms.CharField(label="姓名", max_length=60, widget=forms.TextInput(TEXT))
