"""One item of a paper for another, with the paper's rules still on. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assay.assembly.blueprint import Blueprint, PoolItem


def swap_problems(
    form: Sequence[PoolItem], old: PoolItem, new: PoolItem, blueprint: Blueprint, points: int
) -> list[str]:
    """What putting `new` in the place of `old` would break, in Chinese; `points`: how many points the bank has."""
    rest = [item for item in form if item.pk != old.pk]
    problems = []
    if any(item.pk == new.pk for item in rest):
        problems.append("这道题已在卷上")
    if new.type != old.type:
        problems.append("题型不同")
    if new.area != old.area:
        problems.append(f"不在同一鉴定范围（应为 {old.area}，该题属于 {new.area}），会打乱比重")
    if Counter(item.point for item in rest)[new.point] >= blueprint.point_limit(points):
        problems.append(f"鉴定点 {new.point} 的题已够多")
    enemies = [item.pk for item in rest if set(item.groups) & set(new.groups)]
    if enemies:
        problems.append(f"与卷上试题 {'、'.join(map(str, enemies))} 是相近题")
    problems += _mix_problems([*rest, old], [*rest, new], blueprint)
    if blueprint.worn_out(new):
        problems.append(f"已用过 {new.exposure} 次，超过组卷时的限制")
    if blueprint.too_fresh(new):
        problems.append(f"距上次使用 {new.rested} 天，不足 {blueprint.rest_days} 天")
    return problems


def _mix_problems(before: Sequence[PoolItem], after: Sequence[PoolItem], blueprint: Blueprint) -> list[str]:
    """Kinds of a stated mix that a form would have too few or too many of, unless it had so many too few or too many before."""
    problems = []
    for mix in blueprint.mixes():
        was, will = mix.off(before), mix.off(after)
        problems += [
            f"{mix.said(kind)}的题会{'多' if off > 0 else '少'}于组卷要求"
            for kind, off in will.items()
            if abs(off) > abs(was[kind])
        ]
    return problems


def best_swap(
    form: Sequence[PoolItem], old: PoolItem, pool: Sequence[PoolItem], blueprint: Blueprint, points: int
) -> PoolItem | None:
    """The item that fits in best: of the same point if there is one, then of like difficulty and importance, least used."""
    fitting = [new for new in pool if new.pk != old.pk and not swap_problems(form, old, new, blueprint, points)]
    return min(
        fitting,
        key=lambda new: (
            new.point != old.point, abs(new.difficulty - old.difficulty), new.importance != old.importance, new.exposure, new.pk,
        ),
        default=None,
    )  # fmt: skip
