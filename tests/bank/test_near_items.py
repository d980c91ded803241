"""Items that say nearly the same are pointed out wherever somebody decides on one, without giving the other's text away."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assay.bank.exchange.importing import examine
from assay.bank.models import Item, Specification
from assay.bank.specifications import acts
from assay.bank.writing.acts import items, life
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.interchange.near import near_pairs, near_to, pairs
from assay.items.row import ItemRow
from assay.items.rules import item_remarks
from assay.items.specification import PointRow
from tests import factories as f

STEM = "发动机机油压力过低时应首先检查哪一部位并作记录"
LIKE = "发动机机油压力过低时应首先检查那一部位并作记录"
OPTIONS = ("油位", "油温", "油色", "油路")
BACKEND = "django.contrib.auth.backends.ModelBackend"


@given(st.lists(st.text("机油压力过低", max_size=14), max_size=12), st.integers(0, 12))
def test_no_near_pair_is_missed_and_none_is_made_up(texts: list[str], known: int) -> None:
    sets = [pairs(text) for text in texts]
    expected = {
        (a, b)
        for b in range(len(texts))
        for a in range(b)
        if b >= known and sets[a] and sets[b] and len(sets[a] & sets[b]) >= 0.8 * len(sets[a] | sets[b])
    }
    assert {(a, b) for a, b, _ in near_pairs(texts[:known], texts[known:])} == expected


@given(st.lists(st.text("机油压力过低", max_size=14), max_size=12), st.text("机油压力过低", max_size=14))
def test_one_text_alone_has_the_same_neighbours_as_among_all(texts: list[str], one: str) -> None:
    expected = {(a, overlap) for a, _, overlap in near_pairs(texts, [one])}
    assert set(near_to(one, dict(enumerate(texts)))) == expected


@pytest.fixture
def specification(keeper: Account) -> Specification:
    rows = [PointRow("A", "", "range", "基本", Decimal(100)), PointRow("A-001", "A", "point", "润滑系", None, "X")]
    return acts.install_specification(
        actor_of(keeper), occupation=f.scope_row().occupation, level=f.level("4"), title="示例", rows=rows
    )


@pytest.mark.django_db
def test_the_import_names_an_item_of_the_bank_by_its_number_alone(
    keeper: Account, specification: Specification
) -> None:
    there = items.save_item(actor_of(keeper), None, ItemRow("", "single", 3, STEM, OPTIONS, "A"), specification)
    text = f"题型,题干,选项A,选项B,选项C,选项D,答案\n单选题,{LIKE},油位,油温,油色,油路,A\n"
    (note,) = examine("一.csv", text.encode(), specification).notes
    assert note.message.startswith(f"与题库中试题 {there.pk} 相近")
    assert STEM not in note.message


@pytest.mark.django_db
def test_who_writes_and_who_reviews_an_item_are_told_of_one_that_is_near(
    keeper: Account, specification: Specification
) -> None:
    writer, reviewer = f.staff("R4"), f.staff("R4")
    there = items.save_item(actor_of(keeper), None, ItemRow("", "single", 3, STEM, OPTIONS, "A"), specification)
    for account in (writer, reviewer):
        items.sign_secrecy(actor_of(account))
    item = items.save_item(actor_of(writer), None, ItemRow("A-001", "single", 3, LIKE, OPTIONS, "A"), specification)
    said = f"与试题 {there.pk} 相近"
    assert said in _page(writer, item)
    life.submit(actor_of(writer), [item])
    shown = _page(reviewer, item)
    assert said in shown
    assert STEM not in shown


def _page(account: Account, item: Item) -> str:
    client = Client()
    client.force_login(account, BACKEND)
    return client.get(reverse("bank:item", args=[item.pk])).content.decode()


@pytest.mark.parametrize(
    ("option", "speaks_of_others"),
    [("以上都是", True), ("以上说法均不正确", True), ("上述各项都对", True), ("都不对", True), ("都不正确", True),
        ("以上没有正确答案", True),
        ("放置 5 min 以上", False), ("5 ℃ 以上均可", False), ("三级以上各工种均可", False), ("安全对", False), ("均匀", False)],
)  # fmt: skip
def test_only_an_option_that_speaks_of_the_others_is_pointed_out(option: str, speaks_of_others: bool) -> None:
    remarks = item_remarks("single", "选一项", ("甲", "乙", "丙", option), "A")
    assert any("以上都是" in remark for remark in remarks) == speaks_of_others
