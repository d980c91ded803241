"""Names in pinyin: to sort by, and to sign in with."""

from __future__ import annotations

# pypinyin reads these surnames by their commoner sound.
_SURNAMES = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "任": "ren", "朴": "piao", "盖": "ge",
    "区": "ou", "繁": "po", "员": "yun", "乐": "yue", "折": "she", "覃": "qin", "翟": "zhai", "宓": "mi",
}  # fmt: skip


def sort_key(name: str) -> str:
    """Pinyin of a name for sorting: `zeng xiao ming`; surnames with an uncommon sound are read right."""
    if not name:
        return ""
    from pypinyin import Style, lazy_pinyin  # it reads its dictionaries, which few commands need

    first = _SURNAMES.get(name[0])
    rest = lazy_pinyin(name[1:] if first else name, style=Style.NORMAL)
    return " ".join([first, *rest] if first else rest).lower()[:120]
