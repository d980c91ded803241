"""Importing on the screen: look first, then take; columns explained once; somebody else's upload is not to be had."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assay.bank.models import Item, Specification
from assay.bank.writing.acts import items
from assay.items.row import ItemRow
from assay.kernel import clock
from tests import factories as f
from tests.bank.conftest import signed_in
from tests.bank.interchange import made
from tests.bank.interchange.test_readers import book

pytestmark = pytest.mark.django_db
ROWS = [["题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案"], ["单选", "甲问（　）", "一", "二", "三", "四", "B"],
        ["单选", "乙问（　）", "一", "二", "三", "四", "Z"]]  # fmt: skip


def upload(client: Client, specification: Specification, rows: list[list[object]], point: str = "A-001") -> str:
    file = SimpleUploadedFile("题.xlsx", book(("题", rows)))
    response = client.post(reverse("bank:import", args=[specification.pk]), {"file": file, "point": point})
    assert response.status_code == 302
    return str(response["Location"])


def test_nothing_is_taken_before_it_was_looked_at_and_then_the_sound_items_alone(
    client: Client, specification: Specification
) -> None:
    signed_in(client, "R4")
    address = upload(client, specification, ROWS)
    page = client.get(address).content.decode()
    assert "1 处问题" in page
    assert "甲问" in page
    client.post(address)
    assert Item.objects.count() == 0
    client.post(address, {"good_ones": "1"})
    assert [(i.state, i.point.code) for i in Item.objects.select_related("point") if i.point] == [("draft", "A-001")]
    assert "已过期" in client.get(address).content.decode()


def test_a_corrected_file_goes_in_whole_and_says_what_the_bank_has_already(
    client: Client, specification: Specification
) -> None:
    signed_in(client, "R4")
    client.post(upload(client, specification, ROWS), {"good_ones": "1"})
    address = upload(client, specification, [*ROWS[:2], [*ROWS[2][:-1], "C"]])
    page = client.get(address).content.decode()
    assert "题库中已有，不再导入（1）" in page
    assert "处问题" not in page
    said = client.post(address, follow=True).content.decode()
    assert "已导入 1 题，现为草稿" in said
    assert "没有导入的：1 题题库中已有。" in said
    assert Item.objects.count() == 2
    assert "题库中都已有" in client.get(upload(client, specification, ROWS[:2])).content.decode()


def test_what_columns_are_is_remembered_for_the_next_file(client: Client, specification: Specification) -> None:
    signed_in(client, "R4")
    odd = [["题目正文", "判定"], ["地球是圆的", "对"]]
    address = upload(client, specification, odd)
    answer = client.post(address, {"column:题目正文": "stem", "column:判定": "key", "columns": "1"})
    assert "1</strong> 题" in answer.content.decode()
    again = client.get(upload(client, specification, odd)).content.decode()
    assert "导入 1 题" in again


def test_an_upload_is_its_owners_alone(client: Client, specification: Specification) -> None:
    signed_in(client, "R4")
    address = upload(client, specification, ROWS)
    other = Client()
    signed_in(other, "R4")
    assert "甲问" not in other.get(address).content.decode()


def test_an_item_in_use_is_opened_only_with_a_promise_and_the_opening_is_on_record(
    client: Client, specification: Specification
) -> None:
    row = ItemRow("A-001", "true_false", 2, "在用的题", (), "对")
    item = items.import_items(f.actor_with("X4"), specification, [row], approved=True)[0]
    client.force_login(f.staff("X4"), "django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("bank:item", args=[item.pk]))["Location"].startswith(reverse("bank:secrecy"))
    head = signed_in(client, "X4")
    assert "在用的题" in client.get(reverse("bank:item", args=[item.pk])).content.decode()
    assert item.readings.get().account == head
    expert = Client()
    signed_in(expert, "R4")
    assert "在用的题" not in expert.get(reverse("bank:item", args=[item.pk])).content.decode()


def test_pictures_are_shown_to_who_works_with_items_wherever_they_stand(
    client: Client, specification: Specification
) -> None:
    digest, content = next(iter(made.PICTURES.items()))
    row = ItemRow("A-001", "single", 2, "看选项", (f"![甲]({digest})", "乙", "丙", "丁"), "A")
    items.import_items(f.actor_with("X4"), specification, [row], pictures={digest: content})
    signed_in(client, "R4")
    shown = client.get(reverse("bank:picture", args=[digest]))
    assert (shown.status_code, shown.content) == (200, content)
    assert client.get(reverse("bank:picture", args=["0" * 64])).status_code == 404
    candidate = Client()
    candidate.force_login(f.staff("R2"), "django.contrib.auth.backends.ModelBackend")
    assert candidate.get(reverse("bank:picture", args=[digest])).status_code == 403


def test_items_on_a_sealed_paper_are_neither_listed_nor_exported_before_it_was_sat(
    client: Client, specification: Specification
) -> None:
    rows = [ItemRow("A-001", "true_false", 2, f"{name}的题", (), "对") for name in ("封存", "另外")]
    closed, _ = items.import_items(f.actor_with("X4"), specification, rows, approved=True)
    paper = specification.papers.create(
        title="示例 A 卷", minutes=60, sections=[], seed=1, digest="0" * 64, state="sealed", created_at=clock.now()
    )
    paper.composition = [[closed.pk, 1]]
    paper.save()
    signed_in(client, "X4")
    for page in (
        client.get(reverse("bank:items", args=[specification.pk])),
        client.post(reverse("bank:export", args=[specification.pk]), {"form": "moodle"}),
        client.get(reverse("bank:item", args=[closed.pk])),
    ):
        assert "封存的题" not in page.content.decode()
    assert "另外的题" in client.get(reverse("bank:items", args=[specification.pk])).content.decode()
