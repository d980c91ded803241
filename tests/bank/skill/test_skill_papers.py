"""From a task written on the page to sealed versions: marks that add up, what is short, what is printed."""

from __future__ import annotations

import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from assay.bank.models import Item, Specification
from assay.bank.papers import printing
from assay.bank.papers.acts import papers as papers_acts
from assay.bank.papers.acts import skill
from assay.bank.papers.notice import notice_pdf
from assay.bank.queries import overlaps
from assay.bank.specifications import acts
from assay.bank.writing.acts import items
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.demo import banks
from assay.items.row import ItemRow
from assay.items.specification import PointRow, drawing_problems, specification_problems
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db
ROWS = [
    PointRow("A", "", "range", "维护", Decimal(15), draw=1), PointRow("A-001", "A", "point", "发动机维护", None, "X"),
    PointRow("A-002", "A", "point", "底盘维护", None, "X"),
    PointRow("B", "", "range", "检修", Decimal(85), draw=2), PointRow("B-001", "B", "point", "检修", None, "X"),
]  # fmt: skip
FORM = {
    "title": "更换机油", "point": "A-001", "minutes": "30", "form": "实操", "difficulty": "2", "stem": "更换机油和滤清器。",
    "points": "扣分 | 防护 | 5 | 每处 1\n测量 | 力矩 | 10 | 25~35 N·m\n否定 | 未锁止", "materials": "考场 | 举升机 | 3.5 t | 台 | 1",
}  # fmt: skip


@pytest.fixture
def specification(keeper: Account) -> Specification:
    row = f.scope_row()
    return acts.install_specification(
        f.actor_with("X4"),
        occupation=row.occupation,
        level=f.level("4"),
        part="skill",
        title="示例操作技能结构表",
        rows=ROWS,
    )


def task(point: str, title: str, full: str) -> ItemRow:
    sheet = {
        "title": title, "minutes": 20, "form": "实操", "vetoes": [{"title": "违反安全规程"}],
        "points": [{"kind": "mark", "title": "操作", "full": full, "rule": "酌情"}],
        "materials": [{"side": "site", "name": f"{title}用具", "spec": "", "unit": "套", "quantity": "1", "remark": ""}],
    }  # fmt: skip
    return ItemRow(point, "practical", 3, f"完成{title}。", sheet=sheet)


def stock(specification: Specification, *tasks: ItemRow) -> list[Item]:
    return items.import_items(f.actor_with("X4"), specification, tasks, approved=True)


def test_an_expert_writes_a_task_on_the_page_and_changes_it(keeper: Account, specification: Specification) -> None:
    client = Client()
    client.force_login(keeper)
    page = client.get(f"/bank/{specification.pk}/items/add/")
    assert "A-001 发动机维护（15 分）" in page.content.decode()
    preview = client.post(f"/bank/{specification.pk}/items/preview/", FORM).content.decode()
    assert "25~35 N·m" in preview
    assert "配分合计 15.0" in preview
    made = client.post(f"/bank/{specification.pk}/items/add/", FORM)
    item = Item.objects.get(specification=specification)
    assert made.url == f"/bank/items/{item.pk}/"
    assert [p["kind"] for p in item.sheet["points"]] == ["deduct", "measure"]
    shown = client.get(f"/bank/items/{item.pk}/edit/").content.decode()
    assert "扣分 | 防护 | 5 | 每处扣 1" in shown
    client.post(f"/bank/items/{item.pk}/edit/", {**FORM, "title": "更换机油滤清器"})
    item.refresh_from_db()
    assert (item.version, item.sheet["title"]) == (2, "更换机油滤清器")
    assert item.versions.get().content["sheet"]["title"] == "更换机油"


def test_everything_wrong_with_a_task_is_said_at_once(keeper: Account, specification: Specification) -> None:
    client = Client()
    client.force_login(keeper)
    wrong = {**FORM, "points": "打分 | 防护 | 5\n测量 | 力矩 | 10 | 大概", "materials": "仓库 | 举升机", "minutes": "0"}
    page = client.post(f"/bank/{specification.pk}/items/add/", wrong).content.decode()
    assert all(said in page for said in ("第 1 行以", "第 2 行的", "第 1 行应写成", "大于或等于1"))
    off = client.post(f"/bank/{specification.pk}/items/add/", {**FORM, "points": "评分 | 操作 | 12"}).content.decode()
    assert "各评分点配分合计 12.0，按细目表 A 维护 的题应为 15 分" in off
    assert not Item.objects.exists()


def test_theory_and_skill_stay_apart(specification: Specification) -> None:
    with pytest.raises(Refused, match="不属于操作技能细目表"):
        stock(specification, ItemRow("A-001", "true_false", 3, "地球是圆的", (), "对"))
    theory = acts.install_specification(
        f.actor_with("X4"), occupation=specification.occupation, level=specification.level, title="理论", rows=ROWS
    )
    with pytest.raises(Refused, match="不属于理论知识细目表"):
        stock(theory, task("A-001", "换油", "15.0"))


