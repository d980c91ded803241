"""Items that nearly repeat one another are proposed as enemies, taken with one click or dismissed for good, quickly."""

from __future__ import annotations

import random
import time
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from assay.bank.models import EnemyDismissal, EnemyGroup, Item, Specification
from assay.bank.specifications import acts
from assay.bank.writing.acts import items as items_acts
from assay.bank.writing.suggestions import suggested_enemies
from assay.centre.actors import actor_of
from assay.interchange.near import near_groups
from assay.items.row import ItemRow
from assay.items.specification import PointRow
from assay.kernel import clock
from assay.kernel.models import LedgerEntry
from tests import factories as f

STEMS = (
    "发动机机油压力过低时应首先检查哪一部位并作记录",
    "发动机机油压力过低时应首先检查这一部位并作记录",
    "发动机机油压力过低时应首先检查那一部位并作记录",
    "制动踏板自由行程过大的原因是摩擦片磨损",
)


def test_groups_hang_together_by_pairs_that_are_not_settled() -> None:
    groups = near_groups(STEMS, lambda _a, _b: False)
    assert [members for members, _ in groups] == [[0, 1, 2]]
    assert 0.8 <= groups[0][1] < 1
    assert [members for members, _ in near_groups(STEMS, lambda a, _b: a == 0)] == [[1, 2]]


def test_ten_thousand_items_take_a_moment() -> None:
    chance = random.Random(1)
    letters = [chr(0x4E00 + n) for n in range(1500)]
    words = ["".join(chance.choices(letters, k=2)) for _ in range(1500)]
    heads = (
        "下列关于{}的说法正确的是",
        "{}时应首先检查",
        "在{}作业中操作者应当",
        "{}的主要作用是",
        "根据规定{}的期限是",
    )
    texts = [
        chance.choice(heads).format("".join(chance.choices(words, k=2))) + "".join(chance.choices(words, k=chance.randint(2, 8)))
        for _ in range(9_900)
    ]  # fmt: skip
    texts += [text[:-1] + "异" for text in texts[:100]]
    started = time.process_time()
    groups = near_groups(texts, lambda _a, _b: False)
    assert time.process_time() - started < 8
    assert len([1 for members, _ in groups if members[-1] >= 9_900]) > 50


@pytest.mark.django_db
class TestOnThePage:
    @pytest.fixture
    def specification(self) -> Specification:
        f.centre()
        row = f.scope_row()
        rows = [PointRow("A", "", "range", "基本", Decimal(100)), PointRow("A-001", "A", "point", "润滑系", None, "X")]
        specification = acts.install_specification(
            f.actor_with("X4"), occupation=row.occupation, level=f.level("4"), title="示例", rows=rows
        )
        items = [ItemRow("A-001", "true_false", 2, stem, (), "对") for stem in STEMS]
        items_acts.import_items(f.actor_with("X4"), specification, items, approved=True)
        return specification

    @pytest.fixture
    def head(self, client: Client) -> Client:
        who = f.staff("X4")
        items_acts.sign_secrecy(actor_of(who))
        client.force_login(who, "django.contrib.auth.backends.ModelBackend")
        return client

    def proposed(self, specification: Specification) -> list[list[int]]:
        order = list(specification.items.order_by("pk").values_list("pk", flat=True))
        return [[order.index(item.pk) for item in s.items] for s in suggested_enemies(specification)]

    def test_a_group_is_taken_with_one_click_and_proposed_no_more(
        self, head: Client, specification: Specification
    ) -> None:
        page = head.get(reverse("bank:enemies", args=[specification.pk])).content.decode()
        assert STEMS[1] in page
        assert STEMS[3] not in page
        alike = [i.pk for i in suggested_enemies(specification)[0].items]
        address = reverse("bank:enemies_act", args=[specification.pk])
        answer = head.post(address, {"step": "accept", "shown": alike, "chosen": alike}, follow=True)
        assert "没有题干相近而未设组的在用试题" in answer.content.decode()
        assert set(EnemyGroup.objects.get().items.values_list("pk", flat=True)) == set(alike)

    def test_what_was_left_out_of_a_group_is_proposed_still(self, head: Client, specification: Specification) -> None:
        alike = [i.pk for i in suggested_enemies(specification)[0].items]
        address = reverse("bank:enemies_act", args=[specification.pk])
        head.post(address, {"step": "accept", "shown": alike, "chosen": alike[:2]})
        assert self.proposed(specification) == [[0, 1, 2]]
        refused = head.post(address, {"step": "accept", "shown": alike, "chosen": alike[:1]})
        assert "至少要有两道" in refused.content.decode()

    def test_a_dismissal_is_remembered_by_an_act_until_an_item_is_written_anew(
        self, head: Client, specification: Specification
    ) -> None:
        alike = [i.pk for i in suggested_enemies(specification)[0].items]
        head.post(reverse("bank:enemies_act", args=[specification.pk]), {"step": "dismiss", "shown": alike})
        assert self.proposed(specification) == []
        assert LedgerEntry.objects.filter(act="bank.dismiss_enemies").count() == 1
        assert set(EnemyDismissal.objects.get().items) == set(map(str, alike))
        Item.objects.filter(pk=alike[0]).update(version=2)
        assert self.proposed(specification) == [[0, 1, 2]]

    def test_items_on_a_sealed_paper_are_proposed_without_their_words(
        self, head: Client, specification: Specification
    ) -> None:
        item = specification.items.order_by("pk")[0]
        paper = specification.papers.create(
            title="示例 A 卷", minutes=60, sections=[], seed=1, digest="0" * 64, state="sealed", created_at=clock.now()
        )
        paper.composition = [[item.pk, 1]]
        paper.save()
        page = head.get(reverse("bank:enemies", args=[specification.pk])).content.decode()
        assert STEMS[0] not in page
        assert STEMS[1] in page
        assert "在封存的试卷上" in page

    def test_drafts_are_not_proposed_and_who_may_not_see_items_does_not_see_the_page(
        self, client: Client, specification: Specification
    ) -> None:
        specification.items.update(state="draft")
        assert suggested_enemies(specification) == []
        client.force_login(f.staff("R4"), "django.contrib.auth.backends.ModelBackend")
        assert client.get(reverse("bank:enemies", args=[specification.pk])).status_code == 403
