"""Forms of the catalogue; structured values are written in the notation of the set-up workbook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from assay.catalogue import notation
from assay.catalogue.models import (
    ContestScheme,
    CreditScheme,
    DirectMapping,
    EntryCondition,
    Level,
    Major,
    Occupation,
    PaperPattern,
    ScopeRow,
    Standard,
    StandardLevel,
    Weight,
)
from assay.centre.editing import RowForm


class NotationField(forms.CharField):
    """A structured value written on a line: `read` makes the value (ValueError says what is wrong), `write` the line."""

    def __init__(self, read: Callable[[str], Any], write: Callable[[Any], str], **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **options)
        self._read, self._write = read, write

    def prepare_value(self, value: Any) -> Any:
        return self._write(value) if isinstance(value, list | dict) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return self._read(text)
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong


OF_A_STANDARD: dict[str, tuple[str, ...]] = {"standard_level": ("standard", "level")}
OF_THE_SCOPE: dict[str, tuple[str, ...]] = {"scope_row": ("occupation",)}


class LevelForm(RowForm):
    class Meta:
        model = Level
        fields = ("code", "title", "title_en", "certificate_title", "rank", "needs_review")


class MajorForm(RowForm):
    class Meta:
        model = Major
        fields = ("name", "department")


class OccupationForm(RowForm):
    class Meta:
        model = Occupation
        fields = ("dictionary", "code", "name", "name_en")
        help_texts = {"dictionary": "如 2015、2022；同一职业在不同版本的大典里编码可能不同。"}


class StandardForm(RowForm):
    class Meta:
        model = Standard
        fields = ("occupation", "title", "edition", "document_no")


class StandardLevelForm(RowForm):
    class Meta:
        model = StandardLevel
        fields = (
            "standard", "level", "theory_minutes", "skill_minutes", "review_minutes", "pass_mark",
            "theory_candidates_per_invigilator", "theory_minimum_invigilators", "skill_candidates_per_examiner",
            "panel_minimum",
        )  # fmt: skip


class WeightForm(RowForm):
    near = OF_A_STANDARD

    class Meta:
        model = Weight
        fields = ("standard_level", "part", "group", "name", "percent", "position")


class ConditionForm(RowForm):
    near = OF_A_STANDARD
    rule = NotationField(
        notation.parse_rule, notation.format_rule, label="可核对的部分", required=False,
        help_text="系统据此核对报名，用分号隔开，如：年满=16；工作年限=5；持有等级=4；专业对应；毕业学年；限在校生。",
    )  # fmt: skip

    class Meta:
        model = EntryCondition
        fields = ("standard_level", "code", "text", "evidence", "rule")


class PatternForm(RowForm):
    near = OF_A_STANDARD
    sections = NotationField(
        notation.parse_sections, notation.format_sections, label="题型结构",
        help_text="题型 题数 每题分值，用分号隔开，总分 100。如：单选 80 1；判断 20 1。",
    )  # fmt: skip

    class Meta:
        model = PaperPattern
        fields = ("standard_level", "name", "minutes", "sections")


class ScopeRowForm(RowForm):
    class Meta:
        model = ScopeRow
        fields = (
            "no", "occupation", "job", "job_en", "also_called", "standard", "levels", "majors", "valid_from",
            "valid_to", "document_no",
        )  # fmt: skip
        widgets = {"levels": forms.CheckboxSelectMultiple, "majors": forms.CheckboxSelectMultiple}
        help_texts = {"job": "职业下没有工种的留空，证书上印“--”。", "valid_to": "留空为长期有效。"}


class CreditSchemeForm(RowForm):
    near = OF_THE_SCOPE
    courses = NotationField(
        notation.parse_courses, notation.format_courses, label="应修课程",
        help_text="课程 理论|技能 学分 必修|选修，用分号隔开。如：会计基础 理论 4 必修；收银实务 技能 6 必修。",
    )  # fmt: skip

    class Meta:
        model = CreditScheme
        fields = (
            "scope_row", "level", "name", "courses", "credits_needed", "pass_mark", "document_no", "active",
        )  # fmt: skip


class ContestSchemeForm(RowForm):
    near = OF_THE_SCOPE

    class Meta:
        model = ContestScheme
        fields = ("scope_row", "level", "contest", "held_on", "max_rank", "min_score", "document_no", "active")


class DirectMappingForm(RowForm):
    near = OF_THE_SCOPE

    class Meta:
        model = DirectMapping
        fields = ("scope_row", "level", "certificate", "issuer", "certificate_level", "document_no", "active")
