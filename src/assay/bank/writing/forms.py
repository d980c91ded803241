"""What is filled in beside the buttons for items: which step, on which of them, and what is said of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django import forms
from django.http import QueryDict

from assay.bank.models import Specification
from assay.centre.act_forms import ActForm, Chosen, OneOf, Ticked

UNKNOWN = "请选择要办理的步骤"


class Step(StrEnum):
    """As the buttons of pages of items say it."""

    SUBMIT = "submit"
    DISCARD = "discard"
    PASS = "pass"  # noqa: S105 - no password
    RETURN = "return"
    RETIRE = "retire"
    RESTORE = "restore"
    COMMENT = "comment"
    POINT = "point"
    ENEMIES = "enemies"
    ACCEPT = "accept"
    DISMISS = "dismiss"


REVIEWS = (Step.PASS, Step.RETURN)


def _step(*steps: Step) -> OneOf:
    """One of these; the last where a button says none."""
    named = {step.value: step.value for step in steps}
    return OneOf("步骤", named, said=UNKNOWN, required=False, otherwise=steps[-1].value)


class ItemStepForm(ActForm):
    """A step of the life of one item, or something said of it."""

    markup = True
    step = _step(Step.SUBMIT, Step.DISCARD, Step.PASS, Step.RETURN, Step.RETIRE, Step.RESTORE, Step.COMMENT)
    text = forms.CharField(label="意见", required=False)


class ItemsStepForm(ActForm):
    """A step for the ticked items. The list always sends a point: it counts where items are hung on one."""

    step = _step(Step.SUBMIT, Step.POINT, Step.PASS, Step.DISCARD, Step.ENEMIES)
    chosen = Ticked("勾选的试题")
    title = forms.CharField(label="题组名称", max_length=80, required=False)

    def __init__(self, specification: Specification, data: QueryDict, *args: Any) -> None:
        super().__init__(data, *args)
        if data.get("step") == Step.POINT:
            self.take_in({"point": Chosen(specification.points.all(), label="鉴定点")})


class EnemiesForm(ActForm):
    """Whether those of a proposed group that stayed ticked are enemies, or all that were shown may meet."""

    step = _step(Step.ACCEPT, Step.DISMISS)
    chosen = Ticked("勾选的试题")
    shown = Ticked("所列的试题")
