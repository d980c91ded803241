"""What is filled in for results, score checks and objections."""

from __future__ import annotations

from django import forms

from assay.catalogue.parts import SHORT
from assay.centre.act_forms import ActForm, OneOf, Ticked


class LapseForm(ActForm):
    """A part that has nothing to be left out on any more, and why."""

    part = OneOf("科目", SHORT, said="该科目不是没有依据的免考")
    reason = forms.CharField(label="免考失效的原因", max_length=200, required=False)


class AnswerForm(ActForm):
    """What a score check found, and whether the mark of marking again is taken over."""

    finding = forms.CharField(label="复核情况", max_length=300, required=False)
    take_over = forms.BooleanField(label="采用重评成绩", required=False)


class ConfirmForm(ActForm):
    """Whether an answer is confirmed or goes back, and why."""

    send_back = forms.BooleanField(label="退回重办", required=False)
    reason = forms.CharField(label="退回重办的原因", max_length=300, required=False)


class ObjectionsForm(ActForm):
    """Objections that are answered together."""

    chosen = Ticked("勾选的异议")
    reason = forms.CharField(label="处理结果", required=False)
