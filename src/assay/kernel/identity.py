"""Identity documents: kinds, checks, masks. Pure.

Resident numbers follow GB 11643 (check digit by ISO 7064 MOD 11-2, birth date, sex), and so do those of the residence permits of
Hong Kong, Macao and Taiwan residents (81, 82, 83). Source: rules.md §11, dossier 6.6.
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

RESIDENT, RESIDENCE_PERMIT = "resident", "residence_permit"
ID_TYPES: dict[str, str] = {
    RESIDENT: "居民身份证",
    RESIDENCE_PERMIT: "港澳台居民居住证",
    "hk_macao": "港澳居民来往内地通行证",
    "taiwan": "台湾居民来往大陆通行证",
    "passport": "护照",
    "foreign_resident": "外国人永久居留证",
    "officer": "军官证",
}
SELF_TELLING = frozenset((RESIDENT, RESIDENCE_PERMIT))
"""Types whose numbers say birth date and sex."""
_SHORT = {
    "身份证": RESIDENT, "二代身份证": RESIDENT, "第二代身份证": RESIDENT, "第二代居民身份证": RESIDENT,
    "中华人民共和国居民身份证": RESIDENT, "大陆居民身份证": RESIDENT,
    "港澳居民居住证": RESIDENCE_PERMIT, "台湾居民居住证": RESIDENCE_PERMIT, "港澳台居住证": RESIDENCE_PERMIT,
    "港澳居住证": RESIDENCE_PERMIT, "台湾居住证": RESIDENCE_PERMIT, "中华人民共和国港澳居民居住证": RESIDENCE_PERMIT,
    "中华人民共和国台湾居民居住证": RESIDENCE_PERMIT,
    "港澳通行证": "hk_macao", "回乡证": "hk_macao", "港澳居民通行证": "hk_macao", "港澳同胞回乡证": "hk_macao",
    "港澳居民来往内地通行证回乡证": "hk_macao",
    "台胞证": "taiwan", "台湾通行证": "taiwan", "台湾居民通行证": "taiwan", "台湾居民来往大陆通行证台胞证": "taiwan",
    "普通护照": "passport", "外国护照": "passport",
    "外国人永久居留身份证": "foreign_resident", "永久居留证": "foreign_resident", "永久居留身份证": "foreign_resident",
}  # fmt: skip
"""What people call them, without brackets and blanks."""
EARLIEST_BIRTH = date(1900, 1, 1)
"""Nobody who sits an exam was born before: what says so was mistyped."""
_PERMIT = re.compile(r"8[123]\d{15}[\dX]")
_RESIDENT_ABROAD = re.compile(r"9\d{16}[\dX]")
_PATTERNS: dict[str, tuple[re.Pattern[str], str]] = {
    "hk_macao": (re.compile(r"[HM]\d{8}"), "应为 H 或 M 加 8 位数字"),
    "taiwan": (re.compile(r"\d{8}"), "应为 8 位数字"),
    "passport": (re.compile(r"[A-Z0-9]{5,20}"), "应为 5 至 20 位字母或数字"),
    "foreign_resident": (
        re.compile(r"[A-Z]{3}\d{12}|9\d{16}[\dX]"),
        "应为 15 位（3 字母加 12 数字）或 9 开头的 18 位",
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


def type_of_number(number: str) -> str:
    """The type of a number (normalised) of which nobody said what it is of: what only one kind of card begins with, else a resident
    identity card."""
    if _PERMIT.fullmatch(number):
        return RESIDENCE_PERMIT
    return "foreign_resident" if _RESIDENT_ABROAD.fullmatch(number) else RESIDENT


def lasting(id_type: str, number: str) -> str:
    """What stays of a number (normalised) when the document is issued again: of a Home Return Permit without the two digits that
    count how often it was."""
    return typed.first_issue(number) if id_type == "hk_macao" else number


def problem(id_type: str, number: str) -> str | None:
    """Why `number` (normalised) is not a valid number of that type, in Chinese; None when it is."""
    if id_type not in ID_TYPES:
        return f"证件类型“{id_type}”不认识，可填：{'、'.join(ID_TYPES.values())}"
    if not number:
        return "证件号码为空"
    if id_type in SELF_TELLING:
        return _card_problem(id_type, number)
    pattern, hint = _PATTERNS[id_type]
    return None if pattern.fullmatch(lasting(id_type, number)) else f"{ID_TYPES[id_type]}号码{hint}"


def _card_problem(id_type: str, number: str) -> str | None:
    """Of a number of eighteen signs that says birth date and sex."""
    card = "身份证" if id_type == RESIDENT else "居住证"
    if len(number) != 18:
        return f"{card}号应为 18 位，现为 {len(number)} 位"
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return f"{card}号应为 17 位数字加 1 位数字或 X"
    right = type_of_number(number)
    if id_type == RESIDENCE_PERMIT and right != id_type:
        return f"{ID_TYPES[id_type]}号码应以 81、82 或 83 开头"
    if right != id_type:
        return f"{number[:2]} 开头的是{ID_TYPES[right]}的号码，证件类型应选“{ID_TYPES[right]}”"
    if ric.calc_check_digit(number) != number[-1]:
        return f"{card}号校验码不对，请核对是否录错"
    try:
        birth = ric.get_birth_date(number)
    except InvalidComponent:
        return f"{card}号中的出生日期不对，请核对是否录错"
    # The county is not checked: codes were merged and renamed, and who was born in an older one keeps its number.
    return f"{card}号中的出生日期 {birth} 过早，请核对是否录错" if birth < EARLIEST_BIRTH else None


def number_problem(id_type: str, number: str, today: date) -> str | None:
    """The same, and that nobody can have been born yet on the day that a number says."""
    wrong = problem(id_type, number)
    if wrong or id_type not in SELF_TELLING:
        return wrong
    card = "身份证" if id_type == RESIDENT else "居住证"
    birth = _facts(number).birth
    return f"{card}号中的出生日期 {birth} 还没有到，请核对是否录错" if birth > today else None


def own_number_problem(number: str, today: date) -> str | None:
    """The same of somebody whose number has to say birth and sex: a resident's card, or a permit numbered like it."""
    return number_problem(RESIDENCE_PERMIT if _PERMIT.fullmatch(number) else RESIDENT, number, today)


