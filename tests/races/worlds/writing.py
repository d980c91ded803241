"""Items of the bank, and papers made of them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from typing import Any

from assay.bank.models import (
    EnemyGroup,
    Item,
    Paper,
    PaperCopies,
    Point,
    Range,
    SecrecyAgreement,
    Specification,
)
from assay.bank.papers.acts import custody as bank_custody
from assay.bank.papers.acts import papers as bank_papers
from assay.bank.specifications import acts as bank_acts
from assay.bank.writing.acts import items as bank_items
from assay.bank.writing.acts import life as bank_life
from assay.items.row import ItemRow
from assay.items.rules import stem_digest
from assay.items.specification import PointRow
from assay.kernel import clock
from tests import factories as f
from tests.races.deeds import Deed, Pair, People, as_both, deed, world

_stems = count(1)


def sworn(people: People, *duties: str) -> Pair:
    """Two people who have promised secrecy."""
    who = people(*duties)
    for actor in who:
        SecrecyAgreement.objects.get_or_create(
            account_id=actor.account_id, year=clock.now().year, defaults={"text": "承诺", "signed_at": clock.now()}
        )
    return who


def specification(people: People) -> Specification:
    """The one of which all items are, unless deeds change it."""
    return people.kept("specification", _specification)  # type: ignore[no-any-return]


def _specification() -> Specification:
    """With one range and two points."""
    made = Specification.objects.create(occupation=f.scope_row().occupation, level=f.level(), title="示例细目表")
    of = Range.objects.create(specification=made, code="A", name="基础", weight=Decimal(100))
    for n in (1, 2):
        Point.objects.create(specification=made, range=of, code=f"A-{n:03d}", name=f"点{n}", importance="X")
    return made


def an_item(people: People, state: str, author: Pair, **fields: Any) -> Item:
    of, stem = specification(people), f"第 {next(_stems)} 题？"
    return Item.objects.create(
        **{
            "specification": of, "point": of.points.get(code="A-001"), "type": "single", "stem": stem, "key": "A",
            "stem_digest": stem_digest("single", stem), "options": ["甲", "乙"], "state": state,
            "author_id": author[0].account_id, **fields,
        }
    )  # fmt: skip


def _row(stem: str = "") -> ItemRow:
    return ItemRow("A-002", "single", 3, stem or f"新写的第 {next(_stems)} 题？", ("甲", "乙"), "B")


LIFE = ("bank.save_item", "bank.submit", "bank.review", "bank.retire", "bank.discard", "bank.assign_point")


@world("bank.save_item", "bank.submit", "bank.discard", "bank.assign_point", "bank.comment", "bank.save_enemies")
def draft_item(people: People) -> Iterator[Deed]:
    author, head = sworn(people, "R4"), sworn(people, "X4")
    of = specification(people)
    item, other = (an_item(people, "draft", author) for _ in range(2))
    writer = (author[0], author[0])
    yield deed(head, bank_items.save_item, item, _row(), of)
    yield deed(writer, bank_life.submit, [item])
    yield deed(writer, bank_life.discard, [item])
    yield deed(sworn(people, "X4"), bank_items.assign_point, [other, item], of.points.get(code="A-002"))
    yield deed(sworn(people, "X4"), bank_items.comment, item, "题干不清")
    yield deed(sworn(people, "X4"), bank_items.save_enemies, of, "近似", [item, other])


@world("bank.save_item", "bank.import_items")
def items_with_the_same_stem(people: People) -> Iterator[Deed]:
    of, row = specification(people), _row()
    yield deed(sworn(people, "R4"), bank_items.save_item, None, row, of)
    yield deed(sworn(people, "R4"), bank_items.import_items, of, [row])


@world("bank.review", "bank.save_item", "bank.comment")
def item_before_its_first_review(people: People) -> Iterator[Deed]:
    item = an_item(people, "first_review", sworn(people, "R4"))
    yield deed(sworn(people, "R4"), bank_life.review, [item], passes=True, said="pass")
    yield deed(sworn(people, "R4"), bank_life.review, [item], passes=False, text="题干不清", said="return")
    yield deed(sworn(people, "X4"), bank_items.save_item, item, _row(), item.specification)
    yield deed(sworn(people, "R4"), bank_items.comment, item, "题干不清")


@world("bank.retire", "bank.save_item", "bank.read_item", "bank.seal", "bank.set_difficulties", "bank.report_leak")
def item_in_use(people: People) -> Iterator[Deed]:
    item = an_item(people, "in_use", sworn(people, "R4"))
    paper = a_paper(people, [item])
    yield deed(sworn(people, "X4"), bank_life.retire, item, "过时")
    yield deed(sworn(people, "X4"), bank_items.save_item, item, _row(), item.specification)
    yield deed(sworn(people, "X4"), bank_items.read_item, item, "核对")
    yield deed(sworn(people, "X4"), bank_items.set_difficulties, {item.pk: 5}, source="实测")
    yield deed(sworn(people, "E7"), bank_papers.seal, paper)
    yield deed(people("E7"), bank_custody.report_leak, paper, "有人拍照")


@world("bank.save_enemies", "bank.remove_enemies", "bank.discard", "bank.dismiss_enemies")
def enemies(people: People) -> Iterator[Deed]:
    author = sworn(people, "R4")
    one, other = (an_item(people, "draft", author) for _ in range(2))
    group = EnemyGroup.objects.create(specification=one.specification, title="近似")
    group.items.set([one, other])
    group.save()
    yield deed(people("X4"), bank_items.save_enemies, one.specification, "近似", [one, other])
    yield deed(people("X4"), bank_items.remove_enemies, group)
    yield deed(people("X4"), bank_items.dismiss_enemies, one.specification, [one, other])
    yield deed(sworn(people, "X4"), bank_life.discard, [one])


def a_paper(people: People, items: list[Item], **fields: Any) -> Paper:
    content = [
        {"item": i.pk, "version": 1, "type": i.type, "mark": "100", "stem": i.stem, "options": i.options, "premises": [],
         "image": None, "key": i.key}
        for i in items
    ]  # fmt: skip
    return Paper.objects.create(
        **{
            "specification": specification(people), "title": "示例 A 卷", "minutes": 60, "content": content, "seed": next(_stems),
            "composition": [[i.pk, 1] for i in items],
            "digest": bank_papers.content_digest(content), "created_at": clock.now(),
            "sections": [{"type": "single", "count": len(items), "mark": "100"}], **fields,
        }
    )  # fmt: skip


@world("bank.seal", "bank.swap_item", "bank.print_paper", "bank.hand_out", "bank.report_leak", "bank.read_paper")
def paper_before_it_is_sealed(people: People) -> Iterator[Deed]:
    author = sworn(people, "R4")
    one, other = (an_item(people, "in_use", author) for _ in range(2))
    paper = a_paper(people, [one])
    yield deed(sworn(people, "E7"), bank_papers.seal, paper)
    yield deed(sworn(people, "E7"), bank_papers.swap_item, paper, 1, other.pk)
    yield deed(sworn(people, "E7"), bank_papers.print_paper, paper, "试卷", 30)
    yield deed(people("E7"), bank_custody.hand_out, paper, part="试卷", copies=30, to="一考场")
    yield deed(people("E8"), bank_custody.report_leak, paper, "有人拍照")
    yield deed(sworn(people, "E7"), bank_papers.read_paper, paper)


@world("bank.hand_out", "bank.take_back", "bank.report_leak")
def sealed_paper(people: People) -> Iterator[Deed]:
    paper = a_paper(people, [an_item(people, "in_use", sworn(people, "R4"))])
    paper.state = "sealed"
    paper.lock_away()
    paper.save()
    copies = PaperCopies.objects.create(
        paper=paper, part="试卷", copies=30, to="一考场", out_at=clock.now(), out_by="保管员"
    )
    yield deed(people("E7"), bank_custody.hand_out, paper, part="试卷", copies=10, to="二考场")
    yield deed(people("E7"), bank_custody.take_back, copies, used=29, unused=1)
    yield deed(people("E8"), bank_custody.report_leak, paper, "有人拍照")


@world("bank.sign_secrecy", "bank.remember_columns", "bank.install_specification", "bank.save_item")
def what_the_bank_keeps_once(people: People) -> Iterator[Deed]:
    account = f.staff("R4")
    yield deed(as_both(account, "R4"), bank_items.sign_secrecy)
    titles = ["题干", f"列{next(_stems)}"]
    yield deed(people("R4"), bank_items.remember_columns, titles, {"题干": "stem"})
    job = f"工种{next(_stems)}"
    rows = [
        PointRow("A", "", "range", "范围", Decimal(100)),
        PointRow("A-001", "A", "point", "点", None, "X"),
    ]
    yield deed(
        people("X4"), bank_acts.install_specification, occupation=people.kept("occupation", lambda: f.scope_row().occupation),
        level=f.level(), title="新细目表", rows=rows, job=job, said="new",
    )  # fmt: skip
    old = _specification()
    yield deed(
        people("X4"), bank_acts.install_specification, occupation=old.occupation, level=old.level, title=old.title, rows=rows,
    )  # fmt: skip
    yield deed(sworn(people, "R4"), bank_items.save_item, None, _row(), old)
