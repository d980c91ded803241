"""What a sealed paper holds stays shut everywhere, and a paper that left the screen is not changed any more."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from assay.bank.models import ItemReading, Paper, Specification
from assay.bank.papers.acts import custody
from assay.bank.papers.acts import papers as papers_acts
from assay.bank.specifications import acts
from assay.bank.writing.acts import items as items_acts
from assay.bank.writing.acts import life
from assay.catalogue.models import PaperPattern
from assay.centre.models import Account
from assay.items.row import ItemRow
from assay.items.specification import PointRow
from assay.kernel.acts import Actor
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db


def bank_of(who: Actor, items: int) -> tuple[Specification, PaperPattern]:
    row = f.scope_row()
    specification = acts.install_specification(
        who, occupation=row.occupation, level=f.level("4"), title="示例细目表",
        rows=[PointRow("A", "", "range", "知识", Decimal(100)), PointRow("A-001", "A", "point", "点", None, "X")],
    )  # fmt: skip
    rows = [ItemRow("A-001", "true_false", 3, f"第 {n} 句话", (), "对") for n in range(items)]
    items_acts.import_items(who, specification, rows, approved=True)
    pattern = PaperPattern.objects.get(
        standard_level__standard__occupation=row.occupation, standard_level__level=specification.level
    )
    pattern.sections = [{"type": "true_false", "count": 4, "mark": "25"}]
    pattern.save()
    return specification, pattern


def papers(who: Actor, specification: Specification, pattern: PaperPattern, forms: str = "A") -> list[Paper]:
    return papers_acts.assemble(
        who, specification, pattern, seed=1, forms=forms, options=papers_acts.Options(relaxed=True)
    )


def test_items_of_a_sealed_paper_are_not_drawn_for_another_and_not_shown_on_one(keeper: Account, who: Actor) -> None:
    specification, pattern = bank_of(who, 6)
    first, second = papers(who, specification, pattern, "AB")
    shared = {e["item"] for e in first.content} & {e["item"] for e in second.content}
    assert shared  # six items do not suffice for two papers
    papers_acts.seal(who, first)
    client = Client()
    client.force_login(keeper)
    page = client.get(f"/bank/papers/{second.pk}/").content.decode()
    assert page.count("在另一份封存而未考的试卷上，不显示") == len(shared)
    sealed = {e["item"] for e in first.content}
    with pytest.raises(Refused, match="组不成卷"):
        papers(who, specification, pattern)
    item = sealed.pop()
    assert client.get(f"/bank/items/{item}/edit/").status_code == 409
    assert not ItemReading.objects.filter(item=item).exists()


def test_a_paper_with_an_item_that_was_stopped_is_not_sealed_but_can_be_mended(who: Actor) -> None:
    specification, pattern = bank_of(who, 8)
    (paper,) = papers(who, specification, pattern)
    gone = specification.items.get(pk=paper.content[1]["item"])
    life.retire(who, gone, "过时")
    with pytest.raises(Refused, match="第 2 题已不在用"):
        papers_acts.seal(who, paper)
    papers_acts.swap_item(who, paper, 2)
    paper.refresh_from_db()
    assert gone.pk not in {e["item"] for e in paper.content}
    assert papers_acts.seal(who, paper).state == "sealed"


def test_a_printed_paper_is_not_changed_and_handed_out_only_sealed(who: Actor) -> None:
    specification, pattern = bank_of(who, 8)
    (paper,) = papers(who, specification, pattern)
    with pytest.raises(Refused, match="先封存"):
        custody.hand_out(who, paper, part="试题卷", copies=30, to="一号考场")
    papers_acts.print_paper(who, paper, "试题卷", 30)
    with pytest.raises(Refused, match="已印制或发放"):
        papers_acts.swap_item(who, paper, 1)
    papers_acts.seal(who, paper)
    paper.refresh_from_db()
    assert custody.hand_out(who, paper, part="试题卷", copies=30, to="一号考场").copies == 30


def test_a_swap_brings_back_nothing_and_takes_nothing_from_the_parallel_paper(who: Actor) -> None:
    specification, pattern = bank_of(who, 10)
    first, second = papers(who, specification, pattern, "AB")
    removed = first.content[0]["item"]
    on_second = {e["item"] for e in second.content}
    new = papers_acts.swap_item(who, first, 1)
    assert new.pk not in on_second
    first.refresh_from_db()
    again = papers_acts.swap_item(who, first, 1)
    assert again.pk not in {removed, *on_second}
    with pytest.raises(Refused, match="平行卷"):
        papers_acts.swap_item(who, first, 1, on_second.pop())


def test_numbers_that_cannot_be_read_are_refused(keeper: Account, who: Actor) -> None:
    specification, _ = bank_of(who, 8)
    client = Client()
    client.force_login(keeper)
    page = client.post(
        "/bank/papers/assemble/", {"specification": specification.pk, "forms": "1", "most_exposure": "abc"}
    )
    assert page.status_code == 409
    assert "“最多用过”应填 0 或正整数" in page.content.decode()
    assert 'value="abc"' in page.content.decode()
    assert not Paper.objects.exists()
    client.post(
        "/bank/papers/assemble/",
        {"specification": specification.pk, "forms": "1", "most_exposure": "0", "relaxed": "on"},
    )
    assert Paper.objects.get().rules["most_exposure"] == 1


def test_a_formula_that_nobody_can_read_is_refused(who: Actor) -> None:
    specification, _ = bank_of(who, 1)
    row = ItemRow("A-001", "true_false", 3, "由 \\(\\frac{1\\) 可知", (), "对")
    with pytest.raises(Refused, match="公式"):
        items_acts.save_item(who, None, row, specification)


def test_a_leak_is_heard_of_by_those_who_lead(who: Actor) -> None:
    specification, pattern = bank_of(who, 8)
    (paper,) = papers(who, specification, pattern)
    papers_acts.seal(who, paper)
    custody.report_leak(who, paper, "有人拍照")
    client = Client()
    client.force_login(f.staff("L2"))
    assert "试卷泄密" in client.get("/desk/").content.decode()
    other = Client()
    other.force_login(f.staff("E3"))
    assert "试卷泄密" not in other.get("/desk/").content.decode()
