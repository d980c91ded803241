"""Certificate numbers (人社鉴发〔2019〕2号; rules.md §6). Pure.

22 characters: the body's 13 as issued by the province, two of the year, one of the level, six of the serial.
"""

from __future__ import annotations

import re

_BODY = re.compile(r"[A-Z]\d{12}")
_NUMBER = re.compile(r"[A-Z]\d{14}[0-9A-Z]\d{6}")
LARGEST_SERIAL = 999_999


def compose(body_code: str, year: int, level_code: str, serial: int) -> str:
    """The number; ValueError when a part is not of its form or the serials of the year are used up."""
    if not _BODY.fullmatch(body_code):
        raise ValueError(f"机构代码“{body_code}”应为 1 位大写字母加 12 位数字")
    if len(level_code) != 1 or not 1 <= serial <= LARGEST_SERIAL:
        raise ValueError(f"等级 {level_code} 或序号 {serial} 超出编号规则")
    return f"{body_code}{year % 100:02d}{level_code}{serial:06d}"


def well_formed(number: str) -> bool:
    """True for 22 characters of the coding rule (tolerant of level letters)."""
    return bool(_NUMBER.fullmatch(number))


def year_of(number: str) -> int:
    """The last two digits of the year of issue, as a well-formed number carries them."""
    return int(number[13:15])


def level_of(number: str) -> str:
    """The level's code, as a well-formed number carries it."""
    return number[15]
