"""Forms of the exam."""

from __future__ import annotations

from django import forms


class RescheduleForm(forms.Form):
    starts_at = forms.DateTimeField(
        label="开考时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M"),
    )
