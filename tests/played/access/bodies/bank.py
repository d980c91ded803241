"""What the item bank takes in."""

from __future__ import annotations

from functools import cache

from assay.bank.exchange import spool
from assay.bank.forms import ItemForm
from assay.bank.models import EnemyGroup, Item, Paper, PaperCopies, Specification
from assay.bank.specifications import book as specification_book
from assay.catalogue.models import Level
from assay.interchange import export
from tests.played.access.bodies import WITHOUT_AN_ACT, Posting, body, file, plain
from tests.played.access.rows import officer

WITHOUT_AN_ACT |= {
    "bank:item_preview": "it shows what is being written", "bank:case_preview": "it shows what is being written",
    "bank:import": "the file is put aside to be looked through; the page after it takes it in",
}  # fmt: skip
ITEM = {
    "type": "single", "difficulty": "3", "stem": "示例：热车之后先做什么（　）。", "key": "B",
    "option_A": "停机", "option_B": "检查", "option_C": "离开", "option_D": "休息",
}  # fmt: skip


def _theory() -> Specification:
    return Specification.objects.filter(part="theory", items__state="in_use").distinct().order_by("pk")[0]


def _skill() -> Specification:
    return Specification.objects.filter(part="skill").order_by("pk")[0]


def _in_use() -> list[Item]:
    return list(
        Item.objects.filter(specification=_theory(), state="in_use", type="single", case=None).order_by("pk")[:2]
    )


@cache
def _table(pk: int) -> bytes:
    return specification_book.write(Specification.objects.get(pk=pk))


@body("bank:create")
def _create() -> Posting:
    known = _theory()
    level = Level.objects.exclude(pk__in=Specification.objects.filter(occupation=known.occupation).values("level"))[0]
    given = {
        "occupation": str(known.occupation_id), "level": str(level.pk), "part": "theory", "title": "另一细目表",
        "file": file("细目表.xlsx", _table(known.pk)),
    }  # fmt: skip
    return Posting(officer("X4"), given)


@body("bank:update")
def _update() -> Posting:
    return Posting(officer("X4"), {"file": file("细目表.xlsx", _table(_theory().pk))}, {"pk": _theory().pk})


@body("bank:item_add", "bank:item_preview")
def _item() -> Posting:
    return Posting(officer("X4"), {**ITEM, "point": _theory().points.order_by("code")[0].code}, {"pk": _theory().pk})


@body("bank:case_add", "bank:case_preview")
def _case() -> Posting:
    part = {f"p1-{name}": value for name, value in ITEM.items()}
    case = {"stem": "案例：车辆不能起动。", "difficulty": "3", "point": _theory().points.order_by("code")[0].code}
    return Posting(officer("X4"), {**case, **part, "parts": ["p1"]}, {"pk": _theory().pk})


@body("bank:items_act")
def _group_of_items() -> Posting:
    return Posting(officer("X4"), {"chosen": [str(one.pk) for one in _in_use()], "title": "相近"}, {"pk": _theory().pk})


@body("bank:enemies_act")
def _accept() -> Posting:
    given = {"chosen": [str(one.pk) for one in _in_use()], "step": "accept"}
    return Posting(officer("X4"), given, {"pk": _theory().pk})


plain("bank:enemies_remove", "X4", EnemyGroup)


@body("bank:import")
def _upload() -> Posting:
    return Posting(officer("X4"), {"file": file("试题.txt", _aiken())}, {"pk": _theory().pk})


@body("bank:import_preview")
def _take_in() -> Posting:
    by, point = officer("X4"), _theory().points.order_by("code")[0].code
    token = spool.keep(by.pk, "试题.txt", _aiken(), None)
    return Posting(by, {"good_ones": "1", "point": point}, {"pk": _theory().pk, "token": token})


def _aiken() -> bytes:
    return "示例：起动之前先做什么？\nA. 检查\nB. 离开\nC. 休息\nD. 停机\nANSWER: A\n".encode()


@body("bank:export")
def _export() -> Posting:
    return Posting(officer("X4"), {"form": next(iter(export.FORMATS))}, {"pk": _theory().pk})


@body("bank:item_edit")
def _edit() -> Posting:
    values = {name: str(value) for name, value in ItemForm.values_of(_in_use()[0]).items()}
    return Posting(officer("X4"), {**values, "stem": "示例：另一道题（　）。"}, {"pk": _in_use()[0].pk})


@body("bank:item_act")
def _remark() -> Posting:
    return Posting(officer("X4"), {"step": "comment", "text": "示例意见"}, {"pk": _in_use()[0].pk})


@body("bank:secrecy")
def _promise() -> Posting:
    return Posting(officer("X4"), {"agree": "1"})


@body("bank:assemble")
def _assemble() -> Posting:
    """One version of a skill paper: quickly done, and as much an act as a theory paper."""
    return Posting(officer("X4"), {"specification": str(_skill().pk), "forms": "1", "part": "skill"})


@body("bank:notice")
def _notice() -> Posting:
    return Posting(officer("E7"), {"specification": str(_skill().pk)})


plain("bank:paper_print", "E7", Paper, part="paper", copies="30")
plain("bank:paper_copies", "E7", Paper, part="paper", copies="30", to="示例考场")
plain("bank:copies_back", "E7", PaperCopies, used="29", unused="1")
plain("bank:paper_leak", "E7", Paper, text="示例情况")
plain("bank:paper_swap", "E7", Paper, number="1")
plain("bank:seal", "E7", Paper)
