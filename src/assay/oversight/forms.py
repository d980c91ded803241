"""What a supervisor fills in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from assay.centre.act_forms import ActForm


class FeedbackForm(ActForm):
    """The feedback on a stage, one verdict and note for each thing that is looked at. Which verdicts there are the act says."""

    place = forms.CharField(label="地点", max_length=60, required=False)
    findings = forms.CharField(label="发现的问题及建议", required=False)
    verdict = forms.CharField(label="总体评价", required=False)

    def __init__(self, titles: Sequence[str], *args: Any) -> None:
        super().__init__(*args)
        self._titles = titles
        named = {
            name: label
            for n, title in enumerate(titles)
            for name, label in ((f"verdict-{n}", title), (f"note-{n}", f"{title} 说明"))
        }
        self.take_in({name: forms.CharField(label=label, required=False) for name, label in named.items()})

    def clean(self) -> dict[str, Any]:
        """The checks as the act takes them down."""
        given = self.cleaned_data
        checks = [
            {"title": title, "verdict": given.get(f"verdict-{n}", ""), "note": given.get(f"note-{n}", "")}
            for n, title in enumerate(self._titles)
        ]
        return {"checks": checks, **{name: given.get(name, "") for name in ("place", "findings", "verdict")}}
