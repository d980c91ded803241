"""Identity documents: kinds, checks, masks. Pure.

Resident numbers follow GB 11643 (check digit by ISO 7064 MOD 11-2, birth date, sex). Source: rules.md §11, dossier 6.6.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

from assay import typed

RESIDENT = "resident"
ID_TYPES: dict[str, str] = {
    RESIDENT: "居民身份证",
    "hk_macao": "港澳居民来往内地通行证",
    "taiwan": "台湾居民来往大陆通行证",
    "passport": "护照",
    "foreign_resident": "外国人永久居留证",
    "officer": "军官证",
}
_PATTERNS: dict[str, tuple[re.Pattern[str], str]] = {
    "hk_macao": (re.compile(r"[HM]\d{8}"), "应为 H 或 M 加 8 位数字"),
    "taiwan": (re.compile(r"\d{8}"), "应为 8 位数字"),
    "passport": (re.compile(r"[A-Z0-9]{5,20}"), "应为 5 至 20 位字母或数字"),
    "foreign_resident": (
        re.compile(r"[A-Z]{3}\d{12}|[A-Z0-9]{18}"),
        "应为 15 位（3 字母加 12 数字）或 18 位",
    ),
    "officer": (re.compile(r"[\u4e00-\u9fffA-Z0-9第号字]{5,24}"), "格式不对"),
}


@dataclass(frozen=True)
class ResidentFacts:
    """What a valid resident number itself says. sex: 男/女."""

    birth: date
    sex: str


normalise = typed.number
"""The one form of a number; the door of the hall reads what is typed there in the same way."""


def problem(id_type: str, number: str) -> str | None:
    """Why `number` (normalised) is not a valid number of that type, in Chinese; None when it is."""
    if id_type not in ID_TYPES:
        return f"证件类型“{id_type}”不认识，可填：{'、'.join(ID_TYPES.values())}"
    if not number:
        return "证件号码为空"
    if id_type != RESIDENT:
        pattern, hint = _PATTERNS[id_type]
        return None if pattern.fullmatch(number) else f"{ID_TYPES[id_type]}号码{hint}"
    if len(number) != 18:
        return f"身份证号应为 18 位，现为 {len(number)} 位"
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return "身份证号应为 17 位数字加 1 位数字或 X"
    if ric.calc_check_digit(number) != number[-1]:
        return "身份证号校验码不对，请核对是否录错"
    try:
        ric.get_birth_date(number)
    except InvalidComponent:
        return "身份证号中的出生日期不对，请核对是否录错"
    # The county is not checked: codes were merged and renamed, and who was born in an older one keeps its number.
    return None


def number_problem(id_type: str, number: str, today: date) -> str | None:
    """The same, and that nobody can have been born yet on the day that a resident number says."""
    wrong = problem(id_type, number)
    if wrong or id_type != RESIDENT:
        return wrong
    birth = _facts(number).birth
    return f"身份证号中的出生日期 {birth} 还没有到，请核对是否录错" if birth > today else None


def other_types(id_type: str, number: str) -> list[str]:
    """The types whose numbers look like this one, but the given."""
    return [code for code in ID_TYPES if code != id_type and problem(code, number) is None]


SHORTEST_NAME, LONGEST_NAME = 2, 60
_IN_NAMES = frozenset(" ·•・‧∙.．'’-－()（）")
"""Beside letters and digits: the dots of minority names, the signs of foreign ones, 张伟（大）."""
_BLANKS = re.compile("[ \t\xa0\u2000-\u200a\u202f\u3000]+")
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd·•・"
_AROUND_HAN = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])")
_UNSEEN = re.compile(f"[{typed.UNSEEN}]")
_HIDDEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))
"""Control and format characters, line breaks, characters of private fonts and of none."""


def _rare(sign: str) -> bool:
    """A place of the planes for rare characters: what Python does not know yet, the police may."""
    return 0x20000 <= ord(sign) < 0x3FFFE and ord(sign) & 0xFFFE != 0xFFFE


def tidy_name(name: str) -> str:
    """A name as people type it: no blanks around Han characters and dots (张　三, 古丽 · 米热), one between words."""
    return _AROUND_HAN.sub("", _BLANKS.sub(" ", name.strip()))


def name_problem(name: str) -> str | None:
    """Why `name` (trimmed) is no name of a person, in Chinese; None when it may be one. What cannot be seen would make two
    names of one; markup and formulas end on papers and in tables."""
    if not name:
        return "姓名为空"
    for place, sign in enumerate(name, start=1):
        kind = unicodedata.category(sign)
        if (kind in _HIDDEN or _UNSEEN.match(sign)) and not _rare(sign):
            return f"姓名第 {place} 个字符是看不见的或自造的字符（U+{ord(sign):04X}），请删去后重新输入"
        letter = kind[0] == "L" or _rare(sign)
        if not (letter or (place > 1 and (kind[0] == "M" or kind == "Nd" or sign in _IN_NAMES))):
            return f"姓名中不能有“{sign}”，请改正" if place > 1 else f"姓名不能以“{sign}”开头，请改正"
    if len(name) < SHORTEST_NAME:
        return f"姓名只有 {len(name)} 个字，请填写全名"
    if len(name) > LONGEST_NAME:
        return f"姓名过长，最多 {LONGEST_NAME} 个字"
    return None


def resident_facts(number: str) -> ResidentFacts:
    """Birth date and sex from a valid resident number; ValueError otherwise."""
    if problem(RESIDENT, number):
        raise ValueError(number)
    return _facts(number)


def _facts(number: str) -> ResidentFacts:
    """Of a number that was found to be valid."""
    birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return ResidentFacts(birth=birth, sex="男" if int(number[16]) % 2 else "女")


def with_check_digit(number: str) -> str:
    """A resident number with the check digit that its other digits ask for; as it is where it has no such digits."""
    return number[:-1] + ric.calc_check_digit(number) if re.fullmatch(r"\d{17}[\dX]", number) else number


def contradictions(id_type: str, number: str, *, sex: str = "", birth: date | None = None) -> Iterator[tuple[str, str]]:
    """("sex" or "birth", why) where what was said beside a valid number is not what the number itself says; what was left open
    contradicts nothing."""
    if id_type != RESIDENT or problem(id_type, number):
        return
    facts = _facts(number)
    if birth is not None and birth != facts.birth:
        yield "birth", f"出生日期与身份证号不符（身份证为 {facts.birth}），请核对"
    if sex and sex != facts.sex:
        yield "sex", f"性别与身份证号不符（身份证为 {facts.sex}），请核对"


def mask(number: str) -> str:
    """First 3 and last 4 shown at most (rules.md §11); short numbers show the last 2 only."""
    if len(number) >= 12:
        return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
    return "*" * max(len(number) - 2, 1) + number[-2:]


def id_type_of(text: str) -> str | None:
    """The code of a type given by its Chinese name or usual short form; None if unknown."""
    wanted = text.strip()
    short = {"身份证": RESIDENT, "港澳通行证": "hk_macao", "台胞证": "taiwan", "二代身份证": RESIDENT}
    if wanted in short:
        return short[wanted]
    return next((code for code, title in ID_TYPES.items() if title == wanted), None)
