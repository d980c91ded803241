"""Marks of courses as people type them: one a line, «课程=成绩»."""

from __future__ import annotations

from typing import Any

from django import forms

from assay.kernel.tables import as_decimal

LONGEST = 4_000


class CoursesField(forms.CharField):
    """Every line that cannot be read is named."""

    def __init__(self, *, help_text: str = "每行一门，写成“课程=成绩”。", **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST)
        super().__init__(help_text=help_text, widget=forms.Textarea({"class": "form-control", "rows": 6}), **kwargs)

    def clean(self, value: Any) -> Any:
        courses, wrong = [], []
        for line in super().clean(value).splitlines():
            name, sign, mark = line.replace("＝", "=").partition("=")
            if not line.strip():
                continue
            try:
                if not sign or as_decimal(mark.strip()) is None:
                    raise ValueError(line)
                courses.append({"name": name.strip(), "mark": mark.strip()})
            except ValueError:
                wrong.append(line.strip())
        if wrong:
            raise forms.ValidationError([f"“{line}”应写成“课程=成绩”" for line in wrong])
        return courses

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(f"{course['name']}={course['mark']}" for course in value)
        return value
