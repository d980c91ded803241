"""Parameters: every number of a rule is a default with its source shown, never a constant buried in code.

A centre sets another value on screen, with the document that allows it (`centre.acts.set_parameter`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.conf import settings

from assay.centre.models import ParameterValue

MOST = 5000
"""No rule counts further, in years as little as in days: beyond it there is no calendar."""


NOBODY, SENSITIVE_DUTIES, EVERYBODY = "nobody", "sensitive", "everybody"
"""Who needs a second factor."""


@dataclass(frozen=True)
class Parameter:
    """`kind` is int, decimal, text, words (several, separated by 、) or choice (one of `choices`: value and title); `default` is its text
    form; `source` says where the number comes from. Of words `most` is how long each may be."""

    key: str
    title: str
    kind: str
    default: str
    unit: str
    source: str
    least: int = 0
    most: int = MOST
    choices: tuple[tuple[str, str], ...] = ()
    measured: bool = False
    """The centre measures it on its own machines: no rule says it."""

    def shown(self, text: str) -> str:
        """A value as people read it."""
        return dict(self.choices).get(text, text)

    @property
    def range(self) -> str:
        """What may be typed, in Chinese; nothing where any number will do."""
        return f"{self.least} 至 {self.most}" if self.kind != "words" and (self.least, self.most) != (0, MOST) else ""

    @property
    def ruled(self) -> bool:
        """Whether a rule sets it, so that another value needs a document: numbers are, unless they are measured; the centre's own
        addresses are not."""
        return self.kind != "text" and not self.measured

    def parse(self, text: str) -> int | Decimal | str:
        """The value; ValueError when the text is empty, not of its kind, or less or more than any rule can mean."""
        if (self.kind == "choice" and text not in dict(self.choices)) or not text.strip():
            raise ValueError(text)
        if self.kind == "words":
            given = _words(text)
            if not given or len(set(given)) < len(given) or any(len(word) > self.most for word in given):
                raise ValueError(text)
        value = self.read(text)
        if not isinstance(value, str) and not self.least <= value <= self.most:
            raise ValueError(text)
        return value

    def read(self, text: str) -> int | Decimal | str:
        """The value as it is kept: what a former version took stays readable. ValueError when the text is not of its kind."""
        if self.kind in ("text", "choice", "words"):
            return text
        if self.kind == "int":
            return int(text)
        try:
            number = Decimal(text)
        except InvalidOperation as wrong:
            raise ValueError(text) from wrong
        if not number.is_finite():
            raise ValueError(text)
        return number


PARAMETERS: dict[str, Parameter] = {}
"""All that there are, by key: each room declares its own in `parameters.py`."""


def declare(*parameters: Parameter) -> None:
    """A room's parameters. Raises RuntimeError for a key that there is already."""
    for parameter in parameters:
        if parameter.key in PARAMETERS:
            raise RuntimeError(f"parameter {parameter.key} is declared twice")
        PARAMETERS[parameter.key] = parameter


declare(
    Parameter(
        "second_factor.needed",
        "两步验证（密码加手机验证码）",
        "choice",
        SENSITIVE_DUTIES,
        "",
        "等级保护基本要求 GB/T 22239 8.1.4.1：两种以上鉴别方式",
        choices=((NOBODY, "不要求"), (SENSITIVE_DUTIES, "敏感职责"), (EVERYBODY, "全部工作人员")),
    ),
    Parameter("second_factor.grace_days", "两步验证宽限期", "int", "14", "天", "本中心约定：自首次提醒之日起", most=90),
    Parameter(
        "session.idle_minutes",
        "无操作自动退出",
        "int",
        "60",
        "分钟",
        "等级保护基本要求 GB/T 22239 8.1.4.1",
        least=5,
        most=720,
    ),
    Parameter("session.hours", "一次登录最长", "int", "12", "小时", "本中心约定：一个考试日", least=1, most=24),
    Parameter("password.first_days", "初始密码有效期", "int", "14", "天", "本中心约定", least=1, most=90),
    Parameter("site.url", "本站网址（印在二维码里）", "text", settings.OWN_ADDRESS, "", "本中心约定"),
)


def _words(text: str) -> list[str]:
    """The words of a value that is several."""
    return [word for word in re.split(r"[、,，\s]+", text.strip()) if word]


def value(key: str) -> int | Decimal | str:
    """The value in force: the centre's own, else the default. KeyError for an unknown key."""
    parameter = PARAMETERS[key]
    own = ParameterValue.objects.filter(key=key).values_list("value", flat=True).first()
    return parameter.read(own if own is not None else parameter.default)


def several(*keys: str) -> dict[str, int | Decimal | str]:
    """Several values in force, by one question to the database."""
    own = dict(ParameterValue.objects.filter(key__in=keys).values_list("key", "value"))
    return {key: PARAMETERS[key].read(own.get(key, PARAMETERS[key].default)) for key in keys}


def number(key: str) -> int:
    found = value(key)
    assert isinstance(found, int)
    return found


def decimal(key: str) -> Decimal:
    return Decimal(value(key))


def text(key: str) -> str:
    return str(value(key))
