"""The life of an item: written, reviewed twice by two others, in use, retired; who may see it; what is written down."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from assay.bank.models import Item, ItemReading, ItemVersion, Specification
from assay.bank.queries import on_a_closed_paper, reviewable_by, visible_to, waiting_for
from assay.bank.specifications import acts
from assay.bank.writing.acts import items as items_acts
from assay.bank.writing.acts import life
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.items.row import ItemRow
from assay.items.specification import PointRow
from assay.kernel import clock, verification
from assay.kernel.acts import Actor
from assay.kernel.refusals import NotAllowed, Refused
from assay.kernel.sealing import blind_index
from tests import factories as f

pytestmark = pytest.mark.django_db
ROW = ItemRow("A-001", "single", 2, "机油压力过低先查（　）", ("油位", "水温", "胎压", "灯光"), "A")


@pytest.fixture
def specification() -> Specification:
    row = f.scope_row()
    rows = [PointRow("A", "", "range", "基本", Decimal(100)), PointRow("A-001", "A", "point", "润滑系", None, "X")]
    return acts.install_specification(
        f.actor_with("X4"), occupation=row.occupation, level=f.level("4"), title="示例", rows=rows
    )


def expert(*duties: str) -> Actor:
    """An expert who has promised secrecy."""
    who = actor_of(f.staff(*(duties or ("R4",))))
    items_acts.sign_secrecy(who)
    return who


def test_an_item_is_in_use_after_two_reviews_by_two_others(specification: Specification) -> None:
    author, first, second = expert(), expert(), expert()
    item = items_acts.save_item(author, None, ROW, specification)
    assert item.state == "draft"
    life.submit(author, [item])
    with pytest.raises(Refused, match="是您编写的"):
        life.review(author, [item], passes=True)
    life.review(first, [item], passes=True)
    with pytest.raises(Refused, match="须由另一人"):
        life.review(first, [item], passes=True)
    life.review(second, [item], passes=True)
    item.refresh_from_db()
    assert item.state == "in_use"
    assert list(item.remarks.values_list("kind", flat=True)) == ["submitted", "passed_first", "passed"]


def test_an_item_that_is_sent_back_says_why_and_begins_anew(specification: Specification) -> None:
    author, reviewer = expert(), expert()
    item = items_acts.save_item(author, None, ROW, specification)
    life.submit(author, [item])
    with pytest.raises(Refused, match="理由"):
        life.review(reviewer, [item], passes=False)
    life.review(reviewer, [item], passes=False, text="选项 C 不合理")
    item.refresh_from_db()
    assert (item.state, item.remarks.last().text) == ("draft", "选项 C 不合理")
    items_acts.save_item(author, None, replace(ROW, stem="另一道草稿（　）"), specification)
    waiting = [one.said for one in waiting_for(Account.objects.get(pk=author.account_id))]
    assert waiting == ["1 题被退回，修改后重新提交", "1 题草稿还没有提交审题"]


def test_a_draft_that_nobody_else_has_seen_can_be_thrown_away_and_no_other(specification: Specification) -> None:
    author, reviewer, head = expert(), expert(), expert("X4")
    draft = items_acts.save_item(author, None, ROW, specification)
    draft = items_acts.save_item(author, draft, replace(ROW, key="B"), specification)
    with pytest.raises(Refused, match="不是您编写的"):
        life.discard(reviewer, [draft])
    assert life.discard(author, [draft]) == 1
    case = ItemRow("A-001", "case", 3, "某车冷起动困难。", parts=(ItemRow("", "true_false", 2, "先查。", (), "对"),))
    life.discard(head, items_acts.import_items(author, specification, [case]))
    assert (Item.objects.count(), ItemVersion.objects.count()) == (0, 0)
    assert not [found for found in verification.verify().findings if "bank.item" in found.where]
    returned = items_acts.save_item(author, None, ROW, specification)
    life.submit(author, [returned])
    with pytest.raises(Refused, match="只有草稿"):
        life.discard(author, [returned])
    life.review(reviewer, [returned], passes=False, text="选项 C 不合理")
    with pytest.raises(Refused, match="须留存"):
        life.discard(author, [returned])
    grouped = items_acts.import_items(
        author, specification, [replace(ROW, stem=f"第 {n} 种问法（　）") for n in range(2)]
    )
    items_acts.save_enemies(head, specification, "同一问", grouped)
    with pytest.raises(Refused, match="取消题组"):
        life.discard(author, grouped)
    assert Item.objects.count() == 3


def test_without_a_promise_of_secrecy_nothing_is_written_or_read(specification: Specification) -> None:
    who = actor_of(f.staff("R4"))
    with pytest.raises(Refused, match="保密承诺"):
        items_acts.save_item(who, None, ROW, specification)


def test_changing_an_item_in_use_keeps_the_former_version_and_asks_for_reviews_again(
    specification: Specification,
) -> None:
    head = expert("X4")
    item = items_acts.import_items(head, specification, [ROW], approved=True)[0]
    changed = items_acts.save_item(
        head, item, ItemRow("A-001", "single", 3, "另一种问法（　）", ROW.options, "B"), specification
    )
    assert (changed.pk, changed.version, changed.state) == (item.pk, 2, "draft")
    kept = ItemVersion.objects.get(item=item)
    assert (kept.version, kept.content["key"]) == (1, "A")


def test_experts_see_their_own_and_what_is_under_review_and_their_head_all(specification: Specification) -> None:
    head, author, other = expert("X4"), expert(), expert()
    own = items_acts.save_item(author, None, ROW, specification)
    used = items_acts.import_items(
        head, specification, [ItemRow("A-001", "true_false", 2, "在用的题", (), "对")], approved=True
    )[0]
    every = Item.objects.all()
    assert set(visible_to(author, every)) == {own}
    assert set(visible_to(other, every)) == set()
    assert set(visible_to(head, every)) == {own, used}
    life.submit(author, [own])
    assert set(visible_to(other, every)) == {own}


def test_every_reading_of_an_item_in_use_is_written_down(specification: Specification) -> None:
    head = expert("X4")
    item = items_acts.import_items(head, specification, [ROW], approved=True)[0]
    items_acts.read_item(head, item, "查看")
    reading = ItemReading.objects.get()
    assert (reading.item, reading.account_id) == (item, head.account_id)


def test_an_item_on_a_sealed_paper_is_closed_to_everybody_until_it_was_sat(specification: Specification) -> None:
    head = expert("X4")
    item = items_acts.import_items(head, specification, [ROW], approved=True)[0]
    paper = specification.papers.create(
        title="示例 A 卷", minutes=60, sections=[], seed=1, digest="0" * 64, state="sealed", created_at=clock.now()
    )
    paper.composition = [[item.pk, 1]]
    paper.save()
    assert on_a_closed_paper(item)
    paper.released_at = clock.now()
    paper.save()
    assert not on_a_closed_paper(item)


def test_an_item_without_a_point_cannot_be_submitted(specification: Specification) -> None:
    author = expert()
    item = items_acts.import_items(author, specification, [replace(ROW, point="")])[0]
    with pytest.raises(Refused, match="还没有归到鉴定点"):
        life.submit(author, [item])


def test_only_the_head_of_the_experts_may_put_a_bank_in_use_unreviewed(specification: Specification) -> None:
    with pytest.raises(Refused, match="专家考评组负责人"):
        items_acts.import_items(expert(), specification, [ROW], approved=True)
    with pytest.raises(NotAllowed):
        life.retire(expert(), items_acts.import_items(expert("X4"), specification, [ROW], approved=True)[0], "过时")


def test_a_case_goes_through_life_with_its_parts(specification: Specification) -> None:
    case = ItemRow(
        "A-001", "case", 3, "某车冷起动困难。", parts=(ItemRow("", "true_false", 2, "先查蓄电池。", (), "对"),)
    )
    author, first, second = expert(), expert(), expert()
    item = items_acts.import_items(author, specification, [case])[0]
    life.submit(author, [item])
    life.review(first, [item], passes=True)
    life.review(second, [item], passes=True)
    assert [p.state for p in item.live_parts()] == ["in_use"]


def test_a_group_of_enemies_is_made_and_taken_back(specification: Specification) -> None:
    head = expert("X4")
    rows = [replace(ROW, stem=f"第 {n} 种问法（　）") for n in range(2)]
    items = items_acts.import_items(head, specification, rows, approved=True)
    with pytest.raises(Refused, match="至少要有"):
        items_acts.save_enemies(head, specification, "单独", items[:1])
    group = items_acts.save_enemies(head, specification, "同一问", items)
    assert group.items.count() == 2
    items_acts.remove_enemies(head, group)
    assert specification.enemy_groups.count() == 0


def test_drafts_are_hung_on_a_point_in_one_go(specification: Specification) -> None:
    author, other = expert(), expert()
    rows = [replace(ROW, point="", stem=f"第 {n} 种问法（　）") for n in range(3)]
    items = items_acts.import_items(author, specification, rows)
    point = specification.points.get()
    with pytest.raises(Refused, match="不是您编写的"):
        items_acts.assign_point(other, items, point)
    items_acts.assign_point(author, items, point)
    assert set(specification.items.values_list("point", flat=True)) == {point.pk}
    life.submit(author, list(specification.items.all()))
    with pytest.raises(Refused, match="只有草稿"):
        items_acts.assign_point(author, items, point)


def test_what_a_new_table_no_longer_lists_goes_when_nothing_hangs_on_it(specification: Specification) -> None:
    (item,) = items_acts.import_items(expert("X4"), specification, [ROW], approved=True)
    other = [PointRow("B", "", "range", "专业", Decimal(100)), PointRow("B-001", "B", "point", "冷却系", None, "Y")]

    def install() -> None:
        acts.install_specification(
            f.actor_with("X4"), occupation=specification.occupation, level=specification.level, title="示例", rows=other
        )

    with pytest.raises(Refused, match="鉴定点 A-001 还挂着 1 题"):
        install()
    assert list(specification.ranges.values_list("code", flat=True)) == ["A"]
    life.retire(expert("X4"), item, "不再考")
    install()
    assert list(specification.points.values_list("code", flat=True)) == ["B-001"]
    assert list(specification.ranges.values_list("code", flat=True)) == ["B"]
    item.refresh_from_db()
    assert item.point is None
    with pytest.raises(Refused, match="归到鉴定点"):
        life.retire(expert("X4"), item, "再考")
    known = [found for found in verification.verify().findings if "bank." in found.where]
    assert known == []


def test_an_item_is_changed_by_who_wrote_it_and_by_the_experts_head_and_by_nobody_while_it_is_reviewed(
    specification: Specification,
) -> None:
    author, other, head = expert(), expert(), expert("X4")
    item = items_acts.save_item(author, None, ROW, specification)
    with pytest.raises(Refused, match="不是您编写的"):
        items_acts.save_item(other, item, replace(ROW, key="B"), specification)
    life.submit(author, [item])
    for who in (author, other, head):
        with pytest.raises(Refused, match="退回后再修改"):
            items_acts.save_item(who, item, replace(ROW, key="B"), specification)
    item.refresh_from_db()
    assert (item.author_id, item.key, item.version) == (author.account_id, "A", 1)


def test_whoever_wrote_any_version_stays_an_author_and_reviews_it_at_no_step(specification: Specification) -> None:
    author, head, reviewer = expert(), expert("X4", "R4"), expert()
    item = items_acts.save_item(author, None, ROW, specification)
    changed = items_acts.save_item(head, item, replace(ROW, key="B"), specification)
    life.submit(head, [changed])
    for who in (author, head):
        with pytest.raises(Refused, match="是您编写的"):
            life.review(who, [changed], passes=True)
        assert not reviewable_by(who.account_id).exists()
    assert reviewable_by(reviewer.account_id).get() == changed
    assert items_acts.save_item(author, _returned(reviewer, changed), ROW, specification).version == 3


def _returned(reviewer: Actor, item: Item) -> Item:
    life.review(reviewer, [item], passes=False, text="再改")
    return Item.objects.get(pk=item.pk)


def test_the_author_under_another_account_is_still_the_author(specification: Specification) -> None:
    author = expert()
    again = f.staff("R4")
    index = blind_index("resident", f.resident_number(81))
    f.member("expert", account=Account.objects.get(pk=author.account_id), id_index=index)
    f.person(id_number=f.resident_number(81), account=again)
    other = actor_of(again)
    items_acts.sign_secrecy(other)
    item = items_acts.save_item(author, None, ROW, specification)
    life.submit(author, [item])
    with pytest.raises(Refused, match="命题与审题须由不同的人办理"):
        life.review(other, [item], passes=True)
    item.refresh_from_db()
    assert item.state == "first_review"
