"""What stands in a cell of the national form: letters, numbers, weights, proportions. ValueError says in Chinese what is wrong."""

from __future__ import annotations

import re
from datetime import time, timedelta
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from assay.kernel.tables import as_decimal, as_text

_RATIO = re.compile(r"\(?\s*(\d{1,4})\s*:\s*(\d{1,4})\s*:\s*(\d{1,4})\s*\)?")


def text(value: Any) -> str:
    """A text; narrow merged cells are broken into lines that mean nothing."""
    return re.sub(r"\s*\n\s*", "", as_text(value))


def range_letter(value: Any, parent: str) -> str:
    """The capital letter of a range; a full code (A-B) is taken too."""
    said = _last(value, parent)
    if not re.fullmatch(r"[A-Z]", said):
        raise ValueError(f"代码“{as_text(value)}”应是一个大写字母，如 A")
    return said


def point_number(value: Any, parent: str) -> str:
    """The three digits of a point; Excel makes 1 of 001, and a full code (A-B-A-001) is taken too."""
    said = _last(value, parent).zfill(3)
    if not re.fullmatch(r"\d{3}", said) or said == "000":
        raise ValueError(f"代码“{as_text(value)}”应是三位数字，每个末级范围从 001 编起")
    return said


def _last(value: Any, parent: str) -> str:
    said = re.sub(r"[\s　]", "", normalize("NFKC", as_text(value))).upper()
    return said.removeprefix(f"{parent}-") if parent else said


def weight(value: Any) -> Decimal:
    """A per cent above 0, two decimals at most."""
    said = normalize("NFKC", as_text(value)).strip().removesuffix("%").strip()
    try:
        found = as_decimal(said)
    except ValueError:
        raise ValueError(f"比重“{said}”不是数字") from None
    if found is None:
        raise ValueError("没有比重，请填这一范围占的百分数")
    if not 0 < found <= 100 or found != round(found, 2):
        raise ValueError(f"比重 {said} 应大于 0、不超过 100，最多两位小数")
    return found


def ratio(value: Any) -> tuple[int, int, int] | None:
    """Points by importance (X:Y:Z); None when empty. Without brackets Excel takes 11:02:00 for a time of day."""
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return minutes // 60, minutes % 60, seconds
    if isinstance(value, time):
        return value.hour, value.minute, value.second
    said = normalize("NFKC", as_text(value)).replace("∶", ":").strip()
    if not said:
        return None
    found = _RATIO.fullmatch(said)
    if not found:
        raise ValueError(f"重要程度比例“{said[:20]}”应写成 (X:Y:Z) 的点数，如 (11:02:00)")
    return int(found[1]), int(found[2]), int(found[3])


def ratio_text(counts: tuple[int, int, int]) -> str:
    return f"({counts[0]:02}:{counts[1]:02}:{counts[2]:02})"


def importance(value: Any) -> str:
    said = normalize("NFKC", as_text(value)).strip().upper()
    if said not in ("X", "Y", "Z"):
        raise ValueError(
            f"重要程度“{said[:10]}”应为 X（核心）、Y（一般）或 Z（辅助）" if said else "没有重要程度，请填 X、Y 或 Z"
        )
    return said
