"""A case and its parts on one page: written, changed, every problem at once, shown while it is written."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assay.bank.models import Item, ItemReading, ItemVersion, Specification
from assay.bank.writing.acts import items
from assay.centre.actors import actor_of
from assay.items.row import ItemRow
from assay.kernel import clock
from tests import factories as f
from tests.bank.conftest import signed_in
from tests.bank.interchange import made

pytestmark = pytest.mark.django_db
CASE = {"point": "A-001", "difficulty": "3", "stem": "某车冷起动困难，蓄电池电压 11.2 V。", "reference": "教材第三章"}
FIRST = {
    "type": "single", "difficulty": "2", "stem": "应先检查（　）", "option_A": "蓄电池", "option_B": "轮胎", "option_C": "灯光",
    "option_D": "雨刮", "key": "a", "explanation": "电压偏低",
}  # fmt: skip
SECOND = {"type": "true_false", "difficulty": "1", "stem": "蓄电池电压正常。", "key": "×"}


@pytest.fixture
def expert(client: Client) -> Client:
    signed_in(client, "R4")
    return client


def page(case: dict[str, Any], **parts: dict[str, Any]) -> dict[str, Any]:
    """What a browser sends: the parts in the order in which they stand."""
    fields = {f"{name}-{field}": value for name, part in parts.items() for field, value in part.items()}
    return {**case, **fields, "parts": list(parts)}


def test_a_case_is_written_with_its_parts_in_their_order(expert: Client, specification: Specification) -> None:
    address = reverse("bank:case_add", args=[specification.pk])
    assert "小题" in expert.get(address).content.decode()
    answer = expert.post(address, page(CASE, pb=SECOND, pa=FIRST))
    case = Item.objects.get(case=None)
    assert answer["Location"] == reverse("bank:item", args=[case.pk])
    assert (case.type, case.state, case.point and case.point.code, case.reference) == (
        "case",
        "draft",
        "A-001",
        "教材第三章",
    )
    assert [(p.type, p.key, p.difficulty, p.state) for p in case.live_parts()] == [
        ("true_false", "错", 1, "draft"), ("single", "A", 2, "draft"),
    ]  # fmt: skip


def test_a_case_is_changed_parts_and_all_and_the_former_version_is_kept(
    expert: Client, specification: Specification
) -> None:
    expert.post(reverse("bank:case_add", args=[specification.pk]), page(CASE, pa=FIRST, pb=SECOND))
    case = Item.objects.get(case=None)
    shown = expert.get(reverse("bank:item", args=[case.pk])).content.decode()
    assert reverse("bank:item_edit", args=[case.pk]) in shown
    editor = expert.get(reverse("bank:item_edit", args=[case.pk])).content.decode()
    assert "蓄电池电压正常。" in editor
    assert editor.count('name="parts"') == 2
    third = {"type": "fill", "difficulty": "4", "stem": "电压应不低于 ____ V。", "key": "12±0.5"}
    expert.post(reverse("bank:item_edit", args=[case.pk]), page({**CASE, "stem": "另一案例。"}, x=SECOND, y=third))
    case.refresh_from_db()
    assert (case.version, case.stem) == (2, "另一案例。")
    assert [p.type for p in case.live_parts()] == ["true_false", "fill"]
    assert case.parts.filter(state="replaced").count() == 2
    assert len(ItemVersion.objects.get(item=case).content["parts"]) == 2


def test_all_problems_of_all_parts_are_said_at_once_and_nothing_is_lost(
    expert: Client, specification: Specification
) -> None:
    bad = {**FIRST, "option_C": "轮胎", "key": "F", "difficulty": "9"}
    empty = {"type": "single", "difficulty": "3"}
    answer = expert.post(
        reverse("bank:case_add", args=[specification.pk]), page({**CASE, "stem": ""}, pa=bad, pb=empty, pc=SECOND)
    )
    assert answer.status_code == 422
    said = answer.content.decode()
    for problem in (
        "题干为空", "第 1 小题：有两个选项相同", "第 1 小题：答案 F 超出选项范围", "第 2 小题：题干为空", "第 2 小题：答案应为选项字母",
        "第 2 小题：单项选择题至少要有 2 个选项",
    ):  # fmt: skip
        assert problem in said
    assert "第 1 小题：" in said.split("答案 F")[0]
    assert "第 3 小题" not in said
    assert 'value="教材第三章"' in said
    assert "电压偏低" in said
    assert not Item.objects.exists()
    none = expert.post(reverse("bank:case_add", args=[specification.pk]), CASE)
    assert "案例分析题下面要有小题" in none.content.decode()


def test_what_the_act_refuses_is_said_on_the_page(expert: Client, specification: Specification) -> None:
    address = reverse("bank:case_add", args=[specification.pk])
    expert.post(address, page(CASE, pa=FIRST))
    case = Item.objects.get(case=None)
    again = expert.post(address, page(CASE, pa=FIRST))
    assert (again.status_code, f"题干与题库中试题 {case.pk} 重复" in again.content.decode()) == (422, True)


def test_it_is_shown_as_a_candidate_will_see_it_while_it_is_written(
    expert: Client, specification: Specification
) -> None:
    answer = expert.post(
        reverse("bank:case_preview", args=[specification.pk]),
        page(CASE, pa={**FIRST, "key": "F"}, pb={"type": "single"}),
    )
    shown = answer.content.decode()
    for words in ("案例分析题", "某车冷起动困难", "（1）单项选择题", "应先检查", "蓄电池", "（2）单项选择题"):
        assert words in shown
    one_more = expert.get(reverse("bank:case_part", args=[specification.pk])).content.decode()
    assert one_more.count('name="parts"') == 1


def test_pictures_of_the_case_and_of_a_part_stand_in_their_stems(expert: Client, specification: Specification) -> None:
    digest, content = next(iter(made.PICTURES.items()))
    sent = page(CASE, pa=FIRST) | {
        "picture": SimpleUploadedFile("图.png", content), "pa-picture": SimpleUploadedFile("图.png", content),
    }  # fmt: skip
    assert expert.post(reverse("bank:case_add", args=[specification.pk]), sent).status_code == 302
    assert all("![](" in item.stem for item in Item.objects.all())
    assert digest in Item.objects.get(case=None).stem


def test_a_part_cannot_be_a_case_again(expert: Client, specification: Specification) -> None:
    answer = expert.post(reverse("bank:case_add", args=[specification.pk]), page(CASE, pa={**FIRST, "type": "case"}))
    assert answer.status_code == 422
    assert not Item.objects.exists()


def test_an_item_on_a_sealed_paper_is_not_opened_in_the_editor(client: Client, specification: Specification) -> None:
    case = ItemRow("A-001", "case", 3, "封存的案例。", parts=(ItemRow("", "true_false", 2, "先查油位。", (), "对"),))
    item = items.import_items(f.actor_with("X4"), specification, [case], approved=True)[0]
    who = f.staff("X4")
    items.sign_secrecy(actor_of(who))
    client.force_login(who, "django.contrib.auth.backends.ModelBackend")
    address = reverse("bank:item_edit", args=[item.pk])
    assert "封存的案例。" in client.get(address).content.decode()
    assert ItemReading.objects.filter(item=item, purpose="修改").count() == 1
    paper = specification.papers.create(
        title="示例 A 卷", minutes=60, sections=[], seed=1, digest="0" * 64, state="sealed", created_at=clock.now()
    )
    paper.composition = [[item.pk, 1]]
    paper.save()
    assert "封存的案例。" not in client.get(address).content.decode()
