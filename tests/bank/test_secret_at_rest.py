"""Whoever has the database without the secrets file learns nothing of what exams ask, nor what stands on a sealed paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

import pytest
from cryptography.exceptions import InvalidTag
from django.contrib.sessions.models import Session as WebSession
from django.core.exceptions import FieldError
from django.db import connection
from django.test import Client
from django.urls import reverse

from assay.arrangement.models import Seating, Session, SessionRoom, Ticket
from assay.bank.exchange import spool
from assay.bank.models import TEXTS, Item, ItemVersion, Paper, Specification
from assay.bank.papers.acts import custody, papers
from assay.bank.papers.acts import skill as skill_acts
from assay.bank.specifications import acts
from assay.bank.writing.acts import items as items_acts
from assay.bank.writing.acts import life
from assay.catalogue.models import PaperPattern
from assay.centre.actors import actor_of
from assay.exam.acts.publishing import prepare
from assay.exam.models import Publication
from assay.exam.packing import unlock_keys
from assay.items.row import ItemRow
from assay.items.specification import PointRow
from assay.kernel import aside, clock, verification
from assay.kernel.acts import Actor
from assay.kernel.models import LedgerLine
from assay.marking.acts.drawing import draw_paper
from assay.marking.acts.scoring import save_template
from assay.marking.models import SkillDraw
from tests import factories as f

pytestmark = pytest.mark.django_db
FIRST, SEED = 900_001, 1_987_654_321
"""Numbers of items and a seed that would be seen wherever they stood."""
SECRET = ("密题", "密项", "密左", "密答", "密解", "密处", "密任", "密料", "密评", "密否", "密意", "密表")
"""With these begins whatever is secret below, by what it is."""
SHEET = {
    "title": "密任零件", "minutes": 60, "form": "实操", "vetoes": [{"title": "密否违章"}],
    "points": [{"kind": "mark", "title": "密评清洁", "full": "100", "rule": "密评酌情"}],
    "materials": [{"side": "site", "name": "密料台虎钳", "spec": "", "unit": "台", "quantity": "1", "remark": ""}],
}  # fmt: skip
KEEPER = ("E7", "E8", "X4", "X3", "R4")


@dataclass(frozen=True)
class Bank:
    keeper: Actor
    client: Client
    theory: Specification
    skill: Specification
    pattern: PaperPattern
    items: list[Item]


def theory_rows() -> list[ItemRow]:
    """One item of each kind that a paper below has, and as many to be swapped in."""
    point, more = "A-001", cast(dict[str, Any], {"explanation": "密解如此", "reference": "密处手册"})
    parts = (ItemRow("", "fill", 2, "密题小题（____）", key='["密答毫米"]'),)
    kinds = [
        ItemRow(point, "single", 2, "密题单选（　）", ("密项甲", "密项乙", "密项丙", "密项丁"), "B", **more),
        ItemRow(point, "matching", 2, "密题匹配（　）", ("密项子", "密项丑"), "AB", premises=("密左一", "密左二"), **more),
        ItemRow(point, "short", 3, "密题简答", key="密答要点", **more),
        ItemRow(point, "fill", 3, "密题填空（____）", key='["密答数值"]', **more),
        ItemRow(point, "case", 3, "密题案例", parts=parts),
    ]  # fmt: skip
    return [replace(row, stem=f"{row.stem}第 {n} 种") for n in range(3) for row in kinds]


@pytest.fixture
def bank() -> Bank:
    """Items of every type with their texts marked, on numbers of their own."""
    f.centre()
    account, row = f.staff(*KEEPER), f.scope_row()
    keeper = f.actor_with(*KEEPER, account=account)
    items_acts.sign_secrecy(actor_of(account))
    points = [PointRow("A", "", "range", "知识", Decimal(100)), PointRow("A-001", "A", "point", "点", None, "X")]
    theory, skill = (
        acts.install_specification(
            keeper, occupation=row.occupation, level=f.level("4"), part=part, title=f"示例{part}", rows=points
        )
        for part in ("theory", "skill")
    )
    number_items_from(FIRST, theory)
    items = items_acts.import_items(keeper, theory, theory_rows(), approved=True)
    tasks = [ItemRow("A-001", "practical", 3, f"密题任务{n}", sheet=SHEET) for n in range(4)]
    items += items_acts.import_items(keeper, skill, tasks, approved=True)
    pattern = PaperPattern.objects.get(
        standard_level__standard__occupation=row.occupation, standard_level__level=theory.level
    )
    pattern.sections = [{"type": t, "count": 1, "mark": "20"} for t in ("single", "matching", "short", "fill", "case")]
    pattern.save()
    client = Client()
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return Bank(keeper, client, theory, skill, pattern, items)


def number_items_from(first: int, specification: Specification) -> None:
    before = Item.objects.create(
        pk=first - 1, specification=specification, type="true_false", stem="前", stem_digest="0" * 64, key="对"
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('bank_item', 'id'), %s)", [first - 1])
    before.delete()


def assembled(bank: Bank) -> list[Paper]:
    return papers.assemble(
        bank.keeper, bank.theory, bank.pattern, seed=SEED, forms="AB", options=papers.Options(relaxed=True)
    )


def use(bank: Bank) -> tuple[list[Paper], SkillDraw]:
    """Write, review, import, look, assemble, swap, print, seal, hand to the hall, draw: whatever puts items to use."""
    write(bank)
    first, second = assembled(bank)
    papers.read_paper(bank.keeper, first)
    papers.swap_item(bank.keeper, first, 1)
    first.refresh_from_db()
    for paper in (first, second):
        papers.seal(bank.keeper, paper)
    hand_to_the_hall(bank)
    versions = skill_acts.assemble_skill(bank.keeper, bank.skill, seed=SEED, forms="AB")
    for paper in versions:
        papers.seal(bank.keeper, paper)
    save_template(
        bank.keeper, occupation=bank.skill.occupation, level=bank.skill.level, part="skill", title="评分表", job="",
        tasks=[{"code": "1", "title": "密表任务", "minutes": 30, "vetoes": [],
                "points": [{"code": "1-1", "title": "密表要点", "full": "100.0", "rule": "密表酌情"}]}],
    )  # fmt: skip
    return [first, second], draw(bank)


def write(bank: Bank) -> None:
    writer, reviewer = f.staff("R4"), f.staff("R4")
    for account in (writer, reviewer):
        items_acts.sign_secrecy(actor_of(account))
    row = ItemRow("A-001", "single", 2, "密题初稿（　）", ("密项甲", "密项乙", "密项丙", "密项丁"), "A")
    item = items_acts.save_item(actor_of(writer), None, row, bank.theory)
    life.submit(actor_of(writer), [item])
    life.review(actor_of(reviewer), [item], passes=False, text="密意：“密项甲”与“密项乙”相同")
    item = items_acts.save_item(actor_of(writer), item, replace(row, stem="密题改稿（　）"), bank.theory)
    assert ItemVersion.objects.get(item=item).content["stem"] == "密题初稿（　）"
    for page in ("items", "enemies"):
        assert bank.client.get(reverse(f"bank:{page}", args=[bank.theory.pk]), {"q": "密题"}).status_code == 200
    bank.client.get(reverse("bank:item", args=[bank.items[0].pk]))
    bank.client.post(reverse("bank:item_act", args=[item.pk]), {"step": "comment", "text": "密意见"})
    assert bank.keeper.account_id
    spool.keep(bank.keeper.account_id, "题.txt", "密题文件".encode(), None)


def hand_to_the_hall(bank: Bank) -> None:
    batch = f.batch("exam", "exam", [(f.scope_row(occupation=bank.theory.occupation), "4", 10)])
    session = Session.objects.create(
        batch=batch, part="theory", number=1, starts_at=clock.now() + timedelta(days=1), ends_at=clock.now() + timedelta(days=2)
    )  # fmt: skip
    application, room = f.application(batch), SessionRoom.objects.create(session=session, room=f.room())
    Ticket.objects.create(application=application, number="26000000000001", issued_at=clock.now())
    Seating.objects.create(session_room=room, application=application, part="theory", seat=1)
    prepare(bank.keeper, session)


def draw(bank: Bank) -> SkillDraw:
    batch = f.batch("exam", "exam", [(f.scope_row(occupation=bank.skill.occupation), "4", 10)])
    session = Session.objects.create(
        batch=batch, part="skill", number=1, starts_at=clock.now(), ends_at=clock.now() + timedelta(hours=2)
    )
    room = SessionRoom.objects.create(session=session, room=f.room("skill", 10), line=batch.lines.get())
    return draw_paper(bank.keeper, room, witness="考生代表")


def tables() -> Iterator[tuple[str, list[str], list[tuple[Any, ...]]]]:
    """Every table as the database has it: its name, its columns, its rows."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield table, [column[0] for column in cursor.description], cursor.fetchall()