def birth_problem(birth: date, today: date) -> str | None:
    """Why nobody who applies was born on that day, in Chinese."""
    if birth < EARLIEST_BIRTH:
        return f"出生日期 {birth} 过早，请核对是否录错"
    return f"出生日期 {birth} 还没有到，请核对是否录错" if birth > today else None


def other_types(id_type: str, number: str) -> list[str]:
    """The types whose numbers look like this one, but the given."""
    return [code for code in ID_TYPES if code != id_type and problem(code, number) is None]


SHORTEST_NAME, LONGEST_NAME = 2, 60
DOT = "·"
_DOTS = "•・‧∙⋅･⸱ꞏ᛫·●∘◦"
"""What keyboards and fonts put in the place of the middle dot (U+00B7) of a name. A full stop stands for it between Han characters
only: J.R. Smith has none."""
_STOPS = ".．﹒․"
_IN_NAMES = frozenset(f" {DOT}{_DOTS}{_STOPS}'’-－()（）")
"""Beside letters and digits: the dots of minority names, the signs of foreign ones, 张伟（大）."""
_BLANKS = re.compile("[ \t\xa0\u2000-\u200a\u202f\u3000]+")
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_AROUND_HAN = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])")
_DOT_BETWEEN = re.compile(f"(?<=[^\\W\\d_]) ?[{DOT}{_DOTS}]+ ?(?=[^\\W\\d_])|(?<=[{_HAN}]) ?[{_STOPS}] ?(?=[{_HAN}])")
_ANY_DOT = re.compile(f"[{_DOTS}{_STOPS}]")
_UNSEEN = re.compile(f"[{typed.UNSEEN}]")
_HIDDEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))
"""Control and format characters, line breaks, characters of private fonts and of none."""


def _rare(sign: str) -> bool:
    """A place of the planes for rare characters: what Python does not know yet, the police may."""
    return 0x20000 <= ord(sign) < 0x3FFFE and ord(sign) & 0xFFFE != 0xFFFE


def tidy_name(name: str) -> str:
    """A name as people type it in the form that is kept: no blanks around Han characters and dots (张　三, 古丽 · 米热), one between
    words; the dot of a name is the middle dot, whichever was typed."""
    return _DOT_BETWEEN.sub(DOT, _AROUND_HAN.sub("", _BLANKS.sub(" ", name.strip())))


def same_name(one: str, other: str) -> bool:
    """Whether two names are one, however each was typed: names were kept as typed before they had one form."""
    return one == other or comparable_name(one) == comparable_name(other)


def comparable_name(name: str) -> str:
    """A name with nothing in it that people type in several ways: width, blanks, dots."""
    return _ANY_DOT.sub(DOT, "".join(unicodedata.normalize("NFKC", name).split()))


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
    """Birth date and sex from a valid number of a resident, or of a permit that is made like it; ValueError otherwise."""
    if problem(RESIDENCE_PERMIT if _PERMIT.fullmatch(number) else RESIDENT, number):
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
    if id_type not in SELF_TELLING or problem(id_type, number):
        return
    facts = _facts(number)
    card = "身份证" if id_type == RESIDENT else "居住证"
    if birth is not None and birth != facts.birth:
        yield "birth", f"出生日期与{card}号不符（{card}为 {facts.birth}），请核对"
    if sex and sex != facts.sex:
        yield "sex", f"性别与{card}号不符（{card}为 {facts.sex}），请核对"


def mask(number: str) -> str:
    """First 3 and last 4 shown at most (rules.md §11); short numbers show the last 2 only."""
    if len(number) >= 12:
        return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
    return "*" * max(len(number) - 2, 1) + number[-2:]


def id_type_of(text: str) -> str | None:
    """The code of a type given by its Chinese name or usual short form; None if unknown."""
    wanted = re.sub(r"[\s()]", "", unicodedata.normalize("NFKC", text))
    return _SHORT.get(wanted) or next((code for code, title in ID_TYPES.items() if title == wanted), None)
