"""Days that everybody has off by law in every year, whether or not the year's notice has come.

全国年节及纪念日放假办法 (State Council order 795, in force since 2025), article 2: New Year's Day; New Year's Eve and the first three
days of the first lunar month; Qingming; the first and second of May; Dragon Boat; Mid-Autumn; the first three of October. What the
yearly notice adds to them, days in lieu and make-up working days, nobody knows before it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

NEW_YEAR, SPRING, QINGMING, LABOUR, DRAGON_BOAT, MID_AUTUMN, NATIONAL = (
    "元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节",
)  # fmt: skip
_LUNAR = {
    2027: ((2, 6), (6, 9), (9, 15)), 2028: ((1, 26), (5, 28), (10, 3)), 2029: ((2, 13), (6, 16), (9, 22)),
    2030: ((2, 3), (6, 5), (9, 12)), 2031: ((1, 23), (6, 24), (10, 1)), 2032: ((2, 11), (6, 12), (9, 19)),
    2033: ((1, 31), (6, 1), (9, 8)), 2034: ((2, 19), (6, 20), (9, 27)), 2035: ((2, 8), (6, 10), (9, 16)),
    2036: ((1, 28), (5, 30), (10, 4)), 2037: ((2, 15), (6, 18), (9, 24)), 2038: ((2, 4), (6, 7), (9, 13)),
    2039: ((1, 24), (5, 27), (10, 2)), 2040: ((2, 12), (6, 14), (9, 20)),
}  # fmt: skip
"""The first day of the first month, the fifth of the fifth and the fifteenth of the eighth of the lunar calendar (GB/T 33661)."""


def qingming(year: int) -> date:
    """The solar term in this century, by the almanac's rule of thumb."""
    of_century = year % 100
    return date(year, 4, int(of_century * 0.2422 + 4.81) - of_century // 4)


def statutory_days(year: int) -> dict[date, str]:
    """The days of that year with what they are called; of years whose lunar days are not at hand only the others."""
    days = {date(year, 1, 1): NEW_YEAR, qingming(year): QINGMING}
    days |= {date(year, 5, day): LABOUR for day in (1, 2)} | {date(year, 10, day): NATIONAL for day in (1, 2, 3)}
    if year in _LUNAR:
        first, dragon_boat, mid_autumn = (date(year, *day) for day in _LUNAR[year])
        days |= {first + timedelta(days=n): SPRING for n in range(-1, 3)}
        days |= {dragon_boat: DRAGON_BOAT, mid_autumn: days.get(mid_autumn, MID_AUTUMN)}
    return days


def not_named_off(year: int, works: Callable[[date], bool | None]) -> list[str]:
    """The holidays of that year of which some day is not named as off: a notice names every one of them."""
    return list(dict.fromkeys(name for day, name in sorted(statutory_days(year).items()) if works(day) is not False))
