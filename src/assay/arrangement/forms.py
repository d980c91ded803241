"""What is filled in for an arrangement."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms

from assay.arrangement.models import SessionRoom
from assay.arrangement.proposal import Options
from assay.arrangement.slots import Day
from assay.centre.act_forms import ActForm, Chosen, Whole

HOURS = ("morning", "noon", "afternoon", "evening")
_GIVEN = dict(zip(HOURS, (hour for window in Day().windows for hour in window), strict=True))
_MOST_DAYS = 10


def _hour(name: str, label: str) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time", "class": "form-control"}, format="%H:%M")
    return forms.TimeField(label=label, initial=_GIVEN[name], widget=widget)


class ArrangeForm(forms.Form):
    """The days of the theory exam, and the hours of a day by the clock of Shanghai."""

    theory_days = forms.IntegerField(
        label="理论考试天数", min_value=1, max_value=_MOST_DAYS, initial=Options().theory_days,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )  # fmt: skip
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
        return Options(day=Day(((morning, noon), (afternoon, evening))), theory_days=self.cleaned_data["theory_days"])


class MoveForm(ActForm):
    """Where a candidate is moved to; no other room said, within the room."""

    session_room = Chosen(SessionRoom.objects.all(), label="要调去的考场", required=False)
    seat = Whole("座位号", said="座位号请填数字")


class ReplaceForm(ActForm):
    """Who takes over a place in a room."""

    member = Whole("改派的人员", said="请先选择改派的人员。")
