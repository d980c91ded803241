"""The demo item banks: specifications and items written for the demo, as CSV beside this module."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from assay.bank.models import Specification
from assay.bank.specifications.acts import install_specification
from assay.bank.writing.acts.items import import_items
from assay.catalogue.models import Level, Occupation
from assay.catalogue.parts import Part
from assay.items import sheet
from assay.items.answers import PRACTICAL, normal_key
from assay.items.row import ItemRow
from assay.items.specification import PointRow
from assay.kernel.acts import Actor

FOLDER = Path(__file__).parent / "bank"
SKILLED = "qichexiuligong"
# slug: occupation code, job ('' = all jobs of the occupation), title
BANKS: dict[str, tuple[str, str, str]] = {
    "qichexiuligong": ("4-12-01-01", "", "汽车维修工"),
    "fadongjizhuangtiaogong": ("6-22-02-01", "汽车发动机装调工", "汽车发动机装调工"),
    "putongchechuang": ("6-18-01-01", "普通车床", "普通车床"),
    "shukongchechuang": ("6-18-01-01", "数控车床", "数控车床"),
    "jixiezhitu": ("3-01-02-07", "机械工程制图", "机械工程制图"),
    "zhanwuyuan": ("4-02-01-07", "城市轨道交通站务员", "城市轨道交通站务员"),
    "xingchezhibanyuan": ("4-02-01-07", "城市轨道交通行车值班员", "城市轨道交通行车值班员"),
    "fuzhuangzhizuo": ("6-05-01-03", "服装制作工", "服装制作工"),
    "baoyushi": ("4-10-01-03", "", "保育师"),
    "wangshang": ("4-01-02-02", "网商", "网商"),
    "zhiboxiaoshouyuan": ("4-01-02-07", "直播销售员", "直播销售员"),
    "kuaijianlanshouyuan": ("4-02-07-08", "快件揽收员", "快件揽收员"),
    "kuaijianpaisongyuan": ("4-02-07-08", "快件派送员", "快件派送员"),
    "chachesiji": ("6-30-05-01", "叉车司机", "叉车司机"),
    "shouyinyuan": ("4-01-02-04", "", "收银员"),
}


def install(actor: Actor) -> dict[str, int]:
    """All banks through the acts; items by bank title."""
    level = Level.objects.get(code="4")
    return {title: _install(actor, slug, code, job, title, level) for slug, (code, job, title) in BANKS.items()}


def install_skill(actor: Actor) -> int:
    """The operation-skill tasks of the demo, all in use; how many. Papers are assembled by whoever tries them out."""
    code, job, title = BANKS[SKILLED]
    specification = install_specification(
        actor,
        occupation=Occupation.objects.get(code=code, dictionary="2015"),
        job=job,
        level=Level.objects.get(code="4"),
        part=Part.SKILL,
        title=f"{title}（四级）操作技能考核内容结构表",
        rows=points(f"{SKILLED}.skill"),
        is_demo=True,
    )
    return len(import_items(actor, specification, tasks(SKILLED), approved=True))


def _install(actor: Actor, slug: str, code: str, job: str, title: str, level: Level) -> int:
    specification: Specification = install_specification(
        actor,
        occupation=Occupation.objects.get(code=code, dictionary="2015"),
        job=job,
        level=level,
        title=f"{title}（四级）理论知识鉴定要素细目表",
        rows=points(slug),
        is_demo=True,
    )
    return len(import_items(actor, specification, items(slug), approved=True))


def points(slug: str) -> list[PointRow]:
    """The specification of a bank."""
    return [
        PointRow(
            r["code"],
            r["parent"],
            r["kind"],
            r["name"],
            Decimal(r["weight"]) if r["weight"] else None,
            r["importance"],
            int(r.get("draw") or 1),
        )
        for r in _rows(f"{slug}.points.csv")
    ]


def items(slug: str) -> list[ItemRow]:
    """The items of a bank."""
    return [
        ItemRow(
            r["point"], r["type"], int(r["difficulty"]), r["stem"], tuple(r[x] for x in "ABCDE" if r[x]),
            normal_key(r["type"], r["key"]), r["explanation"],
        )
        for r in _rows(f"{slug}.items.csv")
    ]  # fmt: skip


def tasks(slug: str) -> list[ItemRow]:
    """The operation-skill tasks of a bank: `# title`, a line of point, minutes and difficulty, what to do; then, after lines of
    dashes, points and materials as they are written on screen."""
    text = (FOLDER / f"{slug}.tasks.txt").read_text(encoding="utf-8")
    return [_task(block) for block in text.split("# ") if block.strip()]


def _task(block: str) -> ItemRow:
    said, points_said, materials_said = block.split("---\n")
    title, facts, stem = said.split("\n", 2)
    point, minutes, difficulty = facts.split()
    points, vetoes, wrong = sheet.parse_points(points_said)
    materials, missing = sheet.parse_materials(materials_said)
    if wrong or missing:
        raise ValueError(f"{title}: {wrong + missing}")
    task = {
        "title": title, "minutes": int(minutes), "form": "实操", "points": points, "vetoes": vetoes, "materials": materials,
    }  # fmt: skip
    return ItemRow(point, PRACTICAL, int(difficulty), stem.strip(), sheet=task)


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
