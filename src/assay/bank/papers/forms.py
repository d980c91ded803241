"""What is filled in for acts on papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from assay.bank.models import Specification
from assay.centre.act_forms import ActForm, Chosen, Flag, OneOf, Whole

LETTERS = "ABCDEFGHIJ"


class AssembleForm(ActForm):
    """Which papers are put together and of what; the mixes have a form of their own (`bank.forms.MixForm`)."""

    specification = Chosen(Specification.objects.all(), label="细目表")
    forms = Whole("套数", required=False)
    most_exposure = Whole("最多用过", required=False)
    rest_days = Whole("距上次使用", required=False)
    relaxed = Flag("题库不足时尽量接近")

    def clean_forms(self) -> str:
        """The letters of the papers; one where nothing is said."""
        return LETTERS[: self.cleaned_data["forms"] or 1]


class PrintForm(ActForm):
    """What of a paper is printed, and how often."""

    said = "请选择印制的内容并填写份数"
    copies = Whole("份数", said=said)

    def __init__(self, parts: Mapping[str, str], *args: Any) -> None:
        super().__init__(*args)
        self.take_in({"part": OneOf("印制的内容", parts, said=self.said)})


class HandOutForm(ActForm):
    """Copies counted out; of the parts of a paper the paper itself where nothing else is said."""

    copies = Whole("份数")
    to = forms.CharField(label="领取人（考场）", max_length=60, required=False)

    def __init__(self, parts: Mapping[str, str], *args: Any) -> None:
        super().__init__(*args)
        part = OneOf("内容", parts, said="请选择发放的内容", required=False, otherwise="paper")
        self.take_in({"part": part})


class TakeBackForm(ActForm):
    """Copies counted back, used and unused apart; where some are missing, what became of them."""

    used = Whole("收回已用")
    unused = Whole("收回未用")
    note = forms.CharField(label="去向说明", max_length=200, required=False)


class SwapForm(ActForm):
    """An item by its place on the paper, and the one that comes there; none chosen, the nearest."""

    number = Whole("题号")
    wanted = Whole("试题编号", required=False)
