"""Keys and responses of every type of item: their one form, what is wrong with them, and what a response earns. Pure.

Keys as texts. Choice: letters (`B`, `ABD`). True/false: 对 or 错. Fill-in: one part for each blank, parts apart by `；`,
wordings that count as equal apart by `|`, a number with what it may be off by as `25±0.5`. Ordering: letters in the right order.
Matching: for each premise in order the letter of its option. Short answer: a reference answer. A case group has none: its
parts have.

Responses as the hall keeps them: letters in any order, letters in order, 对/错, one letter or `-` for each premise, a JSON
list of texts for blanks, a text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from fractions import Fraction
from unicodedata import normalize

from assay.items import wordings
from assay.items.content import markup
from assay.typed import of_answer

TYPES = {
    "single": "单项选择题", "true_false": "判断题", "multiple": "多项选择题", "fill": "填空题", "ordering": "排序题",
    "matching": "匹配题", "short": "简答题", "case": "案例分析题", "practical": "操作技能题",
}  # fmt: skip
CHOICES = ("single", "multiple")
LETTERED = (*CHOICES, "ordering", "matching")
"""Types that have options A, B, C…"""
BY_HAND = ("short", "practical")
"""Types that examiners mark; a case group is as its parts are."""
PRACTICAL = "practical"
"""An operation-skill task: its key is its sheet (`skill.sheet`); it stands on skill papers only."""
LETTERS = "ABCDEFGHIJ"
TRUE, FALSE = "对", "错"
BETWEEN_BLANKS, BETWEEN_WORDINGS = "；", "|"
_TRUTH = {
    "对": TRUE, "√": TRUE, "☑": TRUE, "✓": TRUE, "✔": TRUE, "正确": TRUE, "T": TRUE, "TRUE": TRUE, "是": TRUE, "Y": TRUE, "YES": TRUE,
    "错": FALSE, "×": FALSE, "☒": FALSE, "✗": FALSE, "✘": FALSE, "X": FALSE, "错误": FALSE, "F": FALSE, "FALSE": FALSE, "否": FALSE,
    "N": FALSE, "NO": FALSE, "不正确": FALSE,
}  # fmt: skip
_NUMBER = r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})"
_TOLERANCE = re.compile(rf"({_NUMBER})(?:±|\+/-|\+-)({_NUMBER})")


def normal_key(kind: str, text: str) -> str:
    """The key in its one form; '' when unreadable. Letters also as «A,B» «A、B» «(B)», truth also as «√/×» «正确/错误» «T/F»."""
    if kind in ("short", "case", PRACTICAL):
        return text.strip()
    if kind == "fill":
        return _normal_fill(text)
    folded = normalize("NFKC", of_answer(text)).strip().upper()
    if kind == "true_false":
        return _TRUTH.get(folded.strip("()[]. "), "")
    letters = [c for c in folded if c not in " ,，、;；/.()[]-—→>\n\t"]
    if not letters or any(c not in LETTERS for c in letters):
        return ""
    if kind == "matching":
        return "".join(letters)
    if len(set(letters)) != len(letters):
        return ""
    return "".join(letters) if kind == "ordering" else "".join(sorted(letters))


def _normal_fill(text: str) -> str:
    parts = [part.strip() for part in re.split(r"[；;\n]", of_answer(text).replace("｜", "|"))]
    while parts and not parts[-1]:
        parts.pop()
    blanks = [[said for w in part.split("|") if (said := _normal_wording(w))] for part in parts]
    if not parts or not all(blanks):
        return ""
    return BETWEEN_BLANKS.join(BETWEEN_WORDINGS.join(words) for words in blanks)


def _normal_wording(words: str) -> str:
    """As it was written; a number with what it may be off by in its one form."""
    number = _TOLERANCE.fullmatch(wordings.folded(words))
    return f"{number[1]}±{number[2].lstrip('+-')}" if number else words.strip()


def blanks_of(key: str) -> list[list[str]]:
    """For each blank the wordings that are right."""
    return [part.split(BETWEEN_WORDINGS) for part in key.split(BETWEEN_BLANKS)]


def normal_stem(kind: str, stem: str) -> str:
    """A fill-in's blanks in one form: `____`; where there are none, empty brackets are taken for them."""
    if kind != "fill":
        return stem.strip()
    marked = re.sub(r"_{2,}", markup.BLANK, stem)
    if markup.BLANK not in marked:
        marked = re.sub(r"[（(]\s*[)）]", markup.BLANK, marked)
    return marked.strip()


