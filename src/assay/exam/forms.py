"""Forms of the exam."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from assay.centre.act_forms import ActForm, Flag, OneOf, Ticked, Whole
from assay.exam.acts.checking import Found
from assay.exam.models import RecordAddition


class RescheduleForm(forms.Form):
    """Another time for a room or a session."""

    starts_at = forms.DateTimeField(
        label="开考时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M"),
    )


class PostponeForm(RescheduleForm):
    """Another time for a whole session, and why."""

    reason = forms.CharField(
        label="原因", max_length=150, widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
        help_text="写入台账；改期须另行报告省中心，并通知考生、监考员和考评人员。",
    )  # fmt: skip


class ReadinessForm(ActForm):
    """What was found in a room, check by check, and what is to be said of it."""

    remark = forms.CharField(label="情况说明", max_length=200, required=False)

    def __init__(self, titles: Sequence[str], *args: Any) -> None:
        super().__init__(*args)
        self._titles = titles
        self.take_in({f"ok-{n}": Flag(title) for n, title in enumerate(titles)})

    def clean(self) -> dict[str, Any]:
        """The checks as the act takes them down."""
        given = self.cleaned_data
        checks = [{"title": title, "ok": given[f"ok-{n}"]} for n, title in enumerate(self._titles)]
        return {"checks": checks, "remark": given.get("remark", "")}


class PlacesForm(ActForm):
    """What was found at each place that is ticked, check by check."""

    chosen = Ticked("勾选的考场")

    def __init__(self, places: Sequence[Any], *args: Any) -> None:
        super().__init__(*args)
        self._places = places
        boxes: dict[str, forms.Field] = {field: Flag(title) for place in places for field, title in place.boxes}
        remarks = {
            f"remark-{place.key}": forms.CharField(label=f"{place.first.room}：说明", max_length=200, required=False)
            for place in places
        }
        self.take_in({**boxes, **remarks})

    def clean(self) -> dict[str, Any]:
        """As the act takes them down."""
        given = self.cleaned_data
        found = [
            Found(
                place.rooms,
                [title for field, title in place.boxes if not given[field]],
                given.get(f"remark-{place.key}", ""),
            )
            for place in self._places
            if place.first.pk in given["chosen"]
        ]
        return {"places": found}


class RecordForm(ActForm):
    """The record of a room that examiners worked in."""

    present = Whole("实考", required=False)
    absent = Whole("缺考", required=False)
    incidents = forms.CharField(label="考场情况", required=False)


class AdditionForm(ActForm):
    """What is put right in a record, or added to it."""

    kind = OneOf("类别", dict(RecordAddition.Kind.choices), said="请选择“更正”或“补充”")
    text = forms.CharField(label="内容", max_length=500, error_messages={"required": "请写明更正或补充的内容"})


class CountersignForm(ActForm):
    """What the second person says to it; `agreed` is the button that was pressed."""

    agreed = OneOf("会签", {"1": "同意", "0": "不同意"}, said="请选择同意或不同意")
    answer = forms.CharField(label="会签意见", max_length=200, required=False)


class CopiesForm(ActForm):
    """For whom papers are printed: one seat; none said, the room."""

    seat = Whole("座位", required=False)
