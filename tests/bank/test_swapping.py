"""One item of a paper for another: the rules stay on, the digest follows, the best fit is found."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from assay.assembly.blueprint import Blueprint, PoolItem, Section
from assay.assembly.swapping import best_swap, swap_problems
from assay.bank.papers.acts import papers
from assay.bank.papers.acts.papers import content_digest
from assay.bank.specifications import acts
from assay.bank.writing.acts import items as items_acts
from assay.centre.actors import actor_of
from assay.items.row import ItemRow
from assay.items.specification import PointRow
from assay.kernel.refusals import Refused
from tests import factories as f

RULES = Blueprint(
    (Section("single", 3, Decimal(10)),),
    {"A": Decimal(50), "B": Decimal(50)},
    per_point=1,
    most_exposure=4,
    rest_days=30,
)
ITEM = PoolItem(1, "single", "A", "A-1", "X", 3)
FORM = [ITEM, PoolItem(2, "single", "A", "A-2", "X", 3, groups=(5,)), PoolItem(3, "single", "B", "B-1", "Y", 2)]


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ({"pk": 2}, "已在卷上"), ({"pk": 9, "type": "multiple"}, "题型不同"), ({"pk": 9, "area": "B"}, "比重"),
        ({"pk": 9, "point": "A-2"}, "已够多"), ({"pk": 9, "groups": (5,)}, "相近题"),
        ({"pk": 9, "exposure": 4}, "已用过 4 次"), ({"pk": 9, "rested": 3}, "距上次使用 3 天，不足 30 天"),
    ],
)  # fmt: skip
def test_what_a_swap_would_break_is_said(new: dict, said: str) -> None:
    assert any(said in problem for problem in swap_problems(FORM, ITEM, replace(ITEM, **new), RULES, 3))


def test_the_best_fit_is_of_the_same_point_and_like_difficulty() -> None:
    pool = [
        replace(ITEM, pk=n, point=point, difficulty=d)
        for n, point, d in ((10, "A-9", 3), (11, "A-1", 5), (12, "A-1", 4))
    ]
    chosen = best_swap(FORM, ITEM, [*FORM, *pool], RULES, 3)
    assert chosen is not None
    assert chosen.pk == 12


@pytest.mark.django_db
def test_a_swap_on_a_paper_changes_its_digest_and_ends_with_sealing() -> None:
    row = f.scope_row()
    rows = [PointRow("A", "", "range", "基本", Decimal(100)), PointRow("A-1", "A", "point", "点", None, "X")]
    specification = acts.install_specification(
        f.actor_with("X4"), occupation=row.occupation, level=f.level("4"), title="示例", rows=rows
    )
    stems = [ItemRow("A-1", "true_false", 3, f"第 {n} 个说法", (), "对") for n in range(5)]
    items = items_acts.import_items(f.actor_with("X4"), specification, stems, approved=True)
    keeper = actor_of(f.staff("E7"))
    items_acts.sign_secrecy(keeper)
    sections = [{"type": "true_false", "count": 2, "mark": "50"}]
    pattern = type("Pattern", (), {"sections": sections, "minutes": 60})()
    paper = papers.assemble(keeper, specification, pattern, seed=1)[0]
    before = paper.digest
    with pytest.raises(Refused, match="没有编号"):
        papers.swap_item(keeper, paper, 1, wanted=99999)
    new = papers.swap_item(keeper, paper, 1)
    paper.refresh_from_db()
    assert paper.digest not in ("", before)
    assert paper.digest == content_digest(paper.content)
    assert paper.items()[0] == new.pk
    assert len({e["item"] for e in paper.content} & {i.pk for i in items}) == 2
    papers.seal(keeper, paper)
    with pytest.raises(Refused, match="不能换题"):
        papers.swap_item(keeper, paper, 1)
