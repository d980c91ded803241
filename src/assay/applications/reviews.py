"""The two reviews of an application, and what each of them can decide. Pure."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    FIRST = "first"
    CENTRE = "centre"


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 - no password
    RETURN = "return"
    REJECT = "reject"


STEPS: dict[str, str] = {Step.FIRST: "系部初审", Step.CENTRE: "中心审核"}
STEP_CHOICES = [(step.value, STEPS[step]) for step in Step]

VERDICTS: dict[str, str] = {Verdict.PASS: "通过", Verdict.RETURN: "退回", Verdict.REJECT: "不通过"}
VERDICT_CHOICES = [(verdict.value, VERDICTS[verdict]) for verdict in Verdict]