def told(value: Any) -> str:
    """A value as somebody searching the database reads it."""
    text = bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)
    return text.encode().decode("unicode_escape", "ignore") if "\\u" in text else text


def found_of(words: tuple[str, ...]) -> list[tuple[str, str, str]]:
    return [
        (table, column, text)
        for table, columns, rows in tables()
        for row in rows
        for column, value in zip(columns, row, strict=True)
        for text in (told(value),)
        if any(word in text for word in words)
    ]


def test_a_search_of_the_tables_finds_nothing_that_exams_ask(bank: Bank) -> None:
    (first, _), drawn = use(bank)
    assert found_of(SECRET) == []
    assert not [
        key for web in WebSession.objects.all() for key, value in web.get_decoded().items() if "密" in str(value)
    ]
    assert not any("密题" in path.read_text(errors="replace") for path in aside.folder().iterdir())
    assert {e["type"] for e in first.frozen()} == {"single", "matching", "short", "fill", "case"}
    assert drawn.tasks[0]["title"] == "密任零件"
    assert [set(unlock_keys(one.paper_keys)) for one in Publication.objects.all()] != []
    assert of_the_bank() == {}
    f.sat(first)
    assert found_of(SECRET) == []


def test_no_column_of_an_item_holds_anything_but_cipher_text(bank: Bank) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(connection.ops.quote_name(name) for name in TEXTS)} FROM bank_item")
        stored = [value for row in cursor.fetchall() for value in row]
    assert all(value == "" or value.startswith("1:") for value in stored)
    assert sum(value != "" for value in stored) > len(bank.items)