def test_versions_add_up_to_a_hundred_and_share_nothing_while_they_can(
    keeper: Account, specification: Specification
) -> None:
    stock(
        specification, *[task("A-001", f"维护{n}", "15.0") for n in range(3)], *[task("B-001", f"检修{n}", "42.5") for n in range(6)]
    )  # fmt: skip
    who = actor_of(keeper)
    papers = skill.assemble_skill(who, specification, seed=5, forms="ABC")
    for paper in papers:
        assert sum(Decimal(e["mark"]) for e in paper.content) == 100
        assert sum(Decimal(p["full"]) for e in paper.content for p in e["sheet"]["points"]) == 100
        assert [p["code"] for e in paper.content for p in e["sheet"]["points"]] == ["1-1", "2-1", "3-1"]
        assert (paper.minutes, paper.deviations) == (60, [])
    used = [e["item"] for paper in papers for e in paper.content]
    assert len(set(used)) == len(used) == 9
    assert overlaps(papers[0]) == [("B", 0), ("C", 0)]
    papers_acts.seal(who, papers[0])
    assert not Item.objects.exclude(
        exposure=0, last_used=None
    ).exists()  # it would tell what stands on the sealed paper
    other = skill.assemble_skill(who, specification, seed=5)
    assert not {e["item"] for e in other[0].content} & set(papers[0].items())
    f.sat(papers[0])
    assert set(Item.objects.filter(exposure=1).values_list("pk", flat=True)) == set(papers[0].items())


def test_what_is_short_is_named(keeper: Account, specification: Specification) -> None:
    stock(specification, task("A-001", "维护", "15.0"), task("B-001", "检修", "42.5"))
    who = actor_of(keeper)
    with pytest.raises(Refused, match="B 检修：每卷抽 2 题，在用只有 1 题，还缺 1 题"):
        skill.assemble_skill(who, specification, seed=5)
    stock(specification, task("B-001", "检修二", "42.5"))
    with pytest.raises(Refused, match=r"2 套共须 2 题.*尽量接近"):
        skill.assemble_skill(who, specification, seed=5, forms="AB")
    papers = skill.assemble_skill(who, specification, seed=5, forms="AB", relaxed=True)
    assert "A 维护：2 套共须 2 题，在用 1 题，各卷有重复" in papers[0].deviations
    assert overlaps(papers[0]) == [("B", 3)]


def test_a_task_is_swapped_for_one_of_its_range_only(keeper: Account, specification: Specification) -> None:
    first, second, *rest = stock(
        specification, task("A-001", "维护一", "15.0"), task("A-002", "维护二", "15.0"),
        task("B-001", "检修一", "42.5"), task("B-001", "检修二", "42.5"),
    )  # fmt: skip
    who = actor_of(keeper)
    (paper,) = skill.assemble_skill(who, specification, seed=5)
    before, digest = paper.content[0]["item"], paper.digest
    other = second.pk if before == first.pk else first.pk
    with pytest.raises(Refused, match="只能换成范围 A"):
        skill.swap_task(who, paper, 1, rest[0].pk)
    skill.swap_task(who, paper, 1)
    paper.refresh_from_db()
    assert paper.content[0]["item"] == other
    assert paper.digest != digest
    assert paper.items()[0] == other


def test_a_specification_that_leaves_half_tenths_is_refused(specification: Specification) -> None:
    rows = [PointRow("A", "", "range", "甲", Decimal(100), draw=3), PointRow("A-001", "A", "point", "点", None, "X")]
    with pytest.raises(Refused, match="每题的分值不是一位小数"):
        acts.install_specification(
            f.actor_with("X4"),
            occupation=specification.occupation,
            level=specification.level,
            part="skill",
            title="改",
            rows=rows,
        )


def _words(pdf: bytes, folder: Path) -> str:
    (folder / "a.pdf").write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", folder / "a.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout


def test_the_notice_and_the_paper_are_printed(keeper: Account, specification: Specification, tmp_path: Path) -> None:
    stock(
        specification,
        *[task("A-001", f"维护{n}", "15.0") for n in range(2)],
        *[task("B-001", f"检修{n}", "42.5") for n in range(4)],
    )
    who = actor_of(keeper)
    papers = skill.assemble_skill(who, specification, seed=5, forms="AB")
    paper = _words(printing.paper_pdf(papers[0], "paper"), tmp_path)
    assert "试题一" in paper
    assert "42.5 分" in paper
    assert "否定项（出现则本题记 0 分）：违反安全规程。" in paper
    for one in papers:
        papers_acts.seal(who, one)
    things = skill.print_notice(who, specification)
    notice = _words(notice_pdf(specification, things), tmp_path)
    assert all(f"维护 {n} 用具" in notice for n in range(2))
    assert "考生准备（每人）" in notice


def test_the_demos_tasks_fit_the_demos_specification() -> None:
    rows = banks.points(f"{banks.SKILLED}.skill")
    assert specification_problems(rows) + drawing_problems(rows) == []
    assert len(banks.tasks(banks.SKILLED)) == 10
