"""Rules of items, specifications and papers. Pure."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from unicodedata import normalize

TYPES = {"single": "单项选择题", "true_false": "判断题", "multiple": "多项选择题"}
LETTERS = "ABCDEF"
TRUE, FALSE = "对", "错"
_TRUTH = {
    "对": TRUE, "√": TRUE, "正确": TRUE, "T": TRUE, "TRUE": TRUE, "是": TRUE,
    "错": FALSE, "×": FALSE, "X": FALSE, "错误": FALSE, "F": FALSE, "FALSE": FALSE, "否": FALSE,
}  # fmt: skip


def normal_key(kind: str, text: str) -> str:
    """The key in its one form: sorted letters, or 对/错. Accepts «ABD», «A,B», «√/×», «正确/错误»; '' when unreadable."""
    folded = normalize("NFKC", text).strip().upper()
    if kind == "true_false":
        return _TRUTH.get(folded, "")
    letters = [c for c in folded if c not in " ,，、;；/"]
    if not letters or len(set(letters)) != len(letters) or any(c not in LETTERS for c in letters):
        return ""
    return "".join(sorted(letters))


def stem_digest(kind: str, stem: str) -> str:
    """Equal for stems that differ only in blanks, width and punctuation: duplicates are found by it."""
    folded = "".join(c for c in normalize("NFKC", stem).lower() if c.isalnum())
    return sha256(f"{kind}:{folded}".encode()).hexdigest()


def item_problems(kind: str, stem: str, options: Sequence[str], key: str, difficulty: int) -> list[str]:
    """What is wrong with an item, in Chinese; `key` as `normal_key` gives it ('' when unreadable)."""
    problems = []
    if kind not in TYPES:
        return [f"题型“{kind}”不认识，可填：{'、'.join(TYPES.values())}"]
    if not stem.strip():
        problems.append("题干为空")
    if not 1 <= difficulty <= 5:
        problems.append(f"难度 {difficulty} 应在 1 至 5 之间")
    if kind == "true_false":
        if options:
            problems.append("判断题不应有选项")
        if not key:
            problems.append("答案应为 对/错（√/×、正确/错误 亦可）")
        return problems
    if len(options) < (4 if kind == "single" else 3):
        problems.append(f"{TYPES[kind]}至少要有 {4 if kind == 'single' else 3} 个选项，现有 {len(options)} 个")
    if any(not o.strip() for o in options):
        problems.append("选项有空缺，请按 A、B、C… 依次填写")
    if len({o.strip() for o in options}) != len(options):
        problems.append("有两个选项相同")
    if not key:
        problems.append("答案应为选项字母，如 B 或 ABD")
    elif any(LETTERS.index(c) >= len(options) for c in key):
        problems.append(f"答案 {key} 超出选项范围")
    elif kind == "single" and len(key) != 1:
        problems.append(f"单项选择题只能有一个答案，现为 {key}")
    elif kind == "multiple" and len(key) < 2:
        problems.append("多项选择题至少两个答案")
    return problems


def pattern_problems(sections: Sequence[Mapping[str, object]]) -> list[str]:
    """A pattern's marks add up to 100 and its types are known."""
    problems = [f"题型“{s['type']}”不认识" for s in sections if s["type"] not in TYPES]
    total = sum((Decimal(str(s["mark"])) * int(str(s["count"])) for s in sections), Decimal(0))
    if total != 100:
        problems.append(f"各题型分值合计 {total}，应为 100")
    return problems


def quotas(weights: Mapping[str, Decimal], count: int) -> dict[str, int]:
    """Split `count` items over ranges by weight, largest remainder first, so that the sum is exact (dossier F4.14)."""
    total = sum(weights.values(), Decimal(0))
    if not total:
        return dict.fromkeys(weights, 0)
    exact = {code: count * weight / total for code, weight in weights.items()}
    split = {code: int(share) for code, share in exact.items()}
    rest = sorted(exact, key=lambda code: (split[code] - exact[code], code))
    for code in rest[: count - sum(split.values())]:
        split[code] += 1
    return split


@dataclass(frozen=True)
class PoolItem:
    """An item that may be drawn: where it hangs, its importance, how often it was used."""

    pk: int
    type: str
    area: str
    point: str
    importance: str
    difficulty: int
    exposure: int


@dataclass
class Draw:
    """Items drawn in order of the sections; `short` names what the bank lacks, in Chinese."""

    items: list[PoolItem]
    short: list[str]


def draw(
    pool: Sequence[PoolItem], sections: Sequence[Mapping[str, object]], weights: Mapping[str, Decimal], seed: int
) -> Draw:
    """Draw a paper: each section's items spread over the areas by weight, within an area core points (X) first, few
    from one point, least used first; chance decides among equals, the same seed always the same paper."""
    chance = random.Random(seed)  # noqa: S311 - reproducible by design, not a secret
    used_points: dict[str, int] = defaultdict(int)
    drawn: list[PoolItem] = []
    short: list[str] = []
    for section in sections:
        kind, count = str(section["type"]), int(str(section["count"]))
        candidates = [i for i in pool if i.type == kind]
        taken = _draw_section(candidates, quotas(weights, count), count, used_points, chance)
        drawn += taken
        if len(taken) < count:
            short.append(f"{TYPES[kind]}需 {count} 题，题库只有 {len(candidates)} 题，缺 {count - len(taken)} 题")
    return Draw(drawn, short)


def _draw_section(
    candidates: list[PoolItem], quota: Mapping[str, int], count: int, used_points: dict[str, int], chance: random.Random
) -> list[PoolItem]:
    luck = {i.pk: chance.random() for i in candidates}
    taken: list[PoolItem] = []
    left = list(candidates)

    def take_best(among: list[PoolItem]) -> None:
        best = min(among, key=lambda i: (used_points[i.point], i.importance, i.exposure, luck[i.pk]))
        used_points[best.point] += 1
        taken.append(best)
        left.remove(best)

    for area in sorted(quota):
        for _ in range(quota[area]):
            among = [i for i in left if i.area == area]
            if not among:
                break
            take_best(among)
    while left and len(taken) < count:
        take_best(left)
    return taken
