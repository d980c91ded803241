"""Entry conditions of both generations and weight tables, for the demo's standards. Data with its source.

2018 generation: rules.md §3; 2023-style set: dossier §3.1. Weights of single standards are not at hand in full: these
are plausible, add up to 100, and say so by being demo data.
"""

from __future__ import annotations

from collections.abc import Iterator

_GRADUATE = "专业对应；毕业学年；学历=中等专业学校/技工学校/高中/大学专科和专科学校/大学本科"
# code, text, evidence, checkable part
_2018: dict[str, list[tuple[str, str, str, str]]] = {
    "5": [
        ("1", "累计从事本职业或相关职业工作1年（含）以上", "工作年限证明", "工作年限=1"),
        ("2", "本职业或相关职业学徒期满", "学徒期满证明", "限在校生"),
    ],
    "4": [
        ("1", "取得本职业五级/初级工职业资格证书后，累计从事本职业工作4年（含）以上", "五级证书、工作年限证明", "持有等级=5；工作年限=4"),
        ("2", "累计从事本职业工作6年（含）以上", "工作年限证明", "工作年限=6"),
        ("3", "取得技工学校、中等及以上职业学校本专业或相关专业毕业证书（含尚未取得毕业证书的在校应届毕业生）",
         "毕业证书或学籍证明", _GRADUATE),
    ],
    "3": [
        ("1", "取得本职业四级/中级工职业资格证书后，累计从事本职业工作5年（含）以上", "四级证书、工作年限证明", "持有等级=4；工作年限=5"),
        ("2", "取得四级证书，并具有高等职业学校本专业或相关专业毕业证书（含应届毕业生）", "四级证书、毕业证书", "持有等级=4；专业对应"),
        ("4", "优秀毕业生（含毕业学年学生）经学校批准参加高级工考核（工作方案 二(四)1）", "学校批准文件", "专业对应；毕业学年"),
    ],
    "2": [
        ("1", "取得本职业三级/高级工职业资格证书后，累计从事本职业工作4年（含）以上", "三级证书、工作年限证明", "持有等级=3；工作年限=4"),
    ],
}  # fmt: skip
_2023: dict[str, list[tuple[str, str, str, str]]] = {
    "5": [
        ("L5-1", "年满16周岁，拟从事本职业或相关职业工作", "无", "年满=16"),
        ("L5-2", "年满16周岁，从事本职业或相关职业工作", "工作证明", "年满=16"),
    ],
    "4": [
        ("L4-1", "累计从事本职业或相关职业工作满5年", "5年工作证明", "工作年限=5"),
        ("L4-2", "取得五级证书后，累计从事本职业工作满3年", "五级证书、3年工作证明", "持有等级=5；工作年限=3"),
        ("L4-3", "取得本专业或相关专业的技工院校或中等及以上职业院校毕业证书（含在读应届毕业生）", "毕业证书或学籍证明", _GRADUATE),
    ],
    "3": [
        ("L3-1", "累计从事本职业或相关职业工作满10年", "承诺书、社保记录", "工作年限=10"),
        ("L3-2", "取得四级证书后，累计从事本职业工作满4年", "四级证书、工作证明", "持有等级=4；工作年限=4"),
        ("L3-9", "优秀毕业生（含毕业学年学生）经学校批准参加高级工考核（工作方案 二(四)1）", "学校批准文件", "专业对应；毕业学年"),
    ],
    "2": [("L2-1", "取得三级证书后，累计从事本职业工作满5年", "三级证书、工作证明", "持有等级=3；工作年限=5")],
}  # fmt: skip
_ETHICS = {"5": (5, 25), "4": (5, 20), "3": (5, 15), "2": (5, 10)}
_FUNCTIONS = ["作业准备", "作业实施", "质量检验", "设备维护"]


def conditions(level: str, edition: str) -> list[tuple[str, str, str, str]]:
    """Conditions of a level: the 2018 generation, or the newer set for standards of 2021 and later."""
    return (_2023 if edition >= "2021" else _2018)[level]


def weights(occupation: str, level: str) -> Iterator[tuple[str, str, str, int, int]]:
    """(part, group, name, percent, position): each part adds up to 100."""
    ethics, basics = _ETHICS[level]
    yield "理论", "基本要求", "职业道德", ethics, 1
    yield "理论", "基本要求", "基础知识", basics, 2
    rest = 100 - ethics - basics
    shares = [rest * s // 100 for s in (20, 45, 20)]
    for n, (name, share) in enumerate(zip(_FUNCTIONS, [*shares, rest - sum(shares)], strict=True), start=3):
        yield "理论", "相关知识要求", name, share, n
    for n, (name, share) in enumerate(zip(_FUNCTIONS, (15, 55, 20, 10), strict=True), start=1):
        yield "技能", "技能要求", name, share, n
