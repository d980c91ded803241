"""Forms of the exam."""

from __future__ import annotations

from django import forms


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
