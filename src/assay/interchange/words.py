"""Words that people use for types of items, difficulties and headings."""

from __future__ import annotations

import re
from unicodedata import normalize

from assay.items.answers import TYPES

# The first that is found in a text wins: longer and narrower words come first.
_KINDS = (
    ("不定项", "multiple"), ("多项选择", "multiple"), ("多选", "multiple"), ("单项选择", "single"), ("单选", "single"),
    ("判断", "true_false"), ("是非", "true_false"), ("对错", "true_false"), ("填空", "fill"), ("排序", "ordering"),
    ("匹配", "matching"), ("连线", "matching"), ("配对", "matching"), ("案例", "case"), ("综合分析", "case"),
    ("简答", "short"), ("问答", "short"), ("论述", "short"), ("名词解释", "short"), ("计算", "short"), ("主观", "short"),
    ("选择", "single"),
)  # fmt: skip
DIFFICULTIES = {
    "易": 1, "容易": 1, "简单": 1, "很易": 1, "较易": 2, "较简单": 2, "偏易": 2, "中": 3, "中等": 3, "一般": 3, "适中": 3, "较难": 4,
    "偏难": 4, "难": 5, "困难": 5, "很难": 5,
}  # fmt: skip


def kind_of(words: str) -> str:
    """The type that a cell names: our own names, their usual short forms, or the codes; '' when unknown."""
    said = normalize("NFKC", words).strip().lower()
    if said in TYPES:
        return said
    english = {
        "single choice": "single", "multiple choice": "multiple", "true/false": "true_false", "truefalse": "true_false",
        "tf": "true_false", "fill in": "fill", "essay": "short", "order": "ordering", "match": "matching",
    }  # fmt: skip
    return english.get(said) or (kind_in(said) if len(said) <= 12 else "")


def kind_in(words: str) -> str:
    """The type that a heading or a sheet's name speaks of; '' when it speaks of none."""
    return next((kind for word, kind in _KINDS if word in words), "")


def difficulty_of(words: str) -> int | None:
    """1 to 5 from a number, a word, or a share of right answers given as 0.85 (easy) to 0.2; 3 when empty, None when unreadable."""
    said = normalize("NFKC", words).strip().rstrip("级星")
    if not said:
        return 3
    if said in DIFFICULTIES:
        return DIFFICULTIES[said]
    if re.fullmatch(r"[1-5](\.0+)?", said):
        return int(said[0])
    if re.fullmatch(r"0?\.\d+", said):
        return min(5, max(1, 5 - int(float(said) * 5)))
    return None
