"""Copies counted out and back; a leak makes a paper void and takes its items out of use at once."""

from __future__ import annotations

import pytest

from assay.bank.models import Item, Paper, Specification
from assay.bank.papers.acts import custody
from assay.kernel import clock
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import NotAllowed, Refused
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    row = f.scope_row()
    specification = Specification.objects.create(occupation=row.occupation, level=f.level("4"), title="示例")
    return Paper.objects.create(
        specification=specification, title="示例 A 卷", minutes=90, sections=[], seed=1, digest="0" * 64, state="sealed",
        created_at=clock.now(),
    )  # fmt: skip


def test_copies_are_counted_out_and_back_and_missing_ones_explained(paper: Paper) -> None:
    keeper = f.actor_with("E7")
    row = custody.hand_out(keeper, paper, part="试题卷", copies=30, to="第 1 考场 监考员")
    with pytest.raises(Refused, match="多于发出"):
        custody.take_back(keeper, row, used=29, unused=2)
    with pytest.raises(Refused, match="少 1 份"):
        custody.take_back(keeper, row, used=27, unused=2)
    done = custody.take_back(keeper, row, used=27, unused=2, note="一份污损，已当场销毁")
    assert (done.used, done.unused, bool(done.back_at)) == (27, 2, True)
    with pytest.raises(Refused, match="已收回"):
        custody.take_back(keeper, row, used=27, unused=3)
    said = LedgerEntry.objects.filter(act__in=["bank.hand_out", "bank.take_back"]).values_list("note", flat=True)
    assert list(said.order_by("seq")) == [
        f"“示例 A 卷”（编号 {paper.pk}）试题卷 30 份，领取：第 1 考场 监考员",
        f"“示例 A 卷”（编号 {paper.pk}）试题卷：用 27 份，余 2 份，少 1 份：一份污损，已当场销毁",
    ]


def test_a_leak_stops_the_paper_and_its_items(paper: Paper) -> None:
    item = Item.objects.create(
        specification=paper.specification, type="true_false", stem="题", stem_digest="x", key="对", state="draft"
    )
    Item.objects.create(
        specification=paper.specification, type="true_false", stem="另一题", stem_digest="y", key="对", state="draft"
    )
    point = paper.specification.points.create(
        code="A-1",
        name="点",
        importance="X",
        range=paper.specification.ranges.create(code="A", name="范围", weight=100),
    )
    Item.objects.update(point=point)
    Item.objects.update(state="in_use")
    paper.composition = [[item.pk, 1]]
    paper.save()
    with pytest.raises(NotAllowed):
        custody.report_leak(f.actor_with("R4"), paper, "网上看到")
    made = custody.report_leak(f.actor_with("E8"), paper, "考前有考生说出第 3 题")
    paper.refresh_from_db()
    assert (paper.state, made.items) == ("void", 1)
    said = LedgerEntry.objects.get(act="bank.report_leak").note
    assert said == f"“示例 A 卷”（编号 {paper.pk}）作废，停用 1 题：考前有考生说出第 3 题"
    assert sorted(Item.objects.values_list("state", flat=True)) == ["in_use", "retired"]
    with pytest.raises(Refused, match="作废"):
        custody.hand_out(f.actor_with("E7"), paper, part="试题卷", copies=1, to="甲")
