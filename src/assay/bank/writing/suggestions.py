"""Items in use that nearly repeat one another and may still meet on a paper: proposed as groups of enemies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from assay.bank.models import EnemyDismissal, EnemyGroup, Item, Specification
from assay.interchange.near import near_groups
from assay.items.content import markup


@dataclass(frozen=True)
class Suggestion:
    """`likeness`: the least overlap of two of its items' stems that are near, 0.8 to 1."""

    items: list[Item]
    likeness: float


def suggested_enemies(specification: Specification) -> list[Suggestion]:
    """The nearest first. A pair that is in a group already, or that was dismissed as it reads now, is not proposed again."""
    items = list(
        specification.items.filter(state=Item.State.IN_USE, case=None)
        .select_related("point")
        .defer("options", "premises", "explanation", "key", "sheet", "reference")
        .order_by("pk")
    )
    settled = _settled(specification, items)
    none: frozenset[tuple[str, int]] = frozenset()

    def is_settled(first: int, second: int) -> bool:
        return not settled.get(items[first].pk, none).isdisjoint(settled.get(items[second].pk, none))

    stems = [markup.plain(markup.parse(item.stem)) for item in items]
    return [Suggestion([items[n] for n in group], likeness) for group, likeness in near_groups(stems, is_settled)]


def _settled(specification: Specification, items: Sequence[Item]) -> dict[int, set[tuple[str, int]]]:
    """For each item the groups and the dismissals that it is in; two items that share one are settled."""
    found: dict[int, set[tuple[str, int]]] = defaultdict(set)
    members = EnemyGroup.items.through.objects.filter(enemygroup__specification=specification)
    for group, item in members.values_list("enemygroup_id", "item_id"):
        found[item].add(("group", group))
    versions = {str(item.pk): item.version for item in items}
    for dismissal in EnemyDismissal.objects.filter(specification=specification):
        for pk, version in dismissal.items.items():
            if versions.get(pk) == version:
                found[int(pk)].add(("dismissal", dismissal.pk))
    return found
