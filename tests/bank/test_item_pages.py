"""The list of items: found by number, a returned draft says so, of many ticked ones those pass that may."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from assay.bank.models import Item, Specification
from assay.bank.writing.acts import items as items_acts
from assay.bank.writing.acts import life
from assay.centre.actors import actor_of
from assay.items import rules
from assay.kernel.acts import Actor
from tests import factories as f
from tests.bank.conftest import signed_in
from tests.bank.test_life import ROW, expert

pytestmark = pytest.mark.django_db


def drafts(author: Actor, specification: Specification, count: int) -> list[Item]:
    return items_acts.import_items(
        author, specification, [replace(ROW, stem=f"{n}问哪一个（　）") for n in "甲乙丙"[:count]]
    )


def test_an_item_is_found_by_its_number_and_a_returned_one_says_so(
    client: Client, specification: Specification
) -> None:
    author = actor_of(signed_in(client, "R4"))
    back, other = drafts(author, specification, 2)
    life.submit(author, [back])
    life.review(expert(), [back], passes=False, text="选项 C 不合理")
    address = reverse("bank:items", args=[specification.pk])
    page = client.get(address, {"q": str(back.pk)}).content.decode()
    assert f"/items/{back.pk}/" in page
    assert f"/items/{other.pk}/" not in page
    assert "草稿（被退回）" in page
    life.submit(author, [items_acts.save_item(author, back, replace(ROW, stem="改好的问法（　）"), specification)])
    assert "草稿（被退回）" not in client.get(address).content.decode()


def test_of_the_ticked_items_those_pass_that_may_and_of_the_others_it_is_said_why_not(
    client: Client, specification: Specification
) -> None:
    me, author = actor_of(signed_in(client, "R4")), expert()
    own, others = (
        drafts(me, specification, 1),
        items_acts.import_items(author, specification, [replace(ROW, stem="他问（　）")]),
    )
    life.submit(me, own)
    life.submit(author, others)
    address = reverse("bank:items_act", args=[specification.pk])
    chosen = {"chosen": [one.pk for one in (*own, *others)], "step": "pass"}
    page = client.post(address, chosen, follow=True).content.decode()
    assert "已通过 1 题" in page
    assert f"试题 {own[0].pk} 是您编写的" in page
    assert set(Item.objects.values_list("pk", "state")) == {
        (own[0].pk, "first_review"),
        (others[0].pk, "second_review"),
    }
    page = client.post(address, chosen).content.decode()
    assert f"试题 {others[0].pk} 由您初审" in page


def test_a_reviewer_goes_from_one_item_that_waits_to_the_next(client: Client, specification: Specification) -> None:
    author = expert()
    made = drafts(author, specification, 3)
    life.submit(author, made)
    signed_in(client, "R4")
    items = reverse("bank:items", args=[specification.pk])
    assert "丙问" in client.get(items, {"state": "reviewing"}).content.decode()
    seen = []
    for step in ({"step": "pass"}, {"step": "return", "text": "选项 C 不合理"}, {"step": "pass"}):
        here = seen[-1] if seen else reverse("bank:item", args=[made[1].pk])
        seen.append(client.post(f"{here}act/", step)["Location"])
    assert seen[:2] == [reverse("bank:item", args=[made[n].pk]) for n in (2, 0)]
    assert set(Item.objects.values_list("pk", "state")) == {
        (made[0].pk, "second_review"), (made[1].pk, "second_review"), (made[2].pk, "draft"),
    }  # fmt: skip
    client.force_login(f.Account.objects.get(pk=author.account_id), "django.contrib.auth.backends.ModelBackend")
    assert "选项 C 不合理" in client.get(reverse("bank:item_edit", args=[made[2].pk])).content.decode()


def test_after_the_promise_the_page_that_was_asked_for_opens(client: Client, specification: Specification) -> None:
    client.force_login(f.staff("R4"), "django.contrib.auth.backends.ModelBackend")
    asked = reverse("bank:items", args=[specification.pk]) + "?state=draft"
    promise = client.get(asked)["Location"]
    assert client.post(promise, {"agree": "on"})["Location"] == asked
    away = reverse("bank:secrecy") + "?next=https://example.org/"
    assert client.post(away, {"agree": "on"})["Location"] == reverse("bank:specifications")


def test_ticked_drafts_are_thrown_away_on_the_list(client: Client, specification: Specification) -> None:
    made = drafts(actor_of(signed_in(client, "R4")), specification, 3)
    address = reverse("bank:items_act", args=[specification.pk])
    page = client.post(
        address, {"chosen": [one.pk for one in made[:2]], "step": "discard"}, follow=True
    ).content.decode()
    assert "已删除 2 题草稿" in page
    assert list(Item.objects.values_list("pk", flat=True)) == [made[2].pk]
    assert "删除草稿" in client.get(reverse("bank:item", args=[made[2].pk])).content.decode()


def test_the_preview_keeps_the_answer_apart_from_what_the_candidate_sees(
    client: Client, specification: Specification
) -> None:
    signed_in(client, "R4")
    said = {"type": "single", "point": "A-001", "difficulty": 2, "stem": "甲问（　）", "A": "一", "B": "二", "key": "B"}
    page = client.post(reverse("bank:item_preview", args=[specification.pk]), said).content.decode()
    seen, _, unseen = page.partition("考生看不到")
    assert "甲问" in seen
    assert "答案" not in seen
    assert "is-right" not in seen
    assert "答案" in unseen


@pytest.mark.parametrize("field", ["stem", "option_A", "premises", "key", "explanation"])
def test_what_is_longer_than_an_item_ever_is_is_not_shown_while_it_is_written(
    client: Client, specification: Specification, field: str
) -> None:
    signed_in(client, "R4")
    kind = {"premises": "matching", "key": "short"}.get(field, "single")
    said = {
        "type": kind, "point": "A-001", "difficulty": 2, "stem": "甲问（　）", "option_A": "一", "option_B": "二", "key": "B",
    }  # fmt: skip
    page = reverse("bank:item_preview", args=[specification.pk])
    for text, seen in (("鑫", True), ("鑫" * (rules.LONGEST + 1), False)):
        answer = client.post(page, said | {field: text})
        assert (answer.status_code, "鑫" in answer.content.decode()) == (200, seen)


@pytest.mark.parametrize("field", ["stem", "p-stem", "p-option_A"])
def test_nor_in_a_case(client: Client, specification: Specification, field: str) -> None:
    signed_in(client, "R4")
    case = {
        "point": "A-001", "difficulty": 3, "stem": "某车冷起动困难。", "parts": ["p"], "p-type": "single", "p-stem": "甲问（　）",
        "p-option_A": "一",
    }  # fmt: skip
    page = reverse("bank:case_preview", args=[specification.pk])
    for text, seen in (("鑫", True), ("鑫" * (rules.LONGEST + 1), False)):
        answer = client.post(page, case | {field: text})
        assert (answer.status_code, "鑫" in answer.content.decode()) == (200, seen)


def test_an_item_page_offers_what_its_acts_would_do_and_says_why_not(
    client: Client, specification: Specification
) -> None:
    author = actor_of(signed_in(client, "R4"))
    without, item = items_acts.import_items(
        author, specification, [replace(ROW, point=""), replace(ROW, stem="甲问哪一个（　）")]
    )

    def page(who: Client, one: Item) -> str:
        return who.get(reverse("bank:item", args=[one.pk])).content.decode()

    assert "还没有归到鉴定点" in page(client, without)
    assert 'value="submit"' not in page(client, without)
    assert 'value="discard"' in page(client, without)
    assert 'value="submit"' in page(client, item)
    life.submit(author, [item])
    assert "是您编写的，请由他人审题" in page(client, item)
    assert reverse("bank:item_edit", args=[item.pk]) not in page(client, item)
    other = Client()
    reviewer = actor_of(signed_in(other, "R4"))
    assert "初审通过" in page(other, item)
    life.review(reviewer, [item], passes=True)
    assert "由您初审，终审须由另一人进行" in page(other, item)
    last = Client()
    signed_in(last, "R4")
    assert "终审通过，列为在用" in page(last, item)


def test_the_experts_head_does_not_rewrite_an_item_that_he_has_reviewed(
    client: Client, specification: Specification
) -> None:
    author, head = expert(), actor_of(signed_in(client, "X4"))
    (item,) = drafts(author, specification, 1)
    life.submit(author, [item])
    life.review(head, [item], passes=True)
    life.review(expert(), [item], passes=True)
    page = client.get(reverse("bank:item", args=[item.pk])).content.decode()
    assert reverse("bank:item_edit", args=[item.pk]) not in page
    assert 'value="retire"' in page


def test_the_page_says_whether_an_item_was_taken_out_of_use_or_put_back(
    client: Client, specification: Specification
) -> None:
    head = actor_of(signed_in(client, "X4"))
    (item,) = items_acts.import_items(head, specification, [ROW], approved=True)
    step = reverse("bank:item_act", args=[item.pk])
    out, back = (client.post(step, {"step": "retire", "text": "过时"}, follow=True).content.decode() for _ in range(2))
    assert "已停用。" in out
    assert "已恢复使用。" in back


def test_a_retired_item_without_its_point_says_what_has_to_be_done_first(
    client: Client, specification: Specification
) -> None:
    head = actor_of(signed_in(client, "X4"))
    (item,) = items_acts.import_items(head, specification, [ROW], approved=True)
    life.retire(head, item, "过时")
    assert "恢复使用" in client.get(reverse("bank:item", args=[item.pk])).content.decode()
    Item.objects.update(point=None)
    page = client.get(reverse("bank:item", args=[item.pk])).content.decode()
    assert "恢复使用" not in page
    assert "原来的鉴定点已不在细目表中" in page
    assert "只留意见" in page


def test_a_list_that_is_taken_along_says_nothing_of_what_is_asked(client: Client, specification: Specification) -> None:
    """What is asked leaves the bank by acts alone, which say who took it."""
    author = actor_of(signed_in(client, "R4", "X4"))
    (item,) = drafts(author, specification, 1)
    taken = client.get(reverse("bank:items", args=[specification.pk]), {"export": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(taken.getvalue())).active.iter_rows(values_only=True))
    assert any(item.pk in row or str(item.pk) in row for row in rows)
    assert "甲问" not in str(rows)


def test_no_page_of_an_item_lets_through_a_piece_of_a_page(client: Client, specification: Specification) -> None:
    """However it got into the table: pages of staff know htmx, which would send what an attribute says."""
    author = actor_of(signed_in(client, "R4", "X4"))
    (item,) = drafts(author, specification, 1)
    odd = '<i hx-post="/desk/" hx-trigger="load">甲</i>'
    item.stem, item.explanation, item.options = f"{odd}问（　）", odd, [odd, "乙", "丙", "丁"]
    item.save()
    for name, number in (("item", item.pk), ("item_edit", item.pk), ("items", specification.pk)):
        page = client.get(reverse(f"bank:{name}", args=[number]), follow=True)
        assert page.status_code == 200
        assert "&lt;i hx-post=" in page.content.decode(), name
        assert "<i hx-post=" not in page.content.decode(), name
