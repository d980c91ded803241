"""When what somebody wrote into a blank says the same as a wording of its key. Pure; keys and answers are folded alike.

What differs only by the keyboard is the same: signs that show nothing, full width, blanks, capitals, the minus, ratio and stops
of Chinese input methods, letters of another alphabet that look alike, names of a unit. What a reader would take for another
number or another unit stays another: 10² is not 102, 1½ is not 11/2, 10.3 cm is not 10.3 mm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import normalize

from assay.typed import of_answer

Same = Callable[[str, str, str], bool]
"""Whether (wording of the key, what was given, the unit that the stem states or "") say the same."""

_ALIKE = str.maketrans(
    "АВЕКМНОРСТУХаеорсух" "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" "∆∑∏" "−﹣➖" "∶⁄∕" "•⋅∙‧・" "✕╳⨯" "〜∼" "≧≦⩾⩽" "’‘′ʹ" "ϕ⌀∅Øø",
    "ABEKMHOPCTYXaeopcyx" "ABEZHIKMNOPTYX" "ΔΣΠ" "---" ":" "//" "·····" "×××" "~~" "≥≤≥≤" "''''" "φφφφφ",
)  # fmt: skip
"""Signs that look like another and are typed for it."""
_RAISED = re.compile("(?<=\\d)[⁺⁻⁰¹²³⁴-⁹]+")
_LOWERED = re.compile("(?<=\\d)[₀-₉]+")
_MIXED = re.compile("(?<=\\d)(?=[¼-¾⅐-⅞])")
_STOP_BETWEEN = re.compile(r"(?<=\d)[。｡](?=\d)")
_STOPS = "。.,、;"
_DASH = re.compile(r"[\u2012-\u2015](?=\.?\d)")
_TIMES = re.compile(r"(?<=\d)[x*](?=\d)")
_DIAMETER = re.compile("[\u0424\u0444](?=\\d)")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?![\d,])")

_DIGITS = r"(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})"
_NUMBER = re.compile(rf"[+-]?{_DIGITS}")
_UNITS: dict[str, tuple[str, ...]] = {
    "mm": ("毫米",), "cm": ("厘米", "公分"), "dm": ("分米",), "m": ("米",), "km": ("千米", "公里"), "μm": ("微米", "um"),
    "nm": ("纳米",), "mm2": ("平方毫米",), "cm2": ("平方厘米",), "m2": ("平方米",), "m3": ("立方米",),
    "mg": ("毫克",), "g": ("克",), "kg": ("千克", "公斤"), "t": ("吨",), "l": ("升",), "ml": ("毫升",),
    "ms": ("毫秒",), "s": ("秒",), "min": ("分钟",), "h": ("小时",), "d": ("天",),
    "v": ("伏", "伏特"), "kv": ("千伏",), "mv": ("毫伏",), "a": ("安", "安培"), "ma": ("毫安",), "ω": ("欧", "欧姆"),
    "kω": ("千欧",), "w": ("瓦", "瓦特"), "kw": ("千瓦",), "kw·h": ("kwh", "千瓦时", "千瓦·时"), "j": ("焦", "焦耳"),
    "hz": ("赫", "赫兹"), "khz": ("千赫",), "n": ("牛", "牛顿"), "kn": ("千牛",),
    "n·m": ("n.m", "n*m", "牛米", "牛·米", "牛顿米", "牛顿·米"), "pa": ("帕",), "kpa": ("千帕",), "mpa": ("兆帕",),
    "m/s": ("米/秒", "米每秒"), "km/h": ("千米/小时", "公里/小时", "千米每小时", "公里每小时"),
    "r/min": ("rpm", "转/分", "转/分钟", "转每分", "转每分钟"), "°c": ("摄氏度",), "°": ("度",), "%": (), "‰": (),
}  # fmt: skip
"""Units as people write them, folded; a unit that is not here is a word like any other."""
_UNIT_OF = {name: unit for unit, names in _UNITS.items() for name in (unit, *names)}
_UNIT = "|".join(sorted(map(re.escape, _UNIT_OF), key=len, reverse=True))
_QUANTITY = re.compile(rf"({_NUMBER.pattern})({_UNIT})?")
_CODE = re.compile(r"[+-]?0\d")
"""007A is no current."""
_TOLERANCE = re.compile(rf"\(?({_NUMBER.pattern})({_UNIT})?(?:±|\+/-|\+-)({_NUMBER.pattern})\)?({_UNIT})?")
_AT_ONCE = re.compile(rf"[(\[]?(?:单位[:为是]?)?({_UNIT})(?![a-zμω])")
_SAID_OF_ALL = re.compile(
    rf"单位[:为是]?(?P<after>{_UNIT})(?![a-zμω])|以(?P<before>{_UNIT})(?:\((?:{_UNIT})\))?(?:[为作]单位|作为单位|计)"
)
_COUNTED = "元件次个只台套根片滴转圈步人"
"""What is counted by the hour or the metre: 件/h is a rate, not a quantity in hours."""
_LEADS_ON = "一般|通常|应|宜|须|约|不[大小高低]于|不超过|[值为是取:=]"
_JUST_BEFORE = re.compile(
    rf"(?:[(\[](?:单位[:为是]?)?(?P<apart>{_UNIT})[)\]]|(?<![a-zμω°%‰)\d{_COUNTED}])/(?P<per>{_UNIT}))(?:{_LEADS_ON})*$"
)
"""As drawings and tables head their numbers: 气门间隙(mm)为, 气门间隙/mm:"""


def folded(words: str) -> str:
    """The one form of a wording: of a key and of an answer alike."""
    text = _RAISED.sub(lambda raised: f"^{raised[0]}", of_answer(words).replace("º", "°").replace("˚", "°"))
    text = _MIXED.sub("又", _LOWERED.sub(lambda lowered: f"_{lowered[0]}", text))
    text = "".join(normalize("NFKC", text).translate(_ALIKE).split())
    text = normalize("NFKC", _DIAMETER.sub("φ", text).lower()).replace("\u2010", "-").replace("''", '"')
    text = _DASH.sub("-", _STOP_BETWEEN.sub(".", text))
    text = text.rstrip(_STOPS) or text
    return _THOUSANDS.sub(lambda grouped: grouped[0].replace(",", ""), _TIMES.sub("×", text), count=1) if text else ""


@dataclass(frozen=True)
class Quantity:
    """A number, and of what."""

    number: Decimal
    unit: str = ""


def _quantity(words: str) -> Quantity | None:
    found = _QUANTITY.fullmatch(words)
    if found is None or (found[2] and _CODE.match(words)):
        return None
    return Quantity(Decimal(found[1]), _UNIT_OF[found[2]] if found[2] else "")


def tolerance(wording: str) -> tuple[Quantity, Decimal] | None:
    """A key that is a number with what it may be off by, such as 25±0.5 or 25±0.5mm; None of any other."""
    found = _TOLERANCE.fullmatch(folded(wording))
    if found is None:
        return None
    units = {_UNIT_OF[name] for name in (found[2], found[4]) if name}
    if len(units) > 1:
        return None
    return Quantity(Decimal(found[1]), "".join(units)), abs(Decimal(found[3]))


def same(wording: str, given: str, stated: str = "") -> bool:
    """Whether they say the same where the stem states this unit: it may be said once more, another may not."""
    words = folded(given)
    if not words:
        return False
    said, within = _without(stated, _quantity(words)), tolerance(wording)
    if within is not None:
        middle, off = _without(stated, within[0]), within[1]
        return (
            said is not None
            and middle is not None
            and said.unit == middle.unit
            and abs(said.number - middle.number) <= off
        )
    exact = folded(wording)
    return exact == words or (said is not None and said == _without(stated, _quantity(exact)))


def _without(stated: str, quantity: Quantity | None) -> Quantity | None:
    return Quantity(quantity.number) if quantity is not None and stated and quantity.unit == stated else quantity


def stated_units(stem: str, blank: str) -> list[str]:
    """For each blank of a stem the unit that stands behind it, or just before it, or that the stem says of all; "" where there is
    none."""
    first, *rest = stem.split(blank)
    common = _only(_SAID_OF_ALL, folded(stem))
    return [
        _at_once(folded(after[:40])) or _only(_JUST_BEFORE, folded(before[-40:])) or common
        for before, after in zip([first, *rest], rest, strict=False)
    ]


def _at_once(text: str) -> str:
    found = _AT_ONCE.match(text)
    return _UNIT_OF[found[1]] if found else ""


def _only(said: re.Pattern[str], text: str) -> str:
    """The one unit of which it is said; "" where it is said of none, or of several."""
    units = {_UNIT_OF[name] for found in said.finditer(text) for name in found.groups() if name}
    return units.pop() if len(units) == 1 else ""


def same_in_earlier_versions(wording: str, given: str, stated: str = "") -> bool:
    """As blanks were read before their signs were folded: marks given then came about so, and stay until somebody re-marks."""
    words = _folded_in_earlier_versions(given)
    number = _NUMBER.fullmatch(words)
    within = re.fullmatch(rf"({_NUMBER.pattern})\s*(?:±|\+/-|\+-)\s*({_NUMBER.pattern})", normalize("NFKC", wording))
    if not words:
        return False
    if within:
        return number is not None and abs(Decimal(words) - Decimal(within[1])) <= Decimal(within[2])
    exact = _folded_in_earlier_versions(wording)
    if number and _NUMBER.fullmatch(exact):
        return Decimal(words) == Decimal(exact)
    return exact == words


def _folded_in_earlier_versions(words: str) -> str:
    return "".join(normalize("NFKC", words).lower().split())


def earned_blanks(
    wordings: Sequence[Sequence[str]], given: Sequence[str], units: Sequence[str], alike: Same
) -> Iterator[bool]:
    """For each blank that was given whether it is right."""
    for n, (right, words) in enumerate(zip(wordings, given, strict=False)):
        unit = units[n] if n < len(units) else ""
        yield any(alike(wording, words, unit) for wording in right)