def test_nothing_tells_which_items_stand_on_a_sealed_paper(bank: Bank) -> None:
    before = [row for table, _, rows in tables() if table == "bank_item" for row in rows]
    first, second = assembled(bank)
    out = first.items()[0]
    papers.swap_item(bank.keeper, first, 1)
    first.refresh_from_db()
    for paper in (first, second):
        papers.seal(bank.keeper, paper)
    hand_to_the_hall(bank)
    on_them = {str(number) for number in (*first.items(), *second.items())} - {str(out)}
    assert len(on_them) > 4
    assert [row for table, _, rows in tables() if table == "bank_item" for row in rows] == before
    items_own = LedgerLine.objects.filter(subject=Item.subject()).values_list("pk", flat=True)
    telling = [
        (table, row)
        for table, _, rows in tables()
        if table != "bank_item"
        for row in rows
        if not (table == LedgerLine._meta.db_table and row[0] in items_own)
        if any(number in str(row) for number in (*on_them, str(SEED)))
    ]
    assert telling == []


def test_items_count_as_used_once_their_paper_was_sat_or_leaked(bank: Bank) -> None:
    first, second = assembled(bank)
    papers.seal(bank.keeper, first)
    papers.seal(bank.keeper, second)
    assert not Item.objects.filter(exposure__gt=0).exists()
    f.sat(first)
    assert set(Item.objects.filter(exposure__gt=0, last_used=clock.today()).values_list("pk", flat=True)) == set(
        first.items()
    )
    f.sat(first)
    custody.report_leak(bank.keeper, second, "有人拍照")
    counted = dict(Item.objects.filter(exposure__gt=0).values_list("pk", "exposure"))
    assert counted == {pk: (pk in first.items()) + (pk in second.items()) for pk in {*first.items(), *second.items()}}
    custody.report_leak(bank.keeper, first, "考后流出")
    assert dict(Item.objects.filter(exposure__gt=0).values_list("pk", "exposure")) == counted


