"""The form in which a department mends one application: everything that its roster says of it, and the papers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from assay.applications.acts.applying import Entry
from assay.applications.acts.mending import OF_ROSTERS
from assay.applications.attachments import Upload
from assay.applications.course_field import CoursesField
from assay.applications.forms import IdentityForm
from assay.applications.models import Application, Person
from assay.applications.parts import HOW_CHOICES
from assay.applications.people import CORRECTABLE_BY_CENTRE
from assay.batches.models import BatchLine
from assay.batches.stages import Route
from assay.catalogue.models import EntryCondition
from assay.centre.editing import dress
from assay.kernel import files
from assay.kernel.clock import today
from assay.kernel.identity import SELF_TELLING, birth_problem

FACTS: dict[str, tuple[str, ...]] = {
    Route.DIRECT: ("certificate", "certificate_level", "number"),
    Route.PROCESS: ("courses",),
    Route.CONTEST: ("contest", "rank", "score"),
}
OF_EXAM = ("condition", "theory", "skill", "work_years", "prior_certificate")


class _Condition(forms.ModelChoiceField):
    """Entry conditions of the jobs of a batch; which of them goes with which job and level stands in front."""

    def label_from_instance(self, obj: EntryCondition) -> str:
        return f"{obj.standard_level} 条件 {obj.code}：{obj.text}"


class MendForm(IdentityForm):
    """`reason` is what the ledger keeps beside the changes."""

    line = forms.ModelChoiceField(BatchLine.objects.none(), label="申报工种等级", empty_label=None)
    condition = _Condition(EntryCondition.objects.none(), label="申报条件", required=False)
    theory = forms.ChoiceField(label="理论", choices=HOW_CHOICES)
    skill = forms.ChoiceField(label="技能", choices=HOW_CHOICES)
    work_years = forms.IntegerField(label="本职业工作年限", min_value=0, max_value=60)
    prior_certificate = forms.CharField(label="原证书编号", required=False, max_length=40)
    certificate = forms.CharField(label="1+X 证书", required=False, max_length=80)
    certificate_level = forms.CharField(label="1+X 证书等级", required=False, max_length=20)
    number = forms.CharField(label="1+X 证书编号", required=False, max_length=60)
    courses = CoursesField(label="课程成绩", required=False)
    contest = forms.CharField(label="竞赛", required=False, max_length=80)
    rank = forms.IntegerField(label="名次", min_value=1, required=False)
    score = forms.DecimalField(label="成绩", required=False)
    pledged = forms.BooleanField(label="考生已签署诚信承诺书", required=False, help_text="没有签署的不能提交。")
    photo = forms.FileField(
        label="更换照片",
        required=False,
        help_text="白底一寸（295×413）；较大的竖照片由系统转正、裁小。不换的不选。",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
    evidence = forms.FileField(
        label="补充证明材料",
        required=False,
        help_text="PDF、JPG 或 PNG，不超过 10 MB。已有的材料仍在。",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    class Meta(IdentityForm.Meta):
        model = Person
        fields = (*CORRECTABLE_BY_CENTRE, *OF_ROSTERS)

    field_order = (
        "name", "sex", "birth", "ethnic", "education", "phone", "email", "address", "source", "department", "major",
        "class_name", "student_no", "enrolled_on", "graduates_on", "line", *OF_EXAM,
        *(name for names in FACTS.values() for name in names), "pledged", "photo", "evidence", "reason",
    )  # fmt: skip

    def __init__(
        self, application: Application, data: Any = None, uploads: Any = None, *, correctable: Collection[str]
    ) -> None:
        """`correctable`: what of the person may be put right here and now."""
        super().__init__(application.person, data, uploads, correctable=correctable)
        self.application, route = application, application.batch.route
        if application.person.id_type in SELF_TELLING:
            self.fields.pop("birth", None)
        foreign = [name for other, names in FACTS.items() if other != route for name in names]
        for name in [
            *foreign,
            *(OF_EXAM if route != Route.EXAM else ()),
            *(("pledged",) if application.pledged else ()),
        ]:
            del self.fields[name]
        self._offer(application)
        said = {name: getattr(application, name) for name in OF_EXAM if name != "condition"}
        self.initial |= said | application.route_facts | {
            "line": application.line_id, "condition": application.condition_id,
        }  # fmt: skip
        self.fields["reason"].required = False
        self.fields["reason"].label = "补正说明"
        self.fields["reason"].help_text = "更正姓名的必填。"
        dress(self)

    def _offer(self, application: Application) -> None:
        lines = application.batch.lines.select_related("scope_row__occupation", "level")
        line = self.fields["line"]
        assert isinstance(line, forms.ModelChoiceField)
        line.queryset = lines
        condition = self.fields.get("condition")
        if isinstance(condition, forms.ModelChoiceField):
            levels = [(one.scope_row.standard_id, one.level_id) for one in lines]
            wanted = EntryCondition.objects.none()
            for standard, level in sorted(set(levels)):
                wanted |= EntryCondition.objects.filter(standard_level__standard=standard, standard_level__level=level)
            related = wanted.select_related("standard_level__standard", "standard_level__level")
            condition.queryset = related.order_by("standard_level", "code")

    def clean_birth(self) -> Any:
        birth = self.cleaned_data["birth"]
        wrong = birth_problem(birth, today()) if birth else None
        if wrong:
            raise forms.ValidationError(wrong)
        return birth

    def clean_photo(self) -> Any:
        return _bearable(self.cleaned_data["photo"])

    def clean_evidence(self) -> Any:
        return _bearable(self.cleaned_data["evidence"])

    def entry(self) -> Entry:
        """What is applied for, as it was filled in."""
        given, route = self.cleaned_data, self.application.batch.route
        facts = {name: given[name] for name in FACTS.get(route, ())}
        return Entry(
            line=given["line"],
            condition=given.get("condition"),
            route_facts={name: value if name == "courses" else _word(value) for name, value in facts.items()},
            theory=given.get("theory"),
            skill=given.get("skill"),
            work_years=given.get("work_years") or 0,
            prior_certificate=given.get("prior_certificate") or "",
            pledged=self.application.pledged or given.get("pledged", False),
        )

    def photo_bytes(self) -> bytes | None:
        photo = self.cleaned_data["photo"]
        return photo.read() if photo else None

    def papers(self) -> list[Upload]:
        paper = self.cleaned_data["evidence"]
        return [Upload(paper.name, paper.read())] if paper else []


def _word(value: Any) -> str:
    return "" if value is None else str(value)


def _bearable(given: Any) -> Any:
    """An upload, refused before it is read into memory when it is too large."""
    wrong = files.size_problem(given.size) if given else None
    if wrong:
        raise forms.ValidationError(wrong)
    return given
