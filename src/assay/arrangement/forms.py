"""What is filled in for an arrangement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms

from assay.arrangement.models import Assignment, SessionRoom
from assay.arrangement.proposal import Options
from assay.arrangement.slots import Day
from assay.centre.act_forms import ActForm, Chosen, Flag, OneOf, Whole

HOURS = ("morning", "noon", "afternoon", "evening")
_GIVEN = dict(zip(HOURS, (hour for window in Day().windows for hour in window), strict=True))
_MOST_DAYS = 10


def _hour(name: str, label: str) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time", "class": "form-control"}, format="%H:%M")
    return forms.TimeField(label=label, initial=_GIVEN[name], widget=widget)


class ArrangeForm(forms.Form):
    """The days of the theory exam, who sits beside whom, and the hours of a day by the clock of Shanghai. `losing`: how many changes by
    hand the page has said to be lost."""

    theory_days = forms.IntegerField(
        label="理论考试天数", min_value=1, max_value=_MOST_DAYS, initial=Options().theory_days,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )  # fmt: skip
    mixed = forms.BooleanField(
        label="理论混排", required=False, help_text="相邻座位尽量不是同班同工种；监考员须回避的班级会随之增多",
        widget=forms.CheckboxInput(attrs={"class": "form-check-input d-block"}),
    )  # fmt: skip
    losing = forms.IntegerField(label="将失去的手工调整", required=False, min_value=0, widget=forms.HiddenInput)
    morning = _hour("morning", "上午开始")
    noon = _hour("noon", "上午结束")
    afternoon = _hour("afternoon", "下午开始")
    evening = _hour("evening", "下午结束")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        hours: list[time] = [given[name] for name in HOURS if name in given]
        if len(hours) == len(HOURS) and not hours[0] < hours[1] <= hours[2] < hours[3]:
            raise forms.ValidationError("时间应依次为上午开始、上午结束、下午开始、下午结束，请核对后重填。")
        return given

    def options(self) -> Options:
        """Of a form that is valid."""
        morning, noon, afternoon, evening = (self.cleaned_data[name] for name in HOURS)
        day = Day(((morning, noon), (afternoon, evening)))
        return Options(day=day, theory_days=self.cleaned_data["theory_days"], mixed=self.cleaned_data["mixed"])


class MoveForm(ActForm):
    """Where a candidate is moved to; no other room said, within the room. `swap`: to change seats with who sits there."""

    session_room = Chosen(SessionRoom.objects.all(), label="要调去的考场", required=False)
    seat = Whole("座位号", said="座位号请填数字")
    swap = Flag("对调")


class ReasonForm(ActForm):
    """Why somebody's place in a room changes."""

    reason = forms.CharField(
        label="原因", max_length=200, error_messages={"required": "请写明人员变动的原因，如“突发疾病”“临时出差”"}
    )


class ReplaceForm(ReasonForm):
    """Who takes over a place in a room."""

    member = Whole("改派的人员", said="请先选择改派的人员")


class AddForm(ReasonForm):
    """Who comes into a room as well, and as what."""

    member = Whole("增派的人员", said="请先选择增派的人员")

    def __init__(self, roles: Sequence[str], *args: Any) -> None:
        super().__init__(*args)
        titles = dict(Assignment.ROLES)
        self.take_in({"role": OneOf("岗位", {role: titles[role] for role in roles}, said="请选择增派的岗位")})