def test_the_list_finds_items_by_words_that_the_database_cannot_read_and_closed_ones_by_number_alone(
    bank: Bank,
) -> None:
    def listed(**asked: str) -> str:
        return bank.client.get(reverse("bank:items", args=[bank.theory.pk]), asked).content.decode()

    assert "密题简答第 1 种" in listed(q="简答第 1")
    assert "密题简答第 1 种" not in listed(q="简答第 1", type="fill")
    assert "没有符合条件" in listed(q="无此题")
    (paper,) = papers.assemble(bank.keeper, bank.theory, bank.pattern, seed=1, options=papers.Options(relaxed=True))
    papers.seal(bank.keeper, paper)
    short = next(e for e in paper.frozen() if e["type"] == "short")
    assert "没有符合条件" in listed(q=short["stem"])
    assert f"试题 {short['item']}（在封存的试卷上，考完之前不显示）" in listed(q=str(short["item"]))


def test_what_is_encrypted_cannot_be_compared_by_the_database(bank: Bank) -> None:
    for name, value in (("stem", "密题"), ("stem__contains", "密"), ("options", [])):
        with pytest.raises(FieldError):
            Item.objects.filter(**{name: value}).exists()


def of_the_bank() -> dict[str, str]:
    """What the verification says of items and papers (rows of the factories are in no ledger)."""
    findings = verification.verify().findings
    return {one.where: one.what for one in findings if "bank.item" in one.where or "bank.paper" in one.where}


def move(*, of: int, column: str, to: int, into: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM bank_item WHERE id = %s", [of])
        (sealed,) = cursor.fetchone()
        cursor.execute(f"UPDATE bank_item SET {into} = %s WHERE id = %s", [sealed, to])


def test_a_cipher_text_in_another_column_does_not_open_and_one_in_another_row_is_named(bank: Bank) -> None:
    item, another = [item for item in bank.items if item.type in ("short", "fill")][:2]
    one, other = item.pk, another.pk
    move(of=one, column="stem", to=one, into="explanation")
    with pytest.raises(InvalidTag):
        Item.objects.get(pk=one)
    assert of_the_bank().keys() == {f"试题 bank.item:{one}（{item}）"}
    assert "“explanation”内容无法读出" in of_the_bank()[f"试题 bank.item:{one}（{item}）"]
    move(of=other, column="explanation", to=one, into="explanation")
    assert of_the_bank() == {}  # both say the same
    move(of=other, column="stem", to=one, into="stem")
    ((where, what),) = of_the_bank().items()
    assert f"bank.item:{one}" in where
    assert "“stem”被改动" in what


@pytest.mark.parametrize("damage", [lambda sealed: sealed[:-4] + "AAA=", lambda _: "9:AAAA", lambda _: "明文"])
def test_a_changed_cipher_text_is_named_and_everything_else_is_still_verified(
    bank: Bank, damage: Callable[[str], str]
) -> None:
    one, other = bank.items[0].pk, bank.items[1].pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT stem FROM bank_item WHERE id = %s", [one])
        cursor.execute("UPDATE bank_item SET stem = %s WHERE id = %s", [damage(cursor.fetchone()[0]), one])
    Item.objects.filter(pk=other).update(difficulty=5)
    findings = of_the_bank()
    assert "“stem”内容无法读出" in findings.pop(f"试题 bank.item:{one}（{bank.items[0]}）")
    assert list(findings) == [f"试题 bank.item:{other}（匹配题 {other}）"]
