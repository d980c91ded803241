"""What is filled in for marking."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from assay.centre.act_forms import ActForm, Chosen, Ticked
from assay.exam.models import WrittenAnswer


class SettleForm(ActForm):
    """The candidates of a panel whose marks are settled, and what was said of those who were talked over."""

    chosen = Ticked("勾选的考生")
    note = forms.CharField(label="复议说明", max_length=200, required=False)


class MarkForm(ActForm):
    """An examiner's mark of one of the answers that are to be marked. Which marks there are the answer's rule says."""

    mark = forms.CharField(label="得分", required=False)

    def __init__(self, answers: QuerySet[WrittenAnswer], *args: Any) -> None:
        super().__init__(*args)
        self.take_in({"answer": Chosen(answers, label="要评阅的作答")})


class DecideForm(ActForm):
    """The mark that is decided on between two, and why."""

    mark = forms.CharField(label="得分", required=False)
    note = forms.CharField(label="裁定的理由", max_length=200, required=False)


def entered_on_sheet(request: HttpRequest) -> dict[str, Any]:
    """What an examiner typed on a score sheet, as scores keep it. No form judges it: a sheet has the points of its template, it comes
    back as it was typed, and what is wrong with which point the act says (`scoring.SheetRefused`)."""
    given = request.POST
    return {
        "marks": _by_code(request, "mark-"), "observed": _by_code(request, "found-"), "vetoes": given.getlist("veto"),
        "remarks": given.get("remarks", ""),
    }  # fmt: skip


def _by_code(request: HttpRequest, prefix: str) -> dict[str, str]:
    """The fields `prefix`-CODE that were filled in, by code."""
    said = {k.removeprefix(prefix): str(v).strip() for k, v in request.POST.items() if k.startswith(prefix)}
    return {code: value for code, value in said.items() if value}