def key_problems(kind: str, stem: str, options: Sequence[str], premises: Sequence[str], key: str) -> list[str]:
    """What is wrong with a key (as `normal_key` gives it) for these options and premises, in Chinese."""
    if kind in ("case", PRACTICAL):
        return []
    if not key:
        return [_EXPECTED[kind]]
    if kind == "true_false" or kind == "short":
        return []
    if kind == "fill":
        places, blanks = stem.count(markup.BLANK), blanks_of(key)
        if any(len(words) > 1 and any(wordings.tolerance(w) for w in words) for words in blanks):
            return ["带误差的数值（如 25±0.5）应是这一空唯一的答案"]
        if places == 0:
            return ["填空题的题干应有空格（连续的下划线 ____）"]
        return [] if places == len(blanks) else [f"题干有 {places} 个空，答案有 {len(blanks)} 个（各空之间用；分开）"]
    if any(LETTERS.index(c) >= len(options) for c in key):
        return [f"答案 {key} 超出选项范围"]
    if kind == "single" and len(key) != 1:
        return [f"单项选择题只能有一个答案，现为 {key}"]
    if kind == "multiple" and len(key) < 2:
        return ["多项选择题至少两个答案"]
    if kind == "ordering" and len(key) != len(options):
        return [f"排序题的答案应把 {len(options)} 个选项都排上，现为 {key}"]
    if kind == "matching" and len(key) != len(premises):
        return [f"匹配题有 {len(premises)} 个左列项，答案应有同样多的字母，现为 {key}"]
    return []


_EXPECTED = {
    "single": "答案应为选项字母，如 B",
    "multiple": "答案应为选项字母，如 ABD",
    "true_false": "答案应为 对/错（√/×、正确/错误 亦可）",
    "fill": "填空题答案为空，或有一空没有答案",
    "ordering": "答案应为按正确次序排列的字母，如 CABD",
    "matching": "答案应依次为各左列项对应的字母，如 BAC",
    "short": "简答题应有参考答案",
}


def share(kind: str, key: str, response: str, *, stem: str = "", alike: wordings.Same = wordings.same) -> Fraction:
    """What part of the item's mark a response earns. Full match only (dossier F4.19); a fill-in by its blanks, whose units its
    stem may state. Items that examiners mark earn nothing here."""
    if kind == "fill":
        blanks, units = blanks_of(key), wordings.stated_units(stem, markup.BLANK)
        return Fraction(sum(wordings.earned_blanks(blanks, _given(response), units, alike)), len(blanks))
    if kind in CHOICES or kind == "true_false":
        return Fraction(response == key or "".join(sorted(response)) == key)
    return Fraction(kind in ("ordering", "matching") and response == key)


def _given(response: str) -> list[str]:
    try:
        given = json.loads(response)
    except (ValueError, RecursionError):
        return []
    return [str(words) for words in given] if isinstance(given, list) else []


def is_tolerance(wording: str) -> bool:
    """Whether a wording is a number with what it may be off by, and nothing else."""
    return _TOLERANCE.fullmatch(wording) is not None


def full_marks(kind: str, key: str) -> str:
    """A response that earns the whole mark: for rehearsals."""
    if kind == "fill":
        within = [(words[0], wordings.tolerance(words[0])) for words in blanks_of(key)]
        said = [f"{found[0].number:f}{found[0].unit}" if found else words for words, found in within]
        return json.dumps(said, ensure_ascii=False)
    return key
